"""Near words: which word of the phrase map is meant by a token that nobody knows.

Candidates come from an index of word parts (PASS-JOIN, Li et al. 2011): cut a word into k + 1 parts,
and every word within k edits of it holds one of the parts unchanged, at most k places away.
rapidfuzz then measures the few that the index proposes; nothing is ever compared with all words.
"""

from __future__ import annotations

from collections.abc import Iterable

# Natural-log cost of one edit: about 1 in 150 long words of web text is mistyped.
EDIT_COST = -5.0
MIN_LENGTH = 6  # shorter words have too many neighbours
TWO_EDITS = 10  # from this length on two edits are allowed
MAX_LENGTH = 40


class NearWords:
    """An index of words to find the near ones of any token.

    >>> NearWords(["economic", "financial"]).nearest("finanical")
    ('financial', 1)
    """

    def __init__(self, words: Iterable[str]) -> None:
        # (length of the word, number of the part, part) -> words
        self._parts: dict[tuple[int, int, str], list[str]] = {}
        for word in words:
            if MIN_LENGTH <= len(word) <= MAX_LENGTH:
                for number, (start, end) in enumerate(_parts(len(word), _allowed(len(word)))):
                    self._parts.setdefault((len(word), number, word[start:end]), []).append(word)

    def proposals(self, token: str, edits: int) -> set[str]:
        """Words that share a part with ``token`` at about the same place."""
        found: set[str] = set()
        for length in range(max(MIN_LENGTH, len(token) - edits), len(token) + edits + 1):
            for number, (start, end) in enumerate(_parts(length, _allowed(length))):
                size = end - start
                last = min(start + edits, len(token) - size)
                for place in range(max(0, start - edits), last + 1):
                    found.update(self._parts.get((length, number, token[place : place + size]), ()))
        return found

    def nearest(self, token: str) -> tuple[str, int] | None:
        """The nearest word and its distance (insertions, deletions, substitutions, and swaps of
        neighbours), or None if none is near, or two are equally near."""
        from rapidfuzz.distance import OSA

        edits = _allowed(len(token))
        if not edits or len(token) > MAX_LENGTH:
            return None
        best: list[tuple[int, str]] = []
        for word in self.proposals(token, edits):
            distance = OSA.distance(token, word, score_cutoff=edits)
            if distance <= edits:
                best.append((distance, word))
        if not best:
            return None
        best.sort()
        if len(best) > 1 and best[1][0] == best[0][0]:
            return None
        return best[0][1], best[0][0]


def _allowed(length: int) -> int:
    return 0 if length < MIN_LENGTH else 1 if length < TWO_EDITS else 2


def _parts(length: int, edits: int) -> list[tuple[int, int]]:
    """``edits + 1`` parts of about equal size; an adjacent swap can touch two of them, so one more."""
    count = edits + 2
    size, rest = divmod(length, count)
    cuts = [0]
    for number in range(count):
        cuts.append(cuts[-1] + size + (number >= count - rest))
    return list(zip(cuts[:-1], cuts[1:], strict=True))
