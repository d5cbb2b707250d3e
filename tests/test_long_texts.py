"""Long texts are read in pieces that add up."""

from __future__ import annotations

import pytest

from respin import Restorer, apply_edits, long_texts

SPUN = (
    "The central financial institution left its charges unchanged, officers mentioned on Thursday. "
    "Strain on the provide chain has eased, however vitality costs stay excessive, and buyers are "
    "underneath stress. "
)
CLEAN = "The committee met on Monday to discuss the budget and the accounts of the year. "


@pytest.mark.parametrize("text", ["a" * 2500, "word " * 700, "line\n" * 500, "", "short"])
def test_pieces_add_up(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_texts, "LONGEST_PIECE", 1000)
    pieces = long_texts.split(text)
    assert "".join(pieces) == text
    assert all(len(piece) <= 1000 for piece in pieces)


def test_result_of_a_long_text(restorer: Restorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_texts, "LONGEST_PIECE", 2000)
    text = CLEAN * 30 + "\n\n" + SPUN * 8 + "\n\n" + CLEAN * 30
    result = restorer.restore(text)
    assert apply_edits(text, result.edits) == result.text
    assert "supply chain" in result.text
    report = restorer.detect(text)
    assert report == result.report
    assert report.is_spun
    assert report.tokens > 1000
    assert all(edit.start >= len(CLEAN * 30) for edit in result.edits)
    assert list(restorer.restore_many([text, SPUN])) == [result, restorer.restore(SPUN)]
    assert list(restorer.restore_many([text, SPUN], workers=2)) == [result, restorer.restore(SPUN)]
