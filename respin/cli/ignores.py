"""What the user does not want to hear of: directives in the text, phrases and families in settings.

In a comment of the file's format (in plain text anywhere on the line)::

    respin: ignore                    findings of this line
    respin: ignore-next-line          findings of the next line
    respin: ignore-start ... respin: ignore-end
    respin: ignore-file               the whole file
    respin: ignore[provide chain, academic]   only this phrase and this family; likewise the others

Phrases are compared as the detector compares them: case, quotes, hyphens and spaces do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from respin.rendering import Edit
from respin.reports.lines import Lines
from respin.text import normalise, tokenise

_DIRECTIVE = re.compile(
    r"respin:\s*(ignore(?:-(?:file|next-line|start|end))?)\b(?!-)(?:\s*\[([^\]\n]*)\])?"
)


_AROUND = 80  # characters beside an edit in which the rest of an ignored phrase is looked for


def plain(phrase: str) -> str:
    """A phrase as it is compared."""
    return " ".join(normalise(raw) for raw in tokenise(phrase).raw).replace("-", " ")


@dataclass(frozen=True, slots=True)
class Names:
    """Phrases and families; empty: all of them."""

    names: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """From what the user wrote."""
        return cls(frozenset(plain(name) for name in names if name.strip()))

    def holds(self, edit: Edit, text: str) -> bool:
        """Whether the edit's phrase or family is among them, or a longer phrase of ``text`` that
        the edit is a part of ("provide" of "provide chain")."""
        if not self.names:
            return False
        spun = plain(edit.spun)
        if self.names & {spun, plain(edit.original), plain(edit.family)}:
            return True
        longer = [name for name in self.names if f" {spun} " in f" {name} "]
        if not longer:
            return False
        around = text[max(0, edit.start - _AROUND) : edit.end + _AROUND]
        return any(f" {name} " in f" {plain(around)} " for name in longer)


@dataclass(slots=True)
class _Rule:
    """One directive: lines ``first`` to ``last`` (from 1), whose findings it takes away."""

    line: int
    first: int
    last: float
    names: Names
    used: bool = False

    def takes(self, line: int, edit: Edit, text: str) -> bool:
        """Whether it is about this edit on this line."""
        inside = self.first <= line <= self.last
        return inside and (not self.names.names or self.names.holds(edit, text))


@dataclass(slots=True)
class Directives:
    """The directives of one file."""

    rules: list[_Rule] = field(default_factory=list)

    def keep(self, edits: Sequence[Edit], lines: Lines) -> list[Edit]:
        """The edits that no directive takes away."""
        kept = []
        for edit in edits:
            line, _ = lines.of(edit.start)
            taken = [rule for rule in self.rules if rule.takes(line, edit, lines.text)]
            for rule in taken:
                rule.used = True
            if not taken:
                kept.append(edit)
        return kept

    def unused(self) -> list[int]:
        """Lines of directives that took nothing away."""
        return [rule.line for rule in self.rules if not rule.used]


def directives(text: str, masked: str, lines: Lines) -> Directives:
    """Those of a text; where the format has comments (``masked`` differs from ``text``), only what
    stands outside the prose counts."""
    found = Directives()
    if "respin:" not in text:
        return found
    open_rules: list[_Rule] = []
    for match in _DIRECTIVE.finditer(text):
        if masked != text and masked[match.start()] == "r":
            continue
        line, _ = lines.of(match.start())
        kind = match[1].removeprefix("ignore").removeprefix("-")
        names = Names.of((match[2] or "").split(","))
        if kind == "end":
            if open_rules:
                open_rules.pop().last = line
            continue
        first, last = {
            "": (line, line), "next-line": (line + 1, line + 1), "start": (line, float("inf")),
            "file": (1, float("inf")),
        }[kind]  # fmt: skip
        rule = _Rule(line, int(first), last, names)
        found.rules.append(rule)
        if kind == "start":
            open_rules.append(rule)
    return found
