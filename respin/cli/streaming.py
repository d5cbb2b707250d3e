"""``respin restore`` of plain text that is too large to be held: read, restored and written in pieces.

The pieces are those that :meth:`respin.Restorer.restore` would make of the whole, so the outcome is
the same. What needs the whole text is not there: diffs, reports, ignore comments, baselines.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from respin import formats
from respin.cli import files
from respin.cli.run import Run
from respin.errors import InputError
from respin.long_texts import split_stream

_CHUNK = 1 << 20  # bytes read at a time
_DIRECTIVE = "respin: ignore"


class _NothingToDoError(Exception):
    """The file is fine as it is."""


def is_for_streaming(name: str, kind: str | None) -> bool:
    """Whether a file is plain text, larger than what is read as a whole."""
    if name == files.STDIN or (kind or formats.kind_of(name) or formats.PLAIN) != formats.PLAIN:
        return False
    try:
        return os.path.isfile(name) and os.path.getsize(name) > files.MAX_BYTES
    except OSError:
        return False


def restore_large(run: Run, name: str, *, write: bool) -> int:
    """Restore one large file, to standard output or in its place; the number of edits."""
    if run.select.names or run.ignore.names or run.baseline or run.per_file:
        raise InputError(
            f"{name}: larger than {files.MAX_BYTES >> 20} MB, where select, ignore and baseline do "
            "not work. Leave them out, or split the file"
        )
    edits = 0

    def restored() -> Iterator[bytes]:
        nonlocal edits
        bom, encoding, chunks = _decoded(name, run.settings.values.get("encoding", "utf-8"))
        yield bom
        jobs = int(run.settings.values.get("jobs") or 1)
        for result in run.restorer.restore_many(split_stream(chunks), workers=jobs):
            edits += len(result.edits)
            source = files.Source(name, "", b"", encoding)
            yield source.encoded(result.text)

    if write:
        before = _state(name)
        parts = restored()

        def checked() -> Iterator[bytes]:
            yield from parts
            if _state(name) != before:
                raise InputError(f"{name}: changed while it was read. Run respin again")
            if not edits:
                raise _NothingToDoError

        with suppress(_NothingToDoError):
            files.replace_file(Path(os.path.realpath(name)), checked())
    else:
        sys.stdout.flush()
        for part in restored():
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    return edits


def _state(name: str) -> tuple[int, int]:
    status = os.stat(name)
    return status.st_size, status.st_mtime_ns


def _decoded(name: str, encoding: str) -> tuple[bytes, str, Iterator[str]]:
    """Byte-order mark, encoding and text of a file, in chunks."""
    try:
        file = open(name, "rb")  # noqa: SIM115
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror})") from None
    with file:
        bom, encoding = files.encoding_of(file.read(8192), encoding, name)
    return bom, encoding, _chunks(name, len(bom), encoding)


def _chunks(name: str, skipped: int, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, tail = 1, ""
    with open(name, "rb") as file:
        file.seek(skipped)
        while data := file.read(_CHUNK):
            try:
                text = decoder.decode(data, final=len(data) < _CHUNK)
            except UnicodeDecodeError as error:
                line += error.object.count(b"\n", 0, error.start)
                byte = error.object[error.start]
                raise files.wrong_encoding(name, line, encoding, byte) from None
            if _DIRECTIVE in tail + text:
                raise InputError(
                    f"{name}: larger than {files.MAX_BYTES >> 20} MB, where {_DIRECTIVE!r} comments "
                    "do not work. Split the file"
                )
            tail = text[-len(_DIRECTIVE) :]
            line += text.count("\n")
            yield text
