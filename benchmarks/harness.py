"""How times are taken: medians of several runs after one to warm up, garbage collected before each.

The harness's own overhead is one call and two readings of the clock; :func:`overhead` measures it.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median


def timed(runs: int, work: Callable[[], object]) -> float:
    """Median seconds of ``runs`` runs, after one to warm up."""
    work()
    seconds = []
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def overhead() -> float:
    """Seconds that timing nothing takes."""
    return timed(1001, lambda: None)


def megabytes(texts: Sequence[str]) -> float:
    """Size of texts in UTF-8, in millions of bytes."""
    return sum(len(text.encode()) for text in texts) / 1e6


def command(arguments: list[str], runs: int = 9) -> float:
    """Median seconds of a command as a process of its own."""

    def run() -> None:
        subprocess.run(arguments, capture_output=True, check=False)

    return timed(runs, run)


def process(code: str) -> tuple[float, float]:
    """Median seconds and peak MB of a fresh Python running ``code``."""
    # The peak that a child inherits from a big parent is none of its own: a small shell starts it.
    probe = f"{code}\nimport resource as r; print(r.getrusage(r.RUSAGE_SELF).ru_maxrss / 1024)"
    launcher = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
    seconds, peak = [], 0.0
    for _ in range(5):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", launcher, sys.executable, "-c", probe],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        seconds.append(time.perf_counter() - start)
        peak = float(done.stdout.split()[-1])
    return median(seconds), peak


def peak() -> float:
    """Peak memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
