"""Where a change meets a caller, read from the places that the differ gives."""

from dataclasses import dataclass
from typing import Final

from apidiff.calls.make import Key, Wish
from apidiff.words.changes import Change
from apidiff.words.operation import OperationId

PARAMETERS: Final = ("query", "header", "path", "cookie")
FURTHER: Final = ("callback", "webhook", "link")
"""What is beside the request and its answer: no call of the integrator shows it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a change.

    `part` is `request`, `response`, a location of parameters, or "" for the operation itself; `path` leads to a field
    (`data[].name`) of the body or of the parameter called `name`.
    """

    operation: OperationId
    part: str = ""
    name: str = ""
    status: str = ""
    media: str = ""
    path: str = ""

    @property
    def key(self) -> Key | None:
        """The parameter that it is in."""
        if self.part not in PARAMETERS:
            return None
        return self.part, self.name.lower() if self.part == "header" else self.name

    def wish(self, path: str) -> Wish:
        """What a request needs to hold so that a path from here is in it."""
        return Wish(self.key, body=self.part == "request", media=self.media, path=path)

    @property
    def holder(self) -> str:
        """The path to what holds the field."""
        return self.path[: len(self.path) - len(self.last)].rstrip(".")

    @property
    def last(self) -> str:
        """The last step of the path, as far as it is a name."""
        return self.path if "." not in self.path and "[" not in self.path else self.path.rpartition(".")[2]


def spot_of(text: str, names: frozenset[str] = frozenset()) -> Spot:
    """The place that a line such as `GET /a: response 200 application/json data[].name` writes.

    `names` are the parameters of the operation, for a name may have spaces, and a path may follow it.
    """
    name, _, rest = text.partition(": ")
    operation = OperationId(name)
    words = rest.split(" ")
    if words[0] in PARAMETERS:
        said = rest.partition(" ")[2]
        longest = max(
            (one for one in names if said == one or said.startswith((f"{one} ", f"{one}["))), key=len, default=said
        )
        return Spot(operation, words[0], name=longest, path=said[len(longest) :].strip())
    if words[0] == "response" and len(words) > 1 and words[2:3] != ["header"]:
        return Spot(operation, "response", status=words[1], media=" ".join(words[2:3]), path=" ".join(words[3:]))
    if words[0] == "request":
        return Spot(operation, "request", media=" ".join(words[1:2]), path=" ".join(words[2:]))
    return Spot(operation, words[0] if words[0] in ("response", *FURTHER) else "")


def spots(change: Change, names: frozenset[str]) -> tuple[Spot, ...]:
    """The change's places, those of readers before those of writers."""
    found = [spot_of(place, names) for place in change.places] or [Spot(one) for one in change.operations[:1]]
    held = [one for one in found if one.operation in change.operations]
    return tuple(sorted(held, key=lambda one: one.operation.method != "GET"))
