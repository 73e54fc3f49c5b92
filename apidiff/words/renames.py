"""What people know of a thing that went: its name of today, or what takes its place. The differ need not guess it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Renamed(StrEnum):
    """The kinds of things that have a name on the wire."""

    OPERATION = "operation"
    PARAMETER = "parameter"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Rename:
    """One thing of the base, and what it is in the revision: one name, or several where it was split.

    `old` is an operation's id, a parameter's name, or a property as reports name it (`Customer.address.zip`) or as a
    JSON Pointer. `operation` narrows parameters, and says where a property is that is in no component. `at` is where
    it is declared.
    """

    kind: Renamed
    old: str
    new: tuple[str, ...]
    operation: str = ""
    at: str = field(default="", compare=False)

    @property
    def place(self) -> str:
        """Where it is and what it is called, as one text."""
        return f"{self.old} of {self.operation}" if self.operation else self.old
