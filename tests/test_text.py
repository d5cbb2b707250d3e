"""Tokens: offsets into the input for any Unicode, normal forms, protected spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respin.text import (
    CAPITALISED,
    LOWER,
    MIXED,
    UNCASED,
    UPPER,
    case_of,
    normalise,
    protected_spans,
    tokenise,
)  # fmt: skip

HARD = st.text(
    alphabet=st.one_of(
        st.sampled_from("abcXYZ \n\r\t.,'’-‑–\u00ad\u200b\u0301\u00a0İıßﬁ🙂é́аеU.S"), st.characters()
    ),
    max_size=80,
)


@given(HARD)
def test_offsets_give_back_the_input(text: str) -> None:
    tokens = tokenise(text)
    here = 0
    for raw, start, end in zip(tokens.raw, tokens.starts, tokens.ends, strict=True):
        assert text[start:end] == raw
        assert raw
        assert text[here:start].isspace() or here == start
        here = int(end)
    assert text[here:].isspace() or here == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("İstanbul’s e-mail", ["İstanbul", "’s", "e-mail"]),
        ("don't they've", ["don't", "they've"]),
        ("the U.S. rose 2.5%", ["the", "U.S.", "rose", "2.5", "%"]),
        ("1,200 5G 90s", ["1,200", "5G", "90s"]),
        ("a 🙂 b\r\nc", ["a", "🙂", "b", "c"]),
        ("eco-\nnomic growth", ["eco-\nnomic", "growth"]),
        ("cafe\u0301 fi\u00adnance", ["cafe\u0301", "fi\u00adnance"]),
        ("one\u00a0two", ["one", "two"]),
        ("“Quoted”", ["“", "Quoted", "”"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokenise(text).raw == expected


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("İ", "i̇"), ("ﬁnance", "finance"), ("co\u00adop\u200bera\u200dtion", "cooperation"),
        ("есonomy", "economy"), ("don’t", "don't"), ("well‑being", "well-being"),
        ("eco-\nnomic", "economic"), ("U.S.", "u.s"), ("Москва", "москва"), (".", "."),
    ],
)  # fmt: skip
def test_normal_forms(raw: str, word: str) -> None:
    assert normalise(raw) == word


@pytest.mark.parametrize(
    ("raw", "case"),
    [("the", LOWER), ("The", CAPITALISED), ("A", CAPITALISED), ("NASA", UPPER), ("iPhone", MIXED),
     ("2.5", UNCASED), ("…", UNCASED)],
)  # fmt: skip
def test_case(raw: str, case: int) -> None:
    assert case_of(raw) == case


@pytest.mark.parametrize(
    ("text", "protected"),
    [
        ("see https://example.org/a-b?c=d now", ["https://example.org/a-b?c=d"]),
        ("write to jane.doe@example.org today", ["jane.doe@example.org"]),
        ("run `make stock` first", ["`make stock`"]),
        ("in /usr/share/stock/price there", ["/usr/share/stock/price"]),
        ("weighs 5 kg or 12.5km", ["5 kg", "12.5km"]),
        ("follow @stock and #price", ["@stock", "#price"]),
        ("either/or and this and that", []),
        ("plain words only", []),
    ],
)
def test_protected(text: str, protected: list[str]) -> None:
    assert [text[start:end] for start, end in protected_spans(text)] == protected
