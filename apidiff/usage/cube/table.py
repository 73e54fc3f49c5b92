"""The rows of an engine's table as canonical events: what `read.canonical` makes of files, for any engine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from apidiff.usage.cube.instants import has_no_offset, timed
from apidiff.usage.cube.reach import within
from apidiff.usage.cube.statement import LOG
from apidiff.usage.ease import HOST, eased
from apidiff.usage.options import KeySource, Options
from apidiff.usage.read.canonical import ANOTHER_HOST, EVENT_COLUMNS, NOT_A_ROW, OUT_OF_RANGE
from apidiff.usage.read.detect import column_names
from apidiff.usage.read.layout import FieldPath
from apidiff.usage.read.logs import first_day_ahead
from apidiff.usage.read.raw import IN_THE_FUTURE
from apidiff.usage.version import version_pattern
from apidiff.words.amount import first_of
from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    import ibis.expr.types as ir

_NEVER, _BEYOND = datetime(1970, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - moments are in UTC and have no zone
_URL = r"^[A-Za-z][A-Za-z0-9+.-]*://"
_SCHEMES = ("bearer", "token", "apikey", "api-key", "api_key", "key", "oauth")
_OF_FILES = ("rows", "inside", "log_format", "time_format", "date_order")
"""Options that say how files are written, which a table is not."""


@dataclass(frozen=True)
class Table:
    """A log in an engine: its columns, and which of them are which canonical field.

    `columns` are types as Ibis writes them, by name; `fields` lead to each field, into a struct or a JSON column too.
    """

    columns: Mapping[str, str]
    fields: Mapping[str, tuple[FieldPath, ...]]
    joined: frozenset[str]
    options: Options

    def has(self, name: str) -> bool:
        """Whether the log has a field."""
        return name in self.fields

    def events(self, *, ignores_slashes: bool, since: date | None = None, until: date | None = None) -> "ir.Table":
        """The rows as events of the table `LOG`: of the day `since` and later ones, and without a time; up to `until`.

        Columns: `EVENT_COLUMNS`, and `zoned`: whether a readable time is no text without an offset.
        """
        import ibis

        rows = ibis.table(dict(self.columns), name=LOG)
        if since:
            times = () if "time" in self.joined else [_at(rows, path) for path in self.fields["time"]]
            partition = self.options.partition
            for condition in within(times, rows[partition] if partition else None, since):
                rows = rows.filter(condition)
        events = _Rows(self, rows).events(ignores_slashes=ignores_slashes)
        if since:
            events = events.filter(events.moment.isnull() | (events.moment >= ibis.literal(_midnight(since))))
        return events.filter(events.moment < ibis.literal(_midnight(until))) if until else events


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def table_of(columns: Mapping[str, str], options: Options) -> Table:
    """The log that a table of these columns is.

    Errors: `usage-column-missing`, `usage-column-unknown`, `engine-option-unknown`.
    """
    _check_options(options)
    if options.partition and options.partition not in columns:
        raise ApidiffError(
            f"the table has no column `{options.partition}` of partitions",
            code="usage-column-unknown",
            at="apidiff.yaml",
            hint=f"It has {first_of([f'`{name}`' for name in columns], 12)}; name one of them as `partition`.",
            status=Exit.USAGE,
        )
    named = tuple(part for given in options.columns.values() for part in ([given] if isinstance(given, str) else given))
    dotted = [name for name in named if name not in columns and name.partition(".")[0] in columns]
    found = column_names((*columns, *_members(columns), *dotted), options, shown=options.table)
    fields = {
        name: tuple(_path(columns, ".".join(path)) for path in paths) for name, paths in found.paths.items() if paths
    }
    return Table(columns, fields, frozenset(found.joined), options)


def _path(columns: Mapping[str, str], name: str) -> FieldPath:
    return (name,) if name in columns else tuple(name.split("."))


def _members(columns: Mapping[str, str]) -> list[str]:
    """The members of structs, dotted, as columns of their own."""
    import ibis

    found = list[str]()
    waiting: list[tuple[FieldPath, Any]] = [((name,), ibis.dtype(kind)) for name, kind in columns.items()]
    while waiting:
        path, kind = waiting.pop(0)
        if len(path) > 1:
            found.append(".".join(path))
        if kind.is_struct():
            waiting.extend(((*path, member), inner) for member, inner in kind.items())
    return found


def _check_options(options: Options) -> None:
    """Refuses what is said of files and can't be done in an engine: left out in silence it would be another answer."""
    said = [name for name in _OF_FILES if getattr(options, name)]
    if options.time_zone not in ("", "UTC"):
        said.append("time_zone")
    source = options.key_source
    if source and (source.claim or source.part):
        said.append("api_key: " + ("claim" if source.claim else "part"))
    if said:
        raise ApidiffError(
            f"`{said[0]}` is for files, and can't be told to an engine",
            code="engine-option-unknown",
            at="apidiff.yaml",
            hint="Make a view that has the value as a column of its own, and name the view with --table.",
            status=Exit.USAGE,
        )


class _Rows:
    """One plan of events, with the pieces that several columns need."""

    def __init__(self, log: Table, rows: "ir.Table") -> None:
        import ibis

        self._log, self._rows, self._none = log, rows, ibis.literal("")

    def events(self, *, ignores_slashes: bool) -> "ir.Table":
        import ibis

        moment = self._moment()
        first = self._rows.select(
            c_moment=moment, c_zoned=self._is_zoned(), c_absent=self._is_absent("time"), c_nothing=self._is_nothing(),
            c_method=self._method(), c_target=self._target(), c_status=self._status(), c_amount=self._amount(),
            **{f"r_{name}": self._text(name) for name in self._log.fields if name not in ("time", "status", "count")},
        )  # fmt: skip
        in_range = (first.c_moment >= ibis.literal(_NEVER)) & (first.c_moment < ibis.literal(_BEYOND))
        # what is named several times is a column of its own
        local = first.mutate(c_fine=in_range.fill_null(False), c_local=_local(first.c_target))
        marked = local.mutate(c_mark=local.c_local.find("?"))
        has_query = marked.c_mark >= 0
        parted = marked.mutate(
            c_bare=ibis.cases((has_query, marked.c_local.left(marked.c_mark)), else_=marked.c_local),
            c_query=ibis.cases((has_query, marked.c_local.substr(marked.c_mark + 1)), else_=_own_query(marked)),
        )
        whole = parted.mutate(c_bare=ibis.cases((parted.c_bare == "", "/"), else_=parted.c_bare))
        second = whole.mutate(c_plain=eased(whole.c_bare, whole.c_fine, are_slashes_ignored=False))
        is_eased = (second.c_status.between(200, 299) & _has_odd_slashes(second.c_plain)).fill_null(False)
        third = second.mutate(c_eased=is_eased)
        return self._select(third, ignores_slashes=ignores_slashes)

    def _select(self, rows: "ir.Table", *, ignores_slashes: bool) -> "ir.Table":
        import ibis

        def text(name: str) -> "ir.StringValue":
            return rows[f"r_{name}"] if self._log.has(name) else self._none

        path = rows.c_plain
        if ignores_slashes:
            path = eased(path, rows.c_eased, are_slashes_ignored=True)
        columns = {
            "moment": ibis.cases((rows.c_fine, rows.c_moment)),
            "method": rows.c_method,
            "path": self._ours(path, rows),
            "eased": rows.c_eased,
            "query": rows.c_query,
            "status": rows.c_status,
            "key": self._key(rows),
            "agent": text("user_agent"),
            "version": self._version(rows, text("version")),
            "operation_id": text("operation_id"),
            "request_fields": text("request_fields"),
            "request_body_length": text("request_body_length"),
            "response_fields": text("response_fields"),
            "amount": ibis.cases((rows.c_amount.isnull(), 1), else_=rows.c_amount).cast("int64"),
            "reason": self._reason(rows, text("operation_id")),
        }
        zoned = (rows.c_zoned & rows.c_fine).fill_null(False)
        return rows.select(**{name: columns[name] for name in EVENT_COLUMNS}, zoned=zoned)

    def _values(self, name: str) -> "list[ir.Value]":
        return [_at(self._rows, path) for path in self._log.fields.get(name, ())]

    def _text(self, name: str) -> "ir.StringValue":
        """A field as text, "" where it is null."""
        import ibis

        texts = [value if value.type().is_string() else value.cast("string") for value in self._values(name)]
        if not texts:
            return self._none
        if name in self._log.joined:
            return ibis.literal(" ").join([text.fill_null("") for text in texts])
        return ibis.coalesce(*texts, self._none)

    def _moment(self) -> "ir.TimestampValue":
        """The time of a row, from columns that the rows get for it."""
        import ibis

        if "time" in self._log.joined:
            self._rows, found = timed(self._rows, lambda _: self._text("time"), "t_")
            return found
        moments = []
        for place, path in enumerate(self._log.fields["time"]):
            self._rows, found = timed(self._rows, partial(_at, path=path), f"t{place}")
            moments.append(found)
        return ibis.coalesce(*moments)

    def _is_zoned(self) -> "ir.BooleanValue":
        """Whether a time is no text, or one with an offset."""
        import ibis

        values = self._values("time")
        if self._log.options.time_zone or not all(value.type().is_string() for value in values):
            return ibis.literal(value=True)
        return ~has_no_offset(self._text("time"))

    def _is_absent(self, name: str) -> "ir.BooleanValue":
        """Whether a field is null, or a text that says so."""
        return self._text(name).isin(["", "-"])

    def _is_nothing(self) -> "ir.BooleanValue":
        """Whether all is null that makes a row a request."""
        import ibis

        values = [
            value for name in ("time", "request", "path", "route", "method", "status") for value in self._values(name)
        ]
        return ibis.and_(*(value.isnull() for value in values))

    def _method(self) -> "ir.StringValue":
        import ibis

        method, route, request = (self._text(name) for name in ("method", "route", "request"))
        found = method
        if self._log.has("request"):
            found = ibis.cases((request.contains(" "), request.split(" ")[0]), else_=self._none)
        if self._log.has("route"):
            found = ibis.cases(
                (found == "", ibis.cases((route.contains(" /"), route.split(" ")[0]), else_="")), else_=found
            )
        return found

    def _target(self) -> "ir.StringValue":
        import ibis

        path, route, request = (self._text(name) for name in ("path", "route", "request"))
        found = path
        if self._log.has("request"):
            found = request.re_extract(r"^[^ ]+ ([^ ]*)", 1).fill_null("")
        if not self._log.has("route"):
            return found
        return ibis.cases(
            (route.contains(" /"), route.split(" ")[1]),
            (route.isin(["", "-"]) | route.startswith("$"), found),
            else_=route,
        )

    def _status(self) -> "ir.IntegerValue":
        """A status from a column of any type; null for a text that is none."""
        import ibis

        found = []
        for value in self._values("status"):
            if value.type().is_numeric():
                found.append(value.cast("int32"))
                continue
            text = value.cast("string").fill_null("")
            digits = text.re_extract(r"^(?:HTTP/[0-9.]+ )?([0-9]{3})(?:[^0-9]|$)", 1).nullif("")
            zero = ibis.cases((text == "0", "0"))
            found.append(ibis.coalesce(digits, zero).cast("int32"))
        return ibis.coalesce(*found)

    def _amount(self) -> "ir.IntegerValue":
        """Requests a row; null where nothing is said, and -1 for a count that is none."""
        import ibis

        values = self._values("count")
        if not values:
            return ibis.literal(1, "int64")
        value = values[0]
        if value.type().is_numeric():
            return value.cast("int64")
        text = value.cast("string")
        number = ibis.cases((text.re_search("^[0-9]{1,18}$"), text), else_="-1")
        return ibis.cases((text.notnull(), number.cast("int64")))

    def _host(self, rows: "ir.Table") -> "ir.StringValue":
        import ibis

        own = rows.r_host.nullif("").nullif("-") if self._log.has("host") else ibis.null("string")
        found = rows.c_target.re_extract(r"^[a-z]+://([^/?#]+)", 1)
        return ibis.coalesce(own, found, self._none).lower()

    def _ours(self, path: "ir.StringValue", rows: "ir.Table") -> "ir.StringValue":
        """The path, or `ANOTHER_HOST` where the row is not the API's."""
        import ibis

        if not self._log.options.hosts:
            return path
        host = self._host(rows)
        is_ours = host.isin(["", "-"])
        for name in self._log.options.hosts:
            bare = host if ":" in name else host.split(":")[0]
            is_ours |= bare.endswith(name[1:]) if name.startswith("*.") else bare == name
        return ibis.cases((is_ours, path), else_=ANOTHER_HOST)

    def _key(self, rows: "ir.Table") -> "ir.StringValue":
        import ibis

        source = self._log.options.key_source or KeySource()
        value = rows.r_api_key if self._log.has("api_key") else self._none
        if source.query:
            name = re.sub(r"([^0-9A-Za-z_-])", r"[\1]", source.query)
            value = rows.c_query.re_extract(f"(?:^|&){name}=([^&]*)", 1).fill_null("")
        elif source.host:
            value = self._host(rows).split(":")[0].split(".")[source.host - 1].fill_null("")
        elif source.path:
            value = rows.c_plain.split("/")[source.path].fill_null("")
        if source.pattern:
            return value.re_extract(source.pattern, 1).fill_null("")
        if source.query or source.host or source.path:
            return value
        scheme = value.find(" ")
        is_held = (scheme > 0) & value.left(ibis.greatest(scheme, 0)).lower().isin(_SCHEMES)
        return ibis.cases((is_held, value.substr(ibis.greatest(scheme, 0) + 1).strip()), else_=value)

    def _version(self, rows: "ir.Table", own: "ir.StringValue") -> "ir.StringValue":
        """The version that a call pins, from where it stands."""
        kind, where = version_pattern(self._log.options.version_from)
        if kind == "query":
            return rows.c_query.re_extract(str(where), 1).fill_null("")
        return rows.c_plain.split("/")[int(where)].fill_null("") if kind == "path" else own

    def _reason(self, rows: "ir.Table", operation_id: "ir.StringValue") -> "ir.StringValue":
        """Why a row is unreadable, in the words and the order of those of files."""
        import ibis

        no_method, no_path = rows.c_method.isin(["", "-"]), rows.c_target.isin(["", "-"])
        uncalled = [(no_method, "no method"), (no_path, "no path")]
        if self._log.has("operation_id"):
            nothing = (no_method | no_path) & operation_id.isin(["", "-"])
            uncalled = [(nothing, "no path and no operation id")]
        status = rows.c_status
        cases = [
            (rows.c_nothing, NOT_A_ROW),
            (rows.c_absent, "no time"),
            (rows.c_moment.isnull(), "a time that can't be read"),
            (~rows.c_fine, OUT_OF_RANGE),
            *uncalled,
            (status.isnull() | ~((status == 0) | status.between(100, 599)), "a status that is none"),
            ((rows.c_amount < 0).fill_null(False), "a count that is none"),
        ]
        if today := self._log.options.today:
            ahead = datetime.combine(first_day_ahead(today), datetime.min.time())
            cases.append((rows.c_moment >= ibis.literal(ahead), IN_THE_FUTURE))
        return ibis.cases(*((test, ibis.literal(reason)) for test, reason in cases), else_=self._none)


def _at(rows: "ir.Table", path: FieldPath) -> "ir.Value":
    """What stands at a path: a column, or a member of one."""
    value: ir.Value = rows[path[0]]
    for member in path[1:]:
        value = value[member]
    return value.str if value.type().is_json() else value


def _local(target: "ir.StringValue") -> "ir.StringValue":
    """A path and query from what a log calls one: those of a URL with or without its scheme, from a slash on."""
    import ibis

    behind = target.re_extract("://[^/?#]*([/?].*)", 1).nullif("").fill_null("/")
    return ibis.cases(
        (target.startswith("/"), target),
        (target.re_search(_URL), behind),
        (target.isin(["", "-"]), ibis.literal("")),
        (target.re_search(HOST), target.re_replace(HOST, "/")),
        else_=ibis.literal("/") + target,
    )


def _own_query(rows: "ir.Table") -> "ir.StringValue":
    import ibis

    if "r_query" not in rows.columns:
        return ibis.literal("")
    return ibis.cases(
        (rows.r_query.startswith("?"), rows.r_query.re_replace("^[?]+", "")),
        (rows.r_query == "-", ibis.literal("")),
        else_=rows.r_query,
    )


def _has_odd_slashes(path: "ir.StringValue") -> "ir.BooleanValue":
    return path.contains("//") | (path.endswith("/") & (path != "/"))
