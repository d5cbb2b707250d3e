"""The tools that build the data files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measures import Alignment
from respin import Edit, Restorer
from respin.phrase_map import Row
from tools import evidence
from tools.curate import prove
from tools.merge_chapters import Table, add_evidence, curated, generalised, read_chapter


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
    assert evidence.read(path) == [evidence.Fact("news", "worth", "price", 5, 3, True)]


@pytest.mark.parametrize(
    ("evidence", "right", "wrong", "expected"),
    [
        ("known", 9, 1, ("known sim 9/10", 0.4)),
        ("known", 1, 9, None),
        ("wild 3", 1, 9, ("wild 3 sim 1/10", 0.2)),
        ("known", 0, 3, ("known sim 0/3", 0.4)),  # too few to judge
        ("known", 0, 0, ("known", 0.4)),
    ],
)
def test_curation(
    evidence: str, right: int, wrong: int, expected: tuple[str, float] | None
) -> None:
    row = Row("safety", "security", "news", "n", 0.4, evidence)
    found = curated(row, {("news", "safety", "security", "n"): (right, wrong)})
    assert (found and (found.evidence, found.weight)) == expected


def test_edits_are_judged_in_their_place() -> None:
    alignment = Alignment("the safety of each party", "the security of both sides")
    assert alignment.is_right(Edit(4, 10, "safety", "security", 1.0, "news"))
    assert alignment.is_right(Edit(14, 18, "each", "both", 1.0, "news"))
    assert not alignment.is_right(Edit(4, 10, "safety", "sides", 1.0, "news"))
    assert not alignment.is_right(Edit(19, 24, "party", "parties", 1.0, "news"))


def test_proof_counts_right_and_wrong_rows(restorer: Restorer) -> None:
    texts = [
        "The central bank left its rates unchanged and officials said that pressure on the supply "
        "chain had eased, but energy prices remained high while investors were under pressure."
    ] * 3
    right, wrong = prove(restorer, "news", texts)
    assert right.total() > 5 * max(wrong.total(), 1)
    assert all(key[0] == "news" for key in right | wrong)
