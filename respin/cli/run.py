"""From names of files to what was found in them: read, mask, restore, take away what is ignored."""

from __future__ import annotations

import argparse
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pathspec import GitIgnoreSpec

from respin import formats
from respin.cli import files, paths
from respin.cli.baseline import Baseline
from respin.cli.ignores import Directives, Names, directives
from respin.cli.settings import Settings
from respin.errors import InputError
from respin.rendering import apply_edits
from respin.report import RestoreResult
from respin.reports import Checked
from respin.reports.lines import Lines
from respin.restorer import DEFAULT_MIN_CONFIDENCE, Restorer


@dataclass(slots=True)
class _Waiting:
    """A file that was read and waits for its result."""

    name: str
    source: files.Source
    masked: str
    lines: Lines
    rules: Directives


def restorer_for(options: argparse.Namespace, settings: Settings) -> Restorer:
    """The restorer that the settings describe."""
    from respin.resources import MAP_NAME, data_file

    values = settings.values
    model = values.get("model")
    if model and settings.origin["model"] != "command line":
        model = str(settings.folder / model)
    return Restorer(
        phrase_map=[data_file(MAP_NAME), *settings.paths("map")],
        language_model=model,
        family=values.get("family"),
        intensity=values.get("intensity"),
        min_confidence=values.get("min-confidence", DEFAULT_MIN_CONFIDENCE),
    )


class Run:
    """One run over files; ``failed`` tells afterwards whether any could not be examined."""

    def __init__(self, options: argparse.Namespace, settings: Settings) -> None:
        self.options, self.settings = options, settings
        self.restorer = restorer_for(options, settings)
        self.failed = False
        self.select = Names.of(settings.texts("select"))
        self.ignore = Names.of(settings.texts("ignore"))
        baseline = settings.values.get("baseline")
        if baseline and settings.origin["baseline"] != "command line":
            baseline = str(settings.folder / baseline)
        self.baseline = Baseline.read(baseline) if baseline else None
        self.per_file = self._per_file_rules()

    def _per_file_rules(self) -> list[tuple[GitIgnoreSpec, Names]]:
        table = self.settings.values.get("per-file-ignores") or {}
        return [
            (GitIgnoreSpec.from_lines([pattern]), Names.of(names))
            for pattern, names in table.items()
        ]

    def names(self) -> Iterator[str]:
        """The files of the run."""
        exclude = [*self.settings.texts("exclude"), *self.settings.texts("extend-exclude")]
        return paths.walk(
            self.options.files, exclude, self.settings.folder, force=self.options.force_exclude
        )

    def __iter__(self) -> Iterator[tuple[files.Source, str, Checked]]:
        """(source, name to write to, what was found) of each file; one that fails is told of and
        the others go on."""
        waiting: deque[_Waiting] = deque()

        def texts() -> Iterator[str]:
            for name in self.names():
                try:
                    one = self._read(name)
                except InputError as error:
                    self.complain(str(error))
                    continue
                waiting.append(one)
                yield one.masked

        jobs = int(self.settings.values.get("jobs") or 1)
        for result in self.restorer.restore_many(texts(), workers=jobs):
            one = waiting.popleft()
            yield one.source, one.name, self._checked(one, result)

    def complain(self, message: str) -> None:
        """Tell of a file that could not be handled."""
        print(f"respin: {message}", file=sys.stderr)
        self.failed = True

    def _read(self, name: str) -> _Waiting:
        stdin_name = self.options.stdin_filename if name == files.STDIN else None
        source = files.read(name, self.settings.values.get("encoding", "utf-8"), stdin_name)
        kind = self.settings.values.get("type") or formats.kind_of(stdin_name or name)
        try:
            masked = formats.mask(source.text, kind or formats.PLAIN)
        except InputError as error:
            raise InputError(f"{source.name}: {error}") from None
        lines = Lines(source.text)
        return _Waiting(name, source, masked, lines, directives(source.text, masked, lines))

    def _checked(self, one: _Waiting, masked_result: RestoreResult) -> Checked:
        text = one.source.text
        result = formats.unmasked(text, one.masked, masked_result)
        edits = list(result.edits)
        if self.select.names:
            edits = [edit for edit in edits if self.select.holds(edit, text)]
        ignore = [self.ignore, *self._ignored_in(one.name)]
        edits = [edit for edit in edits if not any(names.holds(edit, text) for names in ignore)]
        edits = one.rules.keep(edits, one.lines)
        for line in one.rules.unused():
            print(f"{one.source.name}:{line}: unused 'respin: ignore'", file=sys.stderr)
        if self.baseline and one.name != files.STDIN:
            edits = self.baseline.unknown(one.name, edits)
        return Checked(one.source.name, text, result, tuple(edits), one.lines)

    def _ignored_in(self, name: str) -> Iterator[Names]:
        if not self.per_file:
            return
        try:
            relative = Path(name).resolve().relative_to(self.settings.folder.resolve()).as_posix()
        except ValueError:
            relative = Path(name).name
        for spec, names in self.per_file:
            if spec.match_file(relative):
                yield names


def restored(checked: Checked) -> RestoreResult:
    """The result with only the edits that are left."""
    text = apply_edits(checked.text, checked.edits)
    return replace(checked.result, text=text, edits=checked.edits)
