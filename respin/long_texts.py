"""Texts too long to be decoded at once: cut into pieces, and the results joined again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from respin.report import RestoreResult, Span, SpinReport

# Characters decoded together at most. Pieces of 50,000 to 200,000 are equally fast on clean text; the
# memory that a spun one takes grows with it (100,000: about 150 MB). 99.9 % of documents are shorter.
LONGEST_PIECE = 100_000
_BREAKS = ("\n\n", "\n", ". ", " ")


def split(text: str) -> list[str]:
    """Pieces of at most :data:`LONGEST_PIECE` characters that add up to the text, cut after a
    paragraph where there is one in the last quarter, else after a line, a sentence or a word."""
    pieces = []
    here = 0
    while len(text) - here > LONGEST_PIECE:
        cut = _cut(text, here)
        pieces.append(text[here:cut])
        here = cut
    return [*pieces, text[here:]]


def split_stream(chunks: Iterable[str]) -> Iterator[str]:
    """The pieces that :func:`split` makes of the text that the ``chunks`` add up to; little more
    than one chunk of it is held at a time.

    >>> list(split_stream(["one ", "two"]))
    ['one two']
    """
    waiting = ""
    for chunk in chunks:
        waiting += chunk
        if len(waiting) > LONGEST_PIECE:
            *pieces, waiting = split(waiting)
            yield from pieces
    if waiting:
        yield waiting


def _cut(text: str, here: int) -> int:
    """Where the piece that begins ``here`` ends."""
    low, high = here + LONGEST_PIECE * 3 // 4, here + LONGEST_PIECE
    for mark in _BREAKS:
        place = text.rfind(mark, low, high)
        if place >= 0:
            return place + len(mark)
    return high


def _offsets(pieces: Sequence[str]) -> list[int]:
    return [0, *accumulate(map(len, pieces))]


def join_results(pieces: Sequence[str], results: Sequence[RestoreResult]) -> RestoreResult:
    """One result for the whole text."""
    edits = tuple(
        replace(edit, start=edit.start + offset, end=edit.end + offset)
        for offset, result in zip(_offsets(pieces), results, strict=False)
        for edit in result.edits
    )
    report = join_reports(pieces, [result.report for result in results])
    return RestoreResult("".join(result.text for result in results), edits, report)


def join_reports(pieces: Sequence[str], reports: Sequence[SpinReport]) -> SpinReport:
    """One report: spun if a piece is, as the likeliest piece says; spans of all of them."""
    likeliest = max(reports, key=lambda report: report.probability)
    tokens = sum(report.tokens for report in reports)
    spans = tuple(
        Span(span.start + offset, span.end + offset, span.score)
        for offset, report in zip(_offsets(pieces), reports, strict=False)
        for span in report.spans
    )
    score = sum(report.score * report.tokens for report in reports) / max(tokens, 1)
    return replace(likeliest, score=round(score, 4), spans=spans, tokens=tokens)
