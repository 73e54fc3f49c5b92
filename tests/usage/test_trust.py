"""What logs can't answer: refused, or said before any figure."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from apidiff.usage.evidence import Coverage
from apidiff.usage.trust import caveats, check, days_since, is_stale, strange_keys
from apidiff.words.errors import ApidiffError

GOOD = Coverage(
    rows=1000,
    matched=1000,
    last=datetime(2026, 3, 14, 23, 59, tzinfo=UTC),
    span_days=90,
    successes=900,
    key_hint="Gateway: log the key.",
)
DAY = date(2026, 3, 15)


def test_good_logs_leave_nothing_to_say() -> None:
    check(GOOD)
    assert caveats(GOOD, DAY) == ()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"unmatched": 1000}, None),
        ({"unmatched": 1001}, "only 50% of the rows call an operation of the spec. In apidiff.yaml: `mount: [/x]`."),
        ({"keyless": 44}, None),
        (
            {"keyless": 45},
            "5% of the successful calls have no key: who made them can't be told. Gateway: log the key.",
        ),
        ({"span_days": 28}, None),
        ({"span_days": 27}, "the logs cover 27 days: who calls once a month is probably not in them"),
        ({"span_days": 1}, "the logs cover 1 day: who calls once a month is probably not in them"),
        ({"same": 9}, None),
        (
            {"same": 10},
            (
                "about 1% of the rows are the same as another (time, key, path and status): was a part of the logs "
                "shipped twice?"
            ),
        ),
        ({"left_out": (("a.md", "a .md file"),)}, "1 file not read: a.md (a .md file)"),
        (
            {"left_out": tuple((str(number), "hidden") for number in range(7))},
            "7 files not read: 0 (hidden), 1 (hidden), 2 (hidden), 3 (hidden), 4 (hidden) and 2 more",
        ),
    ],
)
def test_a_doubt_begins_at_its_bound(more: dict[str, object], said: str | None) -> None:
    coverage = replace(GOOD, way_back="In apidiff.yaml: `mount: [/x]`.", **more)  # type: ignore[arg-type]
    assert caveats(coverage, DAY) == (() if said is None else (said,))


def test_logs_that_ended_long_ago() -> None:
    assert [days_since(GOOD, DAY), days_since(GOOD, date(2026, 3, 1)), days_since(Coverage(), DAY)] == [1, 0, 0]
    assert [is_stale(GOOD, day) for day in (date(2026, 5, 13), date(2026, 5, 14))] == [False, True]
    assert caveats(GOOD, date(2026, 3, 28)) == ()
    assert caveats(GOOD, date(2026, 3, 29)) == (
        "the logs end on 2026-03-14, 15 days before today: who came since is not in them",
    )
    assert caveats(GOOD, None) == ()


def refusal(coverage: Coverage) -> tuple[str, str, str]:
    with pytest.raises(ApidiffError) as caught:
        check(coverage)
    return caught.value.code, caught.value.message, caught.value.hint or ""


def test_logs_of_another_api_are_refused() -> None:
    other = Coverage(rows=2, unmatched=2, unmatched_shapes=(("/x/*", 2),))
    code, message, hint = refusal(other)
    assert (code, message) == ("usage-without-match", "none of 2 rows calls an operation of the spec")
    assert hint == "Called were /x/* (2). Name the spec of the API that was called, or map the field with the path."
    mended = replace(other, way_back="In apidiff.yaml: `mount: [/x]`.")
    assert refusal(mended)[2] == "Called were /x/* (2). In apidiff.yaml: `mount: [/x]`."


def test_logs_without_a_key_are_refused() -> None:
    assert refusal(replace(GOOD, keyless=900)) == (
        "usage-without-keys",
        "none of 900 successful calls has a key: nobody could be told of a break",
        (
            "Gateway: log the key. Or map the field that says who called: `columns: {api_key: FIELD}` in apidiff.yaml; "
            "`apidiff usage --how` lists the log's fields."
        ),
    )
    check(replace(GOOD, keyless=899))
    check(replace(GOOD, successes=0))


@pytest.mark.parametrize(
    ("keys", "unknown", "said"),
    [
        (0, 0, ""),
        (5, 4, ""),
        (5, 5, "none of the 5 keys of the logs is in"),
        (1, 1, "the only key of the logs is not in"),
    ],
)
def test_keys_of_which_no_list_knows_any_are_said(keys: int, unknown: int, said: str) -> None:
    found = strange_keys(replace(GOOD, keys=keys, unknown_keys=unknown))
    mended = "if another field holds theirs, name it in apidiff.yaml (`columns: {api_key: FIELD}`)"
    assert found == ((f"{said} the list of integrators: {mended}",) if said else ())
