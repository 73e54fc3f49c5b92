"""Response fields are asked of the parameters by which callers name them, where the spec has one."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.fieldset import any_of, can_narrow, fieldset_of, naming_of, parameters_of
from apidiff.usage.ask.join import join
from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.usage.route import Routes, routes_of
from apidiff.words.changes import Exposed, Exposure
from tests.usage.conftest import a_change, an_operation

Write = Callable[[str, Any], str]
LIST = "GET /v1/invoices"
LOGGED = "log the names of the fields that were sent back (`response_fields`)"


def received(*names: str) -> Exposure:
    return Exposure(Exposed.RECEIVED_FIELD, "body", names)


@pytest.fixture(scope="module")
def routes() -> Routes:
    return routes_of([an_operation(LIST)])


@pytest.mark.parametrize(
    ("parameter", "field", "query", "named"),
    [
        ("fields", "total", "fields=id,total", True),
        ("fields", "total", "fields=id%2Ctotal&limit=3", True),
        ("fields", "total", "fields=subtotal,total_paid", False),
        ("fields", "data[].total", "fields=total", True),
        ("fields", "customer.name", "fields=name", False),
        ("fields", "customer.name", "fields=customer.name", True),
        ("fields", "customer.name", "fields=customer%2Fname", True),
        ("fields", "customer.name", "fields=owner.name", False),
        ("fields", "customer.name", "fields=customer", False),
        ("fields", "customer", "fields=customer.name", True),
        ("fields", "total", "limit=total&myfields=total", False),
        ("fields[invoices]", "total", "fields[invoices]=id,total", True),
        ("fields[invoices]", "total", "fields%5Binvoices%5D=total", True),
        ("$select", "total", "$select=id,total", True),
        ("$select", "total", "%24select=total", True),
        ("expand[]", "data[].customer", "expand[]=data.customer", True),
        ("expand[]", "data[].customer", "expand%5B%5D=charge&expand%5B%5D=data.customer", True),
        ("expand", "customer", "expand[0]=customer.address", True),
        ("include", "customer", "include=charges,customer", True),
    ],
)
def test_a_field_is_found_by_its_name(routes: Routes, parameter: str, field: str, query: str, named: bool) -> None:
    known = parameters_of([an_operation(LIST, parameters=(("query", parameter), ("query", "limit")))])
    found = fieldset_of(a_change("c", [LIST], received(field)), [1], naming_of(routes, known))
    assert found is not None
    assert bool(re.search(found.named.pattern, query)) is named


def test_nothing_is_asked_where_callers_name_no_fields(routes: Routes) -> None:
    known = parameters_of([an_operation(LIST, parameters=(("query", "limit"), ("header", "fields")))])
    assert known == {}
    assert fieldset_of(a_change("c", [LIST], received("total")), [1], naming_of(routes, known)) is None
    assert can_narrow([LIST], known) == ""


def joined(write: Write, parameter: str, *queries: str | None) -> dict[str, tuple[str, str, str]]:
    """The evidence for the removal of `customer.name` by integrator, each with the calls of one of the queries."""
    rows = []
    for number, said in enumerate(queries):
        for query in (said or "").split(" "):
            row = {"time": "2026-03-31T12:00:00Z", "method": "GET", "path": "/v1/invoices", "status": 200}
            rows.append(row | {"api_key": f"a{number}-1"} | ({} if said is None else {"query": query}))
    keys = "".join(f"a{number}-1,a{number}\n" for number in range(len(queries)))
    accounts = read_integrators(write("accounts.csv", f"api_key,integrator\n{keys}"))
    operations = [an_operation(LIST, parameters=(("query", parameter),))]
    usage = measure([write("log.jsonl", rows)], operations, options=Options())
    change = a_change("c", [LIST], received("data[].customer.name"))
    found = join(usage, [change], accounts, operations=operations, options=Options())
    return {
        one.integrator: (one.evidence.value, one.seen.partition(" of ")[0], one.raise_with) for one in found.impacts
    }


@pytest.mark.slow
def test_who_names_it_is_hit_and_who_names_others_alone_is_not(write: Write) -> None:
    queries = ("fields=id,customer.name fields=id", "fields=id,total", "fields=customer", "limit=3", "fields=* limit=3")
    calls = "successful call{} on 1 day, last on 2026-03-31"
    assert joined(write, "fields", *queries) == {
        "a0": ("confirmed", "asked for `data[].customer.name` in 1", ""),
        "a2": ("probable", f"1 {calls.format('')}", LOGGED),
        "a3": ("probable", f"1 {calls.format('')}", LOGGED),
        "a4": ("probable", f"2 {calls.format('s')}", LOGGED),
    }


@pytest.mark.slow
def test_what_widens_an_answer_proves_nobody_unaffected(write: Write) -> None:
    found = joined(write, "expand[]", "expand[]=data.customer.name", "expand[]=data.charge")
    assert {who: evidence for who, (evidence, _, _) in found.items()} == {"a0": "confirmed", "a1": "probable"}


@pytest.mark.slow
def test_without_query_strings_it_is_said_that_they_would_tell(write: Write) -> None:
    remedy = f"{LOGGED}, or query strings: `fields` names those that are wanted"
    assert [hint for _, _, hint in joined(write, "fields", None).values()] == [remedy]
    assert [hint for _, _, hint in joined(write, "expand", None).values()] == [LOGGED]


@pytest.mark.slow
def test_whether_anybody_names_fields_is_one_question_and_the_others_keep_to_where_somebody_does(
    routes: Routes,
) -> None:
    known = parameters_of([an_operation(LIST, parameters=(("query", "fields"), ("query", "expand[]")))])
    found = [
        fieldset_of(a_change(name, [LIST], received(name)), [1], naming_of(routes, known)) for name in ("total", "name")
    ]
    asked = [one for one in found if one is not None]
    presence = any_of(asked, known)
    assert presence is not None
    queries = ("fields=id", "a=1&expand%5B%5D=b", "fields=", "limit=3", "")
    assert [bool(re.search(presence.pattern, query)) for query in queries] == [True, True, False, False, False]
    assert (presence.routes, any_of([], known)) == ((1,), None)
    assert [one.within({1}) for one in asked] == asked
    assert [one.within(set()) for one in asked] == [None, None]
