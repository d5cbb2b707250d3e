"""Dictionaries of any size for the benchmarks of matching, and texts with typing errors."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from benchmarks import material
from respin.encoding import Encoder
from respin.fuzzy import MIN_LENGTH, NearWords
from respin.language_model import LanguageModel
from respin.matcher import Matches, match
from respin.model_builder import documents, is_held_out
from respin.phrase_compiler import compile_rows
from respin.phrase_map import Row
from respin.scanner import Scan, scan
from respin.vocabulary import Vocabulary

_WORD = re.compile(r"[a-z]+")
_HELD_OUT = (
    material.HOLD_OUT
)  # the texts to be searched are held-out ones, the phrases come from others


def phrases(count: int, seed: int = 1) -> list[str]:
    """Distinct phrases of one to three words of real text, in lower case, in random order."""
    found: set[str] = set()
    for paths in material.corpora().values():
        texts = (
            text for n, text in enumerate(documents(paths[0])) if not is_held_out(n, _HELD_OUT)
        )
        for text in islice(texts, count // 20):
            for sentence in re.split(r"[.!?,;:()\n]", text.lower()):
                words = _WORD.findall(sentence)
                for size in (1, 2, 3):
                    found.update(
                        " ".join(words[n : n + size]) for n in range(len(words) - size + 1)
                    )
            if len(found) > 1.5 * count:
                break
    chosen = sorted(found)
    random.Random(seed).shuffle(chosen)
    return chosen[:count]


class OurMatcher:
    """respin's matching alone, over a dictionary: text to matches. ``edits`` is the most typing
    errors that a word may have (0 to 2)."""

    def __init__(self, phrases: Sequence[str], model: LanguageModel, edits: int = 0) -> None:
        rows = [Row(phrase, "replacement", "news", "x", 0.1, "generated") for phrase in phrases]
        self.index = compile_rows(rows, model)
        vocabulary = Vocabulary(model.words)
        vocabulary.extend(self.index.extra_words)
        self.words = vocabulary.words
        number = vocabulary.index
        near = NearWords({word for phrase in phrases for word in phrase.split()}, edits)

        @cache
        def nearest(word: str) -> tuple[int, int]:
            found = near.nearest(word.lower()) if edits else None
            return (int(self.index.canonical[number[found[0]]]), found[1]) if found else (0, 0)

        self.forget: Callable[[], None] = nearest.cache_clear
        self.encoder = Encoder(vocabulary, self.index.word_table, self.index, nearest)

    def matches(self, texts: Sequence[str]) -> tuple[Scan, Matches]:
        """Every match of every phrase; no text's words are remembered from one call to the next."""
        self.forget()
        encoded = self.encoder.encode(scan(texts))
        return encoded.scan, match(self.index, encoded.canonical, encoded.sentence_start)

    def spans(self, text: str) -> set[tuple[int, int]]:
        """(start, end) in code points of all matches in one text that are phrases of the list."""
        found, matches = self.matches([text])
        start, end = self._listed(matches)
        return set(
            zip(
                (found.start[start] - 1).tolist(), (found.end[end - 1] - 1).tolist(), strict=True
            )
        )  # fmt: skip

    def _listed(self, matches: Matches) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        low, high = self.index.entry_start[matches.node], self.index.entry_start[matches.node + 1]
        return matches.start[high > low], matches.end[high > low]


def mistyped(
    text: str, phrases: Sequence[str], known: set[str], share: float = 0.5, seed: int = 1
) -> tuple[str, list[tuple[int, int]]]:
    """``text`` in which one word of some listed phrases has a letter too many, too few or wrong, and
    the spans of these phrases. The result is no word that anybody knows and near one listed
    word only, and only words that respin would mend are chosen (:data:`respin.fuzzy.MIN_LENGTH` letters and more)."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    words_listed = sorted({word for phrase in phrases for word in phrase.split()})
    chance = random.Random(seed)
    listed = set(phrases)
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    here = size = 0
    for found in re.finditer(r"(?<![\w'’-])[a-z]+(?: [a-z]+){0,2}(?![\w'’-])", text):
        words = found[0].split(" ")
        count = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in listed), 0)
        long = [n for n in range(count) if len(words[n]) > MIN_LENGTH]
        if not long or chance.random() > share:
            continue
        place = chance.choice(long)
        wrong = _with_error(words[place], chance)
        if wrong in known or found.start() < here:
            continue
        if (
            cdist([wrong], words_listed, scorer=Levenshtein.distance, score_cutoff=1) <= 1
        ).sum() != 1:
            continue
        before = text[here : found.start()]
        changed = " ".join([*words[:place], wrong, *words[place + 1 : count]])
        pieces += [before, changed]
        size += len(before)
        spans.append((size, size + len(changed)))
        size += len(changed)
        here = found.start() + len(" ".join(words[:count]))
    return "".join(pieces) + text[here:], spans


def _with_error(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word))
    letter = chance.choice("aeiourstnlqz")
    kind = chance.randrange(3)
    return word[:place] + letter * (kind > 0) + word[place + (kind < 2) :]
