"""Policies are data, and none goes below the floor without an emergency."""

import re
from datetime import date

import pytest

from apidiff.plan.policy import FEWEST_REMINDERS, FLOOR_MONTHS, presets, read
from apidiff.plan.schedule import Wish, schedule
from apidiff.plan.workdays import Calendar, add_months
from apidiff.words.errors import ApidiffError, Exit


@pytest.mark.parametrize("policy", presets().values(), ids=presets())
def test_every_preset_has_its_source_and_keeps_the_floor(policy) -> None:
    assert policy.title
    assert policy.source.startswith("https://")
    assert date.fromisoformat(policy.checked).isoformat() == policy.checked
    assert policy.window_months >= FLOOR_MONTHS
    assert len(policy.reminders) >= FEWEST_REMINDERS
    assert set(policy.vendor) <= set(policy.__dataclass_fields__)


@pytest.mark.parametrize("policy", presets().values(), ids=presets())
def test_every_preset_gives_dates_or_says_why_not(policy) -> None:
    today, wish = date(2027, 1, 4), Wish(announce=date(2027, 2, 1))
    if policy.refuses:
        with pytest.raises(ApidiffError, match=re.escape(policy.refuses)):
            schedule(policy, wish, today=today, calendar=Calendar(), calls=3)
        return
    dates, steps = schedule(policy, wish, today=today, calendar=Calendar(), calls=3)
    assert dates.sunset is not None
    assert dates.sunset >= add_months(date(2027, 2, 1), policy.window_months)
    assert sum(step.kind == "brownout" for step in steps) == len(policy.brownouts)


def test_the_default_is_the_house_policy() -> None:
    assert read(None) == read("house") == presets()["house"]


def test_fields_of_one_s_own_go_over_those_of_a_preset() -> None:
    policy = read({"based_on": "github-rest", "name": "ours", "window_months": 18, "reminders": [10, 40]})
    assert (policy.name, policy.window_months, policy.reminders) == ("ours", 18, (40, 10))
    assert policy.brownouts == read("github-rest").brownouts


@pytest.mark.parametrize(
    ("policy", "code", "words"),
    [
        ("hous", "policy-unknown", "house"),
        ({"window": 3}, "policy-invalid", "window_months"),
        ({"window_months": "a year"}, "policy-invalid", "whole numbers"),
        ({"reminders": 30}, "policy-invalid", "[180, 90, 30]"),
        ({"rounding": "moon"}, "policy-invalid", "quarter"),
        ({"requires_consent": "yes"}, "policy-invalid", "true or false"),
        ({"refuses": 3}, "policy-invalid", "as text"),
        ({"brownouts": [30]}, "policy-invalid", "{days: 14, hours: 3}"),
        ({"sunset_weekdays": [6]}, "policy-invalid", "Monday"),
        ({"window_months": 5}, "policy-too-short", "--emergency"),
        ({"reminders": [30]}, "policy-too-short", "--emergency"),
    ],
)
def test_what_is_wrong_is_refused_with_the_remedy(policy, code: str, words: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        read(policy)
    assert (caught.value.code, caught.value.status) == (code, Exit.USAGE)
    assert words in (caught.value.hint or "")


def test_an_emergency_with_a_reason_may_be_shorter() -> None:
    assert read({"window_months": 0}, emergency="a leaked key").window_months == 0
