"""The workflows: what they run is what is here, and a release is built only from a tag that is its version."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from apidiff import __version__
from tests.conftest import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"

pytestmark = pytest.mark.skipif(not WORKFLOWS.exists(), reason="needs the whole checkout; the sdist has no workflows")


def workflow(name: str) -> dict[str, Any]:
    return yaml.load((WORKFLOWS / name).read_text(), Loader=yaml.BaseLoader)


def test_every_job_has_the_rights_that_it_needs_and_no_more() -> None:
    for name in ("ci.yml", "release.yml"):
        assert workflow(name)["permissions"] == {"contents": "read"}
    rights = {name: job.get("permissions", {}) for name, job in workflow("release.yml")["jobs"].items()}
    assert rights == {
        "build": {},
        "install": {},
        "index": {"id-token": "write"},
        "image": {"contents": "read", "packages": "write"},
        "site": {"pages": "write", "id-token": "write"},
    }


def test_nothing_is_published_that_was_not_installed_and_run() -> None:
    jobs = workflow("release.yml")["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "build": None, "install": "build", "index": "install", "image": "install", "site": "index",
    }  # fmt: skip
    assert jobs["install"]["strategy"]["matrix"]["python"] == ["3.11", "3.13"]


def test_no_value_reaches_a_script_as_text() -> None:
    steps = [
        step for path in WORKFLOWS.iterdir() for job in workflow(path.name)["jobs"].values() for step in job["steps"]
    ]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_what_the_workflows_name_is_there() -> None:
    text = "".join(path.read_text() for path in WORKFLOWS.iterdir())
    named = set(re.findall(r"(?<![\w/])((?:\.ci|\.github|tests|fixtures)/[\w./-]+)", text))
    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert named >= {".ci/run", ".github/image/Dockerfile", "tests/tools/documentation.py"}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("tag", "is_told", "ends"),
    [(f"v{__version__}", True, (0, "")), ("v99.0.0", True, (1, "is not")), (f"v{__version__}", False, (1, "no entry"))],
)
def test_a_tag_that_is_not_the_version_is_refused(
    tmp_path: Path, tag: str, is_told: bool, ends: tuple[int, str]
) -> None:
    (step,) = (one for one in workflow("release.yml")["jobs"]["build"]["steps"] if "version" in one.get("name", ""))
    (tmp_path / "apidiff").mkdir()
    shutil.copy(ROOT / "apidiff" / "__init__.py", tmp_path / "apidiff")
    (tmp_path / "CHANGELOG.md").write_text(f"## [{__version__}] - 2026-01-01\n" if is_told else "## [Unreleased]\n")
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "TAG": tag}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, ends[1] in done.stdout) == (ends[0], True)
