"""The join: what a log shows of each change, integrator by integrator."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import Integrators, read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Activity, Exposures
from apidiff.usage.options import Options
from apidiff.words.changes import Change, Exposed, Exposure, Level, Waiver
from tests.impacts import each
from tests.usage.conftest import a_change, an_operation

pytestmark = pytest.mark.slow

Write = Callable[[str, Any], str]
LIST, READ, MAKE = "GET /v1/charges", "GET /v1/charges/{id}", "POST /v1/charges"
OPERATIONS = [an_operation(name) for name in (LIST, READ, MAKE)]
END = datetime(2026, 3, 31, 12, tzinfo=UTC)
CALLED = Exposure(Exposed.CALLED)


def call(key: str, days_ago: float = 0, path: str = "/v1/charges", **more: object) -> dict[str, object]:
    moment = END - timedelta(days=days_ago)
    return {"time": moment.isoformat(), "method": "GET", "path": path, "status": 200, "api_key": key} | more


@pytest.fixture
def joined(write: Write) -> Callable[..., Exposures]:
    """Joins changes with rows, where the key `acme-1` is owned by `acme`, and so on."""

    def joined(rows: Sequence[dict[str, object]], *changes: Change, **options: Any) -> Exposures:
        keys = sorted({str(row["api_key"]) for row in rows if "-" in str(row["api_key"])[1:]})
        table = "".join(f"{key},{key.partition('-')[0]}\n" for key in keys)
        integrators = (
            read_integrators(write("accounts.csv", f"api_key,integrator\n{table}")) if keys else Integrators({}, {})
        )
        chosen = Options(**options)
        usage = measure([write("log.jsonl", rows)], OPERATIONS, options=chosen)
        return join(usage, changes, integrators, operations=OPERATIONS, options=chosen)

    return joined


def evidence(exposures: Exposures) -> dict[tuple[str, str], str]:
    return {(impact.integrator, change): impact.evidence.value for change, impact in each(exposures.impacts)}


def test_called(joined: Callable[..., Exposures]) -> None:
    exposures = joined(
        [
            call("acme-1"), call("acme-2", 3), call("acme-1", 3),
            call("old-1", 40), call("failing-1", status=404), call("failing-1", 1, status=500),
            call("other-1", path="/v1/charges/ch_1"), call("ancient-1", 89), call("gone-1", 90),
        ],
        a_change("removed", [LIST], CALLED),
    )  # fmt: skip
    assert evidence(exposures) == {
        ("acme", "removed"): "confirmed",
        ("old", "removed"): "possible",
        ("ancient", "removed"): "possible",
        ("failing", "removed"): "possible",
    }
    acme, ancient, failing, old = exposures.impacts
    assert (acme.logical_successes, acme.attempts, acme.active_days, acme.operations) == (3, 3, 2, (LIST,))
    assert (acme.first_seen, acme.last_seen) == (END - timedelta(days=3), END)
    assert [impact.told("removed") for impact in (acme, ancient, failing, old)] == [
        "3 successful calls on 2 days, last on 2026-03-31",
        "1 successful call on 1 day, last on 2026-01-01: before the last 30 days of the log",
        "2 attempts, none successful, last on 2026-03-31",
        "1 successful call on 1 day, last on 2026-02-19: before the last 30 days of the log",
    ]
    assert exposures.coverage.unknown_keys == 0


def test_a_value_beyond_a_bound_is_sure_and_one_of_which_nothing_is_known_is_not(
    joined: Callable[..., Exposures],
) -> None:
    exposures = joined(
        [
            call("over-1", path="/v1/charges?limit=101"), call("within-1", path="/v1/charges?limit=100"),
            call("without-1"),
        ],
        a_change("maximum", [LIST], Exposure(Exposed.SENT_VALUE, "query", ("limit",), beyond="above 100")),
        a_change("pattern", [LIST], Exposure(Exposed.SENT_VALUE, "query", ("limit",))),
    )  # fmt: skip
    said = "1 of 1 successful call on 1 day, last on 2026-03-31"
    found = each(exposures.impacts)
    assert [(one.integrator, change, one.evidence.value, one.told(change)) for change, one in found] == [
        (
            "over", "maximum", "confirmed",
            f"sent `limit` above 100 in {said}",
        ),
        *(
            (
                who, "pattern", "probable",
                f"sent `limit` in {said}; the log can't show whether that value of `limit` still works",
            )
            for who in ("over", "within")
        ),
    ]  # fmt: skip


def test_query_parameters(joined: Callable[..., Exposures]) -> None:
    rows = [
        call("sent-1", path="/v1/charges?limit=3&expand%5B%5D=a"), call("sent-1"),
        call("never-1"), call("never-1", path="/v1/charges?limits=3&xlimit=1"),
        call("tried-1", path="/v1/charges?limit=3", status=400), call("tried-1"),
        call("always-1", path="/v1/charges?created[gte]=1&limit=20"),
    ]  # fmt: skip
    exposures = joined(
        rows,
        a_change("limit", [LIST], Exposure(Exposed.SENT_PARAMETER, "query", ("limit",))),
        a_change("three", [LIST], Exposure(Exposed.SENT_VALUE, "query", ("limit",), ("3", "4"))),
        a_change("required", [LIST], Exposure(Exposed.LEFT_OUT_PARAMETER, "query", ("limit",))),
        a_change("expand", [LIST], Exposure(Exposed.SENT_PARAMETER, "query", ("expand[]",))),
        a_change("created", [LIST], Exposure(Exposed.SENT_PARAMETER, "query", ("created",))),
    )
    assert evidence(exposures) == dict.fromkeys(
        [
            ("sent", "limit"), ("always", "limit"), ("sent", "three"), ("sent", "required"), ("never", "required"),
            ("tried", "required"), ("sent", "expand"), ("always", "created"),
        ],
        "confirmed",
    )  # fmt: skip
    seen = {(impact.integrator, change): impact.told(change) for change, impact in each(exposures.impacts)}
    assert seen["sent", "limit"] == "sent `limit` in 1 of 2 successful calls on 1 day, last on 2026-03-31"
    assert seen["sent", "three"] == (
        "sent a value of `limit` that stops working in 1 of 2 successful calls on 1 day, last on 2026-03-31"
    )
    assert seen["never", "required"] == "left out `limit` in 2 of 2 successful calls on 1 day, last on 2026-03-31"


def test_a_log_without_query_strings_can_t_show_parameters(joined: Callable[..., Exposures]) -> None:
    exposures = joined(
        [call("acme-1")], a_change("limit", [LIST], Exposure(Exposed.SENT_PARAMETER, "query", ("limit",)))
    )
    (impact,) = exposures.impacts
    assert (impact.evidence.value, impact.told("limit"), impact.raise_with) == (
        "probable",
        "1 successful call on 1 day, last on 2026-03-31; the log can't show whether it sends `limit`",
        "log query strings",
    )


def test_what_logs_hold_of_bodies(joined: Callable[..., Exposures]) -> None:
    changes = [
        a_change("read", [LIST], Exposure(Exposed.RECEIVED_FIELD, "", ("data.name",))),
        a_change("send", [LIST], Exposure(Exposed.SENT_FIELD, "", ("amount",))),
        a_change("lack", [LIST], Exposure(Exposed.LEFT_OUT_FIELD, "", ("currency",))),
        a_change("response", [LIST], Exposure(Exposed.RECEIVED_RESPONSE)),
        a_change("header", [LIST], Exposure(Exposed.SENT_PARAMETER, "header", ("X-Old",))),
    ]
    blind = joined([call("acme-1")], *changes)
    assert set(evidence(blind).values()) == {"probable"}
    assert [impact.raise_with for _, impact in each(blind.impacts)] == [
        "no access log shows it: ask them",
        "log the names of the request's fields (`request_fields`)",
        "log the names of the fields that were sent back (`response_fields`)",
        "no access log shows it: ask them",
        "log the names of the request's fields (`request_fields`)",
    ]
    fields = {"request_fields": "amount,currency", "response_fields": ["id", "data.name"]}
    seeing = joined([call("acme-1", **fields), call("other-1", request_fields="id", response_fields=["id"])], *changes)
    assert evidence(seeing) == {
        ("acme", "read"): "confirmed",
        ("acme", "send"): "confirmed",
        ("acme", "response"): "probable",
        ("acme", "header"): "probable",
        ("other", "lack"): "confirmed",
        ("other", "response"): "probable",
        ("other", "header"): "probable",
    }


def test_changes_that_meet_nobody(joined: Callable[..., Exposures]) -> None:
    exposures = joined(
        [call("acme-1")],
        a_change("additive", [LIST], CALLED, level=Level.ADDITIVE),
        a_change("waived", [LIST], CALLED, waiver=Waiver("agreed", "Ann")),
        a_change("nobody", [LIST], Exposure(Exposed.NOBODY)),
        a_change("unused", [MAKE], CALLED),
        a_change("nowhere", [], CALLED),
    )
    assert (exposures.impacts, exposures.activities) == ((), ())


def test_unknown_keys_and_rows_without_one_are_kept_apart(joined: Callable[..., Exposures]) -> None:
    rows = [
        call("acme-1"),
        call("stranger0123456789"),
        call("-"),
        call(""),
        call("idle0123456789ab", path="/v1/charges/1"),
    ]
    exposures = joined(rows, a_change("removed", [LIST], CALLED))
    acme, anonymous, unknown = exposures.activities
    assert [(item.unknown, item.keys, item.logical_successes) for item in (acme, anonymous, unknown)] == [
        (False, ("…",), 1),
        (True, (), 2),
        (True, ("…6789",), 1),
    ]
    assert anonymous.account.integrator == "anonymous"
    assert unknown.account.integrator.startswith("unknown-")
    assert unknown.account.name == "unknown key …6789"
    coverage = exposures.coverage
    assert (coverage.keys, coverage.unknown_keys, coverage.anonymous) == (3, 2, 2)


def activity(exposures: Exposures, integrator: str) -> Activity:
    (found,) = [item for item in exposures.activities if item.account.integrator == integrator]
    return found


def test_activity(joined: Callable[..., Exposures]) -> None:
    rows = [
        call("acme-1", 10, user_agent="python-requests/2.31"), call("acme-1", 1, user_agent="python-requests/2.31"),
        call("acme-2", 0, user_agent="claude-code/1.0"),
        call("acme-2", 0, path="/v1/charges/1", user_agent="axios/1.6"),
        call("acme-2", 0, method="POST", user_agent="curl/8"), call("acme-2", 0, path="/nowhere", user_agent="curl/8"),
    ]  # fmt: skip
    found = activity(joined(rows, a_change("removed", [LIST], CALLED)), "acme")
    assert (found.affected_operations, found.depth, found.recent_successes, found.active_days) == ((LIST,), 3, 2, 3)
    assert found.languages == (("python", 0.4), ("javascript", 0.2))
    assert (found.agent_share, found.shared_key, found.retry_loop) == (0.2, True, False)


def test_retry_loops_are_flagged_and_never_counted(joined: Callable[..., Exposures]) -> None:
    loop = [call("loop-1", second / 86_400, status=500) for second in range(0, 300, 10)]
    rows = [
        *loop,
        call("loop-1", 0.1),
        call("calm-1"),
        call("calm-1", 0.5, status=500),
        call("calm-1", 0.2, status=500),
    ]
    exposures = joined(rows, a_change("removed", [LIST], CALLED))
    assert {
        item.account.integrator: (item.retry_loop, item.logical_successes, item.attempts)
        for item in exposures.activities
    } == {
        "loop": (True, 1, 31),
        "calm": (False, 1, 3),
    }


def test_exclusions_hide_nobody_else(joined: Callable[..., Exposures]) -> None:
    rows = [
        call("acme-1", user_agent="acme/1"), call("acme-2", user_agent="monitor/1"),
        call("probe-1", user_agent="monitor/1"),
        call("staff-1", user_agent="x/1"), call("acme-3", user_agent="x/1"),
    ]  # fmt: skip
    exposures = joined(
        rows,
        a_change("removed", [LIST], CALLED),
        exclude_user_agents=("monitor/*",),
        exclude_integrators=("sta*",),
        exclude_keys=("acme-3",),
    )
    found = {item.account.integrator: (item.account.excluded, item.attempts) for item in exposures.activities}
    (bucket,) = [name for name in found if name.startswith("key-")]
    assert found == {
        "acme": ("", 1),
        "staff": ("left out by configuration", 1),
        bucket: ("the key is left out by configuration", 1),
    }


def test_excluded_operations_and_thresholds(joined: Callable[..., Exposures]) -> None:
    rows = [*[call("big-1", day / 10) for day in range(9)], call("small-1"), call("big-1", path="/v1/charges/1")]
    change = a_change("removed", [LIST, READ], CALLED)
    assert [impact.operations for impact in joined(rows, change, exclude_operations=(READ,)).impacts] == [(LIST,)] * 2
    assert set(evidence(joined(rows, change, min_calls=2))) == {("big", "removed")}
    assert set(evidence(joined(rows, change, min_share=0.2))) == {("big", "removed")}


def test_callers_that_pin_the_revision_are_not_reached(joined: Callable[..., Exposures]) -> None:
    rows = [
        call("old-1", version="2020-08-27"), call("new-1", version="2022-11-15"), call("newer-1", version="2023-10-16"),
        call("none-1"), call("odd-1", version="latest"), call("both-1", version="2023-10-16"),
        call("both-1", 1, version="2021-01-01"),
    ]  # fmt: skip
    changes = [
        a_change("removed", [LIST], CALLED),
        a_change("required", [LIST], Exposure(Exposed.LEFT_OUT_FIELD, "", ("x",))),
    ]
    exposures = joined(rows, *changes, revision_version="2022-11-15")
    assert {integrator for integrator, _ in evidence(exposures)} == {"old", "none", "odd", "both"}
    assert activity(exposures, "both").attempts == 1
    assert {integrator for integrator, _ in evidence(joined(rows, *changes))} == {
        "old", "new", "newer", "none", "odd", "both",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("version_from", "new", "old"),
    [
        (
            "query:api-version",
            {"path": "/v1/charges?api-version=2024-01-01"},
            {"path": "/v1/charges?api-version=2020-01-01"},
        ),
        ("header:X-Pay-Version", {"http_x_pay_version": "2024-01-01"}, {"http_x_pay_version": "2020-01-01"}),
    ],
)
def test_where_versions_stand(
    joined: Callable[..., Exposures], version_from: str, new: dict[str, str], old: dict[str, str]
) -> None:
    rows = [call("new-1", **new), call("old-1", **old)]  # type: ignore[arg-type]
    exposures = joined(
        rows, a_change("removed", [LIST], CALLED), version_from=version_from, revision_version="2022-01-01"
    )
    assert evidence(exposures) == {("old", "removed"): "confirmed"}


def test_hashed_keys_join(write: Write) -> None:
    import hashlib

    hashed = hashlib.sha256(b"secret-key-of-acme").hexdigest()
    integrators = read_integrators(write("a.csv", "api_key,integrator\nsecret-key-of-acme,acme\n"))
    options = Options(key_hash="sha256")
    usage = measure([write("log.jsonl", [call(hashed)])], OPERATIONS, options=options)
    exposures = join(usage, [a_change("removed", [LIST], CALLED)], integrators, operations=OPERATIONS, options=options)
    assert evidence(exposures) == {("acme", "removed"): "confirmed"}


def test_operation_ids_and_counts(write: Write) -> None:
    operations = [an_operation(LIST, "listCharges"), an_operation(READ, "getCharge")]
    rows = [
        call("k", path="/somewhere/else", operation_id="listCharges"), call("k", operation_id="unknown"),
        call("k", operation_id="getCharge", count=5),
        {"time": END.isoformat(), "status": 200, "api_key": "k", "operation_id": "getCharge"},
    ]  # fmt: skip
    usage = measure([write("log.jsonl", rows)], operations, options=Options(columns={"count": "count"}))
    counts = usage.cube.groupby("route")["attempts"].sum().to_dict()
    names = {name: number for number, (name,) in usage.routes.by_number.items()}
    assert counts == {names[LIST]: 2, names[READ]: 6}


def test_changes_of_which_the_log_says_the_same_are_one_impact(joined: Callable[..., Exposures]) -> None:
    limit = Exposure(Exposed.SENT_PARAMETER, "query", ("limit",))
    exposures = joined(
        [call("acme-1"), call("globex-1", path="/v1/charges/ch_1")],
        a_change("d", [LIST], Exposure(Exposed.RECEIVED_FIELD, "", ("amount",))),
        a_change("b", [LIST], Exposure(Exposed.RECEIVED_FIELD, "", ("name",))),
        a_change("e", [LIST, READ], Exposure(Exposed.RECEIVED_FIELD, "", ("name",))),
        a_change("c", [LIST], limit),
        a_change("a", [LIST], CALLED),
    )
    found = [(one.integrator, one.changes, one.evidence.value, dict(one.hidden)) for one in exposures.impacts]
    assert found == [
        ("acme", ("a",), "confirmed", {}),
        ("acme", ("b", "d"), "probable", {"b": "whether it reads `name`", "d": "whether it reads `amount`"}),
        ("acme", ("c",), "probable", {"c": "whether it sends `limit`"}),
        ("acme", ("e",), "probable", {"e": "whether it reads `name`"}),
        ("globex", ("e",), "probable", {"e": "whether it reads `name`"}),
    ]
