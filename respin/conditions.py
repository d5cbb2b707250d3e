"""Which entries may be used in which document: the conditions of the phrase map's rows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from respin.channel import Batch
from respin.matcher import Matches
from respin.phrase_index import PhraseIndex
from respin.phrase_map import Condition
from respin.vocabulary import Vocabulary

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a condition with its phrases as canonical ids; phrases of unknown words are gone, as
    they stand in no text."""

    kind: str
    phrases: tuple[Ids, ...]
    count: int
    distance: int


class Conditions:
    """The conditions of an index, ready to be tried."""

    def __init__(self, index: PhraseIndex, vocabulary: Vocabulary) -> None:
        self._index = index
        self._parts = [
            [_compiled(part, index, vocabulary) for part in parts] for parts in index.conditions
        ]
        conditional = np.flatnonzero(index.entry_condition)
        owner = np.searchsorted(index.entry_start, conditional, side="right") - 1
        self._node_has_any = np.zeros(len(index.entry_start), bool)
        self._node_has_any[owner] = True
        first_words = [
            phrase[0] for parts in self._parts for part in parts for phrase in part.phrases
        ]
        self._is_wanted = np.zeros(len(index.canonical), bool)
        self._is_wanted[first_words] = True

    def refused(self, batch: Batch, matches: Matches) -> set[tuple[int, int]]:
        """Pairs (entry, start token) whose condition does *not* hold."""
        index = self._index
        places = np.flatnonzero(self._node_has_any[matches.node])
        if not len(places):
            return set()
        surroundings = _Surroundings(batch, self._is_wanted)
        refused: set[tuple[int, int]] = set()
        for node, start, end in zip(
            matches.node[places].tolist(), matches.start[places].tolist(),
            matches.end[places].tolist(), strict=True,
        ):  # fmt: skip
            first = int(index.entry_start[node])
            numbers = index.entry_condition[first : int(index.entry_start[node + 1])].tolist()
            for entry, number in enumerate(numbers, first):
                if number and not all(
                    surroundings.satisfy(part, start, end) for part in self._parts[number]
                ):
                    refused.add((entry, start))
        return refused


def _compiled(part: Condition, index: PhraseIndex, vocabulary: Vocabulary) -> _Part:
    phrases = []
    for phrase in part.words:
        numbers = [vocabulary.index.get(word) for word in phrase.split()]
        if None not in numbers:
            phrases.append(tuple(int(index.canonical[number]) for number in numbers))
    return _Part(part.kind, tuple(phrases), len(part.words), part.distance)


class _Surroundings:
    """Where the words that conditions ask for stand in a batch."""

    def __init__(self, batch: Batch, is_wanted: NDArray[np.bool_]) -> None:
        self._ids = batch.canonical
        self._places: dict[int, list[int]] = {}
        places = np.flatnonzero(is_wanted[batch.canonical])
        for place, word in zip(places.tolist(), batch.canonical[places].tolist(), strict=True):
            self._places.setdefault(word, []).append(place)
        change = (np.flatnonzero(np.diff(batch.document)) + 1).tolist()
        self._first = [0, *change]  # first token of each document, or part of one
        self._end = [*change, len(batch.document)]

    def satisfy(self, part: _Part, start: int, end: int) -> bool:
        """Whether a part of a condition holds for the phrase at ``start`` .. ``end``."""
        number = bisect_left(self._first, start + 1) - 1
        low, high = self._first[number], self._end[number]
        if part.kind == "near":
            low, high = max(low, start - part.distance), min(high, end + part.distance)
        present = (
            self._stands_in(phrase, low, start) or self._stands_in(phrase, end, high)
            for phrase in part.phrases
        )
        if part.kind == "all":
            return len(part.phrases) == part.count and all(present)
        if part.kind == "none":
            return not any(present)
        return any(present)

    def _stands_in(self, phrase: Ids, low: int, high: int) -> bool:
        """Whether the words stand in this order, next to each other, in ``low`` .. ``high``."""
        places = self._places.get(phrase[0], ())
        for number in range(bisect_left(places, low), len(places)):
            place = places[number]
            if place + len(phrase) > high:
                return False
            if len(phrase) == 1 or tuple(self._ids[place : place + len(phrase)].tolist()) == phrase:
                return True
        return False
