"""Aligns spun texts with their originals and prints the substitutions, for a reader to judge.

    python -m tools.align_pair SPUN.txt ORIGINAL.txt --family news
    python -m tools.align_pair PAIRS.jsonl... [--output FACTS.tsv]
    python -m tools.align_pair --add FACTS.tsv...

A line of PAIRS.jsonl is an object with family, spun, original and aligned (false: the original was
inferred by a reader). Output: family, spun, original, count, pages, evidence, as in
data/evidence.tsv. Blocks of more than six words on a side are no substitutions but rewritten passages;
they are counted and left out. Only single words and short phrases are printed, never a sentence. Read
the output, delete what is no work of the spinner's, then ``--add`` it to the evidence file.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from respin.inflection import paired_forms
from respin.learning import Counts
from respin.phrase_map import read
from tools import evidence

Pair = tuple[str, bool, str, str]  # family, aligned, spun, original


def known_swaps(path: Path = evidence.DATA / "phrase_map.tsv") -> dict[str, set[tuple[str, str]]]:
    """(spun, original) forms of the phrase map, by family."""
    known: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in read(path):
        known[row.family].update(paired_forms(row.spun, row.original, row.part))
    return known


def facts_of(
    pairs: Iterable[Pair], known: dict[str, set[tuple[str, str]]]
) -> tuple[list[evidence.Fact], int]:
    """The substitutions of pairs of texts, and the number of blocks that were too long."""
    found: dict[tuple[str, str, str], evidence.Fact] = {}
    passed_over = 0
    for family, aligned, spun, original in pairs:
        counts = Counts()
        swaps = known.get(family, set())
        counts.add(spun, original, lambda a, b, swaps=swaps: (a, b) in swaps)  # type: ignore[misc]
        passed_over += counts.passed_over
        for (a, b), count in counts.replaced.items():
            before = found.get((family, a, b))
            found[family, a, b] = evidence.Fact(
                family, a, b, count + (before.count if before else 0),
                1 + (before.pages if before else 0), aligned or (before is not None and before.aligned),
            )  # fmt: skip
    return sorted(found.values(), key=lambda f: (f.family, -f.count, f.original)), passed_over


def _pairs(options: argparse.Namespace) -> Iterable[Pair]:
    if options.family:
        spun, original = (path.read_text(encoding="utf-8") for path in options.files)
        yield options.family, True, spun, original
        return
    for path in options.files:
        for line in path.read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            yield pair["family"], pair.get("aligned", True), pair["spun"], pair["original"]


def main() -> None:
    """Print facts, or add facts that were judged."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--family", help="of a pair given as two text files")
    parser.add_argument("--output", type=Path, help="write the facts there instead of printing")
    parser.add_argument("--add", action="store_true", help="add judged facts to the evidence")
    options = parser.parse_args()
    if options.add:
        facts = [fact for path in options.files for fact in evidence.read(path)]
        evidence.write(evidence.read() + facts)
        print(f"{len(facts)} facts added")
        return
    facts, passed_over = facts_of(_pairs(options), known_swaps())
    lines = [evidence.HEADER, *(fact.line() for fact in facts)]
    if options.output:
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    else:
        print("\n".join(lines))
    print(f"# {len(facts)} substitutions; {passed_over} longer blocks passed over")


if __name__ == "__main__":
    main()
