"""The hooks, run by the real pre-commit in a repository of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pre_commit", reason="pre-commit is not installed")
ROOT = Path(__file__).parent.parent
SPUN = (
    "The central financial institution left its charges unchanged, officers mentioned on Thursday. "
    "Strain on the provide chain has eased, however vitality costs stay excessive, and buyers are "
    "underneath stress. The corporate mentioned it might scale back its funding within the area.\n"
)


def _hook(name: str) -> str:
    """Entry of one of our hooks, run with this interpreter instead of an environment of its own."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    found = re.search(rf"- id: {name}\n(?:  .*\n)*?  entry: respin (.*)\n", text)
    assert found
    return f"""  - id: {name}
    name: {name}
    entry: '{Path(sys.executable).as_posix()} -m respin {found[1]}'
    language: system
    types_or: [markdown, plain-text]
"""


@pytest.mark.parametrize("hook", ["respin-check", "respin-fix"])
def test_hook(hook: str, tmp_path: Path) -> None:
    environment = os.environ | {
        "PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.org",
        "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@example.org",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    work = tmp_path / "work"
    work.mkdir()

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=work, env=environment, capture_output=True, text=True, check=False
        )

    assert run("git", "init", "-q").returncode == 0
    (work / ".pre-commit-config.yaml").write_text(f"repos:\n- repo: local\n  hooks:\n{_hook(hook)}")
    (work / "spun.md").write_text(f"# Head\n\n{SPUN}\n`provide chain`\n")
    (work / "clean.md").write_text("The council met on Tuesday evening at the village hall.\n")
    (work / "other.md").write_text(SPUN)
    run("git", "add", "spun.md", "clean.md", ".pre-commit-config.yaml")
    done = run(sys.executable, "-m", "pre_commit", "run")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "clean.md:" not in done.stdout
    assert (work / "other.md").read_text() == SPUN  # only the files that were passed
    text = (work / "spun.md").read_text()
    if hook == "respin-check":
        assert "spun.md:3:13: 'financial institution' -> 'bank'" in done.stdout
        assert SPUN in text
    else:
        assert "supply chain" in text
        assert "`provide chain`" in text
        staged = run("git", "diff", "--cached", "--", "spun.md").stdout
        assert "provide chain has eased" in staged  # never git add
        run("git", "add", "spun.md")
        assert run(sys.executable, "-m", "pre_commit", "run").returncode == 0
