"""Public holidays come from a library, by country and by part of it, and nothing is switched off on the day before."""

import subprocess
import sys
from datetime import date

import pytest

from apidiff.plan.public_holidays import public_holidays
from apidiff.plan.workdays import Calendar
from apidiff.words.errors import ApidiffError


def test_a_day_is_named_with_its_country() -> None:
    named = public_holidays(("DE-BY", "GB-SCT", "US"))
    days = (date(2027, 1, 1), date(2027, 1, 6), date(2027, 7, 5), date(2027, 11, 30), date(2027, 3, 3))
    assert [named(day) for day in days] == [
        "New Year's Day (DE-BY)", "Epiphany (DE-BY)", "Independence Day (observed) (US)", "Saint Andrew's Day (GB-SCT)",
        "",
    ]  # fmt: skip


def test_nobody_works_on_it_and_nothing_is_switched_off_on_the_day_before() -> None:
    calendar = Calendar(named=public_holidays(("US",)))
    thanksgiving = date(2027, 11, 25)
    assert calendar.before(thanksgiving, not_before=date(2027, 11, 1)) == date(2027, 11, 24)
    assert calendar.quiet_before(thanksgiving, not_before=date(2027, 11, 1)) == date(2027, 11, 23)
    assert calendar.quiet_after(date(2027, 11, 24), weekdays=(1, 2, 3)) == date(2027, 11, 30)
    assert calendar.moved(date(2027, 11, 24), date(2027, 11, 30), is_public=True) == (
        "not 2027-11-24: the day before Thanksgiving Day (US) and Thanksgiving Day (US)"
    )


@pytest.mark.parametrize(
    ("country", "hint"),
    [
        ("XX", "Write a country's code in ISO 3166, such as `US` or `GB`; or its days below `holidays:`."),
        ("GB-LND", "Write `GB` alone, without `LND`; its parts are ENG, NIR, SCT, WLS."),
    ],
)
def test_an_unknown_country_is_refused(country: str, hint: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        public_holidays((country,), at="apidiff.yaml:3")
    assert (caught.value.code, caught.value.at, caught.value.hint) == ("country-unknown", "apidiff.yaml:3", hint)


@pytest.mark.slow
def test_the_library_is_loaded_only_where_a_country_is_named() -> None:
    asked = "from apidiff.plan.public_holidays import public_holidays as known; known(())"
    code = f"import sys; {asked}; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
