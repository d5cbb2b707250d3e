"""The language model: how likely is a word after the two before it, in clean English.

An interpolated trigram model with absolute discounting (Ney, Essen & Kneser 1994; three discounts
as in Chen & Goodman 1999), pruned by relative entropy and stored as a back-off model: probabilities
and back-off weights are 8-bit codes in two :mod:`respin.ngram_table` tables. Scores are natural
logarithms. The builder is in :mod:`respin.model_builder`.

Arrays of the file (see :mod:`respin.array_file`), magic ``RESPINLM``, version 2:

=============== ======= ==========================================================================
words           u1      the vocabulary, UTF-8, one word a line, id = line number (0 = <unk>)
unigram         f4      log P(w)
unigram_backoff f4      log of the back-off weight of context w
bigram_keys     u8      bucket table over w1 << 16 | w2
bigram_p        u1      code of log P(w2 | w1); 255: none, the entry is there for its back-off
bigram_backoff  u1      code of the back-off weight of the context (w1, w2)
trigram_keys    u8      bucket table over w1 << 32 | w2 << 16 | w3
trigram_p       u1      code of log P(w3 | w1, w2)
topic_words     i4      ids of the words that have a vector (:mod:`respin.topics`)
topic_vectors   i1      (words, k) their vectors, in units of the root of meta's ``topic_unit``
=============== ======= ==========================================================================

A code ``c`` means ``low + c * step`` with ``low`` and ``step`` from the meta data, which also hold
the numbers of bigrams and trigrams, the corpora and their sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin import array_file, ngram_table
from respin.vocabulary import UNKNOWN

MAGIC, VERSION = b"RESPINLM", 2
REMEDY = "Reinstall respin, or rebuild it with `respin model build CORPUS... --output FILE`"
NO_PROBABILITY = 255
# log probability of an unlisted word, given that an unlisted word stands here: spread over about
# 100,000 words that the model does not hold.
UNLISTED_SHARE = -11.5

_TOGETHER = 32_768  # queries asked together: their arrays stay in the cache of the processor

Ids = NDArray[np.integer[Any]]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Topics:
    """``row`` gives each model word's row of ``vectors`` (int8), -1: none; the product of two rows
    times ``unit`` estimates their pointwise mutual information (nats)."""

    row: NDArray[np.int32]
    vectors: NDArray[np.int8]
    unit: float


def _pair(first: Ids, second: Ids) -> NDArray[np.uint64]:
    return first.astype(np.uint64) << np.uint64(16) | second.astype(np.uint64)


class LanguageModel:
    """A model read from a file.

    >>> model = LanguageModel.load("data/language_model.bin")            # doctest: +SKIP
    >>> ids = [model.words.index(w) for w in ("supply", "chain")]        # doctest: +SKIP
    """

    def __init__(self, arrays: array_file.Arrays, meta: dict[str, Any]) -> None:
        self.words: list[str] = bytes(arrays["words"]).decode("utf-8").split("\n")
        self.meta = meta
        self._unigram: Scores = arrays["unigram"]
        self._unigram_backoff: Scores = arrays["unigram_backoff"]
        self._bigram_keys = arrays["bigram_keys"]
        self._bigram_p = arrays["bigram_p"]
        self._bigram_backoff = arrays["bigram_backoff"]
        self._trigram_keys = arrays["trigram_keys"]
        self._trigram_p = arrays["trigram_p"]
        self._bigram_buckets = ngram_table.bucket_count(meta["bigrams"])
        self._trigram_buckets = ngram_table.bucket_count(meta["trigrams"])
        row = np.full(len(self.words), -1, np.int32)
        row[arrays["topic_words"]] = np.arange(len(arrays["topic_words"]))
        self.topics = Topics(row, arrays["topic_vectors"], meta["topic_unit"])
        codes = np.arange(256, dtype=np.float32)
        self._p_of_code = (meta["p_low"] + meta["p_step"] * codes).astype(np.float32)
        self._backoff_of_code = (meta["b_low"] + meta["b_step"] * codes).astype(np.float32)

    @classmethod
    def load(cls, path: str | Path, *, verify: bool = True) -> LanguageModel:
        """Read a model file; raises :class:`respin.errors.DataFileError` if it cannot be used."""
        arrays, meta = array_file.read(path, MAGIC, VERSION, REMEDY, verify=verify)
        return cls(arrays, meta)

    def unigram(self, words: Ids) -> Scores:
        """log P(w) for each id (any shape); unlisted words cost :data:`UNLISTED_SHARE` more."""
        return self._unigram[words]

    def bigram(self, first: Ids, second: Ids) -> Scores:
        """log P(second | first), one score a pair (1-D int arrays of model ids)."""
        slot = ngram_table.find(self._bigram_keys, self._bigram_buckets, _pair(first, second))
        return self._bigram_score(first, second, slot)

    def _bigram_score(self, first: Ids, second: Ids, slot: NDArray[np.int64]) -> Scores:
        score = self._unigram_backoff[first] + self._unigram[second]
        there = np.flatnonzero(slot >= 0)
        code = self._bigram_p[slot[there]]
        real = code != NO_PROBABILITY
        score[there[real]] = self._p_of_code[code[real]]
        return score

    def trigram(self, first: Ids, second: Ids, third: Ids) -> Scores:
        """log P(third | first, second), one score a triple (1-D int arrays of model ids)."""
        if len(first) <= _TOGETHER:
            return self._trigram(first, second, third)
        parts = [slice(low, low + _TOGETHER) for low in range(0, len(first), _TOGETHER)]
        return np.concatenate([self._trigram(first[p], second[p], third[p]) for p in parts])

    def _trigram(self, first: Ids, second: Ids, third: Ids) -> Scores:
        pair = _pair(first, second)
        keys = pair << np.uint64(16) | third.astype(np.uint64)
        slot = ngram_table.find(self._trigram_keys, self._trigram_buckets, keys)
        score = np.empty(len(keys), np.float32)
        found = slot >= 0
        score[found] = self._p_of_code[self._trigram_p[slot[found]]]
        rest = np.flatnonzero(~found)
        # Back off: the bigram, and the weight of the context, looked up together.
        second, third = second[rest], third[rest]
        both = np.concatenate([_pair(second, third), pair[rest]])
        slot = ngram_table.find(self._bigram_keys, self._bigram_buckets, both)
        lower = self._bigram_score(second, third, slot[: len(rest)])
        context = slot[len(rest) :]
        known = np.flatnonzero(context >= 0)
        lower[known] += self._backoff_of_code[self._bigram_backoff[context[known]]]
        score[rest] = lower
        return score

    def sequence(self, ids: Ids) -> Scores:
        """log P of each id given the two before it; unlisted words pay their share."""
        padded = np.concatenate([np.ones(2, np.int64), ids])  # 1 is <s>
        score = self.trigram(padded[:-2], padded[1:-1], padded[2:])
        score[np.asarray(ids) == UNKNOWN] += UNLISTED_SHARE
        return score
