"""Small values that a schema allows, as far as it can be told without a validator: what is tried as a witness."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from apidiff.load.resolve import Side
from apidiff.schema import Place, Reader, View
from apidiff.words.direction import REQUEST

DEEPEST: Final = 6
MOST_FIELDS: Final = 1_000
"""Fields of one value, all in all; what asks for more is not sampled whole, and so is no witness."""
STRINGS: Final = (
    "",
    "a",
    "A",
    "0",
    "1",
    "abc",
    "a-b",
    "~",
    "x" * 40,
    "a@b.example",
    "https://a.example/",
    "2024-02-29",
)
SAMPLES: Final = {
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "a@b.example",
    "idn-email": "a@b.example",
    "hostname": "a.example",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://a.example/",
    "uri-reference": "/a",
    "iri": "https://a.example/",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "json-pointer": "/a",
    "regex": "a",
    "byte": "YQ==",
}
BY_TYPE: Final[dict[str, Any]] = {
    "null": None,
    "boolean": True,
    "integer": 1,
    "number": 0.5,
    "string": "a",
    "array": [],
    "object": {},
}
LIMITS: Final = ("minimum", "maximum")
LONGEST: Final = 10_000
LARGEST: Final = 10**12
"""How many steps from zero multiples are sought."""
EXTRA: Final = "undeclared"


class Sampler:
    """Makes small values that one side's schemas allow, as far as it can."""

    def __init__(self, side: Side, reader: Reader, direction: int) -> None:
        self.side = side
        self.reader = reader
        self.hidden = "read_only" if direction == REQUEST else "write_only"
        self._fields = 0
        self._known: dict[int, tuple[View, Any]] = {}
        self.made = 0
        """Fields of all the values that were made."""

    def once(self, view: View) -> Any:
        """One small value of a view, made once: not to be altered."""
        known = self._known.get(id(view))
        if known is None:
            known = self._known[id(view)] = view, self.value(view)
        return known[1]

    def sample(self, place: Place, depth: int = 0) -> Any:
        """One small value of a schema; not surely valid, the validator decides."""
        node, pointer = self.side.deref(*place) if isinstance(place[0], dict) and len(place[0]) == 1 else place
        return self.value(self.reader.view(node, pointer), depth)

    def value(self, view: View, depth: int = 0) -> Any:
        """One small value of a view."""
        if view.enum:
            return next(iter(view.enum.values()))[0]
        # a form may hold the whole again (a parent with `oneOf` of its children): then it is left out
        if view.groups and depth <= DEEPEST and (view.types is None or "object" in view.types):
            branch = self.sample(view.groups[0].branches[0], depth + 1)
            if not isinstance(branch, dict):
                return branch
            return {**self.object(view, depth), **branch}
        kind = self._kind(view)
        if kind == "object":
            return self.object(view, depth)
        if kind == "array":
            return self._array(view, depth)
        if kind == "string":
            return self._string(view)
        if kind in ("integer", "number"):
            return self._number(view, whole=kind == "integer")
        return BY_TYPE[kind]

    def _kind(self, view: View) -> str:
        if view.types is None:
            if view.properties or view.required:
                return "object"
            return "array" if "items" in view.subschemas else "string"
        order = ("object", "array", "string", "integer", "number", "boolean")
        return next((kind for kind in order if kind in view.types), "null")

    def object(self, view: View, depth: int = 0) -> dict[str, Any]:
        """One small object of a view: what it requires."""
        made: dict[str, Any] = {}
        if depth == 0:
            self._fields = 0
        if depth > DEEPEST:
            return made
        for name in view.required:
            self._fields += 1
            self.made += 1
            if self._fields > MOST_FIELDS:
                break
            places = view.properties.get(name)
            if places is None:
                made[name] = "a"
                continue
            place = self.reader.both(places)
            if getattr(self.reader.view(*self.side.deref(*place)), self.hidden) is None:
                made[name] = self.sample(place, depth + 1)
        return made

    def _array(self, view: View, depth: int) -> list[Any]:
        least = view.values.get("minItems", (0,))[0]
        items = view.subschemas.get("items")
        if depth > DEEPEST or not least:
            return []
        one = self.sample(self.reader.both(items), depth + 1) if items else 1
        return [one] * min(int(least), 50)

    def _string(self, view: View) -> str:
        text = SAMPLES.get(view.values.get("format", ("",))[0], "a")
        least = view.values.get("minLength", (0,))[0]
        return text if len(text) >= least else text + "a" * (min(int(least), 10_000) - len(text))

    def _number(self, view: View, *, whole: bool) -> Any:
        low, high = view.values.get("minimum"), view.values.get("maximum")
        number: Any = 1
        if low is not None and number <= low[0][0]:
            number = low[0][0] + 1 if low[0][1] else low[0][0]
        if high is not None and number > high[0][0]:
            number = high[0][0] - 1 if high[0][1] else high[0][0]
        step = view.values.get("multipleOf")
        if step is not None and number % step[0]:
            number = (number // step[0] + 1) * step[0]
        return number if whole or number != 1 else 0.5 if low is None and high is None and step is None else number


def by_limits(giver: View, taker: View, whole: Any, sampler: Sampler) -> Iterator[Any]:
    """Values just inside and just outside each bound of either side."""
    for view in (taker, giver):
        for keyword in ("minLength", "maxLength", "minItems", "maxItems"):
            if keyword in view.values:
                count = int(view.values[keyword][0])
                for size in (count - 1, count + 1, count):
                    if 0 <= size <= 100_000:
                        yield "a" * size if keyword.endswith("Length") else _items(giver, sampler, size)
        for keyword in ("minimum", "maximum"):
            if keyword in view.values:
                bound = view.values[keyword][0][0]
                yield from (bound, bound - 1, bound + 1, bound + 0.5, bound - 0.5)
        if "multipleOf" in view.values:
            step = view.values["multipleOf"][0]
            yield from (step, step * 2, step * 3, step + 1)
    yield from _steps(giver, taker)
    if "uniqueItems" in taker.values:
        yield _items(giver, sampler, 1) * 2
    if isinstance(whole, list):
        yield from ([value] for value in BY_TYPE.values())


def _steps(giver: View, taker: View) -> Iterator[Any]:
    """Multiples next to each bound, and what lies between two of them."""
    views = (taker, giver)
    steps = [view.values["multipleOf"][0] for view in views if "multipleOf" in view.values]
    bounds = [view.values[keyword][0][0] for view in views for keyword in LIMITS if keyword in view.values]
    for step, bound in product(steps, bounds):
        if abs(bound) < LARGEST * step:
            below = bound // step * step
            yield from (below, below + step, below - step, below + 1, below + step + 1)


def fitted(text: str, view: View) -> str:
    """A text said again until it is long enough, or cut short."""
    least, most = (int(view.values.get(keyword, (0,))[0]) for keyword in ("minLength", "maxLength"))
    if len(text) < least <= LONGEST:
        text = (text or "a") * (least // max(len(text), 1) + 1)
        text = text[:least]
    return text[:most] if most else text


def _items(view: View, sampler: Sampler, size: int) -> list[Any]:
    items = view.subschemas.get("items")
    one = sampler.sample(sampler.reader.both(items)) if items else 1
    if "uniqueItems" in view.values:
        return [index if isinstance(one, int) else f"{one}{index}" for index in range(size)]
    return [one] * size
