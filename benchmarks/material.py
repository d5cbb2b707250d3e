"""What the benchmarks run on: held-out clean documents, the seed article, pairs of our own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from respin.model_builder import documents, is_held_out

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
HOLD_OUT = 50  # as the shipped model was built
_KINDS = ("encyclopaedia", "government", "science", "medicine")


def corpora(folder: Path = SHARED / "corpora") -> dict[str, list[Path]]:
    """Corpus files by kind of text (the first word of their names)."""
    found: dict[str, list[Path]] = {kind: [] for kind in _KINDS}
    for path in sorted(folder.glob("*.jsonl.xz")):
        found.setdefault(path.name.partition("_")[0], []).append(path)
    return {kind: paths for kind, paths in found.items() if paths}


def held_out(paths: list[Path], every: int = HOLD_OUT) -> Iterator[str]:
    """Held-out documents of some corpus files, taken in turns."""
    streams = [
        (text for number, text in enumerate(documents(path)) if is_held_out(number, every))
        for path in paths
    ]
    while streams:
        for stream in list(streams):
            text = next(stream, None)
            if text is None:
                streams.remove(stream)
            else:
                yield text


def excerpts(paths: list[Path], count: int, characters: int = 2500) -> list[str]:
    """The beginnings (whole paragraphs, about ``characters`` long) of held-out documents."""
    found = []
    for text in held_out(paths):
        if len(text) < 600:
            continue
        piece = text[:characters]
        if len(text) > characters and "\n" in piece[400:]:
            piece = piece[: piece.rindex("\n")]
        found.append(piece)
        if len(found) >= count:
            break
    return list(islice(found, count))


def seed() -> tuple[str, str] | None:
    """The seed article and its original as far as the gold rows tell; None without shared files."""
    folder = SHARED / "seed"
    if not folder.exists():
        return None
    spun = (folder / "article.txt").read_text(encoding="utf-8")
    original = spun
    place = 0
    with open(folder / "gold.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            place = original.index(row["spun"], place)
            original = original[:place] + row["original"] + original[place + len(row["spun"]) :]
    return spun, original


def own_pairs(path: Path = ROOT / "benchmarks" / "pairs.tsv") -> list[tuple[str, str, str]]:
    """(family, spun, original): passages that we wrote and spun by hand."""
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["family"], row["spun"], row["original"]) for row in rows]
