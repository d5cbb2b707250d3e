"""The whole way: text in, restored text and explained edits out."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import respin
from respin import Restorer, apply_edits
from respin.phrase_map import Row, write

CASES = json.loads((Path(__file__).parent / "cases" / "restore.json").read_text(encoding="utf-8"))


def _parameters():  # type: ignore[no-untyped-def]
    for case in CASES:
        marks = (
            [pytest.mark.xfail(strict=True, reason=case["known_failure"])]
            if "known_failure" in case
            else []
        )
        yield pytest.param(case, id=case["name"], marks=marks)


@pytest.mark.parametrize("case", _parameters())
def test_case(restorer: Restorer, case: dict[str, str]) -> None:
    result = restorer.restore(case["text"])
    assert result.text == case["expected"]
    assert apply_edits(case["text"], result.edits) == result.text


SPUN = next(case["text"] for case in CASES if case["name"] == "news: central bank")


def test_contract(restorer: Restorer) -> None:
    result = restorer.restore(SPUN)
    report = result.report
    assert report.is_spun
    assert report.family == "news"
    assert report.probability > 0.9
    assert 0.3 < report.intensity <= 1
    assert report.tokens > 50
    assert report.score > 0
    assert report.evidence
    assert report.family_probabilities["news"] > 0.5
    assert report.spans
    for span in report.spans:
        assert 0 <= span.start < span.end <= len(SPUN)
    before = 0
    for edit in result.edits:
        assert edit.start >= before
        assert SPUN[edit.start : edit.end] == edit.spun
        assert 0 <= edit.confidence <= 1
        assert edit.reason
        before = edit.end


def test_detect_agrees_with_restore(restorer: Restorer) -> None:
    assert restorer.detect(SPUN) == restorer.restore(SPUN).report


def test_same_for_any_batch_and_worker_count(restorer: Restorer) -> None:
    texts = [case["text"] for case in CASES]
    one_by_one = [restorer.restore(text) for text in texts]
    assert list(restorer.restore_many(texts)) == one_by_one
    assert list(restorer.restore_many(texts, workers=2)) == one_by_one
    assert list(restorer.detect_many(texts)) == [result.report for result in one_by_one]


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from(
            [
                *SPUN.split(),
                "\r\n",
                "\u00a0",
                "İ",
                "🙂",
                "\u200b",
                "U.S.",
                "`code`",
                "a\u0301",
                "“x”",
            ]
        ),
        max_size=40,
    ),
    st.sampled_from([" ", "  ", "\n", "\t"]),
)
def test_replaying_the_edits_gives_the_text(words: list[str], space: str) -> None:
    text = space.join(words)
    result = respin.restore(text, family="news", intensity=0.8)
    assert apply_edits(text, result.edits) == result.text


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    result = respin.restore(text)
    assert apply_edits(text, result.edits) == result.text


def test_pickles_as_paths_and_options(restorer: Restorer) -> None:
    told = Restorer(family="news", min_confidence=0.5)
    assert len(told.restore(SPUN).edits) > 5
    data = pickle.dumps(told)
    assert len(data) < 2000
    again = pickle.loads(data)
    assert again.restore(SPUN) == told.restore(SPUN)


def test_min_confidence_leaves_out_the_unsure() -> None:
    sure = Restorer(min_confidence=0.95).restore(SPUN)
    every = Restorer(min_confidence=0.0).restore(SPUN)
    assert 0 < len(sure.edits) < len(every.edits)
    words = [edit for edit in sure.edits if "article" not in edit.reason]
    assert all(edit.confidence >= 0.9 for edit in words)


@pytest.mark.parametrize(
    "options", [{"intensity": 1.5}, {"intensity": -0.1}, {"min_confidence": 2.0}]
)
def test_options_out_of_range(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        Restorer(**options)  # type: ignore[arg-type]


def test_unknown_family() -> None:
    with pytest.raises(ValueError, match=r"no family 'newspaper'.*news"):
        Restorer(family="newspaper").restore("Some text.")


def test_protected_text_is_untouched(restorer: Restorer) -> None:
    text = SPUN + " See https://example.org/provide/safety and `officers = safety`."
    result = restorer.restore(text)
    assert "https://example.org/provide/safety" in result.text
    assert "`officers = safety`" in result.text


def test_domain_words_are_preferred() -> None:
    """A text of the field tips the balance between near-synonyms."""
    text = (
        "The corporate mentioned that buyers within the area paid larger costs this yr, and the worth "
        "of the corporations fell. Its clients have been glad."
    )
    for domain, word in (("values and valuations", "value"), ("price, prices", "price")):
        restored = Restorer(family="news", domain=domain).restore(text).text
        assert f"the {word} of the companies fell" in restored


def test_what_spinners_break_is_mended() -> None:
    text = (
        "Officers within the U.Okay. mentioned a couple of.5 million {dollars} had been misplaced, "
        "however the financial institution mentioned two,489 purchasers had been paid this yr."
    )
    restored = Restorer().restore(text).text
    assert "U.K." in restored
    assert "2.5 million dollars" in restored
    assert "2,489" in restored


def test_a_phrase_may_be_of_any_family(restorer: Restorer) -> None:
    """A text of a few words says too little about its family: all families' rows count."""
    assert restorer.restore("profound learning").text == "deep learning"
    assert restorer.restore("herbal language processing").text == "natural language processing"
    assert restorer.restore("bosom malignancy").text == "breast cancer"


def test_later_maps_win(tmp_path: Path) -> None:
    """A row of one's own replaces the shipped one, also by a lower weight."""
    first, second = tmp_path / "first.tsv", tmp_path / "second.tsv"
    write(first, [Row("officer", "official", "odd", "n", 0.9, "known")])
    write(second, [Row("officer", "official", "odd", "n", 0.0001, "known")])
    text = "A senior government officer said on Monday that a white house officer met an elected officer."
    told = {"family": "odd", "intensity": 0.9}
    assert "government official" in Restorer(first, **told).restore(text).text
    assert Restorer([first, second], **told).restore(text).text == text
