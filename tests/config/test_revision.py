"""The configuration of a git revision: who edits the revision can't let its breaks pass."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Run

BASE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "A", "version": "1.0.0"},
    "paths": {name: {"get": {"responses": {"200": {"description": "OK"}}}} for name in ("/a", "/b", "/c")},
}
REVISION = BASE | {"info": {"title": "A", "version": "2.0.0"}, "paths": {"/c": BASE["paths"]["/c"]}}


def waivers(*paths: str) -> dict[str, Any]:
    return {
        "waivers": [
            {"rule": "operation-removed", "operation": f"GET {path}", "reason": f"nobody calls {path}", "owner": "ana"}
            for path in paths
        ]
    }


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose commit has both specs and approves one break; its folder is somebody's pull request."""
    monkeypatch.chdir(tmp_path)
    for name, content in (("base.yaml", BASE), ("revision.yaml", REVISION), ("apidiff.yaml", waivers("/a"))):
        (tmp_path / name).write_text(yaml.safe_dump(content))
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)
    return tmp_path


def passed(run: Run, *arguments: str) -> tuple[int, list[str], str]:
    ran = run("diff", "base.yaml", "revision.yaml", "--fail-on", "breaking", "--format", "json", *arguments)
    changes = json.loads(ran.out)["changes"]
    return ran.code, [one["operations"][0] for one in changes if one["waiver"]], ran.err


def test_what_the_base_approves_passes(repository: Path, run: Run) -> None:
    (repository / "apidiff.yaml").unlink()
    assert passed(run, "--config", "HEAD:apidiff.yaml") == (1, ["GET /a"], "")
    assert passed(run) == (1, [], "")


def test_what_the_pull_request_approves_is_proposed(repository: Path, run: Run) -> None:
    (repository / "apidiff.yaml").write_text(yaml.safe_dump(waivers("/a", "/b")))
    assert passed(run) == (0, ["GET /a", "GET /b"], "")
    code, found, said = passed(run, "--config", "HEAD:apidiff.yaml")
    assert (code, found) == (1, ["GET /a"])
    assert said.startswith("warning: proposed, and lets nothing pass until it is in the base: ")
    assert said.endswith("(operation `GET /b` was removed), nobody calls /b (ana)\n")


def test_so_is_what_the_spec_says_of_itself(repository: Path, run: Run) -> None:
    (repository / "apidiff.yaml").unlink()
    spec = REVISION | {"x-apidiff-waivers": waivers("/*")["waivers"]}
    (repository / "revision.yaml").write_text(yaml.safe_dump(spec))
    assert passed(run) == (0, ["GET /a", "GET /b"], "")
    code, found, said = passed(run, "--config", "HEAD:apidiff.yaml")
    assert (code, found) == (1, ["GET /a"])
    assert said.count("proposed, and lets nothing pass until it is in the base") == 1
    assert "GET /b" in said


def test_levels_are_those_of_the_base(repository: Path, run: Run) -> None:
    (repository / "apidiff.yaml").write_text("levels: {operation-removed: additive}\n")
    assert passed(run)[0] == 0
    assert passed(run, "--config", "HEAD:apidiff.yaml")[0] == 1


@pytest.mark.parametrize(
    ("config", "code", "status"),
    [("HEAD:none.yaml", "config-not-found", 3), ("nowhere:apidiff.yaml", "revision-unknown", 3)],
)
def test_one_that_is_not_there_is_named(repository: Path, run: Run, config: str, code: str, status: int) -> None:
    ran = run("diff", "base.yaml", "revision.yaml", "--config", config)
    assert (ran.code, f"{config}: " in ran.err, f"[{code}]" in ran.err) == (status, True, True)


def test_nothing_is_written_into_a_revision(repository: Path, run: Run) -> None:
    ran = run("decide", "9f3a1c0b7d21", "expand", "--config", "HEAD:apidiff.yaml")
    assert ran.code == 2
    assert sorted(path.name for path in repository.iterdir()) == [".git", "apidiff.yaml", "base.yaml", "revision.yaml"]
