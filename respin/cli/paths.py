"""Which files a run is about: folders are walked, ``.gitignore`` and ``exclude`` respected."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

from respin.cli.files import STDIN
from respin.formats import kind_of


def walk(
    names: Sequence[str], exclude: Sequence[str], folder: Path, *, force: bool
) -> Iterator[str]:
    """The files to examine, each once. A file that is named is taken whatever its name, unless
    ``force`` makes ``exclude`` (patterns relative to ``folder``) count for it too; in folders, files
    of the formats that respin knows are taken."""
    spec = GitIgnoreSpec.from_lines(exclude)
    seen: set[str] = set()
    for name in names:
        if name == STDIN or not os.path.isdir(name):
            if force and name != STDIN and _excluded(spec, Path(name), folder):
                continue
            found: Iterator[str] = iter((name,))
        else:
            found = _in_folder(name, spec, folder)
        for path in found:
            key = os.path.realpath(path) if path != STDIN else path
            if key not in seen:
                seen.add(key)
                yield path


def _excluded(spec: GitIgnoreSpec, path: Path, folder: Path, *, is_folder: bool = False) -> bool:
    try:
        relative = path.resolve().relative_to(folder.resolve())
    except ValueError:
        relative = Path(path.name)
    return spec.match_file(relative.as_posix() + ("/" if is_folder else ""))


def _ignored_by_git(
    path: Path, specs: list[tuple[Path, GitIgnoreSpec]], *, is_folder: bool
) -> bool:
    for base, spec in specs:
        relative = os.path.relpath(path, base).replace(os.sep, "/")
        if spec.match_file(relative + ("/" if is_folder else "")):
            return True
    return False


def _git_rules(folder: Path) -> list[tuple[Path, GitIgnoreSpec]]:
    path = folder / ".gitignore"
    try:
        return [(folder, GitIgnoreSpec.from_lines(path.read_text("utf-8", "replace").splitlines()))]
    except OSError:
        return []


def _in_folder(name: str, spec: GitIgnoreSpec, folder: Path) -> Iterator[str]:
    above: list[tuple[Path, GitIgnoreSpec]] = []
    here = Path(name).resolve()
    for parent in (here, *here.parents):
        if parent != here:
            above += _git_rules(parent)
        if (parent / ".git").exists():
            break
    rules = {name: above + _git_rules(here)}
    for root, folders, names in os.walk(name):
        specs = rules.pop(root)
        kept = []
        for child in sorted(folders):
            path = Path(root, child)
            if not _excluded(spec, path, folder, is_folder=True) and not _ignored_by_git(
                path.resolve(), specs, is_folder=True
            ):
                kept.append(child)
                rules[os.path.join(root, child)] = specs + _git_rules(path.resolve())
        folders[:] = kept
        for child in sorted(names):
            path = Path(root, child)
            if (
                kind_of(child)
                and not _excluded(spec, path, folder)
                and not _ignored_by_git(path.resolve(), specs, is_folder=False)
            ):
                yield os.path.join(root, child)
