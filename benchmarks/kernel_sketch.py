"""What a compiled kernel would bring: the two hottest loops in C, put under the same code, in one run.

    python -m benchmarks.kernel_sketch [--megabytes N] [--runs N]

A sketch to decide by, no part of respin: n-gram look-up (``ngram_table.find``) and the sum over paths
(``decoder._sweep``) are compiled with the system's C compiler and take the place of the NumPy ones
while the spun pages of ``benchmarks.peers`` are restored. Prints times of both, whether the texts
agree, and what would be left if decoding cost nothing at all.
"""

from __future__ import annotations

import argparse
import ctypes
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import megabytes, timed
from benchmarks.simulator import Simulator
from benchmarks.speed import documents
from respin import Restorer, decoder, examination, ngram_table

_SOURCE = r"""
#include <math.h>
#include <stdint.h>

static uint64_t mix(uint64_t k) {
    k *= 0x9E3779B97F4A7C15ull; k ^= k >> 32;
    k *= 0xD6E8FEB86659FD93ull; return k ^ (k >> 29);
}

void find(const uint64_t *table, int64_t size, uint64_t buckets,
          const uint64_t *keys, int64_t count, int64_t *out) {
    const uint64_t lanes = 0x0001000100010001ull, tops = 0x8000800080008000ull;
    for (int64_t i = 0; i < count; i++) {
        if (i + 16 < count)
            __builtin_prefetch(&table[((mix(keys[i + 16]) >> 32) * buckets) >> 32]);
        uint64_t m = mix(keys[i]), print = m & 0xFFFF;
        int64_t bucket = ((m >> 32) * buckets) >> 32;
        uint64_t wanted = (print ? print : 1) * lanes;
        for (;; bucket = bucket + 1 < size ? bucket + 1 : size - 1) {
            uint64_t word = table[bucket], x = word ^ wanted;
            x = (x - lanes) & ~x & tops;
            if (x) { out[i] = bucket * 4 + (__builtin_ctzll(x) >> 4); break; }
            if (word < (1ull << 48)) { out[i] = -1; break; }
        }
    }
}

/* groups in order: total[owner] = gain[owner] + log sum exp(total[source] + score) */
void sweep(double *total, const int64_t *source, const double *score, const int64_t *start,
           const int64_t *owner, int64_t groups, int64_t items, const double *gain) {
    for (int64_t g = 0; g < groups; g++) {
        int64_t low = start[g], high = g + 1 < groups ? start[g + 1] : items;
        double top = -INFINITY, sum = 0;
        for (int64_t i = low; i < high; i++) {
            double v = total[source[i]] + score[i];
            if (v > top) top = v;
        }
        for (int64_t i = low; i < high; i++) sum += exp(total[source[i]] + score[i] - top);
        total[owner[g]] = gain[owner[g]] + top + log(sum);
    }
}
"""


def compiled(folder: Path) -> ctypes.CDLL | None:
    """The library, or None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    source, library = folder / "kernel.c", folder / "kernel.so"
    source.write_text(_SOURCE)
    command = [
        compiler,
        "-O3",
        "-march=native",
        "-shared",
        "-fPIC",
        str(source),
        "-o",
        str(library),
    ]
    subprocess.run([*command, "-lm"], check=True)
    return ctypes.CDLL(str(library))


def _address(array: np.ndarray[Any, Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


class Kernel:
    """The two functions with the signatures of those that they stand in for."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self.library = library

    def find(self, table: Any, buckets: int, keys: Any) -> Any:
        """As :func:`respin.ngram_table.find`."""
        keys = np.ascontiguousarray(keys)
        out = np.empty(len(keys), np.int64)
        self.library.find(
            _address(table), ctypes.c_int64(len(table)), ctypes.c_uint64(buckets),
            _address(keys), ctypes.c_int64(len(keys)), _address(out),
        )  # fmt: skip
        return out

    def sweep(self, total: Any, source: Any, score: Any, steps: Any, gain: Any) -> None:
        """As ``respin.decoder._sweep``."""
        if not len(source):
            return
        if steps.order is not None:
            source, score = source[steps.order], score[steps.order]
        source, score = np.ascontiguousarray(source), np.ascontiguousarray(score)
        start, owner = (np.ascontiguousarray(a) for a in (steps.group_start, steps.group_owner))
        gain = np.ascontiguousarray(gain)
        self.library.sweep(
            _address(total), _address(source), _address(score), _address(start), _address(owner),
            ctypes.c_int64(len(start)), ctypes.c_int64(len(source)), _address(gain),
        )  # fmt: skip


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--megabytes", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    restorer = Restorer()
    simulator = Simulator(restorer.rows, "news", set(restorer.model.words))
    chance = random.Random(1)
    texts = [simulator.spin(text, 0.75, chance)[0] for text in documents(options.megabytes)[:400]]
    if not texts:
        sys.exit("no corpora beside this checkout: nothing to measure")
    size = megabytes(texts)
    with tempfile.TemporaryDirectory() as folder:
        library = compiled(Path(folder))
        if library is None:
            sys.exit("no C compiler: nothing to compare")
        spent = _decoding_seconds(restorer, texts)
        plain = timed(options.runs, lambda: list(restorer.restore_many(texts)))
        before = [result.text for result in restorer.restore_many(texts)]
        kernel = Kernel(library)
        ngram_table.find, decoder._sweep = kernel.find, kernel.sweep
        quick = timed(options.runs, lambda: list(restorer.restore_many(texts)))
        after = [result.text for result in restorer.restore_many(texts)]
        left = _decoding_seconds(restorer, texts)
    same = sum(a == b for a, b in zip(before, after, strict=True))
    print(f"{len(texts)} spun pages, {size:.2f} MB; medians of {options.runs} runs")
    print(
        f"  restore_many, NumPy                    {plain * 1e3:8.0f} ms  {size / plain:6.2f} MB/s"
    )
    print(f"    of which inference (all decoding)    {spent * 1e3:8.0f} ms")
    print(
        f"  the same with two loops in C           {quick * 1e3:8.0f} ms  {size / quick:6.2f} MB/s"
    )
    print(f"    of which inference                   {left * 1e3:8.0f} ms")
    rest = plain - spent
    print(f"  if inference cost nothing              {rest * 1e3:8.0f} ms  {size / rest:6.2f} MB/s")
    print(f"  texts that agree: {same} of {len(texts)}")


def _decoding_seconds(restorer: Restorer, texts: list[str]) -> float:
    """Seconds that one run spends in inference."""
    import time

    spent = 0.0
    work = examination.infer

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal spent
        begin = time.perf_counter()
        result = work(*arguments, **named)
        spent += time.perf_counter() - begin
        return result

    examination.infer = counted
    try:
        list(restorer.restore_many(texts))
    finally:
        examination.infer = work
    return spent


if __name__ == "__main__":
    main()
