"""What a text is about: how well an original goes with the words around it, beyond a trigram's reach.

Between near-synonyms a trigram often cannot tell: "the worth" may be "the price" or "the value". The
words of the wider neighbourhood can: "traders", "market", "fell". Each frequent word has a short
vector, made of co-occurrence counts of the model's corpora (:mod:`respin.topic_estimation`), whose
product with another's estimates how much oftener than by chance the two stand near each other
(pointwise mutual information, nats). A candidate gains what its original has in common with its
neighbours and loses what the spun phrase has.

All sums are of integers, so that they are the same whatever other documents are in the batch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from respin.channel import Batch
from respin.language_model import Topics
from respin.matcher import expand
from respin.phrase_index import PhraseIndex

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# Neighbours: tokens at least NEAREST (nearer ones are the trigram's) and at most FARTHEST away.
NEAREST, FARTHEST = 3, 60
# What the mean affinity to the neighbours weighs in the channel, and the most that it is worth (nats).
# Chosen on real pages, see benchmarks/RESULTS.md.
WEIGHT, MOST = 4.0, 3.0


def gains(
    topics: Topics, index: PhraseIndex, batch: Batch, start: Ints, end: Ints, entry: Ints
) -> Floats:
    """Nats to add to candidates: tokens ``start`` .. ``end`` read as ``entry``'s original."""
    if not len(start) or not len(topics.vectors):
        return np.zeros(len(start))
    rows = _rows(topics, batch.ids)
    spans, of_span = np.unique(start << 32 | end, return_inverse=True)
    first, last = spans >> 32, spans & 0xFFFFFFFF
    around, neighbours = _neighbourhoods(topics, rows, batch.document, first, last)
    spun = _affinity(topics, around, np.arange(len(spans)), rows, first, last)
    flat = _rows(topics, index.out_ids)
    low, high = index.entry_out[entry].T.astype(np.int64)
    original = _affinity(topics, around, of_span, flat, low, high)
    difference = (original - spun[of_span]) * (WEIGHT * topics.unit)
    gain = np.clip(difference / np.maximum(neighbours, 1)[of_span], -MOST, MOST)
    return np.nan_to_num(gain)  # one of the two has no vector: nothing can be said


def _rows(topics: Topics, ids: NDArray[np.int32]) -> NDArray[np.int32]:
    """Rows of word ids; words that only the phrase map knows have none."""
    known = len(topics.row)
    return np.where(ids < known, topics.row[np.minimum(ids, known - 1)], -1)


def _neighbourhoods(
    topics: Topics, rows: NDArray[np.int32], document: Ints, first: Ints, last: Ints
) -> tuple[NDArray[np.int32], Ints]:
    """Sum of the vectors of each span's neighbours (spans, k), and their number."""
    known = rows >= 0
    vectors = np.where(known[:, None], topics.vectors[rows], 0)
    total = np.zeros((len(rows) + 1, vectors.shape[1]), np.int32)
    np.cumsum(vectors, axis=0, out=total[1:], dtype=np.int32)
    count = np.append(0, np.cumsum(known))
    # Neighbours are of the same part of the same document.
    change = np.flatnonzero(np.diff(document)) + 1
    part = np.searchsorted(change, first, "right")
    lowest = np.append(0, change)[part]
    highest = np.append(change, len(rows))[part]
    sides = []
    for low, high in (
        (first - FARTHEST, first - NEAREST + 1), (last + NEAREST - 1, last + FARTHEST),
    ):  # fmt: skip
        low, high = np.clip(low, lowest, highest), np.clip(high, lowest, highest)
        sides.append((low, np.maximum(low, high)))
    (a, b), (c, d) = sides
    return total[b] - total[a] + total[d] - total[c], count[b] - count[a] + count[d] - count[c]


def _affinity(
    topics: Topics, around: NDArray[np.int32], place: Ints, rows: NDArray[np.int32],
    low: Ints, high: Ints,
) -> Floats:  # fmt: skip
    """Mean product of the words ``rows[low:high]`` with the neighbourhood at ``place``, over the
    words that have a vector; nan where none has."""
    member, owner = expand(low, high)
    some = rows[member] >= 0
    member, owner = member[some], owner[some]
    vectors = topics.vectors[rows[member]].astype(np.int32)
    product = np.einsum("ij,ij->i", vectors, around[place[owner]])
    total = np.bincount(owner, product, len(low))
    words = np.bincount(owner, minlength=len(low))
    with np.errstate(invalid="ignore"):
        return np.asarray(total / np.where(words, words, np.nan))
