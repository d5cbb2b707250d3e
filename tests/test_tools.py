"""The tools that build the data files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import evidence
from tools.align_pair import substitutions
from tools.merge_chapters import Table, add_evidence, generalised, read_chapter


def test_alignment_counts_substitutions_only() -> None:
    counts, passed_over = substitutions(
        "Officers mentioned that the provide chain is underneath stress within the area.",
        "Officials said that the supply chain is under pressure in the region.",
    )
    assert counts["officers", "officials"] == 1
    assert counts["provide", "supply"] == 1
    assert counts["area", "region"] == 1
    assert passed_over == 0


def test_chapter_and_evidence(tmp_path: Path) -> None:
    chapter = tmp_path / "news_a.tsv"
    chapter.write_text("# heading\nprice\tn\tworth | value:0.2 | price\nbroken line\n")
    table: Table = {}
    assert read_chapter(chapter, table) == 1
    entry = table["news", "price", "n"]
    assert list(entry.prior) == ["worth", "value"]
    facts = [
        evidence.Fact("news", "values", "prices", 7, 3, True),
        evidence.Fact("news", "mending", "repairing", 1, 1, True),
    ]
    counted, made = add_evidence(table, facts, {"mend", "repair"})
    assert (counted, made) == (1, 1)
    assert entry.counts["value"] == 7
    assert table["news", "repair", "v"].counts["mend"] == 1


@pytest.mark.parametrize(
    ("spun", "original", "expected"),
    [
        ("stopped", "ceased", ("stop", "cease", "v")), ("making", "creating", ("make", "create", "v")),
        ("house", "home", None), ("went", "left", ("go", "leave", "v")),
    ],
)  # fmt: skip
def test_generalising(spun: str, original: str, expected: tuple[str, str, str] | None) -> None:
    assert (
        generalised(spun, original, {"stop", "cease", "make", "create", "go", "leave"}) == expected
    )


def test_evidence_adds_up(tmp_path: Path) -> None:
    path = tmp_path / "evidence.tsv"
    fact = evidence.Fact("news", "worth", "price", 2, 1, False)
    evidence.write([fact, evidence.Fact("news", "worth", "price", 3, 2, True)], path)
    assert evidence.read(path) == [evidence.Fact("news", "worth", "price", 5, 2, True)]
