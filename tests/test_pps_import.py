"""The public list's query language and its corrections."""

from __future__ import annotations

from pathlib import Path

import pytest

from respin.cli import main
from respin.errors import DataFileError
from respin.phrase_map import lint, read
from respin.pps_import import clean_correction, parse_query, read_list


@pytest.mark.parametrize(
    ("query", "phrases", "condition"),
    [
        ('"profound getting"', ["profound getting"], ""),
        ('"grand region" AND "grand area"', ["grand region"], "all:grand area"),
        ('"a x" AND b', ["a x"], "all:b"),
        ('"a x" AND NOT "b y"', ["a x"], "none:b y"),
        ('"a x" NOT "b y" NOT c', ["a x"], "none:b y,c"),
        ('"a x" OR "a z"', ["a x", "a z"], ""),
        ('"a x" AND ("b" OR "c")', ["a x"], "any:b,c"),
        ('"a x" AND ("b" AND "c")', ["a x"], "all:b,c"),
        ('"a x" NOT ("b" OR "c")', ["a x"], "none:b,c"),
        ('""a x"" AND ""b""', ["a x"], "all:b"),
        ("“Curly Quotes”", ["curly quotes"], ""),
    ],
)
def test_queries(query: str, phrases: list[str], condition: str) -> None:
    assert parse_query(query) == (phrases, condition, "")


def test_proximity_is_narrowed_and_said() -> None:
    phrases, _, note = parse_query('"odd words"~3')
    assert phrases == ["odd words"]
    assert "may stand apart (~3)" in note


@pytest.mark.parametrize("query", ["", '"a*b"', '("a" AND "b"'])
def test_queries_that_are_not_understood(query: str) -> None:
    with pytest.raises(ValueError, match=r"empty|no plain phrase|parentheses"):
        parse_query(query)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mean square error", ["mean square error"]), ("region of interest (roi)", ["region of interest"]),
        ("???", []), ("rythm pattern (?)", ["rythm pattern"]), ("noise / hum", ["noise", "hum"]),
        ("this or that", ["this", "that"]), ("[unclear]", []), ("Deep Learning.", ["deep learning"]),
        ("is it this?", []),
    ],
)  # fmt: skip
def test_corrections(text: str, expected: list[str]) -> None:
    assert clean_correction(text) == expected


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_import_command(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, output = tmp_path / f"list.{form}", tmp_path / "map.tsv"
    lines = [
        ("query", "expected", "papers"),
        ('"grand region" AND "grand area"', "grand area", "12"),
        ('"odd one"', "???", "3"),
        ('"other words"~2', "different words (dw)", "5"),
    ]
    if form == "tsv":
        text = "\n".join("\t".join(cells) for cells in lines)
    else:
        text = "\n".join(
            ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in lines
        )
    source.write_text(text + "\n", encoding="utf-8")
    assert main(["map", "import", str(source), "--output", str(output)]) == 0
    rows = read(output)
    assert [(row.spun, row.original, row.condition) for row in rows] == [
        ("grand region", "grand area", "all:grand area"),
        ("other words", "different words", ""),
    ]
    assert lint(rows) == []
    printed = capsys.readouterr().err
    assert f"{source}:3: no usable correction in '???'" in printed
    assert "may stand apart" in printed


def test_not_a_list(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DataFileError, match="no columns query and expected"):
        read_list(path)
