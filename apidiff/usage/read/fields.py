"""Which of a log's fields is which canonical field: as a user maps them, as the format has them, or by usual names.

A name alone decides nothing: what a field holds in the first rows has to be what its name says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from apidiff.usage.names import is_name, listed
from apidiff.usage.options import KeySource, Options
from apidiff.usage.read.aliases import ALIASES, COUNTS, ELSEWHERE, WRAPPERS, plain, readings
from apidiff.usage.read.form import CANONICAL, Format
from apidiff.usage.read.layout import FieldPath, Inside, Opened
from apidiff.usage.read.missing import check_fields
from apidiff.usage.read.roles import fits, holds
from apidiff.usage.read.sample import Sample
from apidiff.usage.read.taken import key_in_queries, notes_on
from apidiff.words.errors import ApidiffError

_OFTEN_ADDED = (
    "api_key",
    "version",
    "idempotency_key",
    "request_fields",
    "request_body_length",
    "response_fields",
    "query",
    "host",
)
"""What operators add to a gateway's own fields, under names of their choice."""
_NEEDED = ("api_key", "time", "method", "path", "status")
"""What is looked for under the usual names too where the format's own fields hold nothing."""
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+(?::\d+)?")
_MACHINE = re.compile(r"\.(?:internal|local|lan|svc|intra|localdomain|amazonaws\.com|googleusercontent\.com)(?::\d+)?$")
_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.](?:\d{1,2}|[A-Za-z]{3})[-/.]\d{4}|20\d{6}")
_CLOCK = re.compile(r"\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: ?[AaPp][Mm])?(?:Z| ?[+-]\d\d:?\d\d)?")
_HEADERS = ("http", "request", "httprequestheader")
"""What logs write before a header's name."""
_BY_VALUE = {
    "time": (),
    "request": ("request",),
    "method": (),
    "path": ("path", "url", "uri", "request", "target", "endpoint", "resource"),
    "status": ("status", "code"),
}
"""What is taken for a field by its values where nothing has a usual name, and what its name, if any, must hold then."""


@dataclass(slots=True)
class Fields:
    """The fields found so far; `joined` are those whose parts make one value."""

    paths: dict[str, tuple[FieldPath, ...]] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    key: KeySource | None = None
    notes: list[str] = field(default_factory=list)

    def opened(self, sample: Sample) -> tuple[Opened, ...]:
        """What is opened on the way to them."""
        found = (opened for paths in self.paths.values() for path in paths for opened in sample.of(path))
        return tuple(dict.fromkeys(found))


def find_fields(
    chosen: Format, sample: Sample, options: Options, *, shown: str, above: FieldPath = (), is_open: bool = False
) -> Fields:
    """The fields of a log; `above` is the object in which the format's own fields lie.

    `is_open` says that later rows may have fields that the first have not.

    Errors: `usage-column-missing`.
    """
    names = _Names(sample)
    source = options.key_source
    found = Fields(key=source)
    columns = dict(options.columns) | ({"api_key": source.field} if source and source.field else {})
    for name in (*CANONICAL, "request"):
        if name == "api_key" and source and (source.query or source.host or source.path):
            continue
        if name in columns:
            given = columns[name]
            parts = (given,) if isinstance(given, str) else given
            found.paths[name] = tuple(names.mapped(name, part, shown) for part in parts)
            if len(parts) > 1:
                found.joined.append(name)
            continue
        paths = _of_the_header(names, options) if name == "version" else ()
        paths = paths or _own(chosen, name, names, above, is_open=is_open)
        if not paths and _may_be_named_otherwise(chosen, name):
            paths = names.usual(name)
        is_empty = not any(map(sample.texts, paths))
        if name in _NEEDED and is_empty and _may_be_named_otherwise(chosen, name):
            paths = (*paths, *(path for path in names.usual(name) if sample.texts(path)))
        if paths:
            found.paths[name] = tuple(dict.fromkeys(paths))
    _take_request_lines(found, sample)
    if "time" not in columns:
        _take_time_of_the_text(found, names)
        _take_day_and_clock(found, sample)
    if chosen.kind in _NAMED_KINDS:
        _take_by_value(found, sample)
        found.notes.extend(_counted(found, sample))
    _take_key(found, sample)
    found.notes.extend(_many_hosts(found, sample, options))
    check_fields(found.paths, sample, chosen, shown=shown, options=options)
    return found


_NAMED_KINDS = ("json", "table", "pairs")


def _may_be_named_otherwise(chosen: Format, name: str) -> bool:
    """Whether a column without a place in the format may be a field by its name."""
    if chosen.kind == "spaced":
        return False
    return chosen.kind not in ("w3c", "pattern") or not chosen.fields.get(name) or name in _OFTEN_ADDED


def _own(chosen: Format, name: str, names: "_Names", above: FieldPath, *, is_open: bool) -> tuple[FieldPath, ...]:
    """Where the format itself has a field; also where no row has had it so far."""
    own, is_by_place = chosen.fields.get(name, ()), chosen.kind not in _NAMED_KINDS
    found = [
        path
        for text in own
        if (path := names.find(text, above)) is not None and (is_by_place or names.can_be(name, path))
    ]
    if is_open and not above:
        found += [(text,) for text in own if "." not in text and names.find(text, above) is None]
    return tuple(found)


def _of_the_header(names: "_Names", options: Options) -> tuple[FieldPath, ...]:
    if not options.version_from.startswith("header:"):
        return ()
    header = plain(options.version_from.partition(":")[2])
    wanted = (header, *(start + header for start in _HEADERS))
    return tuple(path for path in names.every if plain(path[-1]) in wanted)[:1]


class _Names:
    """The fields of a sample by their dotted names, and by every usual name that they may stand for."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.every = (*sample.values, *sample.objects, *sample.opened)
        self._dotted: dict[str, FieldPath] = {}
        for path in self.every:
            self._dotted.setdefault(".".join(path), path)
        self._folded: dict[str, FieldPath] = {}
        for name, path in self._dotted.items():
            self._folded.setdefault(name.casefold(), path)
        self._spelled: dict[str, list[tuple[bool, int, FieldPath]]] = {}
        for path in sample.values:
            words = path if len(path) > 1 else path[0].split(".")
            if len(words) > 1 and words[-1] in WRAPPERS:
                words = words[:-1]
            for dropped in range(len(words)):
                is_elsewhere = any(plain(name) in ELSEWHERE for name in words[:dropped])
                for more, spelled in enumerate(readings(".".join(words[dropped:]))):
                    self._spelled.setdefault(spelled, []).append((is_elsewhere, dropped + more, path))
            if label := self._label_of(path):
                self._spelled.setdefault(plain(label), []).append((False, 0, path))

    def _label_of(self, path: FieldPath) -> str:
        """What another field says that one holds, as in ArcSight's format (`cs1Label=apiKey cs1=…`), or ""."""
        labels = set(self.sample.texts((*path[:-1], f"{path[-1]}Label")))
        return labels.pop() if len(labels) == 1 else ""

    def find(self, text: str, above: FieldPath) -> FieldPath | None:
        """The field of a dotted name, in an object or else in the row; the case of letters is nothing."""
        for name in (".".join((*above, text)), text):
            if name in self._dotted:
                return self._dotted[name]
            if name.casefold() in self._folded:
                return self._folded[name.casefold()]
        return None

    def can_be(self, name: str, path: FieldPath) -> bool:
        """Whether what a field holds can be a canonical field."""
        texts = self.sample.texts(path)
        return fits(name, texts) or (name == "path" and fits("request", texts))

    def usual(self, name: str, within: FieldPath = ()) -> tuple[FieldPath, ...]:
        """The field with a usual name whose values fit; of several the nearest, of keys the most telling."""
        candidates = []
        for rank, alias in enumerate(ALIASES.get(name, ())):
            for is_elsewhere, dropped, path in self._spelled.get(alias, ()):
                if path[: len(within)] == within and self.can_be(name, path):
                    has_none = not self.sample.texts(path)
                    order = (rank, dropped) if name == "api_key" else (dropped, rank)
                    candidates.append(((is_elsewhere, has_none, *order), path))
        if not candidates and not within and name in ("time", "status"):
            return tuple(path for path in self.sample.values if path == (name,))
        return (min(candidates)[1],) if candidates else ()

    def mapped(self, name: str, column: str, shown: str) -> FieldPath:
        """The field that a user names.

        Errors: `usage-column-missing`.
        """
        path = self.find(column, ())
        if path is not None:
            return path
        near = get_close_matches(column, [name for name in self._dotted if is_name(name)], 1)
        raise ApidiffError(
            f"the log has no field `{column}` for `{name}`",
            code="usage-column-missing",
            at=shown,
            hint=(f"Did you mean `{near[0]}`? " if near else "") + f"It has {listed(sorted(self._dotted))}.",
        )


def _take_request_lines(found: Fields, sample: Sample) -> None:
    """Makes of a path that holds whole request lines (`GET /x HTTP/1.1`) what it is; a route may hold its method."""
    paths = found.paths.get("path", ())
    if lines := tuple(path for path in paths if holds("request", sample.texts(path))):
        found.paths.setdefault("request", lines)
        found.paths["path"] = tuple(path for path in paths if path not in lines)
        if not found.paths["path"]:
            del found.paths["path"]
    if "request" in found.paths and found.paths.get("method") == found.paths["request"]:
        del found.paths["method"]


def _take_time_of_the_text(found: Fields, names: _Names) -> None:
    """Where requests stand in a text, takes its own time before that of the collector around it."""
    calls = [path for name in ("path", "route", "request") for path in found.paths.get(name, ())]
    for place, opened in names.sample.opened.items():
        is_around = opened.kind is Inside.TEXT and calls and all(path[: len(place)] == place for path in calls)
        if is_around and (own := names.usual("time", place)):
            found.paths["time"] = tuple(dict.fromkeys((*own, *found.paths.get("time", ()))))


def _take_day_and_clock(found: Fields, sample: Sample) -> None:
    """Where the day and the time of day stand in two fields, takes both."""
    texts = [text for path in found.paths.get("time", ()) for text in sample.texts(path)]
    if any(not (_DAY.fullmatch(text) or _CLOCK.fullmatch(text)) for text in texts):
        return
    days, clocks = (
        [path for path in sample.values if (held := sample.texts(path)) and all(map(test.fullmatch, held))]
        for test in (_DAY, _CLOCK)
    )
    named = [path for path in days if "date" in plain(path[-1]) or "day" in plain(path[-1])]
    if len(clocks) == 1 and (len(days) == 1 or len(named) == 1):
        day = days[0] if len(days) == 1 else named[0]
        found.paths["time"] = (day, clocks[0])
        found.joined.append("time")


def _take_by_value(found: Fields, sample: Sample) -> None:
    """Takes the one field whose values are unmistakable for what nothing has a usual name for."""
    for name, parts in _BY_VALUE.items():
        if name in found.paths or (name in ("method", "path", "request") and _tells_the_call(found.paths)):
            continue
        if name == "request" and {"method", "path", "route"} & found.paths.keys():
            continue
        taken = {path for paths in found.paths.values() for path in paths}
        candidates = [
            path
            for path in sample.values
            if path not in taken
            and holds(name, sample.texts(path))
            and (not parts or sample.is_numbered or any(part in plain(path[-1]) for part in parts))
        ]
        if len(candidates) == 1:
            found.paths[name] = tuple(candidates)
            found.notes.append(f"`{'.'.join(candidates[0])}` is taken for `{name}`, by what it holds")


def _tells_the_call(paths: Mapping[str, object]) -> bool:
    return bool({"request", "operation_id"} & paths.keys())


def _take_key(found: Fields, sample: Sample) -> None:
    """Where no row has a key of its own, takes the query parameter that nearly all rows have."""
    paths = found.paths.get("api_key", ())
    texts = [text for path in paths for text in sample.texts(path)]
    if found.key is None and not texts:
        targets = [path for name in ("path", "request", "query") for path in found.paths.get(name, ())]
        for path in targets:
            name = key_in_queries(sample.texts(path))
            if name:
                found.key = KeySource(query=name)
                found.notes.append(f"no field holds a key: the query parameter `{name}` is taken for it")
                return
    found.notes.extend(notes_on(texts, found.key, ".".join(paths[0]) if paths else ""))


def _many_hosts(found: Fields, sample: Sample, options: Options) -> Iterator[str]:
    """That rows are of several hosts, which may be other environments'; the hosts may be customers' names."""
    if options.hosts or (found.key and found.key.host):
        return
    hosts = {text.lower() for path in found.paths.get("host", ()) for text in sample.texts(path)}
    outside = {host for host in hosts if _DOMAIN.fullmatch(host) and not _MACHINE.search(host)}
    if len(outside) > 1:
        yield (
            f"the first rows are of {len(outside)} hosts, and all count as calls of this API; to leave out those of "
            "other environments put `hosts: [api.example.com]` with its own into apidiff.yaml"
        )


def _counted(found: Fields, sample: Sample) -> Iterator[str]:
    """What may be a number of requests a row, and is not taken for one."""
    if "count" in found.paths:
        return
    for path in sample.values:
        texts = sample.texts(path)
        if plain(path[-1]) in COUNTS and texts and all(text.isdigit() for text in texts) and set(texts) != {"1"}:
            name = ".".join(path)
            yield (
                f"each row counts as one request; if `{name}` says how many a row stands for, put "
                f"`columns: {{count: {name}}}` into apidiff.yaml"
            )
            return


def taken_for(found: Iterable[tuple[str, tuple[FieldPath, ...]]]) -> Mapping[str, str]:
    """The log's own name of each canonical field, for people."""
    return {name: " or ".join(".".join(path) for path in paths) for name, paths in found}
