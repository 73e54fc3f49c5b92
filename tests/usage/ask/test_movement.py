"""What moves: old and new use in a window, integrator by integrator, for every kind of change."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.movement import Movement, Movements, movements
from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.words.changes import Change, Exposed, Exposure
from tests.usage.conftest import a_change, an_operation

pytestmark = pytest.mark.slow

Write = Callable[[str, Any], str]
OLD, NEW, STAYS, GONE = "GET /v1/charges", "GET /v2/charges", "GET /v1/refunds", "POST /v1/tokens"
OPERATIONS = [
    replace(an_operation(OLD), present="base", moved_to=NEW),
    replace(an_operation(NEW), present="revision"),
    an_operation(STAYS),
    replace(an_operation(GONE), present="base"),
]
END = datetime(2026, 3, 31, 12, tzinfo=UTC)
LAST = END.date()
MOVED = a_change("moved", [OLD], Exposure(Exposed.CALLED), renamed_to=NEW)
REMOVED = a_change("removed", [GONE], Exposure(Exposed.CALLED))


def call(key: str, path: str, days_ago: float = 0, **more: object) -> dict[str, object]:
    moment = END - timedelta(days=days_ago)
    return {"time": moment.isoformat(), "method": "GET", "path": path, "status": 200, "api_key": key} | more


Follow = Callable[..., Movements]


@pytest.fixture
def follow(write: Write) -> Follow:
    """Follows changes through rows, where the key `acme-1` is owned by `acme`; `tracked` are asked about."""

    def follow(
        rows: Sequence[dict[str, object]], *changes: Change, tracked: Sequence[str] = (), **options: Any
    ) -> Movements:
        keys = sorted({str(row["api_key"]) for row in rows if not str(row["api_key"]).startswith("lost")})
        table = "".join(f"{key},{key.partition('-')[0]}\n" for key in keys)
        accounts = read_integrators(write("accounts.csv", f"api_key,integrator\n{table}"))
        chosen = Options(**options)
        usage = measure([write("log.jsonl", rows)], OPERATIONS, options=chosen)
        return movements(
            usage,
            changes,
            accounts,
            operations=OPERATIONS,
            tracked={name: [change.id for change in changes] for name in tracked},
            options=chosen,
            days=30,
        )

    return follow


def test_an_operation_that_moved(follow: Follow) -> None:
    found = follow(
        [
            call("both-1", "/v1/charges", 3), call("both-1", "/v2/charges"), call("done-1", "/v2/charges"),
            call("done-1", "/v1/charges", 31), call("failing-1", "/v1/charges", status=403),
            call("stays-1", "/v1/refunds"),
        ],
        MOVED, tracked=["both", "done", "failing", "stays", "gone"],
    )  # fmt: skip
    assert found.movements == (
        Movement("both", "moved", old=1, new=1, last_old=LAST - timedelta(days=3)),
        Movement("done", "moved", new=1, last_old=LAST - timedelta(days=31)),
        Movement("failing", "moved", failures=1),
        Movement("gone", "moved"),
        Movement("stays", "moved"),
    )
    assert (found.first, found.last, found.calls) == (LAST - timedelta(days=29), LAST, 4)


def test_a_removal_without_a_successor_is_followed_by_any_call_elsewhere(follow: Follow) -> None:
    rows = [
        call("uses-1", "/v1/tokens", method="POST"), call("uses-1", "/v1/refunds"), call("done-1", "/v1/refunds"),
        call("done-1", "/nowhere"),
    ]  # fmt: skip
    assert follow(rows, REMOVED, tracked=["uses", "done"]).movements == (
        Movement("done", "removed", new=1, is_replaced=False),
        Movement("uses", "removed", old=1, new=1, last_old=LAST, is_replaced=False),
    )


@pytest.mark.parametrize(
    ("exposure", "revision", "old", "new", "shown"),
    [
        (Exposure(Exposed.SENT_VALUE, "query", ("kind",), ("a",)), "#/enum", 2, 1, True),
        (Exposure(Exposed.SENT_VALUE, "query", ("size",), beyond="above 9"), "#/maximum", 1, 2, True),
        (Exposure(Exposed.LEFT_OUT_PARAMETER, "query", ("size",)), "#/required", 2, 1, True),
        (Exposure(Exposed.SENT_PARAMETER, "query", ("kind",)), None, 2, 1, True),
        # the parameter stays, so that sending it proves nothing; never sending it does
        (Exposure(Exposed.SENT_PARAMETER, "query", ("kind",)), "#/schema", 2, 1, False),
        (Exposure(Exposed.SENT_PARAMETER, "query", ("other",)), "#/schema", 0, 3, True),
        (Exposure(Exposed.SENT_VALUE, "query", ("kind",)), "#/pattern", 2, 1, False),
        # what is in bodies, no log shows
        (Exposure(Exposed.RECEIVED_FIELD, "body", ("name",)), None, 3, 0, False),
        (Exposure(Exposed.CALLED), "#/security", 3, 0, False),
    ],
)
def test_what_a_query_string_shows(
    follow: Follow, exposure: Exposure, revision: str | None, old: int, new: int, *, shown: bool
) -> None:
    rows = [
        call("acme-1", "/v1/refunds?kind=a"), call("acme-1", "/v1/refunds?kind=a&x=1", 1),
        call("acme-1", "/v1/refunds?size=12", 2),
    ]  # fmt: skip
    (moved,) = follow(rows, a_change("edit", [STAYS], exposure, revision=revision), tracked=["acme"]).movements
    assert (moved.old, moved.new, moved.is_shown) == (old, new, shown)


def test_a_pinned_version_shows_who_has_moved_whatever_the_change(follow: Follow) -> None:
    change = a_change("field", [STAYS], Exposure(Exposed.RECEIVED_FIELD, "body", ("name",)))
    rows = [
        call("old-1", "/v1/refunds", version="2026-01-01"), call("new-1", "/v1/refunds", version="2026-03-01"),
        call("both-1", "/v1/refunds", version="2026-03-01"), call("both-1", "/v1/refunds"),
    ]  # fmt: skip
    pins = {"version_from": "header:X-Api-Version", "revision_version": "2026-03-01"}
    found = follow(rows, change, tracked=["old", "new", "both"], columns={"version": "version"}, **pins).movements
    assert [(one.integrator, one.old, one.new, one.is_shown) for one in found] == [
        ("both", 1, 1, True), ("new", 0, 1, True), ("old", 1, 0, True),
    ]  # fmt: skip


def test_somebody_whom_nobody_follows_is_found_and_unknown_keys_are_told_apart(follow: Follow) -> None:
    rows = [call("late-1", "/v1/charges"), call("lost-1", "/v1/charges"), call("calm-1", "/v2/charges")]
    found = follow(rows, MOVED)
    late, lost = found.movements
    assert (late.integrator, late.old, found.accounts["late"].integrator) == ("late", 1, "late")
    assert found.unknown == {lost.integrator}
    assert lost.integrator.startswith("unknown-")


def test_days_with_rows_are_counted_in_the_window_and_before_today(follow: Follow) -> None:
    rows = [call("acme-1", "/v1/charges", days) for days in (0, 1, 2, 29, 30)]
    found = follow(rows, MOVED, tracked=["acme"], today=date(2026, 4, 2))
    assert (found.days_with_data, found.covered) == (4, 3)
