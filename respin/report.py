"""What respin says about a document as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from respin.rendering import Edit

# Tokens from which on silence counts as clean, and the probability above which it does not
# (benchmarks/detection.py: of 2,450 clean documents of 200 words, one comes above it).
ENOUGH_TOKENS, UNDECIDED = 90, 0.05


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
    clean, "unknown" where it was spun but no family's table fits); ``evidence`` the strongest signs
    in words; ``tokens`` the number of tokens.
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

    @property
    def verdict(self) -> str:
        """ "spun", "clean", or "can't tell": the text is too short, or the probability too near.

        Of texts as short as :data:`ENOUGH_TOKENS`, 85 to 98 % are found if spun (simulated, intensity 0.75).
        """
        if self.is_spun:
            return "spun"
        if self.tokens < ENOUGH_TOKENS or self.probability > UNDECIDED:
            return "can't tell"
        return "clean"


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The restored text, the edits that lead to it, and the report on the input."""

    text: str
    edits: tuple[Edit, ...]
    report: SpinReport
