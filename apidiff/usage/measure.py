"""Logs to `Usage`: the cube as columns of numbers, with the keys' HMACs and masks beside it.

Raw keys live only inside the engine while it reads.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from apidiff.changes import OperationEntry
from apidiff.errors import ApidiffError
from apidiff.usage import plan
from apidiff.usage.agents import client_of
from apidiff.usage.cache import Cache
from apidiff.usage.cube import NEVER, KeyUse, Usage, instant
from apidiff.usage.evidence import Coverage
from apidiff.usage.gather import gather
from apidiff.usage.keys import digest, is_test_key, looks_secret, masked, salt_of
from apidiff.usage.malformed import CUT_OFF, located
from apidiff.usage.options import Options
from apidiff.usage.raw import Reading
from apidiff.usage.read import Log, store
from apidiff.usage.retry import retries_of
from apidiff.usage.route import Routes, routes_of
from apidiff.usage.sources import empty_log
from apidiff.usage.version import shown

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
    salt = salt_of(options.cache)
    cache = Cache(log, routes, salt)
    usage = cache.usage()
    if usage is None:
        with log.opened(routes) as connection:
            gather(connection, log, routes, report=report)
            usage = _usage(connection, log, routes, salt)
        cache.keep(usage)
    report(1.0)
    return usage


def _usage(connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes, salt: bytes) -> Usage:
    warnings: list[str] = []
    found = log.readings(connection)
    _renumber_keys(connection, salt, warnings)
    _number_clients(connection, log.options.exclude_user_agents)
    coverage = _coverage(connection, found, routes, warnings=warnings)
    return Usage(
        coverage=coverage,
        keys=_keys(connection, salt),
        versions=tuple(shown(version) for version in _texts(connection, "version")),
        routes=routes,
        cube=_cube(connection),
        clients=_clients(connection),
        retries=retries_of(connection, log, routes, gap_seconds=log.options.retry_gap_seconds),
        logged=_logged(found, coverage),
        log=log,
        salt=salt,
    )


def _logged(found: Sequence[Reading], coverage: Coverage) -> frozenset[str]:
    names = {
        name for name in ("request_fields", "response_fields", "version") if any(reading.has(name) for reading in found)
    }
    return frozenset(names | ({"query"} if coverage.has_query else set()))


def _texts(connection: "duckdb.DuckDBPyConnection", name: str) -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute(f"SELECT {name} FROM {name}_numbers ORDER BY number").fetchall())


def _renumber_keys(connection: "duckdb.DuckDBPyConnection", salt: bytes, warnings: list[str]) -> None:
    """The table `key_places`: each key's position by its HMAC, which is the same whatever the order of the rows."""
    import pandas as pd

    raw = _texts(connection, "key")
    if any(looks_secret(key) for key in raw):
        warnings.append(
            "the key column holds Authorization headers or tokens: log an id of the key in their place; "
            "they are kept out of every output"
        )
    order = sorted(range(len(raw)), key=lambda number: digest(raw[number], salt) if raw[number] else "")
    store(connection, "key_places", pd.DataFrame({"number": order, "place": range(len(order))}))


def _keys(connection: "duckdb.DuckDBPyConnection", salt: bytes) -> tuple[KeyUse, ...]:
    rows = connection.execute("SELECT key FROM key_numbers JOIN key_places USING (number) ORDER BY place").fetchall()
    return tuple(KeyUse(digest(key, salt), masked(key), is_test_key(key)) if key else KeyUse("", "") for (key,) in rows)


def _number_clients(connection: "duckdb.DuckDBPyConnection", excluded: Sequence[str]) -> None:
    """The table `clients`: the family, language and kind that each user agent claims, without those left out."""
    import pandas as pd

    agents = _texts(connection, "agent")
    kept = [
        number for number, agent in enumerate(agents) if not any(fnmatchcase(agent, pattern) for pattern in excluded)
    ]
    found = [client_of(agents[number]) for number in kept]
    columns = {name: [getattr(client, name) for client in found] for name in ("family", "language", "kind")}
    store(connection, "clients", pd.DataFrame({"number": kept, **columns}, dtype=object))


def _cube(connection: "duckdb.DuckDBPyConnection") -> "pd.DataFrame":
    import pandas as pd

    arrays = connection.execute(
        f"""
        SELECT p.place AS key, route, version, day, sum(attempts)::BIGINT AS attempts, sum(successes)::BIGINT AS successes,
               min("first") AS "first", max("last") AS "last",
               coalesce(min(first_success) FILTER (first_success <> {NEVER}), {NEVER}) AS first_success
        FROM cube JOIN key_places p ON cube.key = p.number SEMI JOIN clients ON cube.agent = clients.number
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchnumpy()
    return pd.DataFrame(arrays)


def _clients(connection: "duckdb.DuckDBPyConnection") -> "pd.DataFrame":
    import pandas as pd

    rows = connection.execute(
        """
        SELECT p.place AS key, family, language, kind, sum(attempts)::BIGINT AS attempts, sum(successes)::BIGINT AS successes
        FROM cube JOIN key_places p ON cube.key = p.number JOIN clients ON cube.agent = clients.number
        WHERE route > 0 GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return pd.DataFrame(rows, columns=["key", "family", "language", "kind", "attempts", "successes"])


def _coverage(
    connection: "duckdb.DuckDBPyConnection", found: Sequence[Reading], routes: Routes, *, warnings: Sequence[str]
) -> Coverage:
    totals = connection.execute(
        """
        SELECT coalesce((SELECT sum(attempts) FROM cube), 0),
               coalesce((SELECT sum(attempts) FROM aside WHERE route = ?), 0),
               coalesce((SELECT sum(attempts) FROM aside WHERE route = 0), 0),
               coalesce((SELECT sum(attempts) FROM cube JOIN key_numbers k ON cube.key = k.number WHERE k.key = ''), 0),
               coalesce((SELECT sum(queries) FROM counts), 0),
               (SELECT count(*) FROM key_numbers WHERE key <> '')
        """,
        [plan.UNREADABLE],
    ).fetchone()
    assert totals is not None
    readable, malformed, unmatched, anonymous, queries, keys = (int(value) for value in totals)
    if not readable + malformed:
        raise empty_log(", ".join(file.shown for reading in found for file in reading.files))
    samples = located(connection, found) if malformed else ()
    warnings = [*warnings, *_doubts(found, samples)]
    if not readable:
        raise ApidiffError(
            f"none of {malformed} rows can be read: {samples[0][1] if samples else 'unknown reason'}",
            code="usage-no-readable-row",
            at=samples[0][0] if samples else None,
            hint="Name the format (`--log-format`) or map the fields (`columns:` in apidiff.yaml).",
        )
    span = connection.execute(
        'SELECT min("first"), max("last"), count(DISTINCT day), max(day) - min(day) + 1 FROM cube'
    ).fetchone()
    assert span is not None
    return Coverage(
        rows=readable + malformed,
        matched=readable - unmatched,
        unmatched=unmatched,
        malformed=malformed,
        first=instant(span[0]),
        last=instant(span[1]),
        days_with_data=span[2],
        span_days=span[3],
        keys=keys,
        anonymous=anonymous,
        unmatched_shapes=_shapes(connection, routes),
        malformed_samples=samples,
        has_query=queries > 0 or any(reading.has("query") for reading in found),
        has_fields=any(reading.has("request_fields") or reading.has("response_fields") for reading in found),
        has_version=any(reading.has("version") for reading in found),
        warnings=tuple(warnings),
    )


def _doubts(found: Sequence[Reading], samples: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What makes a log less than it seems: an archive cut off, times without an offset."""
    if any(place.endswith(CUT_OFF) for place, _ in samples):
        yield "an archive is cut off: what came after its end is missing, and nobody is safe because of it"
    naive = [file.shown for reading in found if reading.layout.naive for file in reading.files]
    if naive:
        yield f"times have no offset and are taken as UTC: {', '.join(naive[:3])}"


def _shapes(connection: "duckdb.DuckDBPyConnection", routes: Routes) -> tuple[tuple[str, int], ...]:
    """Unmatched paths by shape. A segment is shown where it is a word of the spec, a version, or used by several keys."""
    rows = connection.execute("SELECT detail, key, sum(attempts) FROM aside WHERE route = 0 GROUP BY ALL").fetchall()
    users: dict[str, set[int]] = {}
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
