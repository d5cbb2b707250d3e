"""What the maskers that parse with tree-sitter share: nodes in code points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from tree_sitter import Language, Node, Parser, Range


class Source:
    """A text, its UTF-8 bytes for the parser, and the way back from byte offsets to code points."""

    def __init__(self, text: str) -> None:
        # A lone surrogate cannot be encoded; it is one character that no grammar cares about.
        self.text = text
        self.data = text.encode("utf-8", "replace") if text.isascii() else _encode(text)
        if len(self.data) == len(text):
            self._starts = None
        else:
            first = (np.frombuffer(self.data, np.uint8) & 0xC0) != 0x80
            self._starts = np.flatnonzero(first)

    def place(self, offset: int) -> int:
        """Code point at a byte offset."""
        if self._starts is None:
            return offset
        return int(np.searchsorted(self._starts, offset))

    def span(self, node: Node) -> tuple[int, int]:
        """Start and end of a node in code points."""
        return self.place(node.start_byte), self.place(node.end_byte)

    def parse(self, grammar: Any, ranges: list[Range] | None = None) -> Node:
        """Root of the tree; ``ranges``: only these parts of the text."""
        parser = Parser(Language(grammar))
        if ranges is not None:
            parser.included_ranges = ranges
        return parser.parse(self.data).root_node


def _encode(text: str) -> bytes:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text).encode()


def walk(node: Node, into: Callable[[Node], bool]) -> Iterator[Node]:
    """All nodes in document order; ``into`` says whether a node's children are visited. With a stack,
    not by recursion: trees of hostile input are deep."""
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        if into(here):
            stack.extend(reversed(here.children))
