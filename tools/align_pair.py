"""Aligns spun texts with their originals and prints the substitutions, for a reader to judge.

    python -m tools.align_pair SPUN.txt ORIGINAL.txt --family news
    python -m tools.align_pair PAIRS.jsonl... [--output FACTS.tsv]
    python -m tools.align_pair --add FACTS.tsv...

PAIRS.jsonl is described in :mod:`tools.pages`. Output: family, spun, original, count, pages, evidence,
as in data/evidence.tsv. Blocks of more than six words on a side are no substitutions but rewritten
passages; they are counted and left out, and so is what is seldom a spinner's work
(:func:`is_plausible`, :func:`is_explained`). Only single words and short phrases are printed, never a sentence. Read the
output, delete what else is no work of the spinner's, then ``--add`` it to the evidence file.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from respin.inflection import paired_forms
from respin.learning import FUNCTION_WORDS, Counts
from respin.phrase_map import read
from tools import evidence, pages


def known_swaps(path: Path = evidence.DATA / "phrase_map.tsv") -> dict[str, set[tuple[str, str]]]:
    """(spun, original) forms of the phrase map, by family."""
    known: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in read(path):
        known[row.family].update(paired_forms(row.spun, row.original, row.part))
    return known


def is_plausible(fact: evidence.Fact) -> bool:
    """Whether a substitution looks like a spinner's work rather than a copyist's or the aligner's.

    What was seen on several pages does. Of what was seen once, function words for one another, or for
    a content word, are mostly the aligner's doing, and so are numbers and long phrases.
    """
    if fact.pages > 1:
        return True
    spun, original = fact.spun.split(), fact.original.split()
    left, right = FUNCTION_WORDS.issuperset(spun), FUNCTION_WORDS.issuperset(original)
    if left and right and not (fact.aligned and len(spun) + len(original) > 2):
        return False
    if left != right and (not fact.aligned or len(spun) == len(original) == 1):
        return False
    if any(character.isdigit() for character in fact.spun + fact.original):
        return False
    return len(original) <= 3 and (len(spun) <= 3 or len(original) <= 2)


def is_explained(fact: evidence.Fact, swaps: set[tuple[str, str]]) -> bool:
    """Whether a known swap is a part of a substitution: what is left beside it belongs to another
    change ("season however" for "but" holds "however" for "but")."""
    spun, original = fact.spun.split(), fact.original.split()
    whole = len(spun), len(original)
    parts = (
        (spun[a:b], original[c:d])
        for a in range(len(spun)) for b in range(a + 1, len(spun) + 1)
        for c in range(len(original)) for d in range(c + 1, len(original) + 1)
        if (b - a, d - c) != whole
    )  # fmt: skip
    return any((" ".join(left), " ".join(right)) in swaps for left, right in parts)


def plausible_facts(
    facts: Iterable[evidence.Fact], known: dict[str, set[tuple[str, str]]]
) -> list[evidence.Fact]:
    """The facts that look like a spinner's work and are not explained by a known swap within them."""
    return [
        fact
        for fact in facts
        if is_plausible(fact)
        and (fact.pages > 1 or not is_explained(fact, known.get(fact.family, set())))
    ]


def facts_of(
    read: Iterable[pages.Page], known: dict[str, set[tuple[str, str]]]
) -> tuple[list[evidence.Fact], int]:
    """The plausible substitutions of pages, and the number of blocks that were too long."""
    found: list[evidence.Fact] = []
    passed_over = 0
    for page in read:
        counts = Counts()
        swaps = known.get(page.family, set())
        counts.add(page.spun, page.original, lambda a, b, swaps=swaps: (a, b) in swaps)  # type: ignore[misc]
        passed_over += counts.passed_over
        found += evidence.of_page(page.family, counts.replaced, page.aligned)
    plausible = plausible_facts(evidence.added_up(found), known)
    return sorted(plausible, key=lambda f: (f.family, -f.count, f.original)), passed_over


def _pages(options: argparse.Namespace) -> list[pages.Page]:
    if not options.family:
        return pages.read(options.files)
    spun, original = (path.read_text(encoding="utf-8") for path in options.files)
    return [pages.Page(options.family, True, spun, original)]


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
    facts, passed_over = facts_of(_pages(options), known_swaps())
    lines = [evidence.HEADER, *(fact.line() for fact in facts)]
    if options.output:
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    else:
        print("\n".join(lines))
    print(f"# {len(facts)} substitutions; {passed_over} longer blocks passed over")


if __name__ == "__main__":
    main()
