"""Forms of English words, by rule and by exception."""

from __future__ import annotations

import pytest

from respin.inflection import forms, paired_forms


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("stop", "stops stopped stopped stopping"), ("carry", "carries carried carried carrying"),
        ("make", "makes made made making"), ("see", "sees saw seen seeing"),
        ("die", "dies died died dying"), ("open", "opens opened opened opening"),
        ("prefer", "prefers preferred preferred preferring"), ("fix", "fixes fixed fixed fixing"),
        ("rebuild", "rebuilds rebuilt rebuilt rebuilding"), ("panic", "panics panicked panicked panicking"),
        ("play", "plays played played playing"), ("agree", "agrees agreed agreed agreeing"),
    ],
)  # fmt: skip
def test_verbs(verb: str, expected: str) -> None:
    found = forms(verb, "v")
    assert [found[name] for name in ("s", "past", "participle", "ing")] == expected.split()


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("city", "cities"), ("day", "days"), ("church", "churches"), ("analysis", "analyses"),
     ("man", "men"), ("series", "series"), ("box office", "box offices")],
)  # fmt: skip
def test_nouns(noun: str, plural: str) -> None:
    assert forms(noun, "n")["plural"] == plural


@pytest.mark.parametrize(
    ("adjective", "comparative"),
    [("large", "larger"), ("big", "bigger"), ("easy", "easier"), ("important", "more important"),
     ("good", "better"), ("sturdy", "sturdier")],
)  # fmt: skip
def test_adjectives(adjective: str, comparative: str) -> None:
    assert forms(adjective, "a")["comparative"] == comparative


def test_pairs_align_forms_of_both_sides() -> None:
    assert paired_forms("turn into", "become", "v") == [
        ("turn into", "become"), ("turns into", "becomes"), ("turned into", "became"),
        ("turned into", "become"), ("turning into", "becoming"),
    ]  # fmt: skip
    assert paired_forms("the place", "where", "x") == [("the place", "where")]
