"""Reading and writing the user's files: nothing is guessed, nothing is lost."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from respin.errors import InputError

STDIN = "-"
# Larger inputs are refused: decoding takes about 2 kB of memory a token. Batch jobs split them.
MAX_BYTES = 50 << 20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was read, and what is needed to write it back byte for byte."""

    name: str
    text: str
    data: bytes

    @property
    def bom(self) -> bytes:
        return _BOM if self.data.startswith(_BOM) else b""


def read(name: str) -> Source:
    """Read a file, or standard input for ``-``. Raises :class:`InputError` with a remedy."""
    shown = "<stdin>" if name == STDIN else name
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            if os.path.isdir(name):
                raise InputError(f"{name}: is a folder. Name its files, e.g. {name}/*.txt")
            with open(name, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror})") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{shown}: larger than {MAX_BYTES >> 20} MB. Split it into documents")
    if not data.strip():
        raise InputError(f"{shown}: is empty. There is nothing to examine")
    if b"\0" in data[:8192]:
        kind = "UTF-16 text" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "a binary file"
        raise InputError(f"{shown}: looks like {kind}. respin reads UTF-8 text")
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{shown}:{line}: not UTF-8 (byte 0x{data[error.start]:02x}). "
            f"Convert it, e.g. iconv -f latin1 -t utf-8"
        ) from None
    return Source(shown, text, data)


def write(name: str, source: Source, text: str) -> None:
    """Put ``text`` in the place of the file that was read, atomically, mode kept. A symbolic link
    stays one: the file it points to is replaced. A file that changed meanwhile is left alone."""
    path = Path(os.path.realpath(name))
    try:
        if path.read_bytes() != source.data:
            raise InputError(f"{name}: changed while it was read. Run respin again")
        mode = stat.S_IMODE(path.stat().st_mode)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(source.bom + text.encode("utf-8"))
            os.chmod(temporary, mode)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"{name}: cannot be written ({error.strerror})") from None


def write_output(text: str, bom: bytes = b"") -> None:
    """Text to standard output as it is: UTF-8, newlines untouched."""
    sys.stdout.flush()
    sys.stdout.buffer.write(bom + text.encode("utf-8"))
    sys.stdout.buffer.flush()
