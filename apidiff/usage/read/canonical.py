"""Raw columns to canonical events: UTC times, methods, paths without their queries, and why a row can't be read."""

from collections.abc import Sequence

from apidiff.usage.ease import HOST, PATTERN_MARKS, eased_sql
from apidiff.usage.read.moment import COMBINED, moment_sql
from apidiff.usage.read.raw import IN_THE_FUTURE, Reading, raw_sql
from apidiff.usage.read.taken import key_sql
from apidiff.usage.read.times import ROUNDED
from apidiff.usage.read.values import literal
from apidiff.usage.version import version_sql

EVENT_COLUMNS = {
    "moment": "timestamp",
    "method": "string",
    "path": "string",
    "eased": "boolean",
    "query": "string",
    "status": "int32",
    "key": "string",
    "agent": "string",
    "version": "string",
    "operation_id": "string",
    "request_fields": "string",
    "request_body_length": "string",
    "response_fields": "string",
    "amount": "int64",
    "reason": "string",
}
"""The columns of `events`: `moment` in UTC, `path` without its query, `eased` where it has slashes too many,
`amount` requests a row, `reason` why a row is unreadable or ""."""

ANOTHER_HOST = "another host"
"""The path of a row that is not the API's: no path begins like this."""
NOT_A_ROW = "not a row of this format"
DIGITS_LOST = "a time without its last digits, as spreadsheets round them: export it again as text"
OUT_OF_RANGE = "a time outside 1970 to 2200"
"""The reason of a row whose time is none that a log could have."""
SWALLOWED = "several lines between two quotes"
"""The reason of a row that takes up several lines, most likely behind a quote that is never closed."""


def events_sql(found: Sequence[Reading]) -> str:
    """The SELECT of all events (columns: `EVENT_COLUMNS`)."""
    return "\nUNION ALL BY NAME\n".join(_versioned(reading) for reading in found)


def _versioned(reading: Reading) -> str:
    """The events of one layout, their version taken from where it stands."""
    found = version_sql(reading.version_from)
    return f"SELECT * REPLACE ({found} AS version) FROM ({_canonical(reading)})" if found else _canonical(reading)


def _canonical(reading: Reading) -> str:
    """Raw columns of one layout (`r_time`, `r_path`, …) into events."""
    has = reading.has
    method, target = _call(reading)
    whole = (
        f"SELECT *, {_time(reading)} AS c_moment, {method} AS c_method, {target} AS c_target, "
        f"{_status(reading)} AS c_status FROM ({raw_sql(reading)})"
    )
    whole = f"SELECT *, {_BARE} AS c_bare FROM ({whole})"
    whole = f"SELECT *, {_odd_path(reading)} AS c_odd FROM ({whole})"
    columns = {
        "moment": f"CASE WHEN {_IN_RANGE} THEN c_moment END",
        "method": "c_method",
        "path": _path(reading),
        "eased": f"coalesce(c_odd IS NOT NULL AND {_IS_EASED}, false)",
        "query": _query(reading),
        "status": "c_status",
        "key": _key(reading),
        "agent": _agent(reading),
        "version": "r_version" if has("version") else "NULL::VARCHAR",
        "operation_id": "r_operation_id" if has("operation_id") else "NULL::VARCHAR",
        "request_fields": "coalesce(r_request_fields, '')" if has("request_fields") else "''",
        "request_body_length": "coalesce(r_request_body_length, '')" if has("request_body_length") else "''",
        "response_fields": "coalesce(r_response_fields, '')" if has("response_fields") else "''",
        "amount": "CASE WHEN r_count IS NULL THEN 1 ELSE greatest(coalesce(try_cast(r_count AS BIGINT), 0), 0) END"
        if has("count")
        else "1::BIGINT",
        "reason": _reason(reading),
    }
    return f"SELECT {', '.join(f'{value} AS {name}' for name, value in columns.items())} FROM ({whole})"


def _call(reading: Reading) -> tuple[str, str]:
    """The method and what was asked for, from their own columns, a request line, or a route that holds both."""
    has = reading.has
    method = "r_method" if has("method") else "NULL::VARCHAR"
    target = "r_path" if has("path") else "NULL::VARCHAR"
    if has("request"):
        words = "string_split(r_request, ' ')"
        method = f"CASE WHEN len({words}) > 1 THEN {words}[1] END"
        target = f"CASE WHEN len({words}) < 4 THEN {words}[2] ELSE array_to_string({words}[2:-2], ' ') END"
    if has("route"):
        both = "r_route LIKE '% /%'"
        method = f"coalesce({method}, CASE WHEN {both} THEN string_split(r_route, ' ')[1] END)"
        target = (
            f"CASE WHEN {both} THEN string_split(r_route, ' ')[2] "
            f"WHEN coalesce(r_route, '') IN ('', '-') OR r_route LIKE '$%' THEN {target} ELSE r_route END"
        )
    return method, target


_IN_RANGE = "(c_moment >= TIMESTAMP '1970-01-01' AND c_moment < TIMESTAMP '2200-01-01')"
_BARE = "CASE WHEN contains(c_target, '?') THEN string_split(c_target, '?')[1] ELSE c_target END"
_PLAIN = "starts_with(c_target, '/') AND NOT (contains(c_bare, '%') OR contains(c_bare, '//') OR ends_with(c_bare, '/')"
_LOCAL = (
    "CASE WHEN starts_with(c_target, '/') THEN c_target "
    "WHEN regexp_matches(c_target, '^[A-Za-z][A-Za-z0-9+.-]*://') "
    "THEN coalesce(nullif(regexp_extract(c_target, '://[^/?#]*([/?].*)', 1), ''), '/') "
    "WHEN c_target IN ('', '-') THEN NULL "
    f"WHEN regexp_matches(c_target, {literal(HOST)}) THEN regexp_replace(c_target, {literal(HOST)}, '/') "
    "ELSE '/' || c_target END"
)
"""A path and query from what a log calls one: those of a URL with or without its scheme, with a slash at the start."""
_HAS_GROUPS = "(contains(c_target, '(?') OR contains(c_target, '?}') OR ends_with(c_target, '?$'))"
"""Whether a question mark is one of a pattern, and begins no query."""
_SUCCEEDED = "c_status BETWEEN 200 AND 299"
_IS_EASED = f"{_SUCCEEDED} AND (contains(c_odd, '//') OR (ends_with(c_odd, '/') AND c_odd <> '/'))"


def _odd_path(reading: Reading) -> str:
    """The path without its query where it has to be worked out, null where it stands there."""
    marks = PATTERN_MARKS if reading.layout.has_patterns else ()
    plain = _PLAIN + "".join(f" OR contains(c_target, '{mark}')" for mark in marks) + ")"
    bare = f"string_split({_LOCAL}, '?')[1]"
    if marks:
        bare = f"CASE WHEN {_HAS_GROUPS} THEN {_LOCAL} ELSE {bare} END"
    path = eased_sql(bare, has_patterns=bool(marks))
    whole = f"list_transform([{path}], lambda p: CASE p WHEN '' THEN '/' ELSE p END)[1]"
    # where no row of a block needs the whole of it, none of it is worked out
    slashed = "" if marks else " WHEN starts_with(c_target, '/') AND NOT contains(c_bare, '%') THEN c_bare"
    return f"CASE WHEN {plain} THEN NULL{slashed} ELSE {whole} END"


def _path(reading: Reading) -> str:
    """The path without its query, or `ANOTHER_HOST` where the row is not the API's."""
    path = f"CASE WHEN c_odd IS NULL THEN c_bare WHEN {_IS_EASED} THEN without_slashes(c_odd) ELSE c_odd END"
    if not reading.layout.hosts:
        return path
    host = _host(reading)
    ours = " OR ".join(_is_host(host, name) for name in reading.layout.hosts)
    return f"CASE WHEN coalesce({host}, '') IN ('', '-') OR {ours} THEN {path} ELSE {literal(ANOTHER_HOST)} END"


def _host(reading: Reading) -> str:
    """The host of a row, in lower case: the log's own, else that of an absolute URL."""
    own = "nullif(nullif(r_host, ''), '-')" if reading.has("host") else "NULL"
    return f"lower(coalesce({own}, nullif(regexp_extract(c_target, '^[a-z]+://([^/?#]+)', 1), '')))"


def _is_host(host: str, name: str) -> str:
    bare = host if ":" in name else f"split_part({host}, ':', 1)"
    if name.startswith("*."):
        return f"ends_with({bare}, {literal(name[1:])})"
    return f"{bare} = {literal(name)}"


def _key(reading: Reading) -> str:
    """The key of a row, taken out of what holds it."""
    own = "r_api_key" if reading.has("api_key") else "NULL::VARCHAR"
    return key_sql(own, reading.layout.key, query=_query(reading), path="coalesce(c_odd, c_bare)", host=_host(reading))


def _query(reading: Reading) -> str:
    """The query string: after the path's question mark, else the log's own column."""
    has = f"contains(c_target, '?') AND NOT {_HAS_GROUPS}" if reading.layout.has_patterns else "contains(c_target, '?')"
    inside = f"CASE WHEN {has} THEN substring(c_target, strpos(c_target, '?') + 1)"
    if not reading.has("query"):
        return f"{inside} ELSE '' END"
    # what need not be trimmed is not, for that would be a new text a row
    return (
        f"{inside} WHEN starts_with(r_query, '?') THEN ltrim(r_query, '?') WHEN r_query = '-' THEN '' "
        "ELSE coalesce(r_query, '') END"
    )


def _status(reading: Reading) -> str:
    """The status as a number, also of `200 OK`, `HTTP/1.1 200` and `200.0`."""
    number = "try_cast(r_status AS INTEGER)"
    if not reading.has("status") or _type(reading, "status") != "VARCHAR":
        return number
    digits = "regexp_extract(r_status, '(?:^|^HTTP/[0-9.]+ )([0-9]{3})(?:\\D|$)', 1)"
    return f"coalesce({number}, try_cast({digits} AS INTEGER))"


def _agent(reading: Reading) -> str:
    agent = "r_user_agent" if reading.has("user_agent") else "NULL::VARCHAR"
    if reading.layout.format.kind == "w3c":
        return f"replace(replace({agent}, '%20', ' '), '+', ' ')"
    return agent


def _reason(reading: Reading) -> str:
    """Why a row is unreadable, "" where it is not; the order is that of the questions that a reader would ask."""
    fine = [_IN_RANGE, "(c_status BETWEEN 100 AND 599 OR c_status = 0)"]
    called = "c_method NOT IN ('', '-') AND c_target IS NOT NULL AND c_target NOT IN ('', '-')"
    if reading.has("operation_id"):
        called = f"({called} OR coalesce(r_operation_id, '') NOT IN ('', '-'))"
    if reading.has("count"):
        fine.append("(r_count IS NULL OR coalesce(try_cast(r_count AS BIGINT), -1) >= 0)")
    asked = ("time", "request", "path", "route", "method", "status")
    # a line that was mended is a dash and nothing more
    none = "nullif({}, '-') IS NULL" if reading.is_quoted else "{} IS NULL"
    nothing = " AND ".join(none.format(f"r_{name}") for name in asked if reading.has(name))
    cases = [
        (nothing, NOT_A_ROW),
        ("c_moment IS NULL AND coalesce(r_time::VARCHAR, '') IN ('', '-')", "no time"),
        (f"c_moment IS NULL AND regexp_full_match(r_time::VARCHAR, {literal(ROUNDED)})", DIGITS_LOST),
        ("c_moment IS NULL", "a time that can't be read"),
        (f"NOT {_IN_RANGE}", OUT_OF_RANGE),
        ("coalesce(c_method, '') IN ('', '-')", "no method"),
        ("coalesce(c_target, '') IN ('', '-')", "no path"),
        ("c_status IS NULL OR NOT (c_status = 0 OR c_status BETWEEN 100 AND 599)", "a status that is none"),
    ]
    if reading.is_quoted:
        fine.append("NOT r_swallowed")
        cases.insert(0, ("r_swallowed", SWALLOWED))
    if reading.until:
        fine.append(f"c_moment < TIMESTAMP {literal(reading.until)}")
        cases.append((f"c_moment >= TIMESTAMP {literal(reading.until)}", IN_THE_FUTURE))
    if reading.has("operation_id"):
        start = next(index for index, (_, reason) in enumerate(cases) if reason == "no method")
        cases[start : start + 2] = [(f"NOT ({called})", "no path and no operation id")]
    tests = " ".join(f"WHEN {test} THEN {literal(reason)}" for test, reason in cases)
    return f"CASE WHEN {' AND '.join([called, *fine])} THEN '' {tests} ELSE 'a count that is none' END"


def _time(reading: Reading) -> str:
    """A UTC timestamp from what a log calls a time. An offset is honoured; a time without one is in the zone given."""
    if reading.layout.format.name == "combined":
        return COMBINED
    layout = reading.layout
    kind = "VARCHAR" if "time" in reading.layout.joined else _type(reading, "time")
    return moment_sql(kind, layout.time_kinds, zone=layout.zone, order=layout.order, form=layout.time_format)


def _type(reading: Reading, name: str) -> str:
    """The type of the column that holds a canonical field: VARCHAR in all text formats."""
    types = dict(reading.layout.types)
    paths = reading.layout.named.get(name, ())
    if len(paths) != 1 or not types or reading.layout.opening(paths[0]) is not None:
        return "VARCHAR"
    return types.get(paths[0], "VARCHAR")
