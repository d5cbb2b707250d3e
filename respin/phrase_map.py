"""Reading and checking the phrase map, ``data/phrase_map.tsv``.

A tab-separated UTF-8 file with LF line ends, this header line, and one row for each way in which a
spinner family writes a phrase; sorted by the first four columns::

    spun  original  family  part  weight  evidence  condition

spun, original   lower-case phrases: what the spinner writes, what the author wrote
family           the word list that does so ("news", "academic", ...; see data/families.tsv)
part             n, v, a or x: which forms the row stands for (:mod:`respin.inflection`)
weight           P(spun | original), the share of the original's uses that this family's table turns
                 into this phrase, 0 < weight <= 1; over all phrases of one original at most 1
evidence         "wild 12" (counted 12 times in real spun pages; repeats on a page count less), "known" (written from
                 knowledge of the family), "learned" (found by expectation-maximisation);
                 then, where measured, "sim 45/50" (right 45 of 50 times in simulation) and
                 "real 14/11.3" (on real pages right 14 times, where the decoder expected it 11.3 times)
condition        empty, or where the row may be used: see :class:`Condition`

Lines that start with ``#`` are chapter headings and comments.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from respin.errors import DataFileError
from respin.inflection import PARTS_OF_SPEECH
from respin.text import tokenise

COLUMNS = ("spun", "original", "family", "part", "weight", "evidence", "condition")
MAX_PHRASE_WORDS = 8
MAX_BYTES = 512 << 20  # a larger map is refused: it would not fit the memory that we promise
_FAMILY = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_EVIDENCE = re.compile(
    r"(?:wild \d+|known|learned|imported)(?: (?:wild \d+|known|learned|sim \d+/\d+|real [\d.]+/[\d.]+))*\Z"
)
_CONDITION = re.compile(r"(all|any|none|near\d{1,2}):(.+)\Z")


@dataclass(frozen=True, slots=True)
class Condition:
    """Where a row may be used. The small language, parts joined by ``;``, all of which must hold:

    ``all:breast,cancer``  all these words stand in the document (outside the phrase itself)
    ``any:cell,tumor``     at least one of them does
    ``none:bank,loan``     none of them does
    ``near5:surface``      one of them stands within 5 tokens of the phrase

    A word may also be a phrase of several ("all:surface area").
    """

    kind: str
    words: tuple[str, ...]
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the phrase map, with the line where it stands."""

    spun: str
    original: str
    family: str
    part: str
    weight: float
    evidence: str
    condition: str = ""
    line: int = 0

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.spun, self.original, self.family, self.part

    def to_line(self) -> str:
        """The row as it stands in the file, without the line end."""
        weight = f"{self.weight:.4f}".rstrip("0").rstrip(".")
        return "\t".join([*self.key, weight or "0.0001", self.evidence, self.condition])


def parse_condition(text: str) -> tuple[Condition, ...]:
    """Conditions of a row; raises ValueError with what is wrong.

    >>> parse_condition("near3:surface;none:bank")[0].distance
    3
    """
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = _CONDITION.match(part)
        if not match:
            raise ValueError(f"condition {part!r} is not all:, any:, none: or nearN: with words")
        words = tuple(word.strip() for word in match[2].split(",") if word.strip())
        if not words:
            raise ValueError(f"condition {part!r} names no word")
        kind = match[1].rstrip("0123456789")
        distance = match[1].removeprefix(kind)
        found.append(Condition(kind, words, int(distance or 0)))
    return tuple(found)


def read(path: str | Path) -> list[Row]:
    """All rows of a map file. Raises :class:`DataFileError` at the first line that is wrong."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataFileError(path, "larger than 512 MB", "Split the map")
        data = path.read_bytes()
    except OSError as error:
        raise DataFileError(
            path, f"cannot be read ({error.strerror})", "Name an existing phrase map"
        ) from None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataFileError(path, "not UTF-8", "Save the map as UTF-8", line) from None
    return list(parse(text, path))


def parse(text: str, path: str | Path = "<map>") -> Iterator[Row]:
    """Rows of a map given as text; see :func:`read`."""
    lines = text.split("\n")
    if lines[0].lstrip("\ufeff").rstrip("\r").split("\t") != list(COLUMNS):
        raise DataFileError(
            path, "the header line is missing", f"Begin with: {'<tab>'.join(COLUMNS)}", 1
        )
    for number, line in enumerate(lines[1:], 2):
        line = line.rstrip("\r")
        if line and not line.startswith("#"):
            yield _row(line, number, path)


def is_family_name(name: str) -> bool:
    """Whether a family can be called so."""
    return _FAMILY.match(name) is not None


def is_too_long(phrase: str) -> bool:
    """Whether a phrase has more tokens than the search can hold; marks and 's count as tokens."""
    if phrase.count(" ") >= MAX_PHRASE_WORDS:
        return True
    return not phrase.replace(" ", "").isalpha() and len(tokenise(phrase)) > MAX_PHRASE_WORDS


def _row(line: str, number: int, path: str | Path) -> Row:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise DataFileError(
            path, f"{len(cells)} columns where {len(COLUMNS)} belong",
            "Separate the columns by single tabs", number,
        )  # fmt: skip
    spun, original, family, part, weight, evidence, condition = cells
    column = 1

    def fail(problem: str, remedy: str, cell: int) -> DataFileError:
        place = sum(len(value) + 1 for value in cells[:cell]) + column
        return DataFileError(path, problem, remedy, number, place)

    for cell, phrase in enumerate((spun, original)):
        if not phrase.strip():
            raise fail(f"the {COLUMNS[cell]} phrase is empty", "Fill it in or delete the row", cell)
        if phrase != phrase.strip() or "  " in phrase:
            raise fail("spaces at the ends or two in a row", "Remove them", cell)
        if phrase != phrase.lower():
            raise fail(f"{phrase!r} is not lower case", "Case comes from the text", cell)
        if is_too_long(phrase):
            problem = f"more than {MAX_PHRASE_WORDS} words and marks"
            raise fail(problem, "Shorten the phrase", cell)
    if spun == original:
        raise fail("the spun phrase is the original", "Delete the row", 1)
    if not is_family_name(family):
        raise fail(f"family {family!r}", "Use lower-case letters, digits and hyphens", 2)
    if part not in PARTS_OF_SPEECH:
        raise fail(f"part {part!r}", "Use n, v, a or x", 3)
    try:
        number_weight = float(weight)
    except ValueError:
        number_weight = 0.0
    if not 0 < number_weight <= 1:
        raise fail(f"weight {weight!r}", "Use a number above 0 and at most 1", 4)
    if not _EVIDENCE.match(evidence):
        raise fail(f"evidence {evidence!r}", 'Use "wild N", "known" or "learned"', 5)
    try:
        parse_condition(condition)
    except ValueError as error:
        raise fail(str(error), "See Condition in respin/phrase_map.py", 6) from None
    return Row(spun, original, family, part, number_weight, evidence, condition, number)


def lint(rows: Iterable[Row]) -> list[str]:
    """What a reader of the file would object to beyond a wrong line: order, doubles, weights.

    Returns messages that begin with the line number; an empty list is a sound map.
    """
    messages = []
    before: Row | None = None
    totals: dict[tuple[str, str, str], float] = {}
    weights: dict[tuple[str, str, str], float] = {}
    for row in rows:
        if before is not None and row.key == before.key:
            messages.append(f"{row.line}: the same row stands at line {before.line}")
        elif before is not None and row.key < before.key:
            messages.append(f"{row.line}: not sorted ({row.spun!r} after {before.spun!r})")
        before = row
        place = (row.original, row.family, row.part)
        totals[place] = totals.get(place, 0.0) + row.weight
        weights[row.spun, row.original, row.family] = row.weight
    for (original, family, part), total in totals.items():
        if total > 1.001:
            messages.append(
                f"0: weights of {original!r} ({part}) in {family} add up to {total:.3f}"
            )
    for (spun, original, family), weight in weights.items():
        if spun < original and weights.get((original, spun, family)) == weight == 1:
            messages.append(f"0: {spun!r} and {original!r} always turn into each other in {family}")
    return messages


def write(path: str | Path, rows: Iterable[Row], comment: str = "") -> None:
    """Write rows, sorted, doubles merged (the heavier stays), as a map file, all at once.

    Raises DataFileError if the file cannot be written.
    """
    best: dict[tuple[str, str, str, str], Row] = {}
    for row in rows:
        known = best.get(row.key)
        if known is None or known.weight < row.weight:
            best[row.key] = replace(row, line=0)
    lines = ["\t".join(COLUMNS)] + [f"# {line}" for line in comment.splitlines()]
    lines += [best[key].to_line() for key in sorted(best)]
    path = Path(path)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write("\n".join(lines) + "\n")
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        raise DataFileError(
            path, f"cannot be written ({error.strerror})", "Choose another place"
        ) from None
