"""The public holidays of countries and their parts, by the `holidays` library, which is loaded where one is named."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    from holidays import HolidayBase

Named = Callable[[date], str]
"""The name of a day's public holiday, or ""."""


def public_holidays(countries: Sequence[str], *, at: str = "") -> Named:
    """What names the holidays of countries (`US`) and of parts of them (`DE-BY`), the first country's first.

    Errors: `country-unknown`.
    """
    calendars = {country: _calendar(country, at) for country in countries}
    return cache(lambda day: _name(day, calendars))


def _name(day: date, calendars: "Mapping[str, HolidayBase]") -> str:
    found = ((country, calendar.get(day)) for country, calendar in calendars.items())
    return next((f"{name} ({country})" for country, name in found if name), "")


def _calendar(country: str, at: str) -> "HolidayBase":
    from holidays import country_holidays

    code, _, part = country.partition("-")
    try:
        return country_holidays(code, subdiv=part or None, language="en_US")
    except NotImplementedError:
        raise ApidiffError(
            f"no public holidays are known of {country}",
            code="country-unknown",
            at=at or None,
            hint=_nearest(code, part),
        ) from None


def _nearest(code: str, part: str) -> str:
    """What could be written: another part of the country, or all codes of countries."""
    from holidays import list_supported_countries

    known = list_supported_countries()
    if code not in known:
        return "Write a country's code in ISO 3166, such as `US` or `GB`; or its days below `holidays:`."
    parts = [name for name in known[code] if name.isascii()]
    named = f"its parts are {', '.join(parts)}" if parts else "it has no parts that differ"
    return f"Write `{code}` alone, without `{part}`; {named}."
