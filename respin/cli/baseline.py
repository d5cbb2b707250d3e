"""The baseline: findings that are known and not to be told again, so that a large repository can
start clean. A JSON file: ``{"version": 1, "findings": {path: {"spun -> original": count}}}``, paths
relative to the file's folder."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from respin.cli.files import replace_file
from respin.errors import InputError
from respin.rendering import Edit

_VERSION = 1
_MAX_BYTES = 64 << 20


def key_of(edit: Edit) -> str:
    """What a finding is known by: it may move about in the file."""
    return f"{' '.join(edit.spun.lower().split())} -> {edit.original.lower()}"


class Baseline:
    """Known findings by file."""

    def __init__(self, path: str) -> None:
        self._folder = Path(path).resolve().parent
        self._path = path
        self.findings: dict[str, Counter[str]] = {}

    @classmethod
    def read(cls, path: str) -> Baseline:
        """Raises :class:`respin.errors.InputError` for what is no baseline."""
        baseline = cls(path)
        remedy = "Write it anew with --write-baseline"
        try:
            if os.path.getsize(path) > _MAX_BYTES:
                raise InputError(f"{path}: too large for a baseline. {remedy}")
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            if data["version"] != _VERSION:
                raise InputError(f"{path}: a baseline of another version. {remedy}")
            for name, findings in data["findings"].items():
                baseline.findings[name] = Counter(
                    {str(key): int(count) for key, count in findings.items()}
                )
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}). {remedy}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputError(f"{path}: is not a baseline. {remedy}") from None
        return baseline

    def _name(self, path: str) -> str:
        return os.path.relpath(os.path.realpath(path), self._folder).replace(os.sep, "/")

    def unknown(self, path: str, edits: Iterable[Edit]) -> list[Edit]:
        """The edits of a file that are not known."""
        left = Counter(self.findings.get(self._name(path), {}))
        new = []
        for edit in edits:
            key = key_of(edit)
            if left[key] > 0:
                left[key] -= 1
            else:
                new.append(edit)
        return new

    def add(self, path: str, edits: Iterable[Edit]) -> None:
        """Make the findings of a file known."""
        counts = Counter(map(key_of, edits))
        if counts:
            self.findings[self._name(path)] = counts

    def write(self) -> None:
        """Write the file, sorted, atomically."""
        data = {
            "version": _VERSION,
            "findings": {
                name: dict(sorted(found.items())) for name, found in sorted(self.findings.items())
            },
        }
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        replace_file(Path(self._path), text.encode("utf-8"))
