"""Reading data/evidence.tsv: what was counted in real spun pages.

Columns: family, spun, original, count (occurrences), pages (on how many), evidence ("aligned": seen
beside the original text at least once; "judged": the original was inferred by a careful reader).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

HEADER = "family\tspun\toriginal\tcount\tpages\tevidence"
DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Fact:
    """One substitution as counted."""

    family: str
    spun: str
    original: str
    count: int
    pages: int
    aligned: bool

    @property
    def sightings(self) -> float:
        """What the count is worth: a word that comes up again on a page is no new draw of the
        spinner's, nor a new topic (words come in bursts, Church & Gale 1995). The geometric mean of count and
        pages: of 11 rewriter pages' errors it removes 72.5 % where the count removes 71.3, of news 0.1 more."""
        return math.sqrt(self.count * self.pages)

    def line(self) -> str:
        """The fact as a line of the file."""
        kind = "aligned" if self.aligned else "judged"
        cells = (self.family, self.spun, self.original, str(self.count), str(self.pages), kind)
        return "\t".join(cells)


def read(path: Path = DATA / "evidence.tsv") -> list[Fact]:
    """All facts of the file."""
    with open(path, encoding="utf-8", newline="") as file:
        return [
            Fact(
                row["family"], row["spun"], row["original"],
                int(row["count"]), int(row["pages"]), row["evidence"] == "aligned",
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]  # fmt: skip


def of_page(family: str, swaps: Mapping[tuple[str, str], int], aligned: bool) -> list[Fact]:
    """The facts of one page, from the number of its (spun, original) swaps."""
    return [Fact(family, a, b, count, 1, aligned) for (a, b), count in swaps.items()]


def added_up(facts: Iterable[Fact]) -> list[Fact]:
    """Facts of one substitution made one: counts and pages added, aligned if one of them is."""
    merged: dict[tuple[str, str, str], Fact] = {}
    for fact in facts:
        key = (fact.family, fact.spun, fact.original)
        known = merged.get(key)
        if known:
            fact = Fact(
                *key, fact.count + known.count, fact.pages + known.pages,
                fact.aligned or known.aligned,
            )  # fmt: skip
        merged[key] = fact
    return list(merged.values())


def write(facts: list[Fact], path: Path = DATA / "evidence.tsv") -> None:
    """Write facts sorted, doubles added up."""
    found = sorted(added_up(facts), key=lambda fact: (fact.family, fact.spun, fact.original))
    lines = [HEADER, *(fact.line() for fact in found)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
