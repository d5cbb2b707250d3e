"""Where the compiled phrase map comes from: the user's cache, the package, or the compiler.

respin ships the index of its own map, so that the first start need not compile it (1.3 s, 350 MB):
``data/phrase_map.idx.z`` is a line with the digest of the map and the model that it was made of
(:func:`digest`), then the index file, compressed by zlib. ``python -m tools.ship_index`` writes it.
"""

from __future__ import annotations

import gc
import hashlib
import os
import tempfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from respin.errors import DataFileError
from respin.language_model import LanguageModel
from respin.phrase_index import VERSION, PhraseIndex
from respin.resources import MAP_NAME, data_file

SHIPPED_NAME = "phrase_map.idx.z"
# Indexes kept in the cache: one for each set of maps that somebody works with.
KEPT = 6
_HEAD = 4096  # bytes of a model file that tell it from others: its header with the checksum
_MOST = 1 << 30  # a larger index is not unpacked


def cached(
    maps: Sequence[Path], model: LanguageModel, model_path: Path, cache: Path | None
) -> PhraseIndex:
    """The index of some map files, from the cache where it lies there, else as shipped or compiled,
    and then put there.

    The cache's key is the content of the maps, the size and time of the model file, and the code's
    version; a cache that cannot be read or written is passed over in silence, as it is only a cache.
    """
    place = None if cache is None else _place(maps, model_path, cache)
    if place is not None:
        with suppress(DataFileError, OSError):
            return PhraseIndex.load(place)
    data = shipped(maps, model_path)
    if data is not None:
        if place is not None and _put(place, data):
            return PhraseIndex.load(place)
        return PhraseIndex.parse(data, data_file(SHIPPED_NAME))
    index = compiled(maps, model)
    if place is not None:
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            index.save(place)
            _prune(place.parent)
    return index


def compiled(maps: Sequence[Path], model: LanguageModel) -> PhraseIndex:
    """The index, compiled; rows of later maps win over earlier ones of the same key."""
    from respin.phrase_compiler import compile_rows
    from respin.phrase_map import read

    # Hundreds of thousands of small objects are made and none is garbage: the collector's rounds
    # over them would be a sixth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        rows = {row.key: row for path in maps for row in read(path)}
        return compile_rows(list(rows.values()), model)
    finally:
        if collecting:
            gc.enable()


def digest(map_path: Path, model_path: Path) -> str:
    """What tells a map and a model from all others, for the shipped index."""
    found = hashlib.blake2b(f"{VERSION}:{model_path.stat().st_size}".encode(), digest_size=16)
    with open(model_path, "rb") as file:
        found.update(file.read(_HEAD))
    found.update(map_path.read_bytes())
    return found.hexdigest()


def shipped(maps: Sequence[Path], model_path: Path) -> bytes | None:
    """The shipped index, if it is that of these maps and this model."""
    if len(maps) != 1 or maps[0] != data_file(MAP_NAME):
        return None
    try:
        name, _, packed = data_file(SHIPPED_NAME).read_bytes().partition(b"\n")
        if name.decode("ascii", "replace") != digest(maps[0], model_path):
            return None
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(packed, _MOST)
    except (OSError, zlib.error):
        return None
    return data if unpacker.eof else None


def _put(place: Path, data: bytes) -> bool:
    """Write an index into the cache, all at once; whether that could be done."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, place)
        _prune(place.parent)
    except OSError:
        return False
    return True


def _prune(folder: Path) -> None:
    """Keep the newest indexes only."""
    with suppress(OSError):
        found = sorted(folder.glob("*.idx"), key=lambda path: path.stat().st_mtime_ns)
        for path in found[:-KEPT]:
            path.unlink()


def _place(maps: Sequence[Path], model_path: Path, cache: Path) -> Path:
    """The file of the cache for these maps, this model and this code."""
    stat = os.stat(model_path)
    key = hashlib.blake2b(f"{VERSION}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    key.update(_code_fingerprint())
    for path in maps:
        if path.exists():
            key.update(path.read_bytes())
    return cache / f"{key.hexdigest()[:32]}.idx"


def _code_fingerprint() -> bytes:
    """Size and time of the modules that shape the index, so that a changed respin compiles anew."""
    here = Path(__file__).parent
    names = (
        "phrase_compiler.py", "phrase_index.py", "inflection.py", "spelling.py", "phrase_map.py",
        "text.py", "usage.py", "word_table.py",
    )  # fmt: skip
    stats = [(here / name).stat() for name in names if (here / name).exists()]
    return repr([(stat.st_size, stat.st_mtime_ns) for stat in stats]).encode()
