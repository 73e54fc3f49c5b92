"""The vocabulary of facts: what the differ may state about two specs, before anybody judges it.

A fact never says whether an edit is good or bad; the rules do, by (subject, facet, action), the direction in which the
place is reached, and the flags that the differ saw beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from apidiff.words.pointer import Pointer


class _Absent:
    """What is missing, where None would be the value null."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Absent()


class Subject(StrEnum):
    """The kind of thing that an edit touches, in the specification's words."""

    DOCUMENT = "document"
    SERVER = "server"
    OPERATION = "operation"
    PATH = "path"
    WEBHOOK = "webhook"
    CALLBACK = "callback"
    PARAMETER = "parameter"
    REQUEST_BODY = "request body"
    MEDIA_TYPE = "media type"
    RESPONSE = "response"
    HEADER = "header"
    LINK = "link"
    SECURITY = "security requirement"
    SECURITY_SCHEME = "security scheme"
    SCHEMA = "schema"
    PROPERTY = "property"
    COMPONENT = "component"


class Action(StrEnum):
    """How an edit moves the set of values allowed, or the thing itself."""

    ADDED = "added"
    REMOVED = "removed"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    REPLACED = "replaced"
    RENAMED = "renamed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Fact:
    """One edit, at its root cause.

    `base` and `revision` point at the edited thing in each document, None on the side where it is not. `name` is what a
    person calls it (a parameter, a property, a status), `owner` what holds it (a component, an operation). `flags` are
    what the rules may ask (`required`, `closed`, `deprecated`, …). `item` tells apart edits of the same place
    (the enum values, the scope): it is part of the change's identity.
    """

    subject: Subject
    facet: str
    action: Action
    base: Pointer | None
    revision: Pointer | None
    before: Any = ABSENT
    after: Any = ABSENT
    name: str = ""
    owner: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)
    item: str = ""

    @property
    def own_name(self) -> str:
        """What a property is called in the object that holds it.

        It is read off its pointer; that of a form's parameter (Swagger 2.0) ends with its place among the parameters.
        """
        if self.facet == "required":
            return self.item
        segments = (self.base or self.revision or Pointer()).segments
        segments = segments[:-1] if self.facet in ("readOnly", "writeOnly") else segments
        return segments[-1] if segments[-2:-1] == ("properties",) else self.name
