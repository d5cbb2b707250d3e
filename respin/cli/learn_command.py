"""``respin learn``: a phrase map from examples of a spinner's work."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from respin.cli import OK
from respin.errors import InputError
from respin.resources import MAP_NAME, data_file

_EPILOG = """\
EXAMPLES is a file of JSON Lines. A line with "spun" and "original" is a pair: substitutions are counted
from it. A line with "spun" alone is a text whose original is unknown: the weights of the rows that the
family has already are learned from it.

examples:
  respin learn pairs.jsonl --family news --output mine.tsv
  respin restore --map mine.tsv article.txt
"""


def add(commands: Any) -> None:
    """Add ``learn`` to the parser."""
    parser = commands.add_parser(
        "learn", help="make a phrase map from spun texts and their originals",
        description="Learns what a spinner writes for what, and writes it as a phrase map for --map.",
        epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("examples", metavar="EXAMPLES", help="JSON Lines; - is standard input")
    parser.add_argument(
        "--family", required=True, metavar="NAME",
        help="the family that the texts are of; a new name makes a family of its own",
    )  # fmt: skip
    parser.add_argument("--output", required=True, metavar="MAP.tsv")
    parser.add_argument("--least", type=int, default=1, metavar="N",
                        help="leave out substitutions seen less often (default 1)")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3, metavar="N",
                        help="rounds of learning from texts without originals (default 3)")  # fmt: skip
    parser.set_defaults(run=learn)


def learn(options: argparse.Namespace) -> int:
    """``respin learn``."""
    from respin import learning
    from respin.phrase_map import is_family_name, read, write

    if not is_family_name(options.family):
        raise InputError(
            f"--family {options.family!r}: use lower-case letters, digits and hyphens, a letter first"
        )
    pairs, texts = _examples(options.examples)
    rows = learning.from_pairs(pairs, options.family, options.least)
    learned = 0
    if texts:
        known = [row for row in read(data_file(MAP_NAME)) if row.family == options.family]
        if not known and not rows:
            raise InputError(
                f"no family {options.family!r} in the phrase map, so there are no rows whose weights "
                "could be learned from texts alone. Give pairs with their originals"
            )
        # Rows that were counted in the pairs win over the shipped ones of the same key.
        keys = {row.key for row in rows}
        merged = rows + [row for row in known if row.key not in keys]
        rows = learning.from_texts(merged, texts, options.family, options.rounds)
        learned = sum("learned" in row.evidence for row in rows)
    if not rows:
        raise InputError(f"{options.examples}: no substitution found. Are the texts spun?")
    write(options.output, rows)
    print(
        f"{options.output}: {len(rows)} rows from {len(pairs)} pairs"
        + (f" and {len(texts)} texts ({learned} weights learned)" if texts else ""),
        file=sys.stderr,
    )
    return OK


def _examples(name: str) -> tuple[list[tuple[str, str]], list[str]]:
    """(pairs, texts) of a file."""
    try:
        data = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{name}: not UTF-8. Save it as UTF-8") from None
    pairs: list[tuple[str, str]] = []
    texts: list[str] = []
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            example = json.loads(line)
            spun, original = example["spun"], example.get("original")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputError(
                f'{name}:{number}: not a JSON object with "spun" (and "original"). Mend or remove '
                "the line"
            ) from None
        if not isinstance(spun, str) or not isinstance(original, (str, type(None))):
            raise InputError(f'{name}:{number}: "spun" and "original" must be texts')
        if original is None:
            texts.append(spun)
        else:
            pairs.append((spun, original))
    if not pairs and not texts:
        raise InputError(f"{name}: is empty. There is nothing to learn from")
    return pairs, texts
