"""One value of apidiff.yaml with its place: it becomes what a setting needs, or an error that names file and line.

Scalars arrive as the text that was written, so that a change id of digits is never taken for a number. Messages never
repeat a value, except where only names of ours can stand.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from apidiff.load.lines import Lines, find_line
from apidiff.load.yaml12 import resolve_scalar
from apidiff.words.errors import ApidiffError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Value:
    """A value below `segments` of a configuration file."""

    raw: Any
    file: str
    lines: Lines
    segments: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        """Its `file:line`."""
        return f"{self.file}:{find_line(self.lines, self.segments)}"

    @property
    def name(self) -> str:
        """The setting as people write it: `tiers.call`, `waivers[2].owner`."""
        name = ""
        for segment in self.segments:
            name += f"[{segment}]" if segment.isdigit() and name else f".{segment}" if name else segment
        return name

    @property
    def is_missing(self) -> bool:
        """Whether nothing is written: no such key, or no value behind it."""
        return self.raw is None or self.raw == ""

    def error(self, message: str, hint: str, *, code: str = "config-invalid") -> ApidiffError:
        """An error about this value."""
        where = f"`{self.name}`: " if self.segments else ""
        return ApidiffError(where + message, code=code, at=self.at, hint=hint)

    def get(self, key: str) -> "Value":
        """The value of a key, which may be missing."""
        inner = self.raw.get(key) if isinstance(self.raw, dict) else None
        return replace(self, raw=inner, segments=(*self.segments, key))

    def keys(self, known: Collection[str]) -> "Value":
        """Itself, checked to be a mapping of known keys only."""
        for key in self.mapping():
            if key not in known:
                raise self.get(key).unknown(key, known)
        return self

    def unknown(self, key: str, known: Collection[str]) -> ApidiffError:
        """The refusal of a key that is none of the known ones, with the nearest."""
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
        hint = f"Did you mean `{near[0]}`?" if near else f"The keys here are {_listed(known)}."
        shown = re.sub(r"\W", "?", key[:40])
        around = replace(self, segments=self.segments[:-1]).name
        inside = f" in `{around}`" if around else ""
        return ApidiffError(f"unknown key `{shown}`{inside}", code="config-key-unknown", at=self.at, hint=hint)

    def mapping(self) -> dict[str, "Value"]:
        """Its entries, none where it is missing."""
        if self.is_missing:
            return {}
        if not isinstance(self.raw, dict):
            raise self.error(f"{_kind(self.raw)}, where a mapping belongs", "Write `key: value` lines below it.")
        return {key: self.get(key) for key in self.raw}

    def items(self, make: Callable[["Value"], T]) -> tuple[T, ...]:
        """Each item of a list by `make`; a single text counts as a list of one."""
        return tuple(make(item) for item in self._items())

    def _items(self) -> Iterator["Value"]:
        if self.is_missing:
            return
        if isinstance(self.raw, dict):
            raise self.error("a mapping, where a list belongs", "Begin each item with a dash.")
        if not isinstance(self.raw, list):
            yield self
            return
        for index, item in enumerate(self.raw):
            yield replace(self, raw=item, segments=(*self.segments, str(index)))

    def text(self, default: str | None = None) -> str:
        """Its text; where it is missing the default, or an error if there is none."""
        if self.is_missing:
            if default is None:
                raise self.error("it is missing", "Add it: it is needed here.")
            return default
        if not isinstance(self.raw, str):
            raise self.error(f"{_kind(self.raw)}, where a text belongs", "Write one value.")
        return self.raw.strip()

    def texts(self) -> tuple[str, ...]:
        """Its list of texts."""
        return self.items(Value.text)

    def number(self, low: float, high: float) -> float:
        """Its number, both bounds included."""
        try:
            number = resolve_scalar(self.text())
        except ValueError:
            number = None
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not low <= number <= high:
            raise self.error("no number in its range", f"Write a number from {low:g} to {high:g}.")
        return float(number)

    def integer(self, low: int, high: int) -> int:
        """Its whole number, both bounds included."""
        number = self.number(low, high)
        if number != int(number):
            raise self.error("no whole number", f"Write a whole number from {low} to {high}.")
        return int(number)

    def date(self) -> date:
        """Its day, written as in `2026-11-30`."""
        text = self.text()
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self.error("no date", "Write a day of the calendar as YYYY-MM-DD, for example 2026-11-30.")

    def url(self) -> str:
        """Its http or https address."""
        text = self.text("")
        if text and not re.fullmatch(r"https?://[^\s/?#@<>\"']+([/?#][^\s<>\"']*)?", text):
            raise self.error("no web address", "Write an address that starts with https://, without spaces or a login.")
        return text

    def one_of(self, names: Collection[str]) -> str:
        """Its text, which is one of some names."""
        text = self.text()
        if text in names:
            return text
        near = difflib.get_close_matches(text, names, n=1)
        also = f" Did you mean `{near[0]}`?" if near else ""
        raise self.error("no such name", f"It is one of {_listed(names)}.{also}")

    def choice(self, kind: type[E]) -> E:
        """Its member of an enumeration."""
        return kind(self.one_of([*kind]))

    def plain(self) -> Any:
        """It as data, with numbers, booleans and null told from text."""
        if isinstance(self.raw, dict):
            return {key: inner.plain() for key, inner in self.mapping().items()}
        if isinstance(self.raw, list):
            return [item.plain() for item in self._items()]
        try:
            return resolve_scalar(self.raw)
        except ValueError:
            raise self.error("no number that data can hold", "Quote it if it is meant as text.") from None


def _kind(raw: Any) -> str:
    return "a list" if isinstance(raw, list) else "a mapping" if isinstance(raw, Mapping) else "a single value"


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
