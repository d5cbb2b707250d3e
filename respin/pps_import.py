"""Reads the public list of tortured phrases (columns query, expected, papers) into map rows.

A query is written in a small search language: ``"phrase"``, bare words, ``AND``, ``OR``, ``NOT``,
parentheses, and ``"words"~k`` for words within k of each other. The first phrase is what the paper
writes; the rest becomes the row's condition. A correction is cleaned of remarks ("(roi)", "???"), and
of several, divided by "/" or "or", each becomes a row. What cannot be used is left out and named.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from respin.errors import DataFileError
from respin.phrase_map import MAX_PHRASE_WORDS, Row

FAMILY = "academic"
# Weight of an imported row: the list's phrases are sure, their share of an original's uses is small.
WEIGHT = 0.2
_COLUMNS = ("query", "expected")
_TOKEN = re.compile(r'"([^"]*)"(?:~(\d+))?|\(|\)|[^\s()"]+')
_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of the list that became no row, or not all of what it says, and why."""

    line: int
    query: str
    reason: str


def read_list(path: Path) -> tuple[list[Row], list[LeftOut]]:
    """Rows and what was left out. Comma- or tab-separated, by the header line; quotes doubled as in
    CSV. Raises :class:`DataFileError` if the columns are not there."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(path, f"cannot be read ({error})", "Give a UTF-8 file") from None
    header, _, _ = text.partition("\n")
    tab = "\t" in header
    # A tab-separated export has bare quotes; a comma-separated one doubles them.
    lines = text.splitlines()
    reader = csv.reader(
        lines, delimiter="\t" if tab else ",", quoting=csv.QUOTE_NONE if tab else csv.QUOTE_MINIMAL
    )
    names = [name.strip().lower() for name in next(reader, [])]
    if not set(_COLUMNS) <= set(names):
        raise DataFileError(
            path, "no columns query and expected", "Export the list with its header line", 1
        )
    places = [names.index(name) for name in _COLUMNS]
    rows: dict[tuple[str, str, str, str], Row] = {}
    left_out: list[LeftOut] = []
    for cells in reader:
        if len(cells) <= max(places):
            continue
        query, expected = (cells[place].strip() for place in places)
        for item in _convert(query, expected, reader.line_num):
            if isinstance(item, Row):
                rows.setdefault(item.key, item)
            else:
                left_out.append(item)
    uses: dict[str, int] = {}
    for row in rows.values():
        uses[row.original] = uses.get(row.original, 0) + 1
    # All phrases of one original together must not weigh more than 1.
    shared = [
        replace(row, weight=min(row.weight, 0.999 / uses[row.original])) for row in rows.values()
    ]
    return shared, left_out


def _convert(query: str, expected: str, line: int) -> Iterator[Row | LeftOut]:
    corrections = clean_correction(expected)
    if not corrections:
        yield LeftOut(line, query, f"no usable correction in {expected!r}")
        return
    try:
        phrases, condition, note = parse_query(query)
    except ValueError as error:
        yield LeftOut(line, query, str(error))
        return
    if note:
        yield LeftOut(line, query, note)
    for phrase in phrases:
        if phrase.count(" ") >= MAX_PHRASE_WORDS:
            yield LeftOut(line, query, f"more than {MAX_PHRASE_WORDS} words")
            continue
        for correction in corrections:
            if correction == phrase:
                yield LeftOut(line, query, "the phrase is its own correction")
            else:
                weight = WEIGHT / len(corrections)
                yield Row(phrase, correction, FAMILY, "x", weight, "imported", condition, line)


def clean_correction(text: str) -> list[str]:
    """Corrections that can be put into a text.

    >>> clean_correction("region of interest (roi)"), clean_correction("???")
    (['region of interest'], [])
    >>> clean_correction("noise / background noise")
    ['noise', 'background noise']
    """
    text = _REMARK.sub(" ", text.replace("’", "'").replace('"', " "))
    found = []
    for part in re.split(r"\s*(?:/|\bor\b|;|,(?=\s))\s*", text):
        phrase = " ".join(part.lower().split()).strip(" .:-–")
        if not phrase or any(mark in phrase for mark in "?!<>=|()[]{}…") or "..." in phrase:
            continue
        if len(phrase.split()) <= MAX_PHRASE_WORDS and any(map(str.isalpha, phrase)):
            found.append(phrase)
    return list(dict.fromkeys(found))


def parse_query(query: str) -> tuple[list[str], str, str]:
    """(phrases, condition, note) of a query; raises ValueError with what is not understood.

    >>> parse_query('"surface region" AND "surface area"')
    (['surface region'], 'all:surface area', '')
    >>> parse_query('"bosom" OR "busom" NOT "bank"')
    (['bosom', 'busom'], 'none:bank', '')
    """
    tokens = list(_TOKEN.finditer(query.replace("“", '"').replace("”", '"').replace('""', '"')))
    if not tokens:
        raise ValueError("the query is empty")
    phrases: list[str] = []
    groups: list[tuple[str, list[str]]] = []  # (all, any or none; words)
    note = ""
    operator, depth, joined = "", 0, False
    for match in tokens:
        token = match[0]
        if token == "(":
            depth += 1
            if operator:
                groups.append(("none" if operator == "NOT" else "any", []))
                joined = True
            continue
        if token == ")":
            depth -= 1
            joined = False
            operator = ""
            continue
        if token.upper() in ("AND", "OR", "NOT"):
            operator = "NOT" if operator == "AND" and token.upper() == "NOT" else token.upper()
            continue
        phrase = " ".join((match[1] if match[1] is not None else token).lower().split())
        if not phrase or any(mark in phrase for mark in "*?~:;|,"):
            raise ValueError(f"{token!r} is no plain phrase")
        if match[2]:
            note = f"the words of {phrase!r} may stand apart (~{match[2]}): only the phrase is kept"
        if joined:
            groups[-1][1].append(phrase)
            if operator == "AND" and len(groups[-1][1]) > 1 and groups[-1][0] == "any":
                groups[-1] = ("all", groups[-1][1])
        elif not phrases or (operator == "OR" and not groups):
            phrases.append(phrase)
        elif operator == "OR":
            kind, words = groups[-1]
            groups[-1] = ("any" if kind == "all" else kind, [*words, phrase])
        else:
            groups.append(("none" if operator == "NOT" else "all", [phrase]))
        operator = ""
    if depth:
        raise ValueError("the parentheses do not match")
    merged: dict[str, list[str]] = {}
    parts = []
    for kind, words in groups:
        if kind == "any":
            parts.append(f"any:{','.join(words)}")
        else:
            merged.setdefault(kind, []).extend(words)
    parts += [f"{kind}:{','.join(words)}" for kind, words in merged.items()]
    return phrases, ";".join(part for part in parts if not part.endswith(":")), note
