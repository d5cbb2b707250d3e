"""For people: ``path:line:column``, what stands there and what it was, the line with a caret."""

from __future__ import annotations

import re
import unicodedata

from respin.rendering import Edit
from respin.reports import Checked, summary

_COLOURS = {"path": "1", "spun": "31", "original": "32", "dim": "2", "caret": "33"}
_WIDEST = 100  # characters of a line that are shown around a finding
# Control characters of the text must not reach the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Painter:
    """Colours, or none."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def __call__(self, style: str, text: str) -> str:
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self._colour else text


def shown(text: str) -> str:
    """A text on one line, without control characters."""
    return _CONTROL.sub("\ufffd", " ".join(text.split()))


def findings(checked: Checked, paint: Painter, *, quiet: bool, verbose: bool) -> list[str]:
    """The lines about one file."""
    printed = []
    for edit in checked.edits:
        line, column = checked.lines.of(edit.start)
        place = paint("path", f"{shown(checked.name)}:{line}:{column}")
        printed.append(
            f"{place}: {paint('spun', repr(shown(edit.spun)))} -> "
            f"{paint('original', repr(edit.original))} ({edit.confidence:.0%}, {edit.family})"
        )
        if not quiet:
            printed += _context(checked, edit, paint)
        if verbose:
            others = ", ".join(f"{text!r} {chance:.0%}" for text, chance in edit.alternatives)
            printed.append(paint("dim", f"    {edit.reason}"))
            if others:
                printed.append(paint("dim", f"    or: {others}"))
    printed.append(f"{paint('path', shown(checked.name))}: {summary(checked.result)}")
    hidden = len(checked.result.edits) - len(checked.edits)
    if hidden:
        printed.append(paint("dim", f"  {hidden} of them ignored or in the baseline"))
    if checked.result.report.is_spun and checked.result.report.evidence and not quiet:
        strongest = (*checked.result.report.evidence[:4], checked.result.report.evidence[-1])
        printed.append(paint("dim", f"  evidence: {', '.join(strongest)}"))
    return printed


def _context(checked: Checked, edit: Edit, paint: Painter) -> list[str]:
    line, column = checked.lines.of(edit.start)
    content = checked.lines.content(line)
    low = max(0, column - 1 - _WIDEST // 2)
    piece = content[low : low + _WIDEST]
    before = content[low : column - 1]
    inside = content[column - 1 : min(column - 1 + edit.end - edit.start, low + _WIDEST)]
    left = "…" if low else ""
    right = "…" if low + _WIDEST < len(content) else ""
    clean = _CONTROL.sub(" ", piece)
    padding = " " * (_width(before) + len(left))
    return [
        f"    {left}{clean}{right}",
        f"    {padding}{paint('caret', '^' * max(_width(inside), 1))}",
    ]


def _width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
