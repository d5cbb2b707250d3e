"""Proves the rows of the map in simulation: how often was what a row restored what the author wrote?

    python -m tools.curate CORPUS.jsonl.xz... [--documents 400] [--output data/simulated.tsv]

Clean documents (of the part that the language model was built from, so that the benchmarks' part
stays unseen) are spun with the map read forwards, by each family in turn, and restored with the
family told. Every edit is then compared with the original text. The output counts, by row, how often
its edits were right and how often wrong: columns family, spun, original, part, right, wrong.
``tools.merge_chapters`` writes the counts into the map ("sim 45/50") and leaves out rows that
nobody has counted in the wild and that are mostly wrong here.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.measures import Alignment
from benchmarks.simulator import INTENSITY, Simulator
from respin.inflection import paired_forms
from respin.model_builder import documents, is_held_out
from respin.restorer import Restorer
from tools.evidence import DATA

HOLD_OUT = 50  # as the shipped model was built
_LENGTH = 3000  # characters of each document
_SEED = 2026
Key = tuple[str, str, str, str]  # family, spun, original, part


def excerpts(paths: list[Path], count: int) -> Iterator[str]:
    """The beginnings of documents, evenly from all corpora, none of the held-out part."""
    for path in paths:
        texts = (
            text[:_LENGTH]
            for number, text in enumerate(documents(path))
            if not is_held_out(number, HOLD_OUT) and number % 7 == 0 and len(text) > 600
        )
        yield from islice(texts, count)


def prove(restorer: Restorer, family: str, texts: list[str]) -> tuple[Counter[Key], Counter[Key]]:
    """Right and wrong edits by row, of one family's spins of the texts."""
    rows: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for row in restorer.rows:
        if row.family == family:
            for pair in paired_forms(row.spun, row.original, row.part):
                rows[pair].append((family, row.spun, row.original, row.part))
    simulator = Simulator(restorer.rows, family, set(restorer.model.words))
    told = Restorer(restorer.maps, restorer.model_path, family=family)
    chance = random.Random(_SEED)
    spins = [simulator.spin(text, INTENSITY, chance)[0] for text in texts]
    right: Counter[Key] = Counter()
    wrong: Counter[Key] = Counter()
    for spun, text, result in zip(spins, texts, told.restore_many(spins), strict=True):
        alignment = Alignment(spun, text)
        for edit in result.edits:
            counts = right if alignment.is_right(edit) else wrong
            counts.update(rows.get((edit.spun.lower(), edit.original.lower()), ()))
    return right, wrong


def main() -> None:
    """Prove all families' rows and write the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--documents", type=int, default=400, help="documents of each corpus")
    parser.add_argument("--output", type=Path, default=DATA / "simulated.tsv")
    options = parser.parse_args()
    restorer = Restorer()
    texts = list(excerpts(options.corpora, options.documents))
    lines = []
    for family in restorer.index.families:
        right, wrong = prove(restorer, family, texts)
        for key in sorted(right.keys() | wrong.keys()):
            lines.append("\t".join([*key, str(right[key]), str(wrong[key])]))
        made, hit = right.total() + wrong.total(), right.total()
        print(f"{family}: {made} edits, {hit / max(made, 1):.1%} right", flush=True)
    header = "family\tspun\toriginal\tpart\tright\twrong"
    options.output.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
