"""Before and after of each break as HTTP: what to send and what comes back, made from the change itself.

Only what the change names is shown, on an otherwise bare request; where a value cannot be known, a word in capitals
says what belongs there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from apidiff.plan.value import Plan, PlannedChange
from apidiff.render.plan.samples import before_and_after, placeholder
from apidiff.render.plan.snippets import Path, Request
from apidiff.words.changes import Change, OperationEntry
from apidiff.words.direction import Direction
from apidiff.words.escape import clip, http_url
from apidiff.words.facts import ABSENT
from apidiff.words.operation import OperationId

_PARAMETERS: Final = ("query", "header", "path", "cookie")
_SERVER: Final = "https://api.example.com"
_FORM: Final = "application/x-www-form-urlencoded"
_ID: Final = "123"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: the request, what comes back (`status`, `headers`, `body`), the fields that are read."""

    request: Request
    status: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = ABSENT
    reads: tuple[Path, ...] = ()

    @property
    def has_answer(self) -> bool:
        """Whether there is an answer worth showing."""
        return bool(self.status or self.headers) or self.body is not ABSENT


@dataclass(frozen=True, slots=True)
class Example:
    """A change on one of its operations. `after` is None where nothing takes the place of what was removed.

    `fragments` are the two sides of the spec, for a change that HTTP does not show.
    """

    operation: str
    before: Side
    after: Side | None
    symptom: str
    fragments: tuple[Any, Any] = field(default=(ABSENT, ABSENT))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change meets a caller, read from `Change.places`.

    `part` is `request`, `response`, a location of parameters, or "" for the operation itself; `path` leads to a field.
    """

    operation: str
    part: str = ""
    status: str = ""
    media: str = ""
    path: str = ""


def place_of(text: str) -> Place:
    """The place that a line such as `GET /a: response 200 application/json data[].name` writes."""
    operation, _, rest = text.partition(": ")
    words = rest.split(" ")
    if words[0] in _PARAMETERS:
        return Place(operation, words[0], path=" ".join(words[1:]))
    if words[0] == "response":
        return Place(operation, "response", *words[1:3], *([" ".join(words[3:])] if len(words) > 2 else []))
    if words[0] == "request":
        return Place(operation, "request", "", *words[1:2], *([" ".join(words[2:])] if len(words) > 1 else []))
    return Place(operation)


def example(planned: PlannedChange, entries: Mapping[str, OperationEntry], plan: Plan) -> Example | None:
    """The change shown at the first of its places; None where it reaches no operation."""
    change = planned.change
    if not change.operations:
        return None
    place = place_of(change.places[0]) if change.places else Place(change.operations[0])
    if place.operation not in change.operations:
        place = Place(change.operations[0])
    entry = entries.get(place.operation) or _entry(place.operation)
    request = _request(entry, plan.base.server)
    if change.subject in ("operation", "path"):
        return _operation(change, request, plan, entry)
    if change.subject == "server":
        return _server(change, entry, plan)
    location = place.part if place.part in _PARAMETERS else _location(change, entry)
    if location:
        return _parameter(change, request, location, entry.id)
    if change.subject in _BY_SUBJECT:
        before, after = _BY_SUBJECT[change.subject](change, request)
        return Example(entry.id, before, after, _symptom(change))
    if change.subject in ("property", "schema", "request body") and change.direction is not None:
        return _field(change, request, place)
    return _fragments(change, request, entry.id)


def _entry(identity: str) -> OperationEntry:
    name = OperationId(identity)
    return OperationEntry(identity, name.method, name.path, None, "base")


def _request(entry: OperationEntry, server: str) -> Request:
    """The bare request of an operation, with an id of our own in each template of its path."""
    path = re.sub(r"\{[^{}]*\}", _ID, entry.path)
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    kind, _, name = entry.scheme.partition(":")
    if kind in ("bearer", "basic"):
        headers = (("Authorization", f"{kind.capitalize()} YOUR_CREDENTIALS"),)
    elif kind == "header" and name:
        headers = ((clip(name, 60), "YOUR_KEY"),)
    elif kind == "query" and name:
        query = ((name, "YOUR_KEY"),)
    return Request(entry.method, f"{(http_url(server) or _SERVER).rstrip('/')}{path}", query, headers)


def _operation(change: Change, request: Request, plan: Plan, entry: OperationEntry) -> Example:
    target = change.renamed_to or (change.after if isinstance(change.after, str) else None) or entry.moved_to
    gone = "404 or 410, on every call"
    if target and re.fullmatch(r"[A-Z]+ /\S*", target):
        moved = _request(replace(_entry(target), scheme=entry.scheme), plan.revision.server or plan.base.server)
        return Example(entry.id, Side(request), Side(moved), gone)
    return Example(entry.id, Side(request), None, gone)


def _server(change: Change, entry: OperationEntry, plan: Plan) -> Example:
    old, new = (one if isinstance(one, str) else "" for one in (change.before, change.after))
    before = _request(entry, old or plan.base.server)
    after = _request(entry, new or plan.revision.server or plan.base.server)
    return Example(entry.id, Side(before), Side(after), "nothing answers, or another version does")


def _parameter(change: Change, request: Request, location: str, identity: str) -> Example:
    name = (change.exposure.names or (change.name,))[0]
    symptom = _symptom(change)
    if change.subject == "parameter" and not any(word in change.rule for word in _PRESENCE):
        return _fragments(change, _with(request, location, name, placeholder(name)), identity)
    if change.rule == "parameter-moved":
        sides = [_with(request, str(one), name, placeholder(name)) for one in (change.before, change.after)]
        return Example(identity, Side(sides[0]), Side(sides[1]), symptom)
    if change.renamed_to:
        old, new = (_with(request, location, one, placeholder(name)) for one in (name, change.renamed_to))
        return Example(identity, Side(old), Side(new), symptom)
    values = before_and_after(change, name)
    old, new = (request if one is ABSENT else _with(request, location, name, _text(one)) for one in values)
    return Example(identity, Side(old), Side(new), symptom)


_PRESENCE: Final = ("added", "removed", "required", "optional", "renamed", "moved")


def _text(value: Any) -> str:
    """A value as it stands in a query or a header."""
    return value if isinstance(value, str) else {None: "null", True: "true", False: "false"}.get(value) or str(value)


def _with(request: Request, location: str, name: str, value: str) -> Request:
    if location == "query":
        return replace(request, query=(*request.query, (name, value)))
    if location == "path":
        return replace(request, url=request.url.replace(_ID, value, 1))
    header = ("Cookie", f"{name}={value}") if location == "cookie" else (name, value)
    return replace(request, headers=(*request.headers, header))


def _header(change: Change, request: Request) -> tuple[Side, Side]:
    line = ((change.name, placeholder(change.name)),)
    if change.direction is Direction.REQUEST:
        return Side(request), Side(replace(request, headers=request.headers + line))
    gone = "added" not in change.rule
    return Side(request, "200", line if gone else ()), Side(request, "200", () if gone else line)


def _response(change: Change, request: Request) -> tuple[Side, Side]:
    other = "another documented status"
    before, after = (other, change.name) if "added" in change.rule else (change.name, other)
    return Side(request, before), Side(request, str(change.after) if isinstance(change.after, str | int) else after)


def _media_type(change: Change, request: Request) -> tuple[Side, Side]:
    header = "Content-Type" if change.direction is Direction.REQUEST else "Accept"
    kept = change.after if isinstance(change.after, str) else "ANOTHER_MEDIA_TYPE"
    old, new = (replace(request, headers=(*request.headers, (header, one))) for one in (change.name, kept))
    return Side(old), Side(new)


_BY_SUBJECT: Final = {"header": _header, "response": _response, "media type": _media_type}


def _field(change: Change, request: Request, place: Place) -> Example:
    """A field of a body: sent by callers in a request, read by them in a response."""
    path = field_path(place.path)
    name = field_path(change.name)[-1:] if change.subject == "property" else path[-1:]
    if change.subject == "property":
        path = (*path, *name)
    said = str(name[0]) if name else "body"
    names = _new_names(change)
    old, new = before_and_after(change, said)
    befores = {} if old is ABSENT else {path: old}
    afters: dict[Path, Any] = {} if new is ABSENT else {path: new}
    if names:
        befores = {path: placeholder(said)}
        afters = {(*path[:-1], one): placeholder(said if len(names) == 1 else one) for one in names}
    if change.direction is Direction.REQUEST:
        form = place.media == _FORM
        sides = [replace(request, body=_body(change, one, path), form=form) for one in (befores, afters)]
        return Example(place.operation, Side(sides[0]), Side(sides[1]), _symptom(change))
    befores, afters = ({path: _received(one) for path, one in fields.items()} for fields in (befores, afters))
    gone = f"reading `{clip(said, 80).replace('`', '')}` gives nothing, and code that needs it fails"
    status = place.status if place.status.isdecimal() else "200"
    return Example(
        place.operation,
        Side(request, status, body=_held(befores, path), reads=tuple(befores)),
        Side(request, status, body=_held(afters, path), reads=tuple(afters)),
        gone if names or "removed" in change.rule else _symptom(change),
    )


def _received(value: Any) -> Any:
    """What comes back is not the caller's to choose: a value that nobody knows is an ellipsis."""
    return "…" if isinstance(value, str) and value.startswith("YOUR_") else value


def _body(change: Change, fields: Mapping[Path, Any], path: Path) -> Any:
    """The body of a request; none where the change is that there was none."""
    if change.subject == "request body":
        return ABSENT if not fields else {"YOUR": "DATA"}
    return _held(fields, path)


def _held(fields: Mapping[Path, Any], path: Path) -> Any:
    """The fields at their places; without any, the empty object that held the one at `path`."""
    return _nested(fields or {path[:-1]: {}})


def _new_names(change: Change) -> tuple[str, ...]:
    if isinstance(change.after, list | tuple) and change.renamed_to:
        return tuple(map(str, change.after))
    return (change.renamed_to,) if change.renamed_to else ()


def field_path(dotted: str) -> Path:
    """`data[].name` as ("data", 0, "name"), and `*` as some key of a map."""
    path: list[str | int] = []
    for name, index, bracket in re.findall(r"([^.\[\]]+)|\[(\d*)(\])", dotted):
        path.append(int(index or 0) if bracket else "SOME_KEY" if name == "*" else name)
    return tuple(path)


def _nested(fields: Mapping[Path, Any]) -> Any:
    """A JSON value that holds each field at its place."""
    root: Any = {}
    for path, value in fields.items():
        root = _placed(root, path, value)
    return root


def _placed(node: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        inner = node[0] if isinstance(node, list) and node else {}
        return [_placed(inner, rest, value)]
    held = node if isinstance(node, dict) else {}
    return held | {first: _placed(held.get(first, {}), rest, value)}


def _location(change: Change, entry: OperationEntry) -> str:
    """Where the parameter goes, "" where the change is about none."""
    if change.exposure.location in _PARAMETERS:
        return change.exposure.location
    if change.subject == "parameter":
        return next((place for place, name in entry.parameters if name == change.name), "query")
    return ""


def _fragments(change: Change, request: Request, identity: str) -> Example:
    """The two sides as the spec has them: HTTP shows no more than the request."""
    return Example(identity, Side(request), Side(request), _symptom(change), (change.before, change.after))


def _symptom(change: Change) -> str:
    if change.subject in ("security requirement", "security scheme"):
        return "401 or 403: the request is refused"
    if change.subject == "media type" and change.direction is Direction.RESPONSE:
        return "406 Not Acceptable, or another media type than asked for"
    if change.direction is Direction.REQUEST:
        return "400 or 422: the request is refused"
    if change.direction is Direction.RESPONSE:
        return "the answer is another than your code was written for; a strict client fails on it"
    return "the call fails or answers otherwise"
