"""Logs to `Usage`: one pass over the files for the cube, then a look at the failures alone.

Raw keys live only inside the engine; what comes out is numbered, with the keys' HMACs and masks beside it.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from apidiff.changes import OperationEntry
from apidiff.errors import ApidiffError
from apidiff.usage import plan, retry
from apidiff.usage.agents import client_of
from apidiff.usage.cube import NEVER, KeyUse, Usage, instant
from apidiff.usage.evidence import Coverage
from apidiff.usage.keys import digest, is_test_key, looks_secret, masked, salt_of
from apidiff.usage.malformed import located
from apidiff.usage.options import Options
from apidiff.usage.read import Log, Reading, store
from apidiff.usage.route import Routes, routes_of
from apidiff.usage.sources import empty_log

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_SHAPES_SHOWN = 50
_MIN_KEYS_FOR_A_WORD = 3
_VERSION_SEGMENT = re.compile(r"v\d{1,3}(\.\d{1,3})?")
_WORD = re.compile(r"[A-Za-z][A-Za-z_.-]{0,31}")


def measure(
    sources: Sequence[str],
    operations: Sequence[OperationEntry],
    *,
    options: Options,
    progress: Callable[[float], None] | None = None,
) -> Usage:
    """What the logs hold of each operation: who called it, when, how often, how it ended.

    `progress` is told the share that is done, 0 to 1. Errors: `usage-not-found`, `usage-log-empty`, `usage-unreadable`,
    `usage-format-unknown`, `usage-column-missing`, `usage-column-unknown`, `usage-no-readable-row`.
    """
    report = progress or (lambda share: None)
    report(0.0)
    log = Log(sources, options)
    routes = routes_of(operations, options.mounts)
    with log.opened(routes) as connection:
        events, keys, ids = log.tables()
        expression = plan.cube_of(events, routes, keys=keys, ids=ids, failing=True)
        run(connection, f"CREATE TEMP TABLE cube_raw AS {plan.sql(expression)}", report=report)
        usage = _usage(connection, log, routes)
    report(1.0)
    return usage


def run(connection: "duckdb.DuckDBPyConnection", statement: str, *, report: Callable[[float], None]) -> None:
    """Runs a statement on the logs and tells how far it is.

    Errors: `usage-unreadable` for what the engine can't read.
    """
    import threading

    import duckdb

    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            share = connection.query_progress()
            if share > 0:
                report(min(share / 100, 0.99))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        connection.execute(statement)
    except duckdb.Error as error:
        raise _unreadable(error) from error
    finally:
        done.set()
        watcher.join()


def _unreadable(error: Exception) -> ApidiffError:
    kind = type(error).__name__.removesuffix("Exception")
    line = re.search(r"[Ll]ine:? (\d+)", str(error))
    return ApidiffError(
        f"the usage log can't be read through ({kind} error)",
        code="usage-unreadable",
        at=f"line {line[1]}" if line else None,
        hint="The file is damaged, cut off or in another format than its first lines; check it there.",
    )


def _usage(connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes) -> Usage:
    salt = salt_of(log.options.cache)
    warnings: list[str] = []
    found = log.readings(connection)
    keys = _number_keys(connection, salt, warnings)
    versions = _numbered(connection, "version")
    _number_clients(connection, log.options.exclude_user_agents)
    cube = _cube(connection)
    coverage = _coverage(connection, found, routes, warnings=tuple(warnings))
    return Usage(
        coverage=coverage,
        keys=keys,
        versions=versions,
        routes=routes,
        cube=cube,
        clients=_clients(connection),
        retries=retry.retries_of(connection, log.options.retry_gap_seconds),
        logged=_logged(found, coverage),
        log=log,
        salt=salt,
    )


def _logged(found: Sequence[Reading], coverage: Coverage) -> frozenset[str]:
    names = {name for name in ("request_fields", "response_fields", "version") if any(reading.has(name) for reading in found)}
    return frozenset(names | ({"query"} if coverage.has_query else set()))


def _number_keys(connection: "duckdb.DuckDBPyConnection", salt: bytes, warnings: list[str]) -> tuple[KeyUse, ...]:
    """The keys in the order of their HMACs; the table `key_numbers` says which is which inside the engine."""
    import pandas as pd

    raw = [row[0] for row in connection.execute("SELECT DISTINCT key FROM cube_raw WHERE reason = ''").fetchall()]
    if any(looks_secret(key) for key in raw):
        warnings.append(
            "the key column holds Authorization headers or tokens: log an id of the key in their place; "
            "they are kept out of every output"
        )
    numbered = sorted((digest(key, salt) if key else "", key) for key in raw)
    frame = pd.DataFrame({"key": [key for _, key in numbered], "number": range(len(numbered))})
    store(connection, "key_numbers", frame)
    return tuple(KeyUse(name, masked(key) if key else "", is_test_key(key)) for name, key in numbered)


def _numbered(connection: "duckdb.DuckDBPyConnection", column: str) -> tuple[str, ...]:
    connection.execute(
        f"CREATE TEMP TABLE {column}_numbers AS SELECT {column}, (row_number() OVER (ORDER BY {column}) - 1)::INTEGER AS number "
        f"FROM (SELECT DISTINCT {column} FROM cube_raw WHERE reason = '')"
    )
    rows = connection.execute(f"SELECT {column} FROM {column}_numbers ORDER BY number").fetchall()
    return tuple(row[0] for row in rows)


def _number_clients(connection: "duckdb.DuckDBPyConnection", excluded: Sequence[str]) -> None:
    """The table `agent_kinds`: the family, language and kind that each user agent claims, without those left out."""
    import pandas as pd

    rows = connection.execute("SELECT DISTINCT agent FROM cube_raw WHERE reason = ''").fetchall()
    agents = [row[0] for row in rows if not any(fnmatchcase(row[0], pattern) for pattern in excluded)]
    clients = [client_of(agent) for agent in agents]
    columns = {name: [getattr(client, name) for client in clients] for name in ("family", "language", "kind")}
    store(connection, "agent_kinds", pd.DataFrame({"agent": agents, **columns}, dtype=object))


def _cube(connection: "duckdb.DuckDBPyConnection") -> "pd.DataFrame":
    import pandas as pd

    arrays = connection.execute(
        f"""
        SELECT k.number AS key, c.route::INTEGER AS route, v.number AS version, (c.day - DATE '1970-01-01')::INTEGER AS day,
               sum(attempts)::BIGINT AS attempts, sum(successes)::BIGINT AS successes,
               epoch_us(min("first")) AS "first", epoch_us(max("last")) AS "last",
               coalesce(epoch_us(min(first_success)), {NEVER}) AS first_success,
               coalesce(epoch_us(max(last_success)), {NEVER}) AS last_success
        FROM cube_raw c JOIN key_numbers k USING (key) JOIN version_numbers v USING (version)
        SEMI JOIN agent_kinds USING (agent)
        WHERE c.reason = '' GROUP BY ALL ORDER BY ALL
        """
    ).fetchnumpy()
    return pd.DataFrame(arrays)


def _clients(connection: "duckdb.DuckDBPyConnection") -> "pd.DataFrame":
    import pandas as pd

    rows = connection.execute(
        """
        SELECT k.number AS key, family, language, kind, sum(attempts)::BIGINT AS attempts, sum(successes)::BIGINT AS successes
        FROM cube_raw c JOIN key_numbers k USING (key) JOIN agent_kinds USING (agent)
        WHERE c.reason = '' AND c.route > 0 GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return pd.DataFrame(rows, columns=["key", "family", "language", "kind", "attempts", "successes"])


def _coverage(
    connection: "duckdb.DuckDBPyConnection",
    found: Sequence[Reading],
    routes: Routes,
    *,
    warnings: tuple[str, ...],
) -> Coverage:
    totals = connection.execute(
        "SELECT coalesce(sum(attempts), 0), coalesce(sum(attempts) FILTER (reason <> ''), 0), "
        "coalesce(sum(attempts) FILTER (reason = '' AND route = 0), 0), coalesce(sum(attempts) FILTER (reason = '' AND key = ''), 0), "
        "coalesce(sum(queries), 0) FROM cube_raw"
    ).fetchone()
    assert totals is not None
    rows, malformed, unmatched, anonymous, queries = (int(value) for value in totals)
    samples = located(connection, found) if malformed else ()
    if not rows:
        raise empty_log(", ".join(file.shown for reading in found for file in reading.files))
    if rows == malformed:
        raise ApidiffError(
            f"none of {rows} rows can be read: {samples[0][1] if samples else 'unknown reason'}",
            code="usage-no-readable-row",
            at=samples[0][0] if samples else None,
            hint="Name the format (`--log-format`) or map the fields (`columns:` in apidiff.yaml).",
        )
    first, last, days, span, keys = _span(connection)
    return Coverage(
        rows=rows,
        matched=rows - malformed - unmatched,
        unmatched=unmatched,
        malformed=malformed,
        first=instant(first),
        last=instant(last),
        days_with_data=days,
        span_days=span,
        keys=keys,
        anonymous=anonymous,
        unmatched_shapes=_shapes(connection, routes),
        malformed_samples=samples,
        has_query=queries > 0 or any(reading.has("query") for reading in found),
        has_fields=any(reading.has("request_fields") or reading.has("response_fields") for reading in found),
        has_version=any(reading.has("version") for reading in found),
        warnings=warnings,
    )


def _span(connection: "duckdb.DuckDBPyConnection") -> tuple[int, int, int, int, int]:
    row = connection.execute(
        """SELECT epoch_us(min("first")), epoch_us(max("last")), count(DISTINCT day), max(day) - min(day) + 1,
        count(DISTINCT key) FILTER (key <> '') FROM cube_raw WHERE reason = ''"""
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2], row[3], row[4]


def _shapes(connection: "duckdb.DuckDBPyConnection", routes: Routes) -> tuple[tuple[str, int], ...]:
    """Unmatched paths by shape. A segment is shown where it is a word of the spec, a version, or used by several keys."""
    rows = connection.execute(
        "SELECT shape, key, sum(attempts) FROM cube_raw WHERE reason = '' AND route = 0 GROUP BY ALL"
    ).fetchall()
    users: dict[str, set[str]] = {}
    for shape, key, _ in rows:
        for segment in shape.split("/"):
            seen = users.setdefault(segment, set())
            if len(seen) < _MIN_KEYS_FOR_A_WORD:
                seen.add(key)

    def is_shown(segment: str) -> bool:
        if segment in routes.words or segment == "" or _VERSION_SEGMENT.fullmatch(segment):
            return True
        return bool(_WORD.fullmatch(segment)) and len(users[segment]) >= _MIN_KEYS_FOR_A_WORD

    shapes: Counter[str] = Counter()
    for shape, _, attempts in rows:
        text = shape if shape == "OPTIONS" else "/".join(part if is_shown(part) else "*" for part in shape.split("/"))
        shapes[text] += int(attempts)
    return tuple(sorted(shapes.items(), key=lambda item: (-item[1], item[0]))[:_SHAPES_SHOWN])
