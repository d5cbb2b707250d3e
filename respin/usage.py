"""What a family's pages are about: originals that stand there more often than in the model's corpora.

The language model comes from government, science, medicine and encyclopaedias; scraped news is about
prices, sales and movies. The map says how often each original was counted in real pages of a family
("wild 31"), the model how often it was to be expected in as much text. Where the count is higher, the
original is likelier in such a text than the model says: its unigram is adapted to the domain, as
Kneser, Peters & Klakow do ("Language model adaptation using dynamic marginals", 1997), by the ratio
of the two to the power :data:`ADAPTED`. Counts lower than expected say nothing of the kind: the
spinner leaves the word alone, and the row's weight says so already.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from respin.inflection import forms
from respin.phrase_map import Row

Floats = NDArray[np.float64]
# Exponent of the ratio, and the most that it is worth (nats). Chosen on real news pages (cross-validated):
# 0.5, 0.75 and 1 give 64.3, 64.9 and 65.3 % of errors removed; see benchmarks/RESULTS.md.
ADAPTED, MOST = 1.0, 2.0
_SMOOTHING = 2.0  # counts added to both sides: a word seen once is no evidence of a domain
# Share of all words that a family replaces, counted in aligned pages; the counted replacements
# over it give the number of words read.
SHARE_REPLACED = {"news": 0.30, "academic": 0.47}
OTHER_SHARE = 0.3
_WILD = re.compile(r"wild (\d+)")
_REAL = re.compile(r"real ([\d.]+)/([\d.]+)")
# Uses of a row that its weight is worth against those seen on real pages, and the most that these are
# worth (nats). 0.5, 1, 2 and 4 uses: see benchmarks/RESULTS.md.
MEASURED_STRENGTH, MOST_MEASURED = 1.0, 2.5


def wild_count(row: Row) -> int:
    """How often the row was counted in real pages.

    >>> wild_count(Row("worth", "price", "news", "x", 0.5, "wild 12 known"))
    12
    """
    found = _WILD.search(row.evidence)
    return int(found[1]) if found else 0


def measured_gain(row: Row) -> float:
    """Nats that a row gains by how it did on real pages whose originals are known: the logarithm of
    how often it was right over how often the decoder expected it (its posteriors, added up), as in
    iterative scaling (Darroch & Ratcliff 1972). 0 where it was not seen at work.

    >>> round(measured_gain(Row("worth", "price", "news", "x", 0.5, "wild 12 real 5/2")), 3)
    0.693
    """
    found = _REAL.search(row.evidence)
    if not found:
        return 0.0
    right, expected = float(found[1]), float(found[2])
    gain = math.log((right + MEASURED_STRENGTH) / (expected + MEASURED_STRENGTH))
    return max(-MOST_MEASURED, min(MOST_MEASURED, gain))


def boosts(
    rows: Sequence[Row], log_probability: Callable[[Sequence[str]], Floats]
) -> dict[tuple[str, str], float]:
    """Nats that an original gains in a family, by (family, original form); only gains are listed.

    ``log_probability`` gives log P of phrases in clean English.
    """
    total: dict[tuple[str, str, str], int] = defaultdict(int)
    read: dict[str, float] = defaultdict(float)
    for row in rows:
        if count := wild_count(row):
            total[row.family, row.original, row.part] += count
            read[row.family] += count / SHARE_REPLACED.get(row.family, OTHER_SHARE)
    members = [
        (number, form)
        for number, (_, original, part) in enumerate(total)
        for form in sorted(set(forms(original, part).values()))
    ]
    if not members:
        return {}
    owner = np.array([number for number, _ in members])
    chance = np.exp(log_probability([form for _, form in members]))
    words = np.array([read[family] for family, _, _ in total])
    expected = words * np.bincount(owner, chance, len(total))
    counted = np.array(list(total.values()), np.float64)
    gain = ADAPTED * np.log((counted + _SMOOTHING) / (expected + _SMOOTHING))
    gain = np.minimum(gain, MOST)
    found: dict[tuple[str, str], float] = {}
    keys = list(total)
    for number, form in members:
        if gain[number] > 0:
            key = keys[number][0], form
            found[key] = max(found.get(key, 0.0), float(gain[number]))
    return found
