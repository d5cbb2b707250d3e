"""Learning rows of a phrase map from examples: spun texts, beside their originals or alone.

From pairs the substitutions are counted, and how often each original stood unchanged: their ratio is
the weight. From spun texts alone the weights of rows that a map already has are estimated by
expectation-maximisation (Dempster, Laird & Rubin 1977): restore, count what was probably written for
what, weigh the rows by the counts, and again.
"""

from __future__ import annotations

import difflib
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from respin.phrase_map import MAX_PHRASE_WORDS, Row, write
from respin.restorer import Restorer
from respin.text import normalise, tokenise

LONGEST = 6  # words on a side; longer blocks are rewritten passages, not substitutions
# An original that was seen once and replaced once is no proof of "always": so many uses are added
# that were neither.
_UNSEEN_USES = 1.0
# What the map's own weight counts for against the expected counts, in uses of the original.
_PRIOR_USES = 5.0
LEAST_WEIGHT = 0.002  # rows below it are left out, as in the shipped map
_SMALLEST = 0.0001  # weights are written with four places, and must stay above 0
# Words that hardly ever stand for each other alone: "consisting of" for "such as" is one phrase, not
# "consisting" for "such" and "of" for "as".
FUNCTION_WORDS = frozenset(
    """a an the of to in on at by for with from as into onto upon over under out up off down about than
    and or but nor so if that which who whom whose this these those it its they them their he she his
    her we us our you your i me my is are was were be been being am has have had do does did will would
    can could may might shall should must not no such own there here all each every""".split()
)


_GRAMMAR = frozenset(["a", "an", "the", "'s", "is", "s"])

Known = Callable[[str, str], bool]  # (spun, original)


def nothing_known(spun: str, original: str) -> bool:
    """No substitution is known."""
    return False


@dataclass
class Counts:
    """What pairs of texts add up to: ``replaced`` by (spun, original), ``left``, how often each word
    of the originals stood unchanged, ``pairs`` read, and ``passed_over``, blocks that were too long."""

    replaced: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    pairs: int = 0
    passed_over: int = 0

    def add(self, spun: str, original: str, known: Known = nothing_known) -> None:
        """Align a spun text with its original, and count; ``known`` tells substitutions that are
        known already, which longer blocks are then divided by.

        >>> counts = Counts()
        >>> counts.add("rising provide chain stress", "rising supply chain pressure")
        >>> sorted(counts.replaced)
        [('provide', 'supply'), ('stress', 'pressure')]
        """
        before, after = words_of(spun), words_of(original)
        self.pairs += 1
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for kind, low, high, start, end in matcher.get_opcodes():
            if kind == "equal":
                self.left.update(after[start:end])
            elif kind == "replace":
                self._block(before[low:high], after[start:end], known)
            else:
                self._grown(before, after, (low, high, start, end), known)

    def _grown(
        self, spun: list[str], original: list[str], place: tuple[int, int, int, int], known: Known
    ) -> None:
        """Words that one side has more: "court docket" beside "court" is a substitution where it is
        known, with the neighbour after or before them."""
        low, high, start, end = place
        if max(high - low, end - start) > LONGEST:
            return
        for back, ahead in ((0, 1), (1, 0)):
            a = " ".join(spun[max(low - back, 0) : high + ahead])
            b = " ".join(original[max(start - back, 0) : end + ahead])
            if known(a, b):
                self.replaced[a, b] += 1
                # The neighbour is counted as unchanged with the words around it, and was not.
                self.left.subtract(original[max(start - back, 0) : start])
                self.left.subtract(original[end : end + ahead])
                return

    def _block(self, spun: list[str], original: list[str], known: Known) -> None:
        if max(len(spun), len(original)) > LONGEST:
            self.passed_over += 1
            return
        for a, b in divided(spun, original, known):
            if a != b and all(map(_is_word, a + b)) and not _is_grammar(a, b):
                self.replaced[" ".join(a), " ".join(b)] += 1


def words_of(text: str) -> list[str]:
    """The text's tokens in their normal form."""
    return [normalise(raw) for raw in tokenise(text).raw]


def divided(
    spun: list[str], original: list[str], known: Known = nothing_known
) -> list[tuple[list[str], list[str]]]:
    """A changed block in the substitutions that it is made of: what is ``known`` is split off at
    either end; of what is left, blocks of one length go word by word, but function words stay with
    their neighbour.

    >>> divided("based on studies".split(), "according to reports".split())
    [(['based', 'on'], ['according', 'to']), (['studies'], ['reports'])]
    """
    if len(spun) <= 1 or len(original) <= 1:
        return [(spun, original)]
    for size in range(1, len(spun)):
        for length in range(1, len(original)):
            head = spun[:size], original[:length]
            tail = spun[-size:], original[-length:]
            if known(" ".join(head[0]), " ".join(head[1])):
                return [head, *divided(spun[size:], original[length:], known)]
            if known(" ".join(tail[0]), " ".join(tail[1])):
                return [*divided(spun[:-size], original[:-length], known), tail]
    if len(spun) != len(original):
        return [(spun, original)]
    parts: list[tuple[list[str], list[str]]] = []
    waiting = False  # a function word that began the block waits for its neighbour
    for a, b in zip(spun, original, strict=True):
        grammar = a in FUNCTION_WORDS or b in FUNCTION_WORDS
        if parts and (grammar or waiting):
            parts[-1] = ([*parts[-1][0], a], [*parts[-1][1], b])
        else:
            parts.append(([a], [b]))
        waiting = grammar and (waiting or len(parts[-1][0]) == 1)
    return parts


def _is_grammar(spun: list[str], original: list[str]) -> bool:
    """Articles that follow their words, and short forms: the author's or a copyist's, no swap."""
    return {*spun, *original} <= _GRAMMAR


def _is_word(word: str) -> bool:
    return any(map(str.isalpha, word))


def from_pairs(pairs: Iterable[tuple[str, str]], family: str, least: int = 1) -> list[Row]:
    """Rows of a ``family`` from (spun, original) texts; those counted less than ``least`` times are
    left out. The weight is count / (uses of the original + 1)."""
    counts = Counts()
    for spun, original in pairs:
        counts.add(spun, original)
    return rows_of(counts, family, least)


def rows_of(counts: Counts, family: str, least: int = 1) -> list[Row]:
    """The rows that counts amount to; see :func:`from_pairs`."""
    uses: Counter[str] = Counter()
    for (_, original), count in counts.replaced.items():
        uses[original] += count
    for original in uses:
        uses[original] += counts.left[original]
    return [
        Row(spun, original, family, "x", _rounded(count / (uses[original] + _UNSEEN_USES)),
            f"wild {count}")
        for (spun, original), count in sorted(counts.replaced.items())
        if count >= least and max(spun.count(" "), original.count(" ")) < MAX_PHRASE_WORDS
    ]  # fmt: skip


def _rounded(weight: float) -> float:
    return round(min(max(weight, _SMALLEST), 1.0), 4)


def from_texts(
    rows: Sequence[Row], texts: Sequence[str], family: str, rounds: int = 3,
    model: str | Path | None = None,
) -> list[Row]:  # fmt: skip
    """The ``rows`` of a family with weights learned from spun ``texts`` whose originals are unknown.

    Each round restores the texts with the family told and adds up, over all places, how likely each
    row is to have been at work there, and how often its original stood unchanged. Rows of other
    families are left out; rows that no text speaks of keep their weight.
    """
    learned = [row for row in rows if row.family == family]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.tsv"
        for _ in range(rounds):
            write(path, learned)
            restorer = Restorer(path, model, family=family)
            learned = _reweighed(restorer, texts)
    return [row for row in learned if row.weight >= LEAST_WEIGHT]


def _reweighed(restorer: Restorer, texts: Sequence[str]) -> list[Row]:
    """One round of expectation-maximisation."""
    index = restorer.index
    at_work = np.zeros(len(index.entry_row))
    kept = np.zeros(len(index.entry_start))
    for found in restorer.examiner.examine(texts):
        if found.inferred is None or found.batch is None or found.matches is None:
            continue
        edges, posterior = found.inferred.decoded.lattice, found.inferred.decoded.posterior
        edits = edges.entry >= 0
        np.add.at(at_work, found.inferred.found.entry[edges.entry[edits]], posterior[edits])
        # A kept word is a use of the original that was left alone, as far as it was kept.
        alone = np.ones(len(found.batch.ids))
        alone[edges.start[edges.entry == -1]] = posterior[edges.entry == -1]
        one_word = found.matches.end - found.matches.start == 1
        np.add.at(kept, found.matches.node[one_word], alone[found.matches.start[one_word]])
    replaced_of: dict[int, float] = defaultdict(float)
    kept_of: dict[int, float] = {}
    by_row: dict[int, float] = defaultdict(float)
    original_of: dict[int, set[int]] = defaultdict(set)
    columns = (index.entry_row.max(axis=1), index.original_node, at_work)
    for row, node, value in zip(*(column.tolist() for column in columns), strict=True):
        if row >= 0:
            by_row[row] += value
            replaced_of[node] += value
            kept_of[node] = float(kept[node])
            original_of[row].add(node)
    learned = []
    for number, row in enumerate(restorer.rows):
        nodes = original_of.get(number, set())
        uses = sum(replaced_of[node] + kept_of[node] for node in nodes)
        count = by_row[number]
        weight = (_PRIOR_USES * row.weight + count) / (_PRIOR_USES + uses)
        if uses < 0.5:
            learned.append(row)
        else:
            evidence = row.evidence if "learned" in row.evidence else f"{row.evidence} learned"
            learned.append(replace(row, weight=_rounded(weight), evidence=evidence))
    return learned
