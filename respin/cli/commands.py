"""``respin restore``, ``check``, ``explain`` and ``config``."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from dataclasses import replace
from pathlib import Path

from respin.cli import FINDINGS, OK, TROUBLE, files, streaming
from respin.cli.baseline import Baseline
from respin.cli.run import Run, restored, restorer_for
from respin.cli.settings import KEYS, settings
from respin.errors import InputError
from respin.reports import Checked, data, github, html, human, sarif, summary


def _colour(choice: str) -> bool:
    """Whether to print colours: the option, NO_COLOR and FORCE_COLOR, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _status(run: Run, found: bool, options: argparse.Namespace) -> int:
    if run.failed:
        return TROUBLE
    return FINDINGS if found and not options.exit_zero else OK


def restore(options: argparse.Namespace) -> int:
    """``respin restore``."""
    if options.write and files.STDIN in options.files:
        raise InputError("standard input has no file to --write to. Leave --write out")
    run = Run(options, settings(options))
    found = _restore_large(options, run)
    documents: list[Checked] = []
    for source, name, checked in run:
        result = restored(checked)
        found |= bool(result.edits) if options.write or options.diff else checked.is_finding
        if options.write:
            if not result.edits:
                continue
            try:
                files.write(name, source, result.text)
            except InputError as error:
                run.complain(str(error))
                continue
            if not options.quiet:
                print(f"{name}: {len(result.edits)} edits", file=sys.stderr)
        elif options.diff:
            _print_diff(source, result.text)
        elif options.format == "text":
            files.write_output(result.text, source)
            if sys.stderr.isatty() and not options.quiet:
                print(f"respin: {summary(result)}", file=sys.stderr)
        else:
            documents.append(replace(checked, result=result))
    if options.format != "text" and not options.write and not options.diff:
        files.write_output(data.dumps(documents, options.format, with_text=True))
    return _status(run, found, options)


def _restore_large(options: argparse.Namespace, run: Run) -> bool:
    """Restore the files that are too large to be held, and take them off the list; whether anything
    was found in them."""
    kind = run.settings.values.get("type")
    large = [name for name in options.files if streaming.is_for_streaming(name, kind)]
    if not large or options.diff or (options.format != "text" and not options.write):
        return False
    options.files = [name for name in options.files if name not in large]
    found = False
    for name in large:
        try:
            edits = streaming.restore_large(run, name, write=options.write)
        except InputError as error:
            run.complain(str(error))
            continue
        found |= edits > 0
        if options.write and edits and not options.quiet:
            print(f"{name}: {edits} edits", file=sys.stderr)
    return found


def check(options: argparse.Namespace) -> int:
    """``respin check``."""
    run = Run(options, settings(options))
    paint = human.Painter(colour=_colour(options.color))
    kept: list[Checked] = []
    files_seen = phrases = spun = 0
    for _, name, checked in run:
        files_seen += 1
        phrases += len(checked.edits)
        spun += checked.is_finding
        if options.write_baseline:
            kept.append(replace(checked, name=name))
        elif options.format == "text":
            if (
                checked.is_finding
                or options.verbose
                or (name in options.files and not options.quiet)
            ):
                lines = human.findings(checked, paint, quiet=options.quiet, verbose=options.verbose)
                _print("\n".join(lines))
        else:
            kept.append(checked)
    if options.write_baseline:
        baseline = Baseline(options.write_baseline)
        for checked in kept:
            baseline.add(checked.name, checked.edits)
        baseline.write()
        print(f"{options.write_baseline}: {phrases} findings are known now", file=sys.stderr)
        return TROUBLE if run.failed else OK
    if options.format == "text":
        if files_seen > 1 or not (files_seen or run.failed):
            _print(
                f"{files_seen} files examined, {spun} spun, {phrases} words or phrases to restore"
            )
    else:
        _print(_in_form(kept, options.format, run), end="")
    return _status(run, spun > 0, options)


def _print(text: str, end: str = "\n") -> None:
    """To standard output in UTF-8, whatever the terminal's own encoding; a lone surrogate in a file
    name must not end the run."""
    files.write_output(text + end)


def _in_form(found: list[Checked], form: str, run: Run) -> str:
    from respin import __version__
    from respin.families import table

    if form == "sarif":
        known = {name: text for name, (_, _, text) in table().items()}
        return sarif.dumps(found, known, __version__)
    if form == "github":
        return github.dumps(found)
    if form == "html":
        return html.dumps(found)
    return data.dumps(found, form, with_text=False)


def _print_diff(source: files.Source, text: str) -> None:
    before = source.text.splitlines(keepends=True)
    after = text.splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, source.name, source.name + " (restored)", n=1)
    for line in lines:
        files.write_output(line if line.endswith("\n") else line + "\n\\ No newline at end\n")


def config(options: argparse.Namespace) -> int:
    """``respin config``: the effective settings and where each came from."""
    found = settings(options)
    for key in KEYS:
        if key in found.values:
            print(f"{key} = {found.values[key]!r}  ({found.origin[key]})")
        elif options.verbose:
            print(f"{key}: not set; {KEYS[key][1]}")
    print(f"paths are relative to {Path(os.path.relpath(found.folder)).as_posix()}")
    return OK


EVIDENCE_WORDS = """\
weight: share of the original's uses that the family's spinners write so
wild 12: counted 12 times in real spun pages (repeats on a page count less); known: written from knowledge
sim 45/50: right 45 of 50 times in simulation
real 14/11.3: right 14 times on real pages, where 11.3 were expected
learned, imported: made by respin learn, by respin map import"""


def explain(options: argparse.Namespace) -> int:
    """``respin explain PHRASE``."""
    from respin.inflection import paired_forms

    restorer = restorer_for(options, settings(options))
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
    print(EVIDENCE_WORDS)
    return FINDINGS if behind else OK
