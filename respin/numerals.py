"""Numbers that a spinner broke: it took the digit before a point for a word of its own.

"2.5 million" becomes "a couple of.5 million", "2,489" "two,489", "1.6" "one.6"; "8%" becomes
"eightpercent", "7%" "7percent". No clean text writes a number word right before a decimal point, or
"percent" in one word with its number, so the pattern alone tells; it is used in spun documents only.
"""

from __future__ import annotations

import re

_DIGIT = {
    "a couple of": "2", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
    "twelve": "12", "twenty": "20",
}  # fmt: skip
# A letter, the mark, digits: rare in any text, so the words before it are looked at only then.
_MARK = re.compile(r"(?<=[A-Za-z])(?:\.\d+|,\d{3}(?!\d)|-\d{2}(?!\d))")
_WORD_BEFORE = re.compile(rf"\b({'|'.join(_DIGIT)})\Z", re.IGNORECASE)
_LONGEST = max(map(len, _DIGIT)) + 1
_GLUED_PERCENT = re.compile(rf"\b(\d+(?:[.,]\d+)*|{'|'.join(_DIGIT)})percent\b", re.IGNORECASE)


def broken_numbers(text: str) -> list[tuple[int, int, str]]:
    """(start, end, number) of every number whose first digit became a word.

    >>> broken_numbers("a couple of.5 million")
    [(0, 13, '2.5')]
    >>> broken_numbers("by eightpercent")
    [(3, 15, '8%')]
    """
    found = []
    for mark in _MARK.finditer(text):
        low = max(0, mark.start() - _LONGEST)
        word = _WORD_BEFORE.search(text[low : mark.start()])
        if word:
            found.append((low + word.start(), mark.end(), _DIGIT[word[1].lower()] + mark[0]))
    for glued in _GLUED_PERCENT.finditer(text):
        found.append((glued.start(), glued.end(), _DIGIT.get(glued[1].lower(), glued[1]) + "%"))
    return found
