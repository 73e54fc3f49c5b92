"""Edits inside a flow (`[a, b]`, `{type: string}`), and of texts on one line: what does not change keeps its bytes."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import yaml

from apidiff.expand.yaml_style import Style, one_line
from apidiff.load.values import same
from apidiff.load.yaml12 import key_text, resolve_scalar
from apidiff.words.facts import ABSENT

_BRACKETS = {yaml.SequenceNode: "[]", yaml.MappingNode: "{}"}


def text_of(key: Any) -> str | None:
    """A key as JSON writes it."""
    if not isinstance(key, yaml.ScalarNode):
        return None
    if key.style is not None:
        return str(key.value)
    try:
        return key_text(resolve_scalar(key.value))
    except ValueError:
        return str(key.value)


class Flow:
    """The flows of one text."""

    def __init__(self, lines: Sequence[str], style: Style) -> None:
        self._lines = lines
        self._style = style

    def edited(self, node: Any, was: Any, now: Any) -> str | None:
        """The text of a node whose value is another now; None where it has to be written anew."""
        source = self._between(node.start_mark, node.end_mark)
        if same(was, now):
            return source
        if isinstance(node, yaml.ScalarNode):
            if isinstance(now, (dict, list)) or not source or source[0] in "|>&!*" or "\n" in source:
                return None
            quotes = node.style if isinstance(was, str) else self._style.text
            return one_line(now, Style(quotes, None, quotes or self._style.quote))
        if not source or source[0] != _BRACKETS[type(node)][0] or source[-1] != _BRACKETS[type(node)][1]:
            return None
        if type(was) is not type(now):
            return None
        entries = self._items(node, was, now) if isinstance(now, list) else self._entries(node, was, now)
        return None if entries is None else self._joined(node, source, entries)

    def _items(self, node: Any, was: list[Any], now: list[Any]) -> list[tuple[int | None, str]] | None:
        """The items of a list as they are written now, each with its place in the list that was."""
        found: list[tuple[int | None, str]] = []
        start = 0
        for item in now:
            index = next((one for one in range(start, len(was)) if same(was[one], item)), None)
            if index is None and start < len(was) and isinstance(item, (dict, list)) and type(item) is type(was[start]):
                index = start
            text = one_line(item, self._style) if index is None else self.edited(node.value[index], was[index], item)
            if text is None:
                return None
            found.append((index, text))
            start = start if index is None else index + 1
        return found

    def _entries(self, node: Any, was: dict[str, Any], now: dict[str, Any]) -> list[tuple[int | None, str]] | None:
        places = {text_of(key): index for index, (key, _) in enumerate(node.value)}
        found: list[tuple[int | None, str]] = []
        for key, value in now.items():
            index = places.get(key)
            if index is None:
                found.append((None, one_line({key: value}, self._style)[1:-1]))
                continue
            name, held = node.value[index]
            text = self.edited(held, was.get(key, ABSENT), value)
            if text is None:
                return None
            found.append((index, self._between(name.start_mark, held.start_mark) + text))
        return found

    def _joined(self, node: Any, source: str, entries: list[tuple[int | None, str]]) -> str:
        """A flow with these entries: between two that were neighbours what was between them, and so else."""
        parts = [(one[0], one[1]) if isinstance(one, tuple) else (one, one) for one in node.value]
        gaps = [self._between(one[1].end_mark, two[0].start_mark) for one, two in pairwise(parts)]
        usual = next((gap for gap in gaps if "#" not in gap), ", ")
        if not parts:
            return source[0] + ", ".join(text for _, text in entries) + source[-1]
        opening = self._between(node.start_mark, parts[0][0].start_mark)
        closing = self._between(parts[-1][1].end_mark, node.end_mark)
        made, last = opening, None
        for number, (index, text) in enumerate(entries):
            if number:
                made += gaps[last] if last is not None and index == last + 1 else usual
            made += text
            last = index
        return made + closing

    def _between(self, start: Any, end: Any) -> str:
        """The text from one mark to another."""
        first, last = start.line, end.line
        if first == last:
            return self._lines[first][start.column : end.column] if first < len(self._lines) else ""
        tail = self._lines[last][: end.column] if last < len(self._lines) else ""
        return "\n".join((self._lines[first][start.column :], *self._lines[first + 1 : last], tail))
