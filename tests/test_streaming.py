"""``respin restore`` of files that are too large to be held."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from respin import Restorer, long_texts
from respin.cli import files, main, streaming
from respin.long_texts import split, split_stream

SPUN = Path(__file__).parent.parent.joinpath("examples", "spun_article.txt").read_text("utf-8")
CLEAN = (
    "The committee met on Monday. It read the report and agreed on three of its points.\n\n" * 40
)


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 5_000)
    monkeypatch.setattr(streaming, "_CHUNK", 700)
    monkeypatch.setattr(long_texts, "LONGEST_PIECE", 3_000)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("ab .\n", max_size=40), max_size=12))
def test_stream_is_split_as_the_whole(chunks: list[str]) -> None:
    long_texts.LONGEST_PIECE = 20
    whole = "".join(chunks)
    assert list(split_stream(chunks)) == (split(whole) if whole else [])


def test_same_as_the_whole(
    tmp_path: Path, restorer: Restorer, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = CLEAN + "Naïve: " + SPUN + "\r\n" + CLEAN
    path = tmp_path / "large.txt"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert main(["restore", str(path)]) == 1
    out = capfdbinary.readouterr().out
    assert out.removeprefix(b"\xef\xbb\xbf").decode() == restorer.restore(text).text != text
    assert main(["restore", "--write", "-q", str(path)]) == 1
    assert path.read_bytes() == out


def test_clean_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_text(CLEAN * 2)
    before = path.stat()
    assert main(["restore", "--write", str(path)]) == 0
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [entry.name for entry in tmp_path.iterdir()] == ["large.txt"]


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ((CLEAN * 2).encode() + b"\xff", [], "not UTF-8 (byte 0xff)"),
        ((CLEAN * 2).encode() + b"<!-- respin: ignore-file -->", [], "Split the file"),
        ((CLEAN * 2).encode(), ["--ignore", "rewriter"], "Leave them out"),
    ],
)
def test_what_it_cannot_do(
    tmp_path: Path, data: bytes, options: list[str], message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = tmp_path / "large.txt"
    path.write_bytes(data)
    assert main(["restore", "--write", *options, str(path)]) == 2
    assert message in capsys.readouterr().err
    assert path.read_bytes() == data


def test_no_diff_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "large.txt"
    path.write_text(CLEAN * 2)
    assert main(["restore", "--diff", str(path)]) == 2
    assert "larger than" in capsys.readouterr().err


def test_line_of_the_wrong_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes((CLEAN * 2).encode() + b"\xff")
    lines = (CLEAN * 2).count("\n") + 1
    assert main(["restore", str(path)]) == 2
    assert f"large.txt:{lines}: not UTF-8" in capsys.readouterr().err
