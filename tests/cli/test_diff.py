"""`apidiff diff` from the outside: streams, exit codes, standard input, and the same bytes on every run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli import scenario
from tests.conftest import DEMO, Run


def test_a_spec_against_itself_has_no_change(run: Run) -> None:
    spec = DEMO / "base.yaml"
    ran = run("diff", spec, spec, "--format", "json", "--fail-on", "dangerous")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["changes"] == []


def test_json_and_yaml_of_one_spec_have_no_change(tmp_path: Path, run: Run) -> None:
    spec = DEMO / "base.yaml"
    as_json = tmp_path / "base.json"
    as_json.write_text(json.dumps(yaml.safe_load(spec.read_text(encoding="utf-8")), default=str), encoding="utf-8")
    ran = run("diff", spec, as_json, "--format", "json")
    assert json.loads(ran.out)["changes"] == []


@pytest.mark.parametrize(
    ("fail_on", "code"), [("breaking", 1), ("dangerous", 1), ("unclassified", 1), ("never", 0), (None, 0)]
)
def test_fail_on_decides_the_exit_code(tmp_path: Path, run: Run, fail_on: str | None, code: int) -> None:
    files = scenario.write(tmp_path)
    option = [] if fail_on is None else ["--fail-on", fail_on]
    ran = run("diff", files["base"], files["revision"], *option)
    assert (ran.code, ran.err) == (code, "")
    assert ran.out.startswith("Pets 1.0.0 -> 2.0.0")


@pytest.mark.parametrize("format_name", ["text", "json", "markdown", "html", "sarif", "junit", "github"])
def test_every_format_goes_to_a_file_as_to_standard_output(tmp_path: Path, run: Run, format_name: str) -> None:
    files = scenario.write(tmp_path)
    arguments = ("diff", files["base"], files["revision"], "--format", format_name)
    printed = run(*arguments)
    written = run(*arguments, "--output", tmp_path / "report")
    assert (printed.code, written.code, written.out, written.err) == (0, 0, "", "")
    assert (tmp_path / "report").read_text(encoding="utf-8") == printed.out


def test_the_changes_of_the_scenario(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    data = json.loads(run("diff", files["base"], files["revision"], "--format", "json").out)
    assert data["format"] == "apidiff/1"
    assert [(change["rule"], change["level"], change["operations"]) for change in data["changes"]] == [
        ("operation-removed", "breaking", ["GET /pets"]),
        ("property-removed", "breaking", ["GET /pets/{id}"]),
        ("version-changed", "editorial", []),
    ]
    assert data["summary"] == {
        "breaking": 2, "dangerous": 0, "additive": 0, "editorial": 1, "unclassified": 0, "waived": 0,
        "operations": 2, "operations_broken": 2,
    }  # fmt: skip


def test_standard_input_is_a_spec(tmp_path: Path) -> None:
    files = scenario.write(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "apidiff", "diff", "-", files["revision"], "--fail-on", "breaking"],
        input=files["base"].read_bytes(), capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")


def test_the_next_version_alone(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    assert run("diff", files["base"], files["revision"], "--next-version").out == "2.0.0\n"


@pytest.mark.slow
def test_the_same_bytes_whatever_the_hash_seed() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "apidiff", "diff", DEMO / "base.yaml", DEMO / "revision.yaml", "-f", "json"],
            env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(outputs) == 1
