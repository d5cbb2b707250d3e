"""From texts to what was inferred of them: the stages of detection, over as many documents as come.

The first stage (marker counts) settles most clean documents; doubtful ones go through a sieve (one
bigram pass); what is left is decoded. Which documents share a batch changes speed only, no result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from respin import detection, encoding, sections
from respin.channel import PHRASE_TOKENS, Batch
from respin.conditions import Conditions
from respin.families import log_priors
from respin.fuzzy import NearWords
from respin.grouping import groups, screens
from respin.inference import DOUBT, Inferred, infer, sieve, suspects
from respin.language_model import LanguageModel
from respin.matcher import Matches, match
from respin.phrase_index import PhraseIndex
from respin.report import SpinReport
from respin.scanner import scan
from respin.text import Tokens, normalise
from respin.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class FirstStage:
    """What the first stage makes of some documents: ``total``, their evidence by family, and which
    of them are ``suspicious``."""

    encoded: encoding.Encoded
    matches: Matches
    total: NDArray[np.float64]
    parts: sections.Sections
    suspicious: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Examined:
    """Numbers of ``chosen`` documents and the reports on them; where they went through the second
    stage also their ``tokens``, divided and decoded."""

    chosen: list[int]
    reports: list[SpinReport]
    tokens: Sequence[Tokens] = ()
    batch: Batch | None = None
    matches: Matches | None = None
    parts: sections.Sections | None = None
    inferred: Inferred | None = None


class Examiner:
    """Examines texts with one index and one model; ``family`` (its number) and ``intensity``
    override what is inferred, ``favoured`` marks the words of a domain (by id)."""

    def __init__(
        self, index: PhraseIndex, model: LanguageModel, vocabulary: Vocabulary,
        family: int | None, intensity: float | None, favoured: NDArray[np.bool_] | None,
    ) -> None:  # fmt: skip
        self.index, self.model, self.vocabulary = index, model, vocabulary
        self.family, self.intensity, self.favoured = family, intensity, favoured
        self.is_forced = family is not None or intensity is not None
        self.encoder = encoding.Encoder(vocabulary, index.word_table, index, self._nearest)
        self._near_memory: dict[str, tuple[int, int]] = {}

    @cached_property
    def _conditions(self) -> Conditions:
        return Conditions(self.index, self.vocabulary)

    @cached_property
    def _near_words(self) -> NearWords:
        index, words = self.index, self.vocabulary.words
        listed = np.flatnonzero(index.root >= 0).tolist()
        listed += (index.child_keys & np.uint64(0xFFFFFFFF)).astype(np.int64).tolist()
        return NearWords({words[number] for number in listed})

    def _nearest(self, raw: str) -> tuple[int, int]:
        """(canonical id, edits) of the map's word nearest to an unknown token; (0, 0): none."""
        known = self._near_memory.get(raw)
        if known is None:
            found = self._near_words.nearest(normalise(raw))
            known = (0, 0)
            if found:
                number = int(self.index.canonical[self.vocabulary.index[found[0]]])
                known = (number, found[1])
            if len(self._near_memory) > 100_000:
                self._near_memory.clear()
            self._near_memory[raw] = known
        return known

    def examine(self, texts: Sequence[str]) -> Iterator[Examined]:
        """Reports on some documents at a time: first those that the first stage settles, then those
        that the sieve holds back, then the others with what the second stage made of them."""
        suspicious: list[int] = []
        doubtful: list[int] = []
        for some in screens(range(len(texts)), texts):
            first = self.first_stage([texts[number] for number in some])
            numbers = np.array(some)
            clean = np.flatnonzero(~first.suspicious)
            lengths = first.encoded.scan.lengths
            reports = detection.clean_reports(self.index, first.total[clean], lengths[clean])
            yield Examined(numbers[clean].tolist(), reports)
            doubt = self._doubtful(first)
            doubtful += numbers[doubt].tolist()
            suspicious += numbers[first.suspicious & ~doubt].tolist()
        for some in screens(doubtful, texts):
            clean_ones, others = self._sieve(some, [texts[number] for number in some])
            yield clean_ones
            suspicious += others
        # Suspects of many screens go together, as decoding few documents costs as much as many.
        for chosen in groups(sorted(suspicious), texts):
            yield self._second_stage(chosen, [texts[number] for number in chosen])

    def _doubtful(self, first: FirstStage) -> NDArray[np.bool_]:
        """Which suspects may well be clean: they go through the sieve first."""
        lengths = first.encoded.scan.lengths
        if self.is_forced:
            return np.zeros(len(lengths), bool)
        undivided = np.bincount(first.parts.owner, minlength=len(lengths)) == 1
        least = (first.total + log_priors(self.index.families)).max(axis=1) < DOUBT
        return np.asarray(first.suspicious & undivided & least & (lengths > PHRASE_TOKENS))

    def _sieve(self, chosen: list[int], texts: Sequence[str]) -> tuple[Examined, list[int]]:
        """Reports on the documents that are clean after all, and the numbers of the others."""
        first, batch, refused, _ = self.prepare(texts)
        ratio, kept = sieve(self.index, self.model, batch, first.matches, refused)
        clean = np.flatnonzero(~kept)
        lengths = first.encoded.scan.lengths[clean]
        reports = detection.clean_reports(self.index, first.total[clean], lengths, ratio[clean])
        numbers = np.array(chosen)
        return Examined(numbers[clean].tolist(), reports), numbers[kept].tolist()

    def first_stage(self, texts: Sequence[str]) -> FirstStage:
        index = self.index
        encoded = self.encoder.encode(scan(texts))
        matches = match(index, encoded.canonical, encoded.sentence_start)
        evidence = sections.sentence_evidence(index, matches, encoded.sentence_start)
        of_sentence = encoded.document[encoded.sentence_start]
        total = sections.sums(evidence, of_sentence, len(texts))
        if self.is_forced:
            parts = sections.whole(encoded.document, len(texts))
            suspicious = encoded.scan.lengths > 0
        else:
            parts = sections.divide(
                index.families, evidence, encoded.document, len(texts), encoded.sentence_start
            )
            suspicious = suspects(index.families, total, encoded.scan.lengths)
            suspicious[parts.owner[len(texts) :]] = True
        return FirstStage(encoded, matches, total, parts, suspicious)

    def prepare(
        self, texts: Sequence[str]
    ) -> tuple[FirstStage, Batch, set[tuple[int, int]], list[Tokens]]:
        first = self.first_stage(texts)
        tokens = [first.encoded.scan.tokens(number) for number in range(len(texts))]
        batch = encoding.prepared(first.encoded, tokens, first.parts, self.favoured)
        refused = self._conditions.refused(batch, first.matches)
        return first, batch, refused, tokens

    def _second_stage(self, chosen: list[int], texts: Sequence[str]) -> Examined:
        first, batch, refused, tokens = self.prepare(texts)
        index, matches = self.index, first.matches
        inferred = infer(index, self.model, batch, matches, refused, self.family, self.intensity)
        reports = detection.reports(index, batch, first.parts, matches, inferred, tokens)
        return Examined(chosen, reports, tokens, batch, matches, first.parts, inferred)
