"""Originals that a family's pages use more often than the model's corpora."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from respin.phrase_map import Row
from respin.usage import MOST, MOST_MEASURED, boosts, measured_gain, wild_count

CHANCE = {"price": 1e-4, "prices": 1e-4, "value": 1e-4, "values": 1e-4, "the": 0.05}


def log_probability(phrases: Sequence[str]) -> np.ndarray:
    return np.log([CHANCE.get(phrase, 1e-9) for phrase in phrases])


@pytest.mark.parametrize(
    ("evidence", "count"), [("wild 12 known", 12), ("known", 0), ("known wild 3 sim 1/2", 3)]
)
def test_counts_are_read_from_the_evidence(evidence: str, count: int) -> None:
    assert wild_count(Row("a", "b", "news", "x", 0.5, evidence)) == count


def test_what_stands_there_oftener_than_expected_gains() -> None:
    rows = [
        Row("worth", "price", "news", "n", 0.6, "wild 40"),
        Row("value", "price", "news", "n", 0.2, "wild 10"),
        Row("worth", "value", "news", "n", 0.5, "known"),
        Row("this", "the", "news", "x", 0.1, "wild 9"),
    ]
    found = boosts(rows, log_probability)
    assert found["news", "price"] == found["news", "prices"] > 1
    assert ("news", "value") not in found  # never counted
    assert ("news", "the") not in found  # counted less often than it must have stood there


def test_gains_are_bounded() -> None:
    rows = [Row("worth", "price", "news", "n", 0.6, "wild 1000000")]
    assert boosts(rows, lambda phrases: np.full(len(phrases), -40.0))["news", "price"] == MOST


def test_nothing_counted_nothing_gained() -> None:
    assert boosts([Row("worth", "price", "news", "n", 0.6, "known")], log_probability) == {}


@pytest.mark.parametrize(
    ("evidence", "low", "high"),
    [
        ("known", 0.0, 0.0),
        ("wild 3 real 5/5", 0.0, 0.0),
        ("wild 3 sim 8/9 real 20/10", 0.4, 0.7),  # right twice as often as expected: near log 2
        ("known real 0/8", -2.3, -2.1),
        ("known real 0/1000", -MOST_MEASURED, -MOST_MEASURED),
        ("known real 900/0.01", MOST_MEASURED, MOST_MEASURED),
    ],
)
def test_rows_gain_by_what_they_did_on_real_pages(evidence: str, low: float, high: float) -> None:
    assert low <= measured_gain(Row("a", "b", "news", "x", 0.5, evidence)) <= high
