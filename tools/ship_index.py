"""Writes data/phrase_map.idx.z, the compiled phrase map that respin ships (respin/index_cache.py).

    python -m tools.ship_index

To be run after every change of the phrase map or the language model; a test tells when it was forgotten.
"""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path

from respin.index_cache import SHIPPED_NAME, compiled, digest
from respin.language_model import LanguageModel
from respin.resources import MAP_NAME, MODEL_NAME, data_file


def main() -> None:
    """Compile and pack."""
    map_path, model_path = data_file(MAP_NAME), data_file(MODEL_NAME)
    index = compiled([map_path], LanguageModel.load(model_path))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.idx"
        index.save(path)
        packed = zlib.compress(path.read_bytes(), 9)
    output = map_path.parent / SHIPPED_NAME
    output.write_bytes(digest(map_path, model_path).encode() + b"\n" + packed)
    print(f"{output}: {output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
