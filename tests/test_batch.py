"""The batch job: the same rows whatever happens on the way."""

from __future__ import annotations

import bz2
import csv
import errno
import gzip
import io
import json
import lzma
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from respin.batch import Options, run
from respin.batch import formats as batch_formats
from respin.batch.job import MANIFEST, REJECTS, expand
from respin.batch.report import page
from respin.cli import main
from respin.errors import InputError
from respin.restorer import Failure, Restorer

SPUN = (
    "The central financial institution left its charges unchanged, officers mentioned on Thursday. "
    "Strain on the provide chain has eased, however vitality costs stay excessive, and buyers are "
    "underneath stress. The corporate mentioned it might scale back its funding within the area, whereas "
    "analysts anticipated increased costs for shoppers this yr."
)
CLEAN = (
    "The parish council met on Tuesday evening at the village hall, with eleven members present."
)


def corpus(folder: Path, files: int = 3, rows: int = 12) -> Path:
    folder.mkdir()
    for part in range(files):
        lines = [
            json.dumps({"id": f"{part}-{row}", "text": SPUN if row % 3 == 0 else CLEAN, "n": row})
            for row in range(rows)
        ]
        if part == 1:
            lines[2:2] = ['{"id": "broken"', '{"id": "none", "text": null}']
        data = ("\n".join(lines) + "\n").encode()
        (folder / f"part-{part}.jsonl.gz").write_bytes(gzip.compress(data))
    return folder


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def outputs(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.name not in (MANIFEST, "respin-summary.json", "respin-report.html")
    }


def test_rows_keep_their_order_and_columns(tmp_path: Path) -> None:
    source, out = corpus(tmp_path / "in"), tmp_path / "out"
    summary = run([str(source)], out)
    assert (summary.documents, summary.written, summary.rejects, summary.spun) == (36, 36, 2, 12)
    for part in range(3):
        found = rows_of(out / f"part-{part}.jsonl.gz")
        assert [row["n"] for row in found] == list(range(12))
        assert found[0]["text"] == SPUN
        assert "supply chain" in found[0]["respin_text"]
        assert found[0]["respin_family"] == "news"
        assert found[0]["respin_edits"] > 15
        assert found[1]["respin_text"] == CLEAN
        assert found[1]["respin_probability"] < 0.1
    rejects = [json.loads(line) for line in (out / REJECTS).read_text().splitlines()]
    assert [reject["row"] for reject in rejects] == [3, 4]
    assert "not JSON" in rejects[0]["problem"]
    assert "no text under 'text'" in rejects[1]["problem"]


def test_a_run_is_not_done_twice(tmp_path: Path) -> None:
    source, out = corpus(tmp_path / "in"), tmp_path / "out"
    run([str(source)], out)
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")}
    again = run([str(source)], out)
    assert again.documents == 36
    assert {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")} == before
    (source / "part-0.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": CLEAN}).encode()))
    assert run([str(source)], out).documents == 25  # another content is done anew
    assert run([str(source)], out, action="detect").documents == 25  # so are other options
    assert "respin_text" not in rows_of(out / "part-0.jsonl.gz")[0]


def test_any_number_of_workers_gives_the_same(tmp_path: Path) -> None:
    source = corpus(tmp_path / "in")
    run([str(source)], tmp_path / "one")
    run([str(source)], tmp_path / "two", jobs=2)
    run([str(source / "part-1.jsonl.gz")], tmp_path / "single", jobs=2)
    assert outputs(tmp_path / "one") == outputs(tmp_path / "two")
    assert (
        outputs(tmp_path / "single")["part-1.jsonl.gz"]
        == outputs(tmp_path / "one")["part-1.jsonl.gz"]
    )


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("seed", range(3))
def test_killed_and_started_again(seed: int, tmp_path: Path) -> None:
    source = corpus(tmp_path / "in", files=6, rows=120)
    run([str(source)], tmp_path / "whole")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "respin", "batch", str(source), "--output", str(out), "-q"]
    chance = random.Random(seed)
    for _ in range(3):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.25, 0.9))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if out.exists():  # what stands there is whole
            for path in out.glob("part-*.gz"):
                assert rows_of(path)
    assert subprocess.run(command, check=False).returncode == 1  # two rows are rejected
    assert {k: v for k, v in outputs(out).items() if not k.endswith(".part")} == outputs(
        tmp_path / "whole"
    )


@pytest.mark.parametrize(
    ("name", "pack"),
    [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress), ("a.jsonl.bz2", bz2.compress),
     ("a.jsonl.xz", lzma.compress), ("a.ndjson", bytes)],
)  # fmt: skip
def test_compressions(name: str, pack: Any, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(pack(json.dumps({"text": SPUN}).encode()))
    assert run([str(tmp_path / name)], tmp_path / "out", action="detect").spun == 1
    assert (tmp_path / "out" / name).exists()


def test_zstandard(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    data = json.dumps({"text": SPUN}).encode()
    (tmp_path / "a.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(data))
    assert run([str(tmp_path / "a.jsonl.zst")], tmp_path / "out").spun == 1


def test_csv_and_tsv(tmp_path: Path) -> None:
    for name, delimiter in (("a.csv", ","), ("b.tsv", "\t")):
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter)
        writer.writerows([["nr", "body"], ["1", SPUN + '\n"quoted", too'], ["2", CLEAN]])
        (tmp_path / name).write_text(text.getvalue(), newline="")
        run([str(tmp_path / name)], tmp_path / "out", text="body")
        with open(tmp_path / "out" / name, newline="") as file:
            rows = list(csv.DictReader(file, delimiter=delimiter))
        assert [row["nr"] for row in rows] == ["1", "2"]
        assert rows[0]["body"].endswith('\n"quoted", too')
        assert "supply chain" in rows[0]["respin_text"]


def test_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.table({"text": [SPUN, None, CLEAN], "k": [1, 2, 3]})
    parquet.write_table(table, tmp_path / "a.parquet")
    summary = run([str(tmp_path / "a.parquet")], tmp_path / "out")
    assert (summary.documents, summary.rejects) == (2, 1)
    found = parquet.read_table(tmp_path / "out" / "a.parquet").to_pylist()
    assert [row["k"] for row in found] == [1, 3]


def test_text_files_and_other_output_format(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(SPUN)
    (tmp_path / "in" / "b.txt").write_bytes(b"caf\xe9")
    summary = run([str(tmp_path / "in")], tmp_path / "out", form="csv")
    assert (summary.documents, summary.rejects) == (1, 1)
    assert "supply chain" in (tmp_path / "out" / "a.txt.csv").read_text()


def test_warc(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    from warcio.warcwriter import WARCWriter

    with open(tmp_path / "a.warc.wet.gz", "wb") as file:
        writer = WARCWriter(file, gzip=True)
        for text in (SPUN, CLEAN):
            record = writer.create_warc_record(
                "https://example.org/x", "conversion", payload=io.BytesIO(text.encode()),
                warc_content_type="text/plain",
            )  # fmt: skip
            writer.write_record(record)
    summary = run([str(tmp_path / "a.warc.wet.gz")], tmp_path / "out")
    assert (summary.documents, summary.spun) == (2, 1)


@pytest.mark.parametrize(("drop", "left"), [("spun", [1, 2]), ("clean", [0])])
def test_filter(drop: str, left: list[int], tmp_path: Path) -> None:
    rows = [{"n": 0, "text": SPUN}, {"n": 1, "text": CLEAN}, {"n": 2, "text": CLEAN}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run([str(tmp_path / "a.jsonl")], tmp_path / "out", action="filter", drop=drop)
    lines = (tmp_path / "out" / "a.jsonl").read_text().splitlines()
    assert [json.loads(line)["n"] for line in lines] == left


def test_broken_files_are_reported(tmp_path: Path) -> None:
    whole = gzip.compress(
        "".join(json.dumps({"text": CLEAN, "n": n}) + "\n" for n in range(5000)).encode()
    )
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.jsonl.gz").write_bytes(b"rubbish")
    summary = run([str(tmp_path / "*.gz")], tmp_path / "out", action="detect")
    assert summary.documents > 0
    rejects = (tmp_path / "out" / REJECTS).read_text()
    assert rejects.count("the file breaks off") == 2


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from respin.batch import streams

    monkeypatch.setattr(streams, "_ALLOWANCE", 10_000)
    monkeypatch.setattr(streams, "_MOST_GROWTH", 10)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"\n" * 5_000_000))
    summary = run([str(tmp_path / "a.jsonl.gz")], tmp_path / "out", action="detect")
    assert summary.rejects == 1
    assert "grows more" in (tmp_path / "out" / REJECTS).read_text()


def test_a_text_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    restorer = Restorer()
    own = restorer._restore_batch

    def fragile(texts: Any) -> Any:
        if any("explode" in text for text in texts):
            raise RuntimeError("boom")
        return own(texts)

    monkeypatch.setattr(restorer, "_restore_batch", fragile)
    found = list(restorer.attempt_many([CLEAN, "explode", SPUN]))
    assert isinstance(found[1], Failure)
    assert "boom" in found[1].problem
    assert found[2].report.is_spun  # type: ignore[union-attr]


def test_what_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": CLEAN}) + "\n")
    (tmp_path / "a.exe").write_bytes(b"")
    for inputs, output, problem in (
        (["nothing-*.jsonl"], "out", "no file fits"),
        ([str(tmp_path / "a.exe")], "out", "respin batch reads"),
        ([str(tmp_path / "a.jsonl")], str(tmp_path), "would overwrite"),
    ):
        assert main(["batch", *inputs, "--output", output]) == 2
        assert problem in capsys.readouterr().err
    with pytest.raises(InputError, match="no action"):
        Options(action="spin")
    with pytest.raises(InputError, match="no column 'body'"):
        next(iter(batch_formats._csv(_csv_file(tmp_path), "body", ",")))


def _csv_file(folder: Path) -> Path:
    path = folder / "x.csv"
    path.write_text("text\nhello\n")
    return path


def test_summary_and_report(tmp_path: Path) -> None:
    source, out = corpus(tmp_path / "in"), tmp_path / "out"
    assert main(["batch", str(source), "--output", str(out), "--quiet"]) == 1
    data = json.loads((out / "respin-summary.json").read_text())
    assert data["spun"] == 12
    assert data["families"]["news"] == 12
    assert data["substitutions"]["provide → supply"] == 12
    text = (out / "respin-report.html").read_text()
    assert "provide → supply" in text
    assert "<script" not in text
    hostile = run([str(source)], out, id="id")
    hostile.highest = [(1.0, "<script>x</script>")]
    assert "<script>" not in page(hostile, Options())


def test_expand_sorts_and_removes_doubles(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", "c.png"):
        (tmp_path / name).write_text("")
    found = expand([str(tmp_path), str(tmp_path / "*.jsonl")])
    assert [path.name for path in found] == ["a.jsonl", "b.jsonl"]


def test_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = corpus(tmp_path / "in"), tmp_path / "out"
    monkeypatch.setattr("os.fsync", _full)
    assert main(["batch", str(source), "--output", str(out), "-q"]) == 2
    assert "No space left" in capsys.readouterr().err
    assert not list(out.glob("part-*"))
    monkeypatch.undo()
    assert main(["batch", str(source), "--output", str(out), "-q"]) == 1
    assert len(list(out.glob("part-*"))) == 3


def _full(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_progress_tells_of_a_file_in_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from respin.batch import job

    monkeypatch.setattr(job, "_TICK", 0.0)
    monkeypatch.setattr(job, "_ROWS", 4)
    seen: list[tuple[int, int]] = []
    run(
        [str(corpus(tmp_path / "in", files=2))], tmp_path / "out",
        progress=lambda number, files, name, summary: seen.append((number, summary.documents)),
    )  # fmt: skip
    assert seen[-1] == (2, 24)
    assert len(seen) > 4
    assert seen == sorted(seen)
