"""Which entries may be used in which document: the conditions of the phrase map's rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from respin.channel import Batch
from respin.matcher import Matches
from respin.phrase_index import PhraseIndex
from respin.phrase_map import Condition
from respin.vocabulary import Vocabulary


def allowed_entries(
    index: PhraseIndex, batch: Batch, matches: Matches, vocabulary: Vocabulary
) -> set[tuple[int, int]]:
    """Pairs (entry, start token) whose condition does *not* hold. Empty where no row that matched
    has one, which is nearly always."""
    refused: set[tuple[int, int]] = set()
    conditional = np.flatnonzero(index.entry_condition)
    if not len(conditional) or not len(matches):
        return refused
    owner = np.searchsorted(index.entry_start, conditional, side="right") - 1
    nodes = np.zeros(len(index.entry_start), bool)
    nodes[owner] = True
    for place in np.flatnonzero(nodes[matches.node]).tolist():
        node = int(matches.node[place])
        start, end = int(matches.start[place]), int(matches.end[place])
        for entry in range(int(index.entry_start[node]), int(index.entry_start[node + 1])):
            parts = index.conditions[int(index.entry_condition[entry])]
            if not all(_holds(part, batch, start, end, vocabulary, index) for part in parts):
                refused.add((entry, start))
    return refused


def _holds(
    part: Condition, batch: Batch, start: int, end: int, vocabulary: Vocabulary, index: PhraseIndex
) -> bool:
    before, after = _surroundings(part, batch, start, end)
    present = [
        _stands_in(phrase.split(), before, vocabulary, index)
        or _stands_in(phrase.split(), after, vocabulary, index)
        for phrase in part.words
    ]
    if part.kind == "all":
        return all(present)
    if part.kind == "none":
        return not any(present)
    return any(present)


def _stands_in(
    words: list[str], ids: NDArray[np.int32], vocabulary: Vocabulary, index: PhraseIndex
) -> bool:
    """Whether the words stand in this order, next to each other, among the ids."""
    numbers = [vocabulary.index.get(word) for word in words]
    found = np.ones(max(len(ids) - len(words) + 1, 0), bool)
    for offset, number in enumerate(numbers):
        if number is None:
            return False
        found &= ids[offset : offset + len(found)] == index.canonical[number]
    return bool(found.any())


def _surroundings(
    part: Condition, batch: Batch, start: int, end: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Ids of the document, or of the window around the phrase, before and after the phrase."""
    document = batch.document[start]
    low = int(np.searchsorted(batch.document, document, "left"))
    high = int(np.searchsorted(batch.document, document, "right"))
    if part.kind == "near":
        low, high = max(low, start - part.distance), min(high, end + part.distance)
    return batch.canonical[low:start], batch.canonical[end:high]
