"""One original, one alternative, throughout a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from respin import Restorer, habits
from respin.phrase_map import Row, write

ROWS = [
    Row("financial", "economic", "odd", "x", 0.45, "known"),
    Row("monetary", "economic", "odd", "x", 0.45, "known"),
    Row("monetary", "financial", "odd", "x", 0.9, "known"),
]
CLEAR = "They spoke of financial growth and of financial development and financial reform. " * 4
DOUBTFUL = "The monetary problems remain."


@pytest.fixture
def told(tmp_path: Path) -> Restorer:
    path = tmp_path / "map.tsv"
    write(path, ROWS)
    return Restorer(path, family="odd")


def chance_of(told: Restorer, text: str, original: str) -> float:
    edit = next(edit for edit in told.restore(text).edits if edit.spun == "monetary")
    options = dict(edit.alternatives) | {edit.original: edit.confidence}
    return options.get(original, 0.0)


def test_other_places_decide(told: Restorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where "financial" stands for "economic" all over, "monetary" hardly does as well."""
    with_habits = chance_of(told, CLEAR + DOUBTFUL, "economic")
    monkeypatch.setattr(habits, "MOST", 0.0)
    assert with_habits < chance_of(told, CLEAR + DOUBTFUL, "economic")


def test_one_place_has_no_habits(told: Restorer, monkeypatch: pytest.MonkeyPatch) -> None:
    with_habits = told.restore(DOUBTFUL)
    monkeypatch.setattr(habits, "MOST", 0.0)
    assert told.restore(DOUBTFUL) == with_habits
