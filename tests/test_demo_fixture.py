"""The demo's files are those that their maker writes, hold the breaks that the story tells, and stay small."""

import csv
import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from fixtures.simulator.cast import COLUMNS, Client, make_cast
from fixtures.simulator.demo import MALFORMED, main, make_rows
from fixtures.simulator.traffic import OPERATIONS, Row, find_truth

DEMO = Path(__file__).parents[1] / "fixtures" / "demo"


@pytest.fixture(scope="module")
def clients() -> list[Client]:
    return make_cast()


@pytest.fixture(scope="module")
def rows(clients: list[Client]) -> list[Row]:
    return make_rows(clients)


@pytest.fixture(scope="module")
def truth(rows: list[Row]) -> list[dict[str, Any]]:
    return find_truth(rows)


@pytest.fixture(scope="module")
def by_role(clients: list[Client]) -> dict[str, str]:
    return {client.role: client.account["integrator"] for client in clients if client.role and client.account}


def test_the_files_are_what_the_maker_writes(tmp_path: Path) -> None:
    main(tmp_path)
    assert (tmp_path / "integrators.csv").read_bytes() == (DEMO / "integrators.csv").read_bytes()
    # Compressed bytes differ between builds of zlib; what is in them must not.
    made, kept = (gzip.decompress((folder / "usage.jsonl.gz").read_bytes()) for folder in (tmp_path, DEMO))
    assert made == kept


def test_the_log_is_small_enough_to_ship() -> None:
    assert (DEMO / "usage.jsonl.gz").stat().st_size < 3_000_000


def test_the_log_spans_ninety_days_and_every_line_but_the_malformed_is_a_request(rows: list[Row]) -> None:
    lines = gzip.decompress((DEMO / "usage.jsonl.gz").read_bytes()).decode().splitlines()
    assert len(lines) == len(rows) + len(MALFORMED)
    assert [line for line in lines if line in MALFORMED] == list(MALFORMED)
    days = {json.loads(line)["time"][:10] for line in lines if line not in MALFORMED}
    assert (min(days), max(days), len(days)) == ("2026-08-18", "2026-11-15", 90)


def test_each_key_belongs_to_one_integrator_and_contacts_are_nobodys() -> None:
    with (DEMO / "integrators.csv").open(newline="") as file:
        accounts = list(csv.DictReader(file))
    assert tuple(accounts[0]) == COLUMNS
    assert len({row["api_key"] for row in accounts}) == len(accounts)
    assert 110 <= len({row["integrator"] for row in accounts}) <= 130
    assert max(Counter(row["integrator"] for row in accounts).values()) == 4
    assert all(row["contact"].endswith(".example") for row in accounts if row["contact"])
    assert {row["plan"] for row in accounts} == {"enterprise", "business", "pro", "free"}


def test_the_operations_that_clients_call_are_those_of_the_base() -> None:
    base = yaml.safe_load((DEMO / "base.yaml").read_text())
    declared = {
        operation["operationId"]: (method.upper(), path)
        for path, item in base["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }
    assert {name: (method, path) for name, (method, path, _) in OPERATIONS.items()} == declared


def test_the_story_is_in_the_log(truth: list[dict[str, Any]], by_role: dict[str, str]) -> None:
    def of(role: str) -> dict[str, dict[str, Any]]:
        return {entry["operation"]: entry for entry in truth if entry["integrator"] == by_role[role]}

    loop = of("retry loop")["GET /v1/transactions"]
    assert (loop["attempts"], loop["logical_successes"], loop["active_days"]) == (24_440, 3, 3)
    job = of("month-end job")
    assert {entry["active_days"] for entry in job.values()} == {3}
    assert len(job) == 3
    trial = of("one-endpoint trial")
    assert list(trial) == ["GET /v1/customers"]
    assert trial["GET /v1/customers"]["logical_successes"] > 7000
    last_of_dormant = max(entry["last_seen"] for entry in of("dormant").values())
    assert (date(2026, 11, 15) - date.fromisoformat(last_of_dormant[:10])).days > 60
    sends, leaves_out = (
        of(role)["GET /v1/reports/settlements"] for role in ("sends the parameter", "leaves the parameter out")
    )
    assert sends["sent"]["currency"] == sends["attempts"]
    assert "currency" not in leaves_out["sent"]
    assert set(of("sends the removed value")["GET /v1/payments"]["values"]) == {"method=cheque"}
    assert set(of("sends another value")["GET /v1/payments"]["values"]) == {"method=card"}
    assert {entry["logical_successes"] for entry in of("only failing calls").values()} == {0}
    assert of("internal monitor")["GET /v1/balance"]["attempts"] > 2000


def test_one_key_is_shared_and_three_are_unknown(rows: list[Row], by_role: dict[str, str]) -> None:
    shared = Counter(row.user_agent for row in rows if row.who == by_role["shared key"])
    assert len(shared) == 4
    unknown = Counter(row.who for row in rows if row.who.startswith("unknown"))
    assert [count > 5000 for _, count in unknown.most_common()] == [True, False, False]
