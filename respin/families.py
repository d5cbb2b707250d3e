"""The spinner families, from ``data/families.tsv``.

Columns: family; share of the spun pages met while gathering evidence (rough); unlisted, the share of
the uses of ordinary content words that the family replaces though the map has no row for them (no
map is complete); description. A family of a user's own map that the file does not name gets
:data:`UNLISTED_FAMILY`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from respin.errors import DataFileError
from respin.resources import data_file

UNLISTED_FAMILY = (0.01, 0.25, "")
_COLUMNS = ["family", "share", "unlisted", "description"]


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[float, float, str]]:
    """Share, unlisted share and description of each family."""
    path = data_file("families.tsv")
    remedy = "Reinstall respin"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataFileError(path, f"cannot be read ({error.strerror})", remedy) from None
    found: dict[str, tuple[float, float, str]] = {}
    if lines[:1] != ["\t".join(_COLUMNS)]:
        raise DataFileError(path, "the header line is missing", remedy, 1)
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        try:
            found[cells[0]] = (float(cells[1]), float(cells[2]), cells[3])
        except (IndexError, ValueError):
            raise DataFileError(path, "not a row of four columns", remedy, number) from None
    return found


# A family seen rarely has a small map, which fits any text a little and no text well; the square of
# the share keeps such families from winning by chance (measured on 4,200 clean documents).
_PRIOR_POWER = 2.0
_TORTURED = 0.9


def log_priors(families: Sequence[str]) -> NDArray[np.float64]:
    """Log prior weight of each family (nats)."""
    return _log_priors(tuple(families))


@lru_cache(maxsize=16)
def _log_priors(families: tuple[str, ...]) -> NDArray[np.float64]:
    known = table()
    return _PRIOR_POWER * np.log([known.get(name, UNLISTED_FAMILY)[0] for name in families])


def phrase_priors(families: Sequence[str]) -> NDArray[np.float64]:
    """Log prior of each family where a text is but a phrase: somebody asks about a tortured term,
    so it is the academic family's in nine cases of ten."""
    return np.log([_TORTURED if name == "academic" else 1 - _TORTURED for name in families])


def unlisted_shares(families: Sequence[str]) -> NDArray[np.float64]:
    """Share of the uses of content words without a row that each family replaces."""
    known = table()
    return np.array([known.get(name, UNLISTED_FAMILY)[1] for name in families], np.float64)
