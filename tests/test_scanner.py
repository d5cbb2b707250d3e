"""The scanner and the word table against their definitions: the expressions and the vocabulary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from respin.scanner import Scan, scan
from respin.text import tokenise
from respin.vocabulary import Vocabulary
from respin.word_table import WordTable, hashed

# What the rules are about, close together; and anything at all.
_TIGHT = st.text("aabsST  ''--..,,12_\n\r\t’–‐é½²okK\u00ad\u0301\u02bc", max_size=30)
_ANY = st.text(max_size=40)


def _boundaries(found: Scan, number: int) -> list[tuple[int, int]]:
    low, high = found.first[number], found.first[number + 1]
    base = found.base[number]
    starts, ends = found.start[low:high] - base, found.end[low:high] - base
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


@settings(max_examples=600)
@given(st.lists(_TIGHT | _ANY, max_size=6))
def test_scans_as_the_expressions_do(texts: list[str]) -> None:
    found = scan(texts)
    for number, text in enumerate(texts):
        tokens = tokenise(text)
        expected = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
        assert _boundaries(found, number) == expected
        assert found.tokens(number).raw == tokens.raw


@pytest.mark.parametrize(
    "text",
    [
        "rock'n'roll isn't o'clock's", "the 20th-century's 1990s-era 3rd-party", "non-U.S.-based",
        "p.c's u.okay. e.g.the", "state-of-the-art's-x", "eco-\nnomic pol-\r\n  icy", "co\u00ad-op’s",
        "x\u0301's\u0301 p.c\u00ad", "5,000.25km 2.5.", "don’t ‘quote’ mother‐in‐law", "", "\n", "a",
    ],
)  # fmt: skip
def test_hard_places(text: str) -> None:
    tokens = tokenise(text)
    assert scan(["before-", text, "\nafter"]).tokens(1).raw == tokens.raw


def test_words_do_not_go_on_in_the_next_text() -> None:
    assert [scan(["eco-", "nomic"]).tokens(n).raw for n in (0, 1)] == [["eco", "-"], ["nomic"]]


WORDS = ["<unk>", "<s>", "<num>", "<year>", "the", "'s", "a", "well-being", "international",
         "don't", "internationalisation", "covid-19", "antidisestablishmentarianisms"]  # fmt: skip


@given(
    st.lists(st.sampled_from(WORDS[4:]) | st.text("aeIT-'x", min_size=1, max_size=26), max_size=20),
    st.sampled_from([str.lower, str.upper, str.capitalize, str.title]),
)
def test_table_agrees_with_the_vocabulary(words: list[str], case: object) -> None:
    assert callable(case)
    found = scan([" ".join(case(word) for word in words)])
    vocabulary, table = Vocabulary(WORDS), WordTable.build(WORDS)
    tokens = found.strings(np.arange(len(found.start)))
    ids, cases = vocabulary.encode(tokens)
    hashes = hashed(found.codes, found.start, found.end)
    got = table.find(hashes.key)
    assert got[hashes.plain].tolist() == ids[hashes.plain].tolist()
    assert hashes.case[hashes.plain].tolist() == cases[hashes.plain].tolist()


def test_full_table_finds_all() -> None:
    words = [f"{first}{second}{third}" for first in "abcdefghijklmnopqrst"
             for second in "aeiouyxz" for third in ("ness", "wordoflength", "xx", "averylongendofit")]  # fmt: skip
    table = WordTable.build(words)
    found = scan([" ".join(words)])
    assert table.find(hashed(found.codes, found.start, found.end).key).tolist() == list(
        range(len(words))
    )
