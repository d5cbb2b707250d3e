"""Formats: only the prose of a file is read and changed; everything else stays byte for byte.

A file is *masked* first: a text of the same length in which all that is no prose (code, tags,
addresses, mathematics, commands) is blank. Offsets in the masked text are offsets in the file, so
the edits that respin finds in the one are carried out in the other.

>>> mask("Use `provide` **now**.", "markdown")
'Use \\ufffc           now  .'
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from respin.errors import InputError
from respin.rendering import apply_edits
from respin.report import RestoreResult

PLAIN = "plain"
# Kind of text -> (module that masks it, file name endings).
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    PLAIN: ("", (".txt", ".text")),
    "markdown": ("respin.formats.markdown", (".md", ".markdown", ".mdown", ".mkd", ".mdx")),
    "html": ("respin.formats.html", (".html", ".htm", ".xhtml")),
    "latex": ("respin.formats.latex", (".tex", ".latex", ".ltx")),
    "rst": ("respin.formats.rst", (".rst", ".rest")),
    "subtitles": ("respin.formats.subtitles", (".srt", ".vtt")),
}
_BY_ENDING = {ending: kind for kind, (_, endings) in KINDS.items() for ending in endings}


def kind_of(name: str) -> str | None:
    """Kind of a file by its name; None: not one of ours."""
    return _BY_ENDING.get(PurePath(name).suffix.lower())


def mask(text: str, kind: str) -> str:
    """``text`` with everything but prose blanked; of the same length, newlines kept.

    Raises :class:`respin.errors.InputError` where the parser of the format is not installed.
    """
    module = KINDS[kind][0]
    if not module:
        return text
    try:
        masker: Callable[[str], str] = import_module(module).mask
    except ImportError as error:
        raise InputError(
            f"{kind} needs the package {error.name!r}, which is not installed. Install it, or use "
            f"--type plain to treat the file as plain text"
        ) from None
    masked = masker(text)
    assert len(masked) == len(text), kind
    return masked


def unmasked(text: str, masked: str, result: RestoreResult) -> RestoreResult:
    """What was found in a masked text, as a result on the text itself. An edit that reaches over
    something that is no prose is left out: carrying it out would delete that."""
    edits = tuple(
        edit
        for edit in result.edits
        if text[edit.start : edit.end] == masked[edit.start : edit.end] == edit.spun
    )
    return RestoreResult(apply_edits(text, edits), edits, result.report)
