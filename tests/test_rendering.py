"""Case, articles, spelling, broken numbers, and replaying edits."""

from __future__ import annotations

import pytest

from respin.numerals import broken_numbers
from respin.rendering import Edit, apply_edits, article_before, in_case_of
from respin.spelling import american


@pytest.mark.parametrize(
    ("raw", "original", "inside", "expected"),
    [
        (["safety"], "security", True, "security"),
        (["Safety"], "security", True, "Security"),
        (["SAFETY"], "security", True, "SECURITY"),
        (["Financial", "Institution"], "bank", True, "Bank"),
        (["Whereas"], "even though", False, "Even though"),
        (["Vitality"], "energy supply", True, "Energy Supply"),
        (["Charges", "of", "Interest"], "interest rates", True, "Interest Rates"),
        (["The", "corporate"], "the company", False, "The company"),
        (["iPhones"], "phones", True, "phones"),
        (["2"], "two", True, "two"),
    ],
)
def test_case(raw: list[str], original: str, inside: bool, expected: str) -> None:
    assert in_case_of(raw, original, inside=inside) == expected


@pytest.mark.parametrize(
    ("word", "article"),
    [("hour", "an"), ("house", "a"), ("union", "a"), ("umbrella", "an"), ("unimportant", "an"),
     ("European", "a"), ("one", "a"), ("onerous", "an"), ("MRI", "an"), ("NATO", "an"), ("UK", "a"),
     ("8%", "an"), ("18", "an"), ("11", "an"), ("100", "a"), ("honest", "an"), ("useful", "a"),
     ("utility", "a"), ("unusual", "an"), ("economic", "an"), ("uranium", "a")],
)  # fmt: skip
def test_article(word: str, article: str) -> None:
    assert article_before(word) == article


def test_edits_must_fit_the_text() -> None:
    edit = Edit(0, 3, "abc", "x", 1.0, "news")
    assert apply_edits("abcd", [edit]) == "xd"
    with pytest.raises(ValueError, match="does not fit"):
        apply_edits("zbcd", [edit])
    with pytest.raises(ValueError, match="does not fit"):
        apply_edits("abcabc", [edit, Edit(1, 3, "bc", "y", 1.0, "news")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a couple of.5 million", "2.5 million"), ("two,489 people", "2,489 people"),
        ("about one.6 times", "about 1.6 times"), ("Eight-11 of them", "8-11 of them"),
        ("one. Two", "one. Two"), ("a couple of 5s", "a couple of 5s"),
        ("rose eightpercent to 7percent", "rose 8% to 7%"), ("sevenpercentage", "sevenpercentage"),
        ("a percent, onepercenter", "a percent, onepercenter"), ("2.5percent", "2.5%"),
        ("one,two", "one,two"), ("twenty-20 cricket, two,12", "20-20 cricket, two,12"),
    ],
)  # fmt: skip
def test_broken_numbers(text: str, expected: str) -> None:
    for start, end, digits in reversed(broken_numbers(text)):
        text = text[:start] + digits + text[end:]
    assert text == expected


@pytest.mark.parametrize(
    ("british", "us"),
    [("labour", "labor"), ("organisation", "organization"), ("centre", "center"), ("defence", "defense"),
     ("travelled", "traveled"), ("analyse", "analyze"), ("hour", "hour"), ("advise", "advise"),
     ("rolled", "rolled"), ("influence", "influence")],
)  # fmt: skip
def test_spelling(british: str, us: str) -> None:
    known = dict.fromkeys(
        ["labor", "organization", "center", "defense", "traveled", "analyze", "hor", "advize",
         "roled", "influense"], 1,
    )  # fmt: skip
    assert american(british, known) == us
