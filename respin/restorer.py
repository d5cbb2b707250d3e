"""Ties the stages together: text in, restored text and report out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin import detection, long_texts, phrase_index, resources, sections, selection
from respin.channel import PHRASE_TOKENS, Batch, inner_capitals
from respin.conditions import allowed_entries
from respin.fuzzy import EDIT_COST, MIN_LENGTH, NearWords
from respin.inference import Inferred, infer
from respin.language_model import LanguageModel
from respin.matcher import Matches, match
from respin.phrase_map import Row, read
from respin.rendering import Edit, apply_edits
from respin.report import RestoreResult, SpinReport
from respin.spelling import SpellingOf
from respin.text import LOWER, UPPER, Tokens, normalise, protected_tokens, tokenise
from respin.vocabulary import UNKNOWN, Vocabulary

DEFAULT_MIN_CONFIDENCE = 0.35
# Characters decoded together: enough for the array operations to pay, and about 60 MB of memory.
_BATCH_CHARACTERS = 150_000


class Restorer:
    """Restores and examines texts with one phrase map and one language model.

    ``phrase_map`` is a path or several (later maps add to and win over earlier ones; None: the one
    that respin ships), ``language_model`` a path. ``family`` and ``intensity`` (0 to 1) override
    what is inferred of each document, and also the judgement whether it is spun at all.
    ``min_confidence`` (0 to 1) drops less certain edits. ``domain`` is a text (or words) of the
    documents' field, whose content words are then preferred as originals.

    Loading is lazy: the files are read at first use. A Restorer pickles as its paths and options.

    Raises ValueError for options out of range, DataFileError (at first use) for bad files.

    >>> from respin import Restorer                                     # doctest: +SKIP
    >>> Restorer(family="news").restore("rising provide chain stress").text  # doctest: +SKIP
    """

    def __init__(
        self,
        phrase_map: str | Path | Sequence[str | Path] | None = None,
        language_model: str | Path | None = None,
        family: str | None = None,
        intensity: float | None = None,
        min_confidence: float = DEFAULT_MIN_CONFIDENCE,
        domain: str | None = None,
    ) -> None:
        if phrase_map is None:
            phrase_map = resources.data_file(resources.MAP_NAME)
        maps = [phrase_map] if isinstance(phrase_map, (str, Path)) else phrase_map
        self.maps = tuple(Path(path) for path in maps)
        self.model_path = Path(language_model or resources.data_file(resources.MODEL_NAME))
        if intensity is not None and not 0 <= intensity <= 1:
            raise ValueError(f"intensity is a share from 0 to 1, not {intensity}")
        if not 0 <= min_confidence <= 1:
            raise ValueError(f"min_confidence is a probability from 0 to 1, not {min_confidence}")
        self.family, self.intensity, self.min_confidence = family, intensity, min_confidence
        self.domain = domain

    def __getstate__(self) -> dict[str, Any]:
        names = ("maps", "model_path", "family", "intensity", "min_confidence", "domain")
        return {name: getattr(self, name) for name in names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # -- what is loaded at first use ---------------------------------------------------------

    @cached_property
    def model(self) -> LanguageModel:
        return LanguageModel.load(self.model_path)

    @cached_property
    def index(self) -> phrase_index.PhraseIndex:
        return phrase_index.cached(self.maps, self.model, self.model_path, resources.cache_folder())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        vocabulary = Vocabulary(self.model.words)
        vocabulary.extend(self.index.extra_words)
        return vocabulary

    @cached_property
    def rows(self) -> list[Row]:
        """All rows of the phrase maps, in their order."""
        return [row for path in self.maps for row in read(path)]

    @cached_property
    def _favoured(self) -> NDArray[np.bool_] | None:
        """The content words of the domain, by id."""
        if self.domain is None:
            return None
        ids, _ = self.vocabulary.encode(tokenise(self.domain).raw)
        favoured = np.zeros(len(self.vocabulary.words), bool)
        favoured[ids] = True
        return np.asarray(favoured & (self.index.content != 0))

    @cached_property
    def _near_words(self) -> NearWords:
        index, words = self.index, self.vocabulary.words
        listed = np.flatnonzero(index.root >= 0).tolist()
        listed += (index.child_keys & np.uint64(0xFFFFFFFF)).astype(np.int64).tolist()
        return NearWords({words[number] for number in listed})

    @cached_property
    def _near_memory(self) -> dict[str, tuple[int, int]]:
        return {}

    @cached_property
    def _descriptions(self) -> dict[tuple[int, int, str], tuple[str, str]]:
        return {}

    @cached_property
    def _spelling(self) -> SpellingOf:
        words, number = self.model.words, self.vocabulary.index
        upper = [word for word in words if word.isupper() and word.lower() != word]
        ids = np.array([[number[word], number.get(word.lower(), 0)] for word in upper])
        likely = np.diff(self.model.unigram(ids.reshape(-1, 2)), axis=1)[:, 0] < 0
        acronyms = {word.lower(): word for word, yes in zip(upper, likely, strict=True) if yes}
        return SpellingOf(self.index.canonical, self.vocabulary.words, acronyms)

    @cached_property
    def _family_number(self) -> int | None:
        if self.family is None:
            return None
        if self.family not in self.index.families:
            known = ", ".join(self.index.families)
            raise ValueError(f"no family {self.family!r} in the phrase map; it has {known}")
        return self.index.families.index(self.family)

    # -- the public calls --------------------------------------------------------------------

    def restore(self, text: str) -> RestoreResult:
        """Restore one text of any length. One of more than :data:`respin.long_texts.LONGEST_PIECE` characters is
        read in pieces, each with a family and intensity of its own; time and memory are linear."""
        return next(self.restore_many([text]))

    def detect(self, text: str) -> SpinReport:
        """Report on one text without restoring it; long texts as in :meth:`restore`."""
        return next(self.detect_many([text]))

    def restore_many(self, texts: Iterable[str], workers: int = 1) -> Iterator[RestoreResult]:
        """Results for many texts, in their order; the same for any number of ``workers``
        (processes). Texts are read as they are needed."""
        for pieces, results in self._by_document("_restore_batch", texts, workers):
            yield results[0] if len(results) == 1 else long_texts.join_results(pieces, results)

    def detect_many(self, texts: Iterable[str], workers: int = 1) -> Iterator[SpinReport]:
        """Reports on many texts, in their order; see :meth:`restore_many`."""
        for pieces, reports in self._by_document("_detect_batch", texts, workers):
            yield reports[0] if len(reports) == 1 else long_texts.join_reports(pieces, reports)

    def _by_document(
        self, work: str, texts: Iterable[str], workers: int
    ) -> Iterator[tuple[list[str], list[Any]]]:
        """The pieces of each text, and what ``work`` makes of them."""
        waiting: deque[list[str]] = deque()

        def pieces() -> Iterator[str]:
            for text in texts:
                waiting.append(long_texts.split(text))
                yield from waiting[-1]

        results = self._many(work, pieces(), workers)
        done: list[Any] = []
        for result in results:
            done.append(result)
            if len(done) == len(waiting[0]):
                yield waiting.popleft(), done
                done = []

    def _many(self, work: str, texts: Iterable[str], workers: int) -> Iterator[Any]:
        batches = _batches(iter(texts))
        if workers <= 1:
            for batch in batches:
                yield from getattr(self, work)(batch)
            return
        from respin.parallel import map_batches

        yield from map_batches(self, work, batches, workers)

    # -- one batch ---------------------------------------------------------------------------

    def _encode(self, documents: Sequence[Tokens]) -> Batch:
        lengths = [len(tokens) for tokens in documents]
        raw = [token for tokens in documents for token in tokens.raw]
        ids, cases = self.vocabulary.encode(raw)
        canonical = self.index.canonical[ids]
        near_cost = np.zeros(len(ids), np.float32)
        strange = np.flatnonzero((ids == UNKNOWN) & (cases == LOWER))
        for position in strange.tolist():
            if len(raw[position]) >= MIN_LENGTH:
                number, edits = self._nearest(raw[position])
                if number:
                    canonical[position] = number
                    near_cost[position] = EDIT_COST * edits
        sentence_start = np.zeros(len(ids), bool)
        blocked = np.zeros(len(ids), bool)
        here = 0
        for tokens, length in zip(documents, lengths, strict=True):
            there = slice(here, here + length)
            sentence_start[there] = self.vocabulary.sentence_starts(ids[there])
            blocked[there] = protected_tokens(tokens)
            here += length
        blocked |= self._acronyms(cases, sentence_start)
        document = np.repeat(np.arange(len(lengths)), lengths)
        return Batch(
            ids, canonical, near_cost, cases, document, len(lengths), sentence_start, blocked,
            inner_capitals(cases, sentence_start), self._favoured,
        )  # fmt: skip

    @staticmethod
    def _acronyms(cases: NDArray[np.int8], sentence_start: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Words in capitals, but not those of a sentence that shouts as a whole."""
        upper = cases == UPPER
        if not len(cases):
            return np.asarray(upper)
        sentence = np.cumsum(sentence_start) - 1
        share = np.bincount(sentence, upper) / np.maximum(np.bincount(sentence, cases != 4), 1)
        return np.asarray(upper & (share <= 0.5)[sentence])

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

    def _infer(self, documents: Sequence[Tokens]) -> tuple[sections.Sections, Matches, Inferred]:
        batch = self._encode(documents)
        matches = match(self.index, batch.canonical, np.cumsum(batch.sentence_start))
        entries = allowed_entries(self.index, batch, matches, self.vocabulary)
        if self.family is None and self.intensity is None:
            parts = sections.divide(self.index, batch, matches)
        else:
            parts = sections.whole(batch)
        inferred = infer(
            self.index, self.model, parts.batch, matches, entries,
            self._family_number, self.intensity,
        )  # fmt: skip
        return parts, matches, inferred

    def _detect_batch(self, texts: Sequence[str]) -> list[SpinReport]:
        documents = [tokenise(text) for text in texts]
        return detection.reports(self.index, *self._infer(documents), documents)

    def _restore_batch(self, texts: Sequence[str]) -> list[RestoreResult]:
        documents = [tokenise(text) for text in texts]
        parts, matches, inferred = self._infer(documents)
        batch = parts.batch
        reports = detection.reports(self.index, parts, matches, inferred, documents)
        use = detection.chances(self.index, parts, inferred) >= detection.IS_SPUN
        forced = self.family is not None or self.intensity is not None
        use |= forced
        # A phrase alone cannot prove that a document was spun, but it is restored if it looks so.
        use |= (batch.lengths > 0) & (batch.lengths <= PHRASE_TOKENS) & (inferred.ratio >= 0)
        first_token = np.concatenate([[0], np.cumsum([len(tokens) for tokens in documents])])
        raw = [token for tokens in documents for token in tokens.raw]
        found = selection.readings(
            self.index, inferred.found, inferred.decoded, lambda place: normalise(raw[place])
        )
        by_document: list[list[selection.Reading]] = [[] for _ in documents]
        for reading in found:
            section = int(batch.document[reading.start])
            if use[section]:
                by_document[int(parts.owner[section])].append(reading)
        results = []
        touched = np.bincount(parts.owner, use, len(documents)) > 0

        def describe(reading: selection.Reading) -> tuple[str, str]:
            return self._describe(int(inferred.family[batch.document[reading.start]]), reading)

        for number, (tokens, report) in enumerate(zip(documents, reports, strict=True)):
            low, high = int(first_token[number]), int(first_token[number + 1])
            edits: list[Edit] = []
            if touched[number]:
                least = self.min_confidence
                if report.family == detection.UNKNOWN and not forced:
                    least = max(least, detection.UNKNOWN_CONFIDENCE)
                chosen = selection.choose(by_document[number], least)
                edits = selection.to_edits(
                    tokens, low, chosen, batch.sentence_start, describe,
                    detection.confidence, self._spelling.of(batch.ids[low:high]),
                )  # fmt: skip
                family = self.index.families[int(inferred.family[number])]
                edits = selection.with_numbers(tokens.text, edits, family)
                if report.spans and not forced:
                    edits = selection.within(edits, report.spans)
            results.append(RestoreResult(apply_edits(tokens.text, edits), tuple(edits), report))
        return results

    def _describe(self, family: int, reading: selection.Reading) -> tuple[str, str]:
        """Family and reason of an edit."""
        key = (family, reading.entry, reading.original)
        known = self._descriptions.get(key)
        if known is None:
            if len(self._descriptions) > 100_000:
                self._descriptions.clear()
            known = self._descriptions[key] = self._description(family, reading)
        return known

    def _description(self, family: int, reading: selection.Reading) -> tuple[str, str]:
        index = self.index
        weights = index.entry_weight[reading.entry]
        spun, original, evidence = index.row_text(reading.entry)
        name = index.families[family]
        if weights[family] < weights.max() - 1.0:
            name = index.families[int(weights.argmax())]
        share = float(np.exp(weights[family]))
        reason = (
            f"{name} spinners write {spun!r} for {original!r} "
            f"(share {share:.2g}, evidence: {evidence}) and the context prefers "
            f"{reading.original!r}"
        )
        return name, reason


def _batches(texts: Iterator[str]) -> Iterator[list[str]]:
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
