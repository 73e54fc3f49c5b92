"""`apidiff decide` from the outside: what it lists, writes and refuses, and that the next plan follows it."""

import json
from pathlib import Path

import pytest

from tests.cli import scenario
from tests.conftest import Run

Files = dict[str, Path]


@pytest.fixture
def files(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Files:
    """The scenario with its plan, in the working directory."""
    files = scenario.write(tmp_path)
    files["plan"] = tmp_path / "plan"
    assert run(*scenario.plan_arguments(files, files["plan"])).code == 0
    monkeypatch.chdir(tmp_path)
    return files


def breaks(files: Files) -> dict[str, dict[str, object]]:
    plan = json.loads((files["plan"] / "plan.json").read_bytes())
    return {one["rule"]: one for one in plan["changes"] if one["level"] == "breaking"}


@pytest.mark.slow
def test_open_ones_are_listed_answered_and_planned(files: Files, run: Run) -> None:
    known = breaks(files)
    gone, age = known["operation-removed"]["id"], known["property-removed"]["id"]
    ran = run("decide")
    assert ran.out.splitlines() == [
        "2 open decisions, by component, the most revenue first",
        "An additive form is known for 2: decide `expand`, and the next plan proves it and writes it",
        "",
        "in the operations themselves: 1 break, 2 accounts, worth 128 k a year",
        f"  {gone}  operation GET /pets was removed  (operation-removed)",
        "",
        "Pet: 1 break, 2 accounts, worth 128 k a year",
        f"  {age}  response property age was removed from Pet  (property-removed)",
        "",
        "Next: `apidiff decide ID-OR-RULE… expand`, or `proceed --reason TEXT --owner NAME`; then plan again.",
    ]
    Path("apidiff.yaml").write_text("# ours\nguide_url: https://pets.example/guide\n")
    ran = run("decide", "expand", "--component", "Pet", "--direction", "response")
    assert (ran.code, ran.out.splitlines()) == (
        0,
        [
            "component=Pet direction=response: answers 1 change",
            "Written to apidiff.yaml; 1 break still open. Next: plan again.",
        ],
    )
    ran = run("decide", str(gone), "proceed", "--reason", "nobody needs it", "--owner", "Kim")
    assert ran.out.splitlines() == [
        f"{gone}: answers 1 change",
        "Written to apidiff.yaml; every break is decided. Next: plan again.",
    ]
    assert run("decide").out == "Every break is decided. Plan again to see what it means.\n"
    assert Path("apidiff.yaml").read_text().startswith("# ours\nguide_url: https://pets.example/guide\ndecisions:\n")
    assert run(*scenario.plan_arguments(files, files["plan"])).code == 0
    assert {rule: one["decision"] for rule, one in breaks(files).items()} == {
        "operation-removed": {"answer": "proceed", "reason": "nobody needs it", "owner": "Kim"},
        "property-removed": {"answer": "expand", "reason": "", "owner": ""},
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["expand"], 2, "say what is decided"),
        (["operation-removed"], 2, "the last word is the answer"),
        (["operation-removed", "proceed"], 2, "proceed needs --reason TEXT and --owner NAME"),
        (["--component", "Pet"], 2, "the answer is missing"),
        (["expand", "--component", "Pets"], 3, "The nearest that does is `component=Pet`"),
        (["operation-removd", "expand"], 2, "operation-removed"),
        (["0123456789ab", "expand"], 3, "no change has this id"),
        (["0123456789ab", "expand", "--tag", "x"], 2, "is one change, which nothing narrows"),
    ],
)
def test_what_decides_nothing_is_refused_and_writes_nothing(
    files: Files, run: Run, arguments: list[str], code: int, said: str
) -> None:
    ran = run("decide", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in " ".join(ran.err.split())
    assert not Path("apidiff.yaml").exists()


@pytest.mark.slow
def test_a_stale_decision_stops_the_plan(files: Files, run: Run) -> None:
    Path("apidiff.yaml").write_text("decisions:\n  0123456789ab: expand\n")
    ran = run(*scenario.plan_arguments(files, files["plan"]))
    assert ran.code == 3
    assert "apidiff.yaml:2" in ran.err
    assert "[decision-unknown]" in ran.err
