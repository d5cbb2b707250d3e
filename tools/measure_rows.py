"""How rows do on real pages whose originals are known: right how often, and expected how often.

    python -m tools.measure_rows PAIRS.jsonl... [--folds 5] [--evidence EARLIER.tsv] [--output FILE]

PAIRS.jsonl is described in :mod:`tools.pages`. Each part of the pages is decoded with a map that has not
counted it (as in ``benchmarks.cross_validation``); of every candidate edit, its posterior is what the
decoder expected, and the original tells whether it was right. A row that is right more often than
expected was too weak in its family's pages, one that is right less often too strong. The sums are added to
data/measured.tsv: family, spun, original, part, right, expected; ``tools.merge_chapters`` takes them from
there. Run it before the pages' facts are added to the evidence, or name the evidence that does not hold them.
"""

from __future__ import annotations

import argparse
import difflib
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from respin import Restorer
from respin.examination import Examined
from respin.language_model import LanguageModel
from respin.learning import words_of
from respin.resources import MODEL_NAME, data_file
from respin.text import Tokens, normalise
from tools import evidence, pages
from tools.align_pair import facts_of, known_swaps
from tools.merge_chapters import Measured, map_of, measured

HEADER = "family\tspun\toriginal\tpart\tright\texpected"
PATH = evidence.DATA / "measured.tsv"
_LEAST = 0.05  # rows expected and right less often than this say nothing

Sums = dict[tuple[str, str, str, str], list[float]]  # [right, expected] by row


@dataclass(slots=True)
class _Use:
    """A candidate edit: tokens ``start`` .. ``end`` of the page, the index's ``entry``."""

    start: int
    end: int
    entry: int
    posterior: float


class _Truth:
    """What the original has in the place of each stretch of a spun text's tokens."""

    def __init__(self, tokens: Tokens, original: str) -> None:
        spun, self.original = [normalise(raw) for raw in tokens.raw], words_of(original)
        matcher = difflib.SequenceMatcher(None, spun, self.original, autojunk=False)
        self.block: list[tuple[str, int, int]] = []
        self.place: dict[int, int] = {}  # of a gap between spun tokens in the original, where known
        for kind, low, high, start, end in matcher.get_opcodes():
            self.block += [(kind, start, end)] * (high - low)
            self.place.setdefault(low, start)
            self.place[high] = end
            if high - low == end - start:
                self.place.update(zip(range(low, high), range(start, end), strict=True))

    def holds(self, start: int, end: int, words: list[str]) -> bool:
        """Whether the original has ``words`` for the spun tokens ``start`` .. ``end``; where a changed
        passage cannot be told apart, whether the passage holds them."""
        if start in self.place and end in self.place:
            return self.original[self.place[start] : self.place[end]] == words
        kind, low, _ = self.block[start]
        passage, size = self.original[low : self.block[end - 1][2]], len(words)
        return kind != "equal" and any(
            passage[at : at + size] == words for at in range(len(passage) - size + 1)
        )


def sums_of(restorer: Restorer, read: list[pages.Page]) -> Sums:
    """[right, expected] of every row of the restorer's map that was a candidate in some pages.

    Pages whose family is taken for another one are left out: the rows of theirs were not at work.
    """
    sums: Sums = defaultdict(lambda: [0.0, 0.0])
    families = restorer.index.families
    for group in restorer.examiner.examine([page.spun for page in read]):
        for place, family, uses in _uses(group):
            page = read[group.chosen[place]]
            if families[family] == page.family:
                _add(sums, restorer, family, uses, _Truth(group.tokens[place], page.original))
    return sums


def _uses(group: Examined) -> Iterator[tuple[int, int, list[_Use]]]:
    """Place, family and candidate edits of each document of a group that was decoded."""
    batch, inferred = group.batch, group.inferred
    if batch is None or inferred is None:
        return
    edges = inferred.decoded.lattice
    edits = np.flatnonzero(edges.entry >= 0)
    entries = inferred.found.entry[edges.entry[edits]]
    bounds = np.cumsum([0, *(len(tokens) for tokens in group.tokens)])
    for place in range(len(group.chosen)):
        low, high = int(bounds[place]), int(bounds[place + 1])
        inside = np.flatnonzero((edges.start[edits] >= low) & (edges.start[edits] < high))
        uses = [
            _Use(start - low, end - low, entry, posterior)
            for start, end, entry, posterior in zip(
                edges.start[edits[inside]].tolist(), edges.end[edits[inside]].tolist(),
                entries[inside].tolist(), inferred.decoded.posterior[edits[inside]].tolist(),
                strict=True,
            )
        ]  # fmt: skip
        yield place, int(inferred.family[batch.document[low]]), uses


def _add(sums: Sums, restorer: Restorer, family: int, uses: list[_Use], truth: _Truth) -> None:
    """Add up the uses of one page; rows that come to the same edit share in its being right."""
    index, rows = restorer.index, restorer.rows
    same: dict[tuple[int, int, str], list[_Use]] = defaultdict(list)
    for use in uses:
        if index.entry_row[use.entry, family] >= 0:
            left, right, changed = index.trimmed(use.entry)
            same[use.start + left, use.end - right, changed].append(use)
    for members in same.values():
        expected = sum(use.posterior for use in members)
        is_right = any(
            truth.holds(use.start, use.end, words_of(index.out_text(use.entry))) for use in members
        )
        for use in members:
            share = use.posterior / max(expected, 1e-9)
            row = rows[index.entry_row[use.entry, family]]
            both = sums[row.family, row.spun, row.original, row.part]
            both[0] += is_right * share
            both[1] += min(use.posterior, share)


def added(*all_sums: Sums) -> Measured:
    """Several sums as one."""
    total: Sums = defaultdict(lambda: [0.0, 0.0])
    for sums in all_sums:
        for key, (right, expected) in sums.items():
            total[key][0] += right
            total[key][1] += expected
    return {key: (right, expected) for key, (right, expected) in total.items()}


def write(found: Measured, path: Path) -> None:
    """Write sums sorted."""
    lines = [HEADER]
    for key, (right, expected) in sorted(found.items()):
        if max(right, expected) >= _LEAST:
            lines.append("\t".join([*key, f"{round(right, 2):g}", f"{round(expected, 2):g}"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    """Add what some pages say of rows to the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--evidence", type=Path, default=evidence.DATA / "evidence.tsv")
    parser.add_argument("--output", type=Path, default=PATH)
    options = parser.parse_args()
    folds = pages.folds_of(pages.read(options.pairs), options.folds)
    base, swaps = evidence.read(options.evidence), known_swaps()
    model = LanguageModel.load(data_file(MODEL_NAME))
    sums = [{key: list(both) for key, both in measured(options.output).items()}]
    with tempfile.TemporaryDirectory() as folder:
        for number, fold in enumerate(folds):
            others = [page for other in folds if other is not fold for page in other]
            path = Path(folder) / f"map_{number}.tsv"
            map_of(base + facts_of(others, swaps)[0], model, path)
            sums.append(sums_of(Restorer(path), fold))
    found = added(*sums)
    write(found, options.output)
    print(f"{options.output}: {len(found)} rows seen at work")


if __name__ == "__main__":
    main()
