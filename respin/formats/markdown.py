"""Markdown (CommonMark with tables and front matter), parsed by tree-sitter-markdown.

Prose is the inline content of paragraphs, headings and table cells, without code, formulas, tags,
images and addresses. Code blocks, HTML blocks, front matter and link definitions are no prose.
"""

from __future__ import annotations

import tree_sitter_markdown
from tree_sitter import Node, Range

from respin.formats.canvas import BREAK, OPAQUE, Canvas
from respin.formats.trees import Source, walk

_PROSE = frozenset({"inline", "pipe_table_cell"})
_OPAQUE = frozenset({
    "code_span", "latex_block", "image", "uri_autolink", "email_autolink", "entity_reference",
    "numeric_character_reference", "backslash_escape",
})  # fmt: skip
_BLANK = frozenset({
    "html_tag", "emphasis_delimiter", "link_destination", "link_title", "link_label",
    "hard_line_break",
})  # fmt: skip
_LINKS = frozenset(
    {"inline_link", "full_reference_link", "collapsed_reference_link", "shortcut_link"}
)


def mask(text: str) -> str:
    """See :func:`respin.formats.mask`."""
    source, canvas = Source(text), Canvas(text)
    root = source.parse(tree_sitter_markdown.language())
    for node in walk(root, lambda node: node.type not in _PROSE):
        if node.type in _PROSE:
            _inline(node, source, canvas)
    return canvas.text()


def _inline(block: Node, source: Source, canvas: Canvas) -> None:
    start, end = source.span(block)
    canvas.show(start, end)
    if end < len(source.text) and source.text[end] not in "\r\n":
        canvas.hide(end, end + 1, BREAK)
    ranges, at_byte, at_point = [], block.start_byte, block.start_point
    for child in block.children:  # the quote marks and indents of a paragraph's further lines
        if child.type == "block_continuation":
            canvas.hide(*source.span(child))
            ranges.append(Range(at_point, child.start_point, at_byte, child.start_byte))
            at_byte, at_point = child.end_byte, child.end_point
    ranges.append(Range(at_point, block.end_point, at_byte, block.end_byte))
    ranges = [part for part in ranges if part.start_byte < part.end_byte]
    if not ranges:
        return
    root = source.parse(tree_sitter_markdown.inline_language(), ranges)
    for node in walk(root, lambda node: node.type not in _OPAQUE):
        if node.type in _OPAQUE:
            canvas.hide(*source.span(node), OPAQUE)
        elif node.type in _BLANK:
            canvas.hide(*source.span(node))
        elif node.type in _LINKS:
            for child in node.children:
                if not child.is_named:
                    canvas.hide(*source.span(child))
