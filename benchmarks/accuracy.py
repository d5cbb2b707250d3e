"""How much respin restores, how surely, and how often it harms clean text.

    python -m benchmarks.accuracy [--documents N] [--clean-words N] [--pairs FILE.jsonl]

(a) held-out clean text spun by our own simulator, (b) the seed article, (c) pairs that we wrote,
(d) any pairs of the user's: JSON Lines with family, spun, original. The baseline is what a user
would write otherwise: every listed phrase replaced by its likeliest original, blindly.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

from benchmarks import material
from benchmarks.measures import HEAD, Alignment, Removal
from benchmarks.simulator import INTENSITY, Simulator
from respin import Restorer
from respin.inflection import paired_forms
from respin.rendering import in_case_of
from respin.text import normalise, tokenise

FAMILIES = ("news", "rewriter", "academic", "areas")


class Blind:
    """The baseline: the longest listed phrase gives way to the original of highest weight."""

    def __init__(self, restorer: Restorer, family: str) -> None:
        best: dict[str, tuple[float, str]] = {}
        for row in restorer.rows:
            if row.family == family:
                for spun, original in paired_forms(row.spun, row.original, row.part):
                    best[spun] = max(best.get(spun, (0.0, "")), (row.weight, original))
        self.table = {spun: original for spun, (_, original) in best.items()}

    def restore(self, text: str) -> str:
        tokens = tokenise(text)
        words = [normalise(raw) for raw in tokens.raw]
        pieces, here, place = [], 0, 0
        while place < len(words):
            for size in range(min(5, len(words) - place), 0, -1):
                original = self.table.get(" ".join(words[place : place + size]))
                if original is not None:
                    break
            else:
                place += 1
                continue
            start, end = int(tokens.starts[place]), int(tokens.ends[place + size - 1])
            raw = tokens.raw[place : place + size]
            pieces += [text[here:start], in_case_of(raw, original, inside=False)]
            here, place = end, place + size
        return "".join(pieces) + text[here:]


def simulated(restorer: Restorer, count: int) -> None:
    """(a): excerpts of all kinds of text, spun by each family."""
    known = set(restorer.model.words)
    kinds = material.corpora()
    if not kinds:
        print("(a) skipped: no corpora beside this checkout")
        return
    texts = {kind: material.excerpts(paths, count) for kind, paths in kinds.items()}
    reliability: dict[int, list[bool]] = defaultdict(list)
    print(f"\n(a) held-out clean text, spun by the simulator at intensity {INTENSITY}\n{HEAD}")
    for family in FAMILIES:
        simulator = Simulator(restorer.rows, family, known)
        ours, blind = Removal(), Removal()
        baseline = Blind(restorer, family)
        right_family = documents = 0
        chance = random.Random(20261124)
        for kind_texts in texts.values():
            pairs = [(simulator.spin(text, INTENSITY, chance)[0], text) for text in kind_texts]
            for (spun, original), result in zip(
                pairs, restorer.restore_many(spun for spun, _ in pairs), strict=True
            ):
                ours.add(spun, result.text, original)
                blind.add(spun, baseline.restore(spun), original)
                right_family += result.report.family == family
                documents += 1
                alignment = Alignment(spun, original)
                for edit in result.edits:
                    at = int(min(edit.confidence, 0.999) * 10)
                    reliability[at].append(alignment.is_right(edit))
        print(ours.row(f"{family}: respin"))
        print(blind.row(f"{family}: blind replacement"))
        print(f"{'':<34}family found: {right_family}/{documents}")
    print("\nreliability of confidences (simulated): share of edits whose words the original has")
    for at in sorted(reliability):
        hits = reliability[at]
        print(
            f"  {at / 10:.1f} to {at / 10 + 0.1:.1f}: {sum(hits) / len(hits):6.1%} of {len(hits)}"
        )


def pairs(restorer: Restorer, title: str, found: list[tuple[str, str, str]], show: bool) -> None:
    """(b), (c), (d): texts with their originals."""
    by_family: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for family, spun, original in found:
        by_family[family].append((spun, original))
    print(f"\n{title}\n{HEAD}")
    for family, members in sorted(by_family.items()):
        ours, blind, forced = Removal(), Removal(), Removal()
        baseline = Blind(restorer, family)
        told = Restorer(restorer.maps, restorer.model_path, family=family)
        detected = 0
        for spun, original in members:
            result = restorer.restore(spun)
            detected += result.report.is_spun
            ours.add(spun, result.text, original)
            blind.add(spun, baseline.restore(spun), original)
            forced.add(spun, told.restore(spun).text, original)
            if show:
                _show(spun, result.text, original)
        print(ours.row(f"{family}: respin ({detected}/{len(members)} found)"))
        print(forced.row(f"{family}: family told"))
        print(blind.row(f"{family}: blind replacement"))


def _show(spun: str, restored: str, original: str) -> None:
    from benchmarks.measures import blocks, tokens

    source, target, result = tokens(spun), tokens(original), tokens(restored)
    wanted, made = blocks(source, target), blocks(source, result)
    for low, high, words in sorted(wanted | made):
        mark = "ok " if (low, high, words) in wanted & made else "   "
        side = "" if mark == "ok " else "missed " if (low, high, words) in wanted else "wrong "
        if mark == "   ":
            context = " ".join(source[max(0, low - 2) : high + 2])
            print(
                f"    {side:<7}{' '.join(source[low:high])!r} -> {' '.join(words)!r} in {context!r}"
            )


def clean(restorer: Restorer, words: int) -> None:
    """False edits per million words of held-out clean text, by kind."""
    print(f"\nclean held-out text, about {words:,} words a kind")
    print(
        f"{'kind':<16}{'words':>12}{'documents':>11}{'said spun':>11}{'edits':>8}{'per million':>13}"
    )
    total_words = total_edits = 0
    for kind, paths in material.corpora().items():
        seen = documents = spun = edits = 0
        texts = []
        for text in material.held_out(paths):
            texts.append(text)
            seen += len(text.split())
            if seen >= words:
                break
        for result in restorer.restore_many(texts):
            documents += 1
            spun += result.report.is_spun
            edits += len(result.edits)
        print(
            f"{kind:<16}{seen:>12,}{documents:>11,}{spun:>11}{edits:>8}{edits / seen * 1e6:>13.1f}"
        )
        total_words += seen
        total_edits += edits
    if total_words:
        print(
            f"{'all':<16}{total_words:>12,}{'':>22}{total_edits:>8}{total_edits / total_words * 1e6:>13.1f}"
        )


def main() -> None:
    """Run all parts and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=60, help="a kind and family (default 60)")
    parser.add_argument("--clean-words", type=int, default=700_000, help="a kind (default 700,000)")
    parser.add_argument("--pairs", type=Path, help="JSON Lines with family, spun, original")
    parser.add_argument("--show", action="store_true", help="list what was missed or wrong")
    parser.add_argument("--only", choices=("simulated", "pairs", "clean"))
    options = parser.parse_args()
    restorer = Restorer()
    if options.only in (None, "pairs"):
        seed = material.seed()
        if seed:
            pairs(restorer, "(b) the seed article", [("news", *seed)], options.show)
        own = material.own_pairs()
        if own:
            pairs(restorer, "(c) passages that we wrote and spun", own, options.show)
        if options.pairs:
            with open(options.pairs, encoding="utf-8") as file:
                rows = [json.loads(line) for line in file]
            given = [(row["family"], row["spun"], row["original"]) for row in rows]
            pairs(restorer, f"(d) {options.pairs}", given, options.show)
    if options.only in (None, "simulated"):
        simulated(restorer, options.documents)
    if options.only in (None, "clean"):
        clean(restorer, options.clean_words)


if __name__ == "__main__":
    main()
