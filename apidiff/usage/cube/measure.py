"""Logs to `Usage`: the cube as columns of numbers, with the keys' digests and masks beside it.

Raw keys live only inside the engine while it reads.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from apidiff.usage.cube import relations
from apidiff.usage.cube.asides import Asked
from apidiff.usage.cube.cache import Cache
from apidiff.usage.cube.coverage import coverage_of
from apidiff.usage.cube.gather import Part, are_slashes_the_rule, gather, gather_rows
from apidiff.usage.cube.pieces import (
    STOOD_FOR,
    Piece,
    PieceDamagedError,
    Pieces,
    Places,
    client_told,
    facts_of,
)
from apidiff.usage.cube.retry import retries_of
from apidiff.usage.cube.same import every
from apidiff.usage.cube.value import NEVER, KeyUse, Usage
from apidiff.usage.keys import digests, salt_of
from apidiff.usage.options import Options
from apidiff.usage.read.files import LogFile
from apidiff.usage.read.how import how
from apidiff.usage.read.logs import Log, store
from apidiff.usage.read.packing import is_cut_off
from apidiff.usage.route import Routes, routes_of
from apidiff.usage.version import shown
from apidiff.words.changes import OperationEntry
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from apidiff.usage.cube.days import Days


Foresee = Callable[[Routes, frozenset[str]], Iterable[Asked]]
"""Gives the questions that will be asked of routes, whose logs have these optional columns."""
_SECRETS = (
    "the key column holds Authorization headers or tokens: log an id of the key in their place; "
    "they are kept out of every output"
)
_OPTIONAL = frozenset({"request_fields", "request_body_length", "response_fields", "version"})
_FETCHED = 250_000
_LEAST_BYTES = 600 << 20
_CUBE = f"""
SELECT p.place AS key, route, version, day,
       sum(attempts)::BIGINT AS attempts, sum(successes)::BIGINT AS successes,
       min("first") AS "first", max("last") AS "last",
       coalesce(min(first_success) FILTER (first_success <> {NEVER}), {NEVER}) AS first_success
FROM cube JOIN key_places p ON cube.key = p.number SEMI JOIN clients ON cube.agent = clients.number
WHERE p.place >= ? AND p.place < ?
GROUP BY ALL ORDER BY 1, 2, 3, 4
"""


def measure(
    sources: Sequence[str],
    operations: Sequence[OperationEntry],
    *,
    options: Options,
    progress: Callable[[float], None] | None = None,
    foresee: Foresee | None = None,
) -> Usage:
    """What the logs hold of each operation: who called it, when, how often, how it ended.

    `progress` is told the share that is done, 0 to 1. What will be asked, as far as `foresee` says it, is answered on
    the way where the logs lie in an engine. Errors: `usage-not-found`, `usage-log-empty`, `usage-unreadable`,
    `usage-format-unknown`, `usage-column-missing`, `usage-column-unknown`, `usage-no-readable-row`.
    """
    _check_room()
    report = progress or (lambda _: None)
    report(0.0)
    log = Log(sources, options)
    routes = _routes(operations, options)
    salt = options.salt or salt_of(options.cache)
    cache = Cache(log, routes, salt)
    usage = cache.usage()
    if usage is None:
        try:
            usage = _read(log, routes, salt=salt, report=report, foresee=foresee)
        except ApidiffError as error:
            # some bytes break the engine for good: once more, with another engine and without them
            if error.code != "usage-unreadable" or not log.mend_all():
                raise
            usage = _read(log, routes, salt=salt, report=report)
        cache.keep(usage)
    report(1.0)
    return usage


def _routes(operations: Sequence[OperationEntry], options: Options) -> Routes:
    routes = routes_of(operations, options.mounts, options.base_path)
    return replace(routes, ignores_slashes=options.ignore_slashes)


def sent(operations: Sequence[OperationEntry], *, options: Options, foresee: Foresee | None = None) -> str:
    """The statements that `measure` would send to an engine, each with what that says of it as comments.

    Errors: `engine-not-installed`, `engine-failed`, `engine-table-missing`, `engine-option-unknown`.
    """
    routes = _routes(operations, options)
    table = Log((), options).remote(routes, b"")
    _expect(table, routes, foresee)
    parts = []
    for name, text, said in table.told():
        lines = "".join(f"-- {line}".rstrip() + "\n" for line in said.splitlines())
        parts.append(f"-- {name}\n{text};\n{lines}")
    return "\n".join(parts)


def _expect(table: "Days", routes: Routes, foresee: Foresee | None) -> None:
    table.expect(foresee(routes, _OPTIONAL & table.fields | {"query"}) if foresee else ())


def _check_room() -> None:
    """Refuses to begin where the engine cannot: some of its libraries end the process where they find no memory."""
    try:
        import resource
    except ImportError:  # a system without such bounds
        return
    bound, _ = resource.getrlimit(resource.RLIMIT_AS)
    if bound != resource.RLIM_INFINITY and bound < _LEAST_BYTES:
        raise ApidiffError(
            f"logs can't be read within {bound >> 20:,} MB of memory",
            code="usage-too-large",
            hint="Allow 2 GB (ulimit -v), or more where the logs are large.",
        )


def how_read(sources: Sequence[str], options: Options) -> str:
    """How the logs are read, file by file and field by field; no row is counted.

    Errors: those of `measure` up to the first rows.
    """
    log = Log(sources, options)
    with log.opened(routes_of(())) as connection:
        lines = how(log.readings(connection), log.left_out)
        return "".join(f"{line}\n" for line in lines)


def _read(
    log: Log,
    routes: Routes,
    *,
    salt: bytes,
    report: Callable[[float], None],
    uses_pieces: bool = True,
    foresee: Foresee | None = None,
) -> Usage:
    with log.opened(routes) as connection, ThreadPoolExecutor(1) as aside:
        pieces = Pieces(log, routes, salt)
        found = () if log.is_remote else log.readings(connection)
        kept = pieces.known(found, every(found)) if uses_pieces else ()
        cut_off = aside.submit(_cut_off, log.files, kept)
        if log.is_remote:
            table = log.remote(routes, salt)
            _expect(table, routes, foresee)
            gather_rows(connection, table.cube())
            pieces.facts |= table.facts
            parts: tuple[Part, ...] = ()
        else:
            try:
                parts = gather(connection, log, routes, report=report, pieces=pieces, kept=kept)
            except PieceDamagedError:
                return _read(log, routes, salt=salt, report=report, uses_pieces=False)
        warnings = _name(connection, log, pieces, salt)
        if (
            (parts or log.is_remote)
            and not (routes.ignores_slashes or routes.ends_in_slashes)
            and are_slashes_the_rule(connection)
        ):
            _keep(connection, pieces, parts, seen={}, cut_off=cut_off.result())
            eased = replace(routes, ignores_slashes=True)
            return _read(log, eased, salt=salt, report=report, uses_pieces=uses_pieces, foresee=foresee)
        return _usage(connection, log, routes, parts=parts, pieces=pieces, cut_off=cut_off.result, warnings=warnings)


def _cut_off(files: Sequence[LogFile], kept: Sequence[Piece]) -> dict[str, str]:
    """The archives that end too early, by path what messages call them.

    Looked at beside the engine, which reads them on one thread and does not say.
    """
    known = {file.path: place in piece.cut_off for piece in kept for place, file in enumerate(piece.files)}
    return {file.path: file.shown for file in files if (known[file.path] if file.path in known else is_cut_off(file))}


def _name(connection: "duckdb.DuckDBPyConnection", log: Log, pieces: Pieces, salt: bytes) -> list[str]:
    """Makes the tables of keys, versions and clients that are no longer the log's own; gives what is odd in them."""
    import pandas as pd

    facts = _facts(_texts(connection, "key"), pieces, salt, log.options.threads)
    order = sorted(range(len(facts)), key=lambda number: facts[number][0])
    rows = [(number, place, *facts[number]) for place, number in enumerate(order)]
    columns = ["number", "place", "digest", "masked", "test", "secret"]
    store(connection, "key_places", pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], object)))
    versions = [shown(version) for version in _texts(connection, "version")]
    frame = pd.DataFrame({"number": range(len(versions)), "version": versions}, dtype=object)
    store(connection, "version_places", frame)
    _number_clients(connection, log.options.exclude_user_agents)
    return [_SECRETS] if any(secret for *_, secret in facts) else []


def _facts(keys: Sequence[str], pieces: Pieces, salt: bytes, threads: int) -> list[tuple[str, str, str, str]]:
    """What is kept of keys: the digest of each, its mask, and "1" for a test key and for a secret, else ""."""
    raw = [key for key in keys if key and not key.startswith(STOOD_FOR)]
    names = digests(raw, salt, threads)

    def fact(key: str) -> tuple[str, str, str, str]:
        if key in names:
            return (names[key], *facts_of(key))
        name = key.removeprefix(STOOD_FOR)
        return (name, *pieces.facts[name]) if name else ("", "", "", "")

    return [fact(key) for key in keys]


def _usage(
    connection: "duckdb.DuckDBPyConnection",
    log: Log,
    routes: Routes,
    *,
    parts: Sequence[Part],
    pieces: Pieces,
    cut_off: Callable[[], dict[str, str]],
    warnings: Sequence[str],
) -> Usage:
    gap = log.options.retry_gap_seconds
    retries = retries_of(connection, log, routes, parts=parts, gap_seconds=gap, pieces=pieces)
    seen = _seen(connection, parts)
    coverage = coverage_of(connection, log, routes, cut_off=tuple(cut_off().values()), warnings=warnings, seen=seen)
    _keep(connection, pieces, parts, seen=seen, cut_off=cut_off())
    names = _OPTIONAL & log.fields(connection)
    return Usage(
        coverage=coverage,
        keys=_keys(connection),
        versions=tuple(shown(version) for version in _texts(connection, "version")),
        routes=routes,
        cube=_cube(connection),
        clients=_clients(connection),
        retries=retries,
        logged=frozenset(names | ({"query"} if coverage.has_query else set())),
        log=log,
        salt=pieces.salt,
    )


def _seen(connection: "duckdb.DuckDBPyConnection", parts: Sequence[Part]) -> dict[str, Places]:
    """The unreadable rows of files, as far as they are known before they are looked for: most files have none."""
    unreadable = connection.execute(
        "SELECT DISTINCT part FROM aside WHERE route = ?", [relations.UNREADABLE]
    ).fetchall()
    seen: dict[str, Places] = {}
    for part in parts:
        if (part.number,) not in unreadable:
            seen |= dict.fromkeys((file.path for file in part.files), ())
        elif part.piece is not None:
            seen |= {part.files[place].path: rows for place, rows in part.piece.located.items()}
    return seen


def _keep(
    connection: "duckdb.DuckDBPyConnection",
    pieces: Pieces,
    parts: Sequence[Part],
    *,
    seen: dict[str, Places],
    cut_off: dict[str, str],
) -> None:
    """Keeps each part by its files, for the next run."""
    for part in parts if pieces else ():
        located = {place: seen[file.path] for place, file in enumerate(part.files) if file.path in seen}
        ends = [place for place, file in enumerate(part.sources) if file.path in cut_off]
        if part.piece is None or pieces.has_more_of(connection, part):
            pieces.keep(connection, part, located=located, cut_off=ends)


def _texts(connection: "duckdb.DuckDBPyConnection", name: str) -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute(f"SELECT {name} FROM {name}_numbers ORDER BY number").fetchall())


def _keys(connection: "duckdb.DuckDBPyConnection") -> tuple[KeyUse, ...]:
    rows = connection.execute("SELECT digest, masked, test <> '' FROM key_places ORDER BY place").fetchall()
    return tuple(KeyUse(*row) for row in rows)


def _number_clients(connection: "duckdb.DuckDBPyConnection", excluded: Sequence[str]) -> None:
    """The table `clients`: the family, language and kind that each user agent claims, without those left out."""
    import pandas as pd

    agents = _texts(connection, "agent")
    clients = {number: client for number, agent in enumerate(agents) if (client := client_told(agent, excluded))}
    kept, found = list(clients), list(clients.values())
    columns = {name: [getattr(client, name) for client in found] for name in ("family", "language", "kind")}
    store(connection, "clients", pd.DataFrame({"number": kept, **columns}, dtype=object))


def _cube(connection: "duckdb.DuckDBPyConnection") -> "pd.DataFrame":
    """The cube's columns, fetched some keys at a time: all rows in order at once would need room for them twice."""
    import numpy as np
    import pandas as pd

    sizes = connection.execute("SELECT (SELECT count(*) FROM cube), (SELECT count(*) FROM key_places)").fetchone()
    rows, keys = sizes or (0, 0)
    step = max(1, keys * _FETCHED // max(rows, 1))
    pieces = [connection.execute(_CUBE, [start, start + step]).fetchnumpy() for start in range(0, max(keys, 1), step)]
    columns = {name: np.concatenate([piece.pop(name) for piece in pieces]) for name in tuple(pieces[0])}
    return pd.DataFrame(columns, copy=False)


def _clients(connection: "duckdb.DuckDBPyConnection") -> "pd.DataFrame":
    import pandas as pd

    rows = connection.execute(
        """ SELECT p.place AS key, family, language, kind, sum(attempts)::BIGINT AS attempts, sum(successes)::BIGINT AS
        successes FROM cube JOIN key_places p ON cube.key = p.number JOIN clients ON cube.agent = clients.number WHERE
        route > 0 GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return pd.DataFrame(rows, columns=["key", "family", "language", "kind", "attempts", "successes"])
