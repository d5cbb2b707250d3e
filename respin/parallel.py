"""Many batches on several processes, results in order."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from respin.report import RestoreResult

if TYPE_CHECKING:
    from respin.restorer import Restorer

_IN_FLIGHT = (
    3  # batches handed out ahead, by worker: enough to keep it busy, few enough to bound memory
)
_worker: Restorer


def _start(restorer: Restorer) -> None:
    global _worker
    _worker = restorer
    # What a forked worker inherits is none of its garbage: without this the collector walks through
    # it again and again, and touches (so copies) every page of it.
    gc.freeze()


def _run(work: str, batch: list[str]) -> list[Any]:
    """Results of a batch; unchanged texts stay here, as who asked has them."""
    results = getattr(_worker, work)(batch)
    return [replace(result, text="") if _is_unchanged(result) else result for result in results]


def _is_unchanged(result: Any) -> bool:
    return isinstance(result, RestoreResult) and not result.edits


def map_batches(
    restorer: Restorer, work: str, batches: Iterator[list[str]], workers: int
) -> Iterator[Any]:
    """Results of ``restorer.<work>(batch)``, flattened, in the order of the batches. Each worker
    loads the data files once, from the restorer's paths."""
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(restorer,)) as pool:
        flight: deque[tuple[list[str], Future[list[Any]]]] = deque()

        def finished() -> Iterator[Any]:
            batch, future = flight.popleft()
            for text, result in zip(batch, future.result(), strict=True):
                yield replace(result, text=text) if _is_unchanged(result) else result

        try:
            for batch in batches:
                flight.append((batch, pool.submit(_run, work, batch)))
                if len(flight) > _IN_FLIGHT * workers:
                    yield from finished()
            while flight:
                yield from finished()
        finally:
            for _, future in flight:
                future.cancel()
