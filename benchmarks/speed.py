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
from respin import Restorer, detection, encoding, sections, selection
from respin.channel import Batch
from respin.grouping import groups, screens
from respin.inference import infer, suspects
from respin.matcher import Matches, match
from respin.scanner import scan
from respin.text import Tokens, tokenise

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
    screened_numbers = list(screens(range(len(texts)), texts))
    batches = [[texts[number] for number in some] for some in screened_numbers]
    scans = [scan(batch) for batch in batches]
    encoder = restorer.examiner.encoder
    encoded = [encoder.encode(found) for found in scans]
    matches = [match(index, part.canonical, part.sentence_start) for part in encoded]

    def screen() -> list[tuple[sections.Sections, list[int]]]:
        found = []
        for part, matched in zip(encoded, matches, strict=True):
            count = part.documents
            evidence = sections.sentence_evidence(index, matched, part.sentence_start)
            total = sections.sums(evidence, part.document[part.sentence_start], count)
            parts = sections.divide(
                index.families, evidence, part.document, count, part.sentence_start
            )
            suspicious = suspects(index.families, total, np.bincount(part.document))
            suspicious[parts.owner[count:]] = True
            found.append((parts, np.flatnonzero(suspicious).tolist()))
        return found

    screened = screen()
    numbers = [number for some, (_, chosen) in zip(screened_numbers, screened, strict=True)
               for number in np.array(some)[chosen]]  # fmt: skip
    suspect = [
        restorer.examiner.first_stage([texts[n] for n in some]) for some in groups(numbers, texts)
    ]

    def prepare() -> list[tuple[Batch, Matches, sections.Sections, list[Tokens]]]:
        prepared = []
        for first in suspect:
            own = [first.encoded.scan.tokens(n) for n in range(first.encoded.documents)]
            batch = encoding.prepared(first.encoded, own, first.parts, None)
            prepared.append((batch, first.matches, first.parts, own))
        return prepared

    chosen = prepare()
    inferred = [infer(index, model, batch, found, set()) for batch, found, _, _ in chosen]
    print(f"  suspects: {sum(len(c) for _, c in screened)} of {len(texts)} documents")
    together = list(zip(chosen, inferred, strict=True))
    table: list[tuple[str, Callable[[], object]]] = [
        ("nothing (overhead)", lambda: [None for _ in encoded]),
        ("tokenise, by expressions", lambda: [tokenise(text) for text in texts]),
        ("scan", lambda: [scan(batch) for batch in batches]),
        ("words to numbers", lambda: [encoder.encode(found) for found in scans]),
        ("match", lambda: [match(index, e.canonical, e.sentence_start) for e in encoded]),
        ("first stage", screen),
        ("prepare suspects", prepare),
        ("second stage (all decoding)", lambda: [
            infer(index, model, batch, found, set()) for batch, found, _, _ in chosen
        ]),
        ("reports", lambda: [
            detection.reports(index, batch, parts, found, result, own)
            for (batch, found, parts, own), result in together
        ]),
        ("readings", lambda: [
            selection.readings(index, result.found, result.decoded)
            for _, result in together
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
