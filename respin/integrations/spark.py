"""Apache Spark, for more than one machine. Needs the package pyspark (``pip install 'respin[spark]'``) and
Java. Every executor process loads respin's files once.

    spark-submit --py-files ... --master yarn job.py      # see docs/batch.md
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from respin.batch import job
from respin.batch.job import Options
from respin.batch.summary import Summary
from respin.errors import InputError
from respin.integrations.columns import Annotate

# Spark type of each column that is added, in their order.
_TYPES = {
    "respin_text": "string", "respin_edits": "int", "respin_probability": "double",
    "respin_family": "string", "respin_error": "string",
}  # fmt: skip
_loaded: dict[str, Annotate] = {}  # one for each process and set of options


def _annotate(action: str, text: str, options: dict[str, Any]) -> Annotate:
    key = repr((action, text, sorted(options.items())))
    if key not in _loaded:
        _loaded[key] = Annotate(action, text, **options)
    return _loaded[key]


def _names(action: str) -> list[str]:
    return [
        name
        for name in _TYPES
        if action == "restore" or name not in ("respin_text", "respin_edits")
    ]


def annotate(frame: Any, text: str = "text", action: str = "detect", **options: Any) -> Any:
    """The data frame with respin's columns, in one pass over Arrow batches (``mapInArrow``).

    ``options`` are those of :class:`respin.Restorer`. Rows keep their order within a partition.

    >>> annotate(spark.read.parquet("corpus"), action="restore").write.parquet("out")  # doctest: +SKIP
    """
    from pyspark.sql.types import StructType, _parse_datatype_string

    names = _names(action)
    added = _parse_datatype_string(", ".join(f"{name} {_TYPES[name]}" for name in names))
    schema = StructType([*frame.schema.fields, *added.fields])  # type: ignore[attr-defined]

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        add = _annotate(action, text, options)
        kinds = {"string": pyarrow.string(), "int": pyarrow.int32(), "double": pyarrow.float64()}
        for batch in batches:
            new = add.columns(batch.column(text).to_pylist())
            arrays = [pyarrow.array(new[name], kinds[_TYPES[name]]) for name in names]
            yield pyarrow.RecordBatch.from_arrays(
                [*batch.columns, *arrays], names=[*batch.schema.names, *names]
            )

    return frame.mapInArrow(work, schema)


def _column(action: str, options: dict[str, Any]) -> Any:
    from pyspark.sql.functions import pandas_udf  # type: ignore[attr-defined]

    names = _names(action)

    def work(series: Iterator[Any]) -> Iterator[Any]:
        import pandas

        add = _annotate(action, "text", options)
        for texts in series:
            yield pandas.DataFrame(add.columns(list(texts)))[names]

    work.__annotations__ = _hints()
    return pandas_udf(work, ", ".join(f"{name} {_TYPES[name]}" for name in names))


def _hints() -> dict[str, Any]:
    import pandas

    return {"series": Iterator[pandas.Series], "return": Iterator[pandas.DataFrame]}


def detect_column(**options: Any) -> Any:
    """An iterator pandas UDF: a text column to a struct of probability, family and error.

    >>> frame.withColumn("respin", detect_column()("text"))  # doctest: +SKIP
    """
    return _column("detect", options)


def restore_column(**options: Any) -> Any:
    """The same with the restored text and the number of edits."""
    return _column("restore", options)


def session(master: str | None) -> Any:
    """The running session, or a new one on ``master``. Raises InputError where Spark cannot start."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError("--engine spark needs pyspark. pip install 'respin[spark]'") from None
    builder = SparkSession.builder.appName("respin")
    if master:
        builder = builder.master(master)
    if master and master.startswith("local"):
        # On this machine the workers are to run the Python that we run in, not the first on the path.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise InputError(
            f"Spark did not start ({type(error).__name__}). Is Java installed?"
        ) from None


def shards(
    todo: list[tuple[Path, Path]], options: Options, master: str | None
) -> Iterator[tuple[Summary, list[dict[str, Any]]]]:
    """The files of a batch job as tasks of Spark, one each, on a file system that all executors see;
    the output is that of the single machine, byte for byte."""
    if not todo:
        return
    context = session(master).sparkContext
    wave = 4 * int(context.defaultParallelism)  # so many files between two entries in the manifest
    for start in range(0, len(todo), wave):
        alone = [
            (str(path.resolve()), str(path), str(name.resolve()))
            for path, name in todo[start : start + wave]
        ]
        tasks = context.parallelize(alone, len(alone))
        yield from tasks.map(
            lambda task: job.one_shard(task[0], task[1], task[2], options)
        ).collect()
