"""Lines and columns of offsets."""

from __future__ import annotations

import re
from bisect import bisect_right


class Lines:
    """Line and column (from 1, in code points) of offsets into a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def of(self, offset: int) -> tuple[int, int]:
        """(line, column) of a code point."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def content(self, line: int) -> str:
        """A line without its end."""
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end].rstrip("\r\n")
