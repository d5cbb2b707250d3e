"""Whole corpora: many files of many documents, restored, flagged or filtered.

>>> import respin.batch
>>> respin.batch.run(["corpus/*.jsonl.gz"], "out", action="detect")  # doctest: +SKIP
"""

from respin.batch.job import ACTIONS, Options, run
from respin.batch.summary import Summary

__all__ = ["ACTIONS", "Options", "Summary", "run"]
