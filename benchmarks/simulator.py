"""A spinner of our own: the phrase map read forwards.

As counted in real pages: the words that a family touches are fixed, the choice among alternatives
is random; news-like families keep to one alternative for a word throughout a document, academic
ones choose anew; case is copied, a and an repaired.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from respin.inflection import paired_forms
from respin.phrase_map import Row
from respin.rendering import article_before, in_case_of
from respin.text import UPPER, case_of, normalise, tokenise

_CHOOSES_ANEW = frozenset(["academic"])
INTENSITY = 0.75  # measured in real news pages: 0.64 to 0.85
_LONGEST = 5


class Simulator:
    """Spins texts as one family does.

    ``known`` restricts generated forms to words of the language model.
    """

    def __init__(self, rows: Iterable[Row], family: str, known: set[str]) -> None:
        self.family = family
        table: dict[str, dict[str, float]] = defaultdict(dict)
        for row in rows:
            if row.family != family or row.condition:
                continue
            for spun, original in paired_forms(row.spun, row.original, row.part):
                plain = spun == row.spun
                if plain or all(word in known for word in f"{spun} {original}".split()):
                    options = table[original]
                    options[spun] = max(options.get(spun, 0.0), row.weight)
        self.table = {original: list(options.items()) for original, options in table.items()}

    def spin(self, text: str, intensity: float, chance: random.Random) -> tuple[str, int]:
        """The spun text, and how many units were replaced. ``intensity``: share of the table's
        words that are touched (all or nothing for a word in a document)."""
        tokens = tokenise(text)
        words = [normalise(raw) for raw in tokens.raw]
        chosen: dict[str, str | None] = {}
        pieces: list[str] = []
        here = count = place = 0
        while place < len(words):
            for size in range(min(_LONGEST, len(words) - place), 0, -1):
                original = " ".join(words[place : place + size])
                if original in self.table:
                    break
            else:
                place += 1
                continue
            spun = self._choice(original, intensity, chance, chosen)
            raw = tokens.raw[place : place + size]
            if spun is None or any(case_of(word) == UPPER for word in raw):
                place += 1
                continue
            start, end = int(tokens.starts[place]), int(tokens.ends[place + size - 1])
            inside = place > 0 and tokens.raw[place - 1] not in ".!?"
            pieces += [tokens.text[here:start], in_case_of(raw, spun, inside=inside)]
            here = end
            place += size
            count += 1
        pieces.append(text[here:])
        return _mend_articles("".join(pieces)), count

    def _choice(
        self, original: str, intensity: float, chance: random.Random, chosen: dict[str, str | None]
    ) -> str | None:
        if original in chosen and (chosen[original] is None or self.family not in _CHOOSES_ANEW):
            return chosen[original]
        spun = None
        point = chance.random() / max(intensity, 1e-9)
        if original in chosen:  # touched before, choose anew
            point *= intensity * sum(weight for _, weight in self.table[original])
        for option, weight in self.table[original]:
            point -= weight
            if point < 0:
                spun = option
                break
        chosen[original] = spun
        return spun


def _mend_articles(text: str) -> str:
    tokens = tokenise(text)
    pieces: list[str] = []
    here = 0
    for number, raw in enumerate(tokens.raw[:-1]):
        following = tokens.raw[number + 1]
        if raw in ("a", "an") and following[0].isalpha() and len(following) > 1:
            start, end = int(tokens.starts[number]), int(tokens.ends[number])
            pieces += [text[here:start], article_before(following)]
            here = end
    return "".join(pieces) + text[here:]
