"""Times as logs write them: what the first rows tell, and what the engine makes of each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.usage.read.moment import moment_sql
from apidiff.usage.read.times import (
    DAY_FIRST,
    MONTH_FIRST,
    SLASHED,
    WAYS,
    has_no_offset,
    is_rounded,
    order_of,
    way_of,
    ways_of,
)
from apidiff.words.errors import ApidiffError
from tests.usage.conftest import an_operation

AT, MS = "2026-03-14 08:26:53", "2026-03-14 08:26:53.25"
TIMES = [
    ("2026-03-14T08:26:53.250Z", "iso", MS),
    ("2026-03-14t08:26:53z", "iso", AT),
    ("2026-03-14 08:26:53,250", "iso", MS),
    ("2026-03-14 09:26:53 +0100", "iso", AT),
    ("2026-03-14T13:56:53+0530", "iso", AT),
    ("2026-03-14T09:26:53+01", "iso", AT),
    ("2026-03-14 09:26:53.25 +0100 CET", "iso", MS),
    ("2026-03-14 08:26:53.25 +0000 UTC m=+0.123", "iso", MS),
    ("2026-03-14T09:26:53.25+01:00[Europe/Berlin]", "iso", MS),
    ("2026-03-14 04:26:53 America/New_York", "iso", AT),
    ("2026-03-14 08:26:53.250000 UTC", "iso", MS),
    ("2026-03-14 09:26:53 CET", "iso", AT),
    ("2026-03-14 08:26:53 BST", "iso", None),
    ("2026-03-14 08:26:53 AM", "iso", AT),
    ("2026-03-14T08:26:60Z", "iso", "2026-03-14 08:26:59"),
    ("2026-03-14T08:26Z", "iso", "2026-03-14 08:26:00"),
    ("2026/03/14 08:26:53", "iso", AT),
    ("2026/03/14 - 08:26:53", "iso", AT),
    ("2026-03-14", "day", "2026-03-14 00:00:00"),
    ("20260314T082653Z", "basic", AT),
    ("20260314082653", "basic", AT),
    ("20260314082653250", "basic", MS),
    ("14/Mar/2026:09:26:53 +0100", "clf", AT),
    ("[14/Mar/2026:08:26:53.250]", "clf", MS),
    ("14/Mar/2026 08:26:53", "clf", AT),
    ("14-MAR-2026 08:26:53 AM", "clf", AT),
    ("14 Mar 2026 08:26:53", "clf", AT),
    ("Sat, 14 Mar 2026 08:26:53 GMT", "rfc1123", AT),
    ("Sat, 14 Mar 2026 01:26:53 -0700", "rfc1123", AT),
    ("Saturday, 14-Mar-26 08:26:53 GMT", "rfc1123", AT),
    ("Sat Mar 14 08:26:53 2026", "ctime", AT),
    ("Sat Mar 14 03:26:53 EST 2026", "ctime", AT),
    ("Sat Mar 14 2026 09:26:53 GMT+0100 (Central European Standard Time)", "month-first", AT),
    ("Mar 14, 2026 @ 08:26:53.250", "month-first", MS),
    ("March 14, 2026, 8:26:53 AM", "month-first", AT),
    ("14.03.2026 08:26:53", "dotted", AT),
    ("3/14/2026, 8:26:53.250 AM", "slashed", MS),
    ("1773476813", "epoch", AT),
    ("1773476813.25", "epoch", MS),
    ("1.77347681325e+09", "epoch", MS),
    ("1773476813250", "epoch", MS),
    ("1773476813250000", "epoch", MS),
    ("1773476813250000000", "epoch", MS),
    ("/Date(1773476813250)/", "epoch", MS),
    ("1.77348E+09", "rounded", None),
    ("31/02/2026 08:26:53", "slashed", None),
    ("Mar 14 08:26:53", "", None),
    ("0.250", "", None),
    ("200", "", None),
    ("-", "", None),
]


def moments(times: list[str], ways: tuple[str, ...], **more: str) -> list[str | None]:
    import duckdb

    statement = f"SELECT ({moment_sql('VARCHAR', ways, **more)})::VARCHAR FROM (SELECT unnest(?::VARCHAR[]) AS r_time)"
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return [row[0] for row in connection.execute(statement, [times]).fetchall()]


def test_every_way_is_told_by_its_first_rows() -> None:
    assert [(text, way_of(text)) for text, _, _ in TIMES] == [(text, way) for text, way, _ in TIMES]
    assert {way.name: way_of(way.example) for way in (*WAYS, SLASHED)} == {
        way.name: way.name for way in (*WAYS, SLASHED)
    }


@pytest.mark.parametrize("ways", [("iso",), ("epoch", "clf"), ()], ids=["iso", "epoch", "none"])
def test_every_way_is_read_whatever_the_first_rows_had(ways: tuple[str, ...]) -> None:
    found = moments([text for text, _, _ in TIMES], ways, order=MONTH_FIRST)
    assert list(zip(TIMES, found, strict=True)) == list(zip(TIMES, [moment for _, _, moment in TIMES], strict=True))


def test_a_zone_is_for_times_that_have_none() -> None:
    times = ["2026-07-14 09:26:53", "14/Jul/2026:09:26:53", "2026-07-14T07:26:53Z", "20260714092653", "1784014013"]
    assert moments(times, ("iso",), zone="Europe/Berlin") == ["2026-07-14 07:26:53"] * 5


def test_a_format_of_ones_own() -> None:
    assert moments(["14|3|26 08h26", "no"], (), form="%d|%m|%y %Hh%M") == ["2026-03-14 08:26:00", None]
    assert moments(["14|3|26 08h26 +0100"], (), form="%d|%m|%y %Hh%M %z") == ["2026-03-14 07:26:00"]


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2026 10:00:00", "03/14/2026 10:00:00"], MONTH_FIRST),
        (["14/03/2026 10:00:00"], DAY_FIRST),
        (["03/04/2026 10:00:00"], ""),
        (["03/14/2026 10:00:00", "14/03/2026 10:00:00"], ""),
        (["2026-03-14"], ""),
    ],
)
def test_the_order_of_dates_with_slashes(values: list[str], order: str) -> None:
    assert order_of(values) == order


def test_what_is_said_of_several() -> None:
    assert ways_of(["1773476813", None, "", "x", "2026-03-14T08:26:53Z"]) == ("epoch", "iso")
    assert [
        has_no_offset(text) for text in ("2026-03-14 08:26:53", "14/Mar/2026:08:26:53 +0000", "1773476813", "x")
    ] == [
        True,
        False,
        False,
        False,
    ]
    assert [is_rounded(text) for text in ("1.77348E+09", "1.773476813E+09", "1.7E9")] == [True, False, False]


def row(time: Any, **more: Any) -> dict[str, Any]:
    return {"time": time, "method": "GET", "path": "/v1/charges", "status": 200, "api_key": "k"} | more


@pytest.mark.slow
def test_times_in_two_fields_in_a_zone_and_with_slashes(write: Callable[..., str]) -> None:
    path = write("a.jsonl", [row(None, day="03/04/2026", clock="10:00:00")])
    columns = {"time": ("day", "clock")}

    def last(**options: Any) -> datetime | None:
        return measure(
            [path], [an_operation("GET /v1/charges")], options=Options(columns=columns, **options)
        ).coverage.last

    with pytest.raises(ApidiffError) as caught:
        last()
    assert (caught.value.code, caught.value.hint) == (
        "usage-time-ambiguous",
        "Say it in apidiff.yaml: `time: {order: month-first}` (3/14/2026) or `time: {order: day-first}`.",
    )
    assert str(last(date_order=MONTH_FIRST)) == "2026-03-04 10:00:00+00:00"
    assert str(last(date_order=DAY_FIRST, time_zone="America/New_York")) == "2026-04-03 14:00:00+00:00"
    assert str(last(time_format="%d/%m/%Y %H:%M:%S")) == "2026-04-03 10:00:00+00:00"
