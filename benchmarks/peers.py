"""respin beside what people would use otherwise, in one run and on the same work, on one core.

    python -m benchmarks.peers [--megabytes N] [--runs N] [--plot FILE] [--only PART...]

Parts: exact, fuzzy, pages, start, workers, hard. A peer that is not installed is skipped with a word
(`pip install -e '.[dev]'` brings them all). Slow peers get less text; every figure is a rate.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.dictionaries import OurMatcher, mistyped, phrases
from benchmarks.harness import command, megabytes, overhead, peak, process, timed
from benchmarks.simulator import Simulator
from benchmarks.speed import documents
from respin import Restorer
from respin.phrase_map import Row

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_SLOW = 20_000  # characters for peers that need seconds for a page


def peer(name: str) -> Any:
    """The module of a peer, or None with a word about it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"  ({name} is not installed: skipped)")
        return None


def line(name: str, rate: float, against: float | None = None, note: str = "") -> None:
    """One row of a table: MB/s, and the ratio to what it is compared with."""
    ratio = "" if against is None else f"{rate / against:>12,.2f} x"
    print(f"  {name:<46}{rate:>12,.4f} MB/s{ratio:<16}{note}")


# -- exact matching --------------------------------------------------------------------------


def exact(texts: list[str], runs: int) -> dict[str, list[tuple[int, float]]]:
    """Throughput of finding all listed phrases, by size of the dictionary."""
    everything = phrases(max(SIZES))
    model = Restorer().model
    curves: dict[str, list[tuple[int, float]]] = {}
    for size in SIZES:
        if size > len(everything):
            print(f"  (the corpora give {len(everything):,} phrases only: {size:,} left out)")
            break
        listed = everything[:size]
        print(f"\nexact matching, {size:,} phrases; ratios are to ahocorasick_rs")
        rates = _exact_rates(listed, texts, runs, model)
        base = rates.get("ahocorasick_rs")
        for name, rate in rates.items():
            line(name, rate, base)
            curves.setdefault(name, []).append((size, rate))
    print(f"  peak memory so far {peak():,.0f} MB")
    return curves


def _exact_rates(listed: list[str], texts: list[str], runs: int, model: Any) -> dict[str, float]:
    ours = OurMatcher(listed, model)
    rates: dict[str, float] = {}

    def rate(name: str, work: Callable[[str], object], some: Sequence[str] = texts) -> None:
        seconds = timed(runs, lambda: [work(text) for text in some])
        rates[name] = megabytes(some) / seconds

    seconds = timed(runs, lambda: ours.matches(texts))
    rates["respin: scan, number, match"] = megabytes(texts) / seconds
    if module := peer("ahocorasick_rs"):
        automaton = module.AhoCorasick(listed)
        rate(
            "ahocorasick_rs",
            lambda text: automaton.find_matches_as_indexes(text.lower(), overlapping=True),
        )
        _agreement(ours, automaton, listed, texts[:200])
    if module := peer("ahocorasick"):
        tree = module.Automaton()
        for number, phrase in enumerate(listed):
            tree.add_word(phrase, (number, len(phrase)))
        tree.make_automaton()
        rate("pyahocorasick", lambda text: list(tree.iter(text.lower())))
    if module := peer("flashtext"):
        processor = module.KeywordProcessor()
        for phrase in listed:
            processor.add_keyword(phrase)
        rate("FlashText (longest matches only)", lambda text: processor.extract_keywords(text))
    if len(listed) <= 10_000:
        longest_first = sorted(listed, key=len, reverse=True)
        short = [texts[0][:_SLOW]]
        pattern = re.compile(r"\b(?:" + "|".join(longest_first) + r")\b", re.IGNORECASE)
        rate("re, alternation", lambda text: list(pattern.finditer(text)), short)
        if module := peer("regex"):
            named = module.compile(r"\b\L<words>\b", module.IGNORECASE, words=listed)
            rate("regex, named list", lambda text: list(named.finditer(text)), short)
    return rates


def _agreement(ours: OurMatcher, automaton: Any, listed: list[str], texts: list[str]) -> None:
    """How many of the automaton's matches that are whole words respin finds too. (It takes
    "well-being" for one word, so "being" is none of its matches there.)"""
    both = theirs = 0
    for text in texts:
        low = text.lower()
        if len(low) != len(text):
            continue
        found = {
            (start, end)
            for _, start, end in automaton.find_matches_as_indexes(low, overlapping=True)
            if not low[start - 1 : start].isalnum() and not low[end : end + 1].isalnum()
            and low[start - 1 : start] not in ("-", "'", "’") and low[end : end + 1] not in ("-", "’", "'")
        }  # fmt: skip
        theirs += len(found)
        both += len(found & ours.spans(text))
    print(f"  whole-word matches of the automaton that respin finds too: {both:,} of {theirs:,}")


def plot(curves: dict[str, list[tuple[int, float]]], path: Path) -> None:
    """Throughput against the size of the dictionary, as an SVG."""
    matplotlib = peer("matplotlib")
    if not matplotlib:
        return
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "respin"
    pyplot = importlib.import_module("matplotlib.pyplot")
    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for name, points in curves.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="phrases in the dictionary", ylabel="MB/s")
    axes.set_title("Finding all listed phrases, one core")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    print(f"  plot: {path}")


# -- fuzzy matching --------------------------------------------------------------------------


def fuzzy(texts: list[str], runs: int, size: int = 10_000) -> None:
    """Finding phrases with typing errors in them, against looking at every window of words."""
    listed = phrases(size)
    model = Restorer().model
    known = set(model.words) | {word for phrase in listed for word in phrase.split()}
    wrong = [mistyped(text, listed, known, seed=number) for number, text in enumerate(texts)]
    changed = [text for text, _ in wrong]
    planted = sum(len(spans) for _, spans in wrong)
    print(f"\nfuzzy matching, {size:,} phrases, {planted:,} of them mistyped by one letter")
    rates = {}
    for edits in (0, 1, 2):
        ours = OurMatcher(listed, model, edits)
        found = sum(span in ours.spans(text) for text, spans in wrong[:300] for span in spans)
        some = sum(len(spans) for _, spans in wrong[:300])
        seconds = timed(runs, lambda: ours.matches(changed))  # noqa: B023
        rates[edits] = megabytes(changed) / seconds
        line(
            f"respin, {edits} edits", rates[edits], note=f"{found / some:.1%} of the mistyped found"
        )
    base = rates[1]
    text, spans = "", []
    for other, places in wrong[: _SLOW // 2_000]:
        spans += [(start + len(text), end + len(text)) for start, end in places]
        text += other + "\n"
    short = [text]
    windows = _windows(text)

    def slower(name: str, rate: float, note: str = "") -> None:
        line(name, rate, note=f"respin is {base / rate:,.0f} times as fast  {note}")

    if rapidfuzz := peer("rapidfuzz"):
        distance = rapidfuzz.distance.Levenshtein.distance

        def table() -> Any:
            return rapidfuzz.process.cdist(
                [words for words, _ in windows], listed, scorer=distance, score_cutoff=1, workers=1
            )

        near = (table() <= 1).any(axis=1)
        hits = {span for (_, span), yes in zip(windows, near, strict=True) if yes}
        note = f"{sum(span in hits for span in spans)} of {len(spans)} found"
        seconds = timed(1, table)
        slower("rapidfuzz cdist over all windows, 1 edit", megabytes(short) / seconds, note)
        few = windows[:60]
        seconds = timed(1, lambda: [
            rapidfuzz.process.extractOne(words, listed, scorer=distance, score_cutoff=1)
            for words, _ in few
        ])  # fmt: skip
        part = megabytes(short) * len(few) / len(windows)
        slower("rapidfuzz extractOne, each window, 1 edit", part / seconds)
    if regex := peer("regex"):
        few_phrases = listed[:100]
        pattern = regex.compile(
            r"\b(?:" + "|".join(f"(?:{p}){{e<=1}}" for p in few_phrases) + r")\b"
        )
        seconds = timed(1, lambda: pattern.findall(text)) * size / len(few_phrases)
        slower("regex, {e<=1} (from 100 phrases)", megabytes(short) / seconds)


def _windows(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Every run of one to three words, and where it stands."""
    words = [found.span() for found in re.finditer(r"\w+", text)]
    return [
        (text[words[n][0] : words[n + size - 1][1]], (words[n][0], words[n + size - 1][1]))
        for size in (1, 2, 3) for n in range(len(words) - size + 1)
    ]  # fmt: skip


# -- whole pages -----------------------------------------------------------------------------


def pages(clean: list[str], runs: int) -> None:
    """Restoring and detecting, against replacing the same phrases blindly."""
    restorer = Restorer()
    simulator = Simulator(restorer.rows, "news", set(restorer.model.words))
    chance = random.Random(1)
    spun = [simulator.spin(text, 0.75, chance)[0] for text in clean[:400]]
    sentence = ["The corporate mentioned that vitality prices stay excessive within the area."]
    long = ["\n\n".join(clean)]
    while len(long[0]) < 10_000_000:
        long[0] += "\n\n" + long[0][:5_000_000]
    flashtext = peer("flashtext")
    kinds = [("clean pages", clean), ("spun pages", spun), ("one spun sentence", sentence),
             ("one spun page", spun[:1]), ("one clean text of 10 MB", long)]  # fmt: skip
    for name, texts in kinds:
        print(f"\n{name}: {len(texts)}, {megabytes(texts):.4f} MB; ratios are to FlashText")
        base = None
        if flashtext:
            processor = _blind(flashtext, restorer.rows)
            seconds = timed(runs, lambda: [processor.replace_keywords(t) for t in texts])  # noqa: B023
            base = megabytes(texts) / seconds
            line("FlashText, all phrases replaced blindly", base, base)
        for label, work in (
            ("restore", lambda: [restorer.restore(text) for text in texts]),  # noqa: B023
            ("restore_many", lambda: list(restorer.restore_many(texts))),  # noqa: B023
            ("detect_many", lambda: list(restorer.detect_many(texts))),  # noqa: B023
        ):
            line(f"respin {label}", megabytes(texts) / timed(runs, work), base)


def _blind(flashtext: Any, rows: Sequence[Row]) -> Any:
    best: dict[str, Row] = {}
    for row in rows:
        if row.spun not in best or row.weight > best[row.spun].weight:
            best[row.spun] = row
    processor = flashtext.KeywordProcessor()
    for row in best.values():
        processor.add_keyword(row.spun, row.original)
    return processor


# -- processes, workers, hard inputs -----------------------------------------------------------


def start(clean: list[str]) -> None:
    """Start-up and memory of processes."""
    print("\nprocesses (median of 9)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clean.txt"
        path.write_text(clean[0], encoding="utf-8")
        for name in ("respin", "codespell"):
            program = shutil.which(name) or shutil.which(
                name, path=str(Path(sys.executable).parent)
            )
            if not program:
                print(f"  ({name} is not installed: skipped)")
                continue
            arguments = [program, "check", str(path)] if name == "respin" else [program, str(path)]
            print(f"  {name + ' of one clean file':<46}{command(arguments):>10.3f} s")
    print(f"  {'python -c pass':<46}{command([sys.executable, '-c', 'pass']):>10.3f} s")
    for name, code in (
        ("Python with NumPy", "import numpy"),
        ("ready Restorer", "import respin; r = respin.Restorer(); r.index; r.vocabulary"),
        ("one page restored", f"import respin; respin.Restorer().restore({clean[0]!r})"),
    ):
        seconds, memory = process(code)
        print(f"  {name:<46}{seconds:>10.3f} s{memory:>10.0f} MB")


def workers(clean: list[str], runs: int, size: float = 100.0) -> None:
    """``restore_many`` with two processes against one; one text in ten is spun."""
    restorer = Restorer()
    simulator = Simulator(restorer.rows, "news", set(restorer.model.words))
    chance = random.Random(2)
    mixed = [simulator.spin(t, 0.75, chance)[0] if n % 10 == 0 else t for n, t in enumerate(clean)]
    texts = mixed * max(1, round(size / megabytes(mixed)))
    print(f"\nworkers, {megabytes(texts):.0f} MB, one text in ten spun")
    rates = {}
    for count in (1, 2):
        seconds = timed(runs, lambda: sum(1 for _ in restorer.restore_many(texts, count)))  # noqa: B023
        rates[count] = megabytes(texts) / seconds
        line(f"restore_many, workers={count}", rates[count], rates[1])


def hard(runs: int) -> None:
    """Inputs that could make time explode."""
    restorer = Restorer()
    candidates = " ".join(
        sorted({row.spun for row in restorer.rows if " " not in row.spun})[:3_000]
    )
    print("\nhard inputs")
    for name, text in (
        ("one spun word, 100,000 times", "folks " * 100_000),
        ("1 MB without a space", "supercalifragilistic" * 50_000),
        ("1 MB of full stops", "." * 1_000_000),
        ("1 MB of single letters with dots", "a.b." * 250_000),
        ("1 MB of hyphens in words", "a-" * 500_000),
        ("3,000 spun words without a full stop, 10 times", f"{candidates} " * 10),
        ("1 MB of combining marks", "e\u0301" * 250_000),
    ):
        seconds = timed(runs, lambda: restorer.restore(text))  # noqa: B023
        size = megabytes([text])
        print(f"  {name:<50}{size:>7.2f} MB{seconds:>9.2f} s{size / seconds:>9.2f} MB/s")


def main() -> None:
    """Print all tables."""
    parts = ("exact", "fuzzy", "pages", "start", "workers", "hard")
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--megabytes", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--plot", type=Path, help="write the throughput plot (SVG) there")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # FlashText fails on texts that grow when lowered, so nobody gets them.
    clean = [text for text in documents(options.megabytes) if len(text.lower()) == len(text)]
    if not clean:
        sys.exit("no corpora beside this checkout: nothing to measure")
    print(f"{len(clean)} clean pages, {megabytes(clean):.2f} MB; medians of {options.runs} runs; "
          f"the harness itself takes {overhead() * 1e6:.1f} microseconds")  # fmt: skip
    if "exact" in options.only:
        curves = exact(clean, options.runs)
        if options.plot:
            plot(curves, options.plot)
    if "fuzzy" in options.only:
        fuzzy(clean, options.runs)
    if "pages" in options.only:
        pages(clean, options.runs)
    if "start" in options.only:
        start(clean)
    if "workers" in options.only:
        workers(clean, max(1, options.runs // 2))
    if "hard" in options.only:
        hard(1)


if __name__ == "__main__":
    main()
