"""How many texts go through a stage together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

# Characters that workers take at a time, and in which suspects are collected.
_BATCH_CHARACTERS = 2_000_000
# Characters that go through the first stage together: enough for the array operations to pay, and
# few enough for the arrays to stay in the cache of the processor.
_SCREENED_CHARACTERS = 400_000
# Characters decoded together, for the same reasons: six times as many are a seventh slower.
_DECODED_CHARACTERS = 70_000


def batches(texts: Iterator[str]) -> Iterator[list[str]]:
    """Texts in groups of about equal size, at least one in each."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def screens(numbers: Iterable[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """The ``numbers`` of texts, in groups for the first stage."""
    return _numbers(numbers, texts, _SCREENED_CHARACTERS)


def groups(numbers: Iterable[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """The ``numbers`` of texts, in groups for the second stage."""
    return _numbers(numbers, texts, _DECODED_CHARACTERS)


def _numbers(numbers: Iterable[int], texts: Sequence[str], most: int) -> Iterator[list[int]]:
    group: list[int] = []
    size = 0
    for number in numbers:
        length = len(texts[number])
        if group and size + length > most:
            yield group
            group, size = [], 0
        group.append(number)
        size += length
    if group:
        yield group
