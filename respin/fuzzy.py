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
    """An index of words to find the near ones of any token, at most ``most`` edits away.

    >>> NearWords(["economic", "financial"]).nearest("finanical")
    ('financial', 1)
    """

    def __init__(self, words: Iterable[str], most: int = 2) -> None:
        self._most = most
        self._by_length: dict[int, list[str]] = {}
        for word in words:
            if MIN_LENGTH <= len(word) <= MAX_LENGTH:
                self._by_length.setdefault(len(word), []).append(word)
        # (length of the word, number of the part) -> part -> words; made when a token of about that
        # length asks for it, as most runs need few lengths
        self._parts: dict[tuple[int, int], dict[str, list[str]]] = {}
        self._plans: dict[int, list[tuple[dict[str, list[str]], int, int]]] = {}

    def _words_by_part(
        self, length: int, number: int, start: int, end: int
    ) -> dict[str, list[str]]:
        known = self._parts.get((length, number))
        if known is None:
            known = self._parts[length, number] = {}
            for word in self._by_length.get(length, ()):
                known.setdefault(word[start:end], []).append(word)
        return known

    def _allowed(self, length: int) -> int:
        return min(self._most, 0 if length < MIN_LENGTH else 1 if length < TWO_EDITS else 2)

    def _plan(self, length: int) -> list[tuple[dict[str, list[str]], int, int]]:
        """Where to look for the words near a token of this ``length``: the words by one of their
        parts, and the start and end in the token of what may be that part."""
        known = self._plans.get(length)
        if known is not None:
            return known
        edits = self._allowed(length)
        plan = []
        for other in range(max(MIN_LENGTH, length - edits), length + edits + 1):
            for number, (start, end) in enumerate(_parts(other, self._allowed(other))):
                words = self._words_by_part(other, number, start, end)
                last = min(start + edits, length - (end - start))
                for place in range(max(0, start - edits), last + 1) if words else ():
                    plan.append((words, place, place + end - start))
        self._plans[length] = plan
        return plan

    def proposals(self, token: str) -> set[str]:
        """Words that share a part with ``token`` at about the same place."""
        found: set[str] = set()
        for words, start, end in self._plan(len(token)):
            near = words.get(token[start:end])
            if near:
                found.update(near)
        return found

    def nearest(self, token: str) -> tuple[str, int] | None:
        """The nearest word and its distance (insertions, deletions, substitutions, and swaps of
        neighbours), or None if none is near, or two are equally near."""
        edits = self._allowed(len(token))
        if not edits or len(token) > MAX_LENGTH:
            return None
        proposals = self.proposals(token)
        if not proposals:
            return None
        from rapidfuzz.distance import OSA

        best: list[tuple[int, str]] = []
        for word in proposals:
            distance = OSA.distance(token, word, score_cutoff=edits)
            if distance <= edits:
                best.append((distance, word))
        if not best:
            return None
        best.sort()
        if len(best) > 1 and best[1][0] == best[0][0]:
            return None
        return best[0][1], best[0][0]


def _parts(length: int, edits: int) -> list[tuple[int, int]]:
    """``edits + 1`` parts of about equal size; an adjacent swap can touch two of them, so one more."""
    count = edits + 2
    size, rest = divmod(length, count)
    cuts = [0]
    for number in range(count):
        cuts.append(cuts[-1] + size + (number >= count - rest))
    return list(zip(cuts[:-1], cuts[1:], strict=True))
