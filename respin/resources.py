"""Where the data files are: inside the installed package, or beside it in a source checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_HERE = Path(__file__).parent
MODEL_NAME, MAP_NAME = "language_model.bin", "phrase_map.tsv"


def data_file(name: str) -> Path:
    """Path of one of respin's own data files."""
    inside = _HERE / "data" / name
    return inside if inside.exists() else _HERE.parent / "data" / name


def cache_folder() -> Path | None:
    """Folder for things that can be made again (``RESPIN_CACHE_DIR``, else the user's cache
    folder); None where ``RESPIN_CACHE_DIR`` is set to nothing."""
    chosen = os.environ.get("RESPIN_CACHE_DIR")
    if chosen is not None:
        return Path(chosen) if chosen else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base) / "respin" if base and not base.startswith("~") else None
