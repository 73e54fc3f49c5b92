"""The response headers that announce a deprecation: every date of every document that shows one is written here.

RFC 9745 gives `Deprecation` as a structured-field date, RFC 8594 `Sunset` as an HTTP-date, RFC 8288 `Link`.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.operation import OperationId


def midnight(day: date) -> datetime:
    """The instant at which a day begins, in UTC: what a date of the plan means on the wire."""
    return datetime.combine(day, time(), tzinfo=UTC)


def deprecation_value(day: date) -> str:
    """`@1799625600`: a date as RFC 9651, 3.3.7, writes it (RFC 9745, 2.1)."""
    return f"@{int(midnight(day).timestamp())}"


def sunset_value(day: date) -> str:
    """`Tue, 11 Jan 2028 00:00:00 GMT`: an IMF-fixdate, whatever the locale (RFC 8594, 3; RFC 9110, 5.6.7)."""
    return format_datetime(midnight(day), usegmt=True)


def link_value(guide_url: str, successor: OperationId | None, *, ends: bool = True) -> str:
    """The `Link` header's value: the guide, and the successor where its path is concrete.

    The guide is `deprecation`, and where the operation goes away `sunset` too (RFC 9745, 3; RFC 8594, 6). A path
    template is no URI reference (RFC 8288, 3), so a templated successor is left to the guide.
    """
    links = []
    if guide_url:
        _check(guide_url)
        relations = ("deprecation", "sunset") if ends else ("deprecation",)
        links = [f'<{guide_url}>; rel="{relation}"; type="text/html"' for relation in relations]
    path = successor.path if successor else ""
    if path and "{" not in path:
        _check(path)
        links.append(f'<{path}>; rel="successor-version"')
    return ", ".join(links)


def headers(
    deprecation: date, sunset: date | None, *, guide_url: str = "", successor: OperationId | None = None
) -> Mapping[str, str]:
    """The headers of one operation, by name; `sunset` is None for one that changes and stays (RFC 8594, 3)."""
    made = {"Deprecation": deprecation_value(deprecation)}
    if sunset is not None:
        made["Sunset"] = sunset_value(sunset)
    link = link_value(guide_url, successor, ends=sunset is not None)
    return {**made, "Link": link} if link else made


def _check(address: str) -> None:
    """A header's value is visible ASCII (RFC 9110, 5.5); anything else could end the header and begin another."""
    if not all("!" <= character <= "~" and character not in '<>"' for character in address):
        raise ApidiffError(
            "an address for the Link header holds characters that a header can't carry",
            code="header-value-invalid",
            hint="Percent-encode it (RFC 3986, 2.1).",
            status=Exit.USAGE,
        )
