"""LaTeX, parsed by pylatexenc. Prose is the text of the document body and of the arguments of
sectioning and font commands; commands, mathematics, citations, labels and comments are not."""

from __future__ import annotations

from typing import Any

from pylatexenc import latexwalker
from pylatexenc.latexwalker import LatexWalker, LatexWalkerParseError

from respin.errors import InputError
from respin.formats.canvas import BREAK, OPAQUE, Canvas

_PROSE = frozenset({
    "part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph",
    "title", "caption", "footnote", "thanks", "emph", "textbf", "textit", "textsc", "textsf",
    "textsl", "textrm", "textmd", "textup", "underline", "abstract", "keywords", "centerline",
    "mbox", "item",
})  # fmt: skip
_SILENT = frozenset({
    "verbatim", "verbatim*", "lstlisting", "minted", "tikzpicture", "tabular", "tabular*", "array",
    "equation", "equation*", "align", "align*", "gather", "gather*", "multline", "multline*",
    "eqnarray", "eqnarray*", "displaymath", "math", "thebibliography", "filecontents", "algorithm",
    "algorithmic", "comment",
})  # fmt: skip
_FONTS = frozenset(
    {"emph", "textbf", "textit", "textsc", "textsf", "textsl", "textrm", "underline"}
)
_DEEPEST = 100  # nested groups; what lies deeper stays as it is


def mask(text: str) -> str:
    """See :func:`respin.formats.mask`."""
    canvas = Canvas(text)
    try:
        nodes, _, _ = LatexWalker(text, tolerant_parsing=True).get_latex_nodes()
    except (LatexWalkerParseError, RecursionError, IndexError) as error:
        raise InputError(
            f"cannot be read as LaTeX ({type(error).__name__}). Use --type plain"
        ) from None
    body = [node for node in nodes if _environment(node) == "document"]
    _draw(nodes, canvas, len(text), 0, prose=not body)
    return canvas.text()


def _environment(node: Any) -> str:
    return str(node.environmentname) if node.isNodeType(latexwalker.LatexEnvironmentNode) else ""


def _draw(nodes: list[Any], canvas: Canvas, end: int, depth: int, *, prose: bool) -> None:
    """Show the prose among ``nodes``; where ``prose`` is false (the preamble), only the arguments
    of prose commands."""
    for node in nodes if depth < _DEEPEST else []:
        if node is None:
            continue
        start, stop = node.pos, min(node.pos + node.len, end)
        if node.isNodeType(latexwalker.LatexCharsNode):
            if prose:
                canvas.show(start, stop)
        elif node.isNodeType(latexwalker.LatexGroupNode):
            _draw(node.nodelist, canvas, end, depth + 1, prose=prose)
        elif node.isNodeType(latexwalker.LatexEnvironmentNode):
            name = str(node.environmentname)
            canvas.hide(start, stop, BREAK)
            if name not in _SILENT:
                _draw(node.nodelist, canvas, end, depth + 1, prose=prose or name == "document")
        elif node.isNodeType(latexwalker.LatexMacroNode):
            _macro(node, canvas, start, stop, depth)
        elif node.isNodeType(latexwalker.LatexMathNode):
            canvas.hide(start, stop, OPAQUE)


def _macro(node: Any, canvas: Canvas, start: int, stop: int, depth: int) -> None:
    name = str(node.macroname)
    if name not in _PROSE:
        canvas.hide(start, stop, OPAQUE if name.isalpha() else "")
        return
    canvas.hide(start, stop, "" if name in _FONTS else BREAK)
    arguments = node.nodeargd.argnlist if node.nodeargd and node.nodeargd.argnlist else []
    groups = [
        argument
        for argument in arguments
        if argument is not None
        and argument.isNodeType(latexwalker.LatexGroupNode)
        and argument.delimiters[0] == "{"
    ]
    if groups:
        _draw(groups[-1].nodelist, canvas, stop, depth + 1, prose=True)
