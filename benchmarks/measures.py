"""The measures of respin's accuracy, as every benchmark uses them.

Tokens are lower-cased words and single punctuation marks. All functions take plain strings.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from respin.rendering import Edit
from respin.text import normalise, tokenise

_TOKEN = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")


def tokens(text: str) -> list[str]:
    """Lower-cased words (inner hyphens and apostrophes kept) and single punctuation marks."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def errors(text: str, original: str) -> int:
    """Token-level Levenshtein distance."""
    return int(Levenshtein.distance(tokens(text), tokens(original)))


@dataclass
class Removal:
    """Sums over pairs of texts; properties are shares."""

    before: int = 0
    after: int = 0
    length: int = 0
    right: int = 0
    made: int = 0
    wanted: int = 0
    grams: int = 0
    grams_before: int = 0
    grams_after: int = 0

    def add(self, spun: str, restored: str, original: str) -> None:
        """Count one document."""
        source, target, result = tokens(spun), tokens(original), tokens(restored)
        self.before += int(Levenshtein.distance(source, target))
        self.after += int(Levenshtein.distance(result, target))
        self.length += len(target)
        wanted, made = blocks(source, target), blocks(source, result)
        self.right += len(wanted & made)
        self.made += len(made)
        self.wanted += len(wanted)
        grams = five_grams(target)
        self.grams += len(grams)
        self.grams_before += len(grams & five_grams(source))
        self.grams_after += len(grams & five_grams(result))

    @property
    def error_before(self) -> float:
        return self.before / max(self.length, 1)

    @property
    def error_after(self) -> float:
        return self.after / max(self.length, 1)

    @property
    def removed(self) -> float:
        return 1 - self.after / max(self.before, 1)

    @property
    def precision(self) -> float:
        return self.right / max(self.made, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.wanted, 1)

    @property
    def f_half(self) -> float:
        """F0.5: precision counts twice as much as recall."""
        p, r = self.precision, self.recall
        return 1.25 * p * r / max(0.25 * p + r, 1e-9)

    def row(self, name: str) -> str:
        """One line of the table that :data:`HEAD` begins."""
        return (
            f"{name:<34}{self.error_before:>8.3f}{self.error_after:>8.3f}{self.removed:>9.1%}"
            f"{self.precision:>8.3f}{self.recall:>8.3f}{self.f_half:>8.3f}"
            f"{self.grams_before / max(self.grams, 1):>8.2f}"
            f"{self.grams_after / max(self.grams, 1):>7.2f}"
        )


HEAD = (
    f"{'':<34}{'err.bef':>8}{'after':>8}{'removed':>9}{'prec':>8}{'recall':>8}{'F0.5':>8}"
    f"{'5g bef':>8}{'after':>7}"
)

Block = tuple[int, int, tuple[str, ...]]


def blocks(source: list[str], target: list[str]) -> set[Block]:
    """difflib's changed blocks: (start, end, what stands there instead)."""
    matcher = difflib.SequenceMatcher(None, source, target, autojunk=False)
    return {
        (low, high, tuple(target[start:end]))
        for kind, low, high, start, end in matcher.get_opcodes()
        if kind != "equal"
    }


def five_grams(words: list[str]) -> set[tuple[str, ...]]:
    """The distinct 5-grams of a text."""
    return set(zip(*(words[n:] for n in range(5)), strict=False))


class Alignment:
    """A spun text aligned with its original, token by token, to judge single edits."""

    def __init__(self, spun: str, original: str) -> None:
        source, target = tokenise(spun), tokenise(original)
        self.starts = source.starts
        self.target = [normalise(raw) for raw in target.raw]
        words = [normalise(raw) for raw in source.raw]
        self.place: dict[int, int] = {}
        for code in Levenshtein.opcodes(words, self.target):
            for offset in range(code.src_end - code.src_start + 1):
                low = code.dest_start + min(offset, code.dest_end - code.dest_start)
                self.place.setdefault(code.src_start + offset, low)

    def is_right(self, edit: Edit) -> bool:
        """Whether the original has the edit's words at that place, give or take a token."""
        wanted = [normalise(raw) for raw in tokenise(edit.original).raw]
        low = self.place.get(int(self.starts.searchsorted(edit.start)), 0)
        window = self.target[max(0, low - 1) : low + len(wanted) + 1]
        return any(
            window[at : at + len(wanted)] == wanted for at in range(len(window) - len(wanted) + 1)
        )
