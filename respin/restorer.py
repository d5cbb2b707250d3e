"""Ties the stages together: text in, restored text and report out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin import (
    chains,
    detection,
    index_cache,
    long_texts,
    resources,
    selection,
)
from respin.channel import PHRASE_TOKENS
from respin.examination import Examined, Examiner
from respin.grouping import batches
from respin.language_model import LanguageModel
from respin.phrase_index import PhraseIndex
from respin.phrase_map import Row, read
from respin.rendering import Edit, apply_edits
from respin.report import RestoreResult, SpinReport
from respin.spelling import SpellingOf
from respin.text import tokenise
from respin.vocabulary import Vocabulary

DEFAULT_MIN_CONFIDENCE = 0.3


@dataclass(frozen=True, slots=True)
class Failure:
    """A text that could not be handled, and why."""

    problem: str


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
    def index(self) -> PhraseIndex:
        return index_cache.cached(self.maps, self.model, self.model_path, resources.cache_folder())

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
    def examiner(self) -> Examiner:
        """The stages up to what is inferred of a document."""
        return Examiner(
            self.index, self.model, self.vocabulary,
            self._family_number, self.intensity, self._favoured,
        )  # fmt: skip

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

    def attempt_many(
        self, texts: Iterable[str], workers: int = 1, *, restore: bool = True
    ) -> Iterator[RestoreResult | SpinReport | Failure]:
        """As :meth:`restore_many` (or :meth:`detect_many`), but a text that cannot be handled gives
        a :class:`Failure` in its place and the others go on."""
        work = "_attempt_restore" if restore else "_attempt_detect"
        join = long_texts.join_results if restore else long_texts.join_reports
        for pieces, results in self._by_document(work, texts, workers):
            failures = [result for result in results if isinstance(result, Failure)]
            if failures:
                yield failures[0]
            else:
                yield results[0] if len(results) == 1 else join(pieces, results)

    def _attempt(
        self, work: Callable[[Sequence[str]], list[Any]], texts: Sequence[str]
    ) -> list[Any]:
        try:
            return work(texts)
        except Exception as error:
            if len(texts) == 1:
                return [Failure(f"{type(error).__name__}: {error}")]
            return [result for text in texts for result in self._attempt(work, [text])]

    def _attempt_restore(self, texts: Sequence[str]) -> list[RestoreResult | Failure]:
        return self._attempt(self._restore_batch, texts)

    def _attempt_detect(self, texts: Sequence[str]) -> list[SpinReport | Failure]:
        return self._attempt(self._detect_batch, texts)

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
        together = batches(iter(texts))
        if workers <= 1:
            for batch in together:
                yield from getattr(self, work)(batch)
            return
        from respin.parallel import map_batches

        yield from map_batches(self, work, together, workers)

    # -- one batch ---------------------------------------------------------------------------

    def _detect_batch(self, texts: Sequence[str]) -> list[SpinReport]:
        reports: dict[int, SpinReport] = {}
        for group in self.examiner.examine(texts):
            reports.update(zip(group.chosen, group.reports, strict=True))
        return [reports[number] for number in range(len(texts))]

    def _restore_batch(self, texts: Sequence[str]) -> list[RestoreResult]:
        results = self._one_pass(texts)
        # What was restored is read once more: under the work of one spinner another's may show.
        again = [n for n, result in enumerate(results) if result.edits and result.report.is_spun]
        if again and not self.examiner.is_forced:
            second_pass = self._one_pass([results[number].text for number in again])
            for number, second in zip(again, second_pass, strict=True):
                if second.edits and second.report.is_spun:
                    results[number] = chains.joined_results(texts[number], results[number], second)
        return results

    def _one_pass(self, texts: Sequence[str]) -> list[RestoreResult]:
        results: dict[int, RestoreResult] = {}
        for group in self.examiner.examine(texts):
            edits = self._edits(group)
            for number, report in zip(group.chosen, group.reports, strict=True):
                found = edits.get(number)
                text = apply_edits(texts[number], found) if found else texts[number]
                results[number] = RestoreResult(text, tuple(found or ()), report)
        return [results[number] for number in range(len(texts))]

    def _edits(self, suspect: Examined) -> dict[int, list[Edit]]:
        """Edits of each document that has any, by its number."""
        index, batch, parts, inferred = self.index, suspect.batch, suspect.parts, suspect.inferred
        if batch is None or parts is None or inferred is None:
            return {}
        use = detection.chances(index, parts, inferred, batch.lengths) >= detection.IS_SPUN
        # A phrase alone cannot prove that a document was spun, but it is restored if it looks so.
        use |= (batch.lengths <= PHRASE_TOKENS) & (inferred.ratio >= 0) | self.examiner.is_forced
        touched = np.bincount(parts.owner, use, len(suspect.chosen)) > 0
        first_token = np.concatenate([[0], np.cumsum([len(own) for own in suspect.tokens])])
        found = selection.readings(index, inferred.found, inferred.decoded)
        by_document: list[list[selection.Reading]] = [[] for _ in suspect.chosen]
        for reading in found:
            section = int(batch.document[reading.start])
            if use[section]:
                by_document[int(parts.owner[section])].append(reading)

        def describe(reading: selection.Reading) -> tuple[str, str]:
            return self._describe(int(inferred.family[batch.document[reading.start]]), reading)

        edits: dict[int, list[Edit]] = {}
        for place in np.flatnonzero(touched).tolist():
            number = suspect.chosen[place]
            tokens, report = suspect.tokens[place], suspect.reports[place]
            low, high = int(first_token[place]), int(first_token[place + 1])
            least = self.min_confidence
            if report.family == detection.UNKNOWN and not self.examiner.is_forced:
                least = max(least, detection.UNKNOWN_CONFIDENCE)
            made = selection.to_edits(
                tokens, low, selection.choose(by_document[place], least), batch.sentence_start,
                describe, detection.confidence, self._spelling.of(batch.ids[low:high]),
            )  # fmt: skip
            family = index.families[int(inferred.family[place])]
            made = selection.with_numbers(tokens.text, made, family)
            if report.spans and not self.examiner.is_forced:
                made = selection.within(made, report.spans)
            edits[number] = made
        return edits

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
        if index.entry_row[reading.entry, family] < 0:  # another family's row was borrowed
            family = int(weights.argmax())
        name = index.families[family]
        spun, original, evidence = index.row_text(reading.entry, family)
        share = float(np.exp(weights[family]))
        reason = (
            f"{name} spinners write {spun!r} for {original!r} "
            f"(share {share:.2g}, evidence: {evidence}) and the context prefers "
            f"{reading.original!r}"
        )
        return name, reason
