"""The pre-commit hook and the GitHub Action, run as their hosts run them: in a git repository, `apidiff` on PATH."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / ".github" / "actions" / "apidiff" / "action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
BEFORE = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get: {responses: {'200': {description: OK}}}
  /others:
    get: {responses: {'200': {description: OK}}}
"""
AFTER = BEFORE.replace("  /others:\n    get: {responses: {'200': {description: OK}}}\n", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (ACTION.exists() and HOOKS.exists()), reason="needs the whole checkout; the sdist does not hold these files"
    ),
]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with the spec as it was, the spec as it is in the working tree, and `apidiff` on PATH."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "apidiff"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {sys.executable} -m apidiff "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "openapi.yaml").write_text(BEFORE)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "before"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    (folder / "openapi.yaml").write_text(AFTER)
    return folder


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def test_the_hook_stops_a_commit_that_breaks(repository: Path) -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text())
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("apidiff", "python", False)
    done = run([*shlex.split(hook["entry"]), "HEAD:openapi.yaml", "openapi.yaml"], repository)
    assert (done.returncode, "operation `GET /others` was removed" in done.stdout) == (1, True)
    (repository / "openapi.yaml").write_text(BEFORE)
    assert run([*shlex.split(hook["entry"]), "HEAD:openapi.yaml", "openapi.yaml"], repository).returncode == 0


def steps() -> dict[str, Any]:
    action = yaml.safe_load(ACTION.read_text())
    return {step.get("name", step.get("uses")): step for step in action["runs"]["steps"]}


def compare(repository: Path, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    step = steps()["Compare"]
    given = {
        **dict.fromkeys(step["env"], ""),
        "SPEC": "openapi.yaml",
        "START": run(["git", "rev-parse", "HEAD"], repository).stdout.strip(),
        "FAIL_ON": "breaking",
        "COMMENT": "false",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    # As the runner starts a bash step.
    return run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], repository, **given | environment
    )


def test_the_action_annotates_and_fails(repository: Path, tmp_path: Path) -> None:
    done = compare(repository, tmp_path, SARIF="apidiff.sarif")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error file=openapi.yaml,")
    assert outputs(tmp_path) == {"next-version": "2.0.0"}
    assert (tmp_path / "summary.md").read_text().startswith("<!-- apidiff:diff:things")
    assert (repository / "apidiff.sarif").read_text().startswith("{")


@pytest.mark.slow
def test_the_action_asks_a_snapshot_whom_a_break_hits(repository: Path, tmp_path: Path) -> None:
    row = {"time": "2026-03-01T12:00:00Z", "method": "GET", "path": "/elsewhere", "status": 200, "api_key": "key_1"}
    (repository / "log.jsonl").write_text(json.dumps(row) + "\n")
    (repository / "was.yaml").write_text(BEFORE.replace("paths:", "paths:\n  /elsewhere: {get: {responses: {}}}", 1))
    snapshot = ["apidiff", "snapshot", "log.jsonl", "--spec", "was.yaml", "--output", "usage.snapshot"]
    assert run([*snapshot, "--no-cache", "--today", "2026-03-02"], repository).returncode == 0
    done = compare(
        repository, tmp_path, USAGE="usage.snapshot", AUDIENCE="public", FAIL_ON="breaking-used", SARIF="apidiff.sarif"
    )
    assert (done.returncode, done.stderr) == (1, "stopped: of 1 breaking change 1 is unknown\n")
    assert "1 unknown" in (tmp_path / "summary.md").read_text().splitlines()[1]
    assert "Unknown: the logs have rows on 1 of the 90 days" in (repository / "apidiff.sarif").read_text()


@pytest.mark.parametrize("base", ["HEAD", "HEAD:openapi.yaml"])
def test_the_action_takes_a_revision_or_a_spec(repository: Path, tmp_path: Path, base: str) -> None:
    done = compare(repository, tmp_path, BASE=base, FAIL_ON="never")
    assert (done.returncode, done.stdout.count("::error ")) == (0, 1)


def test_the_action_takes_several_specs_and_what_is_asked(repository: Path, tmp_path: Path) -> None:
    (repository / "specs").mkdir()
    for name, text in (("a", BEFORE), ("b", BEFORE.replace("Things", "B").replace("/others", "/internal"))):
        (repository / "specs" / f"{name}.yaml").write_text(text)
    (repository / "base.yaml").write_text("levels: {operation-removed: additive}\n")
    for arguments in (["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "2"]):
        subprocess.run(["git", *arguments], cwd=repository, check=True)
    (repository / "base.yaml").write_text("")
    for file in (repository / "specs").iterdir():
        text = file.read_text()
        file.write_text(text[: text.index("  /others" if "/others" in text else "  /internal")])
    found = {
        name: compare(repository, tmp_path, SPEC="specs/*.yaml", **given)
        for name, given in (
            ("all", {}),
            ("only", {"ONLY": "/others\nGET /internal", "IGNORE": "GET /internal\n"}),
            ("base", {"CONFIG": "BASE:base.yaml", "PROFILE": "strict"}),
            ("own", {"CONFIG": "base.yaml"}),
        )
    }
    assert {name: (done.returncode, done.stdout.count("::error ")) for name, done in found.items()} == {
        "all": (1, 2),
        "only": (1, 1),
        "base": (0, 0),
        "own": (1, 2),
    }
    raised = BEFORE.replace("1.0.0", "2.0.0").replace("/things", "/more")
    (repository / "openapi.yaml").write_text(raised)
    assert compare(repository, tmp_path, MAJOR_PASSES="true").returncode == 0
    assert compare(repository, tmp_path).returncode == 1


def outputs(folder: Path) -> dict[str, str]:
    """The step's outputs, as GitHub's runner reads the file: `name<<delimiter`, lines, the delimiter."""
    lines = iter((folder / "output").read_text().splitlines())
    found = {}
    for line in lines:
        name, mark, end = line.partition("<<")
        assert mark, line
        found[name] = "\n".join(iter(lambda end=end: next(lines), end))
    return found


@pytest.mark.parametrize(
    "version", ["1.0.0\nnext-version=9\nadmin=true", "1.0.0\nEOF\nadmin<<X\ntrue\nX", "latest", "${IFS}id", "1 2"]
)
def test_a_version_that_is_none_sets_no_output(repository: Path, tmp_path: Path, version: str) -> None:
    spec = yaml.safe_load(BEFORE)
    spec["info"]["version"] = version
    (repository / "was.yaml").write_text(yaml.safe_dump(spec))
    compare(repository, tmp_path, BASE="was.yaml", FAIL_ON="never")
    assert outputs(tmp_path) == {"next-version": ""}


def test_no_input_of_the_action_reaches_a_script_as_text() -> None:
    for step in steps().values():
        assert "${{" not in step.get("run", "")


def test_every_action_of_others_is_pinned_by_its_commit() -> None:
    pages = [*ROOT.glob(".github/**/*.y*ml"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
    used = [line for page in pages for line in re.findall(r"^\s*-?\s*uses: *(.+)$", page.read_text(), re.MULTILINE)]
    others = [line for line in used if not line.startswith("./")]
    assert {line.partition("@")[0] for line in others} == {
        *(f"actions/{name}" for name in ("checkout", "setup-python", "upload-artifact", "download-artifact")),
        *("actions/upload-pages-artifact", "actions/deploy-pages", "pypa/gh-action-pypi-publish"),
    }
    assert all(re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line) for line in others), others


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize("me", ["github-actions[bot]", "ana"])
def test_the_comment_that_is_edited_is_one_s_own(me: str) -> None:
    query = re.findall(r"--jq '(\.\[\].*)'", steps()["Compare"]["run"])
    mark = "<!-- apidiff:diff:things -->"
    comments = [
        {"id": 1, "user": {"login": "eve"}, "body": f"{mark}\nnot ours"},
        {"id": 2, "user": {"login": me}, "body": f"about {mark}"},
        {"id": 3, "user": {"login": me}, "body": f"{mark}\nours"},
        {"id": 4, "user": {"login": f"{me}2"}, "body": f"{mark}\nnot ours"},
    ]
    done = subprocess.run(
        ["jq", *query], input=json.dumps(comments), env=os.environ | {"MARK": mark, "ME": me}, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    assert (len(query), done.stdout.split()) == (1, ["3"])


PROGRAM = """\
#!/bin/sh
# GitHub's answer to a list of comments, and a record of what was asked.
printf '%s\\n' "$*" >> "$RECORD"
case "$*" in *--paginate*) printf '%s' "$ANSWER" ;; esac
"""


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        ("", "api --silent --method POST repos/o/r/issues/7/comments -F body=@"),
        ("41\n42\n", "api --silent --method PATCH repos/o/r/issues/comments/41 -F body=@"),
    ],
)
def test_the_action_keeps_one_comment(repository: Path, tmp_path: Path, answer: str, written: str) -> None:
    (tmp_path / "bin" / "gh").write_text(PROGRAM)
    (tmp_path / "bin" / "gh").chmod(0o755)
    record = tmp_path / "record"
    done = compare(
        repository,
        tmp_path,
        COMMENT="true",
        PULL_REQUEST="7",
        GITHUB_REPOSITORY="o/r",
        RECORD=str(record),
        ANSWER=answer,
    )
    assert (done.returncode, done.stderr) == (1, "")
    asked = record.read_text().splitlines()
    assert asked[0] == "api user --jq .login"
    assert asked[1].startswith("api --paginate repos/o/r/issues/7/comments --jq .[] | select(.user.login == env.ME)")
    assert asked[2].startswith(written)
