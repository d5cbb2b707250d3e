"""Annotations for GitHub Actions. GitHub shows ten of a kind a step, so a summary line comes first."""

from __future__ import annotations

from collections.abc import Sequence

from respin.reports import Checked, summary


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def dumps(files: Sequence[Checked]) -> str:
    """Workflow commands, one a line."""
    findings = [checked for checked in files if checked.is_finding]
    if not findings:
        return ""
    count = sum(len(checked.edits) for checked in findings)
    text = f"{count} spun phrases in {len(findings)} files; GitHub shows but ten of them"
    lines = [f"::warning title=respin::{_message(text)}"]
    for checked in findings:
        name = _property(checked.name.replace("\\", "/"))
        if checked.result.report.is_spun:
            lines.append(f"::warning file={name},line=1::{_message(summary(checked.result))}")
        for edit in checked.edits:
            line, column = checked.lines.of(edit.start)
            end_line, end_column = checked.lines.of(edit.end)
            place = (
                f"file={name},line={line},endLine={end_line},col={column},endColumn={end_column}"
            )
            spun = " ".join(edit.spun.split())
            text = f"{spun!r} was {edit.original!r} ({edit.confidence:.0%}, {edit.family})"
            lines.append(f"::notice {place},title=respin::{_message(text)}")
    return "\n".join(lines) + "\n"
