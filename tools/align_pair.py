"""Aligns a spun text with its original and prints the substitutions, for a reader to judge.

    python -m tools.align_pair SPUN.txt ORIGINAL.txt --family news [--add]

Output: family, spun, original, count, pages (1), "aligned", as in data/evidence.tsv. Blocks of more than
six words on a side are no substitutions but rewritten passages; they are counted and left out. Only
single words and short phrases are printed, never a sentence. ``--add`` adds them to the evidence file.
"""

from __future__ import annotations

import argparse
import difflib
from collections import Counter
from pathlib import Path

from respin.text import normalise, tokenise
from tools import evidence

LONGEST = 6


def substitutions(spun: str, original: str) -> tuple[Counter[tuple[str, str]], int]:
    """Counted (spun, original) phrases, and the number of blocks that were too long."""
    left = [normalise(raw) for raw in tokenise(spun).raw]
    right = [normalise(raw) for raw in tokenise(original).raw]
    counts: Counter[tuple[str, str]] = Counter()
    passed_over = 0
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for kind, low, high, start, end in matcher.get_opcodes():
        if kind != "replace":
            continue
        a, b = left[low:high], right[start:end]
        if len(a) == len(b) and len(a) <= LONGEST:
            counts.update((x, y) for x, y in zip(a, b, strict=True) if _is_word(x) and _is_word(y))
        elif max(len(a), len(b)) <= LONGEST:
            if all(map(_is_word, a + b)):
                counts[" ".join(a), " ".join(b)] += 1
        else:
            passed_over += 1
    return counts, passed_over


def _is_word(word: str) -> bool:
    return any(map(str.isalpha, word))


def main() -> None:
    """Print, and add if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("spun", type=Path)
    parser.add_argument("original", type=Path)
    parser.add_argument("--family", required=True)
    parser.add_argument("--add", action="store_true")
    options = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in (options.spun, options.original)]
    counts, passed_over = substitutions(*texts)
    facts = [
        evidence.Fact(options.family, spun, original, count, 1, True)
        for (spun, original), count in counts.items()
    ]
    for fact in sorted(facts, key=lambda fact: (-fact.count, fact.original)):
        print("\t".join([fact.family, fact.spun, fact.original, str(fact.count), "1", "aligned"]))
    print(f"# {len(facts)} substitutions; {passed_over} longer blocks passed over")
    if options.add:
        evidence.write(evidence.read() + facts)


if __name__ == "__main__":
    main()
