"""What the command line understands, and its help."""

from __future__ import annotations

import argparse

from respin.cli import commands, map_commands, model_commands

_EXAMPLES = """\
examples:
  respin restore article.txt             print the restored text
  respin restore --diff article.txt      show what would change
  respin restore --write *.txt           change the files
  cat page.txt | respin restore -        use it as a filter
  respin check --format json paper.txt   report only
  respin explain "provide chain"         what may stand behind a phrase

exit status: 0 nothing found, 1 findings, 2 something could not be done
"""


def _family_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        action="append",
        metavar="FILE",
        default=[],
        help="another phrase map, on top of respin's own (may be repeated)",
    )
    parser.add_argument("--model", metavar="FILE", help="another language model")
    parser.add_argument(
        "--family",
        metavar="NAME",
        help="treat every text as spun by this family (news, academic, rewriter, "
        "areas, ...) instead of finding out",
    )


def _text_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        default=["-"],
        metavar="FILE",
        help="text files, UTF-8; - or nothing: standard input",
    )
    _family_options(parser)
    parser.add_argument(
        "--intensity",
        type=float,
        metavar="SHARE",
        help="share of the table's words that were replaced, 0 to 1, instead of finding out",
    )
    parser.add_argument(
        "--min-confidence",
        type=float,
        metavar="P",
        help="leave out edits less certain than this, 0 to 1 (default 0.35)",
    )


def parser() -> argparse.ArgumentParser:
    """The whole parser; each command sets ``run``."""
    from respin import __version__

    formatter = argparse.RawDescriptionHelpFormatter
    root = argparse.ArgumentParser(
        prog="respin", epilog=_EXAMPLES, formatter_class=formatter,
        description="Detects text that an article spinner has rewritten, and restores it.",
    )  # fmt: skip
    root.add_argument("--version", action="version", version=f"respin {__version__}")
    commands_of = root.add_subparsers(metavar="COMMAND", required=True)

    restore = commands_of.add_parser(
        "restore", help="give back what the author wrote", epilog=_EXAMPLES,
        formatter_class=formatter, description="Restores spun text.",
    )  # fmt: skip
    _text_options(restore)
    where = restore.add_mutually_exclusive_group()
    where.add_argument("--write", action="store_true", help="change the files in place")
    where.add_argument("--diff", action="store_true", help="print a unified diff")
    restore.add_argument(
        "--format",
        choices=("text", "json", "jsonl"),
        default="text",
        help="text (default), or the edits and the report as JSON",
    )
    restore.set_defaults(run=commands.restore)

    check = commands_of.add_parser(
        "check", help="say whether and where a text was spun", epilog=_EXAMPLES,
        formatter_class=formatter, description="Reports spun text; changes nothing.",
    )  # fmt: skip
    _text_options(check)
    check.add_argument("--format", choices=("text", "json", "jsonl"), default="text")
    check.set_defaults(run=commands.check)

    explain = commands_of.add_parser(
        "explain",
        help="what may stand behind a phrase",
        description="Lists the phrase map's rows for a spun phrase, and what replaces an original.",
    )
    explain.add_argument("phrase", metavar="PHRASE")
    _family_options(explain)
    explain.set_defaults(run=commands.explain)

    map_commands.add(commands_of)
    model_commands.add(commands_of)
    return root
