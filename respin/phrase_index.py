"""The phrase map compiled for the matcher: a trie over word ids, and flat arrays behind it.

Every row is inflected (:mod:`respin.inflection`), its words become canonical ids
(:mod:`respin.spelling`), and both its sides go into one trie: a node can be the end of a *spun*
phrase (it then has entries, the originals that may stand behind it) and of an *original* (it then
has a kept weight: how sure each family's table would have replaced it).

Arrays of the index (magic ``RESPINIX``, version 4); F families, N nodes, E entries, W words:

============== ============ =====================================================================
extra_words    u1           words that only the map knows, UTF-8, one a line
word_keys      u8           hashes of all plain words, see :mod:`respin.word_table`
word_ids       i4           ids that go with them
canonical      i4 (W)       id of the American spelling of each word
content        u1 (W)       1 for ordinary content words: those that some table may well hold
root           i4 (W)       trie node of each first word, -1: none
child_keys     u8           sorted node << 32 | word id of every deeper step of the trie
child_nodes    i4           node that the step leads to
has_children   u1 (N)       whether any step leads on from a node
entry_start    i4 (N + 1)   entries of node n: entry_start[n] .. entry_start[n + 1]
entry_weight   f4 (E, F)    log P(spun | original, family), -inf where the family has no such row
entry_row      i4 (E)       number of the row in the map
row_text       u1           spun, original and evidence of every row, tabs between, one row a line
entry_out      i4 (E, 2)    first and last + 1 place of the original's ids in out_ids
out_ids        i4           word ids of the originals
out_text       u1           originals as text, UTF-8, one a line, in the order of the entries
spun_text      u1           spun phrases, likewise
entry_penalty  f4 (E)       log cost of a near match (hyphen, joined words), 0 for the phrase itself
kept_weight    f4 (N, F)    share of the original's uses that the family's table replaces
evidence       f4 (N, F)    log-likelihood ratio of one occurrence, spun against clean, by a unigram
                            model: the first stage of detection (:mod:`respin.inference`)
============== ============ =====================================================================
"""

from __future__ import annotations

import gc
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin import array_file
from respin.errors import DataFileError
from respin.inflection import paired_forms
from respin.language_model import LanguageModel
from respin.phrase_map import Condition, Row, parse_condition
from respin.spelling import canonical_ids
from respin.text import normalise, tokenise
from respin.vocabulary import UNKNOWN, Vocabulary, word_class
from respin.word_table import WordTable

MAGIC, VERSION = b"RESPINIX", 4
REMEDY = "Delete the file; it is made anew from the phrase map"
# All of one original's alternatives together take at most this share: some use is always kept.
_MOST_REPLACED = 0.97
# Natural-log cost of "well-being" or "wellbeing" for a listed "well being" (about 1 in 20).
_NEAR_MATCH = -3.0
# A family of fewer entries than _THIN has each row that it lacks at this share of the weight in the
# family that has most of it. In the large families an echo costs 0.7 points of errors removed.
_ECHO, _THIN = 0.005, 600
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*\Z")
# First-stage evidence is added up in whole units of so many nats: sums of integers are the same in
# any order, so no result hangs on what other documents are in the batch.
EVIDENCE_UNIT = 1 / 2048
_STEP_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_TYPICAL_INTENSITY = 0.7
_FUNCTION_WORDS = 200  # so many of the most frequent words, more or less

Phrase = tuple[int, ...]


@dataclass
class PhraseIndex:
    """The compiled map; all arrays as in the module's table."""

    families: tuple[str, ...]
    arrays: array_file.Arrays
    conditions: tuple[tuple[Condition, ...], ...]
    entry_condition: NDArray[np.int32]

    def __post_init__(self) -> None:
        arrays = self.arrays
        self.canonical: NDArray[np.int32] = arrays["canonical"]
        self.content: NDArray[np.uint8] = arrays["content"]
        self.root: NDArray[np.int32] = arrays["root"]
        self.child_keys: NDArray[np.uint64] = arrays["child_keys"]
        self.child_nodes: NDArray[np.int32] = arrays["child_nodes"]
        self.has_children: NDArray[np.bool_] = arrays["has_children"].view(np.bool_)
        self.entry_start: NDArray[np.int32] = arrays["entry_start"]
        self.entry_weight: NDArray[np.float32] = arrays["entry_weight"]
        self.entry_row: NDArray[np.int32] = arrays["entry_row"]
        self.entry_out: NDArray[np.int32] = arrays["entry_out"]
        self.out_ids: NDArray[np.int32] = arrays["out_ids"]
        self.entry_penalty: NDArray[np.float32] = arrays["entry_penalty"]
        self.kept_weight: NDArray[np.float32] = arrays["kept_weight"]
        self.evidence: NDArray[np.float32] = arrays["evidence"]
        self.word_table = WordTable(arrays["word_keys"], arrays["word_ids"])
        self.evidence_units = np.rint(self.evidence / EVIDENCE_UNIT).astype(np.int16)
        self.is_later_word = np.zeros(len(self.canonical), bool)
        self.is_later_word[(self.child_keys & np.uint64(0xFFFFFFFF)).view(np.int64)] = True
        self.likely_steps = _likely(self.child_keys)
        self._texts: dict[str, list[str]] = {}

    def _text(self, name: str, number: int) -> str:
        if name not in self._texts:
            self._texts[name] = bytes(self.arrays[name]).decode("utf-8").split("\n")
        return self._texts[name][number]

    def out_text(self, entry: int) -> str:
        """The original phrase of an entry, as the map writes it."""
        return self._text("out_text", entry)

    def spun_text(self, entry: int) -> str:
        """The spun phrase of an entry."""
        return self._text("spun_text", entry)

    def row_text(self, entry: int) -> tuple[str, str, str]:
        """(spun, original, evidence) of the map's row behind an entry."""
        spun, original, evidence = self._text("row_text", int(self.entry_row[entry])).split("\t")
        return spun, original, evidence

    def is_article(self, entry: int) -> bool:
        """Whether an entry is one of the two that let a and an change into each other."""
        return entry >= len(self.entry_row) - 2

    @property
    def extra_words(self) -> list[str]:
        text = bytes(self.arrays["extra_words"]).decode("utf-8")
        return text.split("\n") if text else []

    def save(self, path: Path) -> None:
        """Write the index atomically (for :func:`load`)."""
        meta = {
            "families": list(self.families),
            "conditions": [
                [[part.kind, list(part.words), part.distance] for part in parts]
                for parts in self.conditions
            ],
        }
        arrays = self.arrays | {"entry_condition": self.entry_condition}
        array_file.write(path, MAGIC, VERSION, arrays, meta)

    @classmethod
    def load(cls, path: Path) -> PhraseIndex:
        arrays, meta = array_file.read(path, MAGIC, VERSION, REMEDY)
        conditions = tuple(
            tuple(Condition(kind, tuple(words), distance) for kind, words, distance in parts)
            for parts in meta["conditions"]
        )
        entry_condition = arrays.pop("entry_condition")
        return cls(tuple(meta["families"]), arrays, conditions, entry_condition)


def _likely(keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """A table that says of most steps that are not in the trie that they are not (a Bloom filter of
    one hash function), so that few are searched for."""
    table = np.zeros(1 << max(8, (16 * len(keys)).bit_length()), bool)
    table[step_hash(keys, table)] = True
    return table


def step_hash(keys: NDArray[np.uint64], table: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Place of trie steps in the table of likely ones."""
    shift = np.uint64(65 - len(table).bit_length())
    return (keys * _STEP_SPREAD >> shift).view(np.int64)


def cached(
    maps: Sequence[Path], model: LanguageModel, model_path: Path, cache: Path | None
) -> PhraseIndex:
    """The index of some map files, from the cache where it lies there, else compiled and put there.

    The cache's key is the content of the maps, the size and time of the model file, and the code's
    version; a cache that cannot be read or written is passed over in silence, as it is only a cache.
    """
    from respin.phrase_map import read

    place: Path | None = None
    if cache is not None:
        stat = os.stat(model_path)
        key = hashlib.blake2b(f"{VERSION}:{stat.st_size}:{stat.st_mtime_ns}".encode())
        key.update(_code_fingerprint())
        for path in maps:
            if path.exists():
                key.update(path.read_bytes())
        place = cache / f"{key.hexdigest()[:32]}.idx"
        try:
            return PhraseIndex.load(place)
        except (DataFileError, OSError):
            pass
    # Hundreds of thousands of small objects are made and none is garbage: the collector's rounds
    # over them would be a sixth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        index = compile_rows([row for path in maps for row in read(path)], model)
    finally:
        if collecting:
            gc.enable()
    if place is not None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            index.save(place)
        except OSError:
            pass
    return index


def _code_fingerprint() -> bytes:
    """Size and time of the modules that shape the index, so that a changed respin compiles anew."""
    here = Path(__file__).parent
    names = (
        "phrase_index.py",
        "inflection.py",
        "spelling.py",
        "phrase_map.py",
        "text.py",
        "word_table.py",
    )
    stats = [(here / name).stat() for name in names if (here / name).exists()]
    return repr([(stat.st_size, stat.st_mtime_ns) for stat in stats]).encode()


class _Compiler:
    """Collects phrases and entries, then lays them out as arrays."""

    def __init__(self, rows: Sequence[Row], model: LanguageModel) -> None:
        self.model = model
        self.vocabulary = Vocabulary(model.words)
        self.families = tuple(sorted({row.family for row in rows}))
        self.family_number = {name: number for number, name in enumerate(self.families)}
        # (spun words, original text) -> [weight by family, row number, near-match cost, condition]
        self.entries: dict[tuple[str, str], list[Any]] = {}
        self.conditions: list[tuple[Condition, ...]] = [()]
        self._condition_number: dict[str, int] = {"": 0}
        for number, row in enumerate(rows):
            self._add(row, number)

    def _add(self, row: Row, number: int) -> None:
        known = self.vocabulary.index
        family = self.family_number[row.family]
        for spun, original in paired_forms(row.spun, row.original, row.part):
            if spun != row.spun and not all(word in known for word in f"{spun} {original}".split()):
                continue
            entry = self.entries.setdefault(
                (spun, original), [np.zeros(len(self.families)), number, 0.0, 0]
            )
            entry[0][family] = max(entry[0][family], row.weight)
            if row.condition:
                entry[3] = self._condition(row.condition)

    def _condition(self, text: str) -> int:
        if text not in self._condition_number:
            self._condition_number[text] = len(self.conditions)
            self.conditions.append(parse_condition(text))
        return self._condition_number[text]

    def words_of(self, phrase: str) -> list[str]:
        if _PLAIN.match(phrase):
            return phrase.split()
        return [word_class(normalise(raw)) for raw in tokenise(phrase).raw]

    def near_matches(self) -> None:
        """Entries for the hyphenated and the joined writing of two-word phrases, and back."""
        known = self.vocabulary.index
        phrases = {spun for spun, _ in self.entries}
        for (spun, original), (weights, number, _, condition) in list(self.entries.items()):
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
                self.entries.setdefault(
                    (variant, original), [weights, number, _NEAR_MATCH, condition]
                )

    def original_ids(self, words: Iterable[str]) -> list[int]:
        """Ids of an original; an acronym takes the id of its capitals where that is the usual one."""
        index, unigram = self.vocabulary.index, self.model.unigram
        ids = []
        for word in words:
            number = index.get(word, UNKNOWN)
            upper = index.get(word.upper()) if word.isalpha() else None
            if upper is not None and upper != number:
                scores = unigram(np.array([number, upper]))
                number = upper if scores[1] > scores[0] or number == UNKNOWN else number
            ids.append(number)
        return ids


def compile_rows(rows: Sequence[Row], model: LanguageModel) -> PhraseIndex:
    """Compile rows (later ones win over earlier ones of the same key) for a language model."""
    compiler = _Compiler(rows, model)
    compiler.near_matches()
    vocabulary, entries = compiler.vocabulary, compiler.entries
    spun_words = [compiler.words_of(spun) for spun, _ in entries]
    original_words = [compiler.words_of(original) for _, original in entries]
    vocabulary.extend(word for words in spun_words + original_words for word in words)
    canonical = canonical_ids(vocabulary.words, vocabulary.index)

    def canonical_phrase(words: list[str]) -> Phrase:
        return tuple(int(canonical[vocabulary.index[word]]) for word in words)

    trie = _Trie(len(vocabulary.words))
    weights = np.array([entry[0] for entry in entries.values()], np.float64)
    weights = weights.reshape(len(entries), len(compiler.families))
    penalty = np.array([entry[2] for entry in entries.values()], np.float32)
    spun_phrase = [canonical_phrase(words) for words in spun_words]
    original_phrase = [canonical_phrase(words) for words in original_words]
    real = np.array([s != o for s, o in zip(spun_phrase, original_phrase, strict=True)], bool)
    spun_node = np.array([trie.add(phrase) for phrase in spun_phrase], np.int64)
    original_node = np.array([trie.add(phrase) for phrase in original_phrase], np.int64)

    exact = (penalty == 0) & real
    kept = np.zeros((trie.size, len(compiler.families)))
    np.add.at(kept, original_node[exact], weights[exact])
    scale = np.minimum(1.0, _MOST_REPLACED / np.maximum(kept, 1e-9))
    weights = weights * scale[original_node]
    kept = kept * scale

    # A family with few rows surely uses some that were only seen elsewhere: a weak echo of them.
    thin = (weights > 0).sum(axis=0) < _THIN
    echo = _ECHO * weights.max(axis=1, keepdims=True, initial=0.0)
    weights = np.maximum(weights, echo * thin)
    order = np.flatnonzero(real)
    order = order[np.argsort(spun_node[order], kind="stable")]
    out_ids = [compiler.original_ids(words) for words in original_words]
    texts = list(entries)
    # Two entries of no node come last: the other article, "a" and then "an".
    articles = [compiler.original_ids([word]) for word in ("a", "an")]
    lengths = np.array([len(out_ids[number]) for number in order] + [1, 1], np.int64)
    stops = np.cumsum(lengths)
    with np.errstate(divide="ignore"):
        log_weights = np.log(weights[order]).astype(np.float32)
    log_weights = np.pad(log_weights, ((0, 2), (0, 0)))
    values = list(entries.values())
    flat_out = [i for number in order for i in out_ids[number]] + [i for a in articles for i in a]
    model_words = len(model.words)
    table = WordTable.build(vocabulary.words)
    arrays: dict[str, NDArray[Any]] = {
        "extra_words": np.frombuffer("\n".join(vocabulary.words[model_words:]).encode(), np.uint8),
        "word_keys": table.keys,
        "word_ids": table.ids,
        "canonical": canonical,
        "content": _content_words(vocabulary.words, model),
        **trie.arrays(),
        "entry_start": np.searchsorted(spun_node[order], np.arange(trie.size + 1)).astype(np.int32),
        "entry_weight": log_weights,
        "entry_row": np.array([values[number][1] for number in order] + [-1, -1], np.int32),
        "entry_out": np.stack([stops - lengths, stops], 1).astype(np.int32),
        "out_ids": np.array(flat_out, np.int32),
        "row_text": _lines([f"{row.spun}\t{row.original}\t{row.evidence}" for row in rows]),
        "spun_text": _lines([texts[n][0] for n in order] + ["an", "a"]),
        "out_text": _lines([texts[n][1] for n in order] + ["a", "an"]),
        "entry_penalty": np.append(penalty[order], [0, 0]).astype(np.float32),
        "kept_weight": kept.astype(np.float32),
        "evidence": _evidence(
            trie, model, kept, spun_phrase, original_phrase, spun_node, weights, exact
        ),
    }
    conditions = np.array([values[number][3] for number in order] + [0, 0], np.int32)
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
    trie: _Trie, model: LanguageModel, kept: NDArray[np.float64],
    spun: Sequence[Phrase], original: Sequence[Phrase],
    spun_node: NDArray[np.int64], weights: NDArray[np.float64], exact: NDArray[np.bool_],
) -> NDArray[np.float32]:  # fmt: skip
    """log (1 - lambda W(s) + lambda sum_u P(u) w(s | u) / P(s)) for every node and family."""
    if not len(spun):
        return np.zeros(kept.shape, np.float32)
    ratio = np.exp(np.clip(_phrase_scores(model, original) - _phrase_scores(model, spun), -20, 12))
    spun_mass = np.zeros_like(kept)
    np.add.at(spun_mass, spun_node[exact], (weights * ratio[:, None])[exact])
    mixed = 1 - _TYPICAL_INTENSITY * kept + _TYPICAL_INTENSITY * spun_mass
    return np.clip(np.log(mixed), -2.5, 6.0).astype(np.float32)
