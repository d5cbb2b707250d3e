"""Masks: prose and nothing else, the same length, whatever the bytes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from respin import Restorer
from respin.errors import InputError
from respin.formats import KINDS, kind_of, mask, unmasked

# (format, text, what must be visible, what must not)
CASES = [
    ("markdown", "A `provide` word.", ["A", "word."], ["provide"]),
    ("markdown", "# Head\n\n```\ncode here\n```\n\nText.", ["Head", "Text."], ["code here"]),
    ("markdown", "---\ntitle: front\n---\n\nBody.", ["Body."], ["title", "front"]),
    ("markdown", "[label](https://a.example/path \"tip\")", ["label"], ["path", "tip", "["]),
    ("markdown", "![picture](a.png) and **bold** _it_", ["bold", "it", "and"], ["picture", "*"]),
    ("markdown", "> quoted\n> lines\n\n1. item\n2. other", ["quoted", "lines", "item"], [">"]),
    ("markdown", "| head | two |\n|---|---|\n| cell | `x` |\n", ["head", "cell"], ["x", "|"]),
    ("markdown", "<div class=\"provide\">\nraw\n</div>\n\nOut.", ["Out."], ["provide", "raw"]),
    ("markdown", "    indented code\n\nText", ["Text"], ["indented"]),
    ("html", "<p title=\"tip\">Hi <b>you</b></p>", ["Hi", "you"], ["tip", "<"]),
    ("html", "<script>var a = 'no';</script><style>p{}</style>x", ["x"], ["no", "p{}"]),
    ("html", "<pre>kept</pre><code>c</code><!-- note -->word", ["word"], ["kept", "note"]),
    ("html", "a &amp; b", ["a", "b"], ["amp"]),
    ("latex", "\\section{Head} text \\cite{key} $x_1$ % note\nmore", ["Head", "text", "more"], ["key", "x_1", "note"]),
    ("latex", "\\begin{equation}a=b\\end{equation} prose \\emph{it}", ["prose", "it"], ["a=b", "emph"]),
    ("latex", "\\documentclass{article}\n\\title{Name}\n\\begin{document}Body\\end{document}", ["Name", "Body"], ["article"]),
    ("latex", "\\label{sec} \\includegraphics[width=3cm]{pic} end", ["end"], ["sec", "pic", "width"]),
    ("rst", "Title\n=====\n\nText ``lit`` *em* :ref:`role`.\n", ["Title", "Text", "em"], ["lit", "role", "="]),
    ("rst", ".. code-block:: python\n\n   x = 1\n\nText\n", ["Text"], ["x = 1", "python"]),
    ("rst", ".. note:: Said here\n\n.. _target: http://x\n\n.. comment\n", ["Said here"], ["target", "comment"]),
    ("subtitles", "1\n00:00:01,000 --> 00:00:02,000\n<i>Spoken</i>\n", ["Spoken"], ["00", "<i>"]),
    ("subtitles", "WEBVTT\n\nNOTE not said\n\n00:01.000 --> 00:02.000\nSaid\n", ["Said"], ["WEBVTT", "not said"]),
    ("plain", "All `of` it.", ["All `of` it."], []),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "visible", "hidden"), CASES)
def test_masks(kind: str, text: str, visible: list[str], hidden: list[str]) -> None:
    masked = mask(text, kind)
    assert len(masked) == len(text)
    for part in visible:
        place = text.index(part)
        assert masked[place : place + len(part)] == part
    for part in hidden:
        assert part not in masked


def test_kinds_go_by_the_ending() -> None:
    assert kind_of("a/b.MD") == "markdown"
    assert kind_of("x.tex") == "latex"
    assert kind_of("x.py") is None


NEWS = Restorer(family="news")


# Text that is dense in what the formats look for.
_PIECES = st.sampled_from(
    ["`", "```", "\n", "\r\n", "*", "_", "#", "> ", "- ", "[", "](", ")", "<b>", "</p>", "<!--", "-->",
     "<script>", "&amp;", "&", "\\", "\\section{", "\\begin{verbatim}", "\\end{verbatim}", "{", "}", "$",
     "$$", "%", "::", ".. ", "``", "---\n", "|", "1\n00:00:01,000 --> 00:00:02,000\n", "İ", "ﬁ", "\u00ad",
     "é", "\U0001f600", "\ufffc", "provide chain", " ", "officers mentioned ", "\0", "\ud800"]
)  # fmt: skip


@pytest.mark.parametrize("kind", list(KINDS))
@given(pieces=st.lists(_PIECES, max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_has_a_mask(kind: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        masked = mask(text, kind)
    except InputError:  # a parser may refuse, in words
        return
    assert len(masked) == len(text)
    assert re.sub(r"[^\r\n]", "", masked) == re.sub(r"[^\r\n]", "", text)
    for ours, theirs in zip(masked, text, strict=True):
        assert ours == theirs or ours in " .\ufffc"


@pytest.mark.parametrize("kind", list(KINDS))
@given(pieces=st.lists(_PIECES, max_size=30))
@settings(max_examples=30, deadline=None)
def test_nothing_changes_outside_edits(kind: str, pieces: list[str]) -> None:
    text = "".join(pieces).replace("\ud800", "")
    try:
        masked = mask(text, kind)
    except InputError:
        return
    result = unmasked(text, masked, NEWS.restore(masked))
    here = there = 0
    for edit in result.edits:
        kept = text[here : edit.start]
        assert result.text[there : there + len(kept)] == kept
        there += len(kept) + len(edit.original)
        here = edit.end
        assert masked[edit.start : edit.end] == edit.spun
    assert result.text[there:] == text[here:]
