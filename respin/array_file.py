"""A file of named arrays: the container of the language model and of the compiled phrase map.

Layout (all integers little-endian)::

    8 bytes   magic, e.g. b"RESPINLM"
    4 bytes   format version (uint32)
    4 bytes   length of the header in bytes (uint32)
    header    UTF-8 JSON: {"arrays": {name: [dtype, shape, offset]}, "crc32": int, "meta": {...}}
    padding   zeros up to a multiple of 64
    arrays    raw bytes, each starting at a multiple of 64; offsets count from the first array

Reading maps the file into memory; nothing in it is ever executed.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin.errors import DataFileError

_ALIGN = 64
_PREFIX = struct.Struct("<8sII")
_MAX_HEADER = 1 << 24
_DTYPES = {"<u1", "|u1", "|i1", "<u2", "<u4", "<u8", "<i2", "<i4", "<i8", "<f4", "<f8"}

Arrays = dict[str, NDArray[Any]]


def _round_up(number: int) -> int:
    return -(-number // _ALIGN) * _ALIGN


def write(
    path: str | Path,
    magic: bytes,
    version: int,
    arrays: Mapping[str, NDArray[Any]],
    meta: Mapping[str, Any],
) -> None:
    """Write atomically: a reader sees the old file or the whole new one, never a part."""
    layout: dict[str, list[Any]] = {}
    offset, crc = 0, 0
    blocks: list[bytes] = []
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).tobytes()
        data += b"\0" * (_round_up(len(data)) - len(data))
        layout[name] = [array.dtype.str, list(array.shape), offset]
        offset += len(data)
        crc = zlib.crc32(data, crc)
        blocks.append(data)
    header = json.dumps({"arrays": layout, "crc32": crc, "meta": dict(meta)}).encode()
    start = _PREFIX.pack(magic, version, len(header)) + header
    start += b"\0" * (_round_up(len(start)) - len(start))
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(start)
            file.writelines(blocks)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def read(
    path: str | Path, magic: bytes, version: int, remedy: str, *, verify: bool = True
) -> tuple[Arrays, dict[str, Any]]:
    """Arrays (read-only, memory-mapped) and meta data of a file that :func:`write` made.

    Raises :class:`DataFileError` when the file is missing, of another kind or version, cut short,
    or damaged; ``remedy`` is the advice that goes with it. ``verify=False`` leaves out the checksum
    over the arrays (about 30 ms for 25 MB); sizes are always checked.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _PREFIX.size:
                raise DataFileError(path, "the file is too short", remedy)
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise DataFileError(path, f"cannot be read ({error.strerror})", remedy) from None
    return parse(view, path, magic, version, remedy, verify=verify)


def parse(
    view: memoryview, path: str | Path, magic: bytes, version: int, remedy: str, *,
    verify: bool = True,
) -> tuple[Arrays, dict[str, Any]]:  # fmt: skip
    """As :func:`read`, of the content of a file; ``path`` names it in errors."""
    if len(view) < _PREFIX.size:
        raise DataFileError(path, "the file is too short", remedy)
    found_magic, found_version, length = _PREFIX.unpack_from(view)
    if found_magic != magic:
        raise DataFileError(path, f"not a {magic.decode()} file", remedy)
    if found_version != version:
        raise DataFileError(
            path, f"format version {found_version}, this respin reads {version}", remedy
        )
    try:
        if length > _MAX_HEADER:
            raise ValueError("header too long")
        header = json.loads(bytes(view[_PREFIX.size : _PREFIX.size + length]))
        payload = view[_round_up(_PREFIX.size + length) :]
        arrays = {name: _array(payload, *entry) for name, entry in header["arrays"].items()}
        meta, crc = header["meta"], header["crc32"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataFileError(path, f"damaged ({error})", remedy) from None
    if verify and zlib.crc32(payload) != crc:
        raise DataFileError(path, "damaged (the checksum does not agree)", remedy)
    return arrays, meta


def _array(payload: memoryview, dtype: str, shape: list[int], offset: int) -> NDArray[Any]:
    if dtype not in _DTYPES:
        raise ValueError(f"array of type {dtype}")
    count = 1
    for extent in shape:
        count *= extent
    return np.frombuffer(payload, np.dtype(dtype), count, offset).reshape(shape)
