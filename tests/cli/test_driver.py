"""git shows what a spec breaks in the place of its lines, as git itself calls the driver."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

SPEC = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: parts/thing.yaml}}}}}}
  /others:
    get: {responses: {'200': {description: OK}}}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose specs have the driver, with one commit; nothing is changed yet."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "thing.yaml").write_text("type: object\nproperties: {n: {type: integer}}\n")
    (tmp_path / "api.yaml").write_text(SPEC)
    (tmp_path / ".gitattributes").write_text("*.yaml diff=apidiff\n")
    driver = f"PYTHONPATH={shlex.quote(str(ROOT))} {sys.executable} -m apidiff git-diff"
    git("init", "-q")
    git("config", "diff.apidiff.command", driver)
    commit("one")
    return tmp_path


def git(*arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    done = subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def commit(message: str) -> None:
    git("add", ".")
    git("commit", "-q", "-m", message)


@pytest.mark.slow
def test_git_shows_what_breaks(repository: Path) -> None:
    (repository / "api.yaml").write_text(SPEC[: SPEC.index("  /others")])
    shown = git("diff").splitlines()
    assert shown[:3] == [
        "diff --apidiff api.yaml",
        "Things 1.0.0 -> 1.0.0  (api.yaml -> api.yaml)",
        "1 breaking, 1 additive; 1 of 2 operations breaks",
    ]
    commit("two")
    (repository / "api.yaml").rename(repository / "moved.yaml")
    (repository / "moved.yaml").write_text(SPEC[: SPEC.index("  /others")].replace("/things", "/thongs"))
    commit("three")
    assert "operation-removed" in git("diff", "-M20", "HEAD^", "HEAD")
    assert "operation-added" in git("log", "-p", "--ext-diff", "--no-renames", "-1", "--", "moved.yaml")


@pytest.mark.slow
def test_what_is_no_spec_is_shown_as_git_shows_it(repository: Path) -> None:
    (repository / "parts" / "thing.yaml").write_text("type: string\n")
    assert "+type: string" in git("diff").splitlines()


def test_it_is_called_by_git_alone(run: Run) -> None:
    assert run("git-diff", "a", "b").code == 2
    assert run("git-diff", "a.yaml").out == "* Unmerged path a.yaml\n"
