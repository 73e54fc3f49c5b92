"""Keys to their owners, and what a question finds in the calls of each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.question import Question, Sight
from apidiff.usage.ask.report import usage_report
from apidiff.usage.ask.rollup import depths_of, owners_of
from apidiff.usage.ask.sights import asked
from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Account
from apidiff.usage.options import Options
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [an_operation("GET /jobs")]
Write = Callable[[str, Any], str]


def a_call(second: int, query: str = "", status: int = 200, key: str = "k_1") -> dict[str, Any]:
    path = f"/jobs?{query}" if query else "/jobs"
    return {"time": f"2026-03-14T08:00:{second:02}Z", "method": "GET", "path": path, "status": status, "api_key": key}


def test_a_question_counts_successes_and_failures_with_the_thing_and_without(write: Write) -> None:
    calls = [
        a_call(1, "limit=1"), a_call(2, "limit=2"), a_call(3, "limit=3"),
        a_call(4, "page=1"), a_call(5), a_call(40, "a=1"),
        a_call(7, "limit=1", 404), a_call(8, "page=1", 404), a_call(9, "", 404),
    ]  # fmt: skip
    usage = measure([write("log.jsonl", calls)], OPERATIONS, options=Options())
    route = usage.routes.routes[0].number
    question = Question("query", "(?:^|&)limit=", (route,))
    found = asked([question], usage, first_day=0)
    at = int(datetime.fromisoformat("2026-03-14T08:00:00Z").timestamp()) * 1_000_000
    expected = Sight(3, 3, at + 3_000_000, at + 40_000_000, 1, 2)
    assert found == {question: {(0, route): expected}}


def test_a_key_that_is_left_out_is_a_bucket_of_its_own(write: Write) -> None:
    options = Options(exclude_keys=("k_1",))
    usage = measure([write("log.jsonl", [a_call(1), a_call(2, key="k_2")])], OPERATIONS, options=options)
    integrators = Integrators({"acme": Account("acme", "Acme")}, {"k_1": "acme", "k_2": "acme"})
    owners = owners_of(usage, integrators, options)
    (left_out,) = (account for account in owners.accounts if account.excluded)
    digests = {key.digest[:12] for key in usage.keys}
    assert left_out.integrator.removeprefix("key-") in digests
    assert (left_out.name, left_out.excluded) == ("acme", "the key is left out by configuration")


def test_the_time_to_the_first_call_is_that_of_keys_made_within_the_log(write: Write) -> None:
    usage = measure([write("log.jsonl", [a_call(1), a_call(2, key="k_2")])], OPERATIONS, options=Options())
    made = {
        "k_1": datetime.fromisoformat("2026-03-14T06:00:01Z"),
        "k_2": datetime.fromisoformat("2025-01-01T00:00:00Z"),
    }
    owners = {"k_1": "acme", "k_2": "acme"}

    def median(**created: datetime) -> Any:
        found = Integrators({"acme": Account("acme", "Acme")}, owners, created)
        return usage_report(usage, found, OPERATIONS)["metrics"]["time_to_first_call_median_hours"]

    assert (median(**made), median()) == (2.0, None)


def test_how_many_operations_an_owner_succeeds_on(write: Write) -> None:
    operations = [an_operation("GET /jobs"), an_operation("GET /jobs/{id}"), an_operation("GET /users")]
    paths = ["/jobs", "/jobs/1", "/jobs/2", "/nothing"]
    calls = [{**a_call(second), "path": path} for second, path in enumerate(paths)]
    calls += [{**a_call(10, status=404), "path": "/users"}, {**a_call(11, key="k_2"), "path": "/nothing"}]
    usage = measure([write("log.jsonl", calls)], operations, options=Options())
    owners = owners_of(usage, Integrators({"acme": Account("acme", "Acme")}, {"k_1": "acme"}), Options())
    assert {owners.accounts[number].integrator: depth for number, depth in depths_of(usage, owners).items()} == {
        "acme": 2
    }
