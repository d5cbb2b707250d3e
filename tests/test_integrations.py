"""respin inside other tools; each is tested where its package is installed."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from respin.batch import run
from respin.integrations import Annotate

SPUN = (
    "The central financial institution left its charges unchanged, officers mentioned on Thursday. "
    "Strain on the provide chain has eased, however vitality costs stay excessive, and buyers are "
    "underneath stress. The corporate mentioned it might scale back its funding within the area, whereas "
    "analysts anticipated increased costs for shoppers this yr."
)
CLEAN = (
    "The parish council met on Tuesday evening at the village hall, with eleven members present."
)


def test_batches_of_lists_and_arrays() -> None:
    found = Annotate("restore")({"text": [SPUN, CLEAN, None], "n": [1, 2, 3]})
    assert found["n"] == [1, 2, 3]
    assert "supply chain" in found["respin_text"][0]
    assert found["respin_text"][1] == CLEAN
    assert found["respin_family"][0] == "news"
    assert found["respin_error"] == ["", "", ""]
    arrays = Annotate()({"text": np.array([SPUN, CLEAN], object)})
    assert isinstance(arrays["respin_probability"], np.ndarray)
    assert arrays["respin_probability"][0] > 0.9 > 0.1 > arrays["respin_probability"][1]
    with pytest.raises(ValueError, match="no action"):
        Annotate("spin")


def test_the_pickle_is_stable_and_small() -> None:
    add = Annotate("restore", family="news", min_confidence=0.5)
    before = pickle.dumps(add)
    add({"text": [SPUN]})
    assert pickle.dumps(add) == before
    assert len(before) < 500
    other = Annotate("restore", min_confidence=0.5, family="news")
    assert pickle.dumps(other) == before
    assert pickle.loads(before)({"text": [SPUN]})["respin_family"] == ["news"]


def test_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    frame = Annotate()(pandas.DataFrame({"text": [SPUN, CLEAN]}))
    assert list(frame["respin_family"]) == ["news", ""]


def test_hugging_face_datasets() -> None:
    datasets = pytest.importorskip("datasets")
    data = datasets.Dataset.from_dict({"text": [SPUN, CLEAN]})
    found = data.map(Annotate("restore"), batched=True)
    assert "supply chain" in found[0]["respin_text"]
    assert found.map(Annotate(), batched=True).column_names[:2] == ["text", "respin_text"]


def test_dask() -> None:
    frames = pytest.importorskip("dask.dataframe")
    pandas = pytest.importorskip("pandas")
    add = Annotate()
    frame = frames.from_pandas(pandas.DataFrame({"text": [SPUN, CLEAN] * 2}), npartitions=2)
    found = frame.map_partitions(add, meta=add(pandas.DataFrame({"text": ["x"]}))).compute(
        scheduler="sync"
    )
    assert list(found["respin_family"]) == ["news", "", "news", ""]


def test_ray() -> None:
    data = pytest.importorskip("ray.data")
    import ray

    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, ignore_reinit_error=True)
    try:
        rows = data.from_items([{"text": SPUN}, {"text": CLEAN}])
        found = rows.map_batches(Annotate(), batch_format="numpy").take_all()
        assert sorted(row["respin_family"] for row in found) == ["", "news"]
    finally:
        ray.shutdown()


def test_datatrove() -> None:
    pytest.importorskip("datatrove")
    from datatrove.data import Document

    from respin.integrations.datatrove import RestoreFormatter, SpunFilter

    documents = [Document(text=SPUN, id="a"), Document(text=CLEAN, id="b")]
    kept = list(SpunFilter().run(iter(documents), 0, 1))
    assert [document.id for document in kept] == ["b"]
    restored = list(RestoreFormatter().run(iter([Document(text=SPUN, id="a")]), 0, 1))
    assert "supply chain" in restored[0].text


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    pytest.importorskip("pyspark")
    if not shutil.which("java"):
        pytest.skip("no Java on this machine")
    from respin.integrations.spark import session

    running = session("local[2]")
    running.sparkContext.setLogLevel("ERROR")
    yield running
    running.stop()


def test_spark_columns(spark: Any) -> None:
    from respin.integrations.spark import annotate, detect_column, restore_column

    texts = [SPUN, CLEAN] * 5
    frame = spark.createDataFrame(
        [(number, text) for number, text in enumerate(texts)], "n int, text string"
    )
    rows = sorted(annotate(frame, action="restore").collect(), key=lambda row: row["n"])
    alone = Annotate("restore").columns(list(texts))
    for row in rows:
        for name, values in alone.items():
            assert row[name] == values[row["n"]]
    columns = frame.withColumn("r", restore_column()("text")).withColumn(
        "d", detect_column()("text")
    )
    for row in columns.collect():
        assert row["r"]["respin_text"] == alone["respin_text"][row["n"]]
        assert row["d"]["respin_family"] == alone["respin_family"][row["n"]]


def test_spark_batch_is_the_single_machine_batch(spark: Any, tmp_path: Path) -> None:
    for part in range(3):
        lines = [json.dumps({"text": SPUN if n % 2 else CLEAN, "n": n}) for n in range(6)]
        (tmp_path / f"{part}.jsonl").write_text("\n".join([*lines, "{broken"]) + "\n")
    names = [str(tmp_path / "*.jsonl")]
    one = run(names, tmp_path / "one")
    two = run(names, tmp_path / "two", engine="spark")
    assert (one.documents, one.rejects) == (two.documents, two.rejects) == (18, 3)
    for name in ("0.jsonl", "1.jsonl", "2.jsonl", "respin-rejects.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
