"""Learning rows from examples."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from respin import Restorer
from respin.cli import main
from respin.learning import Counts, from_pairs, from_texts
from respin.phrase_map import Row, lint, read

PAIR = (
    "Officers mentioned that the provide chain is underneath stress within the area.",
    "Officials said that the supply chain is under pressure in the region.",
)


def test_alignment_counts_substitutions_only() -> None:
    counts = Counts()
    counts.add(*PAIR)
    assert counts.replaced["officers", "officials"] == 1
    assert counts.replaced["provide", "supply"] == 1
    assert counts.replaced["area", "region"] == 1
    assert counts.left["chain"] == 1
    assert counts.passed_over == 0


@pytest.mark.parametrize(
    ("spun", "original", "swap"),
    [
        ("the court docket ruled", "the court ruled", ("court docket", "court")),
        ("in the court docket", "in the court", ("court docket", "court")),
        ("stocks of tech", "stocks of tech firms", ("tech", "tech firms")),
        ("the gross sales rose", "the sales rose", None),  # not known: a copyist's, perhaps
    ],
)
def test_words_that_one_side_has_more(
    spun: str, original: str, swap: tuple[str, str] | None
) -> None:
    known = {("court docket", "court"), ("tech", "tech firms")}
    counts = Counts()
    counts.add(spun, original, lambda a, b: (a, b) in known)
    assert list(counts.replaced) == ([swap] if swap else [])
    if swap:
        assert +counts.left == Counter(original.split()) - Counter(swap[1].split())


def test_rewritten_passages_are_passed_over() -> None:
    counts = Counts()
    counts.add("one two three four five six seven eight", "a b c d e f g h i j k")
    assert not counts.replaced
    assert counts.passed_over == 1


def test_weight_is_the_share_of_uses_replaced() -> None:
    left = "The official met another official."
    rows = from_pairs([("The officer left.", "The official left."), (left, left)], "news")
    assert rows == [Row("officer", "official", "news", "x", 0.25, "wild 1")]
    assert from_pairs([PAIR], "news", least=2) == []


def test_weights_from_texts_alone() -> None:
    """Two rows for one spun word: the one that the contexts speak for gains, the other loses."""
    rows = [
        Row("provide", "supply", "news", "x", 0.3, "known"),
        Row("underneath", "under", "news", "x", 0.3, "known"),
        Row("underneath", "below", "news", "x", 0.3, "known"),
        Row("stress", "pressure", "news", "x", 0.3, "known"),
    ]
    texts = ["The provide chain is underneath stress. Prices were underneath stress again."] * 20
    learned = {(row.spun, row.original): row for row in from_texts(rows, texts, "news", rounds=2)}
    assert learned["provide", "supply"].weight > 0.8
    assert learned["underneath", "under"].weight > 0.8
    # No text has "below", left or replaced: nothing is learned of it.
    assert learned["underneath", "below"].weight == 0.3
    assert "learned" in learned["provide", "supply"].evidence


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples, output = tmp_path / "pairs.jsonl", tmp_path / "mine.tsv"
    spun = "The blorb of the committee met the blorb of the senate."
    lines = [{"spun": spun, "original": spun.replace("blorb", "chairman")}] * 3
    examples.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert main(["learn", str(examples), "--family", "odd", "--output", str(output)]) == 0
    assert "1 rows from 3 pairs" in capsys.readouterr().err
    assert lint(read(output)) == []
    restored = Restorer([output], family="odd").restore("The blorb spoke.").text
    assert restored == "The chairman spoke."


def test_weights_stay_above_nothing() -> None:
    """A word that was replaced once in very many uses still makes a row that can be read."""
    text = "The dog. " * 12_000
    rows = from_pairs([("A cat.", "The cat."), ("Tha dog.", "The dog."), (text, text)], "odd")
    assert [(row.spun, row.weight) for row in rows] == [("tha", 0.0001)]


@pytest.mark.parametrize(
    ("family", "output", "message"),
    [
        ("My House", "mine.tsv", "lower-case letters"),
        ("odd", "no/such/mine.tsv", "cannot be written"),
    ],
)
def test_bad_options(
    family: str, output: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = tmp_path / "x.jsonl"
    examples.write_text(json.dumps(dict(zip(("spun", "original"), PAIR, strict=True))))
    output = str(tmp_path / output)
    assert main(["learn", str(examples), "--family", family, "--output", output]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("{}\n", ":1: not a JSON object"),
        ('{"spun": "a"}\nnonsense\n', ":2: not a JSON object"),
        ('{"spun": 3}\n', "must be texts"),
        ('{"spun": "plain text", "original": "plain text"}\n', "no substitution found"),
        ('{"spun": "some text"}\n', "no family 'odd'"),
    ],
)
def test_what_cannot_be_learned_from(
    content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples, output = tmp_path / "x.jsonl", tmp_path / "mine.tsv"
    examples.write_text(content)
    assert main(["learn", str(examples), "--family", "odd", "--output", str(output)]) == 2
    assert message in capsys.readouterr().err
    assert not output.exists()
