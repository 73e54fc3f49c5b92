"""`apidiff approve`: a waiver that holds for an edit with its values, written between somebody's comments."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Run

GET = {"responses": {"200": {"description": "OK"}}}
SPEC: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "A", "version": "1.0.0"},
    "paths": {
        "/a": {"get": GET | {"parameters": [{"name": "n", "in": "query", "schema": {"type": "integer"}}]}},
        "/b": {"get": GET},
    },
}
WHO = ("--reason", "nobody asks for more", "--owner", "ana: ops", "--expires", "2026-12-31", "--today", "2026-06-01")
TODAY = ("--today", "2026-06-01")
WRITTEN = """\
# how we judge
levels: {} # as they are

waivers: # each with a reason
  # the first
  - {change: 000000000000, reason: gone, owner: bo} # long ago
# the end
"""


def spec(maximum: int, *gone: str) -> dict[str, Any]:
    made = copy.deepcopy(SPEC)
    made["paths"]["/a"]["get"]["parameters"][0]["schema"]["maximum"] = maximum
    made["paths"] = {path: item for path, item in made["paths"].items() if path not in gone}
    return made


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, content in (
        ("base.json", spec(500)),
        ("revision.json", spec(100, "/b")),
        ("lower.json", spec(10, "/b")),
        ("raised.json", spec(400, "/b")),
    ):
        (tmp_path / name).write_text(json.dumps(content))
    return tmp_path


def breaks(run: Run, revision: str, base: str = "base.json") -> tuple[dict[str, str], str]:
    """The rules of the breaks with who lets them pass, and the warnings."""
    ran = run("diff", base, revision, "-f", "json", *TODAY)
    found = [one for one in json.loads(ran.out)["changes"] if one["level"] == "breaking"]
    return {one["rule"]: one["waiver"]["owner"] if one["waiver"] else one["id"] for one in found}, ran.err


def test_it_holds_for_the_edit_with_its_values_and_no_others(place: Path, run: Run) -> None:
    ids, _ = breaks(run, "revision.json")
    change = ids["maximum-decreased"]
    ran = run("approve", change, "--base", "base.json", "--revision", "revision.json", *WHO)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{change}  approved until 2026-12-31: query parameter `n` of `GET /a`: the maximum fell")
    (written,) = yaml.safe_load((place / "apidiff.yaml").read_text())["waivers"]
    assert written == {
        "change": change,
        "values": written["values"],
        "reason": "nobody asks for more",
        "owner": "ana: ops",
        "expires": "2026-12-31",
    }
    assert breaks(run, "revision.json") == (ids | {"maximum-decreased": "ana: ops"}, "")
    for revision in ("lower.json", "raised.json"):
        found, said = breaks(run, revision)
        assert found["maximum-decreased"] == change
        assert f"change {change} has other values now than those approved, and stays breaking" in said
    assert breaks(run, "revision.json", base="raised.json")[0]["maximum-decreased"] == change


def test_the_rest_of_the_file_stays_and_a_second_approval_takes_the_place_of_the_first(place: Path, run: Run) -> None:
    (place / "apidiff.yaml").write_text(WRITTEN)
    ids, _ = breaks(run, "revision.json")
    both = ("--base", "base.json", "--revision", "revision.json")
    assert run("approve", *ids.values(), *both, *WHO).code == 0
    first = (place / "apidiff.yaml").read_text()
    head, end = WRITTEN[: WRITTEN.index("# the end")], "# the end\n"
    assert first.startswith(head)
    assert first.endswith(end)
    assert run("approve", *ids.values(), *both, *WHO, "--reason", "other").code == 0
    again = (place / "apidiff.yaml").read_text()
    assert again == first.replace("nobody asks for more", "other")
    assert len(yaml.safe_load(again)["waivers"]) == 1 + len(ids)


def test_what_is_no_break_is_not_approved(place: Path, run: Run) -> None:
    both = ("--base", "base.json", "--revision", "revision.json")
    assert run("approve", "123456789abc", *both, *WHO).code == 2
    assert run("approve", "123456789abc", "--base", "base.json", *WHO).code == 2
    assert run("approve", "123456789abc", *both, *WHO, "--expires", "2026-05-31").code == 2
    assert run("approve", "123456789abc", *both, *WHO, "--owner", " ").code == 2
    assert not (place / "apidiff.yaml").exists()
    (place / "apidiff.yaml").write_text("waivers: [{change: 1a, reason: b, owner: c}]\n")
    ran = run("approve", *breaks(run, "revision.json")[0].values(), *both, *WHO)
    assert (ran.code, "[config-invalid]" in ran.err) == (3, True)
    assert (place / "apidiff.yaml").read_text() == "waivers: [{change: 1a, reason: b, owner: c}]\n"


def test_a_configuration_that_is_not_in_utf8_is_not_written_into(place: Path, run: Run) -> None:
    both = ("--base", "base.json", "--revision", "revision.json")
    (place / "apidiff.yaml").write_bytes("levels: {}\n".encode("utf-16"))
    ran = run("approve", *breaks(run, "revision.json")[0].values(), *both, *WHO)
    assert (ran.code, ran.out) == (3, "")
    assert "apidiff.yaml: nothing can be written into this file: it is not in UTF-8 [config-invalid]" in ran.err
    assert (place / "apidiff.yaml").read_bytes() == "levels: {}\n".encode("utf-16")


def test_values_without_a_change_are_refused(place: Path, run: Run) -> None:
    (place / "apidiff.yaml").write_text(
        "waivers: [{rule: operation-removed, operation: GET /b, values: aa, reason: b, owner: c}]\n"
    )
    ran = run("diff", "base.json", "revision.json")
    assert (ran.code, "`values` are those of one change" in ran.err) == (3, True)


@pytest.mark.slow
def test_a_plan_has_the_same_values(place: Path, run: Run) -> None:
    ids, _ = breaks(run, "revision.json")
    assert run("plan", "base.json", "revision.json", "--out", "made", *TODAY).code == 0
    assert run("approve", *ids.values(), "--plan", "made", *WHO).code == 0
    assert breaks(run, "revision.json")[0] == dict.fromkeys(ids, "ana: ops")
