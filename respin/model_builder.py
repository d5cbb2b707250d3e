"""Builds the language model from corpora of clean text: counts, discounts, pruning, file.

Streaming: documents pass once to choose the vocabulary (a sample) and once to become 16-bit ids on
disk; n-grams are counted by sorting keys. Peak memory is about 20 bytes a corpus word.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respin import array_file, ngram_table
from respin.errors import InputError
from respin.language_model import MAGIC, NO_PROBABILITY, VERSION
from respin.text import UPPER, case_of, normalise, tokenise
from respin.vocabulary import CLASS_WORDS, START, UNKNOWN, Vocabulary, word_class

MAX_WORDS = 1 << 16
_BATCH = 400  # documents handed to a worker at once
_SAMPLE = 4  # the vocabulary is chosen from every 4th document
# Documents are skipped when more than this share of their tokens is unknown, or single letters:
# scanned pages with broken recognition (measured on the 1959-1975 press releases).
_MAX_UNKNOWN, _MAX_SINGLE = 0.2, 0.12
_ACRONYM_SHARE = 0.3  # an upper-case form gets its own id if it is this share of the word's uses
_OPEN: dict[str, Callable[..., Any]] = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}


@dataclass(frozen=True)
class BuildOptions:
    """How a model is built.

    ``bigrams`` and ``trigrams`` are the sizes after pruning: 4 bytes a bigram and 3 a trigram, over
    the load of the table. ``hold_out`` leaves every n-th document out for testing (0: none);
    ``extra_words`` get an id even if rare (the words of the phrase map).
    """

    bigrams: int = 1_800_000
    trigrams: int = 4_200_000
    hold_out: int = 50
    workers: int = 2
    extra_words: tuple[str, ...] = ()


def documents(path: str | Path) -> Iterator[str]:
    """Documents of one corpus file: JSON Lines with "text", or plain text (blank-line blocks);
    plain, .gz, .bz2 or .xz."""
    path = Path(path)
    try:
        binary = _OPEN.get(path.suffix, open)(path, "rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    with io.TextIOWrapper(binary, encoding="utf-8", errors="replace") as file:
        if ".jsonl" not in path.suffixes:
            yield from file.read().split("\n\n")
            return
        for number, line in enumerate(file, 1):
            try:
                yield json.loads(line)["text"]
            except (ValueError, KeyError, TypeError):
                raise InputError(
                    f'{path}:{number}: not a JSON object with "text". Mend or remove the line'
                ) from None


def is_held_out(number: int, every: int) -> bool:
    """Whether the document with this number (from 0, in its file) is kept for testing."""
    return every > 0 and number % every == every - 1


def training_documents(paths: Iterable[str | Path], hold_out: int) -> Iterator[str]:
    """All documents of all files but the held-out ones."""
    for path in paths:
        for number, text in enumerate(documents(path)):
            if not is_held_out(number, hold_out):
                yield text


def _batches(items: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(items, _BATCH)):
        yield batch


def _count_words(texts: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(tokenise(text).raw)
    return counts


def choose_words(raw_counts: Counter[str], extra: Iterable[str]) -> list[str]:
    """The vocabulary: the class words, the extra words, then the most frequent."""
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for raw, count in raw_counts.items():
        word = word_class(normalise(raw))
        lower[word] += count
        if case_of(raw) == UPPER and raw.isascii() and raw.isalpha():
            upper[raw] += count
    for raw, count in list(upper.items()):
        if count < 20 or count < _ACRONYM_SHARE * lower[raw.lower()]:
            del upper[raw]
    words = dict.fromkeys(CLASS_WORDS)
    words.update(dict.fromkeys(word_class(normalise(word)) for word in extra))
    for word, _ in (lower + upper).most_common(MAX_WORDS + 1000):
        if len(words) >= MAX_WORDS:
            break
        if "\n" not in word and word:
            words[word] = None
    return list(words)


_worker_vocabulary: Vocabulary


def _start_worker(words: list[str]) -> None:
    global _worker_vocabulary
    _worker_vocabulary = Vocabulary(words)


def _encode(texts: list[str]) -> NDArray[np.uint16]:
    parts = []
    for text in texts:
        ids, _ = _worker_vocabulary.encode(raw := tokenise(text).raw)
        if not len(ids) or (ids == UNKNOWN).mean() > _MAX_UNKNOWN:
            continue
        if sum(map(_is_single_letter, raw)) > _MAX_SINGLE * len(raw):
            continue
        starts = np.flatnonzero(_worker_vocabulary.sentence_starts(ids))
        parts += [np.insert(ids, starts, START).astype(np.uint16)]
    return np.concatenate(parts) if parts else np.empty(0, np.uint16)


def _is_single_letter(raw: str) -> bool:
    return len(raw) == 1 and raw.isalpha() and raw not in "aAI"


def build(
    paths: list[str | Path],
    output: str | Path,
    options: BuildOptions,
    say: Callable[[str], None] = lambda message: None,
) -> None:
    """Build a model from corpus files and write it to ``output`` (atomically).

    A file that is named n times counts n times: the way to give a small corpus of the texts that
    matter its weight beside large ones (count merging; Bacchiani & Roark 2003).
    """
    from respin import topic_estimation
    from respin.ngram_estimation import estimate

    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(options.workers) as pool:
        sample = islice(training_documents(paths, options.hold_out), 0, None, _SAMPLE)
        for part in _windowed(pool, _count_words, _batches(sample), options.workers):
            counts.update(part)
    words = choose_words(counts, options.extra_words)
    say(f"vocabulary: {len(words):,} words of {len(counts):,} forms seen")
    with tempfile.TemporaryDirectory(dir=Path(output).parent) as folder:
        scratch = Path(folder) / "ids.u2"
        total = 0
        with (
            ProcessPoolExecutor(options.workers, initializer=partial(_start_worker, words)) as pool,
            open(scratch, "wb") as file,
        ):
            texts = _batches(training_documents(paths, options.hold_out))
            for ids in _windowed(pool, _encode, texts, options.workers):
                ids.tofile(file)
                total += len(ids)
        say(f"corpus: {total:,} tokens")
        if os.path.getsize(scratch) < 6:
            raise InputError("the corpora hold no usable text")
        ids = np.fromfile(scratch, np.uint16)
    model = estimate(ids, len(words), options.bigrams, options.trigrams, say)
    meta = {
        "tokens": total,
        "hold_out": options.hold_out,
        "corpora": _names(paths),
    }
    topics = topic_estimation.vectors(ids, words, model.unigram, say)
    _write(output, words, model, topics, meta)
    say(f"{output}: {os.path.getsize(output) / 1e6:.1f} MB")


def _names(paths: Iterable[str | Path]) -> list[str]:
    """Names of the corpora, with their weight where it is not 1."""
    times = Counter(Path(path).name for path in paths)
    return sorted(name if count == 1 else f"{name} x{count}" for name, count in times.items())


def _windowed(
    pool: ProcessPoolExecutor, work: Callable[..., Any], items: Iterator[Any], workers: int
) -> Iterator[Any]:
    """pool.map in order, but with few batches in flight, so that memory stays bounded."""
    flight: list[Any] = []
    for item in items:
        flight.append(pool.submit(work, item))
        if len(flight) > 3 * workers:
            yield flight.pop(0).result()
    for future in flight:
        yield future.result()


def _codes(values: NDArray[np.float64], low: float, step: float, top: int) -> NDArray[np.uint8]:
    return np.clip(np.rint((values - low) / step), 0, top).astype(np.uint8)


def _write(
    path: str | Path, words: list[str], model: Any,
    topics: tuple[NDArray[np.int64], NDArray[np.int8], float], meta: dict[str, Any],
) -> None:  # fmt: skip
    p_low, p_step = -17.0, 17.0 / (NO_PROBABILITY - 1)
    b_low, b_step = -7.0, 8.0 / 255
    p2 = _codes(model.bigram_p, p_low, p_step, NO_PROBABILITY - 1)
    b2 = _codes(model.bigram_backoff, b_low, b_step, 255)
    p3 = _codes(model.trigram_p, p_low, p_step, NO_PROBABILITY - 1)
    bigram_keys, (p2, b2) = ngram_table.build(model.bigram_keys, [p2, b2])
    trigram_keys, (p3,) = ngram_table.build(model.trigram_keys, [p3])
    arrays = {
        "words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "unigram": model.unigram.astype(np.float32),
        "unigram_backoff": model.unigram_backoff.astype(np.float32),
        "bigram_keys": bigram_keys,
        "bigram_p": p2,
        "bigram_backoff": b2,
        "trigram_keys": trigram_keys,
        "trigram_p": p3,
        "topic_words": topics[0].astype(np.int32),
        "topic_vectors": topics[1],
    }
    meta = meta | {
        "bigrams": len(model.bigram_keys),
        "trigrams": len(model.trigram_keys),
        "topic_unit": topics[2],
        "p_low": p_low,
        "p_step": p_step,
        "b_low": b_low,
        "b_step": b_step,
    }
    array_file.write(path, MAGIC, VERSION, arrays, meta)
