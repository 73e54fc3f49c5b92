"""The parts as values: parameters, media types, bodies, responses and operations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apidiff.schema import Place
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
SUNSET_KEYS: Final = ("x-sunset", "x-sunset-at", "x-remove-on")
SUNSET_EXTENSIONS: Final = (*SUNSET_KEYS, "x-ms-deprecation")
"""Likewise with the one in which the date is inside."""
WITHOUT_BODY: Final = re.compile(r"1\d\d|1XX|204|205|304")
"""The statuses of answers that have no body, whatever is said of one (RFC 9110, 6.4.1 and 15.3.6)."""
STABILITY_KEYS: Final = ("x-stability-level", "x-stability")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, its schema, and how it is written on the wire: (style, explode, allowReserved)."""

    name: str
    location: str
    place: Place
    is_required: bool
    schema: Place | None
    content: tuple[str, Place] | None
    serialization: tuple[str, bool, bool]
    site: Pointer
    """Where it is used, which a `$ref` may part from where it stands."""


@dataclass(frozen=True, slots=True)
class Media:
    """One media type of a body: its schema, where the entry stands, and its one example, whichever dialect gives it."""

    name: str
    place: Place
    schema: Place | None
    example: Place | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A request body; `site` is where it is used."""

    place: Place
    is_required: bool
    media: dict[str, Media]
    site: Pointer


@dataclass(frozen=True, slots=True)
class Response:
    """One response of an operation, by its status (`200`, `2XX`, `default`); `site` is where it is used.

    `examples` are those that stand beside its media types and belong to none of them; `unsent` is what it says of a
    body where its status, or the method HEAD, has none, so that there are no media types.
    """

    status: str
    place: Place
    media: dict[str, Media]
    headers: dict[str, Place]
    links: dict[str, Place]
    site: Pointer
    examples: Place | None = None
    unsent: Place | None = None


@dataclass(slots=True)
class Operation:
    """One operation, path-level parameters and inherited security resolved.

    `security` holds the alternatives, each a mapping scheme → scopes; an empty list says that anybody may call.
    `ignored` are the header parameters, by lower-case name, that the specification says to pass over; `callbacks` are
    places, not yet dereferenced, for an operation may well be called back by itself (`Spec.called`).
    """

    id: OperationId
    method: str
    path: str
    place: Place
    node: dict[str, Any]
    parameters: dict[tuple[str, str], Parameter]
    body: Body | None
    responses: dict[str, Response]
    security: list[tuple[dict[str, list[str]], Pointer]]
    callbacks: dict[str, Place] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ("",)
    servers: tuple[Place, ...] = ()
    ignored: dict[str, Parameter] = field(default_factory=dict)

    @property
    def sunset(self) -> tuple[Any, Pointer] | None:
        """The sunset date as the spec writes it, by whichever extension."""
        at = self.place[1]
        return sunset_of({key: (self.node[key], at.child(key)) for key in SUNSET_EXTENSIONS if key in self.node})

    @property
    def is_deprecated(self) -> bool:
        """Whether the spec marks it deprecated."""
        return self.node.get("deprecated") is True

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags, as far as they are texts."""
        tags = self.node.get("tags")
        return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()

    @property
    def operation_id(self) -> str | None:
        """Its operationId, None where the spec gives none that is a text."""
        name = self.node.get("operationId")
        return name if isinstance(name, str) and name else None

    @property
    def stability(self) -> str:
        """Its stability level, "" where the spec says none."""
        place = self.stability_place
        return str(place[0]) if place else ""

    @property
    def stability_place(self) -> tuple[Any, Pointer] | None:
        """Its stability level as the spec writes it, by whichever extension."""
        key = next((key for key in STABILITY_KEYS if self.node.get(key)), None)
        return (self.node[key], self.place[1].child(key)) if key else None


def sunset_of(extensions: Mapping[str, tuple[Any, Pointer]]) -> tuple[Any, Pointer] | None:
    """The sunset date of whatever has these extensions, as the spec writes it; None where it has none."""
    for key in SUNSET_KEYS:
        if key in extensions:
            return extensions[key]
    microsoft, at = extensions.get("x-ms-deprecation", (None, Pointer()))
    if isinstance(microsoft, dict) and "removalDate" in microsoft:
        return microsoft["removalDate"], at.child("removalDate")
    return None
