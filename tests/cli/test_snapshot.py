"""`apidiff snapshot`, and `apidiff diff --usage` by it: the plan's counts without anybody's data."""

import csv
import gzip
import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import zstandard

from apidiff.render.diff import FORMATS
from apidiff.usage.snapshot.file import MAGIC
from tests.cli import scenario
from tests.conftest import DEMO, Run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("snapshot")]
TODAY = ("--today", "2026-11-16")
SPECS = (DEMO / "base.yaml", DEMO / "revision.yaml")
LOGS, ACCOUNTS = DEMO / "usage.jsonl.gz", DEMO / "integrators.csv"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from apidiff.cli.run import main

    file = tmp_path_factory.mktemp("demo") / "usage.snapshot"
    spec, accounts = ("--spec", str(SPECS[0])), ("--integrators", str(ACCOUNTS))
    assert main(["snapshot", str(LOGS), *spec, *accounts, "--output", str(file), *TODAY]) == 0
    return file


def changes(run: Run, *arguments: Any) -> dict[str, Any]:
    return {
        change["id"]: change
        for change in json.loads(run("diff", *SPECS, *arguments, *TODAY, "-f", "json").out)["changes"]
    }


def test_its_counts_are_those_of_the_plan(
    made: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("plan", *SPECS, "--usage", LOGS, "--integrators", ACCOUNTS, "--out", "plan", *TODAY)
    plan = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    by_snapshot = changes(run, "--usage", made)
    counts = ("confirmed", "probable", "possible")
    assert {name: {count: one["affected"][count] for count in counts} for name, one in by_snapshot.items()} == {
        one["id"]: {count: one["affected"][count] for count in counts} for one in plan["changes"]
    }
    paid: dict[str, float] = dict.fromkeys(by_snapshot, 0.0)
    last: dict[str, str] = dict.fromkeys(by_snapshot, "")
    for one in plan["integrators"]:
        for impact in one["impacts"] if one["tier"] != "excluded" else ():
            paid[impact["change"]] += one["revenue"] or 0
            last[impact["change"]] = max(last[impact["change"]], impact["last_seen"][:10])
    for name, one in by_snapshot.items():
        low, high = one["affected"]["revenue"]
        assert low <= paid[name] <= high
        assert one["affected"]["last_seen"] == last[name]
    assert changes(run, "--usage", LOGS, "--integrators", ACCOUNTS) == by_snapshot
    comment = run("diff", *SPECS, "--usage", made, "-f", "markdown", *TODAY).out.splitlines()
    assert comment[1] == "## apidiff: 8 breaking changes, 8 of them in use"
    worth = r"(\d+) accounts and 4 without an owner or a contact, worth ([\d,]+) to ([\d,]+) a year"
    found = re.match(rf"\*\*Hit:\*\* {worth}", comment[2])
    assert found
    accounts, low, high = (int(group.replace(",", "")) for group in found.groups())
    assert accounts == plan["summary"]["integrators_affected"]
    assert low <= plan["summary"]["revenue_affected"] <= high
    assert comment[3].startswith("**Instead:** Keep `name` beside `first_name`, `last_name`")


def test_it_may_lie_in_a_git_revision(made: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "usage.snapshot").write_bytes(made.read_bytes())
    (tmp_path / "other").write_text("no snapshot", encoding="utf-8")
    for arguments in (("init", "-q", "-b", "nightly"), ("add", "."), ("commit", "-q", "-m", "of the night")):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments], check=True)
    (tmp_path / "usage.snapshot").unlink()
    assert changes(run, "--usage", "nightly:usage.snapshot") == changes(run, "--usage", made)
    refused = [
        run("diff", *SPECS, "--usage", source).err for source in ("nightly:other", "nightly:none", "daily:other")
    ]
    assert [line.splitlines()[0].partition(": ")[2] for line in refused] == [
        "nightly:other: the snapshot can't be used: it does not begin like one [snapshot-damaged]",
        "nightly:none: no such file in nightly [revision-path-unknown]",
        "daily:other: unknown revision `daily` [revision-unknown]",
    ]


def test_the_public_learns_of_no_account(made: Path, run: Run) -> None:
    told = changes(run, "--usage", made, "--audience", "public")
    assert {(one["affected"]["accounts"], one["affected"]["last_seen"]) for one in told.values()} == {
        ("21 to 100", "2026-11"),
        ("6 to 20", "2026-11"),
        ("5 or fewer", "2026-11"),
        ("0", ""),
    }
    exact = r"\d+ (?:confirmed|probable|possible|keys?)\b|worth|(?<!or )\b(?:58|99|1) accounts?"
    for name in FORMATS:
        shown = run("diff", *SPECS, "--usage", made, "--audience", "public", "-f", name, *TODAY).out
        assert not re.search(exact, shown), name
        assert name == "json" or "21 to 100 accounts" in shown, name


def test_it_holds_no_key_no_name_no_address_and_no_value(made: Path) -> None:
    data = made.read_bytes()
    content = zstandard.ZstdDecompressor().decompress(data[data.index(b"\n") + 33 :])
    secret: set[str] = set()
    with ACCOUNTS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            secret |= {
                row["api_key"],
                row["api_key"][-12:],
                row["integrator"],
                row["name"],
                row["contact"],
                row["owner"],
            }
    with gzip.open(LOGS, "rt", encoding="utf-8") as file:
        for line in file:
            if not line.startswith("{") or not line.endswith("}\n"):
                continue
            row = json.loads(line)
            target, _, query = str(row.get("path", "")).partition("?")
            ids = (part for part in target.split("/") if re.search(r"\d", part) and len(part) > 3)
            values = (value for _, value in parse_qsl(row.get("query", "") or query))
            agent = row.get("user_agent", "")
            secret |= {*ids, *values, row.get("api_key") or "", row.get("client_ip") or "", agent}
    long = {text for text in secret if len(text) > 3}
    assert len(long) > 10_000
    # numbers stand in the head as counts and digests: those of the log are looked for as texts
    held = set(re.findall(rb"[\w.@+:-]{4,}", content)) | set(re.findall(rb'"([^"]*)"', content))
    assert not {text for text in long if text.encode() in held}
    for text in long:
        if not text.isdigit():
            assert text.encode() not in content


def test_it_is_small_and_the_same_on_every_run(made: Path, run: Run, tmp_path: Path) -> None:
    again = tmp_path / "again"
    ran = run(
        *("snapshot", LOGS, "--spec", SPECS[0], "--integrators", ACCOUNTS, "--output", again, *TODAY, "--no-cache")
    )
    assert ran.code == 0
    assert again.read_bytes() == made.read_bytes()
    assert len(made.read_bytes()) < 20_000
    assert ran.out.splitlines()[1:] == [
        "172,655 rows from 2026-08-18 to 2026-11-15; 113 accounts, 4 that nobody claims, 35 routes",
        "complete: who was not seen in these 90 days is not there",
        "it can't tell which fields are sent: log their names (`request_fields`)",
        "it can't tell which fields are received: log their names (`response_fields`)",
        "it can't tell who pins which version",
        f"Next: apidiff diff BASE REVISION --usage {again}",
    ]


def test_names_are_kept_where_they_are_asked_for(run: Run, tmp_path: Path) -> None:
    files = scenario.write(tmp_path)
    snapshot = tmp_path / "named"
    arguments = ("--spec", files["base"], "--integrators", files["integrators"], "--output", snapshot, "--names")
    ran = run("snapshot", files["usage"], *arguments)
    assert ran.code == 0
    assert "CONFIDENTIAL: it names accounts" in ran.out
    data = snapshot.read_bytes()
    assert data.startswith(MAGIC + b"1 CONFIDENTIAL: names of accounts\n")
    content = zstandard.ZstdDecompressor().decompress(data[data.index(b"\n") + 33 :])
    assert b'"name":"Acme"' in content
    assert not [key for key in scenario.KEYS if key.encode() in content]


def test_used_and_unknown_stop_and_what_nobody_used_does_not(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = scenario.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    rows = [row for row in scenario.ROWS if row["path"] != "/pets"]
    (tmp_path / "few.jsonl").write_text(scenario.as_jsonl(rows), encoding="utf-8")
    accounts = ("--integrators", files["integrators"])
    only = ("--only", "GET /pets", "--fail-on", "breaking-used", "--today", "2026-03-08")

    def asked(log: Any, days: int) -> tuple[int, str]:
        (tmp_path / "apidiff.yaml").write_text(f"look_back_days: {days}\n", encoding="utf-8")
        run("snapshot", log, "--spec", files["base"], *accounts, "-o", "a.snapshot", "--today", "2026-03-08")
        ran = run("diff", files["base"], files["revision"], "--usage", "a.snapshot", *only)
        by_logs = run("diff", files["base"], files["revision"], "--usage", log, *accounts, *only)
        assert (by_logs.code, by_logs.err.splitlines()[-1:]) == (ran.code, ran.err.splitlines())
        return ran.code, ran.err

    assert asked(files["usage"], 7) == (1, "stopped: of 1 breaking change 1 is used\n")
    assert asked("few.jsonl", 7) == (0, "passed: of 1 breaking change 1 is not used\n")
    assert asked("few.jsonl", 90) == (1, "stopped: of 1 breaking change 1 is unknown\n")


def test_what_can_not_be_asked_is_refused(made: Path, run: Run, tmp_path: Path) -> None:
    files = scenario.write(tmp_path)
    both = (files["base"], files["revision"])
    assert run("diff", *both, "--fail-on", "breaking-used").code == 2
    for usage, code, exit_code in (
        ((made,), "snapshot-of-another-spec", 3),
        ((made, files["usage"]), "snapshot-among-logs", 2),
        ((made, made), "snapshot-among-logs", 2),
        ((made, "--integrators", files["integrators"]), "snapshot-among-logs", 2),
    ):
        ran = run("diff", *both, "--usage", *usage)
        assert (ran.code, f"[{code}]" in ran.err, ran.out) == (exit_code, True, "")
    broken = tmp_path / "broken"
    broken.write_bytes(made.read_bytes()[:-5])
    ran = run("diff", *both, "--usage", broken)
    assert (ran.code, "[snapshot-damaged]" in ran.err) == (3, True)
