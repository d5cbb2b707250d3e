"""The tools that build the data files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measures import Alignment
from respin import Edit, Restorer
from respin.errors import DataFileError
from respin.language_model import LanguageModel
from respin.phrase_map import Row
from tools import evidence, pages
from tools.align_pair import facts_of, is_plausible
from tools.curate import prove
from tools.measure_rows import added, sums_of, write
from tools.merge_chapters import (
    Exposure,
    Table,
    add_evidence,
    curated,
    generalised,
    measured,
    read_chapter,
    with_measured,
)  # fmt: skip
from tools.notes import read as read_notes


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
    counted, made = add_evidence(table, facts, {"mend": -9.0, "repair": -9.0})
    assert (counted, made) == (1, 1)
    assert entry.counts["value"] == pytest.approx(21**0.5)  # 7 times on 3 pages
    assert table["news", "repair", "v"].counts["mend"] == 1


def test_exposure_knows_the_press(small_model: LanguageModel) -> None:
    facts = [evidence.Fact(family, "a", "b", 900, 900, True) for family in ("news", "academic")]
    word = next(known for known in small_model.words[4:] if known.isalpha())
    with_prose = Exposure(small_model, facts, {word: 10**6})
    without = Exposure(small_model, facts, {})
    assert with_prose.of("news", word, "x") > 2 * without.of("news", word, "x") > 0
    assert with_prose.of("academic", word, "x") == without.of("academic", word, "x")


@pytest.mark.parametrize(
    ("spun", "original", "expected"),
    [
        ("stopped", "ceased", ("stop", "cease", "v")), ("making", "creating", ("make", "create", "v")),
        ("house", "home", None), ("went", "left", ("go", "leave", "v")),
        ("tried", "called", ("try", "call", "v")),
    ],
)  # fmt: skip
def test_generalising(spun: str, original: str, expected: tuple[str, str, str] | None) -> None:
    known = dict.fromkeys(["stop", "cease", "make", "create", "go", "leave", "try", "call"], -9.0)
    known |= dict.fromkeys(["tri", "trie", "cal", "calle"], -14.0)  # rarer words lose
    assert generalised(spun, original, known) == expected


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


SPUN = (
    "The central financial institution mentioned on Thursday that it could maintain its charges "
    "unchanged, whereas officers famous that stress on the provide chain had eased. Vitality costs "
    "remained excessive, however buyers anticipated decrease inflation within the coming months, "
    "in keeping with the corporate."
)
WRITTEN = (
    "The central bank said on Thursday that it would keep its rates unchanged, while officials noted "
    "that pressure on the supply chain had eased. Energy prices remained high, but investors expected "
    "lower inflation in the coming months, according to the company."
)


def test_rows_are_measured_on_pages(restorer: Restorer) -> None:
    sums = sums_of(restorer, [pages.Page("news", True, SPUN, WRITTEN)])
    right, expected = sums["news", "however", "but", "x"]
    assert right == pytest.approx(1.0)
    assert 0.5 < expected <= 1.0
    # The same text as its own original: whatever is expected there is wrong.
    wrong = sums_of(restorer, [pages.Page("news", True, SPUN, SPUN)])
    assert sum(right for right, _ in wrong.values()) == 0
    assert sum(expected for _, expected in wrong.values()) > 10
    # Pages of another family say nothing of these rows.
    assert sums_of(restorer, [pages.Page("areas", True, SPUN, WRITTEN)]) == {}


def test_measured_rows_are_written_and_read(tmp_path: Path) -> None:
    key = ("news", "worth", "price", "n")
    found = added({key: [2.0, 1.5]}, {key: [1.0, 1.0], ("news", "a", "b", "x"): [0.0, 0.01]})
    write(found, tmp_path / "measured.tsv")
    seen = measured(tmp_path / "measured.tsv")
    assert seen == {key: (3.0, 2.5)}  # what was hardly ever expected says nothing
    row = Row("worth", "price", "news", "n", 0.4, "known sim 4/5")
    assert with_measured(row, seen).evidence == "known sim 4/5 real 3/2.5"
    assert with_measured(row, {}) == row


def test_pages_of_one_story_stay_together(tmp_path: Path) -> None:
    def page(number: int, spun: str) -> str:
        story = " ".join(f"word{number}x{place}" for place in range(40))
        return f'{{"family": "news", "spun": "{spun}", "original": "{story}"}}'

    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(page(n // 2, f"spin {n}") for n in range(20)))
    read = pages.read([path])
    assert len(read) == 20
    assert read[0].aligned
    folds = pages.folds_of(read, 4)
    assert sorted(page.spun for fold in folds for page in fold) == sorted(p.spun for p in read)
    stories = [{page.original for page in fold} for fold in folds]
    assert sum(map(len, stories)) == 10  # no story in two parts


@pytest.mark.parametrize("line", ["no json", '{"family": "news"}', "[]"])
def test_a_line_that_is_no_page_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(DataFileError, match=r"pairs\.jsonl:1: no page"):
        pages.read([path])


@pytest.mark.parametrize(
    ("spun", "original", "count", "plausible"),
    [
        ("worth", "price", 1, True), ("a", "the", 1, False), ("a", "the", 2, True),
        ("the", "price", 1, False), ("5", "price", 1, False), ("four words of it", "only these three", 1, False),
    ],
)  # fmt: skip
def test_plausible_substitutions(spun: str, original: str, count: int, plausible: bool) -> None:
    fact = evidence.Fact("news", spun, original, count, count, True)
    assert is_plausible(fact) == plausible


def test_what_a_known_swap_explains_is_no_fact() -> None:
    page = pages.Page("news", True, "the busy season however ended", "the busy but ended")
    assert [(f.spun, f.original) for f in facts_of([page], {})[0]] == [("season however", "but")]
    assert facts_of([page], {"news": {("however", "but")}})[0] == []


def test_notes_are_counted_by_page(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text(
        "# news judged https://example.org/a\nSafety|security\nsafety|security\nworth|worth\n\n"
        "# news aligned https://example.org/b\nsafety|security\n"
        "# news judged https://example.org/a\nsafety|security\n",  # the first page again
        encoding="utf-8",
    )
    assert read_notes([notes]) == [evidence.Fact("news", "safety", "security", 3, 2, True)]


@pytest.mark.parametrize(
    ("text", "line"),
    [("safety|security\n", 1), ("# news judged x\nsafety security\n", 2), ("# news x\na|b\n", 1)],
)
def test_notes_that_are_none(tmp_path: Path, text: str, line: int) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_notes([notes])
    assert caught.value.line == line
