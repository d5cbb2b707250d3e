"""Reading and writing the user's files: nothing is guessed, nothing is lost."""

from __future__ import annotations

import codecs
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from respin.errors import InputError

STDIN = "-"
# Larger inputs are refused: decoding takes about 2 kB of memory a token. Batch jobs split them.
MAX_BYTES = 50 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was read, and what is needed to write it back byte for byte: the ``data``, their
    ``encoding`` and byte-order mark."""

    name: str
    text: str
    data: bytes
    encoding: str = "utf-8"
    bom: bytes = b""

    def encoded(self, text: str) -> bytes:
        """``text`` as the file would hold it."""
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"{self.name}: the restored text has {text[error.start]!r}, which {self.encoding} "
                "cannot hold. Convert the file to UTF-8"
            ) from None


def read(name: str, encoding: str = "utf-8", shown: str | None = None) -> Source:
    """Read a file, or standard input for ``-``. A byte-order mark tells UTF-8 and UTF-16; without one
    ``encoding`` counts. Raises :class:`InputError` with a remedy."""
    shown = shown or ("<stdin>" if name == STDIN else name)
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise InputError(f"no encoding {encoding!r}. Try utf-8 or latin-1") from None
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            if not os.path.isfile(name) and os.path.exists(name):
                raise InputError(f"{shown}: is not a file")
            with open(name, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror})") from None
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{shown}: larger than {MAX_BYTES >> 20} MB. `respin restore` takes such a file if it is "
            "plain text; for a corpus of documents use `respin batch`"
        )
    if not data.strip():
        raise InputError(f"{shown}: is empty. There is nothing to examine")
    bom, encoding = encoding_of(data, encoding, shown)
    try:
        text = data.removeprefix(bom).decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise wrong_encoding(shown, line, encoding, data[error.start]) from None
    return Source(shown, text, data, encoding, bom)


def encoding_of(data: bytes, encoding: str, shown: str) -> tuple[bytes, str]:
    """Byte-order mark, if there is one, and encoding of a file that begins with ``data``."""
    bom = b""
    for mark, name_of in _MARKS:
        if data.startswith(mark):
            bom, encoding = mark, name_of
            break
    if b"\0" in data[:8192] and not encoding.startswith("utf-16"):
        raise InputError(f"{shown}: looks like a binary file. respin reads text")
    return bom, encoding


def wrong_encoding(shown: str, line: int, encoding: str, byte: int) -> InputError:
    """The error for bytes that are none of this encoding's."""
    return InputError(
        f"{shown}:{line}: not {encoding.upper()} (byte 0x{byte:02x}). "
        f"Name its encoding, e.g. --encoding latin-1"
    )


def write(name: str, source: Source, text: str) -> None:
    """Put ``text`` in the place of the file that was read, atomically, mode kept. A symbolic link
    stays one: the file it points to is replaced. A file that changed meanwhile is left alone."""
    path = Path(os.path.realpath(name))
    data = source.encoded(text)
    try:
        if path.read_bytes() != source.data:
            raise InputError(f"{name}: changed while it was read. Run respin again")
    except OSError as error:
        raise InputError(f"{name}: cannot be written ({error.strerror})") from None
    replace_file(path, data)


def replace_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file all at once: either the old content stands there or the new. Mode and, where the
    system lets us, owner are kept."""
    parts = [data] if isinstance(data, bytes) else data
    try:
        status = path.stat() if path.exists() else None
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(parts)
            if status is not None:
                os.chmod(temporary, stat.S_IMODE(status.st_mode))
                _keep_owner(temporary, status)
            else:
                mask = os.umask(0)
                os.umask(mask)
                os.chmod(temporary, 0o666 & ~mask)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None


def _keep_owner(temporary: str, status: os.stat_result) -> None:
    if not hasattr(os, "chown"):
        return
    own = os.stat(temporary)
    if (own.st_uid, own.st_gid) == (status.st_uid, status.st_gid):
        return
    try:
        os.chown(temporary, status.st_uid, status.st_gid)
    except PermissionError:
        raise InputError(
            "belongs to another user, and would not if it were replaced. Write to a copy"
        ) from None


def write_output(text: str, source: Source | None = None) -> None:
    """Text to standard output as it is: in the encoding it came in, newlines untouched."""
    sys.stdout.flush()
    sys.stdout.buffer.write(source.encoded(text) if source else text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
