"""Edits in the text of a YAML file: new lines for what changed, and every other byte as it was.

The smallest thing that is written anew is an entry of a block. Inside flows (`{type: string}`) that is the entry that
the flow is of, and what an anchor or an alias is in is left to be written whole: one text stands for several values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from apidiff.expand.steps import Step, Way
from apidiff.expand.tree import Segments, read
from apidiff.load.values import Node
from apidiff.load.yaml12 import key_text, resolve_scalar

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WIDTH: Final = 120


@dataclass(frozen=True, slots=True)
class _Cut:
    """Lines that go, by number, and those that come in their place."""

    first: int
    last: int
    lines: tuple[str, ...]


def mended(text: str, was: Node, made: Sequence[Step], now: Node) -> str | None:
    """The text with these steps taken; None where it can't be mended."""
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        return None
    if root is None:
        return None
    lines = text.splitlines()
    mender = _Mender(root, lines, was, now)
    cuts = mender.cuts(made)
    if cuts is None:
        return None
    for cut in sorted(cuts, key=lambda one: (one.first, one.last), reverse=True):
        lines[cut.first : cut.last] = cut.lines
    return newline.join(lines) + newline


class _Mender:
    def __init__(self, root: yaml.Node, lines: list[str], was: Node, now: Node) -> None:
        self.root = root
        self.lines = lines
        self.was = was
        self.now = now

    def cuts(self, made: Iterable[Step]) -> list[_Cut] | None:
        """What the steps do to the lines; those inside an entry that is written anew are in it."""
        anew: set[Segments] = set()
        single: list[tuple[Step, yaml.MappingNode | yaml.SequenceNode]] = []
        for step in made:
            holder = self._block(step.segments[:-1])
            if holder is not None and self._suits(step, holder):
                single.append((step, holder))
            elif (around := self._entry(step.segments[: -1 if step.way is Way.REMOVE else None])) is not None:
                anew.add(around)
            else:
                return None
        outer = {one for one in anew if not any(one[:depth] in anew for depth in range(len(one)))}
        cuts = [self._replaced(one) for one in sorted(outer)]
        behind: dict[int, list[str]] = {}
        for step, holder in single:
            if any(step.segments[: len(one)] == one for one in outer):
                continue
            if step.way in (Way.SET, Way.APPEND):
                # several new entries may follow the same one, in their order
                behind.setdefault(self._behind(step, holder), []).extend(self._new(step, holder))
            elif step.way is Way.REMOVE:
                first, last = self._span(step.segments)
                cuts.append(_Cut(first, last, ()))
            else:
                cuts.append(self._replaced(step.segments))
        return cuts + [_Cut(line, line, tuple(made)) for line, made in behind.items()]

    # where things stand -----------------------------------------------------------------------------------------------

    def _block(self, segments: Segments) -> Any:
        """The block at a place, None where that is a flow, or what is anchored."""
        node = self._node(segments)
        is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value
        return node if is_block else None

    def _node(self, segments: Segments) -> yaml.Node | None:
        node: Any = self.root
        for segment in segments:
            node = next((value for key, value in _entries(node) if key == segment), None)
            if node is None:
                return None
        return node  # type: ignore[no-any-return]

    def _entry(self, segments: Segments) -> Segments | None:
        """The innermost entry of a block around a place, which has lines of its own."""
        for depth in range(len(segments), 0, -1):
            holder = self._block(segments[: depth - 1])
            if isinstance(holder, yaml.MappingNode) and self._key(segments[:depth]) is not None:
                return segments[:depth]
        return None

    def _suits(self, step: Step, holder: yaml.Node) -> bool:
        if step.way is Way.APPEND:
            return isinstance(holder, yaml.SequenceNode)
        if not isinstance(holder, yaml.MappingNode):
            return False
        if step.way is Way.REMOVE:
            key = self._key(step.segments)
            # the first entry of an item stands behind its dash
            return key is not None and not self.lines[key.start_mark.line][: key.start_mark.column].strip() and len(holder.value) > 1  # fmt: skip  # noqa: E501
        return step.way is Way.SET or self._key(step.segments) is not None

    def _key(self, segments: Segments) -> yaml.Node | None:
        holder = self._node(segments[:-1])
        if not isinstance(holder, yaml.MappingNode):
            return None
        return next((key for key, _ in holder.value if _text(key) == segments[-1]), None)

    def _span(self, segments: Segments) -> tuple[int, int]:
        """The lines of an entry: of its key, and behind its last."""
        key, value = self._key(segments), self._node(segments)
        assert key is not None
        assert value is not None
        return key.start_mark.line, self._last(value)

    def _last(self, value: Any) -> int:
        """The line behind the last one of a value; comments that follow it are not its own."""
        if isinstance(value, yaml.CollectionNode) and value.value and not value.flow_style:
            inner = value.value[-1]
            return self._last(inner[1] if isinstance(inner, tuple) else inner)
        last = value.end_mark.line + (value.end_mark.column > 0)
        if isinstance(value, yaml.ScalarNode) and value.style in ("|", ">"):
            while last > value.start_mark.line + 1 and not self.lines[last - 1].strip():
                last -= 1
            return int(last)
        while last > value.start_mark.line + 1 and (not self.lines[last - 1].strip() or self.lines[last - 1].lstrip().startswith("#")):  # fmt: skip  # noqa: E501
            last -= 1
        return int(max(last, value.start_mark.line + 1))

    # what is written --------------------------------------------------------------------------------------------------

    def _behind(self, step: Step, holder: Any) -> int:
        if step.way is Way.APPEND:
            return self._last(holder.value[-1])
        order = list(read(self.now, step.segments[:-1]))
        before = order[: order.index(step.segments[-1])]
        kept = {_text(key): value for key, value in holder.value}
        last = next((key for key in reversed(before) if key in kept), None)
        first = holder.value[0][0].start_mark
        if last is None and not self.lines[first.line][: first.column].strip():
            return int(first.line)
        return self._last(kept[last] if last is not None else holder.value[0][1])

    def _new(self, step: Step, holder: Any) -> list[str]:
        if step.way is Way.APPEND:
            # the items begin where their dashes are, which is before what they hold
            column = holder.start_mark.column
            return _indented(_dumped([step.value]), column)
        return _indented(_dumped({step.segments[-1]: step.value}), holder.value[0][0].start_mark.column)

    def _replaced(self, segments: Segments) -> _Cut:
        key = self._key(segments)
        assert key is not None
        first, last = self._span(segments)
        column = key.start_mark.column
        made = _indented(_dumped({segments[-1]: read(self.now, segments)}), column)
        was_flow = getattr(self._node(segments), "flow_style", False)
        if was_flow:
            made = self._as_flow(segments, column) or made
        before = self.lines[first][:column]
        return _Cut(first, last, (before + made[0][column:], *made[1:]))

    def _as_flow(self, segments: Segments, column: int) -> list[str] | None:
        """An entry in one line, where it was written so and still fits."""
        name = _dumped({segments[-1]: None})[0].removesuffix(": null")
        made = yaml.dump(
            read(self.now, segments),
            Dumper=_Dumper,
            default_flow_style=True,
            sort_keys=False,
            allow_unicode=True,
            width=10**6,
        ).strip()
        line = f"{' ' * column}{name}: {made}"
        return [line] if len(line) <= _WIDTH and "\n" not in made else None


def _entries(node: Any) -> Iterable[tuple[str | None, Any]]:
    if isinstance(node, yaml.MappingNode):
        # of a key that is written twice the last one counts
        return ((_text(key), value) for key, value in reversed(node.value))
    if isinstance(node, yaml.SequenceNode):
        return ((str(index), value) for index, value in enumerate(node.value))
    return ()


def _text(key: Any) -> str | None:
    """A key as JSON writes it."""
    if not isinstance(key, yaml.ScalarNode):
        return None
    if key.style is not None:
        return str(key.value)
    try:
        return key_text(resolve_scalar(key.value))
    except ValueError:
        return str(key.value)


def _indented(lines: list[str], column: int) -> list[str]:
    return [" " * column + line if line else line for line in lines]


def _dumped(value: Any) -> list[str]:
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    ).splitlines()


def whole(value: Any) -> str:
    """A value as a whole YAML file."""
    return "\n".join(_dumped(value)) + "\n"


class _Dumper(yaml.SafeDumper):
    """Lists are indented below their key, and no text may read as anything else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    try:
        is_text = isinstance(resolve_scalar(text), str)
    except ValueError:
        is_text = False
    if not is_text:
        style = '"'
    elif "\n" in text and all(line == line.rstrip() for line in text.splitlines()):
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
