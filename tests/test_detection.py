"""Detection: clean text of many kinds, half-spun documents, both stages, unknown tools."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from respin import Restorer, detection, inference, sections
from respin.detection import UNKNOWN, probability
from respin.sections import two_states

CASES = Path(__file__).parent / "cases"
VARIETIES = json.loads((CASES / "clean_varieties.json").read_text(encoding="utf-8"))
SPUN = next(
    case["text"]
    for case in json.loads((CASES / "restore.json").read_text(encoding="utf-8"))
    if case["name"] == "news: central bank"
)


@pytest.mark.parametrize("case", VARIETIES, ids=[case["name"] for case in VARIETIES])
def test_clean_varieties(restorer: Restorer, case: dict[str, str]) -> None:
    result = restorer.restore(case["text"])
    assert result.text == case["text"]
    assert not result.edits
    assert not result.report.is_spun
    assert result.report.probability < 0.1


def test_varieties_together_are_clean(restorer: Restorer) -> None:
    """Evidence must not add up to an accusation over a long and motley page."""
    page = "\n\n".join(case["text"] for case in VARIETIES)
    assert restorer.restore(page).text == page


def test_spun_part_of_a_clean_page(restorer: Restorer) -> None:
    clean = [case["text"] for case in VARIETIES if "\n" not in case["text"]]
    before, after = "\n\n".join(clean[:6]) + "\n\n", "\n\n" + "\n\n".join(clean[6:12])
    report = restorer.detect(before + SPUN + after)
    assert report.is_spun
    assert report.family == "news"
    low, high = len(before), len(before) + len(SPUN)
    assert all(low - 200 <= span.start < span.end <= high + 200 for span in report.spans)
    assert sum(span.end - span.start for span in report.spans) > 0.8 * len(SPUN)
    result = restorer.restore(before + SPUN + after)
    assert result.text.startswith(before[:-150])  # give or take a sentence
    assert result.text.endswith(after)
    assert result.text[low:] != SPUN + after


def test_a_tweet_proves_nothing(restorer: Restorer) -> None:
    """With so few words the probability hardly leaves the prior of 1 in 100."""
    report = restorer.detect("Lovely walk by the river this morning, the swans are back.")
    assert not report.is_spun
    assert report.verdict == "can't tell"
    assert 0.0005 < report.probability < 0.05


def test_verdicts(restorer: Restorer) -> None:
    assert restorer.detect(SPUN).verdict == "spun"
    longest = max(VARIETIES, key=lambda case: len(case["text"]))
    assert restorer.detect(longest["text"]).verdict == "clean"


def test_probability_grows_with_the_ratio() -> None:
    values = [probability(ratio) for ratio in np.linspace(-50, 50, 101)]
    assert values == sorted(values)
    assert values[0] < 1e-6
    assert values[-1] > 1 - 1e-6


def test_evidence_in_words(restorer: Restorer) -> None:
    evidence = restorer.detect(SPUN).evidence
    assert any(" for '" in line for line in evidence)
    assert evidence[-1].startswith("of about ")
    assert evidence[-1].endswith(" are")


def test_unknown_tool(restorer: Restorer) -> None:
    """A table of which little was replaced is not the spinner's own."""
    inferred = SimpleNamespace(intensity=np.array([0.3, 0.7]), family=np.array([1, 1]))
    index = restorer.index
    assert detection._family(index, inferred, 0) == UNKNOWN
    assert detection._family(index, inferred, 1) == index.families[1]


def test_two_states_ignores_single_sentences() -> None:
    score = np.array([-5.0, -5.0, 3.0, -4.0, 5.0, 5.0, -1.0, 6.0, -2.0, -3.0])
    assert two_states(score, 4.0).tolist() == [False] * 4 + [True] * 4 + [False] * 2
    assert two_states(np.zeros(0), 4.0).tolist() == []


@pytest.mark.parametrize("seed", range(20))
def test_best_stretch_is_the_best(seed: int) -> None:
    """The vectorised maximum-subarray search agrees with trying every stretch."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(0, 7, 5)
    document = np.repeat(np.arange(5), sizes)
    evidence = chance.normal(size=(len(document), 3))
    best, total = sections._best_stretch(evidence, document, 5)
    for number in range(5):
        own = evidence[document == number]
        for family in range(3):
            sums = [
                own[low:high, family].sum()
                for low in range(len(own))
                for high in range(low + 1, len(own) + 1)
            ]
            assert best[number, family] == pytest.approx(max(sums, default=0.0), abs=1e-5)
            assert total[number, family] == pytest.approx(own[:, family].sum())


def test_the_stages_agree(restorer: Restorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first stage settles, the second would not have called spun: on 2,000 documents of
    shuffled clean sentences, every third of which has up to three spun ones among them."""
    clean = [
        sentence
        for case in VARIETIES
        for sentence in re.split(r"(?<=[.!?])\s+", case["text"])
        if len(sentence) > 40
    ]
    spun = re.split(r"(?<=[.!?])\s+", SPUN)
    chance = random.Random(4)
    texts = []
    for number in range(2000):
        sentences = chance.sample(clean, chance.randint(1, 8))
        if number % 3 == 0:
            sentences += chance.sample(spun, min(len(spun), chance.randint(1, 3)))
            chance.shuffle(sentences)
        texts.append(" ".join(sentences))
    settled = list(restorer.detect_many(texts))
    monkeypatch.setattr(inference, "GATE", -1e9)
    monkeypatch.setattr(inference, "PROMISE", -1e9)
    decoded = list(restorer.detect_many(texts))
    wrong = sum(a.is_spun != b.is_spun for a, b in zip(settled, decoded, strict=True))
    assert sum(report.is_spun for report in decoded) > 100
    assert wrong <= 2  # a document in a thousand, near the threshold
