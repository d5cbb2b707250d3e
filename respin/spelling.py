"""British and American spelling: one canonical id for both, so that a row need be written once.

Patterns are tried only between words that the vocabulary holds on both sides, so ``four`` never
becomes ``for`` unless it is let through by the list of exceptions below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

# (British ending or part, American one)
_PATTERNS = [
    (re.compile(pattern), american)
    for pattern, american in [
        (r"(?<=[a-z]{2})our(?=s?$|ed$|ing$|ite|able|ful|less|al|hood|er|ist)", "or"),
        (r"(?<=[a-z]{3})is(?=e$|es$|ed$|ing$|er$|ers$|ation|able)", "iz"),
        (r"(?<=[a-z]{2})ys(?=e$|es$|ed$|ing$|er$)", "yz"),
        (r"(?<=[bt])re(?=s?$|d$)", "er"),
        (r"(?<=[a-z]{3})ence(?=s?$)", "ense"),
        (r"(?<=[a-z])ogue(?=s?$)", "og"),
        (r"(?<=[aeiou])ll(?=ed$|ing$|er$|ers$|or$)", "l"),
        (r"aem", "em"), (r"haem", "hem"), (r"paed", "ped"), (r"^oe", "e"), (r"foet", "fet"),
        (r"anaesth", "anesth"), (r"oedema", "edema"), (r"diarrhoea", "diarrhea"),
        (r"^grey", "gray"), (r"programme(?=s?$)", "program"), (r"(?<=l)l?ful(?=l)", "lful"),
        (r"mould", "mold"), (r"^ageing$", "aging"), (r"judgement", "judgment"),
        (r"^fulfil(?=s?$)", "fulfill"), (r"^enrol(?=s?$|ment)", "enroll"), (r"sceptic", "skeptic"),
        (r"^plough", "plow"), (r"aluminium", "aluminum"), (r"tyre(?=s?$)", "tire"),
        (r"^cheque", "check"), (r"^towards$", "toward"), (r"^licence", "license"),
        (r"^practis", "practic"), (r"manoeuvr", "maneuver"), (r"^artefact", "artifact"),
    ]
]  # fmt: skip
_EXCEPTIONS = frozenset(
    """
tour tours toured touring pour poured pouring four fours hour hours devour contour contours detour scour
advise advised advises rise rises arise revise premise premises precise concise promise promised promises promising
exercise exercised exercises exercising expertise otherwise paradise enterprise disguise surprise surprised
surprises surprising supervise comprise comprised comprises compromise franchise merchandise televise improvise
devise likewise raise praise noise poise wise bruise cruise analyses paralyses courtesy
filled killed called pulled rolled billed drilled skilled polled filler killer caller roller seller tiller
falling selling filling killing calling pulling rolling billing telling willing spelling smelling dwelling
yelled spilled stalled installed controlled polling stalling installing controlling controller dolled
theirs tires tired there here were store stores more fire wire score shore before restore
influence sentence sequence silence absence science essence presence evidence audience violence
conference difference experience existence intelligence reference residence
""".split()
)


# What every pattern needs; nine words in ten have none of it and are done with one search.
_HINT = re.compile(
    r"our|is[eai]|ys[ei]|[bt]re|ence|ogue|ll(?:ed|ing|er|or)|aem|paed|^oe|foet|anaes|oedema|rrhoea"
    r"|grey|gramme|lful|mould|ageing|gement|fulfil|enrol|scept|plough|inium|tyre|cheque|towards"
    r"|practis|manoeuvr|artefact"
)


def american(word: str, known: Mapping[str, int]) -> str:
    """The American spelling of a British word, or the word itself.

    >>> american("labour", {"labor": 1}), american("hour", {"hor": 1})
    ('labor', 'hour')
    """
    if len(word) > 3 and _HINT.search(word) and word not in _EXCEPTIONS:
        for pattern, replacement in _PATTERNS:
            changed = pattern.sub(replacement, word)
            if changed != word and changed in known:
                return changed
    return word


def canonical_ids(words: Sequence[str], known: Mapping[str, int]) -> NDArray[np.int32]:
    """For each word of a vocabulary the id of its American spelling (mostly its own)."""
    ids = np.arange(len(words), dtype=np.int32)
    for number, word in enumerate(words):
        if word.isascii() and word.isalpha() and word.islower():
            other = american(word, known)
            if other != word:
                ids[number] = known[other]
    return ids


_DOTTED = re.compile(r"(?:[a-z]\.)+[a-z]?\.?\Z")
_LOWER_DOTTED = frozenset(["e.g", "e.g.", "i.e", "i.e.", "a.m", "a.m.", "p.m", "p.m."])


class SpellingOf:
    """Gives restored words the spelling, British or American, of the document around them, and
    acronyms their capitals. ``acronyms`` maps lower case to capitals."""

    # Endings that a document's choice carries over to; single words (cheque, tyre) are left alone.
    _REGULAR = re.compile(r"our|is[ei]|ys[ei]|[bt]re|ence|ll(?:ed|ing|er)|aem|aes|paed")

    def __init__(
        self, canonical: NDArray[np.int32], words: Sequence[str], acronyms: dict[str, str]
    ) -> None:
        self._acronyms = acronyms
        british = np.flatnonzero(canonical != np.arange(len(canonical)))
        regular = [n for n in british.tolist() if self._REGULAR.search(words[n])]
        self._british = {words[canonical[n]]: words[n] for n in regular}
        self._is_british = np.zeros(len(canonical), bool)
        self._is_british[regular] = True
        self._is_american = np.zeros(len(canonical), bool)
        self._is_american[canonical[regular]] = True
        self._american = {words[n]: words[canonical[n]] for n in regular}
        self._as_it_is: dict[str, str] = {}
        self._known: dict[int, dict[str, str]] = {}

    def of(self, ids: NDArray[np.int32]) -> Callable[[str], str]:
        """A function that respells a phrase for a document of these token ids."""
        british, american = self._is_british[ids].sum(), self._is_american[ids].sum()
        table = self._as_it_is
        if british != american:
            table = self._british if british > american else self._american
        known = self._known.setdefault(id(table), {})

        def spell(phrase: str) -> str:
            spelled = known.get(phrase)
            if spelled is None:
                words = [self._capitals(table.get(word, word)) for word in phrase.split(" ")]
                spelled = known[phrase] = " ".join(
                    words
                )  # phrases of the map: there is an end to them
            return spelled

        return spell

    def _capitals(self, word: str) -> str:
        """Acronyms and the pronoun in the capitals that they always have."""
        if word == "i" or (_DOTTED.match(word) and word not in _LOWER_DOTTED):
            return word.upper()
        return self._acronyms.get(word, word)
