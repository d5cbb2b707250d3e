"""One self-contained page: original and restored text, every edit with its alternatives and reason,
to be accepted or refused; the spun stretches as a strip. Nothing of the input is ever executed: it
is escaped where it is text, and the page's own policy allows no script but its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from respin.rendering import Edit
from respin.reports import Checked, summary

_STYLE = """
:root { color-scheme: light dark; --bg: #fff; --fg: #1b1b1b; --dim: #666; --line: #ccc;
  --high: #b7e4c0; --middle: #f5e3a3; --low: #f6c6bd; --off: #ddd; --heat: #c0392b; }
@media (prefers-color-scheme: dark) { :root { --bg: #16181c; --fg: #e8e8e8; --dim: #9aa0a6;
  --line: #3a3f47; --high: #1f5130; --middle: #5c4d12; --low: #6b2d23; --off: #33373d; --heat: #e0705f; } }
body { background: var(--bg); color: var(--fg); font: 16px/1.6 system-ui, sans-serif; margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; overflow-wrap: anywhere; }
.about, .legend, .hint { color: var(--dim); }
.strip { display: flex; height: .8rem; border: 1px solid var(--line); margin: .5rem 0; }
.strip i { display: block; background: var(--heat); }
.strip b { display: block; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: 1rem; }
button.edit { font: inherit; color: inherit; border: 0; border-radius: .2rem; padding: 0 .15rem; cursor: pointer;
  white-space: pre-wrap; text-align: start; }
button.edit.high { background: var(--high); } button.edit.middle { background: var(--middle); }
button.edit.low { background: var(--low); }
button.edit[aria-pressed=false] { background: var(--off); }
button.edit[aria-pressed=false] ins { display: none; } button.edit[aria-pressed=false] del { text-decoration: none; }
button.edit ins { text-decoration: none; font-weight: 600; }
button.edit del { opacity: .7; }
button.edit:focus-visible { outline: 3px solid var(--heat); }
.note { display: none; position: absolute; max-width: 26rem; background: var(--bg); border: 1px solid var(--line);
  padding: .5rem .7rem; box-shadow: 0 2px 8px #0005; z-index: 2; white-space: normal; font-size: .9rem; }
span.place { position: relative; }
span.place:hover .note, span.place:focus-within .note { display: block; top: 1.6em; left: 0; }
.bar { margin: .6rem 0; display: flex; gap: .5rem; flex-wrap: wrap; }
.bar button { font: inherit; padding: .2rem .7rem; }
textarea { width: 100%; min-height: 10rem; font: inherit; background: var(--bg); color: var(--fg); }
"""

_SCRIPT = """
"use strict";
for (const section of document.querySelectorAll("section")) {
  const edits = [...section.querySelectorAll("button.edit")];
  const output = section.querySelector("textarea");
  const show = () => {
    const copy = section.querySelector(".text").cloneNode(true);
    for (const note of copy.querySelectorAll(".note")) note.remove();
    for (const edit of copy.querySelectorAll("button.edit")) {
      const chosen = edit.getAttribute("aria-pressed") === "true" ? "ins" : "del";
      edit.replaceWith(edit.querySelector(chosen).textContent);
    }
    output.value = copy.textContent;
  };
  const set = (edit, on) => edit.setAttribute("aria-pressed", String(on));
  for (const edit of edits) edit.addEventListener("click", () => {
    set(edit, edit.getAttribute("aria-pressed") !== "true"); show();
  });
  section.querySelector(".all").addEventListener("click", () => { edits.forEach(e => set(e, true)); show(); });
  section.querySelector(".none").addEventListener("click", () => { edits.forEach(e => set(e, false)); show(); });
  section.querySelector(".sure").addEventListener("click", () => {
    edits.forEach(e => set(e, Number(e.dataset.confidence) >= 0.9)); show(); });
  section.querySelector(".copy").addEventListener("click", () => {
    show(); output.select(); if (navigator.clipboard) navigator.clipboard.writeText(output.value); });
  show();
}
document.addEventListener("keydown", event => {
  if (event.target.tagName === "TEXTAREA" || !"np".includes(event.key)) return;
  const all = [...document.querySelectorAll("button.edit")];
  const here = all.indexOf(document.activeElement);
  const next = all[(here + (event.key === "n" ? 1 : all.length - 1)) % all.length];
  if (next) { next.focus(); next.scrollIntoView({block: "center"}); }
});
"""
_HIGH, _MIDDLE = 0.9, 0.6


def dumps(files: Sequence[Checked]) -> str:
    """The page."""
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    sections = "\n".join(_section(checked) for checked in files)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>respin report</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>respin report</h1>
<p class="hint">Each edit is a button: press it (or Enter) to take the change back or to make it again.
n and p go to the next and the previous one; hover or focus shows the reason and the alternatives.</p>
{sections}
<script>{_SCRIPT}</script>
</body>
</html>
"""


def _section(checked: Checked) -> str:
    evidence = "; ".join(checked.result.report.evidence[:6])
    about = escape(summary(checked.result)) + (f"<br>{escape(evidence)}" if evidence else "")
    return f"""<section>
<h2>{escape(checked.name)}</h2>
<p class="about">{about}</p>
{_strip(checked)}
<div class="bar"><button class="all" type="button">accept all</button>
<button class="sure" type="button">only those of 90 % and more</button>
<button class="none" type="button">refuse all</button></div>
<div class="text">{_text(checked)}</div>
<div class="bar"><button class="copy" type="button">copy the text</button></div>
<textarea readonly aria-label="resulting text"></textarea>
</section>"""


def _strip(checked: Checked) -> str:
    """Where in the document the spun stretches are."""
    length = max(len(checked.text), 1)
    pieces, here = [], 0
    for span in checked.result.report.spans:
        pieces.append(f'<b style="width:{100 * (span.start - here) / length:.2f}%"></b>')
        shade = min(1.0, 0.3 + max(span.score, 0.0))
        pieces.append(
            f'<i style="width:{100 * (span.end - span.start) / length:.2f}%;opacity:{shade:.2f}"></i>'
        )
        here = span.end
    label = f"{len(checked.result.report.spans)} spun stretches"
    return f'<div class="strip" role="img" aria-label="{label}">{"".join(pieces)}</div>'


def _text(checked: Checked) -> str:
    pieces, here = [], 0
    for edit in checked.edits:
        pieces.append(escape(checked.text[here : edit.start]))
        pieces.append(_edit(edit))
        here = edit.end
    pieces.append(escape(checked.text[here:]))
    return "".join(pieces)


def _edit(edit: Edit) -> str:
    level = (
        "high" if edit.confidence >= _HIGH else "middle" if edit.confidence >= _MIDDLE else "low"
    )
    others = ", ".join(f"{text} ({chance:.0%})" for text, chance in edit.alternatives)
    note = f"{edit.confidence:.0%}: {edit.reason}" + (f". Or: {others}" if others else "")
    return (
        f'<span class="place"><button type="button" class="edit {level}" aria-pressed="true" '
        f'data-confidence="{edit.confidence:.4f}"><del>{escape(edit.spun)}</del> '
        f'<ins>{escape(edit.original)}</ins></button><span class="note" role="note">{escape(note)}</span></span>'
    )
