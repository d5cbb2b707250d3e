"""The command line, specified by example: each folder of tests/cli is one run.

    cmd         the arguments, one a line ({here} is the working folder)
    stdin       what comes in on standard input (none: nothing)
    in/         files of the working folder before
    out/        files that must stand there after (others must be unchanged)
    status      the exit status
    stdout, stderr   what must be printed, exactly; a line "..." stands for any lines,
                     "…" for anything within a line (figures that change with the data)

To write what is printed now into the folders: RESPIN_UPDATE=1 pytest tests/test_cli.py, then read
the difference.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from respin.cli import files, main

CASES = sorted(path.parent for path in (Path(__file__).parent / "cli").glob("*/cmd"))
UPDATE = os.environ.get("RESPIN_UPDATE") == "1"
_MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</",
            "`",
            "\\section{",
            "{",
            "$",
            "\n",
            "respin: ignore[",
            "]",
            "é",
            "%",
            "-->",
            "a ",
        ]
    ),
    max_size=30,
)


class _Standard(io.TextIOWrapper):
    """A standard stream in memory, with a buffer as the real one has."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", newline="", write_through=True)

    def taken(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined,no-any-return]


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _matches(pattern: str, text: str) -> bool:
    parts = [
        ".*?" if line == "...\n" else re.escape(line).replace("…", "[^\n]*?")
        for line in pattern.splitlines(keepends=True)
    ]
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_example(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    shutil.copytree(case / "in", work) if (case / "in").exists() else work.mkdir()
    monkeypatch.chdir(work)
    before = _files(work)
    stdin = (case / "stdin").read_bytes() if (case / "stdin").exists() else b""
    out, err = _Standard(), _Standard()
    monkeypatch.setattr(sys, "stdin", _Standard(stdin))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    try:
        status = main((case / "cmd").read_text(encoding="utf-8").splitlines())
    except SystemExit as stop:
        status = int(stop.code or 0)
    found = {"status": f"{status}\n", "stdout": out.taken(), "stderr": err.taken()}
    if UPDATE:
        for name, text in found.items():
            expected = case / name
            if not (expected.exists() and _matches(expected.read_text(encoding="utf-8"), text)):
                masked = _masked(text) if name == "stdout" else text
                expected.write_text(masked, encoding="utf-8", newline="")
    for name, text in found.items():
        expected_text = (case / name).read_bytes().decode("utf-8")
        assert _matches(expected_text, text), f"{name}:\n{text}"
    if UPDATE:
        for name, data in _files(work).items():
            if before.get(name) != data:
                (case / "out" / name).parent.mkdir(parents=True, exist_ok=True)
                (case / "out" / name).write_bytes(data)
    assert _files(work) == before | _files(case / "out")


def _masked(text: str) -> str:
    """With "…" for figures that change with the data files."""
    for figure in (
        r"(?<=\()\d+(?=%)", r"(?<=probability )[\d.]+(?=, |\))", r"(?<=intensity )[\d.]+(?=\))",
        r"(?<=evidence: ).*", r'(?<="rank": )[\d.]+', r'(?<="probability": )[\d.]+',
        r'(?<="score": )[\d.]+', r'(?<="intensity": )[\d.]+', r'(?<="confidence": )[\d.]+',
    ):  # fmt: skip
        text = re.sub(figure, "…", text)
    return text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"caf\xe9 au lait\n", "x.txt:1: not UTF-8 (byte 0xe9)"),
        (b"one\ntwo\nthr\xff\xfe\n", "x.txt:3: not UTF-8"),
        (b"\x89PNG\r\n\0\0\0", "a binary file"),
    ],
)
@pytest.mark.parametrize("command", [["restore"], ["restore", "--write"], ["check"]])
def test_bad_input(
    data: bytes, problem: str, command: list[str], tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("x.txt").write_bytes(data)
    assert main([*command, "x.txt"]) == 2
    printed = capsys.readouterr()
    assert problem in printed.err
    assert printed.out == ""
    assert Path("x.txt").read_bytes() == data


def test_too_large(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1 << 20)
    path = tmp_path / "long.md"
    path.write_bytes(b"word " * 300_000)
    assert main(["restore", str(path)]) == 2
    assert "larger than 1 MB" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--map", "--model"])
def test_broken_data_files(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "x.txt"
    text.write_text("Some text.\n")
    broken = tmp_path / "broken"
    broken.write_bytes(b"rubbish\n")
    assert main(["restore", option, str(broken), str(text)]) == 2
    printed = capsys.readouterr()
    assert str(broken) in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_one_bad_file_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.txt").write_text("The committee met on Monday to discuss the budget.\n")
    status = main(["check", str(tmp_path / "none.txt"), str(tmp_path / "good.txt")])
    printed = capsys.readouterr()
    assert status == 2
    assert "none.txt: cannot be read" in printed.err
    assert "good.txt: " in printed.out


def test_byte_order_mark_newlines_and_mode_survive(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    text = (
        "The central financial institution left its charges unchanged, officers mentioned.\r\n"
        "Strain on the provide chain has eased, however vitality costs stay excessive.\r\n"
        "The corporate mentioned it might scale back its funding this yr."
    )
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    path.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(path)
    assert main(["restore", "--write", str(link)]) == 1
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfThe central bank left")
    assert data.count(b"\r\n") == 2
    assert not data.endswith(b"\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()


def test_a_file_that_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("before")
    source = files.read(str(path))
    path.write_text("changed meanwhile")
    with pytest.raises(Exception, match="changed while it was read"):
        files.write(str(path), source, "after")
    assert path.read_text() == "changed meanwhile"
    assert list(tmp_path.iterdir()) == [path]


def test_broken_pipe_is_quiet() -> None:
    script = f"{sys.executable} -m respin restore --help | head -1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("usage: respin restore")


@pytest.mark.parametrize("ending", ["txt", "md", "html", "tex", "rst", "srt"])
@given(data=st.binary(max_size=200) | _MARKUP.map(lambda parts: "".join(parts).encode()))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_are_handled(ending: str, data: bytes, tmp_path: Path) -> None:
    """Whatever stands in a file: a status, no traceback, and the file as it was unless changed by
    an edit."""
    path = tmp_path / f"x.{ending}"
    path.write_bytes(data)
    out, err = _Standard(), _Standard()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["restore", "--isolated", str(path)])
    assert status in (0, 1, 2)
    assert status != 2 or err.taken().startswith("respin: ")
    if status == 0:
        assert out.buffer.getvalue() == data  # type: ignore[attr-defined]
    assert path.read_bytes() == data
