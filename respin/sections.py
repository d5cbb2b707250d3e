"""Documents that are spun in part: which sentences the first stage would rather read as spun.

A spun article inside a clean page, or one plagiarised section of a paper, drowns in the sum over
the whole document. So the first stage also looks for the contiguous sentences with the highest sum
of evidence (the maximum-subarray problem; Kadane's running minimum, for all documents and families
at once). Where they promise much more than the whole, the document is read as two sections, its spun
part and the rest, each with a family, intensity and ratio of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from respin.families import log_priors
from respin.matcher import Matches
from respin.phrase_index import EVIDENCE_UNIT, PhraseIndex

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# Nats that a change between clean and spun text costs, in either direction: many places could have
# been the boundary, and the evidence of single sentences is noisy.
SWITCH = 6.0
# The best stretch must promise this many nats (its family's prior added, the price of two changes
# taken off), and be better by as much than the whole document.
LEAST = 0.0
_MARGIN = 1  # sentences around the stretch that go with it: the second stage finds the true ends
_APART = 1e7  # nats between documents in a running minimum that begins anew with each of them


@dataclass(frozen=True, slots=True)
class Sections:
    """``section``, the number of each token's section; ``owner``, the document of each section;
    ``cost``, the nats that having searched for a section takes off its ratio. The sections that are
    numbered like the documents hold the spun part, or all of it; the others follow."""

    section: Ints
    owner: Ints
    cost: Floats


# The unigram evidence of rare families drifts upwards on clean text, by up to 0.003 nats a token on
# articles of 6,000 to 200,000 characters; pages that are spun have 0.05 and more. Below _UNDRIFTED
# nats it does no harm.
_DRIFT, _UNDRIFTED = 0.004, 5.0


def drift(tokens: Ints) -> Floats:
    """Nats that first-stage evidence on a document of so many tokens must have in addition."""
    return np.asarray(np.maximum(_DRIFT * tokens - _UNDRIFTED, 0.0))


def whole(document: Ints, documents: int) -> Sections:
    """Every document in one section."""
    return Sections(document, np.arange(documents), np.zeros(documents))


def sentence_evidence(
    index: PhraseIndex, matches: Matches, sentence_start: NDArray[np.bool_]
) -> Floats:
    """First-stage evidence: nats for "spun by f" against "clean", (sentences, families). ``matches``
    are sorted by start."""
    first = np.flatnonzero(sentence_start)
    bounds = np.searchsorted(matches.start, first)
    some = np.flatnonzero(np.diff(np.append(bounds, len(matches))))
    evidence = np.zeros((len(first), len(index.families)))
    if len(some):
        units = index.evidence_units.take(matches.node, axis=0)
        evidence[some] = np.add.reduceat(units, bounds[some], axis=0, dtype=np.int32)
        evidence *= EVIDENCE_UNIT
    return evidence


def divide(
    families: Sequence[str], evidence: Floats, document: Ints, documents: int,
    sentence_start: NDArray[np.bool_],
) -> Sections:  # fmt: skip
    """Documents in one or two sections each; ``evidence`` by sentence, ``document`` by token."""
    first = np.flatnonzero(sentence_start)
    undivided = whole(document, documents)
    if len(first) <= documents:
        return undivided
    of_sentence = document[first]
    stretch, total = _best_stretch(evidence, of_sentence, documents)
    prior = log_priors(families)
    family = (stretch + prior).argmax(axis=1)
    promise = stretch[np.arange(documents), family] - 2 * SWITCH
    least = LEAST + drift(np.bincount(document, minlength=documents))
    likely = (promise + prior[family] > least) & (promise > (total + prior).max(axis=1))
    if not likely.any():
        return undivided
    bounds = np.searchsorted(of_sentence, np.arange(documents + 1))
    section = document.copy()
    owner, cost = list(range(documents)), [0.0] * documents
    sentence_of = np.cumsum(sentence_start) - 1
    rest = np.zeros(len(first), bool)
    for number in np.flatnonzero(likely).tolist():
        low, high = int(bounds[number]), int(bounds[number + 1])
        spun = two_states(evidence[low:high, family[number]], SWITCH)
        spun = np.convolve(spun, np.ones(2 * _MARGIN + 1), "same") > 0
        if spun.all() or not spun.any():
            continue
        rest[low:high] = ~spun
        cost[number] = 2 * SWITCH
        cost.append(2 * SWITCH)
        owner.append(number)
        places = np.flatnonzero(rest[sentence_of] & (section == number))
        section[places] = len(owner) - 1
    return Sections(section, np.array(owner), np.array(cost))


def _best_stretch(evidence: Floats, document: Ints, documents: int) -> tuple[Floats, Floats]:
    """Highest sum over contiguous sentences, and the sum over all; (documents, families) each."""
    after = np.cumsum(evidence, axis=0) - (document * _APART)[:, None]
    before = after - evidence
    gain = after - np.minimum.accumulate(before, axis=0)
    return _reduce(np.maximum, gain, document, documents), sums(evidence, document, documents)


def sums(evidence: Floats, document: Ints, documents: int) -> Floats:
    """Evidence of whole documents (documents, families), from that of their sentences."""
    return _reduce(np.add, evidence, document, documents)


def _reduce(how: np.ufunc, values: Floats, document: Ints, documents: int) -> Floats:
    """``how`` over the rows of each document; 0 for documents without any."""
    starts = np.searchsorted(document, np.arange(documents))
    present = np.flatnonzero(np.diff(np.append(starts, len(document))) > 0)
    found = np.zeros((documents, values.shape[1]))
    if len(present):
        found[present] = how.reduceat(values, starts[present], axis=0)
    return found


def two_states(score: Floats, switch: float) -> NDArray[np.bool_]:
    """Which sentences are spun: the best path of a two-state chain. ``score`` is the ratio spun
    against clean of each sentence, ``switch`` what every change of state costs (nats)."""
    count = len(score)
    if not count:
        return np.zeros(0, bool)
    came = np.zeros((count, 2), np.int64)
    clean, spun = 0.0, float(score[0])
    for number, value in enumerate(score[1:].tolist(), 1):
        came[number] = int(spun - switch > clean), int(spun >= clean - switch)
        clean, spun = max(clean, spun - switch), max(spun, clean - switch) + value
    state = np.zeros(count, bool)
    here = int(spun > clean)
    for number in range(count - 1, -1, -1):
        state[number] = bool(here)
        here = int(came[number, here])
    return state
