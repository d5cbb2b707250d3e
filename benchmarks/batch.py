"""The batch layer: throughput and memory by workers, its overhead over the bare loop, Spark beside it.

    python -m benchmarks.batch [--megabytes 200] [--spun 0.1] [--no-spark]

The corpus is generated: held-out clean documents (../shared/corpora), repeated with a running number,
of which a share is spun by the simulator (news), in eight gzipped JSON Lines files. Everything runs in
processes of its own; memory is the peak of the main process and of its largest child.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import material
from benchmarks.simulator import INTENSITY, Simulator
from respin import Restorer

FILES = 8


def generate(folder: Path, megabytes: float, spun_share: float) -> tuple[int, int]:
    """Write the corpus; returns documents and characters."""
    restorer = Restorer()
    clean = [
        text
        for paths in material.corpora().values()
        for text in material.excerpts(paths, 300, 4000)
    ]
    simulator = Simulator(restorer.rows, "news", set(restorer.model.words))
    chance = random.Random(1)
    spun = [simulator.spin(text, INTENSITY, chance)[0] for text in clean[::4]]
    folder.mkdir(parents=True)
    files = [
        gzip.open(folder / f"part-{part}.jsonl.gz", "wt", compresslevel=3)  # noqa: SIM115
        for part in range(FILES)
    ]
    count = size = 0
    while size < megabytes * 1e6:
        text = chance.choice(spun if chance.random() < spun_share else clean)
        json.dump({"id": count, "text": text}, files[count % FILES], ensure_ascii=False)
        files[count % FILES].write("\n")
        count += 1
        size += len(text)
    for file in files:
        file.close()
    return count, size


_LOOP = """
import gzip, json, sys
from pathlib import Path
from respin import Restorer
restorer = Restorer()
def texts():
    for path in sorted(Path(sys.argv[1]).glob("*.gz")):
        with gzip.open(path, "rt") as file:
            for line in file:
                yield json.loads(line)["text"]
print(sum(len(result.edits) for result in restorer.restore_many(texts())))
"""


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds and peak MB of a command (its own or its largest child's)."""
    probe = (
        "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL,"
        " stderr=subprocess.DEVNULL).returncode; "
        "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", probe, *command], capture_output=True, text=True, check=True
    )
    code, peak = done.stdout.split()
    if int(code) > 1:
        raise RuntimeError(f"{command} ended with {code}")
    return time.perf_counter() - start, float(peak)


def digest(folder: Path) -> str:
    """Hash of the output files."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("part-*")):
        found.update(path.read_bytes())
    return found.hexdigest()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--spun", type=float, default=0.1, help="share of spun documents")
    parser.add_argument("--no-spark", action="store_true")
    options = parser.parse_args()
    if not material.corpora():
        sys.exit("no corpora beside this checkout: nothing to measure")
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        count, size = generate(base / "in", options.megabytes, options.spun)
        print(
            f"{count:,} documents, {size / 1e6:.0f} MB, {options.spun:.0%} spun, {FILES} gzipped files"
        )
        respin = [sys.executable, "-m", "respin", "batch", str(base / "in"), "-q", "--output"]
        jobs = {
            "bare loop, 1 process": [sys.executable, "-c", _LOOP, str(base / "in")],
            "respin batch --jobs 1": [*respin, str(base / "one")],
            "respin batch --jobs 2": [*respin, str(base / "two"), "--jobs", "2"],
        }
        if not options.no_spark and shutil.which("java"):
            jobs["--engine spark --master local[2]"] = [
                *respin, str(base / "spark"), "--engine", "spark", "--master", "local[2]",
            ]  # fmt: skip
        first = 0.0
        for title, command in jobs.items():
            seconds, peak = measured(command)
            first = first or seconds
            print(
                f"  {title:<34}{seconds:8.1f} s {size / 1e6 / seconds:8.2f} MB/s "
                f"{first / seconds:6.2f} x the loop {peak:8.0f} MB"
            )
        hashes = {
            digest(base / folder) for folder in ("one", "two", "spark") if (base / folder).exists()
        }
        print(f"  outputs {'are the same' if len(hashes) == 1 else 'DIFFER'}")
    print(
        f"peak of this benchmark: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
