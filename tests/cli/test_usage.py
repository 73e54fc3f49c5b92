"""`apidiff usage` from the outside."""

import hmac
import json
from pathlib import Path

import pytest

from tests.cli import scenario
from tests.conftest import Run

pytestmark = pytest.mark.slow


def test_the_figures_of_the_scenario(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    arguments = ("usage", files["usage"], "--spec", files["base"], "--integrators", files["integrators"])
    data = json.loads(run(*arguments, "--format", "json").out)
    assert data["coverage"] == {
        "rows": 28, "matched": 28, "unmatched": 0, "malformed": 0, "first": "2026-03-01T12:00:00Z",
        "last": "2026-03-07T12:00:00Z", "days_with_data": 7,
    }  # fmt: skip
    assert [(one["path"], one["attempts"], one["integrators"]) for one in data["operations"]] == [
        ("/pets", 14, 2),
        ("/pets/{id}", 14, 2),
    ]
    shown = run(*arguments, "--today", "2026-03-08")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(
        "! the logs cover 7 days: who calls once a month is probably not in them\n\n"
        "logged        28 rows, 2026-03-01 to 2026-03-07, 7 days with data\n"
        "read as       json: time `time`, method `method`, path `path`, api_key `api_key`, status `status`\n"
    )
    assert not [key for key in scenario.KEYS if key in shown.out]


def test_several_logs_in_one_go_and_a_configuration(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    files = scenario.write(tmp_path)
    rows = [{"when": row["time"]} | {name: row[name] for name in row if name != "time"} for row in scenario.ROWS]
    (tmp_path / "first.jsonl").write_text(scenario.as_jsonl(rows[:20]), encoding="utf-8")
    (tmp_path / "second.jsonl").write_text(scenario.as_jsonl(rows[20:]), encoding="utf-8")
    (tmp_path / "apidiff.yaml").write_text("columns: {time: when}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shown = run("usage", "first.jsonl", "second.jsonl", "--spec", files["base"])
    assert (shown.code, shown.err) == (0, "")
    assert "\nlogged        28 rows" in shown.out


def test_what_is_in_doubt_is_said_where_no_reader_of_the_text_sees_it(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    ran = run("usage", files["usage"], "--spec", files["base"], "--format", "json", "--today", "2026-04-01")
    doubts = [
        "the logs end on 2026-03-07, 25 days before today: who came since is not in them",
        "the logs cover 7 days: who calls once a month is probably not in them",
    ]
    assert json.loads(ran.out)["doubts"] == doubts
    assert ran.err == "".join(f"warning: {doubt}\n" for doubt in doubts)


def test_how_logs_are_read(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        (logs / name).write_bytes(files["usage"].read_bytes())
    (logs / "notes.md").write_text("nothing", encoding="utf-8")
    ran = run("usage", logs, "--spec", files["base"], "--how")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{logs}/a.jsonl\n"
        "  format    json (JSON Lines with named fields)\n"
        "  packed    plain\n"
        "  time      time\n"
        "  method    method\n"
        "  path      path\n"
        "  status    status\n"
        "  api_key   api_key\n"
        "  user_agent user_agent\n"
        f"not read: {logs}/notes.md (a .md file)\n"
        f"not read: {logs}/b.jsonl (the same as {logs}/a.jsonl)\n"
    )


def test_hashed_keys_meet_their_accounts(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    files = scenario.write(tmp_path)
    rows = [row | {"api_key": hmac.digest(b"hush", row["api_key"].encode(), "sha256").hex()} for row in scenario.ROWS]
    files["usage"].write_text(scenario.as_jsonl(rows), encoding="utf-8")
    arguments = (
        "usage", files["usage"], "--spec", files["base"], "--integrators", files["integrators"], "--key-hash", "hmac",
        "--format", "json",
    )  # fmt: skip
    refused = run(*arguments)
    assert (refused.code, refused.out) == (2, "")
    assert "APIDIFF_KEY_SECRET" in refused.err
    monkeypatch.setenv("APIDIFF_KEY_SECRET", "hush")
    data = json.loads(run(*arguments).out)
    assert [one["integrators"] for one in data["operations"]] == [2, 2]


def test_logs_that_lie_in_an_engine(tmp_path: Path, run: Run, run_process: Run) -> None:
    import duckdb

    files = scenario.write(tmp_path)
    store = tmp_path / "store.duckdb"
    with duckdb.connect(str(store)) as connection:
        connection.execute(f"CREATE TABLE access AS SELECT * FROM read_json_auto('{files['usage']}')")
    asked = ("usage", "--spec", files["base"], "--integrators", files["integrators"], "--format", "json")
    # In a process of its own: Ibis 12 uses what pandas 3 warns of, and here warnings are errors.
    in_engine = run_process(*asked, "--engine", f"duckdb://{store}", "--table", "access")
    assert in_engine.code == 0, in_engine.err
    assert json.loads(in_engine.out) == json.loads(run(*asked, files["usage"]).out) | {"read_as": []}
    for wrong in (("--engine", f"duckdb://{store}"), (), (files["usage"], "--engine", "chdb://", "--table", "t")):
        assert run(*asked, *wrong).code == 2


def test_what_an_engine_would_be_asked(tmp_path: Path, run: Run, run_process: Run) -> None:
    """The statements and what the engine says of them; nothing of it is run, and nothing is written."""
    import duckdb

    files = scenario.write(tmp_path)
    store, out = tmp_path / "store.duckdb", tmp_path / "plan"
    with duckdb.connect(str(store)) as connection:
        connection.execute(f"CREATE TABLE access AS SELECT * FROM read_json_auto('{files['usage']}')")
    engine = ("--engine", f"duckdb://{store}", "--table", "access", "--print-sql", "--today", "2026-03-09")
    plan = run_process("plan", files["base"], files["revision"], "--out", str(out), *engine)
    usage = run_process("usage", "--spec", files["base"], *engine)
    for told in (plan, usage):
        assert told.code == 0, told.err
        lines = told.out.splitlines()
        assert next(line for line in lines if line.startswith("-- ")) == "-- cube"
        assert "-- attempts" in lines
        assert told.out.count("SEQ_SCAN") == 2
        assert sum(line.startswith("WITH ") for line in lines) == 2
    assert "hits" in plan.out
    assert not out.exists()
    assert run("usage", files["usage"], "--spec", files["base"], "--print-sql").code == 2
