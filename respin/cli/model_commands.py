"""``respin model build`` and ``respin model check``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from respin.cli import OK
from respin.errors import InputError
from respin.resources import MAP_NAME, data_file

MOST_WEIGHT = 1000  # times that a corpus is read; more is a slip of the hand


def add(commands: Any) -> None:
    """Add ``model`` and its commands to the parser."""
    group = commands.add_parser("model", help="build or check a language model")
    tools = group.add_subparsers(metavar="TOOL", required=True)
    build_parser = tools.add_parser(
        "build", help="build a model from clean text",
        description="Builds a language model from corpora: JSON Lines with a \"text\" (plain, .gz, "
                    ".bz2, .xz) or plain text files.",
    )  # fmt: skip
    build_parser.add_argument("corpora", nargs="+", metavar="CORPUS")
    build_parser.add_argument(
        "--weigh",
        action="append",
        nargs="+",
        default=[],
        metavar=("N", "CORPUS"),
        help="more corpora, each counted N times: a small one of the texts that matter",
    )
    build_parser.add_argument("--output", required=True, metavar="FILE")
    build_parser.add_argument("--bigrams", type=int, default=1_800_000, metavar="N")
    build_parser.add_argument("--trigrams", type=int, default=4_200_000, metavar="N")
    build_parser.add_argument(
        "--hold-out",
        type=int,
        default=50,
        metavar="N",
        help="leave every N-th document out, 0: none (default 50)",
    )
    build_parser.add_argument("--workers", type=int, default=2, metavar="N")
    build_parser.add_argument(
        "--map",
        metavar="FILE",
        default=str(data_file(MAP_NAME)),
        help="phrase map whose words all get a place in the vocabulary",
    )
    build_parser.set_defaults(run=build)
    check_parser = tools.add_parser("check", help="verify a model file and describe it")
    check_parser.add_argument("file", metavar="FILE")
    check_parser.set_defaults(run=check)


def build(options: argparse.Namespace) -> int:
    """``respin model build``."""
    from respin import model_builder
    from respin.inflection import paired_forms
    from respin.phrase_map import read

    extra: set[str] = set()
    if Path(options.map).exists():
        for row in read(options.map):
            for pair in paired_forms(row.spun, row.original, row.part):
                known = pair == (row.spun, row.original) or row.part == "v"
                extra.update(" ".join(pair).split() if known else ())
    words = tuple(sorted(word for word in extra if word.isalpha() and word.isascii()))
    choices = model_builder.BuildOptions(
        options.bigrams, options.trigrams, options.hold_out, options.workers, words
    )
    model_builder.build(
        [*options.corpora, *_weighed(options.weigh)],
        options.output,
        choices,
        lambda message: print(message, file=sys.stderr),
    )
    return OK


def _weighed(groups: list[list[str]]) -> list[str]:
    """The corpora of ``--weigh N CORPUS...``, N times each."""
    found = []
    for times, *corpora in groups:
        if not times.isdecimal() or not 1 <= int(times) <= MOST_WEIGHT or not corpora:
            raise InputError(
                f"--weigh {' '.join([times, *corpora])}: give a number from 1 to {MOST_WEIGHT}, and then corpora"
            )
        found += corpora * int(times)
    return found


def check(options: argparse.Namespace) -> int:
    """``respin model check``."""
    from respin.language_model import LanguageModel

    model = LanguageModel.load(options.file)
    meta = model.meta
    print(f"{options.file}: sound")
    print(
        f"  {len(model.words):,} words, {meta['bigrams']:,} bigrams, {meta['trigrams']:,} trigrams"
    )
    print(f"  from {meta['tokens']:,} tokens of {', '.join(meta['corpora'])}")
    return OK
