"""Before and after of each break as HTTP: what to send and what comes back, made from the change itself.

Only what the change names is shown, on an otherwise bare request; where a value cannot be known, a word in capitals
says what belongs there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from apidiff.changes import Change, OperationEntry
from apidiff.facts import ABSENT, Direction
from apidiff.plan import Plan, PlannedChange, PlannedOperation
from apidiff.render.escape import clip
from apidiff.render.plan.snippets import Path, Request

_PARAMETER_PLACES: Final = ("query", "header", "path", "cookie")
_FALLBACK_SERVER: Final = "https://api.example.com"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: the request, what comes back (`status`, `headers`, `body`), the fields that are read."""

    request: Request
    status: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = ABSENT
    reads: tuple[Path, ...] = ()
    note: str = ""

    @property
    def has_answer(self) -> bool:
        """Whether there is an answer worth showing."""
        return bool(self.status or self.headers) or self.body is not ABSENT


@dataclass(frozen=True, slots=True)
class Example:
    """A change on one of its operations. `after` is None where nothing takes the place of what was removed."""

    operation: str
    before: Side
    after: Side | None
    symptom: str
    fragments: tuple[Any, Any] = field(default=(ABSENT, ABSENT))


def example(planned: PlannedChange, operations: Mapping[str, PlannedOperation], plan: Plan) -> Example | None:
    """The change shown on the first operation that it reaches; None where it reaches none."""
    change = planned.change
    identity = next((one for one in change.operations if one in operations), next(iter(change.operations), None))
    if identity is None:
        return None
    held = operations.get(identity)
    entry = held.operation if held else _entry(identity)
    successor = (held.successor if held else None) or entry.moved_to
    request = _request(entry, plan.base.server)
    if change.subject in ("operation", "path"):
        return _operation(change, entry, request, successor, plan)
    place = _place(change, entry)
    if place in _PARAMETER_PLACES:
        return _parameter(change, entry, request, place)
    if change.subject == "header":
        return _header(change, entry, request)
    if change.subject == "response":
        return _response(change, entry, request)
    if change.subject == "media type":
        return _media_type(change, entry, request)
    if change.subject in ("property", "schema", "request body") and change.direction is not None:
        return _field(change, entry, request)
    return Example(entry.id, Side(request), Side(request), _symptom(change), (change.before, change.after))


def _entry(identity: str) -> OperationEntry:
    method, _, path = identity.partition(" ")
    return OperationEntry(identity, method, path, None, "base")


def _request(entry: OperationEntry, server: str) -> Request:
    """The bare request of an operation, with an id of our own in each template of its path."""
    path = re.sub(r"\{([^{}]*)\}", lambda match: _path_value(match.group(1)), entry.path)
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    kind, _, name = entry.scheme.partition(":")
    if kind in ("bearer", "basic"):
        headers = (("Authorization", f"{kind.capitalize()} YOUR_CREDENTIALS"),)
    elif kind == "header" and name:
        headers = ((clip(name, 60), "YOUR_KEY"),)
    elif kind == "query" and name:
        query = ((name, "YOUR_KEY"),)
    return Request(entry.method, f"{(server or _FALLBACK_SERVER).rstrip('/')}{path}", query, headers)


def _path_value(name: str) -> str:
    return "v1" if name in ("version", "apiVersion") else "123"


def _operation(change: Change, entry: OperationEntry, request: Request, successor: str | None, plan: Plan) -> Example:
    target = change.renamed_to or (change.after if isinstance(change.after, str) else None) or successor
    gone = "404 or 410, on every call"
    if target and re.fullmatch(r"[A-Z]+ /\S*", target):
        moved = _request(replace(_entry(target), scheme=entry.scheme), plan.revision.server or plan.base.server)
        return Example(entry.id, Side(request), Side(moved), gone)
    return Example(entry.id, Side(request), None, gone)


def _parameter(change: Change, entry: OperationEntry, request: Request, place: str) -> Example:
    name = (change.exposure.names or (change.name,))[0]
    old = (change.exposure.values or (_value(change.before, name),))[0]
    new = _value(change.after, name)
    symptom = _symptom(change)
    if "removed" in change.rule and change.subject == "parameter" and not change.exposure.values:
        return Example(entry.id, Side(_with(request, place, name, old)), Side(request), symptom)
    if change.renamed_to:
        after = _with(request, place, change.renamed_to, old)
        return Example(entry.id, Side(_with(request, place, name, old)), Side(after), symptom)
    if "required" in change.rule:
        return Example(entry.id, Side(request), Side(_with(request, place, name, new)), symptom)
    if change.rule == "parameter-moved" and change.after in _PARAMETER_PLACES:
        before = _with(request, str(change.before), name, placeholder(name))
        return Example(
            entry.id, Side(before), Side(_with(request, str(change.after), name, placeholder(name))), symptom
        )
    return Example(
        entry.id,
        Side(_with(request, place, name, old)),
        Side(_with(request, place, name, _other(new, change))),
        symptom,
    )


def _other(new: str, change: Change) -> str:
    """What to send instead of a value that was removed, where the change does not say."""
    return "ANOTHER_VALUE" if change.exposure.values and change.after is ABSENT else new


def _with(request: Request, place: str, name: str, value: str) -> Request:
    if place == "query":
        return replace(request, query=(*request.query, (name, value)))
    if place == "path":
        return replace(request, url=request.url.replace("123", value, 1))
    header = ("Cookie", f"{name}={value}") if place == "cookie" else (name, value)
    return replace(request, headers=(*request.headers, header))


def _header(change: Change, entry: OperationEntry, request: Request) -> Example:
    line = ((change.name, "…"),)
    if change.direction is Direction.REQUEST:
        return Example(
            entry.id, Side(request), Side(replace(request, headers=request.headers + line)), _symptom(change)
        )
    before, after = (line, ()) if "removed" in change.rule or change.after is ABSENT else ((), line)
    return Example(
        entry.id, Side(request, "200", before), Side(request, "200", after), f"reading `{change.name}` gives nothing"
    )


def _response(change: Change, entry: OperationEntry, request: Request) -> Example:
    before = str(change.before) if isinstance(change.before, str | int) and change.before is not True else change.name
    after = str(change.after) if isinstance(change.after, str | int) else "another documented status"
    if "added" in change.rule:
        before, after = "only the documented statuses", change.name
    return Example(entry.id, Side(request, before), Side(request, after), _symptom(change))


def _media_type(change: Change, entry: OperationEntry, request: Request) -> Example:
    sends = change.direction is Direction.REQUEST
    header = "Content-Type" if sends else "Accept"
    kept = change.after if isinstance(change.after, str) else "application/json"
    return Example(
        entry.id,
        Side(replace(request, headers=(*request.headers, (header, change.name)))),
        Side(replace(request, headers=(*request.headers, (header, kept)))),
        "415 Unsupported Media Type" if sends else "406 Not Acceptable, or another media type than asked for",
    )


def _field(change: Change, entry: OperationEntry, request: Request) -> Example:
    """A field of a body: sent by callers in a request, read by them in a response."""
    old_path = _field_path(change)
    names = _new_names(change)
    old, new = _bounded(change, change.before), _bounded(change, change.after)
    if names:
        old = placeholder(_last_name(old_path))
        afters: dict[Path, Any] = {
            (*old_path[:-1], name): old if len(names) == 1 else placeholder(name) for name in names
        }
    elif ("removed" in change.rule and change.subject == "property") or "no-longer" in change.rule:
        afters = {}
    else:
        afters = {old_path: new}
    befores: dict[Path, Any] = {old_path: old}
    if "required" in change.rule or ("added" in change.rule and change.subject == "property"):
        befores, afters = {}, {old_path: placeholder(_last_name(old_path))}
    if change.direction is Direction.REQUEST:
        before, after = replace(request, body=_nested(befores)), replace(request, body=_nested(afters))
        return Example(entry.id, Side(before), Side(after), _symptom(change))
    status = _status(change)
    return Example(
        entry.id,
        Side(request, status, body=_nested(befores), reads=tuple(befores)),
        Side(request, status, body=_nested(afters), reads=tuple(afters)),
        f"reading `{clip(change.name, 80)}` gives nothing, and code that needs it fails" if not afters or names
        else _symptom(change),
    )  # fmt: skip


def _new_names(change: Change) -> tuple[str, ...]:
    if isinstance(change.after, list | tuple) and change.renamed_to:
        return tuple(map(str, change.after))
    return tuple(re.split(r"\s*(?:,|\+| and )\s*", change.renamed_to)) if change.renamed_to else ()


def _field_path(change: Change) -> Path:
    """Where the field is: from the exposure, else from the first of the change's places, else its name."""
    if change.exposure.names and change.subject != "parameter":
        dotted = change.exposure.names[0]
    else:
        words = change.places[0].rpartition(": ")[2].split() if change.places else []
        dotted = words[-1] if len(words) > 2 and "/" not in words[-1] else change.name
    return field_path(dotted)


def field_path(dotted: str) -> Path:
    """`data[].name` as ("data", 0, "name")."""
    path: list[str | int] = []
    for part in dotted.split("."):
        bare, *arrays = part.split("[]")
        path += [bare] if bare else []
        path += [0] * len(arrays)
    return tuple(path)


def _last_name(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


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


def _status(change: Change) -> str:
    found = re.search(r"response (\d\d\d|\dXX|default)", change.places[0]) if change.places else None
    status = found.group(1) if found else "200"
    return "200" if status in ("default", "2XX") else status


def _value(held: Any, name: str) -> str:
    """A value for an example out of what the change holds: a schema, a list of values, a bound."""
    if isinstance(held, Mapping):
        for key in ("example", "const", "default"):
            if key in held:
                return _plain(held[key])
        if isinstance(held.get("enum"), list) and held["enum"]:
            return _plain(held["enum"][0])
    if isinstance(held, list | tuple) and held and not isinstance(held[0], Mapping):
        return _plain(held[0])
    if isinstance(held, int | float | str) and not isinstance(held, bool) and held != "":
        return _plain(held)
    return placeholder(name)


def placeholder(name: str) -> str:
    """A value that fits a well-known name, else a word in capitals that says what belongs there."""
    last = name.rpartition(".")[2].rstrip("[]").lower()
    return _SAMPLES.get(last) or "YOUR_" + (
        re.sub(r"\W+", "_", clip(last, 40), flags=re.ASCII).strip("_").upper() or "VALUE"
    )


_SAMPLES: Final[Mapping[str, str]] = {
    "name": "Ada Lovelace", "full_name": "Ada Lovelace", "first_name": "Ada", "last_name": "Lovelace",
    "firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.com", "receipt_email": "ada@example.com",
    "phone": "+1 555 0100", "city": "London", "country": "GB", "locale": "en-GB", "language": "en", "currency": "eur",
    "url": "https://example.com", "description": "Order 1842", "date": "2026-01-31", "created": "2026-01-31T08:30:00Z",
}  # fmt: skip


def _plain(value: Any) -> str:
    return clip(value if isinstance(value, str) else repr(value), 120)


_BY_TYPE: Final[Mapping[str, Any]] = {
    "string": "text", "integer": 42, "number": 42.5, "boolean": True, "array": [], "object": {}, "null": None,
}  # fmt: skip


def _typed(text: str, held: Any) -> Any:
    """The value in the type that the change names, where it names one."""
    if isinstance(held, Mapping):
        if any(key in held for key in ("example", "const", "default", "enum")) or held.get("type") == "string":
            return text
        held = held.get("type")
    if isinstance(held, str) and held in _BY_TYPE:
        return _BY_TYPE[held]
    if isinstance(held, list | tuple) and held and all(isinstance(one, str) and one in _BY_TYPE for one in held):
        return _BY_TYPE[held[0]]
    return held if isinstance(held, int | float) and not isinstance(held, bool) else text


_BOUNDS: Final[Mapping[str, str]] = {
    "length": "A TEXT OF {} CHARACTERS", "items": "A LIST OF {}", "properties": "AN OBJECT OF {}",
    "pattern": "A TEXT LIKE {}", "format": "A TEXT IN THE FORMAT {}", "multiple": "A MULTIPLE OF {}",
}  # fmt: skip


def _bounded(change: Change, held: Any) -> Any:
    """A value within a bound, in words where the bound is on a length, a count or a form."""
    for word, text in _BOUNDS.items():
        if word in change.rule and isinstance(held, int | float | str) and not isinstance(held, bool):
            return text.format(clip(held, 80))
    return _typed(_value(held, change.name), held)


def _place(change: Change, entry: OperationEntry) -> str:
    """Where the parameter goes, "" where the change is about none."""
    if change.exposure.location in _PARAMETER_PLACES:
        return change.exposure.location
    if change.subject == "parameter":
        return next((place for place, name in entry.parameters if name == change.name), "query")
    return ""


def _symptom(change: Change) -> str:
    if change.direction is Direction.REQUEST:
        return "400 or 422: the request is refused"
    if change.subject in ("security requirement", "security scheme"):
        return "401 or 403: the request is refused"
    if change.direction is Direction.RESPONSE:
        return "the answer is another than your code was written for; a strict client fails on it"
    return "the call fails or answers otherwise"
