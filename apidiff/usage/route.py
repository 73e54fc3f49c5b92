"""From an observed path to the operation that it called, as one relational plan that any engine can run.

Paths are split once; for each pattern of literals and parameters that the specs hold, a row gets one candidate key,
which is looked up in the small table of routes by an equi-join. The first hit is the answer, which is exact (OpenAPI
3.1, 4.8.8.1: concrete before templated) and streams: nothing grows with the number of distinct paths.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from apidiff.words.changes import OperationEntry
from apidiff.words.operation import PARAMETER, OperationId

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNMATCHED = 0
"""The route number of a row that calls no operation; routes count from 1, since some engines join with 0 for null."""

_PARAMETER_KEY = "{}"
"""What stands for a parameter in a key: no client sends it, while `*` is in logs that hold templates."""
"""A parameter in a path template."""
_LITERAL_SUFFIX = re.compile(r"\{[^{}/]*\}([^A-Za-z0-9{}])([^{}]*)")


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """One segment of a path template. The order is that of matching: a literal, then a mixed segment, then a parameter.

    Of two mixed ones that with more literal text comes first (`user-{n}_code-{c}` before `user-{uid}`). `kind` is 0, 1
    or 2; `rank` is less the more literal it is; `text` is the literal, or the shape of a mixed segment with `*` for
    each parameter; `separator` is set for the shape `{x}` + separator + literal (`{id}.json`, `{name}:cancel`), which
    is looked up by its ending.
    """

    kind: int
    rank: int = 0
    text: str = _PARAMETER_KEY
    separator: str = ""

    @property
    def pattern(self) -> tuple[int, int, str, str]:
        """What rows need to compute: the same for all literals, all parameters, all endings by one separator."""
        if self.kind != _MIXED or self.separator:
            return (self.kind, self.rank, "", self.separator)
        return (self.kind, self.rank, self.text, "")


_LITERAL, _MIXED, _ANY = 0, 1, 2
_OF_ENDING = -2
"""The rank of all endings by one separator: as of one letter behind it."""
Pattern = tuple[tuple[int, int, str, str], ...]
"""What `Segment.pattern` gives for each segment of a path."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a method and a template call: mostly one operation, several where only a fragment tells them apart."""

    number: int
    method: str
    segments: tuple[Segment, ...]
    operations: tuple[OperationId, ...]


@dataclass(frozen=True)
class Routes:
    """All routes of the specs, with what the plan needs to look them up."""

    routes: tuple[Route, ...]
    methods: Mapping[str, str]
    operation_ids: Mapping[str, int]
    ignores_slashes: bool = False
    """Whether slashes that stand twice or at the end of a path count for nothing."""

    @cached_property
    def patterns(self) -> dict[int, list[Pattern]]:
        """For each number of segments the patterns that occur, in the order in which they are looked up.

        Where a path can match routes of two patterns, the more literal one from the left comes first; apart from that
        the one with more routes does, since most rows are found by it.
        """
        found: dict[int, dict[Pattern, list[Route]]] = {}
        for route in self.routes:
            pattern = tuple(part.pattern for part in route.segments)
            found.setdefault(len(route.segments), {}).setdefault(pattern, []).append(route)
        return {size: _ordered(routes) for size, routes in sorted(found.items())}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every literal segment: what may be shown of an unmatched path."""
        return frozenset(part.text for route in self.routes for part in route.segments if part.kind == _LITERAL)

    @cached_property
    def ends_in_slashes(self) -> bool:
        """Whether a path ends in a slash: then one with and one without are two paths."""
        return any(len(route.segments) > 1 and route.segments[-1].text == "" for route in self.routes)

    @cached_property
    def by_number(self) -> dict[int, tuple[OperationId, ...]]:
        """The operation ids of each route number."""
        return {route.number: route.operations for route in self.routes}

    def rows(self) -> list[tuple[str, str, int]]:
        """The rows of the look-up table: method, key, route number; each key once, the first route wins."""
        rows: dict[tuple[str, str], int] = {}
        for route in self.routes:
            for method in self._spellings(route):
                for key in _encodings(route.segments):
                    rows.setdefault((method, key), route.number)
        return [(method, key, number) for (method, key), number in rows.items()]

    def _spellings(self, route: Route) -> Iterable[str]:
        """The methods that call a route: its own in both cases, and HEAD for a GET whose path declares no HEAD."""
        yield route.method
        yield route.method.lower()
        yield route.method.capitalize()
        if route.method == "GET":
            yield "HEAD"
            yield "head"
            yield "Head"


def routes_of(
    operations: Sequence[OperationEntry], mounts: Iterable[str] = (), base_path: tuple[str, str] = ("", "")
) -> Routes:
    """The routes of operations under every prefix of their servers, and each mount with and without that prefix.

    Of `base_path` the first is what logged paths begin with where a spec's begin with the second.
    """
    numbers: dict[tuple[str, tuple[str, ...]], int] = {}
    segments: dict[int, tuple[str, tuple[Segment, ...]]] = {}
    owners: dict[int, list[OperationId]] = {}
    operation_ids: dict[str, int] = {}
    shared = _shared_ids(operations)
    found: dict[str, int] = {}
    for operation in operations:
        method = operation.method.upper()
        for path in _paths(operation, tuple(mounts), base_path):
            parts = segments_of(path)
            identity = (method, tuple(f"{part.kind}{part.text}" for part in parts))
            number = numbers.setdefault(identity, len(numbers) + 1)
            segments.setdefault(number, (method, parts))
            if operation.id not in owners.setdefault(number, []):
                owners[number].append(operation.id)
            found.setdefault(operation.id, number)
        if operation.operation_id and operation.operation_id not in shared:
            operation_ids.setdefault(operation.operation_id, found[operation.id])
    ordered = sorted(segments, key=lambda number: (segments[number][0] != "HEAD", number))
    routes = tuple(Route(number, *segments[number], tuple(owners[number])) for number in ordered)
    return Routes(routes, {route.method: route.method for route in routes}, operation_ids)


def _shared_ids(operations: Sequence[OperationEntry]) -> set[str]:
    """The operationIds that several operations of one spec have, which therefore name none."""
    counts = Counter(
        (operation.operation_id, side)
        for operation in operations
        for side in ("base", "revision")
        if operation.operation_id and operation.present in (side, "both")
    )
    return {name for (name, _), count in counts.items() if count > 1}


def _ordered(routes: Mapping[Pattern, Sequence[Route]]) -> list[Pattern]:
    waiting = sorted(routes)
    ordered = []
    while waiting:
        free = [
            pattern
            for index, pattern in enumerate(waiting)
            if not any(_are_rivals(earlier, pattern, routes) for earlier in waiting[:index])
        ]
        ordered.append(max(free, key=lambda pattern: len(routes[pattern])))
        waiting.remove(ordered[-1])
    return ordered


def _are_rivals(first: Pattern, second: Pattern, routes: Mapping[Pattern, Sequence[Route]]) -> bool:
    """Whether some path may match a route of each: no literal tells all of them apart."""
    common = [
        position
        for position, (mine, theirs) in enumerate(zip(first, second, strict=True))
        if mine[0] == theirs[0] == _LITERAL
    ]

    def texts(pattern: Pattern) -> set[tuple[str, ...]]:
        return {tuple(unquote(route.segments[position].text) for position in common) for route in routes[pattern]}

    return not texts(first).isdisjoint(texts(second))


def _paths(operation: OperationEntry, mounts: tuple[str, ...], base_path: tuple[str, str]) -> Iterable[str]:
    path = re.split(r"[?#]", operation.path, maxsplit=1)[0]
    prefixes = [_prefix(prefix) for prefix in operation.prefixes or ("",)]
    strip, add = map(_prefix, base_path)
    whole = [prefix + path for prefix in prefixes]
    yield from dict.fromkeys(
        whole
        + [_prefix(mount) + prefix + path for mount in mounts for prefix in (*prefixes, "")]
        + [strip + name[len(add) :] for name in whole if strip != add and f"{name}/".startswith(f"{add}/")]
    )


def _prefix(text: str) -> str:
    stripped = text.strip("/")
    return f"/{stripped}" if stripped else ""


def segments_of(path: str) -> tuple[Segment, ...]:
    """The segments of a path template, from the left."""
    return tuple(map(_segment, path.removeprefix("/").split("/")))


def _segment(text: str) -> Segment:
    if "{" not in text or not PARAMETER.search(text):
        return Segment(_LITERAL, text=text)
    if PARAMETER.fullmatch(text):
        return Segment(_ANY)
    shape = PARAMETER.sub("*", text)
    suffix = _LITERAL_SUFFIX.fullmatch(text)
    if suffix and suffix[1] not in suffix[2]:
        return Segment(_MIXED, _OF_ENDING, shape, suffix[1])
    return Segment(_MIXED, -len(PARAMETER.sub("", text)), shape)


def _encodings(segments: tuple[Segment, ...]) -> Iterable[str]:
    """The keys of a route: its literals as the spec writes them and as a client may percent-encode them.

    Half of a surrogate pair has no encoding, so nobody can send it.
    """
    if any("\ud800" <= char <= "\udfff" for part in segments for char in part.text if not part.text.isascii()):
        return
    yield "/" + "/".join(part.text for part in segments)
    for safe in ("", "!$&'()*+,;=:@"):
        yield "/" + "/".join(quote(part.text, safe=safe) if part.kind == _LITERAL else part.text for part in segments)


def route_events(events: "ir.Table", routes: Routes, keys: "ir.Table", ids: "ir.Table | None" = None) -> "ir.Table":
    """Events with `route` (int32): the number of the route called, `UNMATCHED` for none.

    Columns asked of `events`: `method`, `path` (without query); with `ids` also `operation_id`. `keys` has the columns
    `method`, `key`, `route` of `Routes.rows`, `ids` the columns `operation_id`, `route`.
    """
    import ibis

    split = events.mutate(segments_=events.path.split("/"))
    split = split.mutate(size_=split.segments_.length() - 1)
    depth = max((len(patterns) for patterns in routes.patterns.values()), default=0)
    joined = split
    for rank in range(depth):
        key = _candidate(joined, routes, rank)
        if rank:  # what was found needs no further key
            key = ibis.cases((joined[f"hit{rank - 1}_"].isnull(), key))
        joined = joined.mutate(key_=key)
        table = keys.view().rename(method_="method", rank_="key", found_="route")
        joined = joined.left_join(table, [joined.method == table.method_, joined.key_ == table.rank_])
        hit = joined.found_.nullif(UNMATCHED)
        if rank:
            hit = ibis.coalesce(joined[f"hit{rank - 1}_"], hit)
        joined = joined.mutate(**{f"hit{rank}_": hit}).drop(
            "method_", "rank_", "found_", "key_", *([f"hit{rank - 1}_"] if rank else [])
        )
    joined = joined.drop("segments_", "size_")
    if ids is not None:
        table = ids.rename(named_="operation_id", hit_="route")
        joined = joined.left_join(table, [joined.operation_id == table.named_]).drop("named_")
    names = [*(["hit_"] if ids is not None else []), *([f"hit{depth - 1}_"] if depth else [])]
    answer = ibis.coalesce(*(joined[name].nullif(UNMATCHED) for name in names), ibis.literal(UNMATCHED, "int32"))
    return joined.mutate(route=answer.cast("int32")).drop(*names)


def _candidate(table: "ir.Table", routes: Routes, rank: int) -> "ir.Value":
    """The key of a row for the patterns of one rank: null where its path has no segment to fill a parameter with."""
    import ibis

    branches = [
        (table.size_ == size, _key(table.path, table.segments_, patterns[rank]))
        for size, patterns in routes.patterns.items()
        if rank < len(patterns)
    ]
    return ibis.cases(*branches)


def _key(path: "ir.StringValue", segments: "ir.ArrayValue", pattern: Pattern) -> "ir.Value":
    import ibis

    if all(part[0] == _LITERAL for part in pattern):
        return path
    parts: list[ir.StringValue | str] = [""]
    guards: list[ir.BooleanValue] = []
    for position, (kind, _, shape, separator) in enumerate(pattern, start=1):
        segment = segments[position]
        if kind == _LITERAL:
            parts.append(segment)
        elif kind == _ANY:
            parts.append(_PARAMETER_KEY)
            guards.append(segment != "")
        elif separator:
            pieces = re.escape(separator)
            parts.append(ibis.literal("*") + segment.re_extract(f"^.+({pieces}[^{pieces}]*)$", 1))
            guards.append(segment.re_search(f"^.+{pieces}"))
        else:
            parts.append(shape)
            guards.append(segment.re_search("^" + re.escape(shape).replace(r"\*", ".+") + "$"))
    key = ibis.literal("/").join(parts)
    for guard in reversed(guards):
        key = ibis.cases((guard, key))
    return key
