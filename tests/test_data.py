"""The data files are sound: sorted, without doubles, every row a row that the loader takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from respin.families import table
from respin.inflection import paired_forms
from respin.language_model import LanguageModel
from respin.phrase_map import lint, read
from respin.resources import data_file

ROWS = read(data_file("phrase_map.tsv"))
DATA = Path(__file__).parent.parent / "data"


def test_map_is_sound() -> None:
    assert lint(ROWS) == []


def test_map_is_large_enough_for_its_families() -> None:
    count = dict.fromkeys(table(), 0)
    for row in ROWS:
        count[row.family] += 1
    assert count["news"] >= 4000
    assert count["academic"] >= 6000
    assert count["rewriter"] >= 1000
    assert count["areas"] >= 500


def test_every_family_of_the_map_is_described() -> None:
    assert {row.family for row in ROWS} <= set(table())


def test_rows_have_no_stray_characters() -> None:
    for row in ROWS:
        for phrase in (row.spun, row.original):
            assert "\u2019" not in phrase, row
            assert "|" not in phrase, row
            assert phrase.isprintable(), row


def test_originals_are_english_words_that_the_model_knows() -> None:
    """An original with an unknown word would be a typo, or could never win."""
    known = set(LanguageModel.load(data_file("language_model.bin")).words)
    unknown = [
        row
        for row in ROWS
        if row.original.replace(" ", "").isalpha()
        and not all(word in known or word.upper() in known for word in row.original.split())
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("family", "spun", "original"),
    [
        ("news", "provide chain", "supply chain"), ("news", "financial institution", "bank"),
        ("news", "most cancers", "cancer"), ("news", "within the", "in the"),
        ("news", "rates of interest", "interest rates"), ("rewriter", "earlier than", "before"),
        ("rewriter", "human beings", "people"), ("academic", "profound learning", "deep learning"),
        ("academic", "circulatory strain", "blood pressure"), ("areas", "square measure", "are"),
        ("academic", "bosom malignancies", "breast cancers"), ("areas", "in an exceedingly", "in a"),
    ],
)  # fmt: skip
def test_landmarks(family: str, spun: str, original: str) -> None:
    pairs = {
        pair
        for row in ROWS
        if row.family == family
        for pair in paired_forms(row.spun, row.original, row.part)
    }
    assert (spun, original) in pairs


def test_evidence_is_sorted_facts() -> None:
    lines = (DATA / "evidence.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == ["family", "spun", "original", "count", "pages", "evidence"]
    cells = [line.split("\t") for line in lines[1:]]
    keys = [tuple(row[:3]) for row in cells]
    assert keys == sorted(set(keys))
    for row in cells:
        assert len(row) == 6
        assert int(row[3]) >= 1
        assert row[5] in ("aligned", "judged")
        assert row[1] != row[2]
        assert len(row[1]) < 80, "a fact is a word or a phrase, never a passage"
