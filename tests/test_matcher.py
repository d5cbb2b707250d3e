"""Exact, inflected and near matches of listed phrases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from respin import Restorer
from respin.fuzzy import NearWords
from respin.language_model import LanguageModel
from respin.matcher import expand, match
from respin.phrase_compiler import compile_rows
from respin.phrase_index import PhraseIndex
from respin.phrase_map import Row
from respin.text import tokenise
from respin.vocabulary import Vocabulary


def _row(spun: str, original: str, part: str = "x", family: str = "news") -> Row:
    return Row(spun, original, family, part, 0.5, "known")


ROWS = [
    _row("provide chain", "supply chain", "n"), _row("well being", "health"),
    _row("know-how", "technology"), _row("underneath", "under"), _row("officer", "official", "n"),
    _row("in the region of", "about"), _row("region", "area", "n"), _row("defense", "protection"),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(small_model: LanguageModel) -> PhraseIndex:
    return compile_rows(ROWS, small_model)


def found(index: PhraseIndex, model: LanguageModel, text: str) -> list[tuple[str, str]]:
    """(matched text, an original) for every entry that matches."""
    vocabulary = Vocabulary(model.words)
    vocabulary.extend(index.extra_words)
    tokens = tokenise(text)
    ids, _ = vocabulary.encode(tokens.raw)
    matches = match(index, index.canonical[ids], np.zeros(len(ids), bool))
    pairs = []
    for start, end, node in zip(matches.start, matches.end, matches.node, strict=True):
        for entry in range(index.entry_start[node], index.entry_start[node + 1]):
            pairs.append((" ".join(tokens.raw[start:end]), index.out_text(entry)))
    return pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Provide Chain is", ("Provide Chain", "supply chain")),
        ("their well being", ("well being", "health")),
        ("their well-being", ("well-being", "health")),
        ("their wellbeing", ("wellbeing", "health")),
        ("new know how", ("know how", "technology")),
        ("the defence of", ("defence", "protection")),
        ("the defense of", ("defense", "protection")),
        ("under\u00adneath it", ("under\u00adneath", "under")),
        ("undеrneath it", ("undеrneath", "under")),
        ("under-\nneath it", ("under-\nneath", "under")),
    ],
)
def test_ways_of_writing(
    index: PhraseIndex, small_model: LanguageModel, text: str, expected: tuple[str, str]
) -> None:
    assert expected in found(index, small_model, text)


def test_overlaps_stay(index: PhraseIndex, small_model: LanguageModel) -> None:
    pairs = found(index, small_model, "in the region of ten")
    assert ("in the region of", "about") in pairs
    assert ("region", "area") in pairs


def test_nothing_in_other_words(index: PhraseIndex, small_model: LanguageModel) -> None:
    assert found(index, small_model, "strong economic growth was underway") == []


def test_phrases_do_not_cross_sentences(index: PhraseIndex, small_model: LanguageModel) -> None:
    vocabulary = Vocabulary(small_model.words)
    vocabulary.extend(index.extra_words)
    ids, _ = vocabulary.encode(["provide", "chain"])
    assert len(match(index, index.canonical[ids], np.array([True, True]))) < len(
        match(index, index.canonical[ids], np.array([True, False]))
    )


@pytest.mark.parametrize(
    ("token", "nearest"),
    [
        ("finanical", ("financial", 1)), ("instituton", ("institution", 1)),
        ("goverment", ("government", 1)), ("tecnologie", None), ("technolgoyy", ("technology", 2)),
        ("cat", None), ("zzzzzzzz", None),
    ],
)  # fmt: skip
def test_near_words(token: str, nearest: tuple[str, int] | None) -> None:
    words = ["financial", "institution", "government", "technology", "cart"]
    assert NearWords(words).nearest(token) == nearest


@given(st.text("abcdefgh", min_size=6, max_size=14), st.integers(0, 20), st.sampled_from("axz"))
def test_near_words_find_every_single_edit(word: str, place: int, letter: str) -> None:
    place %= len(word)
    near = NearWords([word])
    for typo in (
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :],
    ):
        if len(typo) >= 6:
            assert near.nearest(typo) == (word, int(typo != word))


def test_expand() -> None:
    member, owner = expand(np.array([5, 0, 2]), np.array([7, 0, 3]))
    assert member.tolist() == [5, 6, 2]
    assert owner.tolist() == [0, 0, 2]


@pytest.mark.parametrize(
    ("family", "text", "expected"),
    [
        ("rewriter", "a time-eating task", ("time-eating", "time-consuming")),
        ("rewriter", "it is fee-powerful", ("fee-powerful", "cost-effective")),
        ("rewriter", "the on-call for car", ("on-call for", "on-demand")),
        ("news", "a time-eating task", None),  # news leaves hyphenated words whole
    ],
)
def test_parts_of_hyphenated_words(
    restorer: Restorer, family: str, text: str, expected: tuple[str, str] | None
) -> None:
    pairs = [
        ("eating", "consuming"), ("fee", "cost"), ("powerful", "effective"), ("call for", "demand"),
    ]  # fmt: skip
    rows = [_row(spun, original, family=family) for spun, original in pairs]
    model = restorer.model
    known = found(compile_rows(rows, model), model, text)
    assert expected in known if expected else known == []
