"""Counts the notes of a reader who wrote swaps down while reading spun pages.

    python -m tools.notes NOTES.txt... --output FACTS.tsv

Notes are the quickest way from pages without a known original to facts, and no text is kept:

    # news judged https://example.org/page
    safety|security
    within the|in the

A heading names the family, "judged" (the original is inferred) or "aligned" (it was seen) and the page; each
line under it is one swap, once for every time it stands there. A page that is headed twice counts once.
What is seldom a spinner's work is left out as in :mod:`tools.align_pair`. Read the facts, then add
them with ``python -m tools.align_pair --add FACTS.tsv``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from respin.errors import DataFileError
from respin.learning import words_of
from tools import evidence
from tools.align_pair import known_swaps, plausible_facts

_HEADING = "a page is headed '# family judged|aligned address'"
_SWAP = "a swap is 'spun|original'"


def read(paths: Iterable[Path]) -> list[evidence.Fact]:
    """The swaps of some files, added up; raises :class:`respin.errors.DataFileError` at a line that is none."""
    found: list[evidence.Fact] = []
    seen: set[str] = set()
    for path in paths:
        for address, family, aligned, swaps in _pages(path):
            if address not in seen:
                found += evidence.of_page(family, swaps, aligned)
            seen.add(address)
    return evidence.added_up(found)


def _pages(path: Path) -> Iterator[tuple[str, str, bool, Counter[tuple[str, str]]]]:
    """Address, family, whether aligned, and swaps of each page of a file."""
    page = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            if page:
                yield page
            family, kind, address, *_ = [*line[1:].split(), "", "", ""]
            if kind not in ("judged", "aligned") or not address:
                raise DataFileError(path, "no heading of a page", _HEADING, line=number)
            page = address, family, kind == "aligned", Counter[tuple[str, str]]()
        elif line.strip():
            spun, bar, original = (" ".join(words_of(part)) for part in line.partition("|"))
            if not page or not bar:
                raise DataFileError(path, "no swap", _SWAP if page else _HEADING, line=number)
            if spun and original and spun != original:
                page[3][spun, original] += 1
    if page:
        yield page


def main() -> None:
    """Write the facts of notes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    noted = read(options.files)
    facts = plausible_facts(noted, known_swaps())
    evidence.write(facts, options.output)
    print(f"{len(facts)} facts of {len(noted)} noted written to {options.output}")


if __name__ == "__main__":
    main()
