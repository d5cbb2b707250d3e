"""The batch job: shards in, shards out, in order, resumable, with nothing lost unseen."""

from __future__ import annotations

import glob
import hashlib
import json
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from respin.batch import formats, streams
from respin.batch.formats import BadRow, Row
from respin.batch.summary import Summary
from respin.cli.files import replace_file
from respin.errors import InputError
from respin.report import RestoreResult, SpinReport
from respin.restorer import DEFAULT_MIN_CONFIDENCE, Failure, Restorer

ACTIONS = ("restore", "detect", "filter")
MANIFEST, REJECTS = "respin-manifest.jsonl", "respin-rejects.jsonl"
_ROWS = 256  # rows that are handled together


@dataclass(frozen=True, slots=True)
class Options:
    """What a job does. ``drop`` ("spun" or "clean") is for the action filter: which documents to leave
    out, by ``threshold``, the probability from which on a document counts as spun. ``form`` is the
    output's format, None: that of each input (text and WARC become JSON Lines)."""

    action: str = "restore"
    text: str = "text"
    id: str | None = None
    form: str | None = None
    drop: str = "spun"
    threshold: float = 0.5
    family: str | None = None
    intensity: float | None = None
    min_confidence: float = DEFAULT_MIN_CONFIDENCE
    maps: tuple[str, ...] = ()
    model: str | None = None
    jobs: int = 1

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise InputError(f"no action {self.action!r}; there are {', '.join(ACTIONS)}")
        if self.form is not None and self.form not in formats.WRITABLE:
            raise InputError(f"cannot write {self.form!r}; {', '.join(formats.WRITABLE)} can be")
        if self.drop not in ("spun", "clean"):
            raise InputError(f"--drop is spun or clean, not {self.drop!r}")

    def digest(self) -> str:
        """Hash of all that the output depends on."""
        from respin import __version__

        parts = asdict(replace(self, jobs=1)) | {"version": __version__}
        files = [*self.maps, *([self.model] if self.model else [])]
        parts["files"] = [hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in files]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def restorer(self) -> Restorer:
        """A restorer with these options."""
        from respin.resources import MAP_NAME, data_file

        return Restorer(
            phrase_map=[data_file(MAP_NAME), *self.maps], language_model=self.model,
            family=self.family, intensity=self.intensity, min_confidence=self.min_confidence,
        )  # fmt: skip


Progress = Callable[[int, int, str, Summary], None]
Tick = Callable[[Path, Summary], None]
_TICK = 1.0  # seconds between two words on a file


def expand(inputs: Iterable[str]) -> list[Path]:
    """Files of names, folders and patterns, sorted within each, each once."""
    found: list[Path] = []
    for name in inputs:
        path = Path(name)
        if path.is_dir():
            below = sorted(item for item in path.rglob("*") if item.is_file())
            found += [item for item in below if formats.format_of(item) and item.name[0] != "."]
        elif path.exists():
            if formats.format_of(path) is None:
                raise InputError(f"{name}: respin batch reads {', '.join(sorted(formats.FORMATS))}, "
                                 "plain or .gz .bz2 .xz .zst")  # fmt: skip
            found.append(path)
        else:
            matches = sorted(Path(item) for item in glob.glob(name, recursive=True))
            if not matches:
                raise InputError(f"{name}: no such file or folder, and no file fits it")
            found += [item for item in matches if item.is_file() and formats.format_of(item)]
    return list(dict.fromkeys(found))


def output_names(files: Sequence[Path], output: Path, form: str | None) -> list[Path]:
    """A name for the output of each input, below ``output``: relative to what the inputs share."""
    if not files:
        return []
    base = Path(os.path.commonpath([str(path.resolve().parent) for path in files]))
    names, seen = [], set()
    for path in files:
        relative = path.resolve().relative_to(base)
        own = formats.format_of(path) or "jsonl"
        wanted = form or (own if own in formats.WRITABLE else "jsonl")
        _, compression = streams.split_name(path)
        if wanted == own:
            name = relative
        elif wanted == "parquet":
            name = relative.with_name(relative.name + ".parquet")
        else:
            stem = relative.name.removesuffix(compression) if compression else relative.name
            name = relative.with_name(f"{stem}.{wanted}{compression}")
        if name in seen:
            raise InputError(f"{path}: its output would take the name of another one's, {name}")
        seen.add(name)
        names.append(output / name)
    return names


def run(
    inputs: Sequence[str], output: str | Path, options: Options | None = None, *,
    progress: Progress | None = None, engine: str = "local", master: str | None = None,
    **changes: Any,
) -> Summary:  # fmt: skip
    """Run a job; the summary of all shards, those that were finished before included.

    Each input file becomes one output file. Finished ones stand in ``respin-manifest.jsonl`` with the
    hash of their content and of the options, and are not done again. Rows that cannot be handled go to
    ``respin-rejects.jsonl`` with file, row and reason. ``engine`` "spark" runs the files as tasks of
    Apache Spark on ``master``. ``changes`` are options by name. Raises
    :class:`respin.errors.InputError` for what cannot be used at all.

    >>> run(["pages"], "restored", action="restore", jobs=2)  # doctest: +SKIP
    """
    options = replace(options or Options(), **changes)
    output = Path(output)
    files = expand(inputs)
    if not files:
        raise InputError("no input files. Name files, folders or patterns")
    names = output_names(files, output, options.form)
    inside = [
        str(path)
        for path, name in zip(files, names, strict=True)
        if path.resolve() == name.resolve()
    ]
    if inside:
        raise InputError(f"{inside[0]}: the output would overwrite it. Name another folder")
    output.mkdir(parents=True, exist_ok=True)
    done = _manifest(output / MANIFEST)
    digest = options.digest()
    total, started = Summary(), time.monotonic()
    keys = [{"input": path.as_posix(), "content": _hash(path), "options": digest} for path in files]
    known = [
        done.get(json.dumps(key, sort_keys=True)) if name.exists() else None
        for key, name in zip(keys, names, strict=True)
    ]
    pairs = list(zip(files, names, strict=True))
    todo = [pair for pair, entry in zip(pairs, known, strict=True) if not entry]
    entries: list[dict[str, Any]] = []

    def tick(path: Path, shard: Summary) -> None:
        """Tell of a file that is still being worked on, now and then."""
        if progress:
            so_far = Summary(seconds=time.monotonic() - started)
            so_far.add(total)
            so_far.add(shard)
            progress(len(entries), len(files), str(path), so_far)

    if engine == "spark":
        from respin.integrations import spark

        results = spark.shards(todo, replace(options, jobs=1), master)
    else:
        results = _shards(todo, options, tick)
    for (path, name), key, finished in zip(pairs, keys, known, strict=True):
        entry = finished
        if entry is None:
            shard, rejects = next(results)
            place = name.relative_to(output).as_posix()
            entry = key | {"output": place, "summary": shard.shard_data(), "rejects": rejects}
            _append(output / MANIFEST, entry)
        entries.append(entry)
        total.add(Summary.of(entry["summary"]))
        total.seconds = time.monotonic() - started
        if progress:
            progress(len(entries), len(files), str(path), total)
    lines = [
        json.dumps(reject, ensure_ascii=False) for entry in entries for reject in entry["rejects"]
    ]
    replace_file(
        output / REJECTS, "".join(line + "\n" for line in lines).encode("utf-8", "replace")
    )
    return total


def _shards(
    todo: list[tuple[Path, Path]], options: Options, tick: Tick | None = None
) -> Iterator[tuple[Summary, list[dict[str, Any]]]]:
    """What comes of each file, in order. Several files go to several processes whole, so that no text
    travels between them; one file is worked on by all."""
    if options.jobs <= 1 or len(todo) <= 1:
        for path, name in todo:
            yield _shard(path, name, options, tick)
        return
    alone = replace(options, jobs=1)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(options.jobs, len(todo)), context) as pool:
        futures = [pool.submit(_shard, path, name, alone) for path, name in todo]
        try:
            for future in futures:
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def one_shard(
    path: str, shown: str, name: str, options: Options
) -> tuple[Summary, list[dict[str, Any]]]:
    """One file, by names that another machine can resolve; ``shown`` stands in the rejects."""
    summary, rejects = _shard(Path(path), Path(name), options)
    return summary, [reject | {"file": Path(shown).as_posix()} for reject in rejects]


@lru_cache(maxsize=1)
def _restorer(options: Options) -> Restorer:
    return options.restorer()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _manifest(path: Path) -> dict[str, dict[str, Any]]:
    """Finished shards by their key. A line that a killed run broke off is passed over."""
    found: dict[str, dict[str, Any]] = {}
    if not path.exists():
        return found
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
            key = {name: entry[name] for name in ("input", "content", "options")}
            Summary.of(entry["summary"])
        except (ValueError, KeyError, TypeError):
            continue
        found[json.dumps(key, sort_keys=True)] = entry
    return found


def _append(path: Path, entry: dict[str, Any]) -> None:
    data = (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "replace")
    with open(path, "ab") as file:
        if file.tell() and not path.read_bytes().endswith(b"\n"):
            file.write(b"\n")
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _shard(
    path: Path, name: Path, options: Options, tick: Tick | None = None
) -> tuple[Summary, list[dict[str, Any]]]:
    try:
        return _worked(path, name, options, tick)
    except OSError as error:
        raise InputError(
            f"{name}: cannot be written ({error.strerror or error}). What is finished stays; make room "
            "and start the same command again"
        ) from None


def _worked(
    path: Path, name: Path, options: Options, tick: Tick | None
) -> tuple[Summary, list[dict[str, Any]]]:
    restorer = _restorer(options)
    told = time.monotonic()
    form = formats.format_of(path) or "jsonl"
    wanted = options.form or (form if form in formats.WRITABLE else "jsonl")
    summary = Summary()
    rejects: list[dict[str, Any]] = []
    with formats.writer(name, wanted) as write:
        waiting: list[Row] = []
        for row in handled(formats.read(path, form, options.text), options, restorer, summary):
            if isinstance(row, BadRow):
                summary.rejects += 1
                rejects.append(
                    {
                        "file": path.as_posix(),
                        "row": row.number,
                        "problem": row.problem,
                        "data": row.data,
                    }
                )
                continue
            waiting.append(row)
            if len(waiting) >= _ROWS:
                write(waiting)
                waiting = []
                if tick and time.monotonic() - told >= _TICK:
                    told = time.monotonic()
                    tick(path, summary)
        write(waiting)
    return summary, rejects


def handled(
    rows: formats.Rows, options: Options, restorer: Restorer, summary: Summary
) -> Iterator[Row | BadRow]:
    """Rows with their new columns, in order; bad ones in their places, dropped ones left out."""
    queue: deque[tuple[int, Row | BadRow]] = deque()

    def texts() -> Iterator[str]:
        for number, row in enumerate(rows, 1):
            queue.append((number, row))
            if not isinstance(row, BadRow):
                yield row[options.text]

    restore = options.action == "restore"
    for result in restorer.attempt_many(texts(), workers=options.jobs, restore=restore):
        while isinstance(queue[0][1], BadRow):
            yield queue.popleft()[1]
        number, row = queue.popleft()
        assert not isinstance(row, BadRow)
        if isinstance(result, Failure):
            yield BadRow(number, result.problem, row[options.text][:200])
            continue
        report, edits = (
            (result.report, result.edits) if isinstance(result, RestoreResult) else (result, ())
        )
        name = str(row.get(options.id or "id", f"row {number}"))
        summary.count(name, row[options.text], report, edits)
        if options.action == "filter":
            spun = report.probability >= options.threshold
            if spun == (options.drop == "spun"):
                continue
        summary.written += 1
        yield _columns(row, result)
    for _, row in queue:
        yield row


def _columns(row: Row, result: RestoreResult | SpinReport) -> Row:
    report = result.report if isinstance(result, RestoreResult) else result
    new = dict(row)
    if isinstance(result, RestoreResult):
        new["respin_text"] = result.text
        new["respin_edits"] = len(result.edits)
    new["respin_probability"] = report.probability
    new["respin_family"] = report.family or ""
    return new
