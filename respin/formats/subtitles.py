"""Subtitles: SubRip (.srt) and WebVTT (.vtt). Prose is what is spoken: not the numbers, times,
headers, notes, and tags. Both formats are made of lines, so lines are what is looked at."""

from __future__ import annotations

import re

from respin.formats.canvas import Canvas

_TIME = re.compile(r"\d[\d:.,]*\s*-->\s*\d")
_HEADER = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION)\b")
_TAG = re.compile(r"<[^<>\n]*>|\{\\[^{}\n]*\}")


def mask(text: str) -> str:
    """See :func:`respin.formats.mask`."""
    canvas = Canvas(text)
    start = 0
    speaking = False  # after a time line, up to the next empty one
    header = False
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        content = line.strip()
        if not content:
            speaking = header = False
        elif _TIME.match(content):
            speaking, header = True, False
        elif not speaking and _HEADER.match(content):
            header = True
        elif speaking and not header:
            canvas.show(start, end)
            for tag in _TAG.finditer(line):
                canvas.hide(start + tag.start(), start + tag.end())
        start = end
    return canvas.text()
