"""A compact, vectorised hash table: n-gram -> 8-bit codes.

Slots hold a 16-bit fingerprint and one or two 8-bit codes. Keys are laid out by linear probing in
the order of their home bucket, which a running maximum does for millions of keys at once. A lookup
reads four fingerprints (one 64-bit word) at a time. A wrong hit has a chance of about 2**-16 for each slot read
(measured below 1 in 10,000 queries; see benchmarks/RESULTS.md).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: Fibonacci hashing (Knuth 6.4)
_MIX = np.uint64(0xD6E8FEB86659FD93)  # finaliser multiplier of the "rrmxmx"/degski family
_SLOTS = 4  # fingerprints in a bucket
_LANES = np.uint64(0x0001000100010001)
_TOP_BITS = np.uint64(0x8000800080008000)
_LAST_LANE = np.uint64(1 << 48)  # a word at least this large has its last slot taken
# Multiplying 1 << 15, 31, 47 or 63 by this leaves 1, 2, 3 or 0 in the two highest bits.
_LANE_SPREAD = np.uint64(1 << 47 | 1 << 32 | 3 << 15)
_LANE_OF = np.array([3, 0, 1, 2])
_AHEAD = np.arange(6)  # buckets after the first that are looked at together
_FEW = 2_000
LOAD = 0.78  # keys per slot; higher saves little room and costs more second looks


def _mix(keys: U64) -> U64:
    mixed = keys * _MULTIPLIER
    mixed ^= mixed >> np.uint64(32)
    mixed *= _MIX
    mixed ^= mixed >> np.uint64(29)
    return mixed


def _bucket_and_fingerprint(keys: U64, buckets: int) -> tuple[NDArray[np.int64], U64]:
    mixed = _mix(keys)
    bucket = ((mixed >> np.uint64(32)) * np.uint64(buckets)) >> np.uint64(32)
    fingerprint = mixed & np.uint64(0xFFFF)
    np.maximum(fingerprint, np.uint64(1), out=fingerprint)  # 0 marks an empty slot
    return bucket.astype(np.int64), fingerprint


def bucket_count(keys: int) -> int:
    """Buckets that a table of so many keys is built with."""
    return max(2, int(keys / LOAD / _SLOTS) + 1)


def build(
    keys: U64, codes: list[NDArray[np.uint8]]
) -> tuple[NDArray[np.uint64], list[NDArray[np.uint8]]]:
    """Lay out distinct ``keys`` (uint64) and their codes; returns (buckets, codes by slot)."""
    buckets = bucket_count(len(keys))
    bucket, fingerprint = _bucket_and_fingerprint(keys, buckets)
    order = np.argsort(bucket, kind="stable")
    rank = np.arange(len(keys))
    position = rank + np.maximum.accumulate(bucket[order] * _SLOTS - rank) if len(keys) else rank
    # Room for the run that spills over the end, and one empty bucket that stops every search.
    last = int(position[-1]) if len(keys) else 0
    size = (max(buckets, last // _SLOTS + 1) + 1) * _SLOTS
    table = np.zeros(size, "<u2")
    table[position] = fingerprint[order].astype(np.uint16)
    columns = []
    for code in codes:
        column = np.zeros(size, np.uint8)
        column[position] = code[order]
        columns.append(column)
    return table.view("<u8"), columns


def find(table: U64, buckets: int, keys: U64) -> NDArray[np.int64]:
    """Slot of each key (int64), or -1. ``buckets`` is :func:`bucket_count` of the table's keys.

    A bucket is one 64-bit word of four fingerprints; the classic "which 16-bit lane is zero" test
    (Hacker's Delight, 6-1) on ``word XOR fingerprint * 0x0001000100010001`` finds the lane.
    """
    bucket, fingerprint = _bucket_and_fingerprint(keys, buckets)
    wanted = fingerprint * _LANES
    word = table[bucket]
    result, full = _slots(word, wanted, bucket)
    going = np.flatnonzero(full)
    bucket, wanted = bucket[going] + 1, wanted[going, None]
    while len(going):
        # When few go on they look at many buckets at a time: the first that holds the key, or has
        # room for it, ends the search.
        ahead = _AHEAD if len(going) <= _FEW else _AHEAD[:1]
        places = np.minimum(bucket[:, None] + ahead, len(table) - 1)
        slot, full = _slots(table[places], wanted, places)
        first = np.argmax(~full, axis=1)
        rows = np.arange(len(going))
        result[going] = slot[rows, first]
        more = full[rows, first]
        going, bucket, wanted = going[more], bucket[more] + len(ahead), wanted[more]
    return result


def _slots(
    word: U64, wanted: U64, bucket: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Slot of a hit in each bucket's word, or -1; and where there is none but the bucket is full."""
    lanes = word ^ wanted
    lanes = (lanes - _LANES) & ~lanes & _TOP_BITS
    hit = lanes != 0
    lowest = lanes & (~lanes + np.uint64(1))
    lane = _LANE_OF[(lowest * _LANE_SPREAD >> np.uint64(62)).view(np.int64)]
    slot = np.where(hit, bucket * _SLOTS + lane, -1)
    return slot, ~hit & (word >= _LAST_LANE)
