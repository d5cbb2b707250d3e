"""The search: forward-backward over the lattice, coarse to fine, for all regions of a batch at once.

The sum over all readings of the text gives three things in one pass: the posterior probability of
every candidate (the confidence of an edit, and its alternatives), the likelihood of the text under
the channel (the statistic of detection), and expected counts (for learning weights). First a bigram
model weighs all edges and drops the hopeless; then the trigram model runs over pairs of what is left.

Regions advance together: step s handles the edges that start s tokens into their region, of all
regions, with a handful of array operations. A clear reference implementation that enumerates all
paths stands in ``tests/reference_decoder.py``; both must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin.language_model import UNLISTED_SHARE, Ids, LanguageModel
from respin.lattice import Lattice
from respin.matcher import expand
from respin.vocabulary import UNKNOWN

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# An edge with a smaller bigram posterior is dropped before the trigram pass. At 1e-3, 0.02 % of the
# final edits change against no pruning, and the trigram pass handles an eighth of the pairs.
PRUNE = 1e-3


# Weight of the language model against the channel: its probabilities are too sure of themselves on
# text unlike its corpora. Of 19 news pages' errors 0.6, 0.7, 0.8, 0.9 and 1 remove 79.3, 79.6, 79.4,
# 79.5 and 79.3 %, of 11 rewriter pages' 72.5, 72.5, 72.2, 71.5 and 70.8 %. The nats of detection go with it.
LM_SCALE = 0.7


@dataclass(slots=True)
class Decoded:
    """A lattice (pruned), with the posterior of each edge and, for each region, the log likelihood
    of the text under the channel (``evidence``) and of its unchanged reading (``clean``)."""

    lattice: Lattice
    posterior: Floats
    evidence: Floats
    clean: Floats


@dataclass(slots=True)
class Coarse:
    """A lattice weighed by the bigram model: ``posterior`` of each edge, ``evidence`` and ``clean``
    of each region as in :class:`Decoded`; and what the trigram pass needs, the output ids with the
    map's own words unknown, and what each edge costs by itself."""

    lattice: Lattice
    posterior: Floats
    evidence: Floats
    clean: Floats
    out: NDArray[np.int32]
    inner: Floats

    def likely(self, prune: float = PRUNE) -> Decoded:
        """What the bigram model alone makes of it, without the hopeless edges."""
        keep = (self.posterior >= prune) | (self.lattice.entry < 0)
        return Decoded(self.lattice.subset(keep), self.posterior[keep], self.evidence, self.clean)


def decode(lattice: Lattice, model: LanguageModel, words: int, prune: float = PRUNE) -> Decoded:
    """Posteriors of all edges. ``words`` is the size of the model's vocabulary: higher ids are
    words that only the phrase map knows and score as unlisted."""
    return fine(coarse(lattice, model, words), model, prune)


def coarse(lattice: Lattice, model: LanguageModel, words: int) -> Coarse:
    """The first pass of :func:`decode`."""
    unlisted = (lattice.out >= words) | (lattice.out == UNKNOWN)
    out = np.where(lattice.out >= words, UNKNOWN, lattice.out)
    unlisted[lattice.entry == -2] = False
    inner = lattice.weight + UNLISTED_SHARE * unlisted.sum(axis=1)

    first, last = out[:, 0], out[np.arange(len(out)), lattice.out_length - 1]
    left, right = _pairs(lattice)
    # All queries in one: between edges, and between the words of one edge.
    edge, column = _inner_words(lattice, 1)
    score = _bigram(
        model, np.concatenate([last[left], out[edge, column - 1]]),
        np.concatenate([first[right], out[edge, column]]),
    )  # fmt: skip
    pair_score = score[: len(left)]
    gain = inner + np.bincount(edge, score[len(left) :], len(inner))
    posterior, total = _sum_product(lattice, gain, left, right, pair_score)
    kept = (lattice.entry[left] < 0) & (lattice.entry[right] == -1)
    value = pair_score[kept] + (gain - lattice.weight)[right[kept]]
    clean = np.bincount(lattice.region[right[kept]], value, len(lattice.region_start))

    return Coarse(lattice, posterior, total, clean.astype(np.float64), out, inner)


def fine(first: Coarse, model: LanguageModel, prune: float = PRUNE) -> Decoded:
    """The second pass of :func:`decode`, over what the first finds likely."""
    keep = (first.posterior >= prune) | (first.lattice.entry < 0)
    return _fine(first.lattice.subset(keep), model, first.out[keep], first.inner[keep])


def _bigram(model: LanguageModel, first: Ids, second: Ids) -> Floats:
    return LM_SCALE * model.bigram(first, second).astype(np.float64)


def _trigram(model: LanguageModel, first: Ids, second: Ids, third: Ids) -> Floats:
    return LM_SCALE * model.trigram(first, second, third).astype(np.float64)


def _pairs(lattice: Lattice) -> tuple[Ints, Ints]:
    """All (edge, next edge) of the same region: numbers of the left and of the right edges."""
    real = np.flatnonzero(lattice.entry != -2)
    # Edges by (end, region): a context ends where its region starts, another region may end there.
    place = lattice.end * 2 + (lattice.entry == -2)
    at_start = lattice.start[real] == lattice.region_start[lattice.region[real]]
    order = np.argsort(place, kind="stable")
    wanted = lattice.start[real] * 2 + at_start
    sorted_place = place[order]
    low = np.searchsorted(sorted_place, wanted, "left")
    high = np.searchsorted(sorted_place, wanted, "right")
    member, owner = expand(low, high)
    return order[member], real[owner]


def _inner_words(lattice: Lattice, least: int) -> tuple[Ints, Ints]:
    """Edge and column of every output word that has ``least`` others of its edge before it."""
    length = np.where(lattice.entry == -2, 0, lattice.out_length)
    some = np.flatnonzero(length > least)
    column, owner = expand(np.full(len(some), least), length[some])
    return some[owner], column


class _Steps:
    """Items grouped by step, and within a step by owner, for segmented sums."""

    def __init__(self, step: Ints, owner: Ints) -> None:
        key = step * (int(owner.max(initial=0)) + 1) + owner
        # Pairs mostly come in this order already, as the lattice's edges are sorted by step.
        self.order = None if (key[1:] >= key[:-1]).all() else np.argsort(key, kind="stable")
        if self.order is not None:
            step, owner = step[self.order], owner[self.order]
        fresh = np.ones(len(step), bool)
        fresh[1:] = (owner[1:] != owner[:-1]) | (step[1:] != step[:-1])
        self.group_start = np.flatnonzero(fresh)
        self.group_owner = owner[self.group_start]
        self.group_of = np.cumsum(fresh) - 1
        group_step = step[self.group_start]
        bounds = np.flatnonzero(np.append(True, group_step[1:] != group_step[:-1]))
        self.group_bounds = np.append(bounds, len(self.group_start)).tolist()
        starts = np.append(self.group_start, len(step))
        self.item_bounds = starts[self.group_bounds].tolist()

    def __len__(self) -> int:
        return len(self.group_bounds) - 1


def _log_sums(values: Floats, starts: Ints) -> Floats:
    """log(sum(exp)) of the segments that begin at ``starts``."""
    top = np.maximum.reduceat(values, starts)
    lengths = np.diff(np.append(starts, len(values)))
    return top + np.log(np.add.reduceat(np.exp(values - np.repeat(top, lengths)), starts))


def _sweep(total: Floats, source: Ints, score: Floats, steps: _Steps, gain: Floats) -> None:
    """total[owner] = gain[owner] + logsum over its items of total[source] + score, step by step."""
    if not len(source):
        return
    if steps.order is not None:
        source, score = source[steps.order], score[steps.order]
    for number in range(len(steps)):
        low, high = steps.item_bounds[number], steps.item_bounds[number + 1]
        group_low, group_high = steps.group_bounds[number], steps.group_bounds[number + 1]
        values = total[source[low:high]] + score[low:high]
        owner = steps.group_owner[group_low:group_high]
        starts = steps.group_start[group_low:group_high] - low
        total[owner] = gain[owner] + _log_sums(values, starts)


def _sum_product(
    lattice: Lattice, gain: Floats, left: Ints, right: Ints, score: Floats
) -> tuple[Floats, Floats]:
    """Posterior of every edge and log total of every region; states are edges."""
    forward = np.where(lattice.entry == -2, 0.0, -np.inf)
    _sweep(forward, left, score, _Steps(lattice.step[right], right), gain)
    final = (lattice.end == lattice.region_end[lattice.region]) & (lattice.entry != -2)
    backward = np.where(final, 0.0, -np.inf)
    # Backwards an edge's own gain belongs to the pair, so that the sweep can be the same.
    _sweep(
        backward, right, score + gain[right], _Steps(-lattice.step[right], left),
        np.zeros(len(gain)),
    )  # fmt: skip
    total = _region_totals(lattice, forward, final)
    with np.errstate(invalid="ignore"):
        posterior = np.exp(forward + backward - total[lattice.region])
    return np.nan_to_num(posterior), total


def _region_totals(lattice: Lattice, forward: Floats, final: NDArray[Any]) -> Floats:
    regions = len(lattice.region_start)
    if not regions:
        return np.zeros(0)
    last = np.flatnonzero(final)
    last = last[np.argsort(lattice.region[last], kind="stable")]
    starts = np.searchsorted(lattice.region[last], np.arange(regions))
    return _log_sums(forward[last], starts)


def _fine(lattice: Lattice, model: LanguageModel, out: NDArray[np.int32], inner: Floats) -> Decoded:
    """The trigram pass; states are pairs of edges."""
    length = lattice.out_length
    last = out[np.arange(len(out)), length - 1]
    left, right = _pairs(lattice)
    # Third and later words of an edge depend on the edge alone, its second word on the pair; so
    # does its first word where the left edge brings both words of history.
    edge, column = _inner_words(lattice, 2)
    two = np.flatnonzero(length[right] > 1)
    wide = np.flatnonzero(length[left] > 1)
    # Pairs of pairs (a, b), (b, c): the history of c's first word is the last words of a and b.
    by_right = np.argsort(right, kind="stable")
    sorted_right = right[by_right]
    low = np.searchsorted(sorted_right, left, "left")
    high = np.searchsorted(sorted_right, left, "right")
    member, pair_after = expand(low, high)
    pair_before = by_right[member]
    narrow = np.flatnonzero(length[left[pair_after]] == 1)
    before, after = pair_before[narrow], pair_after[narrow]
    queries = [
        (out[edge, column - 2], out[edge, column - 1], out[edge, column]),
        (last[left[two]], out[right[two], 0], out[right[two], 1]),
        (out[left[wide], length[left[wide]] - 2], last[left[wide]], out[right[wide], 0]),
        (last[left[before]], last[left[after]], out[right[after], 0]),
    ]
    score = _trigram(model, *(np.concatenate(words) for words in zip(*queries, strict=True)))
    parts = np.split(score, np.cumsum([len(edge), len(two), len(wide)]))
    gain = inner + np.bincount(edge, parts[0], len(inner))
    pair_gain = gain[right]
    pair_gain[two] += parts[1]
    pair_gain[wide] += parts[2]
    link = np.zeros(len(pair_after))
    link[narrow] = parts[3]

    opening = lattice.entry[left] == -2
    step = lattice.step[right]
    forward = np.where(opening, pair_gain, -np.inf)
    _sweep(forward, pair_before, link, _Steps(step[pair_after], pair_after), pair_gain)
    final = lattice.end[right] == lattice.region_end[lattice.region[right]]
    backward = np.where(final, 0.0, -np.inf)
    _sweep(
        backward, pair_after, link + pair_gain[pair_after],
        _Steps(-step[pair_after], pair_before), np.zeros(len(left)),
    )  # fmt: skip

    regions = len(lattice.region_start)
    if not regions:
        empty = np.zeros(0)
        return Decoded(lattice, np.ones(len(lattice)), empty, empty)
    pair_region = lattice.region[right]
    ending = np.flatnonzero(final)
    ending = ending[np.argsort(pair_region[ending], kind="stable")]
    starts = np.searchsorted(pair_region[ending], np.arange(regions))
    evidence = _log_sums(forward[ending], starts)
    pair_posterior = np.exp(forward + backward - evidence[pair_region])
    posterior = np.bincount(right, pair_posterior, len(lattice))
    clean = _clean(lattice, left, right, pair_gain, pair_before, pair_after, link)
    return Decoded(lattice, np.minimum(posterior, 1.0), evidence, clean)


def _clean(
    lattice: Lattice, left: Ints, right: Ints, pair_gain: Floats,
    pair_before: Ints, pair_after: Ints, link: Floats,
) -> Floats:  # fmt: skip
    """Language-model score of the unchanged text of each region (channel weights left out)."""
    kept_pair = (lattice.entry[left] < 0) & (lattice.entry[right] == -1)
    kept_link = kept_pair[pair_before] & kept_pair[pair_after]
    regions = len(lattice.region_start)
    region = lattice.region[right]
    own = pair_gain - lattice.weight[right]
    score = np.bincount(region[kept_pair], own[kept_pair], regions)
    score += np.bincount(region[pair_after[kept_link]], link[kept_link], regions)
    return score.astype(np.float64)
