"""Words to numbers: the ids that the matcher and the language model share.

Ids below ``len(model words)`` are words of the language model; ids above are words that only the
phrase map knows. :data:`UNKNOWN` stands for everything else. One dictionary remembers what every
raw token (``"The"``, ``"THE"``, ``"the"``) came to, so that a token costs one lookup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from respin.text import UPPER, case_of, normalise

UNKNOWN_WORD, START_WORD, NUMBER_WORD, YEAR_WORD = "<unk>", "<s>", "<num>", "<year>"
CLASS_WORDS = (UNKNOWN_WORD, START_WORD, NUMBER_WORD, YEAR_WORD)
UNKNOWN, START, NUMBER, YEAR = range(4)

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\Z")
# Raw tokens remembered at most; past it the memory is emptied. 400 k tokens take about 50 MB.
_MEMORY = 400_000
LONGEST_SENTENCE = 100  # tokens; 99.5 % of the corpora's sentences are shorter
_CASE_SHIFT = 24  # an entry is id | case << 24: 16.7 M words, five cases
ID_MASK = (1 << _CASE_SHIFT) - 1


def word_class(word: str) -> str:
    """Numbers stand for their kind: one or two digits for themselves, years, all others."""
    if not word[:1].isdigit():
        return word
    if len(word) <= 2:
        return word
    if _YEAR.match(word):
        return YEAR_WORD
    return NUMBER_WORD if word[-1].isdigit() else word


def model_ids(words: Sequence[str], known: int) -> NDArray[np.int32]:
    """What the language model, whose words are the first ``known``, takes each word for: numbers
    that only the phrase map lists ("0.33") are numbers to it; all others stand for themselves.

    >>> model_ids(["<unk>", "<s>", "<num>", "<year>", "0.33"], 4).tolist()
    [0, 1, 2, 3, 2]
    """
    classes = {NUMBER_WORD: NUMBER, YEAR_WORD: YEAR}
    ids = np.arange(len(words), dtype=np.int32)
    ids[known:] = [classes.get(word_class(word), n) for n, word in enumerate(words[known:], known)]
    return ids


class Vocabulary(dict[str, int]):
    """Token -> packed id and case; fills itself in as tokens come.

    >>> vocabulary = Vocabulary(["<unk>", "<s>", "<num>", "<year>", "the"])
    >>> ids, cases = vocabulary.encode(["The", "zyx"])
    >>> ids.tolist(), cases.tolist()
    ([4, 0], [1, 0])
    """

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.words = list(words)
        self.index = {word: number for number, word in enumerate(self.words)}
        self._marks = [self.index.get(mark, -1) for mark in ".!?"]

    def __missing__(self, raw: str) -> int:
        if len(self) >= _MEMORY:
            self.clear()
        case = case_of(raw)
        packed = self.id_of(raw, case) | case << _CASE_SHIFT
        self[raw] = packed
        return packed

    def id_of(self, raw: str, case: int) -> int:
        """Id of one token. An acronym that the model knows as such ("US") is not the word "us"."""
        if case == UPPER and (found := self.index.get(raw)) is not None:
            return found
        word = normalise(raw)
        found = self.index.get(word)
        return self.index.get(word_class(word), UNKNOWN) if found is None else found

    def encode(self, tokens: Iterable[str]) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
        """Ids (int32) and cases (int8, see :mod:`respin.text`), one a token."""
        packed = np.array(list(map(self.__getitem__, tokens)), dtype=np.int64)
        return (packed & ID_MASK).astype(np.int32), (packed >> _CASE_SHIFT).astype(np.int8)

    def sentence_starts(
        self, ids: NDArray[np.int32], document: NDArray[np.int64] | None = None
    ) -> NDArray[np.bool_]:
        """True where a sentence begins: first token of a ``document``, after ``. ! ?``, and every
        :data:`LONGEST_SENTENCE` tokens in text that has no full stops, so that no sentence is
        long enough to make the search slow."""
        starts = np.zeros(len(ids), dtype=bool)
        if not len(ids):
            return starts
        ends = ids[:-1] == self._marks[0]
        for mark in self._marks[1:]:
            ends |= ids[:-1] == mark
        starts[0] = True
        starts[1:] = ends
        if document is not None:
            starts[1:] |= document[1:] != document[:-1]
        first = np.append(np.flatnonzero(starts), len(ids))
        for place in np.flatnonzero(np.diff(first) > LONGEST_SENTENCE).tolist():
            starts[first[place] : first[place + 1] : LONGEST_SENTENCE] = True
        return starts

    def extend(self, words: Iterable[str]) -> None:
        """Add words that the model does not know (the phrase map's own)."""
        for word in words:
            if word not in self.index:
                self.index[word] = len(self.words)
                self.words.append(word)
        self.clear()
