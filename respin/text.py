"""Text to tokens, with offsets into the input.

The first room of the way: a string comes in, a :class:`Tokens` goes out. Nothing here knows a
dictionary or a model. Offsets are code points of the *input*; the input is never changed, only
read, so that every later edit can be applied to the very characters that the user gave.

A token is a word (inner hyphens and apostrophes belong to it; a possessive ``'s`` is a token of its
own), a number, or one other character that is not white space:

>>> [token for token in tokenise("Japan's e-mail rose 2.5 %.").raw]
['Japan', "'s", 'e-mail', 'rose', '2.5', '%', '.']
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Characters that stand inside words without being seen: soft hyphen, zero-width space and joiners,
# word joiner, byte-order mark. Text that dodges filters carries them; so does text out of PDFs.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_APOSTROPHE = "'\u2019\u02bc\u2018"
_HYPHEN = "-\u2010\u2011"
_MARKS = "\u0300-\u036f"

# Every piece begins with the white space before its token, so that the pieces add up to the text.
_ASCII_TOKEN = re.compile(
    r"\s*(?:[A-Za-z]+(?:-[A-Za-z]+)*(?:'(?![sS]\b)[A-Za-z]+)?"
    r"|(?<=[A-Za-z])'[sS]\b"
    r"|[0-9]+(?:[.,][0-9]+)*(?:[A-Za-z]+)?"
    r"|\S)|\s+"
)
_LETTERS = rf"(?:[^\W\d_]+[{_MARKS}{INVISIBLE}]*)+"
_ANY_TOKEN = re.compile(
    rf"\s*(?:{_LETTERS}(?:[{_HYPHEN}]{_LETTERS})*(?:[{_APOSTROPHE}](?![sS]\b){_LETTERS})?"
    rf"|(?<=[^\W\d_])[{_APOSTROPHE}][sS]\b"
    rf"|\d+(?:[.,]\d+)*(?:{_LETTERS})?"
    r"|\S)|\s+"
)
# "U.S.", "p.c", "e.g.": single letters with dots between them are one token.
_ABBREVIATION = re.compile(
    r"\b(?:[A-Za-z]\.){2,}|\b[A-Za-z]\.[A-Za-z]\b(?!\.?\w)|\b[A-Za-z]\.[Oo][Kk](?:ay)?\b\.?"
)
_INNER_DOT = re.compile(r"\.(?=[A-Za-z])")  # begins with a literal, so the search for it is fast
# A word that the typesetter broke at the end of a line: "eco-\nnomic".
_LINE_HYPHEN = re.compile(rf"[{_HYPHEN}](?=[\r\n])")
_LINE_BREAK = re.compile(rf"(?<=[a-z])[{_HYPHEN}]\r?\n[ \t]*(?=[a-z])")

# Case of a token, kept apart from its word so that the dictionary is case-free.
LOWER, CAPITALISED, UPPER, MIXED, UNCASED = range(5)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text: ``raw``, the tokens themselves, and ``starts``/``ends`` (int64, one a
    token), their offsets in code points, so that ``text[starts[i]:ends[i]] == raw[i]``."""

    text: str
    raw: list[str]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.raw)


def tokenise(text: str) -> Tokens:
    """Cut ``text`` (any Unicode string) into tokens.

    Linear in the length of the text. The pieces that one regular expression finds add up to
    the text, so offsets are running sums of lengths, not match objects. This is the definition of
    a token; :mod:`respin.scanner` does the same for many texts at once.
    """
    pattern = _ASCII_TOKEN if text.isascii() else _ANY_TOKEN
    cuts = _units(text)
    pieces = _pieces_around(text, cuts, pattern) if cuts else pattern.findall(text)
    if pieces and pieces[-1].isspace():
        pieces.pop()
    raw = list(map(str.lstrip, pieces))
    ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))
    return Tokens(text, raw, ends - np.fromiter(map(len, raw), np.int64, len(raw)), ends)


def _units(text: str) -> list[tuple[int, int]]:
    """Where abbreviations and words broken over lines stand: tokens that the plain pattern would
    cut. Both are rare, so they are looked for by the full stop and the hyphen inside them."""
    cuts: list[tuple[int, int]] = []
    here = 0
    for dot in _INNER_DOT.finditer(text):
        start = dot.start() - 1
        if start < here:
            continue
        found = abbreviation_at(text, start)
        if found:
            cuts.append(found)
            here = found[1]
    broken = [broken_word_at(text, hyphen.start()) for hyphen in _LINE_HYPHEN.finditer(text)]
    return without_overlap(cuts, [found for found in broken if found])


def without_overlap(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Spans of both lists, sorted; of two that overlap, the one that begins first."""
    if not other:
        return one
    kept: list[tuple[int, int]] = []
    for start, end in sorted(one + other):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def broken_word_at(text: str, hyphen: int) -> tuple[int, int] | None:
    """Start and end of the word that is broken over two lines at ``hyphen``, if one is."""
    match = _LINE_BREAK.match(text, hyphen)
    if not match:
        return None
    start, end = match.span()
    while start and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return start, end


def abbreviation_at(text: str, start: int) -> tuple[int, int] | None:
    """Start and end of the abbreviation ("U.S.") that begins at ``start``, if one does."""
    match = _ABBREVIATION.match(text, start)
    return match.span() if match else None


def _pieces_around(text: str, cuts: list[tuple[int, int]], pattern: re.Pattern[str]) -> list[str]:
    """Pieces of the text in which the cut-out units stay whole."""
    pieces: list[str] = []
    here = 0
    for start, end in cuts:
        if start < here:
            continue
        while start > here and text[start - 1].isspace():
            start -= 1
        pieces += pattern.findall(text, here, start)
        pieces.append(text[start:end])
        here = end
    pieces += pattern.findall(text, here)
    return pieces


# Letters of other scripts that look like Latin ones; written into words to dodge filters.
_LOOK_ALIKES = str.maketrans(
    "аеорсхуіјѕԁԛԝһӏАВЕЅІЈКМНОРСТХУ" + "οανικρτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcxyijsdqwhlABESIJKMHOPCTXY" + "oavikptuABEZHIKMNOPTYX",
)
_PLAIN = str.maketrans(
    dict.fromkeys(_APOSTROPHE, "'")
    | dict.fromkeys(_HYPHEN, "-")
    | dict.fromkeys(INVISIBLE)
    | dict.fromkeys("“”„«»″", '"')
    | dict.fromkeys("‒–—―", "-")
)


def case_of(raw: str) -> int:
    """LOWER, CAPITALISED, UPPER (two letters or more), MIXED, or UNCASED (no letters)."""
    if raw.islower():
        return LOWER
    if raw.isupper():
        return UPPER if sum(map(str.isalpha, raw)) > 1 else CAPITALISED
    if not any(map(str.isalpha, raw)):
        return UNCASED
    return CAPITALISED if raw[:1].isupper() and raw[1:].islower() else MIXED


def normalise(raw: str) -> str:
    """The word behind one token: lower case, plain quotes and hyphens, no invisible characters,
    ligatures opened, look-alike letters of other scripts put back, a line-break hyphen taken out.

    >>> normalise("ﬁn\\u00adance"), normalise("есonomy"), normalise("eco-\\nnomic")
    ('finance', 'economy', 'economic')
    """
    if raw.isascii():
        word = raw.lower()
    else:
        word = unicodedata.normalize("NFKC", raw.translate(_PLAIN)).translate(_PLAIN)
        if any("a" <= letter <= "z" for letter in word.lower()):
            word = word.translate(_LOOK_ALIKES)
        word = word.lower()
    if "\n" in word:
        word = re.sub(r"-\s+", "", word)
    if "." in word and len(word) > 1 and word[0].isalpha():
        word = word.rstrip(".")
    return word


# What no edit may touch: (a character or two without which the pattern cannot match, pattern).
# Ordinary prose lacks most of these characters, so most patterns never run.
_PROTECTED = [
    ("://", re.compile(r"(?:https?|ftp)://[^\s<>\"]+", re.IGNORECASE)),
    ("www.", re.compile(r"www\.[^\s<>\"]+")),
    ("@", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\w@])@\w+")),
    ("#", re.compile(r"(?<![\w#])#\w+")),
    ("`", re.compile(r"```.*?```|``[^`\n]+``|`[^`\n]+`", re.DOTALL)),
    ("/", re.compile(r"(?<![\w.])(?:~|\.{1,2})?/[\w.-]+(?:/[\w.-]+)+/?")),
    ("\\", re.compile(r"\b[A-Za-z]:\\[^\s\"<>|]+")),
]
_NAME_ENDING = re.compile(
    r"(?<=\w)\.(?:com|org|net|gov|edu|io|co|uk|au|html?|pdf|txt|md|py|js|json|csv|xml)\b[/\w.-]*"
)
_UNIT = re.compile(
    r"\d\s?(?:kg|g|mg|km|m|cm|mm|nm|lb|oz|ft|mph|kWh|MW|GW|Hz|GHz|MHz|GB|MB|TB|ml|l|bn|mn|k|K|M)\b"
)
_NAME_CHARACTERS = frozenset("-_.")


def protected_spans(text: str) -> list[tuple[int, int]]:
    """Stretches (start, end) in code points that no edit may touch: addresses, e-mail, handles,
    file paths and names, code in back-quotes, numbers with units. Sorted, without overlap."""
    spans = [
        match.span()
        for hint, pattern in _PROTECTED
        if hint in text
        for match in pattern.finditer(text)
    ]
    if "." in text:
        for match in _NAME_ENDING.finditer(text):
            start = match.start()
            while start and (text[start - 1].isalnum() or text[start - 1] in _NAME_CHARACTERS):
                start -= 1
            spans.append((start, match.end()))
    for match in _UNIT.finditer(text):
        start = match.start()
        while start and (text[start - 1].isdigit() or text[start - 1] in ".,"):
            start -= 1
        spans.append((start, match.end()))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def protected_tokens(tokens: Tokens) -> NDArray[np.bool_]:
    """True for each token that overlaps a protected span."""
    mask = np.zeros(len(tokens), dtype=bool)
    for start, end in protected_spans(tokens.text):
        first = int(np.searchsorted(tokens.ends, start, side="right"))
        last = int(np.searchsorted(tokens.starts, end, side="left"))
        mask[first:last] = True
    return mask
