"""The model: builder, file, scores."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from respin import ngram_table
from respin.cli import main
from respin.errors import DataFileError, InputError
from respin.language_model import LanguageModel
from respin.model_builder import BuildOptions, build, choose_words, documents, is_held_out
from respin.vocabulary import CLASS_WORDS


def _ids(model: LanguageModel, text: str) -> np.ndarray:
    return np.array([model.words.index(word) for word in text.split()])


def test_probabilities_add_up_to_one(small_model: LanguageModel) -> None:
    """Up to the rounding of 8-bit codes (a thirtieth of a nat)."""
    every = np.arange(len(small_model.words))
    for first, second in (
        ("<s>", "the"),
        ("supply", "chain"),
        ("the", "minister"),
        ("gold", "data"),
    ):
        a, b = _ids(small_model, f"{first} {second}")
        size = len(every)
        total = np.exp(small_model.trigram(np.full(size, a), np.full(size, b), every)).sum()
        assert total == pytest.approx(1.0, abs=0.06)


def test_seen_word_pairs_are_likelier(small_model: LanguageModel) -> None:
    good, bad = _ids(small_model, "the supply chain"), _ids(small_model, "the chain supply")
    assert small_model.sequence(good).sum() > small_model.sequence(bad).sum() + 2


def test_unlisted_words_cost_more(small_model: LanguageModel) -> None:
    ids = _ids(small_model, "the supply chain")
    unlisted = ids.copy()
    unlisted[1] = 0
    assert small_model.sequence(unlisted)[1] < small_model.sequence(ids)[1] - 5


def test_pruned_model_keeps_its_size(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl.xz"
    chance = np.random.default_rng(1)
    words = [f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60)]
    with lzma.open(corpus, "wt") as file:
        for _ in range(40):
            text = " ".join(words[n] for n in chance.zipf(1.6, 200) % 60) + "."
            file.write(json.dumps({"text": text}) + "\n")
    output = tmp_path / "model.bin"
    build([corpus], output, BuildOptions(300, 200, hold_out=10, workers=1))
    model = LanguageModel.load(output)
    assert model.meta["trigrams"] <= 200
    assert model.meta["bigrams"] <= 300 + 200
    every = np.arange(len(model.words))
    for word in range(4, 20):
        total = np.exp(model.bigram(np.full(len(every), word), every)).sum()
        assert total == pytest.approx(1.0, abs=0.06)


def test_corpus_with_a_bad_line(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"text": "fine"}\nnot json\n')
    with pytest.raises(InputError, match=r'corpus\.jsonl:2: not a JSON object with "text"'):
        list(documents(corpus))


def test_empty_corpus(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("")
    with pytest.raises(InputError, match="no usable text"):
        build([corpus], tmp_path / "model.bin", BuildOptions(workers=1))


def test_vocabulary_begins_with_classes_and_splits_acronyms() -> None:
    from collections import Counter

    counts = Counter({"the": 500, "US": 60, "us": 40, "The": 30, "WAS": 1, "was": 90, "1234567": 9})
    words = choose_words(counts, ["provide"])
    assert words[:4] == list(CLASS_WORDS)
    assert {"US", "us", "provide"} <= set(words)
    assert "WAS" not in words
    assert "1234567" not in words


def test_held_out_is_every_nth() -> None:
    assert [n for n in range(200) if is_held_out(n, 50)] == [49, 99, 149, 199]
    assert not any(is_held_out(n, 0) for n in range(200))


def _damage(data: bytes, how: str) -> bytes:
    return {
        "empty": b"",
        "short": data[:10],
        "other kind": b"NOTMODEL" + data[8:],
        "other version": data[:8] + b"\x63\0\0\0" + data[12:],
        "cut": data[: len(data) // 2],
        "flipped": data[:-100] + bytes([data[-100] ^ 255]) + data[-99:],
        "header": data[:20] + b"\xff" + data[21:],
    }[how]


@pytest.mark.parametrize(
    "how", ["empty", "short", "other kind", "other version", "cut", "flipped", "header"]
)
def test_broken_files_are_refused(small_model: LanguageModel, tmp_path: Path, how: str) -> None:
    source = Path(__file__).parent.parent / "data" / "language_model.bin"
    path = tmp_path / "model.bin"
    path.write_bytes(_damage(source.read_bytes(), how))
    with pytest.raises(DataFileError, match=r"model\.bin: .*Reinstall respin"):
        LanguageModel.load(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="cannot be read"):
        LanguageModel.load(tmp_path / "none.bin")


@given(st.sets(st.integers(0, 2**48 - 1), max_size=300), st.lists(st.integers(0, 2**48 - 1)))
def test_table_finds_its_keys_and_hardly_others(keys: set[int], others: list[int]) -> None:
    array = np.array(sorted(keys), np.uint64)
    codes = (array % np.uint64(251)).astype(np.uint8)
    table, (column,) = ngram_table.build(array, [codes])
    slots = ngram_table.find(table, ngram_table.bucket_count(len(array)), array)
    assert (slots >= 0).all()
    if len(array):
        # Two keys of one bucket can share a fingerprint (2**-16), then the first answers.
        assert (column[slots] == codes).mean() > 0.98
    strangers = np.array([key for key in others if key not in keys], np.uint64)
    found = ngram_table.find(table, ngram_table.bucket_count(len(array)), strangers)
    assert (found >= 0).sum() <= 1


def test_a_corpus_named_twice_counts_twice(tmp_path: Path) -> None:
    corpus, own = tmp_path / "corpus.txt", tmp_path / "own.txt"
    corpus.write_text("the price rose\n\n" * 30)
    own.write_text("the price fell\n\n" * 10)
    chances = []
    for weigh in ("1", "3"):
        output = tmp_path / f"{weigh}.bin"
        arguments = ["model", "build", str(corpus), "--weigh", weigh, str(own), "--hold-out", "0"]
        small = ["--map", str(tmp_path / "none.tsv"), "--workers", "1"]  # needs no scipy
        assert main([*arguments, *small, "--output", str(output)]) == 0
        model = LanguageModel.load(output)
        price, fell = (np.array([model.words.index(word)]) for word in ("price", "fell"))
        chances.append(float(np.exp(model.bigram(price, fell)[0])))
    # 10 of 40 and 30 of 60, less the discounts of so small a corpus.
    assert chances[0] == pytest.approx(0.25, abs=0.06)
    assert chances[1] == pytest.approx(0.5, abs=0.06)
    assert model.meta["corpora"] == ["corpus.txt", "own.txt x3"]


@pytest.mark.parametrize("weigh", [["x", "own.txt"], ["0", "own.txt"], ["3"]])
def test_weights_that_are_none(
    weigh: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = str(tmp_path / "model.bin")
    assert main(["model", "build", "corpus.txt", "--output", output, "--weigh", *weigh]) != 0
    assert "give a number from 1 to 1000" in capsys.readouterr().err
