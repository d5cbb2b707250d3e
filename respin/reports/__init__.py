"""What a check found, in the forms that people and programs read."""

from __future__ import annotations

from dataclasses import dataclass

from respin.rendering import Edit
from respin.report import RestoreResult
from respin.reports.lines import Lines


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: its name as shown, its text, all that was found (``result``), and the ``edits``
    that are left when what is ignored or known is taken away."""

    name: str
    text: str
    result: RestoreResult
    edits: tuple[Edit, ...]
    lines: Lines

    @property
    def is_finding(self) -> bool:
        """Whether there is something to tell: edits, or a spun text of which none was ignored."""
        quiet = len(self.edits) < len(self.result.edits)
        return bool(self.edits) or (self.result.report.is_spun and not quiet)


def summary(result: RestoreResult) -> str:
    """One line about a document."""
    report = result.report
    if report.is_spun:
        tool = "a spinner that respin does not know" if report.family == "unknown" else (
            f"a {report.family} spinner"
        )  # fmt: skip
        return (
            f"spun by {tool} (probability {report.probability:.2f}, "
            f"intensity {report.intensity:.2f}), {len(result.edits)} words or phrases to restore"
        )
    certainty = {"can't tell": "can't tell", "clean": "no sign of spinning"}[report.verdict]
    return f"{certainty} (probability {report.probability:.2g}, {report.tokens} tokens)"
