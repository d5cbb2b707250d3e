"""The vectorised search agrees with the plain one."""

from __future__ import annotations

import numpy as np
import pytest

from respin import lattice
from respin.decoder import decode
from respin.language_model import LanguageModel
from tests.reference_decoder import Edge, posteriors


def _random_edges(chance: np.random.Generator, total: int, words: int) -> list[Edge]:
    edges = []
    for _ in range(chance.integers(1, 7)):
        start = int(chance.integers(0, total))
        end = min(total, start + int(chance.integers(1, 4)))
        out = tuple(int(word) for word in chance.integers(0, words + 3, chance.integers(1, 4)))
        edges.append(Edge(start, end, out, float(chance.normal(-2, 1))))
    return edges


def _decode(model: LanguageModel, ids: list[list[int]], edges: list[list[Edge]], kept: float):  # type: ignore[no-untyped-def]
    offsets = np.cumsum([0] + [len(sentence) for sentence in ids])
    flat = np.concatenate([np.array(sentence, np.int32) for sentence in ids])
    starts = np.zeros(len(flat), bool)
    starts[offsets[:-1]] = True
    every = [
        (edge, offset) for part, offset in zip(edges, offsets[:-1], strict=True) for edge in part
    ]
    out = [word for edge, _ in every for word in edge.out]
    stops = np.cumsum([len(edge.out) for edge, _ in every])
    ranges = np.stack([stops - [len(edge.out) for edge, _ in every], stops], 1).astype(np.int32)
    graph = lattice.build(
        flat, starts, np.full(len(flat), kept),
        np.array([edge.start + offset for edge, offset in every]),
        np.array([edge.end + offset for edge, offset in every]),
        np.arange(len(every)), np.array([edge.weight for edge, _ in every]),
        np.array(out, np.int32), ranges,
    )  # fmt: skip
    return decode(graph, model, len(model.words), prune=0.0), every


@pytest.mark.parametrize("seed", range(40))
def test_posteriors_agree_with_all_paths(small_model: LanguageModel, seed: int) -> None:
    chance = np.random.default_rng(seed)
    words = len(small_model.words)
    ids = [
        [int(word) for word in chance.integers(2, words, chance.integers(1, 9))] for _ in range(3)
    ]
    edges = [_random_edges(chance, len(sentence), words) for sentence in ids]
    kept = -0.3
    decoded, every = _decode(small_model, ids, edges, kept)
    found = np.zeros(len(every))
    candidate = decoded.lattice.entry >= 0
    found[decoded.lattice.entry[candidate]] = decoded.posterior[candidate]
    number = 0
    for sentence, part in zip(ids, edges, strict=True):
        identity = [Edge(n, n + 1, (word,), kept) for n, word in enumerate(sentence)]
        shares, _ = posteriors(identity + part, len(sentence), small_model)
        for share in shares[len(identity) :]:
            assert found[number] == pytest.approx(share, abs=1e-4)
            number += 1


@pytest.mark.parametrize("seed", range(10))
def test_evidence_is_the_ratio_of_all_paths_to_the_clean_one(
    small_model: LanguageModel, seed: int
) -> None:
    chance = np.random.default_rng(100 + seed)
    words = len(small_model.words)
    ids = [[int(word) for word in chance.integers(2, words, 6)]]
    edges = [_random_edges(chance, 6, words)]
    decoded, _ = _decode(small_model, ids, edges, kept=0.0)
    identity = [Edge(n, n + 1, (word,), 0.0) for n, word in enumerate(ids[0])]
    _, everything = posteriors(identity + edges[0], 6, small_model)
    _, clean = posteriors(identity, 6, small_model)
    ratio = float((decoded.evidence - decoded.clean).sum())
    assert ratio == pytest.approx(everything - clean, abs=1e-3)


def test_pruning_changes_little(small_model: LanguageModel) -> None:
    chance = np.random.default_rng(5)
    words = len(small_model.words)
    ids = [[int(word) for word in chance.integers(2, words, 30)]]
    edges = [[edge for _ in range(8) for edge in _random_edges(chance, 30, words)]]
    exact, _ = _decode(small_model, ids, edges, -0.3)
    graph = exact.lattice
    pruned = decode(graph, small_model, words, prune=1e-3)
    for start, out, value in zip(
        pruned.lattice.start, pruned.lattice.out, pruned.posterior, strict=True
    ):
        same = (graph.start == start) & (graph.out == out).all(axis=1)
        assert np.abs(exact.posterior[same] - value).min() < 0.01
