"""How fast each stage and the whole run, on one core.

    python -m benchmarks.speed [--megabytes N] [--runs N]

Every figure is the median of several runs; the harness's own overhead (an empty stage) is printed.
Texts: held-out clean documents, and the same spun by the simulator (news).
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks import material
from benchmarks.accuracy import Blind
from benchmarks.simulator import Simulator
from respin import Restorer, detection, lattice, selection
from respin.channel import candidate_weights, candidates, kept_share, kept_weights
from respin.decoder import decode
from respin.inference import first_stage, infer
from respin.matcher import match
from respin.restorer import _batches
from respin.text import normalise, tokenise

_STARTER = "import respin; r = respin.Restorer(); r.index; r.vocabulary"


def timed(runs: int, work: Callable[[], object]) -> float:
    """Median seconds of ``runs`` runs, after one to warm up."""
    work()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def documents(megabytes: float) -> list[str]:
    """Pages of about 3 kB, all kinds in turns."""
    found: list[str] = []
    size = 0
    kinds = material.corpora()
    while size < megabytes * 1e6 and kinds:
        for paths in kinds.values():
            for text in material.excerpts(paths, int(megabytes * 120), 3500):
                found.append(text)
                size += len(text.encode())
        break
    chance = random.Random(3)
    chance.shuffle(found)
    while found and size > megabytes * 1e6:
        size -= len(found.pop().encode())
    return found


def stages(restorer: Restorer, texts: list[str], runs: int) -> None:
    """MB/s of each stage over batches as restore_many makes them."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    index, model = restorer.index, restorer.model
    batches = list(_batches(iter(texts)))
    tokens = [[tokenise(text) for text in batch] for batch in batches]
    encoded = [restorer._encode(documents) for documents in tokens]
    sentences = [np.cumsum(batch.sentence_start) for batch in encoded]
    matches = [match(index, b.canonical, s) for b, s in zip(encoded, sentences, strict=True)]
    inferred = [
        infer(index, model, b, m, set(), None, None) for b, m in zip(encoded, matches, strict=True)
    ]
    together = list(zip(encoded, matches, inferred, tokens, strict=True))

    def channel() -> list[object]:
        graphs: list[object] = []
        for batch, found, result, _ in together:
            chosen = candidates(batch, index, found, set())
            weight = candidate_weights(index, batch, chosen, result.family, result.intensity)
            share = kept_share(index, batch, found, result.family)
            kept = kept_weights(share, batch, result.intensity)
            use = np.flatnonzero(weight > -25)
            graphs.append(
                lattice.build(
                    batch.ids, batch.sentence_start, kept, chosen.start[use], chosen.end[use],
                    use, weight[use], index.out_ids, index.entry_out[chosen.entry[use]],
                )
            )  # fmt: skip
        return graphs

    graphs = channel()
    table = [
        ("nothing (overhead)", lambda: [None for _ in together]),
        ("tokenise", lambda: [[tokenise(text) for text in batch] for batch in batches]),
        ("ids, cases, protected spans", lambda: [restorer._encode(part) for part in tokens]),
        ("match", lambda: [match(index, b.canonical, s) for b, s in zip(encoded, sentences, strict=True)]),
        ("first stage", lambda: [first_stage(index, b, m) for b, m, _, _ in together]),
        ("candidates and lattice", channel),
        ("decode once", lambda: [decode(graph, model, len(model.words)) for graph in graphs]),  # type: ignore[arg-type]
        ("infer (all decoding)", lambda: [infer(index, model, b, m, set()) for b, m, _, _ in together]),
        ("report", lambda: [detection.reports(index, b, m, r, t) for b, m, r, t in together]),
        ("readings", lambda: [
            selection.readings(index, r.found, r.decoded, lambda place: normalise("x"))
            for _, _, r, _ in together
        ]),
        ("detect_many", lambda: list(restorer.detect_many(texts))),
        ("restore_many", lambda: list(restorer.restore_many(texts))),
    ]  # fmt: skip
    for name, work in table:
        seconds = timed(runs, work)
        print(f"  {name:<30}{seconds * 1000:>10.1f} ms{size / max(seconds, 1e-9):>12.2f} MB/s")


def process(code: str) -> tuple[float, float]:
    """Median seconds and peak MB of a fresh Python running ``code``."""
    seconds = []
    probe = (
        f"{code}\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    peak = 0.0
    for _ in range(5):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
        seconds.append(time.perf_counter() - start)
        peak = float(done.stdout.split()[-1])
    return median(seconds), peak


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--megabytes", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    restorer = Restorer()
    clean = documents(options.megabytes)
    if not clean:
        sys.exit("no corpora beside this checkout: nothing to measure")
    chance = random.Random(1)
    simulator = Simulator(restorer.rows, "news", set(restorer.model.words))
    spun = [simulator.spin(text, 0.75, chance)[0] for text in clean]
    for name, texts in (("clean", clean), ("spun (news, 0.75)", spun)):
        size = sum(len(text.encode()) for text in texts) / 1e6
        print(f"\n{name} pages: {len(texts)}, {size:.2f} MB; median of {options.runs} runs")
        stages(restorer, texts, options.runs)
    blind = Blind(restorer, "news")
    seconds = timed(options.runs, lambda: [blind.restore(text) for text in spun[:100]])
    size = sum(len(text.encode()) for text in spun[:100]) / 1e6
    print(
        f"  {'blind replacement (Python)':<30}{seconds * 1000:>10.1f} ms{size / seconds:>12.2f} MB/s"
    )
    page = max(spun, key=len)
    print(
        f"\none page of {len(page.encode())} bytes: {timed(9, lambda: restorer.restore(page)) * 1000:.1f} ms"
    )
    seconds, peak = process(_STARTER)
    print(f"start of a process up to a ready Restorer: {seconds:.2f} s, {peak:.0f} MB")
    seconds, peak = process(_STARTER + f"; r.restore({page!r})")
    print(f"the same and one page restored: {seconds:.2f} s, {peak:.0f} MB")
    seconds, peak = process("import numpy")
    print(f"  of which Python with numpy: {seconds:.2f} s, {peak:.0f} MB")
    print(
        f"peak of this benchmark: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
