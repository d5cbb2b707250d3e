"""What respin says about a document as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from respin.rendering import Edit


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the input (code points) that looks spun; ``score`` in nats a token."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class SpinReport:
    """Whether a document was spun, by which family, where, and why.

    ``probability`` is that of having been spun, given a prior of 1 in 100 documents; ``score`` the
    log-likelihood ratio of spun against clean in nats a token; ``intensity`` the inferred share of
    table words that were replaced; ``family`` the likeliest family (None where the text looks
    clean); ``evidence`` the strongest signs in words; ``tokens`` the number of tokens.
    """

    is_spun: bool
    probability: float
    score: float
    intensity: float
    family: str | None
    family_probabilities: Mapping[str, float]
    spans: tuple[Span, ...]
    tokens: int
    evidence: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The restored text, the edits that lead to it, and the report on the input."""

    text: str
    edits: tuple[Edit, ...]
    report: SpinReport
