"""The history of a spec in a real repository: breaks, notice given, renames, and what can't be read."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

SCHEMA = json.loads((ROOT / "apidiff" / "render" / "history.schema.json").read_bytes())
HEAD = "openapi: 3.1.0\ninfo: {{title: Shop, version: {version}}}\npaths:\n"
OPERATION = "  {path}:\n    {method}: {{{marks}responses: {{'200': {{description: OK}}}}}}\n"


def spec(version: str, *operations: str) -> str:
    """A spec of operations, each `METHOD PATH`, after `!` deprecated, and after `!DATE` with a sunset."""
    text = HEAD.format(version=version)
    for operation in operations:
        name, mark, sunset = operation.partition("!")
        method, path = name.split()
        marks = "deprecated: true, " if mark else ""
        marks += f"x-sunset: {sunset}, " if sunset else ""
        text += OPERATION.format(path=path, method=method.lower(), marks=marks)
    return text


def commit(folder: Path, day: str, text: str | None, name: str = "api.yaml") -> str:
    """One commit that makes the file so, or removes it; its hash."""
    file = folder / name
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    stamp = f"{day}T12:00:00+00:00"
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for arguments in (["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "x", "--date", stamp]):
        subprocess.run(
            ["git", *identity, *arguments], cwd=folder, check=True, env={"GIT_COMMITTER_DATE": stamp, "PATH": PATH}
        )
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def read(run: Run, *arguments: object) -> dict[str, object]:
    done = run("history", *arguments, "--format", "json")
    assert (done.code, done.err) == (0, "")
    found: dict[str, object] = json.loads(done.out)
    return found


def test_each_version_is_compared_with_the_one_before(run: Run, repository: Path) -> None:
    first = commit(repository, "2026-01-01", spec("1.0", "GET /a", "GET /b/{id}", "GET /c"))
    second = commit(repository, "2026-02-01", spec("1.1", "GET /a", "GET /b/{key}!2026-06-01", "GET /c"))
    broken = commit(repository, "2026-02-02", "openapi: [")
    third = commit(repository, "2026-05-02", spec("2.0", "GET /a!"))
    found = read(run, "api.yaml")
    assert found["format"] == "apidiff-history/1"
    assert found["first"] == {"commit": first, "date": "2026-01-01", "path": "api.yaml", "version": "1.0"}
    versions = found["versions"]
    assert isinstance(versions, list)
    assert [(one["commit"], one["version"], one["summary"]["breaking"]) for one in versions] == [
        (second, "1.1", 0),
        (third, "2.0", 2),
    ]
    assert [change["rule"] for change in versions[1]["changes"] if change["level"] == "breaking"] == [
        "operation-removed-before-sunset",
        "operation-removed",
    ]
    gone = {"commit": third, "date": "2026-05-02", "version": "2.0"}
    assert found["removals"] == [
        gone
        | {
            "operation": "GET /b/{key}",
            "deprecated": "2026-02-01",
            "days": 90,
            "sunset": "2026-06-01",
            "before_sunset": True,
        },
        gone | {"operation": "GET /c", "deprecated": None, "days": None, "sunset": None, "before_sunset": False},
    ]
    assert found["deprecated"] == [{"operation": "GET /a", "since": "2026-05-02"}]
    (unread,) = found["unreadable"]  # type: ignore[misc]
    assert (unread["commit"], unread["date"]) == (broken, "2026-02-02")
    assert "yaml-invalid" in unread["reason"]
    assert read(run, "HEAD:api.yaml")["versions"] == versions
    defined = SCHEMA["$defs"]
    assert list(SCHEMA["properties"]) == SCHEMA["required"] == list(found)
    assert list(defined["change"]["properties"]) == list(versions[1]["changes"][0])
    assert [*defined["version"]["properties"], "summary", "changes"] == list(versions[0])
    assert sorted(defined["removal"]["properties"]) == sorted(found["removals"][0])  # type: ignore[index]
    later = read(run, "api.yaml", "--since", "2026-03-01")
    assert (later["versions"], later["removals"], later["unreadable"]) == (versions[1:], found["removals"], [])


def test_renames_are_followed_and_what_only_moved_is_passed_over(run: Run, repository: Path) -> None:
    commit(repository, "2026-01-01", spec("1.0", "GET /a", "GET /b"))
    (repository / "specs").mkdir()
    (repository / "api.yaml").rename(repository / "specs" / "shop.yaml")
    commit(repository, "2026-02-01", spec("1.0", "GET /a", "GET /b"), "specs/shop.yaml")
    commit(repository, "2026-03-01", spec("2.0", "GET /a"), "specs/shop.yaml")
    found = read(run, "specs/shop.yaml")
    assert isinstance(found["versions"], list)
    assert [(one["path"], one["summary"]["breaking"]) for one in found["versions"]] == [("specs/shop.yaml", 1)]
    assert (found["first"]["path"], found["unchanged"]) == ("api.yaml", 1)  # type: ignore[index]


def test_one_that_was_gone_for_a_while(run: Run, repository: Path) -> None:
    commit(repository, "2026-01-01", spec("1.0", "GET /a", "GET /b"))
    gone = commit(repository, "2026-02-01", None)
    commit(repository, "2026-03-01", spec("2.0", "GET /a"))
    found = read(run, "api.yaml")
    assert found["unreadable"] == [{"commit": gone, "date": "2026-02-01", "reason": "the file was removed"}]
    assert [one["summary"]["breaking"] for one in found["versions"]] == [1]  # type: ignore[attr-defined]


@pytest.mark.slow
def test_runs_in_processes_say_the_same(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for month in range(1, 13):
        for day in (1, 15):
            text = "openapi: [" if (month, day) in {(6, 15), (7, 1)} else None
            names = [f"GET /{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"[month:]]
            commit(repository, f"2026-{month:02}-{day:02}", text or spec(f"{month}.{day}", *names))
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    alone = read(run, "api.yaml")
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert read(run, "api.yaml") == alone
    assert len(alone["unreadable"]) == 1  # type: ignore[arg-type]
    assert len(alone["removals"]) == 11  # type: ignore[arg-type]


def test_the_changelog_is_for_integrators(run: Run, repository: Path) -> None:
    commit(repository, "2026-01-01", spec("1.0", "GET /a", "GET /b"))
    commit(repository, "2026-02-01", spec("1.1", "GET /a!2026-12-01", "GET /b"))
    commit(repository, "2026-03-01", spec("2.0", "GET /a!2026-12-01", "GET /c"))
    assert (
        run("history", "api.yaml", "--format", "markdown").out
        == """\
# Changes of Shop

## 2.0 (2026-03-01)

### Breaking

- operation `GET /b` was removed

### New

- operation `GET /c` was added

## 1.1 (2026-02-01)

### Deprecated

- operation `GET /a` was deprecated, with a sunset date
- `GET /a` got the sunset date `2026-12-01`

## Deprecated, and still there

- GET /a, since 2026-02-01
"""
    )
    shown = run("history", "api.yaml").out.splitlines()
    assert shown[0] == "Shop: 2 new versions, 1 of them break"
    assert shown[-1] == "  2026-02-01  GET /a"


def test_the_page_is_whole_and_escapes_what_specs_say(run: Run, repository: Path) -> None:
    evil = "<script>alert(1)</script>"
    commit(repository, "2026-01-01", spec("1.0", "GET /a", "GET /b").replace("Shop", f'"{evil}"'))
    commit(repository, "2026-03-01", spec("2.0", "GET /a").replace("Shop", f'"{evil}"'))
    page = run("history", "api.yaml", "--format", "html").out
    assert "<script" not in page
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


def test_what_is_no_history_is_an_error(run: Run, repository: Path) -> None:
    commit(repository, "2026-01-01", "openapi: [")
    assert (run("history", "api.yaml").code, "history-unreadable" in run("history", "api.yaml").err) == (3, True)
    assert "revision-path-unknown" in run("history", "other.yaml").err
    assert "revision-unknown" in run("history", "v9:api.yaml").err
