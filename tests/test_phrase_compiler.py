"""Rows of the phrase map to the arrays of the index."""

from __future__ import annotations

import numpy as np
import pytest

from respin import Restorer
from respin.phrase_map import Row, write
from respin.vocabulary import NUMBER, YEAR, Vocabulary, model_ids, word_class


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Restorer:
    """Rows whose spun side holds a number that the language model only knows as a number."""
    path = tmp_path_factory.mktemp("map") / "map.tsv"
    write(path, [
        Row("0.33", "third", "rewriter", "x", 0.5, "known"),
        Row("0.33 birthday celebration", "third party", "rewriter", "x", 0.5, "known"),
        Row("withinside the", "in the", "rewriter", "x", 0.5, "known"),
    ])  # fmt: skip
    return Restorer(path, family="rewriter", intensity=0.9)


@pytest.mark.parametrize(
    ("spun", "expected"),
    [
        ("She won withinside the 0.33 round.", "She won in the third round."),
        ("It was sold to a 0.33 birthday celebration.", "It was sold to a third party."),
        ("They read 1,780 pages withinside the year.", "They read 1,780 pages in the year."),
        ("It rose 0.34 points withinside the year.", "It rose 0.34 points in the year."),
    ],
)
def test_a_number_is_matched_as_it_stands(numbers: Restorer, spun: str, expected: str) -> None:
    assert numbers.restore(spun).text == expected


def test_numbers_of_the_map_are_numbers_to_the_model(numbers: Restorer) -> None:
    vocabulary = Vocabulary(numbers.model.words)
    known = len(vocabulary.words)
    vocabulary.extend(["0.33", "1999", "zyxwvu"])
    own = model_ids(vocabulary.words, known)
    assert own[known:].tolist() == [NUMBER, YEAR, known + 2]
    assert np.array_equal(own[:known], np.arange(known))
    assert word_class("0.33") == word_class("1,780") == "<num>"
