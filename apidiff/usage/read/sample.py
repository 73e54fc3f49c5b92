"""What the first rows of a log hold: the values of each field, however deep it lies, and what is opened to get there.

Values are looked at to tell fields apart, and never shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apidiff.usage.read.braces import in_braces
from apidiff.usage.read.layout import FieldPath, Inside, Opened

_DEEPEST = 12
_ROWS = 1000
_VALUES = 200
_MEMBERS = (("name", "value"), ("key", "value"), ("Name", "Value"), ("Key", "Value"), ("n", "v"), ("k", "v"))
"""What lists of names and values call the two."""
_TYPED = ("stringValue", "intValue", "doubleValue", "boolValue")


@dataclass(slots=True)
class Sample:
    """Fields and their values in the order in which they come, and the fields whose inside has names.

    `is_numbered` says that the fields have no names of the log's own, and are counted.
    """

    values: dict[FieldPath, list[Any]] = field(default_factory=dict)
    opened: dict[FieldPath, Opened] = field(default_factory=dict)
    objects: dict[FieldPath, None] = field(default_factory=dict)
    rows: int = 0
    is_numbered: bool = False

    def texts(self, path: FieldPath) -> list[str]:
        """The values of a field that has some, as texts."""
        found = (str(value).strip() for value in self.values.get(path, ()) if value is not None)
        return [text for text in found if text not in ("", "-")]

    def of(self, path: FieldPath) -> tuple[Opened, ...]:
        """What is opened on the way to a field."""
        return tuple(self.opened[path[:size]] for size in range(1, len(path)) if path[:size] in self.opened)


def sample_of_columns(columns: Iterable[str], rows: Iterable[list[str]]) -> Sample:
    """The sample of a table: every column is there, whether it has values or not."""
    names = tuple(columns)
    sample = Sample({(name,): [] for name in names})
    for row in rows:
        sample.rows += 1
        for name, value in zip(names, row, strict=False):
            _take(sample, (name,), value)
    return sample


def sample_of_objects(objects: Iterable[Mapping[str, Any]], maps: Iterable[FieldPath] = ()) -> Sample:
    """The sample of rows that are objects; `maps` are the fields that are maps and no objects."""
    sample = Sample(opened={path: Opened(path, Inside.MAP) for path in maps})
    for item in objects:
        if sample.rows >= _ROWS:
            break
        sample.rows += 1
        for name, value in item.items():
            _take(sample, (str(name),), value)
    return sample


def _take(sample: Sample, path: FieldPath, value: Any) -> None:
    """Adds a value, and everything inside it."""
    if value is None or isinstance(value, (str, int, float)):
        kind, held = _held(value) if isinstance(value, str) and value[:1] == "{" and len(path) < _DEEPEST else _NOTHING
        if held:
            sample.opened.setdefault(path, Opened(path, kind))
            for member, inner in held.items():
                _take(sample, (*path, str(member)), inner)
            return
    elif isinstance(value, Mapping):
        sample.objects[path] = None
        if len(path) < _DEEPEST:
            for name, inner in value.items():
                _take(sample, (*path, str(name)), inner)
        return
    elif isinstance(value, list):
        pairs = _pairs(value)
        if pairs:
            (name, own), members = pairs
            sample.opened.setdefault(path, Opened(path, Inside.PAIRS, name, own))
            for member, inner in members:
                _take(sample, (*path, member), inner)
            return
        value = next((item for item in value if not isinstance(item, (Mapping, list))), None)
    known = sample.values.setdefault(path, [])
    if len(known) < _VALUES:
        known.append(value)


def _pairs(items: list[Any]) -> tuple[tuple[str, str], list[tuple[str, Any]]] | None:
    """The members of a list of names and values, and what it calls the two; None for any other list."""
    objects = [item for item in items if isinstance(item, Mapping)]
    if not objects or len(objects) < len(items):
        return None
    for name, value in _MEMBERS:
        if all(name in item and value in item for item in objects):
            return (name, value), [(str(item[name]), _untyped(item[value])) for item in objects]
    return None


def _untyped(value: Any) -> Any:
    """A value of OpenTelemetry's without the name of its type."""
    if isinstance(value, Mapping) and len(value) == 1:
        return next((value[name] for name in _TYPED if name in value), value)
    return value


_NOTHING: tuple[Inside, Mapping[str, Any]] = (Inside.TEXT, {})


def _held(text: str) -> tuple[Inside, Mapping[str, Any]]:
    """What a text in braces has inside, and how it is written; nothing where it is no object."""
    import orjson

    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Inside.BRACES, in_braces(text) or {}
    return Inside.TEXT, value if isinstance(value, dict) else {}


def names_below(sample: Sample, above: FieldPath) -> Iterator[str]:
    """The dotted names of the fields below a field, as seen from there."""
    for path in (*sample.values, *sample.objects):
        if path[: len(above)] == above != path:
            yield ".".join(path[len(above) :])
