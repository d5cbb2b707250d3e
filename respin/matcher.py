"""The hot loop: token ids to matches of listed phrases.

All positions of a whole batch of documents walk the trie together: one array look-up finds the
phrases of one word, and each deeper step is one sorted search over the few positions still going.
Fuzzy matching happens before the walk: a token that nobody knows is given the id of a near word of
the map (:mod:`respin.fuzzy`), at a cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin.phrase_index import PhraseIndex, step_hash

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Places where a listed phrase stands: tokens ``start`` to ``end`` (exclusive), trie ``node``."""

    start: Ints
    end: Ints
    node: Ints

    def __len__(self) -> int:
        return len(self.start)

    def where(self, mask: NDArray[Any]) -> Matches:
        return Matches(self.start[mask], self.end[mask], self.node[mask])


def match(index: PhraseIndex, ids: NDArray[np.int32], sentence_start: NDArray[np.bool_]) -> Matches:
    """All matches of all listed phrases in ``ids`` (canonical ids, any number of documents in a
    row), overlapping ones included, sorted by start. A phrase never crosses from one sentence to the
    next; ``sentence_start`` marks their first tokens."""
    position = np.flatnonzero(index.root[ids] >= 0)
    node = index.root[ids[position]].astype(np.int64)
    starts, ends, nodes = [position], [position + 1], [node]
    end = position + 1
    total = len(ids)
    while len(position):
        going = np.flatnonzero(index.has_children[node])
        if len(going) and end[going[-1]] == total:
            going = going[end[going] < total]
        going = going[index.is_later_word[ids[end[going]]]]
        keys = node[going].view(np.uint64) << np.uint64(32)
        keys |= ids[end[going]].astype(np.uint64)
        likely = index.likely_steps[step_hash(keys, index.likely_steps)]
        keys, going = keys[likely], going[likely]
        position, end, node = position[going], end[going], node[going]
        same = ~sentence_start[end]  # so it was for the words before
        position, end, node, keys = position[same], end[same], node[same], keys[same]
        if not len(position):
            break
        place = np.searchsorted(index.child_keys, keys)
        place = np.minimum(place, len(index.child_keys) - 1)
        found = index.child_keys[place] == keys
        position, end = position[found], end[found] + 1
        node = index.child_nodes[place[found]].astype(np.int64)
        starts.append(position)
        ends.append(end)
        nodes.append(node)
    start = np.concatenate(starts)
    order = np.argsort(start, kind="stable")
    return Matches(start[order], np.concatenate(ends)[order], np.concatenate(nodes)[order])


def expand(starts: NDArray[Any], stops: NDArray[Any]) -> tuple[Ints, Ints]:
    """For ranges ``starts[i] .. stops[i]``: every member, and the number i of its range.

    >>> [part.tolist() for part in expand(np.array([5, 0]), np.array([7, 1]))]
    [[5, 6, 0], [0, 0, 1]]
    """
    lengths = (stops - starts).astype(np.int64)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return starts[owner].astype(np.int64) + offset, owner
