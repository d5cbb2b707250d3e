"""Documents to arrays: the ids of all tokens of a batch, and what the later stages need beside them.

Every document is encoded far enough for the first stage of detection. Only for those that it
suspects is there more: protected spans, acronyms and names are looked for in them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from respin import scanner
from respin.channel import Batch, inner_capitals
from respin.fuzzy import EDIT_COST, MIN_LENGTH
from respin.phrase_index import PhraseIndex
from respin.scanner import Scan
from respin.sections import Sections
from respin.text import LOWER, UNCASED, UPPER, Tokens, protected_tokens
from respin.vocabulary import UNKNOWN, Vocabulary, model_ids
from respin.word_table import WordTable, hashed

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """All tokens of some documents in a row (as ``scan`` found them): model ``ids``, the
    ``canonical`` ids that are matched (American spelling, near words of the map mended at
    ``near_cost`` nats), ``cases``, number of the ``document``, ``sentence_start``."""

    scan: Scan
    ids: NDArray[np.int32]
    canonical: NDArray[np.int32]
    near_cost: NDArray[np.float32]
    cases: NDArray[np.int8]
    document: Ints
    sentence_start: NDArray[np.bool_]

    @property
    def documents(self) -> int:
        """How many there are."""
        return len(self.scan.base)


class Encoder:
    """Numbers the tokens of scanned texts.

    ``table`` holds the plain words of ``vocabulary``, which knows all others; ``nearest`` gives
    (canonical id, edits) of the map's word nearest to an unknown one, or (0, 0).
    """

    def __init__(
        self, vocabulary: Vocabulary, table: WordTable, index: PhraseIndex,
        nearest: Callable[[str], tuple[int, int]],
    ) -> None:  # fmt: skip
        self.vocabulary, self.table, self.index, self.nearest = vocabulary, table, index, nearest
        known = len(vocabulary.words) - len(index.extra_words)
        self._model_ids = model_ids(vocabulary.words, known)
        # Tokens of one character: all of ASCII, and the dash.
        letters = [chr(code) for code in range(128)] + ["\u2013"]
        codes = [*range(128), scanner.DASH]
        self._single = np.full(256, -1, np.int32)
        self._single_case = np.zeros(256, np.int8)
        self._single[codes], self._single_case[codes] = vocabulary.encode(letters)

    def encode(self, scan: Scan) -> Encoded:
        """Ids, cases and sentences."""
        ids, cases, rest = self._words(scan)
        canonical = self.index.canonical[ids]
        # Numbers that the map lists are matched as they stand; to the model they are numbers.
        ids[rest] = self._model_ids[ids[rest]]
        near_cost = np.zeros(len(ids), np.float32)
        unknown = np.flatnonzero((ids == UNKNOWN) & (cases == LOWER))
        unknown = unknown[scan.end[unknown] - scan.start[unknown] >= MIN_LENGTH]
        for place, word in zip(unknown.tolist(), scan.strings(unknown), strict=True):
            number, edits = self.nearest(word)
            if number:
                canonical[place] = number
                near_cost[place] = EDIT_COST * edits
        sentence_start = self.vocabulary.sentence_starts(ids, scan.document)
        return Encoded(scan, ids, canonical, near_cost, cases, scan.document, sentence_start)

    def _words(self, scan: Scan) -> tuple[NDArray[np.int32], NDArray[np.int8], Ints]:
        """Ids, cases, and the places of the tokens that the table of plain words cannot know."""
        found = hashed(scan.codes, scan.start, scan.end)
        ids = self.table.find(found.key)
        cases = found.case
        single = np.flatnonzero(scan.end - scan.start == 1)
        code = scan.codes[scan.start[single]]
        ids[single], cases[single] = self._single[code], self._single_case[code]
        others = ~found.plain
        others[single] = self._single[code] < 0
        others[scan.unit] = True
        rest = np.flatnonzero(others)
        if len(rest):
            ids[rest], cases[rest] = self.vocabulary.encode(scan.strings(rest))
        return ids, cases, rest


def prepared(
    encoded: Encoded, documents: Sequence[Tokens], sections: Sections,
    favoured: NDArray[np.bool_] | None,
) -> Batch:  # fmt: skip
    """The batch for the second stage: acronyms, names and protected spans are looked for."""
    blocked = _acronyms(encoded.cases, encoded.sentence_start)
    if len(blocked):
        blocked |= np.concatenate([protected_tokens(tokens) for tokens in documents])
    return Batch(
        encoded.ids, encoded.canonical, encoded.near_cost, encoded.cases, sections.section,
        len(sections.owner), encoded.sentence_start, blocked,
        inner_capitals(encoded.cases, encoded.sentence_start), favoured,
    )  # fmt: skip


def _acronyms(cases: NDArray[np.int8], sentence_start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Words in capitals, but not those of a sentence that shouts as a whole."""
    upper = cases == UPPER
    if not len(cases):
        return np.asarray(upper)
    sentence = np.cumsum(sentence_start) - 1
    worded = np.bincount(sentence, cases != UNCASED)
    share = np.bincount(sentence, upper) / np.maximum(worded, 1)
    return np.asarray(upper & (share <= 0.5)[sentence])
