"""Real spun pages beside their originals, while they are read: they are counted, never kept.

A line of a PAIRS.jsonl is an object with family, spun, original and aligned (false: the original was
inferred by a reader).
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from respin.errors import DataFileError
from respin.learning import words_of

_SEED = 5
_GRAM, _SAME = 6, 4  # originals that share more than _SAME runs of _GRAM words are one story


@dataclass(frozen=True)
class Page:
    """A spun text and its original."""

    family: str
    aligned: bool
    spun: str
    original: str


def read(paths: Iterable[Path]) -> list[Page]:
    """All pages of some files; raises :class:`respin.errors.DataFileError` at a line that is none."""
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                page = json.loads(line)
                found.append(
                    Page(page["family"], page.get("aligned", True), page["spun"], page["original"])
                )
            except (ValueError, KeyError, TypeError):
                remedy = "Each line is an object with family, spun and original"
                raise DataFileError(path, "no page", remedy, line=number) from None
    return found


def folds_of(pages: list[Page], count: int) -> list[list[Page]]:
    """Pages in ``count`` parts, those of one story in the same part."""
    story = list(range(len(pages)))

    def first(number: int) -> int:
        while story[number] != number:
            number = story[number]
        return number

    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for number, page in enumerate(pages):
        words = words_of(page.original)
        for gram in set(zip(*(words[at:] for at in range(_GRAM)), strict=False)):
            for other in places[gram]:
                shared[other, number] += 1
            places[gram].append(number)
    for (one, other), grams in shared.items():
        if grams > _SAME:
            story[first(other)] = first(one)
    stories: dict[int, list[Page]] = defaultdict(list)
    for number, page in enumerate(pages):
        stories[first(number)].append(page)
    keys = sorted(stories)
    random.Random(_SEED).shuffle(keys)
    return [[page for key in keys[part::count] for page in stories[key]] for part in range(count)]
