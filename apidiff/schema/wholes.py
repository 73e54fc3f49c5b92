"""Whole values as people would write them: the spec's own examples, defaults and listed values first, then made ones.

The same generator as that of the witnesses (`Sampler`), which wants values as small as can be; here a value may be led
along a path, so that what lies at its end is in it. Not surely valid: the validator decides.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from apidiff.schema import Place, View
from apidiff.schema.facets import allows
from apidiff.schema.patterns import like
from apidiff.schema.samples import SAMPLES, Sampler
from apidiff.words.facts import ABSENT

Path = tuple[str | int, ...]
"""Where a value is in another: names, and indexes of arrays."""

BY_NAME: Final[Mapping[str, Any]] = {
    "name": "Ada Lovelace", "full_name": "Ada Lovelace", "first_name": "Ada", "last_name": "Lovelace",
    "firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.com", "receipt_email": "ada@example.com",
    "phone": "+15550100123", "city": "London", "country": "GB", "locale": "en-GB", "language": "en", "currency": "eur",
    "url": "https://example.com/", "uri": "https://example.com/1", "description": "Order 1842", "title": "Order 1842",
    "line1": "12 Example Street", "postal_code": "N1 9GU", "amount": 1099, "quantity": 2, "limit": 10,
}  # fmt: skip
"""What people write where the spec only gives a name."""
_BY_FORMAT: Final[Mapping[str, Any]] = {
    **SAMPLES,
    "date": "2026-01-31", "date-time": "2026-01-31T08:30:00Z", "time": "08:30:00Z", "email": "ada@example.com",
    "uri": "https://example.com/", "url": "https://example.com/", "password": "a-long-Passw0rd",
}  # fmt: skip
DEEPEST: Final = 14
"""What is required so deep down belongs to a circle."""
MOST_STEPS: Final = 5_000
"""Fields, and branches of unions, that one value may take: each level of a lattice of them doubles it."""
_ANY_KEY: Final = "some_key"
_LONGEST: Final = 2_000


class Wholes(Sampler):
    """Makes whole values of one side's schemas; without `shown` the spec's own examples are left aside."""

    shown = True
    dense = False
    """Whether an object may not be empty, for it goes where nothing is left of an empty one: into a form."""

    _steps = 0

    def whole(self, place: Place, path: str = "", *, name: str = "", depth: int = 0) -> Any:
        """A value of a schema, with what the path (`data[].owner.name`) leads to in it."""
        self._steps = self._steps + 1 if depth else 0
        node, pointer = self.side.deref(*place) if isinstance(place[0], dict) and len(place[0]) == 1 else place
        view = self.reader.view(node, pointer)
        if self.shown:
            for example in examples_of(view):
                if not path or find(example, path) is not None:
                    return example
        return self._made(view, path, name, depth)

    def lead(self, place: Place, path: str) -> Place | None:
        """The schema that a path leads to, None where it leads nowhere."""
        self._steps = 0
        while path:
            view = self.reader.view(*self.side.deref(*place))
            found = self._step(view, path)
            if found is None:
                return None
            place, path = found
        return place

    @property
    def _is_spent(self) -> bool:
        """Whether a value has taken all the steps that it may."""
        return self._steps > MOST_STEPS

    def _step(self, view: View, path: str, depth: int = 0) -> tuple[Place, str] | None:
        self._steps += 1
        if match := re.match(r"\[(\d*)\]\.?", path):
            index = int(match[1] or 0)
            if match[1] and index < len(view.prefix):
                return view.prefix[index], path[match.end() :]
            if items := view.subschemas.get("items"):
                return self.reader.both(items), path[match.end() :]
        elif (found := split(path, view.properties))[0]:
            return self.reader.both(view.properties[found[0]]), found[1]
        elif path.startswith("*") and isinstance(view.additional, tuple):
            return view.additional, path[1:].lstrip(".")
        for branch in (one for group in view.groups for one in group.branches) if depth < 3 else ():
            if self._is_spent:
                return None
            if led := self._step(self.reader.view(*branch), path, depth + 1):
                return led
        return None

    def _made(self, view: View, path: str, name: str, depth: int) -> Any:
        if view.enum:
            return next(iter(view.enum.values()))[0]
        if self.shown and not path and view.values.get("default", (None,))[0] is not None:
            return view.values["default"][0]
        is_open = view.types is None or "object" in view.types or not view.properties
        if view.groups and is_open and depth <= DEEPEST and not self._is_spent:
            return self._grouped(view, path, name, depth)
        kind = "array" if path.startswith("[") else "object" if path else self._kind(view)
        if kind == "object":
            return self._object(view, path, depth)
        if kind == "array":
            return self._list(view, path, name, depth)
        if kind == "string":
            return _text(view, name)
        if kind in ("integer", "number"):
            named = BY_NAME.get(name.lower())
            good = isinstance(named, int) and allows(view, named)
            return named if good else self._number(view, whole=kind == "integer")
        return {"boolean": True}.get(kind)

    def _grouped(self, view: View, path: str, name: str, depth: int) -> Any:
        """A value of one branch of each union: the first one that has what the path leads to."""
        made: Any = ABSENT
        for group in view.groups:
            if self._is_spent:
                break
            branch = next((one for one in group.branches if self._leads(one, path)), group.branches[0])
            value = self.whole(branch, path, name=name, depth=depth + 1)
            if not isinstance(value, dict):
                return value
            made = {**({} if made is ABSENT else made), **value, **self._told(view, branch)}
        inside = path if self._has(view, path) else ""
        return {**self._object(view, inside, depth), **made}

    def _told(self, view: View, branch: Place) -> dict[str, Any]:
        """The property that tells a branch apart, with what it says there."""
        if view.discriminator is None:
            return {}
        said = view.discriminator[0]
        reference = branch[0].get("$ref") if isinstance(branch[0], dict) else None
        if not isinstance(reference, str) or not isinstance(said.get("propertyName"), str):
            return {}
        mapping = said.get("mapping")
        ends = mapping.items() if isinstance(mapping, dict) else ()
        last = reference.rpartition("/")[2]
        name = next((key for key, end in ends if end in (reference, last)), last)
        return {said["propertyName"]: name}

    def _leads(self, branch: Place, path: str) -> bool:
        return not path or self._has(self.reader.view(*branch), path)

    def _has(self, view: View, path: str, depth: int = 0) -> bool:
        """Whether the first step of a path is one of this view's, or of a branch of it."""
        self._steps += 1
        if path.startswith("["):
            return view.types is None or "array" in view.types
        if any(split(path, view.properties)):
            return True
        branches = (branch for group in view.groups for branch in group.branches)
        return depth < 3 and any(
            self._has(self.reader.view(*one), path, depth + 1) for one in branches if not self._is_spent
        )

    def _object(self, view: View, path: str, depth: int) -> dict[str, Any]:
        step, rest = split(path, view.properties)
        made: dict[str, Any] = {}
        if depth > DEEPEST and not path:
            return made
        for name in dict.fromkeys([*view.required, *([step] if step else [])]):
            if self._is_spent:
                break
            places = view.properties.get(name)
            below = rest if name == step else ""
            if places is None:
                made[name] = self.whole(view.additional, below, name=name, depth=depth + 1) if isinstance(
                    view.additional, tuple) else BY_NAME.get(name, "text")  # fmt: skip
                continue
            place = self.reader.both(places)
            if name == step or getattr(self.reader.view(*self.side.deref(*place)), self.hidden) is None:
                made[name] = self.whole(place, below, name=name, depth=depth + 1)
                if made[name] == {} and (self.dense or (name == step and not below)):
                    made[name] = self._filled(place, name, depth)
        if not step and path.startswith("*") and isinstance(view.additional, tuple):
            made[_ANY_KEY] = self.whole(view.additional, path[1:].lstrip("."), depth=depth + 1)
        return made

    def _filled(self, place: Place, name: str, depth: int) -> Any:
        """An object with its first property: of an empty one nothing would be left in a form."""
        view = self.reader.view(*self.side.deref(*place))
        first = next(iter(view.properties), "")
        if first and depth <= DEEPEST:
            return self.whole(place, first, name=name, depth=depth + 1)
        if isinstance(view.additional, tuple):
            return {_ANY_KEY: self.whole(view.additional, depth=depth + 1)}
        return {} if view.additional is False else {_ANY_KEY: "text"}

    def _list(self, view: View, path: str, name: str, depth: int) -> list[Any]:
        match = re.match(r"\[(\d*)\]\.?", path)
        index = int(match[1] or 0) if match else 0
        below = path[match.end() :] if match else ""
        least = min(int(view.values.get("minItems", (0,))[0]), 50)
        is_deep = depth > DEEPEST and not path and not least
        if is_deep or depth > 2 * DEEPEST or self._is_spent:
            return []
        made = [self.whole(one, below if at == index and match else "", depth=depth + 1)
                for at, one in enumerate(view.prefix[:MOST_STEPS]) if not self._is_spent]  # fmt: skip
        if items := view.subschemas.get("items"):
            most = int(view.values.get("maxItems", (1,))[0])
            one = self.reader.both(items)
            while len(made) < max(least, min(1, most), index + 1 if match else 0):
                led = below if match and len(made) == index else ""
                made.append(self.whole(one, led, name=name.removesuffix("s"), depth=depth + 1))
        elif len(made) < least:
            made += ["text"] * (least - len(made))
        if "uniqueItems" in view.values and len(made) > 1:
            made = [one if at == 0 else _other(one, at) for at, one in enumerate(made)]
        return made


def _other(value: Any, at: int) -> Any:
    """Another value of the same look."""
    return value + at if isinstance(value, int) else f"{value}{at}" if isinstance(value, str) else value


def examples_of(view: View) -> Iterator[Any]:
    """The examples that a schema gives of itself, as far as its own words allow them."""
    for value, pointer in view.examples:
        for one in value if pointer.last == "examples" and isinstance(value, list) else [value]:
            if one is not None and allows(view, one):
                yield one


def _text(view: View, name: str) -> str:
    """A text of a schema: in its format, like its pattern, else what fits the name."""
    format_ = view.values.get("format", ("",))[0]
    found = _BY_FORMAT.get(format_)
    pattern = view.values.get("pattern", (None,))[0]
    named = BY_NAME.get(name.lower())
    tries = [found, named, "text"] if found else [named, f"{name.lower()}_1" if name.endswith("id") else None, "text"]
    texts = [one for one in tries if isinstance(one, str)]
    if isinstance(pattern, str):
        texts += like(pattern)
    least, most = (int(view.values.get(key, (other,))[0]) for key, other in (("minLength", 0), ("maxLength", _LONGEST)))
    texts += [(one + "a" * min(least, _LONGEST))[: max(least, 1)] for one in texts[:2]] if least else []
    texts += [one[:most] for one in texts[:2]]
    return next((one for one in texts if allows(view, one)), texts[0])


def split(path: str, names: Mapping[str, Any]) -> tuple[str, str]:
    """The first step of a path, which may have dots of its own, and the rest; empty where it is no such name."""
    if not path or path.startswith("["):
        return "", ""
    fitting = [name for name in names if path.startswith(name) and path[len(name) : len(name) + 1] in ("", ".", "[")]
    step = max(fitting, key=len, default="")
    return step, path[len(step) :].removeprefix(".") if step else ""


def find(value: Any, path: str) -> Path | None:
    """Where in a value a path leads, None where it does not have it."""
    found: list[str | int] = []
    while path:
        if isinstance(value, list):
            match = re.match(r"\[(\d*)\]\.?", path)
            index = int(match[1] or 0) if match else 0
            if match is None or index >= len(value):
                return None
            step: str | int = index
            path = path[match.end() :]
        elif isinstance(value, dict):
            name, rest = split(path, value)
            if not name and path.startswith("*") and value:
                name, rest = next(iter(value)), path[1:].lstrip(".")
            if not name:
                return None
            step, path = name, rest
        else:
            return None
        found.append(step)
        value = value[step]
    return tuple(found)


def at(value: Any, path: Path) -> Any:
    """What lies at a path, ABSENT where nothing does."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """The value with another one at a path; ABSENT takes it out."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(first, int):
        items = list(value)
        if not rest and new is ABSENT:
            del items[first]
        elif first < len(items):
            items[first] = put(items[first], rest, new)
        return items
    held = dict(value) if isinstance(value, dict) else {}
    if not rest and new is ABSENT:
        held.pop(str(first), None)
        return held
    return held | {first: put(held.get(str(first), {}), rest, new)}


def swap(value: Any, path: Path, new: Mapping[str, Any]) -> Any:
    """The value with other names in the place of the one that a path leads to, so that the order stays."""
    held = at(value, path[:-1])
    if not isinstance(held, dict):
        return value
    made: dict[str, Any] = {}
    for key, one in held.items():
        made |= new if key == path[-1] else {key: one}
    return put(value, path[:-1], {**made, **new})
