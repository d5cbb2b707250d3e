"""The report of a job: one self-contained page with the distribution of probabilities, the families,
the most frequent substitutions, and the documents to look at first."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from respin.batch.job import Options
from respin.batch.summary import Summary

_STYLE = """
:root { color-scheme: light dark; --fg: #1b1b1b; --bg: #fff; --bar: #3b6ea8; --line: #ccc; }
@media (prefers-color-scheme: dark) { :root { --fg: #e8e8e8; --bg: #16181c; --bar: #7aa7d9; --line: #3a3f47; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--fg); background: var(--bg); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: .15rem .8rem .15rem 0; text-align: start; }
td.n { text-align: end; font-variant-numeric: tabular-nums; }
td.bar { width: 24rem; } td.bar i { display: block; height: .9rem; background: var(--bar); }
"""


def _bars(rows: Iterable[tuple[str, int]]) -> str:
    rows = list(rows)
    most = max((count for _, count in rows), default=1) or 1
    return "".join(
        f'<tr><td>{escape(name)}</td><td class="n">{count:,}</td>'
        f'<td class="bar"><i style="width:{100 * count / most:.1f}%"></i></td></tr>'
        for name, count in rows
    )


def _examples(found: Iterable[tuple[float, str]]) -> str:
    rows = "".join(
        f'<tr><td class="n">{chance:.3f}</td><td>{escape(name)}</td></tr>' for chance, name in found
    )
    return rows or "<tr><td>none</td></tr>"


def page(summary: Summary, options: Options) -> str:
    """The page."""
    bins = len(summary.histogram)
    histogram = [
        (f"{place / bins:.2f} to {(place + 1) / bins:.2f}", count)
        for place, count in enumerate(summary.histogram)
    ]
    share = summary.spun / max(summary.documents, 1)
    facts = [
        ("action", options.action),
        ("documents", f"{summary.documents:,}"),
        ("written", f"{summary.written:,}"),
        ("spun", f"{summary.spun:,} ({share:.2%})"),
        ("edits", f"{summary.edits:,}"),
        ("rejected rows", f"{summary.rejects:,}"),
        ("characters", f"{summary.characters:,}"),
        ("seconds", f"{summary.seconds:.1f}"),
    ]
    table = "".join(f"<tr><td>{name}</td><td>{escape(value)}</td></tr>" for name, value in facts)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>respin batch</title><style>{_STYLE}</style></head><body>
<h1>respin batch</h1><table>{table}</table>
<h2>Families</h2><table>{_bars(summary.families.most_common())}</table>
<h2>Probability of having been spun</h2><table>{_bars(histogram)}</table>
<h2>Most frequent substitutions</h2><table>{_bars(summary.substitutions.most_common(30))}</table>
<h2>Highest probability</h2><table>{_examples(summary.highest)}</table>
<h2>Borderline</h2><table>{_examples(summary.borderline)}</table>
</body></html>
"""
