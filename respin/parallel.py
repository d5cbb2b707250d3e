"""Many batches on several processes, results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from respin.restorer import Restorer

_IN_FLIGHT = (
    3  # batches handed out ahead, by worker: enough to keep it busy, few enough to bound memory
)
_worker: Restorer


def _start(restorer: Restorer) -> None:
    global _worker
    _worker = restorer


def _run(work: str, batch: list[str]) -> list[Any]:
    return getattr(_worker, work)(batch)  # type: ignore[no-any-return]


def map_batches(
    restorer: Restorer, work: str, batches: Iterator[list[str]], workers: int
) -> Iterator[Any]:
    """Results of ``restorer.<work>(batch)``, flattened, in the order of the batches. Each worker
    loads the data files once, from the restorer's paths."""
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(restorer,)) as pool:
        flight: deque[Future[list[Any]]] = deque()
        try:
            for batch in batches:
                flight.append(pool.submit(_run, work, batch))
                if len(flight) > _IN_FLIGHT * workers:
                    yield from flight.popleft().result()
            while flight:
                yield from flight.popleft().result()
        finally:
            for future in flight:
                future.cancel()
