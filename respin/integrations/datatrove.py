"""For `datatrove` pipelines: a formatter that restores each document, and a filter that drops the spun
ones. Needs the package datatrove."""

from __future__ import annotations

from typing import Any

from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.formatters.base import BaseFormatter

from respin.restorer import Restorer


class RestoreFormatter(BaseFormatter):  # type: ignore[misc]
    """Restores the text of every document. ``options`` are those of :class:`respin.Restorer`."""

    name = "respin restore"

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._restorer = Restorer(**options)

    def format(self, text: str) -> str:
        """The restored text."""
        return self._restorer.restore(text).text


class SpunFilter(BaseFilter):  # type: ignore[misc]
    """Drops documents whose probability of having been spun is ``threshold`` or more; the probability
    and the family are kept in the metadata of those that stay."""

    name = "respin filter"

    def __init__(
        self, threshold: float = 0.5, exclusion_writer: Any = None, **options: Any
    ) -> None:
        super().__init__(exclusion_writer)
        self._threshold, self._restorer = threshold, Restorer(**options)

    def filter(self, doc: Any) -> bool | tuple[bool, str]:
        """True to keep the document, or False and the reason."""
        report = self._restorer.detect(doc.text)
        doc.metadata["respin_probability"] = report.probability
        doc.metadata["respin_family"] = report.family or ""
        if report.probability >= self._threshold:
            return False, f"spun_{report.family}"
        return True
