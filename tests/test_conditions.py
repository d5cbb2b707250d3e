"""Rows that are used in some company only."""

from __future__ import annotations

from pathlib import Path

import pytest

from respin import Restorer
from respin.phrase_map import Row, write


@pytest.mark.parametrize(
    ("condition", "text", "restored"),
    [
        ("all:breast", "A bosom and a breast.", True),
        ("all:breast", "A bosom and a heart.", False),
        ("any:cell,tumor", "A bosom with a tumor.", True),
        ("any:cell,tumor", "A bosom with a rose.", False),
        ("none:friend", "A bosom friend.", False),
        ("none:friend", "A bosom rose.", True),
        ("near2:cancer", "A bosom and cancer of old.", True),
        ("near2:cancer", "A bosom is not far from any cancer.", False),
        ("all:blood pressure", "A bosom and blood pressure.", True),
        ("all:blood pressure", "A bosom, pressure and blood.", False),
        ("any:tumor;none:friend", "A bosom friend with a tumor.", False),
    ],
)
def test_condition(tmp_path: Path, condition: str, text: str, restored: bool) -> None:
    path = tmp_path / "map.tsv"
    write(path, [Row("bosom", "breast", "academic", "x", 0.9, "known", condition)])
    result = Restorer(path, family="academic", intensity=0.999, min_confidence=0.0).restore(text)
    assert ("bosom" not in result.text) == restored


def test_a_condition_binds_its_own_row_only(tmp_path: Path) -> None:
    """Another family's row for the same phrase is used without it."""
    path = tmp_path / "map.tsv"
    conditional = Row("bosom", "breast", "academic", "x", 0.9, "known", "any:cell")
    write(path, [conditional, Row("bosom", "breast", "odd", "x", 0.9, "known")])
    text = "A bosom and a rose, and nothing else of the kind."
    for family, restored in (("academic", False), ("odd", True)):
        # A family of so few rows has faint echoes of other families'; they are no sure edits.
        result = Restorer(path, family=family, intensity=0.999, min_confidence=0.5).restore(text)
        assert ("bosom" not in result.text) == restored


def test_a_condition_is_tried_within_its_document(tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    write(path, [Row("bosom", "breast", "academic", "x", 0.9, "known", "any:tumor")])
    told = Restorer(path, family="academic", intensity=0.999, min_confidence=0.0)
    texts = ["A tumor.", "A bosom.", "A tumor in a bosom."]
    found = [result.text for result in told.restore_many(texts)]
    assert found == ["A tumor.", "A bosom.", "A tumor in a breast."]
