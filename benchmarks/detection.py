"""Detection: how well spun documents are told from clean ones, and where they begin and end.

    python -m benchmarks.detection [--documents 150]

Material: held-out clean documents of the corpora (../shared/corpora; without them there is nothing
to measure), spun by our own simulator, whole or in part. Prints the area under the ROC curve by
intensity, the share found at the default threshold and at 0.1 % false positives, false positives by
kind of text and length, the reliability of the probability, and how well the boundary of half-spun
documents is found. The clean texts are cut to the same length as the spun ones.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from benchmarks import material
from benchmarks.accuracy import FAMILIES
from benchmarks.simulator import INTENSITY, Simulator
from respin import Restorer
from respin.detection import IS_SPUN

INTENSITIES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def area(spun: NDArray[np.float64], clean: NDArray[np.float64]) -> float:
    """Area under the ROC curve: the chance that a spun document scores above a clean one."""
    order = np.sort(clean)
    below = np.searchsorted(order, spun, "left")
    ties = np.searchsorted(order, spun, "right") - below
    return float((below + ties / 2).mean() / len(clean))


def cut(text: str, words: int) -> str | None:
    """The first ``words`` words or a little more, up to the end of a sentence; None: too short."""
    pieces, count = [], 0
    for sentence in _SENTENCE.split(text):
        pieces.append(sentence)
        count += sentence.count(" ") + 1
        if count >= words:
            return " ".join(pieces)
    return None


def probabilities(restorer: Restorer, texts: list[str]) -> NDArray[np.float64]:
    """Probability of spun for each text."""
    return np.array([report.probability for report in restorer.detect_many(texts)])


def by_intensity(restorer: Restorer, texts: list[str], clean: NDArray[np.float64]) -> None:
    """ROC area and share found, by family and intensity."""
    known = set(restorer.model.words)
    threshold = float(np.quantile(clean, 0.999))
    print(f"\n{len(texts)} documents a cell; {len(clean)} clean ones; ROC area, share found at")
    print(f"0.1 % false positives, share found at the default threshold (p >= {IS_SPUN})")
    print(f"{'':10}" + "".join(f"{value:>20}" for value in INTENSITIES))
    for family in FAMILIES:
        simulator = Simulator(restorer.rows, family, known)
        cells = []
        for intensity in INTENSITIES:
            chance = random.Random(7)
            spins = [simulator.spin(text, intensity, chance)[0] for text in texts]
            found = probabilities(restorer, spins)
            cells.append(
                f"{area(found, clean):.3f} {(found > threshold).mean():5.0%} "
                f"{(found >= IS_SPUN).mean():5.0%}"
            )
        print(f"{family:10}" + "".join(f"{cell:>20}" for cell in cells))


def reliability(clean: NDArray[np.float64], spun: NDArray[np.float64]) -> None:
    """Of documents given some probability, how many are spun: at a prior of 1 in 100."""
    weight_clean, weight_spun = 0.99 / len(clean), 0.01 / len(spun)
    print("\nreliability of the probability (prior 1 in 100; intensities 0.1 to 0.9 mixed)")
    print("probability     spun in truth   documents (spun, clean)")
    edges = [0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0001]
    for low, high in zip(edges, edges[1:], strict=False):
        hits = int(((spun >= low) & (spun < high)).sum())
        misses = int(((clean >= low) & (clean < high)).sum())
        share = hits * weight_spun / max(hits * weight_spun + misses * weight_clean, 1e-12)
        print(f"{low:.3f} to {min(high, 1):.3f}   {share:12.3%}   {hits:8} {misses:8}")


def half_spun(restorer: Restorer, texts: list[str]) -> None:
    """Documents of which one half is spun: found, and the boundary within one sentence."""
    known = set(restorer.model.words)
    print("\nhalf-spun documents (400 words and more; first or second half)")
    print("family      found  boundary within 1 sentence   edits in the clean half, per 1000 words")
    for family in FAMILIES:
        simulator = Simulator(restorer.rows, family, known)
        chance = random.Random(11)
        found = near = documents = edits = words = 0
        for number, text in enumerate(texts):
            sentences = _SENTENCE.split(text)
            middle = len(sentences) // 2
            halves = [" ".join(sentences[:middle]), " ".join(sentences[middle:])]
            which = number % 2
            halves[which] = simulator.spin(halves[which], INTENSITY, chance)[0]
            whole = " ".join(halves)
            boundary = len(halves[0]) + 1
            result = restorer.restore(whole)
            documents += 1
            outside = (
                (0, boundary) if which else (boundary, len(whole))
            )  # the clean half  # fmt: skip
            edits += sum(outside[0] <= edit.start < outside[1] for edit in result.edits)
            words += whole[outside[0] : outside[1]].count(" ") + 1
            if not result.report.is_spun:
                continue
            found += 1
            spans = result.report.spans
            edge = (spans[0].start if which else spans[-1].end) if spans else -1
            between = sorted((edge, boundary))
            gap = len(_SENTENCE.findall(whole[max(between[0] - 2, 0) : between[1] + 2]))
            near += gap <= 2 and edge >= 0  # the boundary's own end counts as one
        print(
            f"{family:10} {found / documents:6.0%} {near / max(found, 1):14.0%}"
            f" {1000 * edits / words:28.2f}"
        )


def false_positives(restorer: Restorer, lengths: tuple[int, ...], count: int) -> None:
    """Clean documents said to be spun, by kind and length."""
    print("\nclean documents said to be spun, of all (highest probability)")
    print(f"{'kind':15}" + "".join(f"{words:>8} words      " for words in lengths))
    for kind, paths in material.corpora().items():
        cells = []
        for words in lengths:
            texts = [text for text in material.held_out(paths) if text.count(" ") >= words]
            pieces = [piece for text in texts[:count] if (piece := cut(text, words))]
            found = probabilities(restorer, pieces)
            most = found.max(initial=0.0)
            cells.append(f"{(found >= IS_SPUN).sum():4} / {len(found):5} ({most:.3f})")
        print(f"{kind:15}" + "".join(f"{cell:>20}" for cell in cells))


def cost(restorer: Restorer, texts: list[str]) -> None:
    """Time of detect against restore on clean text; medians of five runs."""
    times = defaultdict(list)
    for _ in range(5):
        for name, call in (("restore", restorer.restore_many), ("detect", restorer.detect_many)):
            start = time.perf_counter()
            list(call(texts))
            times[name].append(time.perf_counter() - start)
    size = sum(map(len, texts)) / 1e6
    middle = {name: float(np.median(values)) for name, values in times.items()}
    print(
        f"\nclean text, {size:.1f} MB: restore {size / middle['restore']:.2f} MB/s, "
        f"detect {size / middle['detect']:.2f} MB/s, ratio {middle['detect'] / middle['restore']:.2f}"
    )


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=150, help="spun documents of each kind")
    parser.add_argument("--clean", type=int, default=4000, help="clean documents of each kind")
    parser.add_argument("--words", type=int, default=200, help="words a document")
    options = parser.parse_args()
    restorer = Restorer()
    kinds = material.corpora()
    if not kinds:
        print("skipped: no corpora beside this checkout")
        return
    texts, long_texts, clean = [], [], []
    for paths in kinds.values():
        pieces = [cut(text, options.words) for text in material.held_out(paths)]
        some = [piece for piece in pieces if piece][: options.clean]
        clean += some
        texts += some[: options.documents]
        pieces = [cut(text, 400) for text in material.held_out(paths)]
        long_texts += [piece for piece in pieces if piece][: options.documents // 3]
    scores = probabilities(restorer, clean)
    by_intensity(restorer, texts, scores)
    known, spun = set(restorer.model.words), []
    for family in FAMILIES:
        simulator, chance = Simulator(restorer.rows, family, known), random.Random(5)
        spun += [simulator.spin(text, chance.uniform(0.1, 0.9), chance)[0] for text in texts]
    reliability(scores, probabilities(restorer, spun))
    half_spun(restorer, long_texts)
    false_positives(restorer, (30, 100, 300), options.clean)
    cost(restorer, clean[:1000])


if __name__ == "__main__":
    main()
