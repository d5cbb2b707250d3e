"""HTML, parsed by tree-sitter-html. Prose is the text between tags, but not in scripts, styles,
preformatted text, code, and form fields."""

from __future__ import annotations

import tree_sitter_html
from tree_sitter import Node

from respin.formats.canvas import BREAK, OPAQUE, Canvas
from respin.formats.trees import Source, walk

_SILENT = frozenset(
    {
        b"pre",
        b"code",
        b"kbd",
        b"samp",
        b"var",
        b"textarea",
        b"svg",
        b"math",
        b"template",
        b"noscript",
    }
)
_CODE = frozenset({b"code", b"kbd", b"samp", b"var", b"math"})  # inside sentences
_PHRASING = frozenset({
    b"a", b"abbr", b"b", b"bdi", b"bdo", b"cite", b"data", b"dfn", b"em", b"font", b"i", b"ins",
    b"label", b"mark", b"q", b"s", b"small", b"span", b"strong", b"sub", b"sup", b"time", b"u",
    b"wbr",
})  # fmt: skip
_TAGS = frozenset({"start_tag", "end_tag", "self_closing_tag", "erroneous_end_tag"})


def mask(text: str) -> str:
    """See :func:`respin.formats.mask`."""
    source, canvas = Source(text), Canvas(text)
    root = source.parse(tree_sitter_html.language())
    end_of_text = 0
    for node in walk(root, _is_open):
        if node.type == "text":
            start, end = source.span(node)
            # White space between two pieces of text belongs to neither node.
            if not source.text[end_of_text:start].strip():
                start = end_of_text
            canvas.show(start, end)
            end_of_text = end
        elif node.type == "entity":
            start, end = source.span(node)
            canvas.hide(start, end, OPAQUE)
            end_of_text = end
        elif node.type == "element" and not _is_open(node):
            start, end = source.span(node)
            canvas.hide(start, end, OPAQUE if _name(node) in _CODE else BREAK)
            end_of_text = end
        elif node.type in _TAGS:
            start, end = source.span(node)
            if not source.text[end_of_text:start].strip():
                canvas.show(end_of_text, start)
            canvas.hide(start, end, "" if _tag_name(node) in _PHRASING else BREAK)
            end_of_text = end
    return canvas.text()


def _is_open(node: Node) -> bool:
    """Whether a node may hold prose."""
    if node.type in ("script_element", "style_element", "comment", "doctype", "ERROR"):
        return False
    if node.type in _TAGS:
        return False
    return node.type != "element" or _name(node) not in _SILENT


def _name(element: Node) -> bytes:
    return _tag_name(element.children[0]) if element.children else b""


def _tag_name(tag: Node) -> bytes:
    for child in tag.children:
        if child.type == "tag_name":
            return (child.text or b"").lower()
    return b""
