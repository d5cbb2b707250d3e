"""Documents to arrays: the ids of all tokens of a batch, and what the later stages need beside them.

Every document is encoded far enough for the first stage of detection. Only those that it suspects
are prepared for the second: protected spans, acronyms and names are looked for in them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from respin.channel import Batch, inner_capitals
from respin.fuzzy import EDIT_COST, MIN_LENGTH
from respin.matcher import Matches
from respin.phrase_index import PhraseIndex
from respin.sections import Sections
from respin.text import LOWER, UNCASED, UPPER, Tokens, protected_tokens
from respin.vocabulary import UNKNOWN, Vocabulary

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """All tokens of some documents in a row: model ``ids``, the ``canonical`` ids that are matched
    (American spelling, near words of the map mended at ``near_cost`` nats), ``cases``, number of the
    ``document``, ``sentence_start``; and the number of ``documents``."""

    ids: NDArray[np.int32]
    canonical: NDArray[np.int32]
    near_cost: NDArray[np.float32]
    cases: NDArray[np.int8]
    document: Ints
    sentence_start: NDArray[np.bool_]
    documents: int


def encode(
    documents: Sequence[Tokens], vocabulary: Vocabulary, index: PhraseIndex,
    nearest: Callable[[str], tuple[int, int]],
) -> Encoded:  # fmt: skip
    """``nearest`` gives (canonical id, edits) of the map's word nearest to an unknown one, or
    (0, 0)."""
    lengths = [len(tokens) for tokens in documents]
    pieces = list(chain.from_iterable(tokens.pieces for tokens in documents))
    ids, cases = vocabulary.encode(pieces)
    canonical = index.canonical[ids]
    near_cost = np.zeros(len(ids), np.float32)
    for position in np.flatnonzero((ids == UNKNOWN) & (cases == LOWER)).tolist():
        word = pieces[position].lstrip()
        if len(word) >= MIN_LENGTH:
            number, edits = nearest(word)
            if number:
                canonical[position] = number
                near_cost[position] = EDIT_COST * edits
    document = np.repeat(np.arange(len(lengths)), lengths)
    sentence_start = vocabulary.sentence_starts(ids, document)
    return Encoded(ids, canonical, near_cost, cases, document, sentence_start, len(lengths))


def select(
    encoded: Encoded, matches: Matches, documents: Sequence[Tokens], sections: Sections,
    chosen: Sequence[int], favoured: NDArray[np.bool_] | None,
) -> tuple[Batch, Matches, Sections]:  # fmt: skip
    """The ``chosen`` documents, prepared for the second stage and numbered anew."""
    wanted = np.zeros(encoded.documents, bool)
    wanted[list(chosen)] = True
    use = wanted[encoded.document]
    place = np.cumsum(use) - 1
    inside = use[matches.start]
    matches = Matches(
        place[matches.start[inside]], place[matches.end[inside] - 1] + 1, matches.node[inside]
    )
    kept = np.flatnonzero(wanted[sections.owner])
    number = np.zeros(len(sections.owner), np.int64)
    number[kept] = np.arange(len(kept))
    cases, sentence_start = encoded.cases[use], encoded.sentence_start[use]
    blocked = _acronyms(cases, sentence_start)
    if len(blocked):
        blocked |= np.concatenate([protected_tokens(documents[which]) for which in chosen])
    batch = Batch(
        encoded.ids[use], encoded.canonical[use], encoded.near_cost[use], cases,
        number[sections.section[use]], len(kept), sentence_start, blocked,
        inner_capitals(cases, sentence_start), favoured,
    )  # fmt: skip
    renumbered = Sections(batch.document, number[sections.owner[kept]], sections.cost[kept])
    return batch, matches, renumbered


def _acronyms(cases: NDArray[np.int8], sentence_start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Words in capitals, but not those of a sentence that shouts as a whole."""
    upper = cases == UPPER
    if not len(cases):
        return np.asarray(upper)
    sentence = np.cumsum(sentence_start) - 1
    worded = np.bincount(sentence, cases != UNCASED)
    share = np.bincount(sentence, upper) / np.maximum(worded, 1)
    return np.asarray(upper & (share <= 0.5)[sentence])
