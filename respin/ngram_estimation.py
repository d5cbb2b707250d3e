"""From a long array of ids to the numbers of a back-off trigram model.

Discounts: Chen & Goodman 1999, eq. 17 (three per order, from the counts of counts). Pruning: the
weighted difference of Seymore & Rosenfeld 1996, count * (log p(w|h) - log p'(w|h)), where p' is the
model without the n-gram; raw counts (not Kneser-Ney's) feed the lower orders because those survive
pruning better (Chelba et al. 2010).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin.vocabulary import START

F64 = NDArray[np.float64]
U64 = NDArray[np.uint64]
_S16, _S32, _LOW = np.uint64(16), np.uint64(32), np.uint64(0xFFFF)


@dataclass
class Estimate:
    """Natural logarithms; keys are distinct and sorted."""

    unigram: F64
    unigram_backoff: F64
    bigram_keys: U64
    bigram_p: F64
    bigram_backoff: F64
    trigram_keys: U64
    trigram_p: F64


def _count(keys: NDArray[Any]) -> tuple[U64, NDArray[np.int64]]:
    """Distinct keys and their counts; sorts ``keys`` in place."""
    keys.sort()
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[first].astype(np.uint64), np.diff(np.append(first, len(keys)))


def _discounts(counts: NDArray[np.int64]) -> F64:
    """Discount for a count of 0, 1, 2, 3 or more."""
    n = [max(int((counts == k).sum()), 1) for k in range(1, 5)]
    y = n[0] / (n[0] + 2 * n[1])
    return np.array(
        [0.0] + [min(max(k - (k + 1) * y * n[k] / n[k - 1], 0.1), k) for k in (1, 2, 3)]
    )


def _interpolate(
    context: NDArray[np.int64], counts: NDArray[np.int64], lower: F64, contexts: int
) -> tuple[F64, F64]:
    """p(w|h) of each n-gram, and the weight gamma(h) of the lower order."""
    discount = _discounts(counts)[np.minimum(counts, 3)]
    total = np.bincount(context, counts, contexts)
    gamma = np.bincount(context, discount, contexts) / np.maximum(total, 1)
    gamma[total == 0] = 1.0
    return (counts - discount) / total[context] + gamma[context] * lower, gamma


def _top(score: F64, wanted: int) -> NDArray[np.bool_]:
    if wanted >= len(score):
        return np.ones(len(score), bool)
    bar = float(np.partition(score, len(score) - wanted - 1)[len(score) - wanted - 1])
    return np.asarray(score > bar)


def estimate(
    ids: NDArray[np.uint16], words: int, bigrams: int, trigrams: int, say: Callable[[str], None]
) -> Estimate:
    """Count, smooth, prune. ``ids`` holds a START before every sentence."""
    count1 = np.bincount(ids, minlength=words).astype(np.float64)
    count1[START] = 0.5  # never predicted inside a text
    p1 = (count1 + 0.5) / (count1 + 0.5).sum()

    pair = ids[:-1].astype(np.uint32) << np.uint32(16) | ids[1:]
    keys2, count2 = _count(pair[ids[1:] != START])
    del pair
    first2, second2 = (keys2 >> _S16).astype(np.int64), (keys2 & _LOW).astype(np.int64)
    p2, gamma1 = _interpolate(first2, count2, p1[second2], words)

    keys = ids[:-2].astype(np.uint64) << _S32
    keys |= ids[1:-1].astype(np.uint64) << _S16
    keys |= ids[2:].astype(np.uint64)
    keys3, count3 = _count(keys[ids[2:] != START])
    del keys
    say(f"distinct: {len(keys2):,} bigrams, {len(keys3):,} trigrams")
    context3 = np.searchsorted(keys2, keys3 >> _S16)
    context3 = np.minimum(context3, len(keys2) - 1)
    known = keys2[context3] == keys3 >> _S16  # not so for contexts that reach over a <s>
    keys3, count3, context3 = keys3[known], count3[known], context3[known]
    suffix3 = np.searchsorted(keys2, keys3 & np.uint64(0xFFFFFFFF))
    p3, gamma2 = _interpolate(context3, count3, p2[suffix3], len(keys2))

    gain3 = count3 * (np.log(p3) - np.log(gamma2[context3] * p2[suffix3]))
    gain3[count3 < 2] = -np.inf
    keep3 = _top(gain3, trigrams)
    keys3, p3, context3 = keys3[keep3], p3[keep3], context3[keep3]
    gain2 = count2 * (np.log(p2) - np.log(gamma1[first2] * p1[second2]))
    gain2[context3] = np.inf  # a context of a kept trigram must be there for its back-off weight
    keep2 = _top(gain2, bigrams)
    keep2[context3] = True
    number = np.cumsum(keep2) - 1
    keys2, p2, first2, second2 = keys2[keep2], p2[keep2], first2[keep2], second2[keep2]
    context3 = number[context3]
    say(f"kept: {len(keys2):,} bigrams, {len(keys3):,} trigrams")

    backoff1 = _backoff(first2, p2, p1[second2], words)
    lower3 = _lower(keys3, keys2, p2, p1, backoff1)
    backoff2 = _backoff(context3, p3, lower3, len(keys2))
    return Estimate(
        np.log(p1), np.log(backoff1), keys2, np.log(p2), np.log(backoff2), keys3, np.log(p3)
    )


def _backoff(context: NDArray[np.int64], p: F64, lower: F64, contexts: int) -> F64:
    """(1 - sum of kept p) / (1 - sum of their lower-order p), by context."""
    left = 1.0 - np.bincount(context, p, contexts)
    left_lower = 1.0 - np.bincount(context, lower, contexts)
    return np.asarray(np.clip(left, 1e-4, None) / np.clip(left_lower, 1e-3, None))


def _lower(keys3: U64, keys2: U64, p2: F64, p1: F64, backoff1: F64) -> F64:
    """P(w3 | w2) of the pruned model for each trigram."""
    suffix = keys3 & np.uint64(0xFFFFFFFF)
    place = np.minimum(np.searchsorted(keys2, suffix), len(keys2) - 1)
    second, third = (suffix >> _S16).astype(np.int64), (suffix & _LOW).astype(np.int64)
    return np.where(keys2[place] == suffix, p2[place], backoff1[second] * p1[third])
