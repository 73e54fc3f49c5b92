"""A client of the demo's base, migrated by what the guide says and nothing else, works against the revision.

The client is written by hand; whoever migrates it has read migration.json alone, which says the same as the guide: the
calls before and after each change, what is read of the answers, and what goes.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import yaml

from apidiff.calls.samples import Samples
from apidiff.comparison.compare import Judgement, compared
from apidiff.plan.make import Brief, make_plan
from apidiff.plan.policy import read
from apidiff.render.plan import render_plan
from tests.calls.server import SpecServer
from tests.conftest import DEMO

pytestmark = pytest.mark.slow

CUSTOMER = {"name": "Grace Hopper", "email": "grace@example.com"}


@dataclass(frozen=True)
class Request:
    """One call of a client, and the fields of the answer that it needs."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    reads: tuple[tuple[str | int, ...], ...] = ()


CLIENT = (
    Request("GET", "/v1/customers", (("limit", "250"),), reads=(("data", 0, "name"),)),
    Request("POST", "/v1/customers", body=CUSTOMER, reads=(("id",),)),
    Request("GET", "/v1/customers/cus_42", reads=(("name",), ("email",))),
    Request("GET", "/v1/payments", (("limit", "20"), ("method", "cheque"))),
    Request("POST", "/v1/tokens", body={"number": "4242424242424242", "exp_month": 9, "exp_year": 2031}),
    Request("GET", "/v1/payouts/po_7", reads=(("bank_reference",), ("id",))),
    Request("GET", "/v1/transactions", reads=(("data",),)),
    Request("GET", "/v1/reports/settlements", (("from", "2026-01-01"), ("to", "2026-01-31"))),
    Request("GET", "/v1/disputes", (("limit", "400"),)),
    Request("GET", "/v1/balance"),
)
"""What it calls: of everything that changes something, and what stays."""


def works(request: Request, server: SpecServer) -> bool:
    """Whether a server takes the call and its answer has what the client reads."""
    target = request.path + (f"?{urlencode(request.query)}" if request.query else "")
    headers = {"authorization": "Bearer the-secret"} | ({"content-type": "application/json"} if request.body else {})
    body = json.dumps(request.body).encode() if request.body is not None else b""
    status, answer = server.answer(request.method, target, headers, body)
    return status < 400 and all(_has(answer, path) for path in request.reads)


def _has(value: Any, path: tuple[str | int, ...]) -> bool:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    return value is not None


def migrated(request: Request, guide: dict[str, Any]) -> Request | None:
    """The call as somebody would write it who has read the guide; None where it says that nothing takes its place."""
    for change in guide["changes"]:
        if not any(_is_call_of(request, name) for name in change["operations"]) or change["action"] == "none":
            continue
        before, after = change["before"], change["after"]
        if change["outcome"] == "gone":
            if after is None:
                return None
            request = replace(request, method=after["method"], path=urlsplit(after["url"]).path)
            continue
        if change["direction"] == "response":
            last = {path[-1] for path in before["reads"]} - {path[-1] for path in after["reads"]}
            request = replace(request, reads=tuple(path for path in request.reads if path[-1] not in last))
            continue
        query = _as_told(dict(request.query), *(dict(map(tuple, one["query"])) for one in (before, after)))
        request = replace(request, query=tuple(query.items()))
        if isinstance(request.body, dict) and isinstance(after["body"], dict):
            request = replace(request, body=_as_told(request.body, before["body"], after["body"]))
    return request


def _as_told(mine: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What is sent, without what the new call has not got any more, and with what it has instead."""
    kept = {key: value for key, value in mine.items() if key in new or key not in old}
    return kept | {key: value for key, value in new.items() if old.get(key) != value}


def _is_call_of(request: Request, operation: str) -> bool:
    method, _, path = operation.partition(" ")
    ours, theirs = request.path.split("/"), path.split("/")
    return request.method == method and len(ours) == len(theirs) and all(
        one == two or two.startswith("{") for one, two in zip(ours, theirs, strict=True)
    )  # fmt: skip


@pytest.fixture(scope="module")
def guide() -> dict[str, Any]:
    comparison, found = compared(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"), judgement=Judgement())
    plan = make_plan(comparison, None, Brief(today=date(2026, 11, 20), policy=read(None), no_usage="a test"))
    made: dict[str, Any] = json.loads(render_plan(plan, samples=Samples(found))["migration.json"])
    return made


@pytest.fixture(scope="module")
def servers() -> tuple[SpecServer, SpecServer]:
    base, revision = (yaml.safe_load((DEMO / name).read_text()) for name in ("base.yaml", "revision.yaml"))
    return SpecServer(base, full=True), SpecServer(revision, full=True)


def test_a_client_that_follows_the_guide_works_on_the_revision(
    guide: dict[str, Any], servers: tuple[SpecServer, SpecServer]
) -> None:
    base, revision = servers
    assert [one for one in CLIENT if not works(one, base)] == []
    fails = [one.path for one in CLIENT if not works(one, revision)]
    assert fails == [
        "/v1/customers", "/v1/customers", "/v1/customers/cus_42", "/v1/payments", "/v1/tokens", "/v1/payouts/po_7",
        "/v1/transactions", "/v1/reports/settlements", "/v1/disputes",
    ]  # fmt: skip
    new = [migrated(one, guide) for one in CLIENT]
    assert [one.path for one, other in zip(CLIENT, new, strict=True) if other is None] == ["/v1/tokens"]
    assert [one for one in new if one is not None and not works(one, revision)] == []
    assert new[-1] == CLIENT[-1]


def test_what_the_guide_says_to_do_early_works_on_the_base_too(
    guide: dict[str, Any], servers: tuple[SpecServer, SpecServer]
) -> None:
    early = {**guide, "changes": [one for one in guide["changes"] if one["works_before"]]}
    new = [migrated(one, early) for one in CLIENT]
    assert new != list(CLIENT)
    assert [one for one in new if one is None or not works(one, servers[0])] == []
