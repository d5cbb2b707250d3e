"""The phrase map compiled for the matcher: a trie over word ids, and flat arrays behind it.

Every row is inflected (:mod:`respin.inflection`), its words become canonical ids
(:mod:`respin.spelling`), and both its sides go into one trie: a node can be the end of a *spun*
phrase (it then has entries, the originals that may stand behind it) and of an *original* (it then
has a kept weight: how sure each family's table would have replaced it).

Arrays of the index (magic ``RESPINIX``, version 5); F families, N nodes, E entries, W words:

============== ============ =====================================================================
extra_words    u1           words and numbers that only the map knows, UTF-8, one a line
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
entry_usage    f4 (E, F)    what the original gains in the family's texts, and the row by how it did on
                            real pages (:mod:`respin.usage`)
entry_row      i4 (E, F)    number of the family's row in the map, -1: it has none
row_text       u1           spun, original and evidence of every row, tabs between, one row a line
entry_out      i4 (E, 2)    first and last + 1 place of the original's ids in out_ids
out_ids        i4           word ids of the originals
original_node  i4 (E)       trie node of each original; -1 for the two articles
out_text       u1           originals as text, UTF-8, one a line, in the order of the entries
spun_text      u1           spun phrases, likewise
entry_penalty  f4 (E)       log cost of a near match (hyphen, joined words), 0 for the phrase itself
kept_weight    f4 (N, F)    share of the original's uses that the family's table replaces
evidence       f4 (N, F)    log-likelihood ratio of one occurrence, spun against clean, by a unigram
                            model: the first stage of detection (:mod:`respin.inference`)
============== ============ =====================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin import array_file
from respin.phrase_map import Condition
from respin.word_table import WordTable

MAGIC, VERSION = b"RESPINIX", 6
REMEDY = "Delete the file; it is made anew from the phrase map"
# First-stage evidence is added up in whole units of so many nats: sums of integers are the same in
# any order, so no result hangs on what other documents are in the batch.
EVIDENCE_UNIT = 1 / 2048
_STEP_SPREAD = np.uint64(0x9E3779B97F4A7C15)


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
        self.entry_usage: NDArray[np.float32] = arrays["entry_usage"]
        self.entry_row: NDArray[np.int32] = arrays["entry_row"]
        self.entry_out: NDArray[np.int32] = arrays["entry_out"]
        self.original_node: NDArray[np.int32] = arrays["original_node"]
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
        self._trimmed: dict[int, tuple[int, int, str]] = {}

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

    def row_text(self, entry: int, family: int) -> tuple[str, str, str]:
        """(spun, original, evidence) of the map's row of a family behind an entry; where the family
        has none, of another family's."""
        rows = self.entry_row[entry]
        row = int(rows[family] if rows[family] >= 0 else rows.max())
        spun, original, evidence = self._text("row_text", row).split("\t")
        return spun, original, evidence

    def is_article(self, entry: int) -> bool:
        """Whether an entry is one of the two that let a and an change into each other."""
        return entry >= len(self.entry_row) - 2

    def are_articles(self, entries: NDArray[np.int64]) -> NDArray[np.bool_]:
        """:meth:`is_article` of many entries."""
        return entries >= len(self.entry_row) - 2

    def trimmed(self, entry: int) -> tuple[int, int, str]:
        """Words at the beginning and at the end of a spun phrase that its original has too, and
        the original without them: ("within the", "in the") is 0, 1 and "in"."""
        known = self._trimmed.get(entry)
        if known is None:
            known = self._trimmed[entry] = _trimmed(
                self.spun_text(entry).split(" "), self.out_text(entry).split(" ")
            )
        return known

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
        """The index that :meth:`save` wrote."""
        return cls._of(*array_file.read(path, MAGIC, VERSION, REMEDY))

    @classmethod
    def parse(cls, data: bytes, path: Path) -> PhraseIndex:
        """The index that a file holds; ``path`` names it in errors."""
        return cls._of(*array_file.parse(memoryview(data), path, MAGIC, VERSION, REMEDY))

    @classmethod
    def _of(cls, arrays: array_file.Arrays, meta: dict[str, Any]) -> PhraseIndex:
        conditions = tuple(
            tuple(Condition(kind, tuple(words), distance) for kind, words, distance in parts)
            for parts in meta["conditions"]
        )
        entry_condition = arrays.pop("entry_condition")
        return cls(tuple(meta["families"]), arrays, conditions, entry_condition)


def _trimmed(spun: list[str], original: list[str]) -> tuple[int, int, str]:
    left = right = 0
    # Only where each word is one token: "company's" is two, and nothing is trimmed there.
    if all(word.isalpha() for word in spun):
        while min(len(spun), len(original)) > 1 and spun[-1] == original[-1]:
            right += 1
            spun, original = spun[:-1], original[:-1]
        while min(len(spun), len(original)) > 1 and spun[0] == original[0]:
            left += 1
            spun, original = spun[1:], original[1:]
    return left, right, " ".join(original)


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
