"""Evidence is what the log shows of the very thing: each kind of exposure against each of the things that logs have."""

from collections.abc import Callable
from itertools import product
from typing import Any, Final

import pytest

from apidiff.rules import catalogue
from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Exposures
from apidiff.usage.options import Options
from apidiff.words.changes import Change, Exposed, Exposure, Level
from tests.impacts import each
from tests.usage.conftest import a_change, an_operation

Write = Callable[[str, Any], str]
MAKE = "POST /v1/charges"
ASK = "no access log shows it: ask them"
QUERY = "log query strings"
SENT = "log the names of the request's fields (`request_fields`)"
RECEIVED = "log the names of the fields that were sent back (`response_fields`)"
BODY = "log the length of the request's body (`request_body_length`) or the names of its fields"

KINDS: Final = {
    "called": (Exposure(Exposed.CALLED), "always", ""),
    "path": (Exposure(Exposed.SENT_PARAMETER, "path", ("id",)), "always", ""),
    "header": (Exposure(Exposed.SENT_PARAMETER, "header", ("x-q",)), "never", ASK),
    "cookie": (Exposure(Exposed.LEFT_OUT_PARAMETER, "cookie", ("q",)), "never", ASK),
    "query": (Exposure(Exposed.SENT_PARAMETER, "query", ("q",)), "query", QUERY),
    "query-left": (Exposure(Exposed.LEFT_OUT_PARAMETER, "query", ("q",)), "query", QUERY),
    "query-value": (Exposure(Exposed.SENT_VALUE, "query", ("q",), ("1",)), "query", QUERY),
    "query-above": (Exposure(Exposed.SENT_VALUE, "query", ("q",), (), "above 0"), "query", QUERY),
    "query-vague": (Exposure(Exposed.SENT_VALUE, "query", ("q",)), "vague", ASK),
    "body-value": (Exposure(Exposed.SENT_VALUE, "body", ("name",), ("1",)), "never", ASK),
    "field": (Exposure(Exposed.SENT_FIELD, "body", ("name",)), "bodies", SENT),
    "field-left": (Exposure(Exposed.LEFT_OUT_FIELD, "body", ("name",)), "bodies", SENT),
    "field-nameless": (
        Exposure(Exposed.SENT_FIELD, "body"),
        "never",
        "the spec names no field that could be looked for: ask them",
    ),
    "received": (Exposure(Exposed.RECEIVED_FIELD, "body", ("name",)), "bodies", RECEIVED),
    "response": (Exposure(Exposed.RECEIVED_RESPONSE), "never", ASK),
    "body": (Exposure(Exposed.SENT_BODY), "lengths or bodies", BODY),
    "body-left": (Exposure(Exposed.LEFT_OUT_BODY), "lengths or bodies", BODY),
    "media": (Exposure(Exposed.SENT_MEDIA_TYPE), "never", ASK),
    "credentials": (Exposure(Exposed.SENT_CREDENTIALS), "never", ASK),
    "server": (Exposure(Exposed.CALLED_SERVER), "never", ASK),
    "callback": (Exposure(Exposed.RECEIVED_CALLBACK), "never", ASK),
    "client": (Exposure(Exposed.USED_CLIENT), "never", ASK),
}
"""Each kind with what a log has to have to show it, and what an impact says would decide it where it has not."""
LOGS: Final = [frozenset(name for name, has in zip(("query", "bodies", "lengths"), one, strict=True) if has)
               for one in product((False, True), repeat=3)]  # fmt: skip


def test_the_table_has_every_kind() -> None:
    assert {exposure.kind for exposure, _, _ in KINDS.values()} == {*Exposed} - {Exposed.NOBODY}


def row(key: str, log: frozenset[str], *, does: bool, status: int = 200) -> dict[str, object]:
    """A call that does everything that changes ask about, or nothing of it."""
    made: dict[str, object] = {
        "time": "2026-03-31T12:00:00Z", "method": "POST", "path": "/v1/charges", "status": status, "api_key": key,
    }  # fmt: skip
    if "query" in log:
        made["query"] = "q=1" if does else "r=1"
    if "bodies" in log:
        made |= {"request_fields": "name" if does else "", "response_fields": "name" if does else "id"}
    if "lengths" in log:
        made["request_body_length"] = 12 if does else 0
    return made


def joined(write: Write, rows: list[dict[str, object]], changes: list[Change]) -> Exposures:
    keys = "".join(f"{row['api_key']},{str(row['api_key']).partition('-')[0]}\n" for row in rows)
    integrators = read_integrators(write("accounts.csv", f"api_key,integrator\n{keys}"))
    operations = [an_operation(MAKE)]
    options = Options()
    usage = measure([write("log.jsonl", rows)], operations, options=options)
    return join(usage, changes, integrators, operations=operations, options=options)


@pytest.mark.slow
@pytest.mark.parametrize("log", LOGS, ids=lambda log: "+".join(sorted(log)) or "nothing")
def test_each_kind_against_what_a_log_has(write: Write, log: frozenset[str]) -> None:
    changes = [a_change(name, [MAKE], exposure) for name, (exposure, _, _) in KINDS.items()]
    found = joined(write, [row("does-1", log, does=True), row("lacks-1", log, does=False)], changes)
    shown = {(change, one.integrator): (one.evidence.value, one.raise_with) for change, one in each(found.impacts)}
    wanted: dict[tuple[str, str], tuple[str, str]] = {}
    for name, (exposure, needs, hint) in KINDS.items():
        is_shown = needs == "always" or bool(log & set(needs.split(" or ")))
        is_left = exposure.kind in (Exposed.LEFT_OUT_PARAMETER, Exposed.LEFT_OUT_FIELD, Exposed.LEFT_OUT_BODY)
        for who in ("does", "lacks"):
            if needs == "always":
                wanted[name, who] = ("confirmed", "")
            elif is_shown:
                if (who == "lacks") is is_left:
                    wanted[name, who] = ("confirmed", "")
            elif not (needs == "vague" and "query" in log and who == "lacks"):
                wanted[name, who] = ("probable", hint)
    assert shown == wanted


@pytest.mark.slow
def test_failing_calls_that_never_sent_the_thing_are_none(write: Write) -> None:
    log = frozenset({"query"})
    rows = [row("does-1", log, does=True, status=422), row("lacks-1", log, does=False, status=422)]
    changes = [a_change(name, [MAKE], KINDS[name][0]) for name in ("called", "query", "query-left")]
    found = joined(write, rows, changes)
    assert [(change, one.integrator, one.evidence.value) for change, one in each(found.impacts)] == [
        ("called", "does", "possible"),
        ("query", "does", "possible"),
        ("called", "lacks", "possible"),
        ("query-left", "lacks", "possible"),
    ]


PROVED: Final = {
    *("operation-removed-after-sunset", "operation-removed-before-sunset", "operation-removed-without-sunset"),
    *("operation-removed", "operation-method-changed", "operation-version-moved", "operation-moved"),
    *("stability-lowered", "sunset-removed", "sunset-moved-earlier", "sunset-became-unreadable"),
}
"""The rules about an operation as a whole: a call of it is a use of the very thing."""


def test_only_a_change_of_the_operation_itself_is_proved_by_a_call() -> None:
    grave = {Level.BREAKING, Level.DANGEROUS}
    assert {
        rule.id
        for rule in catalogue()
        if rule.exposed_by is Exposed.CALLED and grave & {rule.request, rule.response, rule.neutral}
    } == PROVED
