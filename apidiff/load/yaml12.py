"""The exact YAML reader: YAML 1.2's core schema and merge keys, over libyaml's events, without recursion.

It takes what the fast reader refuses (duplicate keys, integers past 64 bits) or reads otherwise (anchors, tags, merge
keys), bounds what aliases stand for, and knows the line of every value.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from apidiff.load.limits import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_EXPANDED,
    MAX_VALUES,
    MAX_WARNINGS,
    TOO_DEEP,
    TOO_LARGE,
    shorten,
)
from apidiff.load.lines import Lines
from apidiff.words.errors import ApidiffError

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_BASED: Final = re.compile(r"([-+]?)0(x[0-9a-fA-F]+|o[0-7]+|b[01]+)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BASES: Final = {"x": 16, "o": 8, "b": 2}
_TEXT_TAGS: Final = {"!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:binary", "tag:yaml.org,2002:timestamp"}
_CORE_TAGS: Final = _TEXT_TAGS | {
    f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "null", "bool", "int", "float", "merge", "value")
}
"""What a tag may say of a value that JSON has; any other asks for a type of some program, and is not followed."""
_HINTS: Final = (
    ("cannot start any token", "Indent with spaces, not tabs, and quote a value that starts with @, ` or %."),
    ("mapping values are not allowed", "Quote a value that holds a colon and a space, or mend the indentation."),
    ("undefined alias", "Define the anchor (&name) before the alias (*name), or quote a value that starts with *."),
    ("did not find expected", "Look for an open quote or bracket, or a wrong indentation, on this line or just above."),
    ("could not find expected ':'", "Look for a missing colon, or a text that went on without indentation."),
    ("unexpected end of stream", "The file seems cut off: look for an open quote or bracket."),
)
_KEY_HINT: Final = "Quote it: braces and brackets at the start of a value open a collection in YAML."
_NO_KEY: Final = object()


@dataclass(frozen=True, slots=True)
class YamlRead:
    """One YAML document: its value (aliases are shared objects), the line of each part, and what was odd about it."""

    tree: Any
    lines: Lines
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Frame:
    """A collection that is being read: `key` waits for its value, `merges` come before the own entries."""

    value: dict[str, Any] | list[Any]
    lines: dict[str, Lines]
    line: int
    anchor: str | None
    started: int
    height: int = 1
    key: Any = _NO_KEY
    key_line: int = 0
    merges: list[tuple[dict[str, Any], dict[str, Lines]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias stands for, with its expanded number of values and its height."""

    value: Any
    lines: Lines
    size: int
    height: int


def read_yaml(text: str, where: str, *, typed: bool = True) -> YamlRead:
    """The first YAML document of a text; with `typed=False` every scalar stays the text that was written.

    Keys are text, as JSON writes them (`200:` is `"200"`); of a duplicate key the last value counts, with a warning.
    Raises `yaml-invalid`, `spec-too-deep`, `spec-too-large` and `aliases-unbounded`, each with file and line.
    """
    return _Reader(where, typed=typed).read(text)


def resolve_scalar(text: str) -> Any:
    """The value of a plain scalar in YAML 1.2's core schema.

    A number with leading zeros stays text (a postal code), and so do a hexadecimal one past 128 bits (a hash) and one
    that no double can hold. Raises ValueError for what JSON has no value for: infinity, not-a-number, integers of more
    than 308 digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    if _INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"a number of {len(text)} digits")
        return int(text)
    if based := _BASED.fullmatch(text):
        sign, digits = based.groups()
        whole = int(sign + digits[1:], _BASES[digits[0]])
        return whole if whole.bit_length() <= 128 else text
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is no JSON number")
    if _FLOAT.fullmatch(text) and not text.lstrip("+-").isdigit():
        number = float(text)
        return number if number - number == 0 else text
    return text


class _Reader:
    """One pass over the events of one document."""

    def __init__(self, where: str, *, typed: bool) -> None:
        self.where = where
        self.typed = typed
        self.stack: list[_Frame] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.total = 0
        self.aliased = False
        self.tagged = 0
        self.warnings: list[str] = []
        self.root: tuple[Any, Lines] | None = None

    def read(self, text: str) -> YamlRead:
        try:
            self._documents(yaml.parse(text, Loader=_LOADER))
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            self._check_depth_of(yaml.parse(text[: mark.index] if mark else "", Loader=_LOADER))
            raise self._unparsed(problem) from None
        except yaml.YAMLError as problem:
            line = text.encode()[: getattr(problem, "position", 0)].count(b"\n") + 1
            said = getattr(problem, "reason", "unreadable")
            hint = "Write it as an escape in a quoted text (\\x01)."
            raise self._error("yaml-invalid", line, f"not valid YAML: {said}", hint) from None
        tree, lines = self.root if self.root is not None else (None, (1, {}))
        return YamlRead(tree, lines, tuple(self.warnings))

    def _check_depth_of(self, events: Iterable[Any]) -> None:
        """Refuses what is nested too deeply, given the events of a text that ends where the parser gave it up.

        libyaml has a bound of its own on nesting, and scans ahead of the events that it gives: it meets that bound
        before the events that would tell, and each release calls it otherwise.
        """
        depth = 0
        with suppress(yaml.YAMLError):
            for event in events:
                kind = type(event)
                if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    depth += 1
                    self._check_depth(depth, event.start_mark.line + 1)
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    depth -= 1

    def _documents(self, events: Iterable[Any]) -> None:
        for event in events:
            if self.root is not None and type(event) is yaml.DocumentStartEvent:
                self.warnings.append(f"{self.where}: the file holds more than one document; only the first is read")
                return
            self._take(event)

    def _take(self, event: Any) -> None:
        kind = type(event)
        line = event.start_mark.line + 1
        if kind is yaml.ScalarEvent:
            self._count(1, line)
            self._check_tag(event.tag, line)
            self._scalar(event, line)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._count(1, line)
            self._check_tag(event.tag, line)
            self._open({} if kind is yaml.MappingStartEvent else [], event.anchor, line)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close()
        elif kind is yaml.AliasEvent:
            self._alias(event.anchor, line)

    def _scalar(self, event: Any, line: int) -> None:
        plain = event.implicit[0] or not (event.implicit[1] or event.tag in _TEXT_TAGS)
        frame = self.stack[-1] if self.stack else None
        if plain and event.value == "<<" and frame is not None and frame.key is _NO_KEY and type(frame.value) is dict:
            frame.key, frame.key_line = None, line
            return
        try:
            value = resolve_scalar(event.value) if plain and self.typed else event.value
        except ValueError as problem:
            raise self._error("yaml-invalid", line, str(problem), "Quote it if it is meant as text.") from None
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(value, (line, {}), 1, 0)
        self._put(value, (line, {}), line)

    def _open(self, value: dict[str, Any] | list[Any], anchor: str | None, line: int) -> None:
        self._check_depth(len(self.stack) + 1, line)
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.key is _NO_KEY and type(frame.value) is dict:
            raise self._error("yaml-invalid", line, "a mapping or list cannot be a key", _KEY_HINT)
        if anchor:
            self.anchors[anchor] = None
        self.stack.append(_Frame(value, {}, line, anchor, self.total))

    def _close(self) -> None:
        frame = self.stack.pop()
        value = frame.value
        if type(value) is dict and frame.merges:
            own, own_lines = value, frame.lines
            value, lines = {}, {}
            for merged, merged_lines in reversed(frame.merges):
                value.update(merged)
                lines.update(merged_lines)
            value.update(own)
            lines.update(own_lines)
        else:
            lines = frame.lines
        if frame.anchor:
            size = self.total - frame.started + 1
            self.anchors[frame.anchor] = _Anchored(value, (frame.line, lines), size, frame.height)
        if self.stack:
            self.stack[-1].height = max(self.stack[-1].height, frame.height + 1)
        self._put(value, (frame.line, lines), frame.line)

    def _alias(self, name: str, line: int) -> None:
        if name not in self.anchors:
            raise self._error("yaml-invalid", line, f"undefined alias *{shorten(name)}", _HINTS[2][1])
        anchored = self.anchors[name]
        if anchored is None:
            message = f"the alias *{shorten(name)} stands inside its own anchor"
            hint = "Write the inner value as a $ref: a reference may be recursive, an alias may not."
            raise self._error("aliases-unbounded", line, message, hint)
        self.aliased = True
        self._count(anchored.size, line)
        self._check_depth(len(self.stack) + anchored.height, line)
        if self.stack:
            self.stack[-1].height = max(self.stack[-1].height, anchored.height + 1)
        self._put(anchored.value, (line, anchored.lines[1]), line)

    def _put(self, value: Any, lines: Lines, line: int) -> None:
        if not self.stack:
            self.root = value, lines
            return
        frame = self.stack[-1]
        if type(frame.value) is list:
            frame.lines[str(len(frame.value))] = lines
            frame.value.append(value)
        elif frame.key is _NO_KEY:
            if isinstance(value, (dict, list)):
                raise self._error("yaml-invalid", line, "a mapping or list cannot be a key", _KEY_HINT)
            frame.key, frame.key_line = key_text(value), line
        elif frame.key is None:
            self._merge(frame, value, lines)
            frame.key = _NO_KEY
        else:
            self._put_entry(frame, value, lines)
            frame.key = _NO_KEY

    def _put_entry(self, frame: _Frame, value: Any, lines: Lines) -> None:
        entries = frame.value
        assert isinstance(entries, dict)
        if frame.key in entries and len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(
                f"{self.where}:{frame.key_line}: the key `{shorten(frame.key)}` is written twice; the last one counts"
            )
        entries[frame.key] = value
        frame.lines[frame.key] = (frame.key_line, lines[1])

    def _merge(self, frame: _Frame, value: Any, lines: Lines) -> None:
        if isinstance(value, dict):
            frame.merges.append((value, lines[1]))
        elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
            frame.merges.extend((one, lines[1][str(index)][1]) for index, one in enumerate(value))
        else:
            hint = "Give it an alias (`<<: *name`) or a list of aliases; quote it if it is an ordinary key."
            raise self._error("yaml-invalid", frame.key_line, "a merge key takes a mapping", hint)

    def _check_tag(self, tag: str | None, line: int) -> None:
        """Say that a tag was not followed: nothing that a spec names is ever made or run."""
        if tag is not None and tag not in _CORE_TAGS:
            self.tagged += 1
            if self.tagged <= MAX_WARNINGS:
                said = shorten(tag.replace("tag:yaml.org,2002:", "!!", 1))
                self.warnings.append(f"{self.where}:{line}: the tag `{said}` is not followed; its value is plain data")

    def _count(self, values: int, line: int) -> None:
        self.total += values
        if self.aliased and self.total > MAX_EXPANDED:
            message = f"its aliases stand for more than {MAX_EXPANDED:,} values"
            raise self._error("aliases-unbounded", line, message, "Replace the aliases by $ref.")
        if self.total > MAX_VALUES:
            raise self._error("spec-too-large", line, f"it holds more than {MAX_VALUES:,} values", TOO_LARGE)

    def _check_depth(self, depth: int, line: int) -> None:
        if depth > MAX_DEPTH:
            raise self._error("spec-too-deep", line, f"it is nested more than {MAX_DEPTH} levels deep", TOO_DEEP)

    def _error(self, code: str, line: int, message: str, hint: str) -> ApidiffError:
        return ApidiffError(message, code=code, at=f"{self.where}:{line}", hint=hint)

    def _unparsed(self, problem: Any) -> ApidiffError:
        mark = problem.problem_mark or problem.context_mark
        at = f"{self.where}:{mark.line + 1}:{mark.column + 1}" if mark else self.where
        said = str(problem.problem or problem.context or "unreadable")
        if problem.context and problem.context_mark and problem.problem:
            said = f"{said} {problem.context} (from line {problem.context_mark.line + 1})"
        hint = next((hint for part, hint in _HINTS if part in said), "Mend the YAML and run again.")
        return ApidiffError(f"not valid YAML: {said}", code="yaml-invalid", at=at, hint=hint)


def key_text(key: Any) -> str:
    """A mapping key as JSON writes it: status codes and booleans become text."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    return repr(key)
