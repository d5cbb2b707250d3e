"""The candidate lattice: for every stretch of tokens what the author may have written there.

Nodes are token positions; an edge leads from a position to a later one and carries output words
and a log weight. Tokens that no candidate covers are not part of it: the lattice is cut into
*regions*, runs of positions within reach of a candidate. A trigram reaches two words, so a region
goes on for two tokens after its last candidate; then the regions are exactly independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin.matcher import expand
from respin.vocabulary import START

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MAX_OUT = 8  # words of an original at most (phrase_map.MAX_PHRASE_WORDS)
_REACH = 2  # tokens after a candidate whose probability depends on it: a trigram's reach


@dataclass(slots=True)
class Lattice:
    """Edges of many regions at once, sorted by step.

    ``out`` (edges, MAX_OUT) holds word ids, -1 where there are fewer; ``out_length`` their number.
    ``entry`` is the index's entry of a candidate, -1 for a kept token, -2 for the two words before
    a region (its context). ``step`` is the position of an edge's start within its region, from 1;
    contexts have step 0. ``region_end`` is the position where the edge's region ends.
    """

    start: Ints
    end: Ints
    out: NDArray[np.int32]
    out_length: Ints
    weight: Floats
    entry: Ints
    step: Ints
    region: Ints
    region_start: Ints
    region_end: Ints

    def __len__(self) -> int:
        return len(self.start)

    def subset(self, keep: NDArray[Any]) -> Lattice:
        """The lattice with some of its edges."""
        return Lattice(
            self.start[keep], self.end[keep], self.out[keep], self.out_length[keep],
            self.weight[keep], self.entry[keep], self.step[keep], self.region[keep],
            self.region_start, self.region_end,
        )  # fmt: skip


def build(
    ids: NDArray[np.int32],
    sentence_start: NDArray[np.bool_],
    kept: Floats,
    start: Ints, end: Ints, entry: Ints, weight: Floats,
    out_ids: NDArray[np.int32], out_range: NDArray[np.int32],
) -> Lattice:  # fmt: skip
    """Lattice of ``ids`` (model ids, one a token) and candidate edges.

    ``kept`` (one a token) is the log probability that the token stands as the author wrote it;
    ``out_range`` (candidates, 2) the place of each candidate's output words in ``out_ids``.
    """
    total = len(ids)
    sentence = np.cumsum(sentence_start)
    first_of_next = np.append(np.flatnonzero(sentence_start), total)
    sentence_end = first_of_next[sentence] if total else np.zeros(0, np.int64)

    reach = np.minimum(end + _REACH, sentence_end[start])
    change = np.zeros(total + 1, np.int64)
    np.add.at(change, start, 1)
    np.add.at(change, reach, -1)
    active = np.cumsum(change)[:total] > 0
    # Two runs that touch at a sentence start are two regions.
    begins = active & (np.append(False, ~active[:-1]) | sentence_start)
    region_start = np.flatnonzero(begins)
    region_of = np.cumsum(begins) - 1
    inside = np.flatnonzero(active)
    region_end = np.zeros(len(region_start), np.int64)
    np.maximum.at(region_end, region_of[inside], inside + 1)

    regions = len(region_start)
    out = np.full((regions + len(inside) + len(start), MAX_OUT), -1, np.int32)
    for back in (2, 1):
        before = np.maximum(region_start - back, 0)
        known = (region_start >= back) & (sentence[before] == sentence[region_start])
        out[:regions, 2 - back] = np.where(known, ids[before], START)
    out[regions : regions + len(inside), 0] = ids[inside]
    flat, owner = expand(out_range[:, 0], out_range[:, 1])
    column = flat - out_range[owner, 0]
    out[regions + len(inside) + owner, column] = out_ids[flat]

    all_start = np.concatenate([region_start - 1, inside, start])
    all_end = np.concatenate([region_start, inside + 1, end])
    region = np.concatenate([np.arange(regions), region_of[inside], region_of[start]])
    lengths = out_range[:, 1] - out_range[:, 0]
    out_length = np.concatenate([np.full(regions, 2), np.ones(len(inside), np.int64), lengths])
    weights = np.concatenate([np.zeros(regions), kept[inside], weight])
    entries = np.concatenate([np.full(regions, -2), np.full(len(inside), -1), entry])
    step = all_start - region_start[region] + 1
    order = np.argsort(step, kind="stable")
    return Lattice(
        all_start[order], all_end[order], out[order], out_length[order], weights[order],
        entries[order], step[order], region[order], region_start, region_end,
    )  # fmt: skip
