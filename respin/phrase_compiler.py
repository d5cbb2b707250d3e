"""Compiles rows of the phrase map into the arrays of :class:`respin.phrase_index.PhraseIndex`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin import usage
from respin.inflection import paired_forms
from respin.language_model import LanguageModel
from respin.phrase_index import PhraseIndex
from respin.phrase_map import Condition, Row, parse_condition
from respin.spelling import canonical_ids
from respin.text import normalise, tokenise
from respin.vocabulary import UNKNOWN, Vocabulary, model_ids, word_class
from respin.word_table import WordTable

# All of one original's alternatives together take at most this share: some use is always kept.
_MOST_REPLACED = 0.97
# Natural-log cost of "well-being" or "wellbeing" for a listed "well being" (about 1 in 20).
_NEAR_MATCH = -3.0
# A family of fewer entries than _THIN has each row that it lacks at this share of the weight in the
# family that has most of it. In the large families an echo costs 0.7 points of errors removed.
_ECHO, _THIN = 0.005, 600
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*\Z")
_TYPICAL_INTENSITY = 0.7
# Families that spin the parts of hyphenated words ("light-touchy", "fee-powerful"), and the share of
# such words that they change: 49 of 105 in 51 pages, 8 of 22 in 20. News leaves them whole (26 of 434).
_SPINS_PARTS = {"rewriter": 0.5, "academic": 0.4}
# Alternatives of a part that go into compounds: so many, of at least this weight.
_PART_ALTERNATIVES, _PART_WEIGHT = 4, 0.05
# And a compound needs this one: without it there are 6,500 entries more, for 0.1 to 0.3 points of rewriter.
_COMPOUND_WEIGHT = 0.02
# log of the share that one number has among all long ones: 100 is 3 %, 1,000 1 % of those in data/prose.
_NUMBER_SHARE = -4.0
_FUNCTION_WORDS = 200  # so many of the most frequent words, more or less

Phrase = tuple[int, ...]


class _Compiler:
    """Collects phrases and entries, then lays them out as arrays."""

    def __init__(self, rows: Sequence[Row], model: LanguageModel) -> None:
        self.model = model
        self.vocabulary = Vocabulary(model.words)
        self.families = tuple(sorted({row.family for row in rows}))
        self.family_number = {name: number for number, name in enumerate(self.families)}
        # (spun, original, number of the condition) -> [{family: (weight, row)}, near-match cost]
        self.entries: dict[tuple[str, str, int], list[Any]] = {}
        self.conditions: list[tuple[Condition, ...]] = [()]
        self._condition_number: dict[str, int] = {"": 0}
        self._ids: dict[str, int] = {}
        for number, row in enumerate(rows):
            self._add(row, number)

    def _add(self, row: Row, number: int) -> None:
        known = self.vocabulary.index
        family = self.family_number[row.family]
        for spun, original in paired_forms(row.spun, row.original, row.part):
            if spun != row.spun and not all(word in known for word in f"{spun} {original}".split()):
                continue
            # A condition is its row's own: another family's row for the same phrase is not bound by it.
            key = spun, original, self._condition(row.condition)
            entry = self.entries.get(key)
            if entry is None:
                self.entries[key] = [{family: (row.weight, number)}, 0.0]
            elif family not in entry[0] or entry[0][family][0] <= row.weight:
                entry[0][family] = row.weight, number

    def _condition(self, text: str) -> int:
        if text not in self._condition_number:
            self._condition_number[text] = len(self.conditions)
            self.conditions.append(parse_condition(text))
        return self._condition_number[text]

    def words_of(self, phrase: str) -> list[str]:
        if _PLAIN.match(phrase):
            return phrase.split()
        return [normalise(raw) for raw in tokenise(phrase).raw]

    def near_matches(self) -> None:
        """Entries for the hyphenated and the joined writing of two-word phrases, and back."""
        known = self.vocabulary.index
        phrases = {spun for spun, _, _ in self.entries}
        for (spun, original, condition), (rows, _) in list(self.entries.items()):
            if "-" in spun and " " not in spun:
                variants = [spun.replace("-", " "), spun.replace("-", "")]
            elif spun.count(" ") == 1 and _PLAIN.match(spun) and len(spun) >= 8:
                variants = [spun.replace(" ", "-"), spun.replace(" ", "")]
            else:
                continue
            for variant in variants:
                if variant in phrases or variant == original:
                    continue
                if variant in known and " " not in variant and "-" not in variant:
                    continue  # "into" is no near match of "in to"
                self.entries.setdefault((variant, original, condition), [rows, _NEAR_MATCH])

    def compounds(self) -> None:
        """Entries for hyphenated words of the model's vocabulary whose parts have rows in a family that
        spins parts: "light-touchy" for "light-sensitive"."""
        originals = [
            parts
            for word in self.model.words
            if word.count("-") == 1 and all(map(str.isalpha, parts := word.split("-")))
        ]
        for name, share in _SPINS_PARTS.items():
            if name not in self.family_number:
                continue
            family = self.family_number[name]
            table = self._alternatives(family)
            for left, right in originals:
                self._compound(left, right, family, share, table)

    def _alternatives(self, family: int) -> dict[str, list[tuple[float, str, int]]]:
        """(weight, spun, row) of the likeliest alternatives of every single word."""
        table: dict[str, list[tuple[float, str, int]]] = {}
        for (spun, original, condition), (rows, penalty) in self.entries.items():
            if condition == 0 and not penalty and family in rows and original.isalpha():
                weight, row = rows[family]
                if weight >= _PART_WEIGHT and _PLAIN.match(spun):
                    table.setdefault(original, []).append((weight, spun, row))
        for original, found in table.items():
            table[original] = sorted(found, reverse=True)[:_PART_ALTERNATIVES]
        return table

    def _compound(
        self, left: str, right: str, family: int, share: float,
        table: dict[str, list[tuple[float, str, int]]],
    ) -> None:  # fmt: skip
        changed = [
            [*table.get(part, []), (1.0 - sum(w for w, _, _ in table.get(part, [])), part, -1)]
            for part in (left, right)
        ]
        original = f"{left}-{right}"
        for weight, first, row in changed[0]:
            for other_weight, second, other_row in changed[1]:
                which = max(row, other_row)
                spun = f"{first}-{second}"
                value = share * weight * max(other_weight, 0.05)
                if which < 0 or value < _COMPOUND_WEIGHT or spun in self.vocabulary.index:
                    continue  # unchanged, too rare, or a word of its own
                known = self.entries.setdefault((spun, original, 0), [{}, 0.0])
                known[0].setdefault(family, (value, which))

    def original_ids(self, words: Iterable[str]) -> list[int]:
        """Ids of an original; an acronym takes the id of its capitals where that is the usual one."""
        return [self._original_id(word) for word in words]

    def _original_id(self, word: str) -> int:
        known = self._ids.get(word)
        if known is None:
            index, unigram = self.vocabulary.index, self.model.unigram
            known = index.get(word, UNKNOWN)
            if not 0 < known < len(self.model.words):
                known = index.get(word_class(word), known)
            upper = index.get(word.upper()) if word.isalpha() else None
            if upper is not None and upper != known:
                scores = unigram(np.array([known, upper]))
                known = upper if scores[1] > scores[0] or known == UNKNOWN else known
            self._ids[word] = known
        return known

    def usage(self, rows: Sequence[Row]) -> NDArray[np.float64]:
        """What the original of each entry gains in each family (see :mod:`respin.usage`), nats."""

        def log_probability(phrases: Sequence[str]) -> NDArray[np.float64]:
            ids = [tuple(self.original_ids(self.words_of(phrase))) for phrase in phrases]
            return _phrase_scores(self.model, ids)

        found = usage.boosts(rows, log_probability)
        gain = np.zeros((len(self.entries), len(self.families)))
        by_original: dict[str, list[int]] = {}
        for number, (_, original, _) in enumerate(self.entries):
            by_original.setdefault(original, []).append(number)
        for (family, original), nats in found.items():
            gain[by_original.get(original, []), self.family_number[family]] = nats
        return gain


class _Phrases:
    """The distinct phrases of both sides, each handled once: ``number`` by text, ``words``,
    ``ids`` (canonical), trie ``node`` and ``score`` (log P) by number."""

    def __init__(self, compiler: _Compiler) -> None:
        texts = [text for spun, original, _ in compiler.entries for text in (spun, original)]
        self.number = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        self.words = [compiler.words_of(text) for text in self.number]
        vocabulary = compiler.vocabulary
        vocabulary.extend(word for words in self.words for word in words)
        self.canonical = canonical_ids(vocabulary.words, vocabulary.index)
        canonical, index = self.canonical.tolist(), vocabulary.index
        self.ids = [tuple([canonical[index[word]] for word in words]) for words in self.words]
        self.trie = _Trie(len(vocabulary.words))
        self.node = np.array([self.trie.add(ids) for ids in self.ids], np.int64)
        self.score = self._scores(compiler)

    def _scores(self, compiler: _Compiler) -> NDArray[np.float64]:
        """log P; a certain number (100) is a part of what the model knows as a number."""
        classes = model_ids(compiler.vocabulary.words, len(compiler.model.words)).tolist()
        exact = [sum(classes[n] != n for n in ids) for ids in self.ids]
        ids = [tuple(classes[n] for n in ids) for ids in self.ids]
        return _phrase_scores(compiler.model, ids) + _NUMBER_SHARE * np.array(exact, np.float64)

    def numbers(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """Numbers of phrases."""
        return np.array([self.number[text] for text in texts], np.int64)


@dataclass
class _Weights:
    """By entry and family the ``weights``, by node and family the share that is ``kept`` from them
    (what the family replaces)."""

    weights: NDArray[np.float64]
    kept: NDArray[np.float64]


def _scaled(
    weights: NDArray[np.float64], original_node: NDArray[np.int64], exact: NDArray[np.bool_],
    nodes: int,
) -> _Weights:  # fmt: skip
    """Weights whose sums over the alternatives of an original stay below :data:`_MOST_REPLACED`,
    with the echoes that thin families get."""
    kept = np.zeros((nodes, weights.shape[1]))
    np.add.at(kept, original_node[exact], weights[exact])
    scale = np.minimum(1.0, _MOST_REPLACED / np.maximum(kept, 1e-9))
    weights = weights * scale[original_node]
    # A family with few rows surely uses some that were only seen elsewhere: a weak echo of them.
    thin = (weights > 0).sum(axis=0) < _THIN
    echo = _ECHO * weights.max(axis=1, keepdims=True, initial=0.0)
    return _Weights(np.maximum(weights, echo * thin), kept * scale)


def compile_rows(rows: Sequence[Row], model: LanguageModel) -> PhraseIndex:
    """Compile rows for a language model."""
    compiler = _Compiler(rows, model)
    compiler.near_matches()
    compiler.compounds()
    entries, values = list(compiler.entries), list(compiler.entries.values())
    phrases = _Phrases(compiler)
    spun = phrases.numbers(text for text, _, _ in entries)
    original = phrases.numbers(text for _, text, _ in entries)
    spun_node, original_node = phrases.node[spun], phrases.node[original]
    penalty = np.array([value[1] for value in values], np.float32)
    real = spun_node != original_node
    exact = (penalty == 0) & real
    weights = np.zeros((len(entries), len(compiler.families)))
    row_of = np.full(weights.shape, -1, np.int32)
    for place, (by_family, _) in enumerate(values):
        for family, (weight, row) in by_family.items():
            weights[place, family] = weight
            row_of[place, family] = row
    scaled = _scaled(weights, original_node, exact, phrases.trie.size)
    gain = compiler.usage(rows)
    fared = np.array([usage.measured_gain(row) for row in rows] + [0.0])  # the last for "no row"

    order = np.flatnonzero(real)
    order = order[np.argsort(spun_node[order], kind="stable")]
    places = order.tolist()
    texts = [entries[place] for place in places]
    with np.errstate(divide="ignore"):
        log_weights = np.log(scaled.weights[order]).astype(np.float32)
    # Two entries of no node come last: the other article, "a" and then "an".
    two = ((0, 2), (0, 0))
    distinct = dict.fromkeys(text for _, text, _ in texts)
    out = {text: compiler.original_ids(phrases.words[phrases.number[text]]) for text in distinct}
    originals = [out[text] for _, text, _ in texts]
    originals += [compiler.original_ids([word]) for word in ("a", "an")]
    lengths = np.fromiter(map(len, originals), np.int64, len(originals))
    stops = np.cumsum(lengths)
    vocabulary = compiler.vocabulary
    table = WordTable.build(vocabulary.words)
    arrays: dict[str, NDArray[Any]] = {
        "extra_words": _lines(vocabulary.words[len(model.words) :]),
        "word_keys": table.keys,
        "word_ids": table.ids,
        "canonical": phrases.canonical,
        "content": _content_words(vocabulary.words, model),
        **phrases.trie.arrays(),
        "entry_start": np.searchsorted(
            spun_node[order], np.arange(phrases.trie.size + 1)
        ).astype(np.int32),
        "entry_weight": np.pad(log_weights, two),
        "entry_usage": np.pad((gain + fared[row_of])[order], two).astype(np.float32),
        "entry_row": np.pad(row_of[order], two, constant_values=-1),
        "entry_out": np.stack([stops - lengths, stops], 1).astype(np.int32),
        "original_node": np.append(original_node[order], [-1, -1]).astype(np.int32),
        "out_ids": np.array([number for ids in originals for number in ids], np.int32),
        "row_text": _lines([f"{row.spun}\t{row.original}\t{row.evidence}" for row in rows]),
        "spun_text": _lines([text for text, _, _ in texts] + ["an", "a"]),
        "out_text": _lines([text for _, text, _ in texts] + ["a", "an"]),
        "entry_penalty": np.append(penalty[order], [0, 0]).astype(np.float32),
        "kept_weight": scaled.kept.astype(np.float32),
        "evidence": _evidence(
            scaled.kept, (scaled.weights * np.exp(gain))[exact], spun_node[exact],
            phrases.score[original[exact]] - phrases.score[spun[exact]],
        ),
    }  # fmt: skip
    conditions = np.array([condition for _, _, condition in texts] + [0, 0], np.int32)
    return PhraseIndex(compiler.families, arrays, tuple(compiler.conditions), conditions)


def _lines(texts: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def _content_words(words: Sequence[str], model: LanguageModel) -> NDArray[np.uint8]:
    known = len(model.words)
    order = np.argsort(-model.unigram(np.arange(known)))
    content = np.array([len(w) > 3 and w.isalpha() and w.islower() for w in words], np.uint8)
    content[order[:_FUNCTION_WORDS]] = 0
    return content


class _Trie:
    def __init__(self, words: int) -> None:
        self.root = np.full(words, -1, np.int32)
        self.steps: dict[tuple[int, int], int] = {}
        self.size = 0

    def add(self, phrase: Phrase) -> int:
        """Node of a phrase, made where it was not there."""
        node = int(self.root[phrase[0]])
        if node < 0:
            node = self._new()
            self.root[phrase[0]] = node
        for word in phrase[1:]:
            step = (node, word)
            node = self.steps.get(step, -1)
            if node < 0:
                node = self.steps[step] = self._new()
        return node

    def _new(self) -> int:
        self.size += 1
        return self.size - 1

    def arrays(self) -> dict[str, NDArray[Any]]:
        keys = np.array([node << 32 | word for node, word in self.steps], np.uint64)
        nodes = np.fromiter(self.steps.values(), np.int32, len(self.steps))
        order = np.argsort(keys)
        has_children = np.zeros(self.size, np.uint8)
        has_children[(keys >> np.uint64(32)).astype(np.int64)] = 1
        return {
            "root": self.root, "child_keys": keys[order], "child_nodes": nodes[order],
            "has_children": has_children,
        }  # fmt: skip


def _phrase_scores(model: LanguageModel, phrases: Sequence[Phrase]) -> NDArray[np.float64]:
    """log P of each phrase by unigram and bigrams; words that only the map knows cost -16."""
    if not phrases:
        return np.zeros(0)
    firsts = np.array([phrase[0] for phrase in phrases], np.int64)
    known = len(model.words)
    flat = [(n, a, b) for n, p in enumerate(phrases) for a, b in zip(p, p[1:], strict=False)]
    unlisted = -16.0
    score = np.where(firsts < known, model.unigram(np.minimum(firsts, known - 1)), unlisted)
    score = score.astype(np.float64)
    if flat:
        where, first, second = (np.array(column, np.int64) for column in zip(*flat, strict=True))
        inside = (first < known) & (second < known)
        pairs = np.full(len(where), unlisted)
        pairs[inside] = model.bigram(first[inside], second[inside])
        np.add.at(score, where, pairs)
    return score


def _evidence(
    kept: NDArray[np.float64], weights: NDArray[np.float64], node: NDArray[np.int64],
    gain: NDArray[np.float64],
) -> NDArray[np.float32]:  # fmt: skip
    """log (1 - lambda W(s) + lambda sum_u P(u) w(s | u) / P(s)) for every node and family; of each
    entry the ``weights``, the spun phrase's ``node`` and ``gain``, log P(u) - log P(s)."""
    spun_mass = np.zeros_like(kept)
    np.add.at(spun_mass, node, weights * np.exp(np.clip(gain, -20, 12))[:, None])
    mixed = 1 - _TYPICAL_INTENSITY * kept + _TYPICAL_INTENSITY * spun_mass
    return np.clip(np.log(mixed), -2.5, 6.0).astype(np.float32)
