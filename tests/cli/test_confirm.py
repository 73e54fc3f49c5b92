"""`apidiff confirm`: a person's word for many accounts at once, where no log can show that they have moved."""

import json
from pathlib import Path

import pytest

from tests.cli import scenario
from tests.conftest import Run

pytestmark = pytest.mark.slow


@pytest.fixture
def plan(tmp_path: Path, run: Run) -> Path:
    files = scenario.write(tmp_path)
    assert run(*scenario.plan_arguments(files, tmp_path / "plan")).code == 0
    acme = next(iter(scenario.KEYS))
    rows = [scenario.log_row(day, acme, f"/pets/{day}") for day in range(1, 31)]
    (tmp_path / "later.jsonl").write_text(scenario.as_jsonl(rows).replace("2026-03-", "2026-04-"), encoding="utf-8")
    return tmp_path / "plan"


def followed(plan: Path, run: Run) -> dict[tuple[str, str], tuple[str, str]]:
    usage = plan.parent / "later.jsonl"
    report = json.loads(run("track", plan, "--usage", usage, "--today", "2026-05-01", "--format", "json").out)
    return {
        (one["integrator"], change["change"]): (change["state"], change["note"])
        for one in report["integrators"]
        for change in one["changes"]
    }


def test_what_a_person_says_counts_where_the_logs_show_nothing(plan: Path, run: Run) -> None:
    before = followed(plan, run)
    open_ = sorted(key for key, (state, _) in before.items() if state in ("silent", "unverifiable"))
    people = sorted({integrator for integrator, _ in open_})
    first, change = open_[0]
    ran = run("confirm", plan, first, "--change", change, "--by", "Ana Ruiz", "--today", "2026-04-20")
    assert (ran.code, ran.out) == (0, "1 integrator confirmed on 2026-04-20 by Ana Ruiz, in confirmed.csv.\n")
    after = followed(plan, run)
    told = ("migrated", "confirmed on 2026-04-20 by Ana Ruiz; the logs show nothing of it")
    assert {key: one for key, one in after.items() if one != before[key]} == {open_[0]: told}
    (plan.parent / "answers.csv").write_text("when,integrator\n" + "".join(f"now,{one}\n" for one in people))
    assert run("confirm", plan, "--from", plan.parent / "answers.csv", "--by", "Bo", "--today", "2026-04-21").code == 0
    last = followed(plan, run)
    assert {key for key, (state, _) in last.items() if state == "migrated"} >= set(open_)
    assert last[open_[0]] == told
    assert (plan / "confirmed.csv").read_text().splitlines() == [
        '"integrator","change","date","by"',
        f'"{first}","{change}","2026-04-20","Ana Ruiz"',
        *(f'"{one}","","2026-04-21","Bo"' for one in people),
    ]


def test_it_survives_a_new_plan_and_an_answer_is_written_once(plan: Path, run: Run) -> None:
    call = ("confirm", plan, "--tier", "call", "--by", "Ana", "--today", "2026-04-20")
    assert run(*call).out.endswith(" confirmed on 2026-04-20 by Ana, in confirmed.csv.\n")
    content = (plan / "confirmed.csv").read_bytes()
    assert run(*call).out == "no integrator confirmed on 2026-04-20 by Ana, in confirmed.csv.\n"
    files = {name: plan.parent / path for name, path in scenario.write(plan.parent).items()}
    assert run(*scenario.plan_arguments(files, plan)).code == 0
    assert (plan / "confirmed.csv").read_bytes() == content


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--by", "Ana"), "say whom"),
        (("acm", "--by", "Ana"), "Did you mean `acme`? "),
        (("acme", "--change", "000000000000", "--by", "Ana"), "[change-unknown]"),
        (("--owner", "Nobody", "--by", "Ana"), "[confirmed-nobody]"),
        (("--tier", "phone", "--by", "Ana"), "--tier is one of call"),
        (("acme", "--by", " "), "--by needs a name"),
    ],
)
def test_a_wrong_call_writes_nothing(plan: Path, run: Run, arguments: tuple[str, ...], says: str) -> None:
    ran = run("confirm", plan, *arguments)
    assert ran.code == 2
    assert says.strip() in " ".join(ran.err.split())
    assert not (plan / "confirmed.csv").exists()


def test_a_broken_list_is_named(plan: Path, run: Run) -> None:
    for broken in ("who,when\nacme,today\n", "who,when\n", "a" * 200_000, "integrator,change,date,by\n=x"):
        (plan / "confirmed.csv").write_text(broken)
        ran = run("confirm", plan, "acme", "--by", "Ana")
        assert (ran.code, "[confirmed-unreadable]" in ran.err) == (3, True)
        assert (plan / "confirmed.csv").read_text() == broken


def test_a_name_is_shown_as_it_is_and_a_list_has_an_end(plan: Path, run: Run) -> None:
    ran = run("confirm", plan, "acme", "--by", "x\x1b[1m\ny", "--today", "2026-04-20")
    assert ran.out == "1 integrator confirmed on 2026-04-20 by x\\x1b[1m y, in confirmed.csv.\n"
    if Path("/dev/zero").exists():
        assert run("confirm", plan, "--from", "/dev/zero", "--by", "Ana").code == 3
        assert run("confirm", "/dev/zero", "acme", "--by", "Ana").code == 3
