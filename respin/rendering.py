"""From chosen candidates to edits: case, a or an, spelling; and replaying edits on a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from respin.text import CAPITALISED, MIXED, UPPER, Tokens, case_of


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: the characters ``start`` to ``end`` of the input (code points) become ``original``.

    ``confidence`` (0 to 1) is the calibrated probability that the author wrote ``original`` here;
    ``alternatives`` holds other readings with theirs, likeliest first, the unchanged one among them.
    ``family`` is the spinner family whose row was used, ``reason`` says in words why.
    """

    start: int
    end: int
    spun: str
    original: str
    confidence: float
    family: str
    alternatives: tuple[tuple[str, float], ...] = ()
    reason: str = ""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Replay edits (sorted, without overlap) on the text that they were made for.

    Raises ValueError if the text at an edit's place is not what the edit replaces.

    >>> apply_edits("rising stress", [Edit(7, 13, "stress", "pressure", 0.9, "news")])
    'rising pressure'
    """
    pieces: list[str] = []
    here = 0
    for edit in edits:
        if edit.start < here or text[edit.start : edit.end] != edit.spun:
            raise ValueError(f"the edit {edit.spun!r} at {edit.start} does not fit this text")
        pieces += [text[here : edit.start], edit.original]
        here = edit.end
    pieces.append(text[here:])
    return "".join(pieces)


_TITLE_SMALL = frozenset(
    "a an and as at but by for from in into of on or per the to up with".split()
)


def in_case_of(raw: Sequence[str], original: str, *, inside: bool) -> str:
    """``original`` (lower case, as the map has it) in the case of the tokens it replaces.

    ``inside``: the tokens stand inside a sentence, where a capital marks a name or a headline and
    so goes to every word; at the start of a sentence only the first word gets it.

    >>> in_case_of(["Financial", "Institution"], "bank", inside=True)
    'Bank'
    >>> in_case_of(["Whereas"], "even though", inside=False)
    'Even though'
    """
    if len(raw) == 1 and raw[0].islower():  # by far the most frequent
        return original
    words = [word for word in raw if any(map(str.isalpha, word))]
    cases = [case_of(word) for word in words]
    if not cases:
        return original
    if all(case == UPPER for case in cases) and sum(map(len, words)) > 1:
        return original.upper()
    if cases[0] in (CAPITALISED, MIXED) and words[0][0].isupper():
        every = len(cases) > 1 and all(
            case != 0 or word in _TITLE_SMALL for case, word in zip(cases, words, strict=True)
        )
        if every or (inside and len(cases) == 1):
            return " ".join(
                word if number and word in _TITLE_SMALL else _capital(word)
                for number, word in enumerate(original.split(" "))
            )
        return _capital(original)
    return original


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


_AN_LETTERS = re.compile(r"[aefhilmnorsx]", re.IGNORECASE)  # letters whose names begin with a vowel
_AN_WORD = re.compile(
    r"(?:[aeio]|u(?!ni(?!n|m)|s[aeiu]|t[ei]|ra|bi|k)|hour|honou?r|honest|heir)", re.I
)
_A_WORD = re.compile(r"(?:eu|ewe|one(?![a-z])|once|ouija)", re.IGNORECASE)


def article_before(word: str) -> str:
    """ "a" or "an", by the sound that the word begins with.

    >>> [article_before(word) for word in ("hour", "union", "FBI", "8%", "European", "umbrella")]
    ['an', 'a', 'an', 'an', 'a', 'an']
    """
    if word[:1].isdigit():
        digits = re.match(r"\d+", word)
        number = digits[0] if digits else ""
        return "an" if number[:1] == "8" or number in ("11", "18") else "a"
    if word.isupper() and 1 < len(word) < 6:
        return "an" if _AN_LETTERS.match(word) else "a"
    return "an" if _AN_WORD.match(word) and not _A_WORD.match(word) else "a"


def mended_article(tokens: Tokens, place: int, following: str) -> str | None:
    """The article that token ``place`` should be before ``following``; None if it is right or is
    no article."""
    raw = tokens.raw[place]
    if raw.lower() not in ("a", "an"):
        return None
    wanted = article_before(following)
    if raw.lower() == wanted:
        return None
    if raw.isupper() and len(raw) > 1:
        return wanted.upper()
    return _capital(wanted) if raw[0].isupper() else wanted
