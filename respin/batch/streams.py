"""Compressed streams: what the name ends in, a reader that bounds what it gives out, and a writer
whose file appears all at once."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from respin.errors import InputError

COMPRESSIONS = (".gz", ".bz2", ".xz", ".zst")
# A compressed file that grows by more than this is taken for a bomb. English text shrinks to a third
# or a fifth; a corpus of one repeated line to a hundredth.
_MOST_GROWTH = 2000
_ALLOWANCE = 64 << 20  # bytes that any file may give
_CHUNK = 1 << 20
# Level 9 costs 10 % of the time of a whole restoring run, for 1 % of the size.
_GZIP_LEVEL = 5
Broken = (EOFError, OSError, lzma.LZMAError, zlib.error, ValueError)


def split_name(path: str | Path) -> tuple[str, str]:
    """(format ending, compression ending) of a file name: "a.jsonl.gz" gives (".jsonl", ".gz")."""
    name = Path(path).name.lower()
    compression = next((ending for ending in COMPRESSIONS if name.endswith(ending)), "")
    return Path(name.removesuffix(compression)).suffix, compression


def _zstd() -> Any:
    try:
        import zstandard
    except ImportError:
        raise InputError(
            "zst files need the package zstandard. pip install 'respin[batch]'"
        ) from None
    return zstandard


class _Bounded(io.RawIOBase):
    """A decompressed stream that refuses to grow without bounds."""

    def __init__(self, inner: IO[bytes], limit: float) -> None:
        self._inner, self._left = inner, limit
        # What is there before a file breaks off is given out before the error is raised.
        self._read: Callable[[int], bytes] = getattr(inner, "read1", inner.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read(min(len(buffer), _CHUNK))
        self._left -= len(data)
        if self._left < 0:
            raise InputError("grows more than a text can when decompressed; it is not read further")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def open_read(path: Path) -> IO[bytes]:
    """Decompressed bytes of a file. A broken stream raises one of :data:`Broken` when it is read."""
    _, compression = split_name(path)
    if not compression:
        return open(path, "rb")
    limit = _ALLOWANCE + _MOST_GROWTH * os.path.getsize(path)
    inner: Any
    if compression == ".gz":
        inner = gzip.GzipFile(path, "rb")
    elif compression == ".bz2":
        inner = bz2.BZ2File(path, "rb")
    elif compression == ".xz":
        inner = lzma.LZMAFile(path, "rb")  # noqa: SIM115
    else:
        inner = (
            _zstd()
            .ZstdDecompressor()
            .stream_reader(path.open("rb"), closefd=True, read_across_frames=True)
        )
    return io.BufferedReader(_Bounded(inner, limit), _CHUNK)


@contextmanager
def open_write(path: Path) -> Iterator[IO[bytes]]:
    """A compressed file (as its name says) that takes its place when all of it is written. The same
    content gives the same bytes: no time stamps."""
    _, compression = split_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as raw:
            stream = _compressor(raw, compression)
            try:
                yield stream
            finally:
                if stream is not raw:
                    stream.close()
            raw.flush()
            os.fsync(raw.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def _compressor(raw: IO[bytes], compression: str) -> IO[bytes]:
    if compression == ".gz":
        return cast("IO[bytes]", gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0))
    if compression == ".bz2":
        return cast("IO[bytes]", bz2.BZ2File(raw, "wb"))
    if compression == ".xz":
        return cast("IO[bytes]", lzma.LZMAFile(raw, "wb"))
    if compression == ".zst":
        return cast("IO[bytes]", _zstd().ZstdCompressor().stream_writer(raw, closefd=False))
    return raw
