"""How two schemas of one pair are written, where that is not as JSON: by parameters, and by the fields of forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wire:
    """How the values of a schema are written on both sides: what stands between the items of a list.

    A delimiter of "" says that each item is written by itself. `fields` are the wires of a form's fields by name: one
    that is not there is written as JSON.
    """

    delimiters: tuple[str, str] = ("", "")
    fields: Mapping[str, "Wire"] | None = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """What tells a pair of schemas that are so written from the same pair in JSON."""
        return f"wire{'|'.join(self.delimiters)}" + ("" if self.fields is None else f"form{sorted(self.fields)}")

    def below(self, label: str) -> "Wire | None":
        """How what a label leads to is written; None for JSON."""
        if self.fields is None:
            return self
        return self.fields.get(label.removeprefix("."))
