"""What the map restores of real pages that it has not seen: cross-validation over pairs.

    python -m benchmarks.cross_validation PAIRS.jsonl... [--folds 8] [--evidence FILE]

PAIRS.jsonl: objects with family, spun, original and aligned (false: the original was inferred by a
reader). Pages of one story stay together. For each fold, a map is made of the chapters, of the evidence
file (which must not hold these pages: by default it is data/evidence.tsv without the pairs' own facts) and
of the facts of all other folds, and restores the fold's pages. The chapters are used as they are: where
their writers had read some of the pages, the figures flatter.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measures import HEAD, Alignment, Removal
from respin import Restorer
from respin.language_model import LanguageModel
from respin.phrase_map import write
from respin.resources import MODEL_NAME, data_file
from tools import evidence, merge_chapters
from tools.align_pair import facts_of, known_swaps

_SEED = 5
Page = dict[str, Any]


def folds_of(pages: list[Page], count: int) -> list[list[Page]]:
    """Pages in ``count`` parts; those whose originals begin with the same names are one story."""
    stories: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for page in pages:
        names = sorted({word for word in page["original"].split() if word[:1].isupper()})
        stories[page["family"], " ".join(names[:12])[:40]].append(page)
    keys = sorted(stories)
    random.Random(_SEED).shuffle(keys)
    return [[page for key in keys[part::count] for page in stories[key]] for part in range(count)]


def _quads(pages: list[Page]) -> list[tuple[str, bool, str, str]]:
    return [(p["family"], p.get("aligned", True), p["spun"], p["original"]) for p in pages]


def without(facts: list[evidence.Fact], own: list[evidence.Fact]) -> list[evidence.Fact]:
    """The facts less what ``own`` ones have added to them."""
    taken = {(fact.family, fact.spun, fact.original): fact for fact in own}
    left = []
    for fact in facts:
        mine = taken.get((fact.family, fact.spun, fact.original))
        if mine is not None:
            fact = replace(fact, count=fact.count - mine.count, pages=fact.pages - mine.pages)
        if fact.count > 0:
            left.append(fact)
    return left


def map_of(facts: list[evidence.Fact], model: LanguageModel, path: Path) -> None:
    """Write the map that the chapters and some facts amount to."""
    table: merge_chapters.Table = {}
    for chapter in sorted((evidence.DATA / "chapters").glob("*.tsv")):
        merge_chapters.read_chapter(chapter, table)
    merge_chapters.add_evidence(table, facts, set(model.words))
    tried = merge_chapters.simulated(evidence.DATA / "simulated.tsv")
    write(path, merge_chapters.rows(table, merge_chapters.Exposure(model, facts), tried))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--evidence", type=Path, help="evidence that does not hold the pairs")
    options = parser.parse_args()
    lines = [line for path in options.pairs for line in path.read_text("utf-8").splitlines()]
    pages = [json.loads(line) for line in lines]
    swaps = known_swaps()
    if options.evidence:
        base = evidence.read(options.evidence)
    else:
        base = without(evidence.read(), facts_of(_quads(pages), swaps)[0])
    model = LanguageModel.load(data_file(MODEL_NAME))
    folds = folds_of(pages, options.folds)
    sums: dict[tuple[str, bool], Removal] = defaultdict(Removal)
    count: Counter[tuple[str, bool]] = Counter()
    found, right = Counter[str](), Counter[str]()
    reliability: dict[int, list[bool]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for number, fold in enumerate(folds):
            others = [page for other in folds if other is not fold for page in other]
            path = Path(folder) / f"map_{number}.tsv"
            map_of(base + facts_of(_quads(others), swaps)[0], model, path)
            restorer = Restorer(path)
            results = restorer.restore_many(page["spun"] for page in fold)
            for page, result in zip(fold, results, strict=True):
                key = page["family"], bool(page.get("aligned", True))
                sums[key].add(page["spun"], result.text, page["original"])
                count[key] += 1
                found[page["family"]] += result.report.is_spun
                right[page["family"]] += result.report.family == page["family"]
                alignment = Alignment(page["spun"], page["original"])
                for edit in result.edits:
                    at = int(min(edit.confidence, 0.999) * 10)
                    reliability[at].append(alignment.is_right(edit))
    print(HEAD)
    for family, aligned in sorted(sums):
        kind = "aligned" if aligned else "judged"
        print(sums[family, aligned].row(f"{family}, {count[family, aligned]} {kind}"))
    for family in sorted(found):
        total = count[family, True] + count[family, False]
        print(f"{family}: {found[family]} of {total} called spun, family right {right[family]}")
    print("\nreliability of confidences: share of edits whose words the original has")
    for at, hits in sorted(reliability.items()):
        share = sum(hits) / len(hits)
        print(f"  {at / 10:.1f} to {at / 10 + 0.1:.1f}: {share:6.1%} of {len(hits)}")


if __name__ == "__main__":
    main()
