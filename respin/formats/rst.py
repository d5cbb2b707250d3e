"""reStructuredText, parsed by tree-sitter-rst. Prose is titles, paragraphs and the content of
admonitions, without literals, roles, references and substitutions."""

from __future__ import annotations

import tree_sitter_rst
from tree_sitter import Node

from respin.formats.canvas import BREAK, OPAQUE, Canvas
from respin.formats.trees import Source, walk

_ADMONITIONS = frozenset({
    b"admonition", b"attention", b"caution", b"danger", b"error", b"hint", b"important", b"note",
    b"seealso", b"tip", b"topic", b"warning",
})  # fmt: skip
_PROSE = frozenset({"paragraph", "title"})
_OPAQUE = frozenset({
    "literal", "interpreted_text", "reference", "substitution_reference", "footnote_reference",
    "citation_reference", "inline_target", "standalone_hyperlink",
})  # fmt: skip
_MARKED = {"emphasis": 1, "strong": 2}
_CLOSED = frozenset(
    {"comment", "target", "literal_block", "doctest_block", "substitution_definition"}
)


def mask(text: str) -> str:
    """See :func:`respin.formats.mask`."""
    source, canvas = Source(text), Canvas(text)
    root = source.parse(tree_sitter_rst.language())
    for node in walk(root, _is_open):
        start, end = source.span(node)
        if node.type in _PROSE or (node.type in ("arguments", "content") and _in_admonition(node)):
            canvas.show(start, end)
            if end < len(text) and text[end] not in "\r\n":
                canvas.hide(end, end + 1, BREAK)
        elif node.type in _OPAQUE:
            canvas.hide(start, end, OPAQUE)
        elif node.type in _CLOSED:
            canvas.hide(start, end)
        elif node.type in _MARKED:
            width = _MARKED[node.type]
            canvas.hide(start, start + width)
            canvas.hide(end - width, end)
    return canvas.text()


def _is_open(node: Node) -> bool:
    return node.type not in _CLOSED and node.type not in _OPAQUE


def _in_admonition(node: Node) -> bool:
    directive = node.parent.parent if node.parent else None
    if directive is None or directive.type != "directive":
        return False
    return any(
        child.type == "type" and (child.text or b"") in _ADMONITIONS for child in directive.children
    )
