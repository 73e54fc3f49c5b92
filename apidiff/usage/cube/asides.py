"""Questions that are answered on the way, in the pass that makes the cube: a bit of a number for each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

Asked = tuple[str, str, tuple[int, ...]]
"""A question: the column, the pattern that is looked for in it, and the routes that it is of."""
_BITS = 62


def bits_of(questions: Iterable[Asked]) -> dict[Asked, int]:
    """A bit for each question, one that no other of its routes has; questions for which none is left have none."""
    taken: dict[int, set[int]] = {}
    found: dict[Asked, int] = {}
    for question in questions:
        used = {bit for route in question[2] for bit in taken.get(route, ())}
        free = next((bit for bit in range(_BITS) if bit not in used), None)
        if free is not None and question not in found:
            found[question] = free
            for route in question[2]:
                taken.setdefault(route, set()).add(free)
    return found


def hits_of(routed: "ir.Table", bits: dict[Asked, int]) -> "ir.IntegerValue":
    """The sum of the bits of the questions that a call answers with yes."""
    import ibis

    total: ir.IntegerValue = ibis.literal(0, "int64")
    for (column, pattern, routes), bit in bits.items():
        hit = ibis.cases((routed.route.isin(routes), routed[column].re_search(pattern)), else_=False)
        total = total + ibis.cases((hit, ibis.literal(1 << bit, "int64")), else_=ibis.literal(0, "int64"))
    return total


def sights_in(
    cube: "pa.Table", bits: dict[Asked, int], questions: Sequence[Asked], since: datetime
) -> list[tuple[Any, ...]]:
    """The rows of `relations.sights_of`, from a cube with `hits` and `last_success`."""
    import duckdb

    routes = sorted({route for _, _, numbers in questions for route in numbers})
    columns, hits = ["sum(successes)::BIGINT", "sum(failures)::BIGINT"], list[str]()
    for place, question in enumerate(questions):
        hits.append(f"hits & {1 << bits[question]} <> 0 AND list_contains({list(question[2])}, route) AS hit{place}")
        columns += [
            f"coalesce(sum(successes) FILTER (hit{place}), 0)::BIGINT",
            f"max(last_success) FILTER (hit{place})",
            f"max(last_success) FILTER (NOT hit{place})",
            f"coalesce(sum(failures) FILTER (hit{place}), 0)::BIGINT",
        ]
    with duckdb.connect() as connection:
        connection.register("cube", cube)
        return connection.execute(
            f"SELECT key, route, detail, {', '.join(columns)} FROM (SELECT *, attempts - successes AS failures, "
            f"{', '.join(hits)} FROM cube WHERE day >= ? AND list_contains(?, route)) GROUP BY key, route, detail",
            [since.date(), routes],
        ).fetchall()
