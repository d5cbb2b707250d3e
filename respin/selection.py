"""From posteriors to edits: which candidates of a decoded batch become changes of the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from respin.channel import Candidates
from respin.decoder import Decoded
from respin.numerals import broken_numbers
from respin.phrase_index import PhraseIndex
from respin.rendering import Edit, in_case_of, mended_article
from respin.report import Span
from respin.text import Tokens

# Candidates with a smaller posterior are not even alternatives.
_LEAST = 0.03
_MAX_ALTERNATIVES = 5
# What stands unchanged is right if the author wrote it, and wrong if the map lacks what he wrote, so that its
# posterior counts for less than a candidate's. 1, 0.7, 0.5 and 0.35 remove 73.9, 75.1, 75.4 and 75.5 % of
# the errors of 124 news pages, 66.7, 66.7, 66.3 and 66.1 % of 42 rewriter ones. With the model of 0.4.0, 0.5, 0.6,
# 0.7 and 0.85 remove 79.0, 79.4, 79.2 and 78.4 % on 19 news pages, 71.2, 71.3, 72.0 and 71.8 % on 11 rewriter ones.
UNCHANGED_IS_RIGHT = 0.6


@dataclass(slots=True)
class Reading:
    """One way to read a stretch of tokens: what stood there, how likely, by which entry."""

    start: int
    end: int
    original: str
    posterior: float
    entry: int


def readings(index: PhraseIndex, found: Candidates, decoded: Decoded) -> list[Reading]:
    """Likely candidates in the order of the text, trimmed to what they change ("within the" < "in
    the" is "within" < "in") and added up where two come to the same."""
    edges = decoded.lattice
    likely = np.flatnonzero((edges.entry >= 0) & (decoded.posterior >= _LEAST))
    likely = likely[~index.are_articles(found.entry[edges.entry[likely]])]
    columns = (edges.start, edges.end, decoded.posterior)
    merged: dict[tuple[int, int, str], Reading] = {}
    for entry, start, end, posterior in zip(
        found.entry[edges.entry[likely]].tolist(),
        *(column[likely].tolist() for column in columns),
        strict=True,
    ):
        left, right, original = index.trimmed(entry)
        start += left
        end -= right
        key = (start, end, original)
        known = merged.get(key)
        if known is None:
            merged[key] = Reading(start, end, original, posterior, entry)
            continue
        if posterior > known.posterior:
            known.entry = entry
        known.posterior = min(1.0, known.posterior + posterior)
    return sorted(merged.values(), key=_by_place)


def choose(found: Sequence[Reading], least: float) -> list[tuple[Reading, list[Reading]]]:
    """The readings to carry out, each with the other readings of the same tokens.

    The likeliest comes first; what overlaps it is out. A reading must be likelier to be right than
    the unchanged text (see :data:`UNCHANGED_IS_RIGHT`), and have a posterior of at least ``least``.
    """
    taken: list[tuple[Reading, list[Reading]]] = []
    covered: set[int] = set()
    at_place: dict[tuple[int, int], list[Reading]] = {}
    mass: dict[int, float] = {}
    for reading in found:
        at_place.setdefault((reading.start, reading.end), []).append(reading)
        for position in range(reading.start, reading.end):
            mass[position] = mass.get(position, 0.0) + reading.posterior
    likely = [reading for reading in found if reading.posterior >= least]
    likely.sort(key=_by_posterior, reverse=True)
    for reading in likely:
        start, end = reading.start, reading.end
        if end == start + 1:
            free, most = start not in covered, mass[start]
        else:
            span = range(start, end)
            free, most = covered.isdisjoint(span), max(mass[position] for position in span)
        if not free or reading.posterior <= UNCHANGED_IS_RIGHT * (1.0 - most):
            continue
        covered.update(range(start, end))
        others = [other for other in at_place[start, end] if other is not reading]
        taken.append((reading, others))
    taken.sort(key=_by_start)
    return taken


def _by_place(reading: Reading) -> tuple[int, int]:
    return reading.start, reading.end


def _by_posterior(reading: Reading) -> float:
    return reading.posterior


def _by_start(pair: tuple[Reading, list[Reading]]) -> int:
    return pair[0].start


def to_edits(
    tokens: Tokens, offset: int, chosen: Sequence[tuple[Reading, list[Reading]]],
    sentence_start: NDArray[np.bool_], describe: Callable[[Reading], tuple[str, str]],
    calibrate: Callable[[float], float], spell: Callable[[str], str],
) -> list[Edit]:  # fmt: skip
    """Edits of one document whose first token has number ``offset`` in the batch.

    ``describe`` gives (family, reason), ``calibrate`` maps a posterior to a confidence, ``spell``
    adapts the spelling of an original to the document.
    """
    edits: list[Edit] = []
    last_end = -1
    starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
    for reading, others in chosen:
        first, end = reading.start - offset, reading.end - offset
        start_char, end_char = starts[first], ends[end - 1]
        raw = tokens.raw[first:end]
        inside = not sentence_start[reading.start]
        original = in_case_of(raw, spell(reading.original), inside=inside)
        spun = tokens.text[start_char:end_char]
        if original == spun:
            continue
        family, reason = describe(reading)
        confidence = calibrate(reading.posterior)
        if first and first - 1 > last_end:
            article = mended_article(tokens, first - 1, original)
            if article is not None:
                low, high = starts[first - 1], ends[first - 1]
                why = f"the article before {original!r}"
                edits.append(
                    Edit(low, high, tokens.raw[first - 1], article, confidence, family, (), why)
                )
        edits.append(
            Edit(
                start_char,
                end_char,
                spun,
                original,
                confidence,
                family,
                _alternatives(raw, spun, reading, others, inside, calibrate),
                reason,
            )  # fmt: skip
        )
        last_end = end - 1
    return edits


def within(edits: list[Edit], spans: Sequence[Span]) -> list[Edit]:
    """The edits that lie in spun stretches: the clean part of a document stays as it is."""
    return [edit for edit in edits if any(span.start <= edit.start < span.end for span in spans)]


# Chance that a number word right before a decimal point (or "percent" in one word) stands for a digit:
# a broken number was never anything else in the pages seen (13 of 13).
_NUMBER_CONFIDENCE = 0.95


def with_numbers(text: str, edits: list[Edit], family: str) -> list[Edit]:
    """The edits of a spun text and those that mend its broken numbers, sorted."""
    repairs = [
        Edit(
            start, end, text[start:end], digits, _NUMBER_CONFIDENCE, family, (),
            "a number that a spinner broke",
        )
        for start, end, digits in broken_numbers(text)
    ]  # fmt: skip
    if not repairs:
        return edits
    others = [
        edit for edit in edits
        if not any(edit.start < repair.end and repair.start < edit.end for repair in repairs)
    ]  # fmt: skip
    return sorted(others + repairs, key=lambda edit: edit.start)


def _alternatives(
    raw: list[str], spun: str, reading: Reading, others: list[Reading], inside: bool,
    calibrate: Callable[[float], float],
) -> tuple[tuple[str, float], ...]:  # fmt: skip
    options = [
        (in_case_of(raw, other.original, inside=inside), calibrate(other.posterior))
        for other in others
    ]
    kept = 1.0 - reading.posterior - sum(other.posterior for other in others)
    if not options and kept < _LEAST:
        return ()
    if kept >= _LEAST:
        options.append((spun, kept))
    options.sort(key=lambda option: -option[1])
    return tuple((text, round(value, 4)) for text, value in options[:_MAX_ALTERNATIVES])
