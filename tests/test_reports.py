"""What a check prints for programs and for the browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from respin import Edit, RestoreResult, SpinReport, apply_edits
from respin.cli.ignores import Names, directives, plain
from respin.report import Span
from respin.reports import Checked, github, html, human, sarif
from respin.reports.lines import Lines

HOSTILE = "A <script>alert(\"x\")</script> & 'q' </textarea><img src=x onerror=alert(1)> end"


def checked(text: str, start: int, end: int, original: str, name: str = "a.txt") -> Checked:
    edit = Edit(
        start, end, text[start:end], original, 0.95, "news",
        (("</b><i>alt", 0.5), (text[start:end], 0.04)), "because <b>reason</b>",
    )  # fmt: skip
    report = SpinReport(
        True, 0.99, 0.5, 0.7, "news", {"news": 1.0}, (Span(0, len(text), 0.5),), 20, ("<evidence>",)
    )
    result = RestoreResult(apply_edits(text, [edit]), (edit,), report)
    return Checked(name, text, result, (edit,), Lines(text))


def test_html_lets_nothing_out() -> None:
    page = html.dumps([checked(HOSTILE, 0, 1, "<u>Z", "<b>name</b>.txt")])
    assert page.count("<script>") == 1  # the page's own
    assert "<img" not in page
    for tag in ("<u>", "<b>name", "<b>reason", "<evidence>", "</b><i>alt"):
        assert tag not in page
    assert "&lt;script&gt;alert" in page
    assert "Content-Security-Policy" in page
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", page)  # nothing is fetched
    assert page.count('aria-pressed="true"') >= 1
    assert "prefers-color-scheme: dark" in page


def test_sarif_has_what_its_readers_need() -> None:
    text = "One \U0001f600 line\nand within the second"
    start = text.index("within")
    log = json.loads(
        sarif.dumps(
            [checked(text, start, start + 6, "in", "docs/a file.md")],
            {"news": "scraper sites"},
            "1.0",
        )
    )
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["respin/spun-text", "respin/news"]
    document, finding = run["results"]
    assert rules[finding["ruleIndex"]] == finding["ruleId"] == "respin/news"
    place = finding["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "docs/a%20file.md"
    region = place["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (2, 5, 11)
    fix = finding["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert fix["insertedContent"]["text"] == "in"
    assert fix["deletedRegion"] == {"charOffset": start, "charLength": 6}
    assert document["ruleId"] == "respin/spun-text"


def test_github_escapes() -> None:
    printed = github.dumps([checked("50% a, b:\nc", 0, 5, "x\ny", "a,b:c.md")])
    lines = printed.splitlines()
    assert lines[0].startswith("::warning title=respin::1 spun phrases in 1 files")
    assert all(line.startswith("::") for line in lines)
    assert "file=a%2Cb%3Ac.md" in printed
    assert github.dumps([]) == ""


def test_human_shows_no_control_characters() -> None:
    found = checked("a\x1b[31m red\x07 within", 11, 17, "in")
    lines = human.findings(found, human.Painter(colour=False), quiet=False, verbose=True)
    assert not any("\x1b" in line or "\x07" in line for line in lines)
    assert any(line.strip() == "^" * 6 for line in lines)
    coloured = human.findings(found, human.Painter(colour=True), quiet=True, verbose=False)
    assert any("\x1b[" in line for line in coloured)


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [("ab\ncd", 3, (2, 1)), ("a\r\nb\rc", 5, (3, 1)), ("", 0, (1, 1)), ("x\u2028y\nz", 4, (2, 1))],
)
def test_lines(text: str, offset: int, place: tuple[int, int]) -> None:
    assert Lines(text).of(offset) == place


def test_names_compare_as_the_detector_does() -> None:
    text = "the Provide-Chain and the provide of it"
    edit = checked(text, 4, 11, "supply").edits[0]
    alone = checked(text, 26, 33, "supply").edits[0]
    names = Names.of(["provide chain"])
    assert plain("PROVIDE\u00adCHAIN") == "providechain"
    assert names.holds(edit, text)
    assert not Names.of(["provide lane"]).holds(alone, text)
    assert Names.of(["NEWS"]).holds(alone, text)
    assert not Names.of([]).holds(alone, text)


def test_directives_count_only_outside_the_prose() -> None:
    text = "We write respin: ignore in a manual.\n"
    lines = Lines(text)
    assert directives(text, text, lines).rules  # plain text has no comments
    masked = text[:-1] + " "
    assert not directives(text, masked, lines).rules


def test_hooks_file_names_our_commands() -> None:
    hooks = (Path(__file__).parent.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^- id: (\S+)$", hooks, re.MULTILINE) == ["respin-check", "respin-fix"]
    assert "respin check" in hooks
    assert "respin restore --write" in hooks
