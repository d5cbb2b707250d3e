"""Word vectors for :mod:`respin.topics`, from the corpus as word ids.

Pairs of content words that stand 3 to 15 tokens from each other are counted; positive pointwise mutual
information, factorised (Levy & Goldberg 2014, "Neural word embedding as implicit matrix
factorization"): the largest eigenvalues' vectors, each times the root of its value, so that
products of rows give the information back; rounded to 8 bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin.errors import InputError

NEAREST, FARTHEST = 3, 15  # tokens between two words that count as neighbours
_NEXT = 8  # content words that are looked at from each
WORDS, DIMENSIONS = 30_000, 64
FUNCTION_WORDS = 150  # so many of the most frequent words have no vector: they go with everything
LEAST_COUNT = 3  # pairs seen less often say nothing
_CHUNK = 4_000_000  # tokens counted at a time
_DENSE = 2_000  # so many words at most are factorised without scipy
# Largest 8-bit value, and the share of the numbers that must not exceed it: the few that do are cut.
_TOP, _WITHIN = 127, 0.9995

Counted = Any  # a scipy.sparse.csr_matrix; numpy array where there are few words


def chosen_words(words: list[str], unigram: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Ids of the words that get a vector: the most frequent but the function words."""
    plain = np.array([word.isalpha() and len(word) > 1 for word in words])
    order = np.argsort(-np.where(plain, unigram, -np.inf), kind="stable")[: int(plain.sum())]
    return order[FUNCTION_WORDS : FUNCTION_WORDS + WORDS].astype(np.int64)


def vectors(
    ids: NDArray[np.uint16], words: list[str], unigram: NDArray[np.floating[Any]],
    say: Callable[[str], None],
) -> tuple[NDArray[np.int64], NDArray[np.int8], float]:  # fmt: skip
    """(word ids, vectors (words, k), unit): the product of two vectors times ``unit`` is nats."""
    chosen = chosen_words(words, unigram)
    size = len(chosen)
    if size < 3:
        return chosen[:0], np.zeros((0, 1), np.int8), 0.0
    row = np.full(len(words), -1, np.int64)
    row[chosen] = np.arange(size)
    counts = _counted(ids, row, size)
    say(f"topics: {size:,} words, {int(counts.sum()) // 2:,} pairs of neighbours")
    information = _information(counts)
    if not information.max() > 0:
        return chosen[:0], np.zeros((0, 1), np.int8), 0.0  # too little text to tell neighbours
    found = _factors(information, min(DIMENSIONS, size - 1))
    step = float(np.quantile(np.abs(found), _WITHIN)) / _TOP or 1.0
    return chosen, np.clip(np.rint(found / step), -_TOP, _TOP).astype(np.int8), step * step


def _counted(ids: NDArray[np.uint16], row: NDArray[np.int64], size: int) -> Counted:
    """How often each two words were neighbours (symmetric)."""
    total: Counted = 0
    for low in range(0, len(ids), _CHUNK):
        found = row[ids[low : low + _CHUNK]]
        place = np.flatnonzero(found >= 0)
        found = found[place]
        keys = []
        for step in range(1, _NEXT + 1):
            distance = place[step:] - place[:-step]
            use = (distance >= NEAREST) & (distance <= FARTHEST)
            keys.append(found[:-step][use] * size + found[step:][use])
        key, count = np.unique(np.concatenate(keys), return_counts=True)
        total = total + _matrix(key // size, key % size, count.astype(np.float32), size)
    return total + total.T


def _matrix(
    row: NDArray[Any], column: NDArray[Any], value: NDArray[Any], size: int
) -> Counted:  # fmt: skip
    if size <= _DENSE:
        dense = np.zeros((size, size))
        dense[row, column] = value
        return dense
    try:
        from scipy.sparse import csr_matrix
    except ImportError:
        raise InputError(
            "building a model from more than a small corpus needs scipy. pip install scipy"
        ) from None
    return csr_matrix((value, (row, column)), shape=(size, size))


def _information(counts: Counted) -> Counted:
    """Positive pointwise mutual information of a symmetric matrix of counts."""
    size = counts.shape[0]
    sums = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1.0)
    if isinstance(counts, np.ndarray):
        row, column = np.nonzero(counts)
        value = counts[row, column]
    else:
        coordinates = counts.tocoo()
        row, column, value = coordinates.row, coordinates.col, coordinates.data
    use = value >= LEAST_COUNT
    row, column, value = row[use], column[use], value[use]
    information = np.log(value * (sums.sum() / sums[row]) / sums[column])
    above = information > 0
    return _matrix(row[above], column[above], information[above].astype(np.float32), size)


def _factors(matrix: Counted, dimensions: int) -> NDArray[np.float64]:
    """Rows whose products approximate a symmetric matrix."""
    if isinstance(matrix, np.ndarray):
        value, vector = np.linalg.eigh(matrix)
    else:
        from scipy.sparse.linalg import eigsh

        start = np.ones(matrix.shape[0])  # the same start gives the same vectors
        value, vector = eigsh(matrix.astype(np.float64), dimensions, which="LA", v0=start)
    order = np.argsort(-value)[:dimensions]
    return np.asarray(vector[:, order] * np.sqrt(np.maximum(value[order], 0.0)))
