"""Every date on the wire is computed; none is copied from an example."""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apidiff.plan.headers import deprecation_value, headers, link_value, sunset_value
from apidiff.words.errors import ApidiffError
from apidiff.words.operation import OperationId

GUIDE = "https://developer.example.com/migrate"


def test_the_headers_of_an_operation() -> None:
    assert headers(date(2027, 1, 11), date(2028, 1, 11), guide_url=GUIDE, successor=OperationId("GET /v2/users")) == {
        "Deprecation": "@1799625600",
        "Sunset": "Tue, 11 Jan 2028 00:00:00 GMT",
        "Link": (
            f'<{GUIDE}>; rel="deprecation"; type="text/html", <{GUIDE}>; rel="sunset"; type="text/html", '
            '</v2/users>; rel="successor-version"'
        ),
    }


def test_an_operation_that_stays_has_no_sunset() -> None:
    """RFC 8594 is about the resource that goes away; that something of it changes is what RFC 9745 says."""
    assert headers(date(2027, 1, 11), None, guide_url=GUIDE) == {
        "Deprecation": "@1799625600",
        "Link": f'<{GUIDE}>; rel="deprecation"; type="text/html"',
    }


def test_without_a_guide_there_is_no_link_and_a_template_is_no_reference() -> None:
    assert headers(date(2027, 1, 11), date(2028, 1, 11)) == {
        "Deprecation": "@1799625600",
        "Sunset": "Tue, 11 Jan 2028 00:00:00 GMT",
    }
    assert link_value("", OperationId("GET /v2/users/{id}")) == ""


@given(st.dates(date(1971, 1, 1), date(2200, 1, 1)))
def test_both_dates_read_back_as_the_same_midnight(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert datetime.fromtimestamp(int(deprecation_value(day)[1:]), UTC) == midnight
    assert parsedate_to_datetime(sunset_value(day)) == midnight
    assert sunset_value(day).endswith(" GMT")


@pytest.mark.parametrize(
    "address", ["https://a.example/\r\nX-Evil: 1", "https://a.example/>; rel=x", "https://ä.example"]
)
def test_what_could_end_the_header_is_refused(address: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        link_value(address, None)
    assert caught.value.code == "header-value-invalid"
