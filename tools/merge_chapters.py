"""Puts chapters, written as a spinner thinks (original -> alternatives), into the phrase map.

    python -m tools.merge_chapters CHAPTER.tsv... [--output data/phrase_map.tsv]

The name of a chapter begins with its family ("news_a1.tsv"). A line of a chapter is

    original <tab> part <tab> alternative | alternative:weight | ... [<tab> condition]

with the likeliest alternative first; weights that add up to less than 1 say that the word is mostly
left alone. Weights are then counted, not guessed, where data/evidence.tsv
has counts: an alternative's share is (its count + K * its prior share) / (all counts + K), the prior
share falling with the place in the line. The whole is scaled by the share of the original's uses
that the family replaces: its count in the evidence over the number of times that it must have stood
there, which its frequency in clean English tells ("for" was seen replaced once where it must have
stood 190 times; for press and web pages, the frequency in data/prose). A count is worth
:attr:`tools.evidence.Fact.sightings`. Substitutions of the evidence that no chapter has become rows of their
own, for all forms where their own form tells the part of speech.

Where ``tools.curate`` has tried a row in simulation (data/simulated.tsv), its count stands in the
row's evidence ("sim 45/50"); a row of MIN_EDITS edits or more of which fewer than LEAST_RIGHT were
right is left out, or at half its weight where it was also counted in the wild. Where
``tools.measure_rows`` has seen it at work on real pages (data/measured.tsv), that stands there too
("real 14/11.3": right 14 times where the decoder expected it 11.3 times), and the compiler uses it
(:func:`respin.usage.measured_gain`).
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from respin.inflection import forms, irregular_lemmas, paired_forms
from respin.language_model import LanguageModel
from respin.phrase_map import Row, is_too_long, write
from respin.resources import MODEL_NAME, data_file
from respin.usage import OTHER_SHARE, SHARE_REPLACED
from tools import evidence, prose

PRIOR_STRENGTH = 4.0  # K: a chapter's order of alternatives is worth so many counts
# Share of an original's uses that is replaced, before any count, for words that a chapter lists, and
# for words that only the evidence has; worth so many uses of the word.
REPLACED_KNOWN, REPLACED_COUNTED, REPLACED_STRENGTH = 0.85, 0.3, 4.0
MOST_REPLACED = 0.97
MIN_EDITS, LEAST_RIGHT = 8, 0.3
# Words of the model's corpora that the prose counts against; 50,000 to 1 M came out alike.
PROSE_STRENGTH = 200_000
SCHOLARLY = {"academic", "latinate"}  # families whose pages are what the model's corpora are
_WEIGHT = re.compile(r"(.*):(\d*\.?\d+)\Z")


@dataclass
class Entry:
    """An original with its alternatives in one family and part of speech."""

    prior: dict[str, float] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    condition: dict[str, str] = field(default_factory=dict)
    sure: float = (
        0.0  # sum of the alternatives' weights in the chapter: below 1, the row is doubtful
    )


Table = dict[tuple[str, str, str], Entry]  # (family, original, part)


def clean(phrase: str) -> str:
    """Lower case, plain apostrophes, single spaces."""
    return " ".join(phrase.lower().replace("’", "'").split())


def read_chapter(path: Path, table: Table) -> int:
    """Add a chapter's lines; returns how many."""
    family = path.stem.rpartition("_")[0]
    count = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) not in (3, 4) or cells[1] not in "nvax":
            print(f"{path}:{number}: passed over: {line[:70]!r}")
            continue
        original, part = clean(cells[0]), cells[1]
        entry = table.setdefault((family, original, part), Entry())
        for place, alternative in enumerate(cells[2].split("|")):
            match = _WEIGHT.match(alternative.strip())
            text, factor = (match[1], float(match[2])) if match else (alternative, 1.0)
            spun = clean(text)
            if not spun or spun == original or is_too_long(spun):
                continue
            share = factor / (place + 1.5)
            entry.prior[spun] = max(entry.prior.get(spun, 0.0), share)
            entry.sure += factor
            if len(cells) == 4 and cells[3].strip():
                entry.condition[spun] = cells[3].strip()
        count += 1
    return count


def lemmas(word: str, known: Mapping[str, float]) -> dict[tuple[str, str], str]:
    """(part, form name) -> lemma, for the forms that ``word`` can be of a known verb or noun;
    ``known`` gives words with their log probability."""
    head, space, rest = word.partition(" ")
    found = {}
    stems = {head}
    for ending, replacements in (
        ("ies", ("y", "ie")), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")),
        ("ing", ("", "e")),
    ):  # fmt: skip
        stem = head.removesuffix(ending)
        if len(head) > len(stem) >= (2 if ending[:2] == "ie" else 3):
            stems.update(stem + new for new in replacements)
            if len(stem) > 3 and stem[-1] == stem[-2]:
                stems.add(stem[:-1])
    stems |= irregular_lemmas(head)
    # The most frequent one wins: "try", not "trie", for "tried", and "call", not "calle".
    for stem in sorted(stems & known.keys(), key=lambda stem: (known[stem], stem)):
        for part in "vn" if not space else "v":
            for name, form in forms(stem + space + rest, part).items():
                if form == word:
                    found[part, name] = stem + space + rest
    return found


def generalised(
    spun: str, original: str, known: Mapping[str, float]
) -> tuple[str, str, str] | None:
    """(spun lemma, original lemma, part) where both words are the same telling form (-ed, -ing)."""
    left, right = lemmas(spun, known), lemmas(original, known)
    for name in ("ing", "past", "participle"):
        key = ("v", name)
        if key in left and key in right:
            pair = left[key], right[key]
            if pair[0] != pair[1]:
                return (*pair, "v")
    return None


def add_evidence(
    table: Table, facts: list[evidence.Fact], known: Mapping[str, float]
) -> tuple[int, int]:
    """Count facts into entries that hold them, make rows of the others; returns both numbers."""
    holders: dict[tuple[str, str, str], list[tuple[str, str, str, str]]] = defaultdict(list)
    for (family, original, part), entry in table.items():
        for spun in entry.prior:
            for pair in paired_forms(spun, original, part):
                holders[(family, *pair)].append((family, original, part, spun))
    counted = made = 0
    for fact in facts:
        spun, original = clean(fact.spun), clean(fact.original)
        if spun == original or is_too_long(spun) or is_too_long(original):
            continue
        held = holders.get((fact.family, spun, original))
        if held:
            for family, lemma, part, alternative in held:
                table[family, lemma, part].counts[alternative] += fact.sightings
            counted += 1
            continue
        general = generalised(spun, original, known)
        lemma_spun, lemma_original, part = general or (spun, original, "x")
        if lemma_original.replace(" ", "").isalpha() and not all(
            word in known or word.upper() in known for word in lemma_original.split()
        ):
            continue  # a word that the model does not know could never win
        entry = table.setdefault((fact.family, lemma_original, part), Entry())
        # A single judged sighting may be a near-synonym of what the author wrote: half a count.
        entry.counts[lemma_spun] += fact.sightings if fact.aligned or fact.count > 1 else 0.5
        made += 1
    return counted, made


class Exposure:
    """How often an original must have stood in the text that a family's evidence was read from.

    Its chance is that of the language model; for families whose pages are press and web pages, adapted
    to the words of data/prose (Dirichlet smoothing; Zhai & Lafferty 2004).
    """

    def __init__(
        self,
        model: LanguageModel,
        facts: list[evidence.Fact],
        sample: Mapping[str, int] | None = None,
    ) -> None:
        self.model = model
        self.sample = prose.counts() if sample is None else sample
        self.sample_size = sum(self.sample.values())
        self.number = {word: number for number, word in enumerate(model.words)}
        totals: dict[str, float] = defaultdict(float)
        for fact in facts:
            totals[fact.family] += fact.sightings
        self.words_read = {
            family: total / SHARE_REPLACED.get(family, OTHER_SHARE)
            for family, total in totals.items()
        }

    def of(self, family: str, original: str, part: str) -> float:
        """Expected uses, over all forms that the row stands for."""
        found = set(forms(original, part).values())
        adapted = family not in SCHOLARLY
        return self.words_read.get(family, 0.0) * sum(
            self._probability(form) * (self._in_domain(form) if adapted else 1.0) for form in found
        )

    def _in_domain(self, phrase: str) -> float:
        """How much likelier the phrase's first word is in the prose than in the model."""
        first = phrase.partition(" ")[0]
        chance = self._probability(first)
        if chance <= 0.0:
            return 1.0
        counted = self.sample.get(first, 0) + PROSE_STRENGTH * chance
        return counted / (self.sample_size + PROSE_STRENGTH) / chance

    def _probability(self, phrase: str) -> float:
        ids = [self.number.get(raw) for raw in re.findall(r"'s|[\w-]+(?:'(?!s\b)\w+)?|\S", phrase)]
        known = [number for number in ids if number is not None]
        if len(known) < len(ids) or not known:
            return 0.0
        array = np.array(known)
        score = float(self.model.unigram(array[:1])[0])
        if len(array) > 1:
            score += float(self.model.bigram(array[:-1], array[1:]).sum())
        return float(np.exp(score))


Key = tuple[str, str, str, str]  # family, spun, original, part
Tried = dict[Key, tuple[int, int]]
Measured = dict[Key, tuple[float, float]]


def _two_figures(path: Path) -> dict[Key, tuple[str, str]]:
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        family, spun, original, part, first, second = line.split("\t")
        found[family, spun, original, part] = first, second
    return found


def simulated(path: Path) -> Tried:
    """(right, wrong) edits of each row that was tried."""
    return {key: (int(right), int(wrong)) for key, (right, wrong) in _two_figures(path).items()}


def measured(path: Path) -> Measured:
    """(right, expected) uses of each row on real pages."""
    return {key: (float(right), float(due)) for key, (right, due) in _two_figures(path).items()}


def curated(row: Row, tried: Tried) -> Row | None:
    """The row with what simulation says of it; None: it is to be left out."""
    right, wrong = tried.get((row.family, row.spun, row.original, row.part), (0, 0))
    edits = right + wrong
    if not edits:
        return row
    weight = row.weight
    if edits >= MIN_EDITS and right < LEAST_RIGHT * edits:
        if "wild" not in row.evidence:
            return None
        weight = round(weight / 2, 4)
    return replace(row, weight=weight, evidence=f"{row.evidence} sim {right}/{edits}")


def with_measured(row: Row, seen: Measured) -> Row:
    """The row with what real pages say of it."""
    counts = seen.get((row.family, row.spun, row.original, row.part))
    if counts is None:
        return row
    right, expected = (f"{round(count, 2):g}" for count in counts)
    return replace(row, evidence=f"{row.evidence} real {right}/{expected}")


def rows(
    table: Table, exposure: Exposure, tried: Tried | None = None, seen: Measured | None = None
) -> list[Row]:
    """Rows with their weights."""
    found = []
    for (family, original, part), entry in table.items():
        total = sum(entry.counts.values())
        prior_total = sum(entry.prior.values())
        strength = PRIOR_STRENGTH if entry.prior else 0.0
        expected = REPLACED_KNOWN * min(entry.sure, 1) if entry.prior else REPLACED_COUNTED
        uses = max(exposure.of(family, original, part), total)
        replaced = (total + REPLACED_STRENGTH * expected) / (uses + REPLACED_STRENGTH)
        replaced = min(replaced, MOST_REPLACED)
        for spun in set(entry.prior) | set(entry.counts):
            prior = entry.prior.get(spun, 0.0) / prior_total if prior_total else 0.0
            count = entry.counts.get(spun, 0.0)
            weight = replaced * (count + strength * prior) / max(total + strength, 1e-9)
            if weight < 0.002:
                continue
            sources = [f"wild {max(1, round(count))}"] if count else []
            sources += ["known"] if spun in entry.prior else []
            condition = entry.condition.get(spun, "")
            row = curated(
                Row(spun, original, family, part, round(weight, 4), " ".join(sources), condition),
                tried or {},
            )
            if row is not None:
                found.append(with_measured(row, seen or {}))
    return found


def map_of(
    facts: list[evidence.Fact], model: LanguageModel, path: Path, seen: Measured | None = None,
    chapters: list[Path] | None = None,
) -> str:  # fmt: skip
    """Write the map that chapters (all, unless named), some facts and what real pages say of rows
    amount to; returns what went in and came out, for people."""
    table: Table = {}
    if chapters is None:
        chapters = sorted((evidence.DATA / "chapters").glob("*.tsv"))
    lines = sum(read_chapter(chapter, table) for chapter in chapters)
    chance = model.unigram(np.arange(len(model.words))).tolist()
    known = dict(zip(model.words, chance, strict=True))
    counted, made = add_evidence(table, facts, known)
    tried = simulated(evidence.DATA / "simulated.tsv")
    found = rows(table, Exposure(model, facts), tried, seen)
    write(path, found)
    return (
        f"{lines} chapter lines; facts: {counted} counted into rows, {made} rows of their own\n"
        f"{path}: {len(found)} rows"
    )


def main() -> None:
    """Merge chapters and evidence into a map."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("chapters", nargs="*", type=Path)
    parser.add_argument("--output", type=Path, default=evidence.DATA / "phrase_map.tsv")
    options = parser.parse_args()
    model = LanguageModel.load(data_file(MODEL_NAME))
    seen = measured(evidence.DATA / "measured.tsv")
    print(map_of(evidence.read(), model, options.output, seen, options.chapters))


if __name__ == "__main__":
    main()
