"""Texts that went through two spinners: undoing the outer one shows the inner one.

A second pass reads what the first one restored. Its edits have offsets in that text; here both
passes become one list of edits of the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from respin.rendering import Edit, apply_edits
from respin.report import RestoreResult


def compose(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """Edits of ``text`` that do what ``first`` does and then, to the outcome, ``second``.

    Both are sorted and without overlap. An edit of the second pass that touches words of the first
    becomes one edit with them, as sure as the least sure of them.

    >>> one = Edit(0, 1, "a", "bb", 0.9, "news")
    >>> two = Edit(1, 3, "b ", "c ", 0.8, "once")
    >>> [(edit.start, edit.end, edit.original) for edit in compose("a d", [one], [two])]
    [(0, 2, 'bc ')]
    """
    places = []  # (start, end) of the first pass's edits in the text between the passes
    shift = 0
    for edit in first:
        start = edit.start + shift
        shift += len(edit.original) - (edit.end - edit.start)
        places.append((start, start + len(edit.original)))
    joined: list[Edit] = []
    a = b = 0
    shift = 0  # from the input to the text between the passes, up to here
    between = apply_edits(text, first)
    while a < len(first) or b < len(second):
        low = min(places[a][0] if a < len(first) else len(between),
                  second[b].start if b < len(second) else len(between))  # fmt: skip
        high = low
        ours: list[Edit] = []
        theirs: list[Edit] = []
        grown = True
        while grown:  # take in whatever touches what was taken in
            grown = False
            while a < len(first) and (places[a][0] < high or places[a][0] == low):
                high = max(high, places[a][1])
                ours.append(first[a])
                a += 1
                grown = True
            while b < len(second) and (second[b].start < high or second[b].start == low):
                high = max(high, second[b].end)
                theirs.append(second[b])
                b += 1
                grown = True
        growth = sum(len(edit.original) - (edit.end - edit.start) for edit in ours)
        start, end = low - shift, high - shift - growth
        shift += growth
        joined.append(_joined(text, between, start, end, low, high, ours, theirs))
    return tuple(edit for edit in joined if edit.spun != edit.original)


def _joined(
    text: str, between: str, start: int, end: int, low: int, high: int,
    ours: list[Edit], theirs: list[Edit],
) -> Edit:  # fmt: skip
    if not theirs and len(ours) == 1:
        return ours[0]
    moved = [replace(edit, start=edit.start - low, end=edit.end - low) for edit in theirs]
    original = apply_edits(between[low:high], moved)
    if not ours and len(theirs) == 1:
        return replace(theirs[0], start=start, end=end)
    parts = [*ours, *theirs]
    reason = "; then ".join(edit.reason for edit in parts)
    family = theirs[-1].family if theirs else ours[-1].family
    confidence = min(edit.confidence for edit in parts)
    return Edit(start, end, text[start:end], original, confidence, family, (), reason)


def joined_results(text: str, first: RestoreResult, second: RestoreResult) -> RestoreResult:
    """The result of both passes, with the report of the first, which is what ``detect`` says."""
    edits = compose(text, first.edits, second.edits)
    return RestoreResult(apply_edits(text, edits), edits, first.report)
