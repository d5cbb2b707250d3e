"""For programs: JSON, one array or one object a line."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from respin.report import SpinReport
from respin.reports import Checked


def report_data(report: SpinReport) -> dict[str, Any]:
    """A report as plain data."""
    data = dataclasses.asdict(report) | {"verdict": report.verdict}
    return data | {"family_probabilities": dict(report.family_probabilities)}


def as_data(checked: Checked, *, with_text: bool) -> dict[str, Any]:
    """A checked file as plain data; edits carry line and column (from 1) beside their offsets."""
    data: dict[str, Any] = {"path": checked.name, "report": report_data(checked.result.report)}
    edits = []
    for edit in checked.edits:
        line, column = checked.lines.of(edit.start)
        edits.append(dataclasses.asdict(edit) | {"line": line, "column": column})
    data["edits"] = edits
    if with_text:
        data["text"] = checked.result.text
    return data


def dumps(files: list[Checked], form: str, *, with_text: bool) -> str:
    """``form`` "json" or "jsonl"."""
    found = [as_data(checked, with_text=with_text) for checked in files]
    if form == "jsonl":
        return "".join(json.dumps(data, ensure_ascii=False) + "\n" for data in found)
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
