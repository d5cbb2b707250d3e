"""SARIF 2.1.0 (OASIS), as code-scanning services read it: one rule for each family, columns in code
points, every finding with its fix."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from respin.rendering import Edit
from respin.reports import Checked

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_DOCUMENT_RULE = "respin/spun-text"
_SURE = 0.9


def rule_of(family: str) -> str:
    """Stable id of the rule that a family's findings come under."""
    return f"respin/{family}"


def dumps(files: Sequence[Checked], families: dict[str, str], version: str) -> str:
    """The log of one run; ``families`` with their descriptions."""
    rules = [
        _rule(_DOCUMENT_RULE, "Text that an article spinner has rewritten"),
        *(_rule(rule_of(name), f"Spun phrase: {text}") for name, text in families.items()),
    ]
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    results = [
        result
        for checked in files
        for result in (*_document(checked), *(_finding(checked, edit) for edit in checked.edits))
    ]
    for result in results:
        if result["ruleId"] in places:
            result["ruleIndex"] = places[result["ruleId"]]
    run = {
        "tool": {"driver": {"name": "respin", "version": version, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(name: str, text: str) -> dict[str, Any]:
    return {"id": name, "shortDescription": {"text": text}, "help": {"text": text}}


def _uri(name: str) -> str:
    path = os.path.relpath(name) if os.path.isabs(name) else os.path.normpath(name)
    return quote(path.replace(os.sep, "/"))


def _region(checked: Checked, start: int, end: int) -> dict[str, int]:
    line, column = checked.lines.of(start)
    last_line, last_column = checked.lines.of(end)
    return {
        "startLine": line, "startColumn": column, "endLine": last_line, "endColumn": last_column,
        "charOffset": start, "charLength": end - start,
    }  # fmt: skip


def _location(checked: Checked, region: dict[str, int]) -> dict[str, Any]:
    artifact = {"uri": _uri(checked.name)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _document(checked: Checked) -> list[dict[str, Any]]:
    report = checked.result.report
    if not report.is_spun or not checked.is_finding or not report.spans:
        return []
    region = _region(checked, report.spans[0].start, report.spans[0].end)
    message = (
        f"Spun by {report.family} (probability {report.probability:.2f}): "
        f"{'; '.join(report.evidence[:3])}"
    )
    return [
        {
            "ruleId": _DOCUMENT_RULE,
            "level": "warning",
            "message": {"text": message},
            "locations": [_location(checked, region)],
        }
    ]


def _finding(checked: Checked, edit: Edit) -> dict[str, Any]:
    region = _region(checked, edit.start, edit.end)
    spun = " ".join(edit.spun.split())
    replacement = {
        "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
        "insertedContent": {"text": edit.original},
    }
    change = {
        "artifactLocation": {"uri": _uri(checked.name)},
        "replacements": [replacement],
    }
    return {
        "ruleId": rule_of(edit.family),
        "level": "warning" if edit.confidence >= _SURE else "note",
        "rank": round(100 * edit.confidence, 1),
        "message": {"text": f"{spun!r} was {edit.original!r} ({edit.confidence:.0%})"},
        "locations": [_location(checked, region)],
        "fixes": [
            {"description": {"text": f"Restore {edit.original!r}"}, "artifactChanges": [change]}
        ],
    }
