"""How well an original goes with the words around it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from respin import Restorer
from respin.language_model import Topics
from respin.topic_estimation import FUNCTION_WORDS, chosen_words, vectors
from respin.vocabulary import CLASS_WORDS


def corpus(seed: int = 3) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Two topics of twenty words each, among function words that go with both."""
    chance = random.Random(seed)
    grammar = [f"the{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(FUNCTION_WORDS)]
    topics = [[f"{kind}{chr(97 + n)}" for n in range(20)] for kind in ("money", "health")]
    words = [*CLASS_WORDS, *grammar, *topics[0], *topics[1]]
    number = {word: place for place, word in enumerate(words)}
    text: list[int] = []
    for _ in range(1500):
        topic = chance.choice(topics)
        for _ in range(20):
            text += [number[chance.choice(grammar)], number[chance.choice(grammar)]]
            text.append(number[chance.choice(topic)])
    ids = np.array(text, np.uint16)
    counts = np.bincount(ids, minlength=len(words))
    counts[: len(CLASS_WORDS)] = 10**6
    counts[len(CLASS_WORDS) : len(CLASS_WORDS) + len(grammar)] += 10**6
    return words, ids, np.log(counts / counts.sum())


def test_function_words_have_no_vector() -> None:
    words, _, unigram = corpus()
    assert {words[number][:5] for number in chosen_words(words, unigram)} == {"money", "healt"}


def test_words_of_one_topic_are_near() -> None:
    words, ids, unigram = corpus()
    chosen, found, unit = vectors(ids, words, unigram, lambda message: None)
    rows = {words[number]: found[place].astype(int) for place, number in enumerate(chosen)}
    same = rows["moneya"] @ rows["moneyb"] * unit
    other = rows["moneya"] @ rows["healthb"] * unit
    assert same > 0.4 > 0.1 > other


def test_neighbours_decide(restorer: Restorer) -> None:
    """The same words, among other neighbours: what a trigram cannot see."""
    money = (
        "Traders mentioned shares fell. Whatever occurs to it, the worth is unclear. Stocks, gold "
        "and oil had been bought, and gross sales by shoppers had been weak out there."
    )
    told = Restorer(family="news")
    edit = next(edit for edit in told.restore(money).edits if edit.spun == "worth")
    assert edit.original == "price"


def test_same_in_any_company(restorer: Restorer) -> None:
    """Sums of integers: not a bit changes with the documents that share a batch."""
    text = "The corporate mentioned that the worth of its shares fell within the final yr. " * 3
    alone = restorer.restore(text)
    for others in (["A clean text."], [text[:60]] * 7, ["Words. " * 500]):
        assert list(restorer.restore_many([*others, text]))[-1] == alone


def test_small_model_has_topics(small_model: object, tmp_path: object) -> None:
    """A corpus without 150 function words and more has none, and nothing breaks."""
    topics = small_model.topics  # type: ignore[attr-defined]
    assert isinstance(topics, Topics)
    assert len(topics.vectors) == (topics.row >= 0).sum()


@pytest.mark.parametrize("size", [0, 2])
def test_too_few_words(size: int) -> None:
    words = [*CLASS_WORDS, *(f"w{chr(97 + n)}" for n in range(size))]
    chosen, found, _ = vectors(
        np.zeros(0, np.uint16), words, np.zeros(len(words)), lambda message: None
    )
    assert len(chosen) == len(found) == 0
