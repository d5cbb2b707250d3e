"""What came of a job, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from respin.report import SpinReport

_EXAMPLES = 5
_BINS = 20  # of the histogram of probabilities


@dataclass(slots=True)
class Summary:
    """Counts of a job or a shard: documents read, written, rejected, called spun, edits, characters;
    documents by family; the most frequent substitutions; a histogram of probabilities; the examples of
    highest and of borderline probability."""

    documents: int = 0
    written: int = 0
    rejects: int = 0
    spun: int = 0
    edits: int = 0
    characters: int = 0
    seconds: float = 0.0
    families: Counter[str] = field(default_factory=Counter)
    substitutions: Counter[str] = field(default_factory=Counter)
    histogram: list[int] = field(default_factory=lambda: [0] * _BINS)
    highest: list[tuple[float, str]] = field(default_factory=list)
    borderline: list[tuple[float, str]] = field(default_factory=list)

    def add(self, other: Summary) -> None:
        """Add another one's counts."""
        for name in ("documents", "written", "rejects", "spun", "edits", "characters"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.families.update(other.families)
        self.substitutions.update(other.substitutions)
        self.histogram = [a + b for a, b in zip(self.histogram, other.histogram, strict=True)]
        self.highest = sorted([*self.highest, *other.highest], reverse=True)[:_EXAMPLES]
        both = [*self.borderline, *other.borderline]
        self.borderline = sorted(both, key=lambda item: abs(item[0] - 0.5))[:_EXAMPLES]

    def count(self, name: str, text: str, report: SpinReport, edits: Sequence[Any]) -> None:
        """Count one document."""
        self.documents += 1
        self.characters += len(text)
        self.spun += report.is_spun
        self.edits += len(edits)
        self.families[report.family or "clean"] += 1
        self.substitutions.update(
            f"{edit.spun.lower()} → {edit.original.lower()}" for edit in edits
        )
        self.histogram[min(int(report.probability * _BINS), _BINS - 1)] += 1
        if report.probability > 0.1:
            self.add(
                Summary(
                    highest=[(report.probability, name)], borderline=[(report.probability, name)]
                )
            )

    def data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        found = self._plain()
        found["families"] = dict(self.families.most_common())
        found["substitutions"] = dict(self.substitutions.most_common(50))
        found["megabytes_per_second"] = round(self.characters / 1e6 / max(self.seconds, 1e-9), 3)
        return found

    @classmethod
    def of(cls, data: dict[str, Any]) -> Summary:
        """From :meth:`shard_data`."""
        data = dict(data)
        data["families"], data["substitutions"] = (
            Counter(data["families"]),
            Counter(data["substitutions"]),
        )
        data["highest"] = [tuple(item) for item in data["highest"]]
        data["borderline"] = [tuple(item) for item in data["borderline"]]
        return cls(**data)

    def shard_data(self) -> dict[str, Any]:
        """What the manifest keeps of a shard."""
        most = dict(sorted(self.substitutions.most_common(500)))
        return self._plain() | {"substitutions": most, "seconds": 0.0}

    def _plain(self) -> dict[str, Any]:
        data = {part.name: getattr(self, part.name) for part in fields(self)}
        return data | {"families": dict(self.families), "substitutions": dict(self.substitutions)}
