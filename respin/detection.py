"""From what was inferred of a batch to the report on each document."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from respin.channel import Batch
from respin.families import log_priors
from respin.inference import Inferred, sentence_ratios
from respin.matcher import Matches
from respin.phrase_index import PhraseIndex
from respin.report import Span, SpinReport
from respin.sections import Sections, two_states
from respin.text import Tokens

Floats = NDArray[np.float64]
# log odds of "spun" where the ratio, with the family's prior, is 0, and per nat of it. The ratio
# overstates itself (neighbouring words are not independent), so its weight is below 1. Of 12,000 clean
# held-out excerpts none comes above 7.9 nats; half of them would be spun at about 6.6, if one document in
# a hundred was. The probability errs on that side: a wrong accusation is the worst error.
PRIOR, SLOPE = -4.8, 0.52
# Nats a token that a ratio must have before it says anything: on clean text that is unlike the model's
# corpora (lists of roads, odd English) it grows with length by up to 0.13, on spun pages by 0.2 to 1.1.
# Without it 46 of 20,000 clean documents and excerpts would be accused. (Counted when the language model weighed
# 0.8; this and the other nats here were scaled with it to 0.7.)
EXPECTED = 0.105
IS_SPUN = 0.5
# A table that was replaced by less than this share is not the spinner's own: pages of a family that
# the map lacks are read as another one at 0.24 to 0.57, pages of a known one (intensity 0.75) at 0.4
# to 0.9. Of the edits in such pages, those of UNKNOWN_CONFIDENCE and more were right in 82 to 91 %.
UNKNOWN, UNKNOWN_INTENSITY, UNKNOWN_CONFIDENCE = "unknown", 0.4, 0.9
# Two-state smoothing over sentences: nats that a change from clean to spun text or back costs.
_SWITCH = 3.5
# A sentence at the edge of the spun part of a document must bring this many nats of its own.
_EDGE = 1.3
_MOST_EVIDENCE = 8


def confidence(posterior: float) -> float:
    """Probability that an edit is right, from the decoder's posterior.

    The posterior is taken as it is: with the language model's weight at 0.7 it needs no further
    calibration (the reliability table of benchmarks/accuracy.py).
    """
    return round(posterior, 4)


def probability(ratio: float) -> float:
    """Probability of "spun" from the log-likelihood ratio of the whole document, its family's
    prior added and what is :data:`EXPECTED` of its length taken off (nats)."""
    return float(probabilities(np.array(ratio)))


def probabilities(ratio: Floats) -> Floats:
    """:func:`probability` of many."""
    return np.asarray(1 / (1 + np.exp(-np.clip(PRIOR + SLOPE * ratio, -40, 40))))


def chances(
    index: PhraseIndex, sections: Sections, inferred: Inferred, tokens: NDArray[np.int64]
) -> Floats:
    """Probability of "spun" for each section; ``tokens``, their lengths."""
    prior = log_priors(index.families)[inferred.family]
    ratio = inferred.ratio - inferred.repeats - EXPECTED * tokens
    return probabilities(ratio - sections.cost + prior)


def clean_reports(
    index: PhraseIndex, scores: Floats, tokens: NDArray[np.int64], ratio: Floats | None = None
) -> list[SpinReport]:
    """The reports on documents that an early stage settles; ``scores`` (documents, families), the
    number of their ``tokens``, their log-likelihood ``ratio`` (None: that of the first stage)."""
    if not len(scores):
        return []
    posterior = scores + log_priors(index.families)
    best = posterior.argmax(axis=1)[:, None]
    top = np.take_along_axis(scores, best, 1)[:, 0]
    prior = np.take_along_axis(posterior, best, 1)[:, 0] - top
    if ratio is None:
        ratio = np.minimum(top, 0.0)
    chance = np.round(probabilities(ratio + prior - EXPECTED * tokens), 6).tolist()
    score = np.round(ratio / np.maximum(tokens, 1), 4).tolist()
    shares = _family_shares(index, scores)
    columns = (chance, score, repeat(0.0), repeat(None), shares, repeat(()), tokens.tolist())
    return [SpinReport(False, *values) for values in zip(*columns, strict=False)]


def reports(
    index: PhraseIndex, batch: Batch, sections: Sections, matches: Matches, inferred: Inferred,
    documents: Sequence[Tokens],
) -> list[SpinReport]:  # fmt: skip
    """One report a document, as its likeliest section says."""
    first_token = np.concatenate([[0], np.cumsum([len(tokens) for tokens in documents])])
    sentence_first, sentence_score = sentence_ratios(batch, inferred)
    bounds = np.searchsorted(sentence_first, first_token)
    # As of whole documents: a sentence says nothing before it brings what clean ones bring.
    sentence_score -= EXPECTED * np.diff(np.append(sentence_first, len(batch.ids)))
    evidence = _evidence_in_words(index, batch, matches, inferred)
    chance = chances(index, sections, inferred, batch.lengths)
    sentence_score = np.where(
        chance[batch.document[sentence_first]] >= IS_SPUN, sentence_score, -_SWITCH
    )
    divided = np.bincount(sections.owner, minlength=len(documents)) > 1
    document = sections.owner[batch.document[sentence_first]]
    sentence_score = sentence_score - _EDGE * divided[document]
    likeliest = np.arange(len(documents))
    for extra in range(len(documents), len(chance)):
        number = int(sections.owner[extra])
        if chance[extra] > chance[likeliest[number]]:
            likeliest[number] = extra
    ratio = np.bincount(sections.owner, inferred.ratio, len(documents))
    shares = _family_shares(index, inferred.scores) if len(documents) else []
    found = []
    for number, tokens in enumerate(documents):
        section = int(likeliest[number])
        is_spun = bool(chance[section] >= IS_SPUN)
        spans: tuple[Span, ...] = ()
        if is_spun:
            low, high = bounds[number], bounds[number + 1]
            starts = np.append(sentence_first[low:high], first_token[number + 1])
            spans = _spans(tokens, starts - first_token[number], sentence_score[low:high])
        found.append(
            SpinReport(
                is_spun=is_spun,
                probability=round(float(chance[section]), 6),
                score=round(float(ratio[number]) / max(len(tokens), 1), 4),
                intensity=round(float(inferred.intensity[section]), 4) if is_spun else 0.0,
                family=_family(index, inferred, section) if is_spun else None,
                family_probabilities=shares[section],
                spans=spans,
                tokens=len(tokens),
                evidence=(
                    (*evidence.get(section, ()), _places(index, inferred, section))
                    if is_spun
                    else ()
                ),
            )
        )
    return found


def _family(index: PhraseIndex, inferred: Inferred, section: int) -> str:
    if inferred.intensity[section] < UNKNOWN_INTENSITY:
        return UNKNOWN
    return index.families[int(inferred.family[section])]


def _places(index: PhraseIndex, inferred: Inferred, section: int) -> str:
    """How much of what a family's table would replace is replaced, in words."""
    replaced, left = round(float(inferred.replaced[section])), float(inferred.left[section])
    name = index.families[int(inferred.family[section])]
    return f"of about {replaced + round(left)} places that {name} spinners replace, {replaced} are"


def _family_shares(index: PhraseIndex, scores: Floats) -> list[dict[str, float]]:
    """Probability of each family that has any, likeliest first; ``scores`` (documents, families)."""
    scores = scores + log_priors(index.families)
    weight = np.exp(SLOPE * (scores - scores.max(axis=1, keepdims=True)))
    share = np.round(weight / weight.sum(axis=1, keepdims=True), 4)
    order = np.argsort(-share, axis=1, kind="stable")
    values = np.take_along_axis(share, order, 1)
    some = np.count_nonzero(values, axis=1)
    names = index.families
    return [
        {names[place]: value for place, value in zip(places[:count], line, strict=False)}
        for places, line, count in zip(order.tolist(), values.tolist(), some.tolist(), strict=True)
    ]


def _spans(tokens: Tokens, starts: NDArray[np.int64], score: Floats) -> tuple[Span, ...]:
    """Stretches of spun sentences: the best path of a two-state chain over sentence scores."""
    state = two_states(score, _SWITCH)
    count = len(score)
    spans = []
    number = 0
    while number < count:
        if not state[number]:
            number += 1
            continue
        end = number
        while end < count and state[end]:
            end += 1
        low, high = int(starts[number]), int(starts[end])
        value = float(score[number:end].sum()) / max(high - low, 1)
        spans.append(Span(int(tokens.starts[low]), int(tokens.ends[high - 1]), round(value, 4)))
        number = end
    return tuple(spans)


def _evidence_in_words(
    index: PhraseIndex, batch: Batch, matches: Matches, inferred: Inferred
) -> dict[int, list[str]]:
    """The strongest signs of each document: likely replacements, by what they add to the ratio."""
    edges, posterior = inferred.decoded.lattice, inferred.decoded.posterior
    likely = np.flatnonzero((edges.entry >= 0) & (posterior > 0.7))
    if not len(likely):
        return {}
    entry = inferred.found.entry[edges.entry[likely]]
    document = batch.document[edges.start[likely]]
    real = ~index.are_articles(entry)
    key, first, count = np.unique(
        document[real] << 32 | entry[real], return_index=True, return_counts=True
    )
    document, entry = key >> 32, key & 0xFFFFFFFF
    node = np.searchsorted(index.entry_start, entry, side="right") - 1
    gain = index.evidence[np.minimum(node, len(index.evidence) - 1), inferred.family[document]]
    order = np.lexsort((first, -gain * np.sqrt(count), document))
    signs: dict[int, list[str]] = {}
    for place in order.tolist():
        found = signs.setdefault(int(document[place]), [])
        if len(found) < _MOST_EVIDENCE:
            number, times = int(entry[place]), int(count[place])
            words = f"'{index.spun_text(number)}' for '{index.out_text(number)}'"
            found.append(words if times == 1 else f"{words} ({times} times)")
    return signs
