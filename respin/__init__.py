"""respin restores text that an article spinner has rewritten by swapping words.

>>> import respin
>>> respin.restore("They strengthened financial and safety cooperation.").text  # doctest: +SKIP
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from respin.errors import DataFileError, InputError, RespinError
from respin.rendering import Edit, apply_edits
from respin.report import RestoreResult, Span, SpinReport
from respin.restorer import Restorer

__version__ = "0.4.0"
__all__ = [
    "DataFileError", "Edit", "InputError", "RespinError", "RestoreResult", "Restorer", "Span",
    "SpinReport", "apply_edits", "detect", "restore",
]  # fmt: skip


@lru_cache(maxsize=4)
def _shared(options: tuple[tuple[str, Any], ...]) -> Restorer:
    return Restorer(**dict(options))


def restore(text: str, **options: Any) -> RestoreResult:
    """Restore one text. ``options`` are those of :class:`Restorer`, which is kept for next time."""
    return _shared(tuple(sorted(options.items()))).restore(text)


def detect(text: str, **options: Any) -> SpinReport:
    """Say whether one text was spun, by which family and where. ``options`` as for restore."""
    return _shared(tuple(sorted(options.items()))).detect(text)
