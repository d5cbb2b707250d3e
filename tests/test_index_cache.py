"""The compiled phrase map: shipped, cached, or made anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from respin import Restorer, index_cache, resources
from respin.phrase_map import Row, write
from respin.resources import MAP_NAME, MODEL_NAME, data_file


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("RESPIN_CACHE_DIR", str(folder))
    return folder


def test_the_shipped_index_is_that_of_the_shipped_map(restorer: Restorer) -> None:
    """Forgotten after a change of the map or the model? ``python -m tools.ship_index``."""
    maps, model_path = [data_file(MAP_NAME)], data_file(MODEL_NAME)
    data = index_cache.shipped(maps, model_path)
    assert data is not None
    shipped = index_cache.PhraseIndex.parse(data, maps[0])
    fresh = index_cache.compiled(maps, restorer.model)
    assert shipped.families == fresh.families
    assert shipped.conditions == fresh.conditions
    assert shipped.arrays.keys() == fresh.arrays.keys()
    for name, array in fresh.arrays.items():
        np.testing.assert_array_equal(shipped.arrays[name], array, err_msg=name)


def test_the_shipped_index_is_put_into_the_cache(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_cache, "compiled", _never)
    assert Restorer().index.families
    assert len(list(cache.glob("*.idx"))) == 1
    monkeypatch.setattr(index_cache, "shipped", _never)
    assert Restorer().index.families  # now from the cache


def test_no_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPIN_CACHE_DIR", "")
    monkeypatch.setattr(index_cache, "compiled", _never)
    assert resources.cache_folder() is None
    assert Restorer().index.families


@pytest.mark.parametrize("content", [b"", b"rubbish", b"%s\nrubbish", b"0" * 32 + b"\n" + b"x"])
def test_a_damaged_shipped_index_is_passed_over(
    content: bytes, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps, model_path = [data_file(MAP_NAME)], data_file(MODEL_NAME)
    broken = tmp_path / "phrase_map.idx.z"
    broken.write_bytes(content.replace(b"%s", index_cache.digest(maps[0], model_path).encode()))
    monkeypatch.setattr(
        index_cache, "data_file",
        lambda name: broken if name == index_cache.SHIPPED_NAME else data_file(name),
    )  # fmt: skip
    assert index_cache.shipped(maps, model_path) is None


def test_a_map_of_ones_own_is_compiled_and_kept(cache: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    write(path, [Row("officer", "official", "odd", "n", 0.9, "known")])
    assert Restorer(path).index.families == ("odd",)
    (kept,) = cache.glob("*.idx")
    kept.write_bytes(b"damaged")
    assert Restorer(path).index.families == ("odd",)
    assert kept.read_bytes() != b"damaged"


def test_the_cache_keeps_the_newest_only(cache: Path, tmp_path: Path) -> None:
    for number in range(index_cache.KEPT + 2):
        path = tmp_path / f"map_{number}.tsv"
        write(path, [Row("officer", "official", f"odd{number}", "n", 0.9, "known")])
        assert Restorer(path).index.families == (f"odd{number}",)
    assert len(list(cache.glob("*.idx"))) == index_cache.KEPT


def _never(*arguments: object) -> None:
    raise AssertionError("this was not to be called")
