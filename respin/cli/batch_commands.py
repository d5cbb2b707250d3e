"""``respin batch``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from respin.cli import FINDINGS, OK

_EXAMPLES = """\
examples:
  respin batch corpus/ --output restored/                     a column respin_text beside the text
  respin batch 'dump-*.jsonl.gz' --output flagged/ --action detect --jobs 8
  respin batch corpus.parquet --output clean/ --action filter       documents that are not spun
  respin batch pages/ --output out/ --format parquet          text files become one row each

A run that was broken off goes on where it was when it is started again. Rows that cannot be handled
stand in respin-rejects.jsonl of the output folder, the summary in respin-summary.json and
respin-report.html.

exit status: 0 done, 1 done but some rows were rejected, 2 could not be done
"""


def _bar(started: float, number: int, files: int, name: str, summary: object) -> None:
    from respin.batch import Summary

    assert isinstance(summary, Summary)
    seconds = max(time.monotonic() - started, 1e-9)
    rate = summary.characters / 1e6 / seconds
    left = f"{seconds / number * (files - number):.0f} s left" if number else "first file"
    share = summary.spun / max(summary.documents, 1)
    line = (
        f"{number}/{files} files, {summary.documents:,} documents, {share:.1%} spun, "
        f"{rate:.2f} MB/s, {left}"
    )
    if sys.stderr.isatty():
        width = 24
        done = "#" * (width * number // files)
        print(f"\r[{done:<{width}}] {line}\x1b[K", end="", file=sys.stderr, flush=True)
        if number == files:
            print(file=sys.stderr)
    elif number and name:
        print(f"respin: {line}; {name}", file=sys.stderr, flush=True)


def batch(options: argparse.Namespace) -> int:
    """``respin batch``."""
    from respin.batch import Options, run
    from respin.batch.report import page
    from respin.cli.files import replace_file
    from respin.restorer import DEFAULT_MIN_CONFIDENCE

    confidence = options.min_confidence
    job = Options(
        action=options.action, text=options.text, id=options.id, form=options.format,
        drop=options.drop, threshold=options.threshold, family=options.family,
        intensity=options.intensity, maps=tuple(options.map), model=options.model,
        min_confidence=DEFAULT_MIN_CONFIDENCE if confidence is None else confidence,
        jobs=options.jobs,
    )  # fmt: skip
    started = time.monotonic()
    summary = run(
        options.inputs, options.output, job,
        progress=None if options.quiet else lambda *state: _bar(started, *state),
        engine=options.engine, master=options.master,
    )  # fmt: skip
    folder = Path(options.output)
    data = summary.data()
    replace_file(
        folder / "respin-summary.json",
        (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode(),
    )
    replace_file(folder / "respin-report.html", page(summary, job).encode())
    if not options.quiet:
        print(
            f"respin: {summary.documents:,} documents, {summary.spun:,} spun, {summary.edits:,} edits, "
            f"{summary.rejects:,} rejects, {data['megabytes_per_second']} MB/s; see "
            f"{folder / 'respin-report.html'}",
            file=sys.stderr,
        )
    return FINDINGS if summary.rejects else OK


def add(commands_of: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    from respin.batch.job import ACTIONS

    parser = commands_of.add_parser(
        "batch", help="restore, flag or filter a corpus", epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Restores, flags or filters corpora: JSON Lines, CSV, TSV, Parquet, text files, "
        "WARC and WET, plain or .gz .bz2 .xz .zst.",
    )  # fmt: skip
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="files, folders or patterns")
    parser.add_argument("--output", required=True, metavar="FOLDER")
    parser.add_argument("--action", choices=ACTIONS, default="restore")
    parser.add_argument(
        "--text", default="text", metavar="COLUMN", help="column of the text (default: text)"
    )
    parser.add_argument(
        "--id", metavar="COLUMN", help="column that names documents in the report (default: id)"
    )
    parser.add_argument("--format", choices=("jsonl", "csv", "tsv", "parquet"),
                        help="format of the output (default: that of each input)")  # fmt: skip
    parser.add_argument("--drop", choices=("spun", "clean"), default="spun",
                        help="what --action filter leaves out (default: spun)")  # fmt: skip
    parser.add_argument("--threshold", type=float, default=0.5, metavar="P",
                        help="probability from which on filter takes a document for spun (default 0.5)")  # fmt: skip
    parser.add_argument("--family", metavar="NAME", help="treat every text as spun by this family")
    parser.add_argument("--intensity", type=float, metavar="SHARE")
    parser.add_argument("--min-confidence", type=float, metavar="P")
    parser.add_argument(
        "--map", action="append", default=[], metavar="FILE", help="another phrase map"
    )
    parser.add_argument("--model", metavar="FILE", help="another language model")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default 1)")
    parser.add_argument("--engine", choices=("local", "spark"), default="local",
                        help="where to run: this machine (default) or Apache Spark")  # fmt: skip
    parser.add_argument(
        "--master", metavar="URL", help="Spark master, e.g. local[2], yarn, spark://host:7077"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress, no summary line")
    parser.set_defaults(run=batch)
