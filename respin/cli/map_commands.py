"""``respin map lint`` and ``respin map stats``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from respin.cli import FINDINGS, OK
from respin.phrase_map import lint as lint_rows
from respin.phrase_map import read, write
from respin.resources import MAP_NAME, MODEL_NAME, data_file


def add(commands: Any) -> None:
    """Add ``map`` and its commands to the parser."""
    group = commands.add_parser("map", help="check or measure a phrase map")
    tools = group.add_subparsers(metavar="TOOL", required=True)
    lint_parser = tools.add_parser("lint", help="say what is wrong with a phrase map")
    lint_parser.add_argument("file", nargs="?", default=str(data_file(MAP_NAME)), metavar="FILE")
    lint_parser.set_defaults(run=lint)
    stats_parser = tools.add_parser("stats", help="rows and coverage by family")
    stats_parser.add_argument("file", nargs="?", default=str(data_file(MAP_NAME)), metavar="FILE")
    stats_parser.add_argument(
        "--top",
        type=int,
        default=5000,
        metavar="N",
        help="coverage of the N most frequent words (default 5000)",
    )
    stats_parser.set_defaults(run=stats)
    import_parser = tools.add_parser(
        "import", help="make a map of a list of tortured phrases",
        description="Reads a list with the columns query and expected (CSV or TSV) into a phrase "
                    "map, to be used with --map. Says on standard error what it left out and why.",
    )  # fmt: skip
    import_parser.add_argument("file", metavar="FILE")
    import_parser.add_argument(
        "--format",
        choices=("pps",),
        default="pps",
        help="the public list of tortured phrases (default)",
    )
    import_parser.add_argument("--output", required=True, metavar="MAP.tsv")
    import_parser.set_defaults(run=import_list)


def import_list(options: argparse.Namespace) -> int:
    """``respin map import``."""
    from respin.pps_import import read_list

    rows, left_out = read_list(Path(options.file))
    write(options.output, rows)
    for item in left_out:
        print(f"{options.file}:{item.line}: {item.reason}: {item.query}", file=sys.stderr)
    print(f"{options.output}: {len(rows)} rows; {len(left_out)} remarks on what was left out",
          file=sys.stderr)  # fmt: skip
    return OK


def lint(options: argparse.Namespace) -> int:
    """``respin map lint``."""
    messages = lint_rows(read(options.file))
    for message in messages:
        print(f"{options.file}:{message}")
    return FINDINGS if messages else OK


def stats(options: argparse.Namespace) -> int:
    """``respin map stats``: how many of the most frequent words each family's rows replace."""
    import numpy as np

    from respin.inflection import paired_forms
    from respin.language_model import LanguageModel

    model = LanguageModel.load(data_file(MODEL_NAME))
    order = np.argsort(-model.unigram(np.arange(len(model.words))))
    frequent = [model.words[number] for number in order.tolist()]
    top = [word for word in frequent if word.isalpha() and word.islower()][: options.top]
    rows = read(options.file)
    count: Counter[str] = Counter(row.family for row in rows)
    counted: Counter[str] = Counter(row.family for row in rows if "wild" in row.evidence)
    covered: dict[str, set[str]] = {family: set() for family in count}
    for row in rows:
        covered[row.family].update(o for _, o in paired_forms(row.spun, row.original, row.part))
    print(f"{'family':<12}{'rows':>8}{'counted':>9}{'covers of ' + str(len(top)):>18}")
    for family, number in count.most_common():
        share = sum(word in covered[family] for word in top) / max(len(top), 1)
        print(f"{family:<12}{number:>8}{counted[family]:>9}{share:>18.1%}")
    return OK
