"""Settings: from the command line, ``respin.toml`` or ``[tool.respin]`` of ``pyproject.toml``.

The nearest of these files counts, from the working folder upwards to the root of the repository.
A key that nobody knows is an error, not a comment.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from respin.errors import InputError
from respin.formats import KINDS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_TEXTS = "a list of texts"
# Key -> (what its value must be, what it is for).
KEYS: dict[str, tuple[str, str]] = {
    "family": ("a text", "treat every text as spun by this family"),
    "intensity": ("a number", "share of the table's words that were replaced, 0 to 1"),
    "min-confidence": ("a number", "leave out less certain edits, 0 to 1"),
    "map": (_TEXTS, "further phrase maps"),
    "model": ("a text", "another language model"),
    "type": ("a text", f"kind of text: {', '.join(KINDS)}"),
    "encoding": ("a text", "encoding of files without a byte-order mark (default utf-8)"),
    "exclude": (_TEXTS, "patterns (as in .gitignore) of files to pass over"),
    "extend-exclude": (_TEXTS, "more of them"),
    "select": (_TEXTS, "phrases or families: only these"),
    "ignore": (_TEXTS, "phrases or families: not these"),
    "per-file-ignores": ("a table of lists", "pattern of files = what to ignore in them"),
    "baseline": ("a text", "file of findings that are known"),
    "jobs": ("a number", "processes"),
}
DEFAULT_EXCLUDE = [
    ".git",
    ".hg",
    ".svn",
    ".venv",
    "venv",
    "node_modules",
    "__pycache__",
    "build",
    "dist",
]
_NAMES = ("respin.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective ``values`` by key, and where each came ``origin``-ally from; ``folder``: what
    patterns and paths are relative to."""

    values: dict[str, Any]
    origin: dict[str, str]
    folder: Path = field(default_factory=Path.cwd)

    def texts(self, key: str) -> list[str]:
        """The value of a key that holds a list."""
        return list(self.values.get(key) or [])

    def paths(self, key: str) -> list[str]:
        """The same for paths: those of a settings file are relative to its folder."""
        if self.origin.get(key) == "command line":
            return self.texts(key)
        return [str(self.folder / name) for name in self.texts(key)]


def find(start: Path) -> Path | None:
    """The settings file that counts for a folder."""
    for folder in (start, *start.parents):
        for name in _NAMES:
            path = folder / name
            if path.is_file() and (name == "respin.toml" or _table(path) is not None):
                return path
        if (folder / ".git").exists():
            return None
    return None


def _table(path: Path) -> dict[str, Any] | None:
    shown = os.path.relpath(path)
    try:
        with open(path, "rb") as file:
            data = tomllib.load(file)
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{shown}: is not valid TOML: {error}") from None
    if path.name == "respin.toml":
        return data
    table = data.get("tool", {}).get("respin")
    return table if isinstance(table, dict) else None


def _checked(shown: str, table: dict[str, Any]) -> dict[str, Any]:
    for key, value in table.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"It may have {', '.join(KEYS)}"
            raise InputError(f"{shown}: unknown key {key!r}. {hint}")
        wanted = KEYS[key][0]
        if not _fits(value, wanted):
            raise InputError(f"{shown}: {key} must be {wanted}, not {value!r}")
    return table


def _fits(value: Any, wanted: str) -> bool:
    if wanted == "a text":
        return isinstance(value, str)
    if wanted == "a number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if wanted == _TEXTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, dict) and all(_fits(item, _TEXTS) for item in value.values())


def settings(options: argparse.Namespace) -> Settings:
    """The settings of a run: the command line wins over the file. Raises
    :class:`respin.errors.InputError` for a file that cannot be used."""
    values: dict[str, Any] = {"exclude": DEFAULT_EXCLUDE}
    origin = {"exclude": "default"}
    folder = Path.cwd()
    path = Path(options.config) if getattr(options, "config", None) else None
    if path is None and not getattr(options, "isolated", False):
        path = find(folder)
    if path is not None:
        table = _table(path)
        if table is None:
            raise InputError(f"{path}: has no [tool.respin] table")
        folder = path.resolve().parent
        for key, value in _checked(os.path.relpath(path), table).items():
            values[key], origin[key] = value, os.path.relpath(path)
    for key in KEYS:
        value = getattr(options, key.replace("-", "_"), None)
        if value is not None and value != []:
            values[key], origin[key] = value, "command line"
    if values.get("type") not in (None, *KINDS):
        raise InputError(f"no type {values['type']!r}; there are {', '.join(KINDS)}")
    return Settings(values, origin, folder)
