"""``respin restore``, ``check`` and ``explain``."""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import json
import sys
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from respin.cli import FINDINGS, OK, TROUBLE, files
from respin.errors import InputError
from respin.report import RestoreResult, SpinReport
from respin.restorer import DEFAULT_MIN_CONFIDENCE, Restorer


def restorer_for(options: argparse.Namespace) -> Restorer:
    """The restorer that the options describe."""
    from respin.resources import MAP_NAME, data_file

    confidence = getattr(options, "min_confidence", None)
    return Restorer(
        phrase_map=[data_file(MAP_NAME), *options.map],
        language_model=options.model,
        family=options.family,
        intensity=getattr(options, "intensity", None),
        min_confidence=DEFAULT_MIN_CONFIDENCE if confidence is None else confidence,
    )


def _each_file(
    options: argparse.Namespace, work: Callable[[str, files.Source, RestoreResult], None]
) -> int:
    """Restore file by file; one that fails is reported and the rest goes on."""
    restorer = restorer_for(options)
    status = OK
    for name in options.files:
        try:
            source = files.read(name)
            result = restorer.restore(source.text)
            work(name, source, result)
        except InputError as error:
            print(f"respin: {error}", file=sys.stderr)
            status = TROUBLE
        else:
            found = bool(result.edits) or result.report.is_spun
            status = max(status, FINDINGS if found else OK)
    return status


def as_data(name: str, text: str, result: RestoreResult, *, with_text: bool) -> dict[str, Any]:
    """A result as plain data for JSON."""
    data: dict[str, Any] = {"path": name, "report": report_data(result.report)}
    data["edits"] = [dataclasses.asdict(edit) for edit in result.edits]
    if with_text:
        data["text"] = result.text
    return data


def report_data(report: SpinReport) -> dict[str, Any]:
    """A report as plain data."""
    return dataclasses.asdict(report) | {"family_probabilities": dict(report.family_probabilities)}


def restore(options: argparse.Namespace) -> int:
    """``respin restore``."""
    if options.write and files.STDIN in options.files:
        raise InputError("standard input has no file to --write to. Leave --write out")
    documents: list[dict[str, Any]] = []

    def work(name: str, source: files.Source, result: RestoreResult) -> None:
        if options.write:
            if result.edits:
                files.write(name, source, result.text)
                print(f"{name}: {len(result.edits)} edits", file=sys.stderr)
        elif options.diff:
            _print_diff(source, result)
        elif options.format == "text":
            files.write_output(result.text, source.bom)
            if sys.stderr.isatty():
                print(f"respin: {summary(result)}", file=sys.stderr)
        else:
            documents.append(as_data(source.name, source.text, result, with_text=True))

    status = _each_file(options, work)
    if options.format != "text" and not options.write and not options.diff:
        _print_json(documents, options.format)
    return status


def check(options: argparse.Namespace) -> int:
    """``respin check``."""
    documents: list[dict[str, Any]] = []

    def work(name: str, source: files.Source, result: RestoreResult) -> None:
        if options.format == "text":
            _print_findings(source, result)
        else:
            documents.append(as_data(source.name, source.text, result, with_text=False))

    status = _each_file(options, work)
    if options.format != "text":
        _print_json(documents, options.format)
    return status


def _print_json(documents: list[dict[str, Any]], form: str) -> None:
    if form == "jsonl":
        for document in documents:
            print(json.dumps(document, ensure_ascii=False))
    else:
        print(json.dumps(documents, ensure_ascii=False, indent=2))


def _print_diff(source: files.Source, result: RestoreResult) -> None:
    before = source.text.splitlines(keepends=True)
    after = result.text.splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, source.name, source.name + " (restored)", n=1)
    for line in lines:
        files.write_output(line if line.endswith("\n") else line + "\n\\ No newline at end\n")


def summary(result: RestoreResult) -> str:
    """One line about a document."""
    report = result.report
    if not report.is_spun:
        certainty = "too short to tell" if report.tokens < 30 else "no sign of spinning"
        return f"{certainty} (probability {report.probability:.2g}, {report.tokens} tokens)"
    return (
        f"spun by a {report.family} spinner (probability {report.probability:.2f}, "
        f"intensity {report.intensity:.2f}), {len(result.edits)} words or phrases to restore"
    )


def _print_findings(source: files.Source, result: RestoreResult) -> None:
    line_starts = [0]
    for content in source.text.splitlines(keepends=True):
        line_starts.append(line_starts[-1] + len(content))
    for edit in result.edits:
        line = bisect_right(line_starts, edit.start)
        column = edit.start - line_starts[line - 1] + 1
        spun = " ".join(edit.spun.split())
        print(
            f"{source.name}:{line}:{column}: {spun!r} -> {edit.original!r} "
            f"({edit.confidence:.0%}, {edit.family})"
        )
    print(f"{source.name}: {summary(result)}")
    if result.report.is_spun and result.report.evidence:
        print(f"  evidence: {', '.join(result.report.evidence[:5])}")


def explain(options: argparse.Namespace) -> int:
    """``respin explain PHRASE``."""
    from respin.inflection import paired_forms

    restorer = restorer_for(options)
    wanted = " ".join(options.phrase.lower().split())
    behind, instead = [], []
    for row in restorer.rows:
        if options.family and row.family != options.family:
            continue
        for spun, original in paired_forms(row.spun, row.original, row.part):
            if spun == wanted:
                behind.append((original, row))
            elif original == wanted:
                instead.append((spun, row))
    for title, found in (
        (f"{wanted!r} may stand for", behind),
        (f"spinners write for {wanted!r}", instead),
    ):
        if found:
            print(f"{title}:")
            found.sort(key=lambda item: (-item[1].weight, item[0]))
            for phrase, row in found:
                condition = f", only if {row.condition}" if row.condition else ""
                print(
                    f"  {phrase:<28} {row.family:<10} weight {row.weight:<7.3g} "
                    f"{row.evidence} (line {row.line}{condition})"
                )
    if not behind and not instead:
        result = restorer.restore(options.phrase)
        if result.edits:
            print(f"restored in parts: {result.text!r}")
            return FINDINGS
        print(f"{wanted!r} is not in the phrase map")
        return OK
    return FINDINGS if behind else OK
