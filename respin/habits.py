"""The habits of a document's spinner: one original, one alternative.

A spinner that chose "financial" for "economic" mostly does so throughout a document (82 of 132
repeated words had one alternative, 12 had two). The first decoding says which choices are likely
where; here they are counted by document, and P(spun | original) is moved towards what the document's
*other* places show: a Dirichlet prior of :data:`STRENGTH` uses at the map's weight, and their counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from respin.channel import Batch, Candidates
from respin.phrase_index import PhraseIndex

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# How many uses the map's weight is worth against those counted in the document, and the most that a
# habit adds or takes (nats). See benchmarks/RESULTS.md: 0.5 to 0.6 points of errors removed on
# simulated pages of 350 words, for any strength from 1 to 10.
STRENGTH, MOST = 3.0, 2.0
_LEAST_WEIGHT = 1e-6  # rows that the family does not have stay out


def bonus(
    index: PhraseIndex, batch: Batch, found: Candidates, posterior: Floats, family: Ints
) -> Floats:
    """Nats to add to each candidate. ``posterior`` (one a candidate) comes from the first decoding
    under ``family`` (one a document)."""
    document = batch.document[found.start]
    prior = np.exp(index.entry_weight[found.entry, family[document]].astype(np.float64))
    original = index.original_node[found.entry]
    same = _elsewhere(document << 32 | found.entry, posterior)
    all_alternatives = _elsewhere(document << 32 | original.astype(np.int64) + 1, posterior)
    moved = (STRENGTH * prior + same) / (STRENGTH + all_alternatives)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.clip(np.log(moved) - np.log(prior), -MOST, MOST)
    # The two articles that change into each other have no original of their own, so no habits.
    return np.where((prior > _LEAST_WEIGHT) & (original >= 0), gain, 0.0)


def _elsewhere(key: Ints, posterior: Floats) -> Floats:
    """For each candidate the sum over the others of the same ``key``."""
    _, group = np.unique(key, return_inverse=True)
    return np.asarray(np.bincount(group, posterior)[group] - posterior)
