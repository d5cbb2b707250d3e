"""The search written plainly: every path through one sentence, one after the other.

What respin.decoder computes with arrays must agree with this. It is as slow as it is clear.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from respin.decoder import LM_SCALE
from respin.language_model import UNLISTED_SHARE, LanguageModel
from respin.vocabulary import START, UNKNOWN


@dataclass(frozen=True)
class Edge:
    """Tokens ``start`` .. ``end`` come from ``out``, at the log channel weight ``weight``."""

    start: int
    end: int
    out: tuple[int, ...]
    weight: float


def paths(edges: list[Edge], start: int, total: int) -> Iterator[list[Edge]]:
    """All ways from token ``start`` to the end of the sentence."""
    if start == total:
        yield []
        return
    for edge in edges:
        if edge.start == start:
            for rest in paths(edges, edge.end, total):
                yield [edge, *rest]


def score(path: list[Edge], model: LanguageModel) -> float:
    """Log probability of the path's words under the model and of its edges under the channel."""
    history = [START, START]
    value = 0.0
    for edge in path:
        value += edge.weight
        for word in edge.out:
            listed = word if word < len(model.words) else UNKNOWN
            triple = (np.array([number]) for number in (*history, listed))
            value += LM_SCALE * float(model.trigram(*triple)[0])
            if listed == UNKNOWN:
                value += UNLISTED_SHARE
            history = [history[1], listed]
    return value


def posteriors(edges: list[Edge], total: int, model: LanguageModel) -> tuple[list[float], float]:
    """Posterior of each edge, and the log sum over all paths."""
    found = [(path, score(path, model)) for path in paths(edges, 0, total)]
    top = max(value for _, value in found)
    mass = [math.exp(value - top) for _, value in found]
    whole = sum(mass)
    shares = [
        sum(weight for (path, _), weight in zip(found, mass, strict=True) if edge in path) / whole
        for edge in edges
    ]
    return shares, top + math.log(whole)
