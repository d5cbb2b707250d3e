"""The map's file format: every wrong line is named with its place and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from respin.errors import DataFileError
from respin.phrase_map import COLUMNS, Row, lint, parse, parse_condition, read, write

HEADER = "\t".join(COLUMNS) + "\n"
GOOD = "provide chain\tsupply chain\tnews\tn\t0.5\twild 3\t\n"


def test_a_good_row() -> None:
    row = next(parse(HEADER + "# chapter\n" + GOOD))
    assert row == Row("provide chain", "supply chain", "news", "n", 0.5, "wild 3", "", 3)
    assert row.to_line() + "\n" == GOOD


@pytest.mark.parametrize(
    ("line", "place", "problem"),
    [
        ("a\tb\tnews\tx\t0.5\twild 3\n", "2", "6 columns"),
        ("\tb\tnews\tx\t0.5\twild 3\t\n", "2:1", "empty"),
        ("A b\tb\tnews\tx\t0.5\twild 3\t\n", "2:1", "lower case"),
        ("a  b\tb\tnews\tx\t0.5\twild 3\t\n", "2:1", "spaces"),
        ("same\tsame\tnews\tx\t0.5\twild 3\t\n", "2:6", "is the original"),
        ("a\tb\tNews!\tx\t0.5\twild 3\t\n", "2:5", "family"),
        ("a\tb\tnews\tq\t0.5\twild 3\t\n", "2:10", "part"),
        ("a\tb\tnews\tx\t1.5\twild 3\t\n", "2:12", "weight"),
        ("a\tb\tnews\tx\thigh\twild 3\t\n", "2:12", "weight"),
        ("a\tb\tnews\tx\t0.5\tsaw it\t\n", "2:16", "evidence"),
        ("a\tb\tnews\tx\t0.5\twild 3\tonly:x\n", "2:23", "condition"),
        ("a b c d e f g h i\tb\tnews\tx\t0.5\twild 3\t\n", "2:1", "words"),
        (
            "lord of the rings: the rings of power\tb\tnews\tx\t0.5\twild 3\t\n",
            "2:1",
            "words and marks",
        ),
    ],
)
def test_wrong_lines_are_named(line: str, place: str, problem: str) -> None:
    with pytest.raises(DataFileError, match=problem) as caught:
        list(parse(HEADER + line, "my.tsv"))
    assert str(caught.value).startswith(f"my.tsv:{place}: ")
    assert caught.value.remedy


def test_no_header() -> None:
    with pytest.raises(DataFileError, match="header line is missing"):
        list(parse(GOOD))


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    path.write_bytes((HEADER + GOOD).encode() + b"caf\xe9\n")
    with pytest.raises(DataFileError, match=r"map\.tsv:3: not UTF-8"):
        read(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="cannot be read"):
        read(tmp_path / "none.tsv")


def test_lint_finds_order_doubles_and_weights() -> None:
    lines = [
        "b\tc\tnews\tx\t0.9\tknown\t",
        "a\tc\tnews\tx\t0.9\tknown\t",
        "a\tc\tnews\tx\t0.1\tknown\t",
    ]
    messages = lint(parse(HEADER + "\n".join(lines)))
    assert [message.split(":")[0] for message in messages] == ["3", "4", "0"]
    assert "not sorted" in messages[0]
    assert "same row" in messages[1]
    assert "add up" in messages[2]


def test_write_sorts_and_merges(tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    light, heavy = (
        Row("b", "c", "news", "x", 0.1, "known"),
        Row("b", "c", "news", "x", 0.4, "known"),
    )
    write(path, [light, heavy, Row("a", "c", "news", "x", 0.2, "known")])
    rows = read(path)
    assert [(row.spun, row.weight) for row in rows] == [("a", 0.2), ("b", 0.4)]
    assert lint(rows) == []


def test_conditions() -> None:
    near, none = parse_condition("near3:surface, area;none:bank")
    assert (near.kind, near.words, near.distance) == ("near", ("surface", "area"), 3)
    assert (none.kind, none.words) == ("none", ("bank",))
    with pytest.raises(ValueError, match="names no word"):
        parse_condition("any:,")
