"""What the map restores of real pages that it has not seen: cross-validation over pairs.

    python -m benchmarks.cross_validation PAIRS.jsonl... [--folds 8] [--evidence FILE]

PAIRS.jsonl: objects with family, spun, original and aligned (false: the original was inferred by a
reader). Pages of one story stay together. For each fold, a map is made of the chapters, of the evidence
file (which must not hold these pages: by default it is data/evidence.tsv without the pairs' own facts), of
the facts of all other folds and of how its rows did there (``tools.measure_rows``), and restores the fold's
pages. The chapters are used as they are: where their writers had read some of the pages, the figures
flatter.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from benchmarks.measures import HEAD, Alignment, Removal
from respin import Restorer
from respin.language_model import LanguageModel
from respin.resources import MODEL_NAME, data_file
from tools import evidence, pages
from tools.align_pair import facts_of, known_swaps
from tools.measure_rows import added, sums_of
from tools.merge_chapters import map_of


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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--evidence", type=Path, help="evidence that does not hold the pairs")
    parser.add_argument(
        "--unmeasured", action="store_true", help="without what other folds say of rows"
    )
    options = parser.parse_args()
    read = pages.read(options.pairs)
    swaps = known_swaps()
    if options.evidence:
        base = evidence.read(options.evidence)
    else:
        base = without(evidence.read(), facts_of(read, swaps)[0])
    model = LanguageModel.load(data_file(MODEL_NAME))
    folds = pages.folds_of(read, options.folds)
    sums: dict[tuple[str, bool], Removal] = defaultdict(Removal)
    count: Counter[tuple[str, bool]] = Counter()
    found, right = Counter[str](), Counter[str]()
    reliability: dict[int, list[bool]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.tsv"
        facts, seen = [], []
        for fold in folds:
            others = [page for other in folds if other is not fold for page in other]
            facts.append(base + facts_of(others, swaps)[0])
            map_of(facts[-1], model, path)
            seen.append(sums_of(Restorer(path), fold))
        for number, fold in enumerate(folds):
            measured = added(*seen[:number], *seen[number + 1 :])
            map_of(facts[number], model, path, None if options.unmeasured else measured)
            restorer = Restorer(path)
            results = restorer.restore_many(page.spun for page in fold)
            for page, result in zip(fold, results, strict=True):
                key = page.family, page.aligned
                sums[key].add(page.spun, result.text, page.original)
                count[key] += 1
                found[page.family] += result.report.is_spun
                right[page.family] += result.report.family == page.family
                alignment = Alignment(page.spun, page.original)
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
