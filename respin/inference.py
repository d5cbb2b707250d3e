"""Family and intensity of each document, and the ratio that tells spun from clean.

Two stages. The first adds up, for each family, the evidence that the index holds for every phrase
in the document: log P(phrase | spun by f) / P(phrase | clean) under a unigram model. It costs one
look-up a match and settles most clean documents. The second decodes the lattice for the families
that are left, at first at a glance (bigrams), which chooses the family, fits the intensity (a step of
expectation-maximisation: the share of replaced among all units that the family's table holds) and shows
the spinner's habits in the document; then once in earnest (trigrams).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from respin import channel, habits, lattice, topics
from respin.channel import PHRASE_TOKENS, Batch, Candidates
from respin.decoder import Coarse, Decoded, coarse, fine
from respin.families import log_priors, phrase_priors
from respin.language_model import LanguageModel
from respin.matcher import Matches
from respin.phrase_index import EVIDENCE_UNIT, PhraseIndex
from respin.sections import drift

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
START_INTENSITY = 0.6
# Beta prior of the intensity, in units: as if so many units had been seen replaced and kept.
_PRIOR_REPLACED, _PRIOR_KEPT = 0.5, 1.0
LEAST_WEIGHT = -25.0  # log channel weight below which a candidate is not worth an edge
# Families that the first stage ranks within MARGIN nats of the best are decoded and compared,
# CONTENDERS of them at most: its unigram scores err by about that much on pages of known family.
CONTENDERS, MARGIN = 3, 15.0
PHRASE_INTENSITY = 0.9  # of a text of PHRASE_TOKENS tokens or fewer
# First stage: a document whose best family, its prior added, does not reach this many nats is clean.
# 2.8 % of clean pages pass (at 0 nats 3.7 %; at 2 2.3 %, but then 1 to 3 % of lightly spun ones are lost);
# of 271 real pages whose rows nobody had seen two of areas do not, at 0 nats as at 4.
GATE = 1.0
# A document whose ratio under that family, its prior added, is below this after a glance (a bigram
# pass) is clean, and nothing else is tried: true of 85 % of clean documents that pass the gate, and of
# at most 2 % of simulated spun ones of intensity 0.5 that the trigram pass would keep.
# More is asked of longer ones, as in the end (half of detection.EXPECTED).
PROMISE, PROMISE_A_TOKEN = -10.0, 0.0525
# Documents that the first stage gives fewer nats, the prior added, go through the sieve.
DOUBT = 20.0


@dataclass(slots=True)
class Inferred:
    """What was inferred of a batch: by document the family (number), its first-stage scores, the
    intensity, the log-likelihood ratio spun against clean, and the expected numbers of ``replaced``
    and ``left`` units of the family's table; ``repeats``, the part of the ratio that says nothing new
    (see :func:`_repeats`); ``kept``, the log probability of each token to stand as
    written; and the decoded lattice."""

    family: Ints
    scores: Floats
    intensity: Floats
    ratio: Floats
    replaced: Floats
    left: Floats
    repeats: Floats
    kept: Floats
    found: Candidates
    decoded: Decoded


def first_stage(index: PhraseIndex, batch: Batch, matches: Matches) -> Floats:
    """Nats for "spun by f" against "clean", (documents, families)."""
    evidence = index.evidence_units[matches.node] * EVIDENCE_UNIT
    document = batch.document[matches.start]
    return np.stack(
        [
            np.bincount(document, evidence[:, f], batch.documents)
            for f in range(len(index.families))
        ],
        axis=1,
    )


def suspects(families: Sequence[str], scores: Floats, tokens: Ints) -> NDArray[np.bool_]:
    """The documents that the first stage cannot settle: those above the gate, and phrases.
    ``scores`` (documents, families), ``tokens`` their lengths."""
    phrase = (tokens <= PHRASE_TOKENS) & (tokens > 0)
    gate = GATE + drift(tokens)
    return np.asarray(((scores + log_priors(families)).max(axis=1) > gate) | phrase)


@dataclass(slots=True)
class _Opening:
    """What the first stage says: ``scores`` and ``posterior`` (documents, families), families from
    the likeliest on (``order``), the one to begin with, which documents are phrases; and the run."""

    scores: Floats
    posterior: Floats
    order: NDArray[np.intp]
    family: Ints
    phrase: NDArray[np.bool_]
    run: _Run
    rate: Floats


def _open(
    index: PhraseIndex, model: LanguageModel, batch: Batch, matches: Matches,
    refused: set[tuple[int, int]], family: int | None, intensity: float | None,
) -> _Opening:  # fmt: skip
    scores = first_stage(index, batch, matches)
    phrase = batch.lengths <= PHRASE_TOKENS
    prior = np.where(phrase[:, None], phrase_priors(index.families), log_priors(index.families))
    posterior = scores + prior
    order = np.argsort(-posterior, axis=1)
    families = order[:, 0] if family is None else np.full(batch.documents, family)
    gate = GATE + drift(batch.lengths)
    suspicious = (posterior[np.arange(batch.documents), families] > gate) | phrase
    if family is not None or intensity is not None:
        suspicious[:] = True
    inside = suspicious[batch.document[matches.start]]
    found = channel.candidates(batch, index, matches.where(inside), refused)
    topical = topics.gains(model.topics, index, batch, found.start, found.end, found.entry)
    found = replace(found, base=found.base + topical)
    run = _Run(index, model, batch, matches, found, suspicious, prior)
    start = np.where(phrase, PHRASE_INTENSITY, START_INTENSITY) if intensity is None else intensity
    rate = np.where(suspicious, start, 0.0)
    return _Opening(scores, posterior, order, families, phrase, run, rate)


def sieve(
    index: PhraseIndex, model: LanguageModel, batch: Batch, matches: Matches,
    refused: set[tuple[int, int]],
) -> tuple[Floats, NDArray[np.bool_]]:  # fmt: skip
    """What the first bigram pass of :func:`infer` makes of each document: its ratio, if that is all
    there is to be, and whether it goes on."""
    opening = _open(index, model, batch, matches, refused, None, None)
    glance = opening.run.glance(opening.family, opening.rate)
    run, _ = opening.run.narrowed(glance.ratio, opening.family, opening.phrase, opening.rate)
    first = opening.scores[np.arange(batch.documents), opening.family]
    return np.minimum(np.minimum(first, 0.0), glance.ratio), run.suspicious


def infer(
    index: PhraseIndex, model: LanguageModel, batch: Batch, matches: Matches,
    refused: set[tuple[int, int]], family: int | None = None, intensity: float | None = None,
) -> Inferred:  # fmt: skip
    """Run both stages over a batch; ``family`` and ``intensity`` override what is inferred,
    ``refused`` holds the (entry, start) whose conditions do not hold."""
    opening = _open(index, model, batch, matches, refused, family, intensity)
    run, rate, families = opening.run, opening.rate, opening.family
    state = run.glance(families, rate)
    early = state.ratio
    if family is None and intensity is None:
        narrower, rate = run.narrowed(early, families, opening.phrase, rate)
        if narrower is not run:
            run, state = narrower, narrower.glance(families, rate)
    if family is None:
        best = run.best_families(opening.order, opening.posterior, state.ratio, rate)
        if (best != families).any():
            families, state = best, run.glance(best, rate)
    if len(run.found.start):
        run = run.settled(state, families)
    if intensity is None:
        fitted = _fit(batch, state.decoded, state.share)
        fitted = np.where(opening.phrase, PHRASE_INTENSITY, fitted)
        rate = np.where(run.suspicious, fitted, 0.0)
    state = run.decode(families, rate)
    first = np.minimum(opening.scores[np.arange(batch.documents), families], 0.0)
    ratio = np.where(run.suspicious, state.ratio, np.minimum(first, early))
    units = _units(batch, state.decoded, state.share)
    repeats = _repeats(index, batch, run.found, state.decoded, families)
    return Inferred(
        families, opening.scores, rate, ratio, *units, repeats, state.kept, run.found, state.decoded
    )


@dataclass(slots=True)
class _State:
    """A batch decoded under one family and intensity for each document: ``share`` as in
    :func:`respin.channel.kept_share`, ``kept`` the log probability of each token to stand as written,
    ``ratio`` the log-likelihood ratio of each document."""

    decoded: Decoded
    share: Floats
    kept: Floats
    ratio: Floats


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same while families and intensities are tried on a batch."""

    index: PhraseIndex
    model: LanguageModel
    batch: Batch
    matches: Matches
    found: Candidates
    suspicious: NDArray[np.bool_]
    prior: Floats

    def best_families(
        self, order: NDArray[np.intp], posterior: Floats, ratio: Floats, rate: Floats
    ) -> Ints:
        """The likeliest family of each document. ``ratio`` is that of the first stage's best one;
        where the first stage cannot tell its best ones apart, the others are decoded as well and
        the likelihood decides."""
        best = order[:, 0].astype(np.int64)
        documents = np.arange(self.batch.documents)
        top = posterior[documents, best]
        score = ratio + self.prior[documents, best]
        for place in range(1, min(CONTENDERS, order.shape[1])):
            rival = order[:, place]
            unsure = self.suspicious & (top - posterior[documents, rival] < MARGIN)
            if not unsure.any():
                break
            state = self.glance(rival, np.where(unsure, rate, 0.0), unsure)
            other = state.ratio + self.prior[documents, rival]
            better = unsure & (other > score)
            best = np.where(better, rival, best)
            score = np.where(better, other, score)
        return best

    def narrowed(
        self, ratio: Floats, family: Ints, phrase: NDArray[np.bool_], rate: Floats
    ) -> tuple[_Run, Floats]:
        """Without the documents whose ``ratio`` does not keep the promise; and the intensities."""
        documents = np.arange(self.batch.documents)
        least = PROMISE + PROMISE_A_TOKEN * self.batch.lengths
        promising = ratio + self.prior[documents, family] > least
        suspicious = self.suspicious & (promising | phrase)
        if (suspicious == self.suspicious).all():
            return self, rate
        use = np.flatnonzero(suspicious[self.batch.document[self.found.start]])
        run = replace(self, suspicious=suspicious, found=self.found.where(use))
        return run, np.where(suspicious, rate, 0.0)

    def settled(self, state: _State, family: Ints) -> _Run:
        """With the candidates that a glance found likely only, and with the habits that it saw."""
        edges = state.decoded.lattice.entry
        some = edges >= 0
        found = self.found.where(edges[some])
        habit = habits.bonus(self.index, self.batch, found, state.decoded.posterior[some], family)
        return replace(self, found=replace(found, base=found.base + habit))

    def glance(self, family: Ints, rate: Floats, some: NDArray[np.bool_] | None = None) -> _State:
        """Decode all documents, or ``some`` of them, with the bigram model only."""
        weighed, share, kept = self._weigh(family, rate, some)
        return self._state(weighed.likely(), share, kept)

    def decode(self, family: Ints, rate: Floats) -> _State:
        """Decode all documents."""
        weighed, share, kept = self._weigh(family, rate)
        return self._state(fine(weighed, self.model), share, kept)

    def _state(self, decoded: Decoded, share: Floats, kept: Floats) -> _State:
        position, value = _ratio_parts(self.batch, decoded, kept)
        return _State(decoded, share, kept, channel.sum_by_document(self.batch, position, value))

    def _weigh(
        self, family: Ints, rate: Floats, some: NDArray[np.bool_] | None = None
    ) -> tuple[Coarse, Floats, Floats]:
        """The bigram pass, the share and the log probability of each token to stand as written."""
        index, batch, found = self.index, self.batch, self.found
        chosen = np.arange(len(found.start))
        if some is not None:
            chosen = np.flatnonzero(some[batch.document[found.start]])
            found = found.where(chosen)
        share = channel.kept_share(index, batch, self.matches, family)
        kept = channel.kept_weights(channel.with_unlisted(index, batch, share, family), batch, rate)
        weight = channel.candidate_weights(index, batch, found, family, rate)
        use = np.flatnonzero(weight > LEAST_WEIGHT)
        graph = lattice.build(
            batch.ids, batch.sentence_start, kept,
            found.start[use], found.end[use], chosen[use], weight[use],
            index.out_ids, index.entry_out[found.entry[use]],
        )  # fmt: skip
        return coarse(graph, self.model, len(self.model.words)), share, kept


def _ratio_parts(batch: Batch, decoded: Decoded, kept: Floats) -> tuple[Ints, Floats]:
    """The log-likelihood ratio in parts: token positions and what belongs to each of them."""
    regions = decoded.lattice
    outside = np.ones(len(batch.ids), bool)
    outside[regions.start[regions.entry == -1]] = False
    alone = np.flatnonzero(outside)
    position = np.concatenate([regions.region_start, alone])
    return position, np.concatenate([decoded.evidence - decoded.clean, kept[alone]])


def sentence_ratios(batch: Batch, inferred: Inferred) -> tuple[Ints, Floats]:
    """First token of every sentence of the batch, and its share of the ratio (nats)."""
    first = np.flatnonzero(batch.sentence_start)
    position, value = _ratio_parts(batch, inferred.decoded, inferred.kept)
    sentence = np.cumsum(batch.sentence_start) - 1
    score = np.bincount(sentence[position], value, len(first))
    return first, score.astype(np.float64)


def _repeats(
    index: PhraseIndex, batch: Batch, found: Candidates, decoded: Decoded, family: Ints
) -> Floats:
    """Nats by document that come of one phrase standing there again and again: n times are worth
    1 + log n, not n. An article on roads that says "segment" twenty times is no spun one for that."""
    edit = decoded.lattice.entry >= 0
    entry = found.entry[decoded.lattice.entry[edit]]
    document = batch.document[decoded.lattice.start[edit]]
    phrase = np.searchsorted(index.entry_start, entry, side="right") - 1
    key, group = np.unique(document << 32 | phrase, return_inverse=True)
    times = np.maximum(np.bincount(group, decoded.posterior[edit], len(key)), 1.0)
    document, phrase = key >> 32, np.minimum(key & 0xFFFFFFFF, len(index.evidence) - 1)
    each = np.maximum(index.evidence[phrase, family[document]], 0.0)
    value = (times - 1.0 - np.log(times)) * each
    return np.bincount(document, value, batch.documents).astype(np.float64)


def _fit(batch: Batch, decoded: Decoded, share: Floats) -> Floats:
    """The intensity that a decoding suggests, by document."""
    replaced, kept = _units(batch, decoded, share)
    return (replaced + _PRIOR_REPLACED) / (replaced + kept + _PRIOR_REPLACED + _PRIOR_KEPT)


def _units(batch: Batch, decoded: Decoded, share: Floats) -> tuple[Floats, Floats]:
    """Expected replaced and kept units of the family's table, by document."""
    edges, posterior = decoded.lattice, decoded.posterior
    edit = edges.entry >= 0
    keep = edges.entry == -1
    replaced = channel.sum_by_document(batch, edges.start[edit], posterior[edit])
    alone = share.copy()
    alone[edges.start[keep]] *= posterior[keep]
    kept = np.bincount(batch.document, alone, batch.documents)
    return replaced, kept.astype(np.float64)
