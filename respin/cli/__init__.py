"""The command line: ``respin restore``, ``check``, ``explain``, ``map``, ``model``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from respin.errors import RespinError

OK, FINDINGS, TROUBLE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0 nothing found, 1 findings, 2 trouble)."""
    from respin.cli.arguments import parser

    options = parser().parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except RespinError as error:
        print(f"respin: {error}", file=sys.stderr)
        return TROUBLE
    except ValueError as error:
        print(f"respin: {error}", file=sys.stderr)
        return TROUBLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`respin ... | head`): no error of ours, and nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED
