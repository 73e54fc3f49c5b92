"""What a shim does, as values: the table that the generated code reads, and what people are told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apidiff.words.changes import Change
from apidiff.words.pointer import Pointer

Row = list[Any]
"""One step as the table has it: its kind, the id of its change, and what it is about."""


@dataclass(frozen=True, slots=True)
class Inside:
    """A step in bodies: the object (or the value) that it is done to, and the side whose spec that stands in."""

    is_base: bool
    place: Pointer
    row: Row


@dataclass(frozen=True, slots=True)
class Known:
    """How one change is served.

    `how` says it in a sentence. `asks` is what the developer's function is given and has to give, "" where nothing is
    left to ask; `may_ask` the same where the function is only for what the rule does not tell.
    """

    change: Change
    how: str
    asks: str = ""
    may_ask: str = ""
    inside: tuple[Inside, ...] = ()
    parameters: tuple[Row, ...] = ()
    paging: Mapping[str, Any] | None = None
    is_moved: bool = False

    @property
    def replaces(self) -> bool:
        """Whether something new is taken away for the old, and not only put beside it."""
        return any(one.row[0] == "value" for one in self.inside)


@dataclass(frozen=True, slots=True)
class Unserved:
    """A break that no shim can spare callers, and why."""

    change: Change
    why: str


@dataclass(frozen=True, slots=True)
class Shim:
    """The table and what it serves; `narrower` are ids of what it does not serve in every operation, and why."""

    table: Mapping[str, Any]
    served: tuple[Known, ...]
    unserved: tuple[Unserved, ...]
    narrower: Mapping[str, str]
