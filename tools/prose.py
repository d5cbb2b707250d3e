"""Words of data/prose: what press and advice pages are made of, as far as we have written them."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from respin.learning import words_of
from respin.model_builder import documents
from tools import evidence


def files() -> list[Path]:
    """The files, sorted by name; not words/: sentences for single words say nothing of how frequent
    these are."""
    return sorted((evidence.DATA / "prose").glob("*.txt.xz"))


@cache
def counts() -> Counter[str]:
    """How often each word stands in the prose (normal forms)."""
    found: Counter[str] = Counter()
    for path in files():
        for text in documents(path):
            found.update(words_of(text))
    return found
