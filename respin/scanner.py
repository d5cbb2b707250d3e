"""Many texts to token boundaries at once: what :func:`respin.text.tokenise` does, in array operations.

The regular expressions of :mod:`respin.text` are the definition; they run at 20 million characters a
second. Here the characters of a whole batch become one byte each, and a token begins wherever a byte
does not go on with its neighbour, which takes a tenth of the time. Texts with rare characters
(combining marks, invisible ones) and words broken over lines are left to the regular expressions;
``tests/test_scanner.py`` proves that both agree.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from respin.text import (
    INVISIBLE,
    Tokens,
    abbreviation_at,
    broken_word_at,
    tokenise,
    without_overlap,
)

Ints = NDArray[np.int64]
Codes = NDArray[np.uint8]

# Bytes above ASCII stand for kinds of characters. Curly apostrophes, hyphens, quotes and spaces
# become their plain selves, as normalise() would have them.
_DASH, _LETTER, _DIGIT, _OTHER, _RARE, _ODD = range(0x81, 0x87)
DASH = _DASH
_PLAIN_CODE = (
    dict.fromkeys("\u2019\u2018", ord("'"))
    | dict.fromkeys("\u2010\u2011", ord("-"))
    | dict.fromkeys("“”„«»″", ord('"'))
    | dict.fromkeys("‒–—―", _DASH)
    | dict.fromkeys(INVISIBLE, _RARE)
    | {"\u02bc": _ODD}
)
_MARK = re.compile("[\u0300-\u036f]")
_KINDS = [
    (re.compile(r"\s"), ord(" ")), (_MARK, _RARE),
    (re.compile(r"[^\W\d_]"), _LETTER), (re.compile(r"\d"), _DIGIT),
]  # fmt: skip

# What a byte may do in a token.
_L, _D, _SPACE, _HYPHEN, _APOSTROPHE, _POINT, _WORDLIKE = 1, 2, 4, 8, 16, 32, 64
_LINK = _HYPHEN | _APOSTROPHE | _POINT


def _flags() -> Codes:
    flags = np.zeros(256, np.uint8)
    for code in range(128):
        letter = chr(code)
        flags[code] = (
            _L * letter.isalpha() | _D * letter.isdigit() | _SPACE * letter.isspace()
            | _HYPHEN * (letter == "-") | _APOSTROPHE * (letter == "'") | _POINT * (letter in ".,")
            | _WORDLIKE * (letter.isalnum() or letter == "_")
        )  # fmt: skip
    flags[_LETTER] = _L | _WORDLIKE
    flags[_DIGIT] = _D | _WORDLIKE
    return flags


_FLAGS = _flags()
_code_of: dict[int, int] = {}  # of the characters above ASCII that were met


@dataclass(frozen=True)
class Scan:
    """Tokens of some ``texts`` in a row: ``text``, the texts with a line feed around each; the ``start``
    and ``end`` of every token in it, in code points; ``codes``, a byte for each of its characters
    (at least 32 more follow); ``first``, the number of each text's first token, and behind them the
    number of all; ``base``, where each text begins; ``unit``, numbers of the tokens that hold what
    the plain rules would cut: abbreviations, words broken over lines."""

    texts: Sequence[str]
    text: str
    codes: Codes
    start: Ints
    end: Ints
    first: Ints
    base: Ints
    unit: Ints

    @cached_property
    def lengths(self) -> Ints:
        """Tokens of each text."""
        return np.diff(self.first)

    @cached_property
    def document(self) -> Ints:
        """Number of the text that each token belongs to."""
        return np.repeat(np.arange(len(self.base)), self.lengths)

    def tokens(self, number: int) -> Tokens:
        """The tokens of one text, with offsets into it."""
        low, high = int(self.first[number]), int(self.first[number + 1])
        base = self.base[number]
        raw = self.strings(np.arange(low, high))
        text = self.texts[number]
        return Tokens(text, raw, self.start[low:high] - base, self.end[low:high] - base)

    def strings(self, numbers: Ints) -> list[str]:
        """The tokens of these numbers, as they stand in the text."""
        text = self.text
        pairs = zip(self.start[numbers].tolist(), self.end[numbers].tolist(), strict=True)
        return [text[start:end] for start, end in pairs]


# A possessive ending or an abbreviation this close before a mark: its end is none of a word's.
_NEAR = 4
_TAIL = 40  # bytes after the last text, so that eight of them may be read at any place


def scan(texts: Sequence[str]) -> Scan:
    """Token boundaries of any number of texts.

    >>> found = scan(["Japan's e-mail rose 2.5 %."])
    >>> found.strings(np.arange(7))
    ['Japan', "'s", 'e-mail', 'rose', '2.5', '%', '.']
    """
    joined = "\n" + "\n".join(texts) + "\n" * _TAIL
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    base = np.cumsum(sizes + 1) - sizes
    codes, rare = _codes(joined)
    flags = _FLAGS.take(codes)
    broken = _broken_words(joined, codes, base)
    left = _joined_marks(codes, flags, rare, base, broken) if len(rare) else []
    goes_on = _plain_joins(flags)
    cuts = without_overlap(_abbreviations(joined, codes, flags), broken)
    _links(codes, flags, goes_on, cuts)
    for low, high in cuts:
        goes_on[low + 1 : high] = True
        goes_on[low] = goes_on[high] = False
    solid = (flags & _SPACE) == 0
    for low, high in cuts:
        solid[low:high] = True
    start = np.flatnonzero(solid & ~goes_on)
    end = np.flatnonzero(solid[:-1] & ~goes_on[1:]) + 1
    units = [cut[0] for cut in cuts]
    if left:
        start, end, extra = _replaced(texts, base, sizes, left, start, end)
        units += extra
    first = np.append(np.searchsorted(start, base), len(start))
    unit = np.searchsorted(start, np.array(sorted(units), np.int64))
    return Scan(texts, joined, codes, start, end, first, base, unit)


def _codes(joined: str) -> tuple[Codes, Ints]:
    """One byte a character, and the places of rare ones."""
    if joined.isascii():
        return np.frombuffer(joined.encode("ascii"), np.uint8), np.zeros(0, np.int64)
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = points.astype(np.uint8)
    high = np.flatnonzero(points > 127)
    kinds = np.array([_code_of.get(point) or _code(point) for point in points[high].tolist()])
    codes[high] = kinds
    return codes, high[kinds >= _RARE]


def _code(point: int) -> int:
    letter = chr(point)
    code = _PLAIN_CODE.get(letter)
    if code is None:
        code = next((code for kind, code in _KINDS if kind.match(letter)), _OTHER)
    _code_of[point] = code
    return code


def _plain_joins(flags: Codes) -> NDArray[np.bool_]:
    """Whether a character goes on with the one before it: letter after letter or digit, digit
    after digit."""
    now, before = flags[1:], flags[:-1]
    joins = now & before
    joins &= _L | _D
    joins |= now & (before >> 1) & _L
    goes_on = np.zeros(len(flags), bool)
    np.not_equal(joins, 0, out=goes_on[1:])
    return goes_on


def _abbreviations(joined: str, codes: Codes, flags: Codes) -> list[tuple[int, int]]:
    """Where abbreviations stand ("U.S."). They begin with one letter before a full stop, and a
    letter follows it."""
    dots = np.flatnonzero(codes[:-_TAIL] == ord("."))
    likely = (flags[dots + 1] & flags[dots - 1] & _L) != 0
    likely &= (flags[np.maximum(dots - 2, 0)] & _WORDLIKE) == 0
    cuts: list[tuple[int, int]] = []
    here = 0
    for dot in dots[likely].tolist():
        if dot - 1 >= here and (found := abbreviation_at(joined, dot - 1)):
            cuts.append(found)
            here = found[1]
    return cuts


def _links(
    codes: Codes, flags: Codes, goes_on: NDArray[np.bool_], cuts: list[tuple[int, int]]
) -> None:
    """Mark hyphens and apostrophes inside words, possessive endings, points inside numbers."""
    place = np.flatnonzero((flags & _LINK) != 0)
    place = place[(flags[place - 1] & flags[place + 1] & (_L | _D)) != 0]
    kind, around = flags[place], flags[place - 1] & flags[place + 1]
    point = place[(kind & _POINT != 0) & (around & _D != 0)]
    goes_on[point] = goes_on[point + 1] = True
    inner = (kind & (_HYPHEN | _APOSTROPHE) != 0) & (around & _L != 0)
    place = place[inner]
    ending = (flags[place] & _APOSTROPHE != 0) & (codes[place + 1] | 0x20 == ord("s"))
    ending &= (flags[place + 2] & _WORDLIKE) == 0
    if cuts:
        taken = np.zeros(len(codes), bool)
        for start, end in cuts:
            taken[start:end] = True
        free = ~taken[place + 1] & (ending | ~taken[place - 1])
        place, ending = place[free], ending[free]
    if not len(place):
        return
    valid = _valid_links(place, flags[place] & _HYPHEN != 0, ending, flags, goes_on)
    inside = place[valid & ~ending]
    goes_on[inside] = True
    goes_on[place[valid] + 1] = True


def _valid_links(
    place: Ints, is_hyphen: NDArray[np.bool_], ending: NDArray[np.bool_], flags: Codes,
    goes_on: NDArray[np.bool_],
) -> NDArray[np.bool_]:  # fmt: skip
    """A word takes any number of hyphens and one apostrophe, after which it is over; the letters
    after a number ("20th") and possessive endings take none. So each link hangs on the one before
    it where nothing but letters stands between them, which for nearly all is no matter."""
    starts = np.flatnonzero(~goes_on)
    run = starts[np.searchsorted(starts, place - 1, "right") - 1]
    valid = (flags[run] & _D) == 0
    linked = np.append(False, place[:-1] == run[1:] - 1)
    valid |= linked | ending
    odd = linked & np.append(False, ~is_hyphen[:-1] | ~valid[:-1])
    for number in np.flatnonzero(odd).tolist():
        while number < len(place) and linked[number]:
            # After a link that failed the letters between begin a word of their own.
            valid[number] = bool(ending[number] or not valid[number - 1] or is_hyphen[number - 1])
            number += 1
    return np.asarray(valid)


def _broken_words(joined: str, codes: Codes, base: Ints) -> list[tuple[int, int]]:
    """Words broken over two lines of one text."""
    hyphen = np.flatnonzero(codes == ord("-"))
    after = codes[hyphen + 1]
    hyphen = hyphen[(after == ord("\n")) | (after == ord("\r"))]
    found = [broken_word_at(joined, place) for place in hyphen.tolist()]
    starts = base.tolist()
    return [
        cut for cut in found
        if cut and bisect_right(starts, cut[0]) == bisect_right(starts, cut[1] - 1)
    ]  # fmt: skip


def _joined_marks(
    codes: Codes, flags: Codes, rare: Ints, base: Ints, broken: list[tuple[int, int]]
) -> list[int]:
    """Let marks and invisible characters belong to the letters before them. Returns the numbers of
    the texts in which that is not the whole truth, to be left to the expressions."""
    left: set[int] = set()
    of_text = np.searchsorted(base, rare, "right") - 1
    cut_texts = {bisect_right(base.tolist(), start) - 1 for start, _ in broken}
    for place, text in zip(rare.tolist(), of_text.tolist(), strict=True):
        near = codes[max(place - _NEAR, 0) : place + 2].tolist()
        if text in cut_texts or codes[place] == _ODD or ord("'") in near or ord(".") in near:
            left.add(text)
        elif flags[place - 1] & _L:
            flags[place] = _L
    return sorted(left)


def _replaced(
    texts: Sequence[str], base: Ints, sizes: Ints, left: list[int], start: Ints, end: Ints
) -> tuple[Ints, Ints, list[int]]:
    """Boundaries with those of the texts in ``left`` as the expressions find them; and where their
    units start."""
    keep = np.ones(len(start), bool)
    starts, ends, units = [], [], []
    for number in left:
        low, high = int(base[number]), int(base[number] + sizes[number])
        keep[np.searchsorted(start, low) : np.searchsorted(start, high)] = False
        tokens = tokenise(texts[number])
        starts.append(tokens.starts + low)
        ends.append(tokens.ends + low)
        units.append(tokens.starts + low)
    start = np.concatenate([start[keep], *starts])
    end = np.concatenate([end[keep], *ends])
    order = np.argsort(start, kind="stable")
    return start[order], end[order], np.concatenate(units).tolist()
