"""What respin says when something that it was given cannot be used."""

from __future__ import annotations

from pathlib import Path


class RespinError(Exception):
    """Base of all errors that respin raises on purpose; the message is meant for the user."""


class DataFileError(RespinError):
    """A data file (model, phrase map, index) that cannot be read; names file, place and remedy."""

    def __init__(
        self,
        path: str | Path,
        problem: str,
        remedy: str,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        place = "".join(f":{part}" for part in (line, column) if part is not None)
        super().__init__(f"{path}{place}: {problem}. {remedy}")
        self.path, self.problem, self.remedy = str(path), problem, remedy
        self.line, self.column = line, column


class InputError(RespinError):
    """A text that cannot be read: not there, not text, wrong encoding."""
