"""What the maskers draw on: a blank page of a text's length, on which prose is let through."""

from __future__ import annotations

# Stands for something inside a sentence that is no word of it (code, a formula): the language model
# sees one unknown word.
OPAQUE = "\ufffc"
# Ends the sentence where one block ends and another begins.
BREAK = "."


class Canvas:
    """``text`` all blank (newlines kept) until :meth:`show` lets a part through.

    >>> canvas = Canvas("a <b>c</b>")
    >>> canvas.show(0, 2); canvas.show(5, 6)
    >>> canvas.text()
    'a    c    '
    """

    def __init__(self, text: str) -> None:
        self._source = text
        self._drawn = [char if char in "\r\n" else " " for char in text]

    def show(self, start: int, end: int) -> None:
        """Let the characters from ``start`` to ``end`` (code points) through."""
        self._drawn[start:end] = self._source[start:end]

    def hide(self, start: int, end: int, mark: str = "") -> None:
        """Blank them again; ``mark`` (one character or none) takes the place of the first."""
        self._drawn[start:end] = [
            char if char in "\r\n" else " " for char in self._source[start:end]
        ]
        if mark and start < end and self._drawn[start] == " ":
            self._drawn[start] = mark

    def text(self) -> str:
        """The masked text."""
        return "".join(self._drawn)
