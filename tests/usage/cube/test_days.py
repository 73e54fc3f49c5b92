"""Days of an engine's table that are kept: what the next day says is what a reading of everything says."""

import json
import random
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apidiff.usage.ask.question import Question
from apidiff.usage.ask.sights import asked
from apidiff.usage.cube.engine import Remote
from apidiff.usage.cube.measure import measure
from apidiff.usage.cube.value import EPOCH
from apidiff.usage.keys import digest
from apidiff.usage.options import Options
from tests.usage.conftest import an_operation
from tests.usage.cube.test_engine_answers import plan_of
from tests.usage.cube.test_engine_answers import rows as odd_rows
from tests.usage.cube.test_pieces import SALT, facts

TABLE = "access_log"
Row = tuple[Any, ...]
Fill = Callable[..., Options]
KINDS = {
    "naive": "ts",
    "text with an offset": "strftime(ts + INTERVAL 5 HOUR, '%Y-%m-%dT%H:%M:%S.%f') || '+05:00'",
}
"""How a time of each kind is made of a timestamp."""
START = date(2026, 3, 1)
OPERATIONS = [an_operation(name) for name in ("GET /jobs", "GET /jobs/{id}", "POST /jobs")]
KEYS = ("sk_live_0123456789abcdef", "k_2", "Bearer abcdefgh-12345678", "", None, "-")
QUESTIONS = (
    Question("query", "(?:^|&)limit=", (1, 2)),
    Question("query", "(?:^|&)sort=", (1,)),
    Question("query", "(?:^|&)sort=", (3,)),
)


def rows_of(days: int, seed: str = "a log", *, has_poller: bool = False) -> list[Row]:
    """Calls of some days, failures around each midnight, and rows that can't be read.

    A poller fails every nine minutes, so that its failures are one row from the first day to the last.
    """
    chance, found = random.Random(seed), list[Row]()
    for number in range(days):
        midnight = datetime.combine(START + timedelta(days=number), datetime.min.time())
        for second in (*range(0, 86_000, 4_000), *range(0, 90, 9), *range(86_310, 86_400, 9)):
            path, key = chance.choice(["/jobs", "/jobs/1", "/jobs/1/", "/other/thing"]), chance.choice(KEYS)
            query = chance.choice(["", "", "?limit=3", "?sort=a&limit=1"])
            is_busy = second < 90 or second >= 86_310
            if is_busy:
                path, key, query = "/jobs", KEYS[second % 2], ""
            status = chance.choice([503, 503, 200]) if is_busy else chance.choice([200, 200, 404, 503, 777])
            agent = chance.choice(["axios/1.6", "curl/8.5", "", "monitor/1"])
            version = chance.choice(["2020-01-01", "none", "a version with spaces"])
            moment = (midnight + timedelta(seconds=second)).isoformat(sep=" ")
            found.append((moment, chance.choice(["GET", "POST"]), path + query, status, key, agent, version))
        found.append((None, "GET", "/jobs", 200, "k_2", "", ""))
        if has_poller:
            moments = (midnight + timedelta(seconds=second) for second in range(0, 86_400, 540))
            found.extend((f"{moment}", "POST", "/jobs", 503, "a poller", "", "") for moment in moments)
    return [*found, ("2031-01-01 00:00:00", "GET", "/jobs", 200, "k_2", "", "")]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Makes the table of rows in a database of DuckDB, and gives the options that read it."""
    import duckdb

    def make(found: list[Row], kind: str = "naive") -> Options:
        with duckdb.connect(str(tmp_path / "log.duckdb")) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(
                "CREATE TEMP TABLE made (ts TIMESTAMP, method VARCHAR, path VARCHAR, status INTEGER, "
                "api_key VARCHAR, user_agent VARCHAR, api_version VARCHAR)"
            )
            connection.executemany("INSERT INTO made VALUES (?, ?, ?, ?, ?, ?, ?)", found)
            connection.execute(f"CREATE OR REPLACE TABLE {TABLE} AS SELECT * REPLACE ({KINDS[kind]} AS ts) FROM made")
        return Options(
            engine=f"duckdb://{tmp_path}/log.duckdb", table=TABLE, salt=SALT, exclude_user_agents=("monitor/*",)
        )

    return make


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each statement takes out of the table, as its plan says."""
    counts: list[int] = []
    fetch = Remote._fetch

    def spy(self: Remote, expression: Any) -> Any:
        engine: Any = self._engine
        explained = f"EXPLAIN (ANALYZE, FORMAT json) {self.statement(expression)}"
        ((_, plan),) = engine.connection.raw_sql(explained).fetchall()
        counts.append(_scanned(json.loads(plan)))
        return fetch(self, expression)

    monkeypatch.setattr(Remote, "_fetch", spy)
    return counts


def _scanned(node: dict[str, Any]) -> int:
    own = node["operator_cardinality"] if "TABLE_SCAN" in node.get("operator_type", "") else 0
    return own + sum(map(_scanned, node["children"]))


def told(options: Options, *, first_day: date = START) -> dict[str, Any]:
    """All that is told of the table, with the answers to some questions."""
    asking = [(question.column, question.pattern, question.routes) for question in QUESTIONS]
    usage = measure([], OPERATIONS, options=options, foresee=lambda *_: asking)
    answers = asked(QUESTIONS, usage, first_day=(first_day - EPOCH.date()).days, revision="2021-01-01")
    names = [key.digest for key in usage.keys]
    seen = {
        question: sorted((names[key], route, sight) for (key, route), sight in sights.items())
        for question, sights in answers.items()
    }
    assert all(seen.values())
    return facts(usage) | {"answers": seen}


@pytest.mark.parametrize("kind", KINDS)
def test_each_day_is_as_if_nothing_were_kept(tmp_path: Path, fill: Fill, kind: str) -> None:
    for days in (4, 5, 7):
        cold = replace(fill(rows_of(days), kind), today=START + timedelta(days=days - 1))
        warm = replace(cold, cache=tmp_path / "cache")
        first = START + timedelta(days=days - 4)
        assert told(warm, first_day=first) == told(cold, first_day=first)


def test_what_leaves_the_look_back_is_no_longer_counted(tmp_path: Path, fill: Fill) -> None:
    for days in (7, 8, 10):
        there = replace(fill(rows_of(days)), is_bounded=True, look_back_days=4)
        cold = replace(there, today=START + timedelta(days=days - 1))
        first = START + timedelta(days=days - 4)
        assert told(replace(cold, cache=tmp_path / "cache"), first_day=first) == told(cold, first_day=first)


def test_failures_that_go_on_for_days_are_one_row(tmp_path: Path, fill: Fill) -> None:
    for days in (5, 6):
        there = replace(fill(rows_of(days, has_poller=True)), retry_gap_seconds=600)
        cold = replace(there, today=START + timedelta(days=days - 1))
        found = told(replace(cold, cache=tmp_path / "cache"))
        assert found == told(cold)
    poller = next(place for place, key in enumerate(found["keys"]) if key.digest == digest("a poller", SALT))
    assert [row for row in found["retries"] if row[0] == poller] == [(poller, 3, 6 * 160 - 1, 1)]


def test_the_plan_of_the_next_day_is_the_same_byte_for_byte(tmp_path: Path, inputs: Path, fill: Fill) -> None:
    for today in (date(2026, 3, 15), date(2026, 3, 16)):
        there = [row for row in odd_rows() if not row[0] or row[0][:10] <= today.isoformat() or row[0] > "2030"]
        cold = replace(fill(there), today=today, version_from="query:api-version", exclude_user_agents=())
        for name, options in (("cold", cold), ("warm", replace(cold, cache=tmp_path / "cache"))):
            plan_of(inputs, tmp_path / f"{name} {today}", options, today=today)
        plans = [(tmp_path / f"{name} {today}" / "plan.json").read_bytes() for name in ("cold", "warm")]
        assert plans[0] == plans[1]


def test_days_that_are_over_are_not_read_again(tmp_path: Path, fill: Fill, scanned: list[int]) -> None:
    rows = rows_of(20)
    options = replace(fill(rows), today=START + timedelta(days=18), cache=tmp_path / "cache")
    told(options)
    assert scanned == [len(rows), len(rows)]
    scanned.clear()
    told(replace(options, today=START + timedelta(days=19)))
    # from the day before the first that is not over, when the failures of midnight began
    seam = f"{START + timedelta(days=15)}"
    assert scanned == [sum(row[0] is None or row[0] >= seam for row in rows)] * 2


def test_a_table_that_is_another_one_is_read_from_its_beginning(tmp_path: Path, fill: Fill) -> None:
    today = START + timedelta(days=5)
    for seed in ("one", "another"):
        cold = replace(fill(rows_of(6, seed)), today=today)
        assert told(replace(cold, cache=tmp_path / "cache")) == told(cold)


def test_what_is_damaged_is_read_anew(tmp_path: Path, fill: Fill) -> None:
    cold = replace(fill(rows_of(5)), today=START + timedelta(days=4))
    warm = replace(cold, cache=tmp_path / "cache")
    expected = told(warm)
    for name in ("keys.parquet", "rows.parquet", "kept.json"):
        damaged = list((tmp_path / "cache").rglob(name))
        assert len(damaged) == 2
        for path in damaged:
            path.write_bytes(b"{}")
        assert told(warm) == expected


def test_nothing_private_is_kept_and_it_is_the_users_alone(tmp_path: Path, fill: Fill) -> None:
    cold = replace(fill(rows_of(5)), today=START + timedelta(days=4))
    told(replace(cold, cache=tmp_path / "cache"))
    files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"keys.parquet", "rows.parquet", "kept.json"}
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    import duckdb

    texts = repr([duckdb.sql(f"SELECT * FROM '{path}'").fetchall() for path in files if path.suffix == ".parquet"])
    private = [*(key for key in KEYS if key and len(key) > 1), "abcdefgh-12345678", "axios/1.6", "limit=3"]
    assert [one for one in private if one in texts] == []


@pytest.mark.corpus
def test_in_postgresql(tmp_path: Path, postgresql: Path) -> None:
    import psycopg

    with psycopg.connect(f"host={postgresql} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE days")
    options = Options(engine=f"postgres://postgres@/days?host={postgresql}", table=TABLE, salt=SALT)
    with psycopg.connect(f"host={postgresql} user=postgres dbname=days", autocommit=True) as connection:
        connection.execute(
            f"CREATE TABLE {TABLE} (ts timestamptz, method text, path text, status int, api_key text, "
            "user_agent text, api_version text)"
        )
        for days in (4, 5):
            connection.execute(f"TRUNCATE {TABLE}")
            connection.cursor().executemany(f"INSERT INTO {TABLE} VALUES (%s, %s, %s, %s, %s, %s, %s)", rows_of(days))
            cold = replace(options, today=START + timedelta(days=days - 1))
            assert told(replace(cold, cache=tmp_path / "cache")) == told(cold)
