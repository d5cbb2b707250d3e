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
from collections.abc import Iterable
from pathlib import Path

from respin.errors import DataFileError
from respin.learning import words_of
from tools import evidence
from tools.align_pair import known_swaps, plausible_facts

_HEADING = "a page is headed '# family judged|aligned address'"
_SWAP = "a swap is 'spun|original'"


def read(paths: Iterable[Path]) -> list[evidence.Fact]:
    """The swaps of some files, added up; raises :class:`respin.errors.DataFileError` at a line that is none."""
    found: dict[tuple[str, str, str], evidence.Fact] = {}
    seen: set[str] = set()
    for path in paths:
        family, aligned, counts = "", False, False
        on_page: set[tuple[str, str, str]] = set()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            if line.startswith("#"):
                cells = line[1:].split()
                if len(cells) < 3 or cells[1] not in ("judged", "aligned"):
                    raise DataFileError(path, "no heading of a page", _HEADING, line=number)
                family, aligned, address = cells[0], cells[1] == "aligned", cells[2]
                counts = address not in seen
                seen.add(address)
                on_page = set()
                continue
            spun, bar, original = line.partition("|")
            if not bar or not family:
                raise DataFileError(path, "no swap", _SWAP if family else _HEADING, line=number)
            key = (family, " ".join(words_of(spun)), " ".join(words_of(original)))
            if not counts or not all(key) or key[1] == key[2]:
                continue
            before = found.get(key, evidence.Fact(*key, 0, 0, False))
            found[key] = evidence.Fact(
                *key,
                before.count + 1,
                before.pages + (key not in on_page),
                aligned or before.aligned,
            )
            on_page.add(key)
    return list(found.values())


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
