"""Planted clients in Python and TypeScript, written for the base and for the revision.

The search patterns of the guide find every line of the old ones that has to change, and no line of the new ones.
"""

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apidiff.calls.samples import Samples
from apidiff.comparison.compare import Judgement, compared
from apidiff.plan.make import Brief, make_plan
from apidiff.plan.policy import read
from apidiff.render.plan import render_plan
from apidiff.render.plan.searches import NEAR
from tests.conftest import DEMO

TEXT: dict[str, Any] = {"type": "string"}


def answer(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"200": {"description": "", "content": content, "headers": {"X-Total-Count": {"schema": TEXT}}}}


def query(name: str, schema: dict[str, Any] = TEXT, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def operation(schema: str, *parameters: dict[str, Any], body: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {"parameters": list(parameters), "responses": answer(schema)}
    if body:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/New{schema}"}}}
        made["requestBody"] = {"content": content}
    return made


ID = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def spec(paths: dict[str, Any], **schemas: dict[str, Any]) -> dict[str, Any]:
    made = {name: {"type": "object", "properties": properties} for name, properties in schemas.items()}
    return {
        "openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, "paths": paths, "components": {"schemas": made},
        "servers": [{"url": "https://api.shop.example"}],
    }  # fmt: skip


BASE = spec(
    {
        "/v1/orders": {
            "get": operation("Order", query("sort"), query("limit", {"type": "integer", "maximum": 500})),
            "post": operation("Order", body=True),
        },
        "/v1/orders/{id}": {"get": operation("Order", ID), "delete": operation("Order", ID)},
        "/v1/orders/{id}/lines": {"get": operation("Order", ID)},
        "/v1/clients": {"get": operation("Customer")},
        "/v1/reports": {"get": operation("Order", query("status", {**TEXT, "enum": ["open", "on-hold", "paid"]}))},
    },
    Order={"id": TEXT, "billing_address": TEXT, "total": TEXT},
    NewOrder={"coupon": TEXT},
    Customer={"id": TEXT},
)
REVISION = spec(
    {
        "/v1/orders": {
            "get": operation("Order", query("order_by"), query("limit", {"type": "integer", "maximum": 100})),
            "post": operation("Order", body=True),
        },
        "/v1/orders/{id}": {"get": operation("Order", ID)},
        "/v1/orders/{id}/items": {"get": operation("Order", ID)},
        "/v1/people/clients": {"get": operation("Customer")},
        "/v1/reports": {
            "get": operation(
                "Order", query("status", {**TEXT, "enum": ["open", "paid"]}), query("currency", required=True)
            )
        },
    },
    Order={"id": TEXT, "invoice_address": TEXT, "total": TEXT},
    NewOrder={"coupon": TEXT},
    Customer={"id": TEXT},
)

OLD_PYTHON = """
import requests
BASE = "https://api.shop.example"
orders = requests.get(f"{BASE}/v1/orders", params={"sort": "date", "limit": 100}).json()  # old: sort
more = requests.get(BASE + "/v1/orders?limit=250").json()  # old: limit
page = client.get("/v1/orders", params=dict(limit=101))  # old: limit


def cancel(order):
    return requests.delete(  # old: delete
        f"{BASE}/v1/orders/{order['id']}",
        timeout=5,
    )


lines = client.get("/v1/orders/" + order_id + "/lines")  # old: lines
lines = client.get("/v1/orders/%s/lines" % order_id)  # old: lines
print(order["billing_address"], order.billing_address)  # old: billing
everybody = client.get("/v1/clients")  # old: clients


report = client.get(
    "/v1/reports",  # old: currency
    params={"status": "open"},
)


held = client.get("/v1/reports", params={"status": "on-hold", "currency": "EUR"})  # old: on-hold
"""
NEW_PYTHON = """
import requests
BASE = "https://api.shop.example"
orders = requests.get(f"{BASE}/v1/orders", params={"order_by": "date", "limit": 100}).json()
more = requests.get(BASE + "/v1/orders?limit=99&order_by=id").json()
orders.sort(key=lambda one: one["total"])
orders.sort()


def show(order):
    return requests.get(f"{BASE}/v1/orders/{order['id']}", timeout=250)


items = client.get("/v1/orders/" + order_id + "/items")
items = client.get(f"/v1/orders/{order_id}/items")
print(order["invoice_address"], order.invoice_address)
everybody = client.get("/v1/people/clients")
report = client.get(
    "/v1/reports",
    params={
        "status": "open",
        "currency": "EUR",
    },
)
created = client.post("/v1/orders", json={"coupon": "X500"})
"""
OLD_TYPESCRIPT = """
const base = "https://api.shop.example/v1";
const orders = await fetch(`${base}/orders?sort=${key}&limit=50`); // old: sort
const url = new URL("/v1/orders", base);
url.searchParams.set("sort", "date"); // old: sort
url.searchParams.set("limit", "500"); // old: limit
const page = await api.get("/v1/orders", { params: { limit: 1000 } }); // old: limit


await fetch(`${base}/orders/${order.id}`, { method: "DELETE" }); // old: delete


const lines = await api.get(`/v1/orders/${order.id}/lines`); // old: lines
const { billingAddress } = order; // old: billing
const address = order.billing_address ?? order.getBillingAddress(); // old: billing
const everybody = await api.get(`${base}/clients`); // old: clients
const report = await api.get("/v1/reports", { params: { status: "open" } }); // old: currency




const held: Status = "on-hold"; // old: on-hold
"""
NEW_TYPESCRIPT = """
const base = "https://api.shop.example/v1";
const orders = await fetch(`${base}/orders?order_by=${key}&limit=50`);
const url = new URL("/v1/orders", base);
url.searchParams.set("order_by", "date");
url.searchParams.set("limit", "100");
const page = await api.get("/v1/orders", { params: { limit: 100 } });
const sorted = [...orders].sort((a, b) => a.total - b.total);
await fetch(`${base}/orders/${order.id}`);
const items = await api.get(`/v1/orders/${order.id}/items`);
const { invoiceAddress } = order;
const everybody = await api.get(`${base}/people/clients`);
const report = await api.get("/v1/reports", { params: { status: "open", currency } });
const paid: Status = "paid";
await api.post("/v1/orders", { coupon: "X500" });
"""


def patterns(base: Any, revision: Any) -> list[dict[str, Any]]:
    """The searches of the migration.json of a pair of specs."""
    comparison, found = compared(base, revision, judgement=Judgement())
    plan = make_plan(comparison, None, Brief(today=date(2026, 11, 20), policy=read(None), no_usage="a test"))
    made: list[dict[str, Any]] = json.loads(render_plan(plan, samples=Samples(found))["migration.json"])["search"]
    return made


def found(searches: list[dict[str, Any]], source: str) -> set[int]:
    """The lines that the patterns find, as the guide says how a hit counts."""
    lines = source.split("\n")
    hits = set()
    for search in searches:
        for one in re.finditer(search["pattern"], source):
            line = source.count("\n", 0, one.start())
            call = called(lines, line)
            near, unless = search["near"], search["unless"]
            if (not near or re.search(near, call)) and not (unless and re.search(unless, call)):
                hits.add(line)
    return hits


def called(lines: list[str], line: int) -> str:
    """The lines of the call that a hit is in."""
    before, after = lines[max(0, line - 2) : line], lines[line : line + NEAR + 1]
    while "" in (stripped := [one.strip() for one in before]):
        before = before[stripped.index("") + 1 :]
    empty = [place for place, one in enumerate(after) if not one.strip()]
    return "\n".join([*before, *after[: empty[0] if empty else None]])


@pytest.fixture(scope="module")
def searches() -> list[dict[str, Any]]:
    return patterns(BASE, REVISION)


@pytest.mark.parametrize("source", [OLD_PYTHON, OLD_TYPESCRIPT], ids=["python", "typescript"])
def test_every_old_use_is_found(searches: list[dict[str, Any]], source: str) -> None:
    code = re.sub(r" *(?:#|//) old: .*", "", source)
    marked = {number for number, line in enumerate(source.split("\n")) if "old: " in line}
    hits = found(searches, code)
    # a call that is spread over lines is found at any of them
    assert [source.split("\n")[line] for line in sorted(marked) if not {line - 1, line, line + 1} & hits] == []
    assert [source.split("\n")[line] for line in sorted(hits) if not {line - 1, line, line + 1} & marked] == []


@pytest.mark.parametrize("source", [NEW_PYTHON, NEW_TYPESCRIPT], ids=["python", "typescript"])
def test_no_new_use_is_found(searches: list[dict[str, Any]], source: str) -> None:
    assert [source.split("\n")[line] for line in sorted(found(searches, source))] == []


def test_each_is_sure_and_says_why(searches: list[dict[str, Any]]) -> None:
    assert {one["text"]: one["sure"] for one in searches} == {
        "sort": True, "limit": True, "/v1/orders": True, "/lines": True, "billing_address": True, "/v1/clients": True,
        "/v1/reports": True, "on-hold": True,
    }  # fmt: skip


def test_the_patterns_of_the_demo_find_the_old_client_alone() -> None:
    searches = patterns(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"))
    old = (
        'get("/v1/transactions")', 'post("/v1/tokens", card)', 'params={"method": "cheque"}', "payout.bank_reference",
        "payout.bankReference", 'get("/v1/customers", limit=500)', 'get("/v1/reports/settlements", params={"from": d})',
    )  # fmt: skip
    new = (
        'get("/v1/balance/transactions")', 'params={"method": "card"}', "payout.id", "customer.first_name",
        'get("/v1/customers", limit=100)', 'get("/v1/reports/settlements", params={"from": d, "currency": "EUR"})',
    )  # fmt: skip
    assert [line for line in old if not found(searches, line)] == []
    assert [line for line in new if found(searches, line)] == []


@pytest.mark.parametrize(("said", "beyond", "within"), [
    ("above 100", [101, 110, 199, 200, 999, 1000, 25_000], [0, 1, 9, 10, 99, 100]),
    ("above 0", [1, 9, 10, 200], [0]),
    ("below 10", [0, 1, 9], [10, 11, 100]),
    ("below 250", [0, 9, 99, 100, 199, 200, 249], [250, 251, 300, 1000]),
])  # fmt: skip
def test_numbers_beyond_a_limit(said: str, beyond: list[int], within: list[int]) -> None:
    from apidiff.render.plan.searches import _beyond

    pattern = re.compile(f"limit={_beyond(said)}")
    assert [one for one in beyond if not pattern.search(f"limit={one}")] == []
    assert [one for one in within if pattern.search(f"limit={one}")] == []


IN_NODE = """
const [, pattern, file] = process.argv;
for (const line of require('fs').readFileSync(file, 'utf8').split('\\n'))
  if (new RegExp(pattern).test(line)) console.log(line);
"""


def test_other_engines_read_the_patterns_alike(searches: list[dict[str, Any]], tmp_path: Path) -> None:
    programs = [one for one in ("node", "grep") if shutil.which(one)]
    if len(programs) < 2:
        pytest.skip("node or grep is not installed")
    code = tmp_path / "old.txt"
    code.write_text(OLD_PYTHON + OLD_TYPESCRIPT)
    lines = code.read_text().split("\n")
    for search in searches:
        mine = [line for line in lines if re.search(search["pattern"], line)]
        node = subprocess.run(
            ["node", "-e", IN_NODE, search["pattern"], code], capture_output=True, text=True, check=True
        )
        grep = subprocess.run(["grep", "-P", search["pattern"], code], capture_output=True, text=True, check=False)
        assert (node.stdout.splitlines(), grep.stdout.splitlines()) == (mine, mine), search["pattern"]
