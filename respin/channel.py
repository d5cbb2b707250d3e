"""The channel: what it costs that a spinner of a family, at an intensity, wrote this for that.

From the matches of a batch and the (family, intensity) of each document to the weighted candidates
and kept tokens that :mod:`respin.lattice` takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin.families import unlisted_shares
from respin.matcher import Matches, expand
from respin.phrase_index import PhraseIndex
from respin.text import CAPITALISED, UNCASED, UPPER

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# A capitalised word inside a sentence is mostly a name, and many sites spare names; natural log.
CAPITALISED_PENALTY = -0.4
# A sentence with more than this share of capitalised words is a headline: no penalty there.
_HEADLINE_SHARE = 0.6
# The spinner repaired the article with its word (news, academic) or left it wrong (others).
ARTICLE_REPAIRED = -0.7
# A text of so few tokens is a phrase that somebody asks about, not a document; a row that its family
# lacks but another one has is worth this much less there (natural log).
PHRASE_TOKENS, OTHER_FAMILY = 6, -3.0
# What a word of the named domain gains as an original; natural log, about a factor of three.
DOMAIN_BONUS = 1.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents in a row, token by token.

    ``ids`` are model ids, ``canonical`` the ids that were matched (American spelling, fuzzy words
    mended), ``near_cost`` the log cost of that mending, ``document`` the number of the document,
    ``blocked`` marks tokens that no edit may touch, ``inner_capitals`` those of
    :func:`inner_capitals`; ``favoured``, by word id, the words of the domain
    that the user named.
    """

    ids: NDArray[np.int32]
    canonical: NDArray[np.int32]
    near_cost: NDArray[np.float32]
    cases: NDArray[np.int8]
    document: Ints
    documents: int
    sentence_start: NDArray[np.bool_]
    blocked: NDArray[np.bool_]
    inner_capitals: NDArray[np.bool_]
    favoured: NDArray[np.bool_] | None = None

    @property
    def lengths(self) -> Ints:
        """Tokens of each document."""
        return np.bincount(self.document, minlength=self.documents)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidate edits: tokens ``start`` .. ``end``, the index's ``entry``, and ``base``, the part of
    their log weight that family and intensity do not change."""

    start: Ints
    end: Ints
    entry: Ints
    base: Floats

    def where(self, use: Ints) -> Candidates:
        """Some of the candidates."""
        return Candidates(self.start[use], self.end[use], self.entry[use], self.base[use])


def inner_capitals(cases: NDArray[np.int8], sentence_start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Capitalised tokens inside sentences that are not headlines: names, most likely."""
    sentence = np.cumsum(sentence_start) - 1
    capital = np.isin(cases, (CAPITALISED, UPPER))
    if not len(sentence):
        return capital
    count = np.bincount(sentence, cases != UNCASED)
    share = np.bincount(sentence, capital) / np.maximum(count, 1)
    return np.asarray(capital & ~sentence_start & (share <= _HEADLINE_SHARE)[sentence])


def candidates(
    batch: Batch, index: PhraseIndex, matches: Matches, refused: set[tuple[int, int]]
) -> Candidates:
    """Every entry of every match that touches no blocked token; ``refused`` are left out."""
    low, high = index.entry_start[matches.node], index.entry_start[matches.node + 1]
    spun = high > low
    blocked = np.append(0, np.cumsum(batch.blocked))
    spun &= blocked[matches.end] == blocked[matches.start]
    matches = matches.where(spun)
    entry, owner = expand(low[spun], high[spun])
    start, end = matches.start[owner], matches.end[owner]
    if refused:
        pairs = zip(entry.tolist(), start.tolist(), strict=True)
        use = np.array([pair not in refused for pair in pairs], bool)
        entry, start, end = entry[use], start[use], end[use]
    near = np.append(0.0, np.cumsum(batch.near_cost, dtype=np.float64))
    base = index.entry_penalty[entry] + near[end] - near[start]
    capitals = np.append(0, np.cumsum(batch.inner_capitals))
    base = base + CAPITALISED_PENALTY * (capitals[end] > capitals[start])
    if batch.favoured is not None:
        base = base + DOMAIN_BONUS * _favoured_entries(index, batch.favoured)[entry]
    return _with_articles(Candidates(start, end, entry, base), batch, index)


def _favoured_entries(index: PhraseIndex, favoured: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True for each entry whose original holds a word of the domain."""
    words = np.append(0, np.cumsum(favoured[index.out_ids]))
    return np.asarray(words[index.entry_out[:, 1]] > words[index.entry_out[:, 0]])


def _with_articles(found: Candidates, batch: Batch, index: PhraseIndex) -> Candidates:
    """Also the other article before every candidate: spinners repair a and an after swapping the
    next word, so the author's article may have been the other one."""
    before = np.unique(found.start) - 1
    before = before[before >= 0]
    before = before[~batch.sentence_start[before + 1] & ~batch.blocked[before]]
    article_entries = len(index.entry_row) - 2 + np.arange(2)
    a, an = index.out_ids[index.entry_out[article_entries, 0]]
    to_an, to_a = before[batch.ids[before] == a], before[batch.ids[before] == an]
    place = np.concatenate([to_an, to_a])
    entry = np.repeat(article_entries[::-1], [len(to_an), len(to_a)])
    return Candidates(
        np.concatenate([found.start, place]),
        np.concatenate([found.end, place + 1]),
        np.concatenate([found.entry, entry]),
        np.concatenate([found.base, np.full(len(place), ARTICLE_REPAIRED)]),
    )


def candidate_weights(
    index: PhraseIndex, batch: Batch, found: Candidates, family: Ints, intensity: Floats
) -> Floats:
    """Log channel weight of each candidate, for the family and intensity of each document.

    In a text of but a few words all families' rows count: there is too little of it to tell one from
    another.
    """
    document = batch.document[found.start]
    rate = np.log(np.maximum(intensity, 1e-9))[document]
    weight = index.entry_weight[found.entry, family[document]].astype(np.float64)
    weight += index.entry_usage[found.entry, family[document]]
    few = np.flatnonzero((batch.lengths <= PHRASE_TOKENS)[document])
    if len(few):
        most = index.entry_weight[found.entry[few]].max(axis=1)
        weight[few] = np.maximum(weight[few], most + OTHER_FAMILY)
    return rate + weight + found.base


def kept_share(
    index: PhraseIndex, batch: Batch, matches: Matches, family: Ints
) -> NDArray[np.float64]:
    """How sure the document's family would have replaced each token, had the author written it, as
    far as the map says.

    The share of a phrase of several words is laid on its last word. Names count as never replaced.
    """
    share = np.zeros(len(batch.ids))
    value = index.kept_weight[matches.node, family[batch.document[matches.start]]]
    some = value > 0
    np.maximum.at(share, matches.end[some] - 1, value[some])
    share[batch.inner_capitals | batch.blocked] = 0.0
    return share


def with_unlisted(index: PhraseIndex, batch: Batch, share: Floats, family: Ints) -> Floats:
    """The same, with content words that the map lacks at the family's share for unlisted ones."""
    unlisted = (
        index.content[batch.canonical] * unlisted_shares(index.families)[family[batch.document]]
    )
    unlisted[batch.inner_capitals | batch.blocked] = 0.0
    return np.maximum(share, unlisted)


def kept_weights(share: Floats, batch: Batch, intensity: Floats) -> Floats:
    """Log probability that each token stands as it was written."""
    return np.log1p(-np.minimum(share * intensity[batch.document], 0.999))


def sum_by_document(batch: Batch, position: NDArray[Any], value: NDArray[Any]) -> Floats:
    """Sum of values that belong to token positions, by document."""
    return np.bincount(batch.document[position], value, batch.documents).astype(np.float64)
