"""Generated logs whose truth is known: every row's operation, and every count that follows from it."""

from collections import Counter
from dataclasses import replace

import pytest

from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.ask.report import usage_report
from apidiff.usage.cube.measure import measure
from apidiff.usage.cube.relations import sql
from apidiff.usage.evidence import Evidence
from apidiff.usage.options import Options
from apidiff.usage.read.logs import Log
from apidiff.usage.route import route_events, routes_of
from apidiff.usage.trust import SAME_SHARE
from apidiff.words.changes import Exposed, Exposure
from tests.usage.conftest import Generated, a_change

pytestmark = pytest.mark.corpus


def truth(generated: Generated, columns: str, where: str = "NOT is_junk") -> list[tuple[object, ...]]:
    import duckdb

    return duckdb.execute(
        f"SELECT {columns} FROM '{generated.log}/*.parquet' WHERE {where} GROUP BY ALL ORDER BY ALL"
    ).fetchall()


def test_every_row_has_its_operation(generated: Generated) -> None:
    import ibis

    routes = routes_of(generated.operations)
    number = {operation.id: index for index, operation in enumerate(generated.operations)}
    log = Log([str(generated.log)], Options())
    with log.opened(routes) as connection:
        _, keys, ids = log.tables()
        connection.execute(
            "CREATE OR REPLACE TEMP VIEW events AS "
            f"SELECT method, path, true_op, is_junk FROM '{generated.log}/*.parquet'"
        )
        events = ibis.table(
            {"method": "string", "path": "string", "true_op": "int32", "is_junk": "bool"}, name="events"
        )
        routed = (
            route_events(events, routes, keys, ids).group_by(["route", "true_op", "is_junk"]).agg(rows=ibis._.count())
        )
        found = connection.execute(sql(routed)).fetchall()
    wrong = Counter[bool]()
    for route, true_operation, is_junk, rows in found:
        mapped = [number[name] for name in routes.by_number.get(route, ())]
        wrong[is_junk] += rows if mapped != ([] if is_junk else [true_operation]) else 0
    assert wrong == {False: 0, True: 0}


def test_counts_by_operation(generated: Generated) -> None:
    usage = measure([str(generated.log)], generated.operations, options=Options())
    report = usage_report(usage, read_integrators([str(generated.keys), str(generated.accounts)]), generated.operations)
    position = {operation.id: index for index, operation in enumerate(generated.operations)}
    counted = {
        position[f"{entry['method']} {entry['path']}"]: (entry["attempts"], entry["logical_successes"], entry["keys"])
        for entry in report["operations"]
        if entry["attempts"]
    }
    expected = truth(generated, "true_op, count(*), count(*) FILTER (status < 400), count(DISTINCT api_key)")
    assert counted == {row[0]: row[1:] for row in expected}
    junk = sum(int(str(row[0])) for row in truth(generated, "count(*)", "is_junk"))
    ((first, last),) = truth(generated, "min(ts), max(ts)", "true")
    assert report["coverage"] == {
        "rows": 100_000,
        "matched": 100_000 - junk,
        "unmatched": junk,
        "malformed": 0,
        "first": f"{first:%Y-%m-%dT%H:%M:%SZ}",
        "last": f"{last:%Y-%m-%dT%H:%M:%SZ}",
        "days_with_data": 30,
    }
    assert sum(entry["attempts"] for entry in report["unmatched"]) == junk
    assert [entry["path"] for entry in report["operations"]] == sorted(
        operation.path for operation in generated.operations
    )


def test_who_sent_a_parameter(generated: Generated) -> None:
    usage = measure([str(generated.log)], generated.operations, options=Options())
    integrators = read_integrators([str(generated.keys), str(generated.accounts)])
    index, rows = Counter(dict(truth(generated, "true_op, count(*)"))).most_common(1)[0]
    operation = generated.operations[index].id
    changes = [
        a_change("called", [operation], Exposure(Exposed.CALLED)),
        a_change("sent", [operation], Exposure(Exposed.SENT_PARAMETER, "query", ("starting_after",))),
        a_change("value", [operation], Exposure(Exposed.SENT_VALUE, "query", ("limit",), ("100",))),
        a_change("never", [operation], Exposure(Exposed.SENT_VALUE, "query", ("limit",), ("10",))),
        a_change("left", [operation], Exposure(Exposed.LEFT_OUT_PARAMETER, "query", ("limit",))),
    ]
    exposures = join(usage, changes, integrators, operations=generated.operations, options=Options())
    owner = integrators.owners

    def owners(where: str) -> set[str]:
        keys = truth(generated, "api_key", f"NOT is_junk AND true_op = {index} AND status < 400 AND {where}")
        return {owner[str(row[0])] for row in keys}

    found = {
        name: {i.integrator for i in exposures.impacts if name in i.changes and i.evidence is Evidence.CONFIRMED}
        for name in ("called", "sent", "value", "never", "left")
    }
    assert rows > 100
    assert found == {
        "called": owners("true"),
        "sent": owners("query <> ''"),
        "value": owners("query <> ''"),
        "never": set(),
        "left": owners("query = ''"),
    }


def test_batches_and_order_of_files_change_nothing(
    generated: Generated, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    whole = measure([str(generated.log)], generated.operations, options=Options())
    copies = []
    for part in range(3):
        target = f"{tmp_path}/{2 - part}.parquet"
        duckdb.execute(
            f"COPY (SELECT * FROM '{generated.log}/*.parquet' WHERE hash(client_ip) % 3 = {part}) "
            f"TO '{target}' (FORMAT parquet)"
        )
        copies.append(target)
    monkeypatch.setattr("apidiff.usage.cube.gather._BATCH_BYTES", {"parquet": 1, "packed": 1, "text": 1})
    parts = measure(copies, generated.operations, options=Options())
    # the rows that came twice are guessed from a sample, which goes by the size of the files
    assert parts.coverage == replace(whole.coverage, same=parts.coverage.same)
    assert max(parts.coverage.same, whole.coverage.same) < SAME_SHARE * whole.coverage.rows
    assert sorted(parts.cube[["attempts", "first", "last"]].itertuples(index=False, name=None)) == sorted(
        whole.cube[["attempts", "first", "last"]].itertuples(index=False, name=None)
    )
    assert parts.retries[["retries", "loop"]].sum().to_dict() == whole.retries[["retries", "loop"]].sum().to_dict()
