"""What the command line understands, and its help."""

from __future__ import annotations

import argparse

from respin.cli import batch_commands, commands, learn_command, map_commands, model_commands
from respin.formats import KINDS

_EXAMPLES = """\
examples:
  respin restore article.txt             print the restored text
  respin restore --diff article.md       show what would change
  respin restore --write docs/           change the files
  cat page.html | respin restore --stdin-filename page.html -
  respin check docs/ README.md           report only
  respin check --format html paper.txt > report.html
  respin check --write-baseline .respin-baseline.json .
  respin explain "provide chain"         what may stand behind a phrase

exit status: 0 nothing found, 1 findings, 2 something could not be done
"""


def _map_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map", action="append", metavar="FILE", default=[],
        help="another phrase map, on top of respin's own (may be repeated)",
    )  # fmt: skip
    parser.add_argument("--model", metavar="FILE", help="another language model")
    parser.add_argument(
        "--family", metavar="NAME",
        help="treat every text as spun by this family (news, academic, rewriter, areas, ...) "
        "instead of finding out",
    )  # fmt: skip


def _settings_options(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--config", metavar="FILE", help="settings file (default: the nearest "
                       "respin.toml, or pyproject.toml with [tool.respin])")  # fmt: skip
    where.add_argument("--isolated", action="store_true", help="read no settings file")


def _text_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", default=["-"], metavar="FILE",
        help="files or folders; - or nothing: standard input",
    )  # fmt: skip
    spinner = parser.add_argument_group("the spinner")
    _map_options(spinner)  # type: ignore[arg-type]
    spinner.add_argument(
        "--intensity", type=float, metavar="SHARE",
        help="share of the table's words that were replaced, 0 to 1, instead of finding out",
    )  # fmt: skip
    spinner.add_argument(
        "--min-confidence", type=float, metavar="P",
        help="leave out edits less certain than this, 0 to 1 (default 0.3)",
    )  # fmt: skip
    which = parser.add_argument_group("which files")
    which.add_argument("--exclude", action="append", metavar="PATTERN",
                       help="pass these over (as in .gitignore), instead of the usual ones")  # fmt: skip
    which.add_argument("--extend-exclude", action="append", metavar="PATTERN",
                       help="pass these over as well")  # fmt: skip
    which.add_argument("--force-exclude", action="store_true",
                       help="pass excluded files over even if they are named")  # fmt: skip
    which.add_argument("--stdin-filename", metavar="NAME",
                       help="name of the text on standard input: tells its format")  # fmt: skip
    which.add_argument("--type", choices=tuple(KINDS),
                       help="format, instead of going by the file name")  # fmt: skip
    which.add_argument("--encoding", metavar="NAME",
                       help="encoding of files without a byte-order mark (default utf-8)")  # fmt: skip
    which.add_argument("--jobs", type=int, metavar="N", help="processes (default 1)")
    findings = parser.add_argument_group("which findings")
    findings.add_argument("--select", action="append", metavar="NAME",
                          help="only this phrase or family (may be repeated)")  # fmt: skip
    findings.add_argument("--ignore", action="append", metavar="NAME",
                          help="not this phrase or family (may be repeated)")  # fmt: skip
    findings.add_argument("--baseline", metavar="FILE", help="leave out the findings listed there")
    how = parser.add_argument_group("how")
    _settings_options(how)  # type: ignore[arg-type]
    how.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 even if there are findings"
    )
    how.add_argument("-q", "--quiet", action="store_true", help="say less")
    how.add_argument("-v", "--verbose", action="store_true", help="say more")


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
        "--format", choices=("text", "json", "jsonl"), default="text",
        help="text (default), or the edits and the report as JSON",
    )  # fmt: skip
    restore.set_defaults(run=commands.restore)

    check = commands_of.add_parser(
        "check", help="say whether and where a text was spun", epilog=_EXAMPLES,
        formatter_class=formatter, description="Reports spun text; changes nothing.",
    )  # fmt: skip
    _text_options(check)
    check.add_argument(
        "--format", choices=("text", "json", "jsonl", "sarif", "github", "html"), default="text",
        help="for people (default), programs, code scanning, GitHub Actions, or a page to work on",
    )  # fmt: skip
    check.add_argument("--color", choices=("auto", "always", "never"), default="auto",
                       help="colours (default: on a terminal; NO_COLOR and FORCE_COLOR count)")  # fmt: skip
    check.add_argument("--write-baseline", metavar="FILE",
                       help="list all findings there, to be left out by --baseline")  # fmt: skip
    check.set_defaults(run=commands.check)

    explain = commands_of.add_parser(
        "explain",
        help="what may stand behind a phrase",
        description="Lists the phrase map's rows for a spun phrase, and what replaces an original.",
    )
    explain.add_argument("phrase", metavar="PHRASE")
    _map_options(explain)
    _settings_options(explain)
    explain.set_defaults(run=commands.explain)

    config = commands_of.add_parser(
        "config", help="the effective settings, and where each came from",
        description="Prints the effective settings and where each came from.",
    )  # fmt: skip
    _settings_options(config)
    config.add_argument("-v", "--verbose", action="store_true", help="also what could be set")
    config.set_defaults(run=commands.config)

    batch_commands.add(commands_of)
    learn_command.add(commands_of)
    map_commands.add(commands_of)
    model_commands.add(commands_of)
    _add_completion(commands_of, root)
    return root


def _add_completion(
    commands_of: argparse._SubParsersAction[argparse.ArgumentParser], root: argparse.ArgumentParser
) -> None:
    def run(options: argparse.Namespace) -> int:
        from respin.errors import InputError

        try:
            import shtab
        except ImportError:
            raise InputError(
                "completion needs the package shtab, which is not installed. pip install shtab"
            ) from None
        print(shtab.complete(root, shell=options.shell))
        return 0

    completion = commands_of.add_parser(
        "completion", help="print a completion script for the shell",
        description='Prints a completion script, e.g. eval "$(respin completion bash)".',
    )  # fmt: skip
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    completion.set_defaults(run=run)
