"""Family and intensity of each document, and the ratio that tells spun from clean.

Two stages. The first adds up, for each family, the evidence that the index holds for every phrase
in the document: log P(phrase | spun by f) / P(phrase | clean) under a unigram model. It costs one
look-up a match and settles most clean documents. The second decodes the lattice for the families
that are left and fits the intensity by expectation-maximisation: the share of replaced among all
units that the family's table holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from respin import channel, lattice
from respin.channel import Batch, Candidates
from respin.decoder import Decoded, decode
from respin.families import log_priors, phrase_priors
from respin.language_model import LanguageModel
from respin.matcher import Matches
from respin.phrase_index import PhraseIndex

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
START_INTENSITY = 0.6
# Beta prior of the intensity, in units: as if so many units had been seen replaced and kept.
_PRIOR_REPLACED, _PRIOR_KEPT = 0.5, 1.0
ROUNDS = 2
# Families that the first stage ranks within MARGIN nats of the best are decoded and compared,
# CONTENDERS of them at most: its unigram scores err by about that much on pages of known family.
CONTENDERS, MARGIN = 3, 25.0
# A text of so few tokens is a phrase that somebody asks about, not a document.
PHRASE_TOKENS, PHRASE_INTENSITY = 6, 0.9
# First stage: a document whose best family does not reach this many nats is clean.
GATE = 2.0


@dataclass(slots=True)
class Inferred:
    """What was inferred of a batch: by document the family (number), its first-stage scores, the
    intensity and the log-likelihood ratio spun against clean; ``kept``, the log probability of each
    token to stand as written; and the decoded lattice."""

    family: Ints
    scores: Floats
    intensity: Floats
    ratio: Floats
    kept: Floats
    found: Candidates
    decoded: Decoded


def first_stage(index: PhraseIndex, batch: Batch, matches: Matches) -> Floats:
    """Nats for "spun by f" against "clean", (documents, families)."""
    evidence = index.evidence[matches.node]
    document = batch.document[matches.start]
    return np.stack(
        [
            np.bincount(document, evidence[:, f], batch.documents)
            for f in range(len(index.families))
        ],
        axis=1,
    )


def infer(
    index: PhraseIndex, model: LanguageModel, batch: Batch, matches: Matches,
    refused: set[tuple[int, int]], family: int | None = None, intensity: float | None = None,
) -> Inferred:  # fmt: skip
    """Run both stages over a batch; ``family`` and ``intensity`` override what is inferred,
    ``refused`` holds the (entry, start) whose conditions do not hold."""
    scores = first_stage(index, batch, matches)
    phrase = batch.lengths <= PHRASE_TOKENS
    prior = np.where(phrase[:, None], phrase_priors(index.families), log_priors(index.families))
    posterior = scores + prior
    order = np.argsort(-posterior, axis=1)
    families = order[:, 0] if family is None else np.full(batch.documents, family)
    best = scores[np.arange(batch.documents), families]
    suspicious = (best > GATE) | phrase
    if family is not None or intensity is not None:
        suspicious[:] = True
    inside = suspicious[batch.document[matches.start]]
    found = channel.candidates(batch, index, matches.where(inside), refused)
    run = _Run(index, model, batch, matches, found, suspicious, intensity, prior)
    if family is None:
        families = run.best_families(order, posterior)
    share = channel.kept_share(index, batch, matches, families)
    start = np.where(phrase, PHRASE_INTENSITY, START_INTENSITY) if intensity is None else intensity
    rate = np.where(suspicious, start, 0.0)
    decoded, ratio, kept = _decode(index, model, batch, found, families, rate, share)
    if intensity is None and len(found.start):
        for _ in range(ROUNDS):
            fitted = np.where(phrase, PHRASE_INTENSITY, _fit(batch, decoded, share))
            rate = np.where(suspicious, fitted, 0.0)
            decoded, ratio, kept = _decode(index, model, batch, found, families, rate, share)
    ratio = np.where(suspicious, ratio, np.minimum(best, 0.0))
    return Inferred(families, scores, rate, ratio, kept, found, decoded)


@dataclass(frozen=True, slots=True)
class _Run:
    """What one batch needs to weigh several families against each other."""

    index: PhraseIndex
    model: LanguageModel
    batch: Batch
    matches: Matches
    found: Candidates
    suspicious: NDArray[np.bool_]
    intensity: float | None
    prior: Floats

    def best_families(self, order: NDArray[np.intp], posterior: Floats) -> Ints:
        """The likeliest family of each document. Where the first stage cannot tell its best ones
        apart, each is decoded and the likelihood decides."""
        best = order[:, 0].astype(np.int64)
        if order.shape[1] < 2:
            return best
        documents = np.arange(self.batch.documents)
        top = posterior[documents, best]
        rivals = [order[:, place] for place in range(1, min(CONTENDERS, order.shape[1]))]
        unsure = [
            self.suspicious & (top - posterior[documents, rival] < MARGIN) for rival in rivals
        ]
        if not any(some.any() for some in unsure):
            return best
        anyone = unsure[0]
        score = self._likelihood(best, anyone) + self.prior[documents, best]
        for rival, some in zip(rivals, unsure, strict=True):
            if not some.any():
                break
            other = self._likelihood(rival, some) + self.prior[documents, rival]
            better = some & (other > score)
            best = np.where(better, rival, best)
            score = np.where(better, other, score)
        return best

    def _likelihood(self, family: Ints, some: NDArray[np.bool_]) -> Floats:
        """Log-likelihood ratio of each of ``some`` documents under a family."""
        use = some[self.batch.document[self.found.start]]
        part = Candidates(
            self.found.start[use], self.found.end[use], self.found.entry[use], self.found.base[use]
        )
        share = channel.kept_share(self.index, self.batch, self.matches, family)
        level = START_INTENSITY if self.intensity is None else self.intensity
        rate = np.where(some, level, 0.0)
        _, ratio, _ = _decode(self.index, self.model, self.batch, part, family, rate, share)
        return ratio


def _decode(
    index: PhraseIndex, model: LanguageModel, batch: Batch, found: Candidates,
    family: Ints, rate: Floats, share: Floats,
) -> tuple[Decoded, Floats, Floats]:  # fmt: skip
    share = channel.with_unlisted(index, batch, share, family)
    kept = channel.kept_weights(share, batch, rate)
    weight = channel.candidate_weights(index, batch, found, family, rate)
    use = np.flatnonzero(np.isfinite(weight) & (weight > -25))
    graph = lattice.build(
        batch.ids, batch.sentence_start, kept,
        found.start[use], found.end[use], use, weight[use],
        index.out_ids, index.entry_out[found.entry[use]],
    )  # fmt: skip
    decoded = decode(graph, model, len(model.words))
    position, value = _ratio_parts(batch, decoded, kept)
    return decoded, channel.sum_by_document(batch, position, value), kept


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


def _fit(batch: Batch, decoded: Decoded, share: Floats) -> Floats:
    """Expected replaced units over expected units of the family's table, by document."""
    edges, posterior = decoded.lattice, decoded.posterior
    edit = edges.entry >= 0
    keep = edges.entry == -1
    replaced = channel.sum_by_document(batch, edges.start[edit], posterior[edit])
    alone = share.copy()
    alone[edges.start[keep]] *= posterior[keep]
    kept = np.bincount(batch.document, alone, batch.documents)
    return (replaced + _PRIOR_REPLACED) / (replaced + kept + _PRIOR_REPLACED + _PRIOR_KEPT)
