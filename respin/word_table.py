"""Words to numbers without making strings: a hash table over the bytes of the tokens.

A word of up to 24 bytes is three 64-bit words, read where it stands, in lower case by one OR. Its hash
is looked up in an open-addressed table (linear probing, Knuth 6.4). The hash is a bijection for
words of up to 8 bytes; for longer ones two different words agree with a chance of 2**-64. What such
a table cannot know (numbers, acronyms, words with letters above ASCII) is left to
:class:`respin.vocabulary.Vocabulary`, which is the definition of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from respin.text import CAPITALISED, LOWER

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]
LONGEST = 24  # bytes; one token in 10,000 is longer
LOAD = 0.3  # at most so full: nine in ten words are found at the first look
_SPREAD = [np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)]
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_CASE_BITS = np.uint64(0x2020202020202020)  # clear in a capital letter; set in - and '
_HIGH_BITS = np.uint64(0x8080808080808080)  # set in codes above ASCII
_FIRST_CAPITAL = np.uint64(0x20)
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(9)], np.uint64)
_DIGIT = ord("0")


@dataclass(frozen=True, slots=True)
class Hashed:
    """Hash of each token, its case, and whether it is ``plain``: letters, hyphens and apostrophes,
    two bytes or more, in lower case or with a capital in front."""

    key: U64
    case: NDArray[np.int8]
    plain: NDArray[np.bool_]


def hashed(codes: NDArray[np.uint8], start: Ints, end: Ints) -> Hashed:
    """Hash tokens that stand in ``codes`` (contiguous; 32 bytes at least must follow the last)."""
    eight = np.ndarray((len(codes) - 8,), np.uint64, codes, 0, (1,))
    length = end - start
    word = eight[start]
    word &= _MASKS[np.minimum(length, 8)]
    capital = ~word & _CASE_BITS
    capital &= _MASKS[np.minimum(length, 8)]
    strange = word & _HIGH_BITS
    plain = (length > 1) & (length <= LONGEST)
    key = (word | _CASE_BITS & _MASKS[np.minimum(length, 8)]) * _SPREAD[0]
    key ^= key >> _HALF
    rest = np.flatnonzero((length > 8) & plain)
    for number in (1, 2):
        if not len(rest):
            break
        mask = _MASKS[np.minimum(length[rest] - 8 * number, 8)]
        part = eight[start[rest] + 8 * number] & mask
        strange[rest] |= part & _HIGH_BITS
        # A capital inside a word cannot be told from one in front by its place: set another bit.
        capital[rest] |= (~part & _CASE_BITS & mask) << np.uint64(1)
        mixed = (key[rest] ^ (part | _CASE_BITS & mask)) * _SPREAD[number]
        key[rest] = mixed ^ mixed >> _HALF
        rest = rest[length[rest] > 8 * (number + 1)]
    key *= _MIX
    plain &= (strange == 0) & ((capital == 0) | (capital == _FIRST_CAPITAL))
    plain &= codes[start] - np.uint8(_DIGIT) > 9
    case = np.where(capital == 0, np.int8(LOWER), np.int8(CAPITALISED))
    return Hashed(key, case, plain)


@dataclass(frozen=True, slots=True)
class WordTable:
    """``keys`` (a power of two of them, and some room behind) and the ``ids`` that go with them;
    key 0 is an empty place."""

    keys: U64
    ids: NDArray[np.int32]

    @property
    def bits(self) -> int:
        """Bits of the hash that choose a place."""
        return len(self.keys).bit_length() - 1

    @classmethod
    def build(cls, words: Sequence[str]) -> WordTable:
        """A table of the words that :func:`hashed` calls plain, each with its number."""
        number = [
            n for n, word in enumerate(words)
            if 1 < len(word) <= LONGEST and word.isascii() and word.islower() and not word[0].isdigit()
        ]  # fmt: skip
        chosen = [words[n] for n in number]
        codes = np.frombuffer(("".join(chosen) + " " * 40).encode(), np.uint8)
        end = np.cumsum(np.fromiter(map(len, chosen), np.int64, len(chosen)))
        start = np.append(0, end[:-1])[: len(end)]
        key = hashed(codes, start, end).key
        bits = max(8, int(np.ceil(np.log2(max(len(chosen), 1) / LOAD))))
        home = (key >> np.uint64(64 - bits)).astype(np.int64)
        order = np.argsort(home, kind="stable")
        rank = np.arange(len(order))
        # Linear probing of keys in the order of their homes is a running maximum.
        place = rank + np.maximum.accumulate(home[order] - rank) if len(rank) else rank
        size = max((1 << bits) + 64, int(place[-1]) + 2 if len(place) else 0)
        keys, ids = np.zeros(size, np.uint64), np.zeros(size, np.int32)
        keys[place] = key[order]
        ids[place] = np.array(number, np.int32)[order]
        return cls(keys, ids)

    def find(self, key: U64) -> NDArray[np.int32]:
        """Number of each word; 0 for those that are not in the table."""
        place = (key >> np.uint64(64 - self.bits)).view(np.int64)
        there = self.keys[place]
        found = self.ids[place]
        wrong = np.flatnonzero(there != key)
        found[wrong] = 0
        going = wrong[there[wrong] != 0]
        place = place[going]
        while len(going):
            place = place + 1
            there = self.keys[place]
            hit = there == key[going]
            found[going[hit]] = self.ids[place[hit]]
            more = ~hit & (there != 0)
            going, place = going[more], place[more]
        return found
