"""A callable that adds respin's columns to a batch of rows, whatever the batch is made of."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from respin.restorer import Failure, Restorer

ACTIONS = ("detect", "restore")


class Annotate:
    """Adds ``respin_probability`` and ``respin_family`` to a batch, with ``action="restore"`` also
    ``respin_text`` and ``respin_edits``; ``respin_error`` is empty but where a text failed.

    A batch is a dictionary of lists (``datasets.map(batched=True)``) or of NumPy arrays (Ray Data), or
    a pandas data frame (Dask, pandas). ``options`` are those of :class:`respin.Restorer`. It pickles as
    its options, so that each process loads the files once, and a cache keyed by the pickle is stable.

    >>> add = Annotate(text="body")
    >>> sorted(add({"body": ["Rain is expected."]}))
    ['body', 'respin_error', 'respin_family', 'respin_probability']
    """

    def __init__(self, action: str = "detect", text: str = "text", **options: Any) -> None:
        if action not in ACTIONS:
            raise ValueError(f"no action {action!r}; there are {', '.join(ACTIONS)}")
        self.action, self.text, self.options = action, text, dict(sorted(options.items()))

    def __getstate__(self) -> dict[str, Any]:
        return {"action": self.action, "text": self.text, "options": self.options}

    @cached_property
    def _restorer(self) -> Restorer:
        return Restorer(**self.options)

    def columns(self, texts: list[str | None]) -> dict[str, list[Any]]:
        """The new columns for some texts; a missing text counts as empty."""
        restore = self.action == "restore"
        new: dict[str, list[Any]] = {"respin_text": [], "respin_edits": []} if restore else {}
        new |= {"respin_probability": [], "respin_family": [], "respin_error": []}
        plain = [text if isinstance(text, str) else "" for text in texts]
        for text, result in zip(
            plain, self._restorer.attempt_many(plain, restore=restore), strict=True
        ):
            failed = isinstance(result, Failure)
            report = None if failed else getattr(result, "report", result)
            new["respin_probability"].append(report.probability if report else 0.0)  # type: ignore[union-attr]
            new["respin_family"].append((report.family or "") if report else "")  # type: ignore[union-attr]
            new["respin_error"].append(result.problem if isinstance(result, Failure) else "")
            if restore:
                new["respin_text"].append(getattr(result, "text", text))
                new["respin_edits"].append(len(getattr(result, "edits", ())))
        return new

    def __call__(self, batch: Any) -> Any:
        """The batch with its new columns; of the same kind as it came."""
        new = self.columns(list(batch[self.text]))
        if hasattr(batch, "assign"):
            return batch.assign(**new)
        if isinstance(batch[self.text], np.ndarray):
            return {**batch, **{name: np.array(values) for name, values in new.items()}}
        return {**batch, **new}
