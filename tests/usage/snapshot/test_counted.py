"""Of a snapshot only the rows of operations that are compared count."""

from dataclasses import replace

from apidiff.usage.options import Options
from apidiff.usage.route import routes_of
from apidiff.usage.snapshot.counted import Counted
from apidiff.usage.snapshot.value import route_digest
from tests.usage.conftest import an_operation
from tests.usage.snapshot.test_file import SNAPSHOT


def test_operations_of_another_spec_count_for_nothing() -> None:
    routes = routes_of([an_operation("GET /pets")])
    (route,) = routes.routes
    first = replace(SNAPSHOT, routes=(route_digest(route), 9))
    second = replace(SNAPSHOT, routes=(9, route_digest(route)))
    found = [Counted(snapshot, routes, Options(), "x") for snapshot in (first, second)]
    assert [one.totals for one in found] == [{0: 0, route.number: 800}, {0: 0, route.number: 0}]
    assert [one.recent_from for one in found] == [SNAPSHOT.last_day - 29] * 2
