"""Rows of the formats that corpora come in.

A row is a dictionary; its text stands under the text column. A row that cannot be read is a
:class:`BadRow` in its place, so that nothing is lost unseen.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from respin.batch import streams
from respin.errors import InputError

Row = dict[str, Any]
LONGEST_LINE = 256 << 20  # bytes of one row
_PARQUET_ROWS = 1000


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read: its ``number`` in the file (from 1), why, and its beginning."""

    number: int
    problem: str
    data: str


Rows = Iterator["Row | BadRow"]
TEXT_ENDINGS = (".txt", ".text", ".md")
FORMATS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "tsv",
    ".parquet": "parquet", ".warc": "warc", ".wet": "warc",
} | dict.fromkeys(TEXT_ENDINGS, "text")  # fmt: skip


def format_of(path: Path) -> str | None:
    """Format of a file by its name; None: not one that we read."""
    return FORMATS.get(streams.split_name(path)[0])


def read(path: Path, form: str, column: str) -> Rows:
    """Rows of a file, one after the other, in constant memory. A file that breaks off gives what it
    has, then a :class:`BadRow`."""
    number = 0
    try:
        for number, row in enumerate(_READERS[form](path, column), 1):  # noqa: B007
            yield row
    except InputError as error:
        yield BadRow(number + 1, str(error), "")
    except streams.Broken as error:
        yield BadRow(number + 1, f"the file breaks off ({type(error).__name__}: {error})", "")


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
        yield line


def _jsonl(path: Path, column: str) -> Rows:
    with streams.open_read(path) as stream:
        for number, line in enumerate(_lines(stream), 1):
            if not line.strip():
                continue
            shown = line[:200].decode("utf-8", "replace")
            if len(line) > LONGEST_LINE:
                yield BadRow(number, f"a line of more than {LONGEST_LINE >> 20} MB", shown)
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield BadRow(number, f"not JSON in UTF-8 ({error})", shown)
                continue
            yield _checked(row, number, column, shown)


def _checked(row: Any, number: int, column: str, shown: str) -> Row | BadRow:
    if not isinstance(row, dict):
        return BadRow(number, "not a JSON object", shown)
    if not isinstance(row.get(column), str):
        return BadRow(number, f"no text under {column!r}", shown)
    return row


def _csv(path: Path, column: str, delimiter: str) -> Rows:
    csv.field_size_limit(LONGEST_LINE)
    with streams.open_read(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.DictReader(text, delimiter=delimiter, restkey="", strict=False)
        if column not in (reader.fieldnames or ()):
            raise InputError(f"no column {column!r}; it has {', '.join(reader.fieldnames or ())}")
        for number, row in enumerate(reader, 1):
            value = row.get(column)
            shown = str(value)[:200].encode("utf-8", "replace").decode()
            if "" in row or value is None:
                yield BadRow(number, "not as many cells as the header has", shown)
            elif any(isinstance(cell, str) and _broken(cell) for cell in row.values()):
                yield BadRow(number, "not UTF-8", shown)
            else:
                yield dict(row)


def _broken(cell: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in cell) if not cell.isascii() else False


def _parquet(path: Path, column: str) -> Rows:
    parquet = _pyarrow("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(path)
    except Exception as error:
        raise InputError(f"not a Parquet file ({error})") from None
    if column not in file.schema_arrow.names:
        raise InputError(f"no column {column!r}; it has {', '.join(file.schema_arrow.names)}")
    number = 0
    for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
        for row in batch.to_pylist():
            number += 1
            if isinstance(row[column], str):
                yield row
            else:
                yield BadRow(number, f"no text under {column!r}", str(row[column])[:200])


def _text(path: Path, column: str) -> Rows:
    with streams.open_read(path) as stream:
        data = stream.read(LONGEST_LINE + 1)
    if len(data) > LONGEST_LINE:
        yield BadRow(1, f"larger than {LONGEST_LINE >> 20} MB", "")
        return
    try:
        yield {"id": path.name, column: data.decode("utf-8-sig")}
    except UnicodeDecodeError as error:
        yield BadRow(1, f"not UTF-8 (byte 0x{data[error.start]:02x} at {error.start})", "")


def _warc(path: Path, column: str) -> Rows:
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise InputError(
            "WARC files need the package warcio. pip install 'respin[batch]'"
        ) from None
    with open(path, "rb") as stream:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if record.rec_type not in ("conversion", "resource"):
                continue
            address = record.rec_headers.get_header("WARC-Target-URI")
            data = record.content_stream().read(LONGEST_LINE + 1)
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                yield BadRow(number, "not UTF-8", str(address))
                continue
            yield {
                "id": record.rec_headers.get_header("WARC-Record-ID"),
                "url": address,
                column: text,
            }


def _pyarrow(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise InputError(
            "Parquet files need the package pyarrow. pip install 'respin[batch]'"
        ) from None


_READERS: dict[str, Callable[[Path, str], Rows]] = {
    "jsonl": _jsonl,
    "csv": lambda path, column: _csv(path, column, ","),
    "tsv": lambda path, column: _csv(path, column, "\t"),
    "parquet": _parquet,
    "text": _text,
    "warc": _warc,
}
WRITABLE = ("jsonl", "csv", "tsv", "parquet")


@contextmanager
def writer(path: Path, form: str) -> Iterator[Callable[[list[Row]], None]]:
    """A function that writes rows to a file, which appears when all are written."""
    if form == "parquet":
        with _parquet_writer(path) as write:
            yield write
        return
    with streams.open_write(path) as stream:
        if form == "jsonl":

            def write_lines(rows: list[Row]) -> None:
                stream.write(b"".join(map(_json_line, rows)))

            yield write_lines
        else:
            yield _csv_writer(stream, "," if form == "csv" else "\t")


def _json_line(row: Row) -> bytes:
    text = json.dumps(row, ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace") + b"\n"


def _csv_writer(stream: IO[bytes], delimiter: str) -> Callable[[list[Row]], None]:
    header: list[str] = []

    def write(rows: list[Row]) -> None:
        text = io.StringIO(newline="")
        if not header and rows:
            header.extend(rows[0])
            csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(header)
        table = csv.DictWriter(
            text, header, delimiter=delimiter, lineterminator="\n", extrasaction="ignore"
        )
        table.writerows(rows)
        stream.write(text.getvalue().encode("utf-8", "replace"))

    return write


@contextmanager
def _parquet_writer(path: Path) -> Iterator[Callable[[list[Row]], None]]:
    arrow, parquet = _pyarrow("pyarrow"), _pyarrow("pyarrow.parquet")
    table_writer: Any = None
    with streams.open_write(path.with_name(path.name)) as stream:

        def write(rows: list[Row]) -> None:
            nonlocal table_writer
            if not rows:
                return
            if table_writer is None:
                table = arrow.Table.from_pylist(rows)
                table_writer = parquet.ParquetWriter(stream, table.schema)
            else:
                table = arrow.Table.from_pylist(rows, schema=table_writer.schema)
            table_writer.write_table(table)

        yield write
        if table_writer is None:
            parquet.write_table(arrow.table({}), stream)
        else:
            table_writer.close()
