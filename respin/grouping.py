"""How many texts go through a stage together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# Characters that go through the first stage together: enough for the array operations to pay.
_BATCH_CHARACTERS = 500_000
# Tokens decoded together: about 60 MB of memory.
_DECODED_TOKENS = 30_000


def groups(numbers: list[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Document numbers in groups of at most _DECODED_TOKENS tokens, at least one in each;
    ``lengths`` are the tokens of every document."""
    group: list[int] = []
    size = 0
    for number in numbers:
        if group and size + lengths[number] > _DECODED_TOKENS:
            yield group
            group, size = [], 0
        group.append(number)
        size += lengths[number]
    if group:
        yield group


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
