"""Edits in the text of a YAML file: new lines for what changed, and every other byte as it was.

The smallest thing that is written anew is an entry of a block. Inside flows (`{type: string}`) that is the entry that
the flow is of, and what an anchor or an alias is in is left to be written whole: one text stands for several values.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from apidiff.expand.steps import Step, Way, steps
from apidiff.expand.tree import Segments, original, read
from apidiff.expand.yaml_flow import Flow, text_of
from apidiff.expand.yaml_style import Style, dumped, one_line
from apidiff.load.parse import parse
from apidiff.load.values import Node, same
from apidiff.words.errors import ApidiffError

_LONGEST: Final = 100
"""So long a line is that is edited, unless it was longer."""
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Lines that go, by number, and those that come in their place."""

    first: int
    last: int
    lines: tuple[str, ...]


Like = Callable[[Segments, Any], "list[str] | None"]
"""The lines of a new entry with this value as another text has it there, from its key on; None where it has not."""


def mended(text: str, was: Node, made: Sequence[Step], now: Node, like: Like | None = None) -> str | None:
    """The text with these steps taken; None where it can't be mended."""
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        return None
    if root is None:
        return None
    lines = text.splitlines()
    mender = _Mender(root, lines, was, now, like or _nothing)
    cuts = mender.cuts(made)
    if cuts is None:
        return None
    for cut in sorted(cuts, key=lambda one: (one.first, one.last), reverse=True):
        lines[cut.first : cut.last] = cut.lines
    return newline.join(lines) + newline


def likeness(text: str, tree: Node) -> Like:
    """What gives new entries the lines that they have in another text, with what is otherwise by now edited in them.

    A copy that has a name of its own has the lines of what it is a copy of.
    """
    known: list[_Mender] = []

    def like(place: Segments, value: Any) -> list[str] | None:
        holder = read(tree, place[:-1])
        name = original(place[-1], holder) if isinstance(holder, dict) else ""
        was = holder.get(name) if name in holder else None
        if type(was) is not type(value) or not isinstance(was, (dict, list)):
            return None
        if not known:
            root: Any = yaml.compose(text, Loader=_LOADER)
            known.append(_Mender(root, text.splitlines(), tree, tree, _nothing))
        lines = known[0].lines_of((*place[:-1], name), place[-1])
        if lines is None or same(was, value):
            return lines
        ends = {place[-1]: was}, {place[-1]: value}
        made = mended("\n".join(lines) + "\n", ends[0], list(steps(*ends)), ends[1])
        return None if made is None or not reads(made, ends[1]) else made.splitlines()

    return like


def either(*likes: Like) -> Like:
    """The first of several texts that has an entry."""
    return lambda place, value: next((lines for like in likes if (lines := like(place, value))), None)


def reads(text: str, now: Node) -> bool:
    """Whether a text says just this."""
    try:
        return same(parse(text.encode(), "").tree, now)
    except ApidiffError:
        return False


def _nothing(_place: Segments, _value: Any) -> None:
    return None


class _Mender:
    def __init__(self, root: yaml.Node, lines: list[str], was: Node, now: Node, like: Like) -> None:
        self.root = root
        self.lines = lines
        self.was = was
        self.now = now
        self.like = like
        self.usual = Style.of(root)

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
        return next((key for key, _ in holder.value if text_of(key) == segments[-1]), None)

    def _span(self, segments: Segments) -> tuple[int, int]:
        """The lines of an entry: of its key, and behind its last."""
        key, value = self._key(segments), self._node(segments)
        assert key is not None
        assert value is not None
        return key.start_mark.line, self._last(value)

    def lines_of(self, segments: Segments, name: str) -> list[str] | None:
        """The lines of an entry of a block, as they are where it stands at the left, by a name; None for any other."""
        if self._block(segments[:-1]) is None or (key := self._key(segments)) is None:
            return None
        first, last = self._span(segments)
        column = key.start_mark.column
        if key.end_mark.line != first or any(line[:column].strip() for line in self.lines[first + 1 : last]):
            return None
        head = self.lines[first][column:]
        if name != segments[-1]:
            head = (
                one_line(name, Style(self.usual.key, quote=self.usual.quote)) + self.lines[first][key.end_mark.column :]
            )
        return [head, *(line[column:] for line in self.lines[first + 1 : last])]

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
        kept = {text_of(key): value for key, value in holder.value}
        last = next((key for key in reversed(before) if key in kept), None)
        first = holder.value[0][0].start_mark
        if last is None and not self.lines[first.line][: first.column].strip():
            return int(first.line)
        return self._last(kept[last] if last is not None else holder.value[0][1])

    def _new(self, step: Step, holder: Any) -> list[str]:
        if step.way is Way.APPEND:
            # the items begin where their dashes are, which is before what they hold
            column = holder.start_mark.column
            return _indented(dumped([step.value], self._style(holder)), column)
        made = self.like(step.segments, step.value) or dumped({step.segments[-1]: step.value}, self._style(holder))
        return _indented(made, holder.value[0][0].start_mark.column)

    def _replaced(self, segments: Segments) -> _Cut:
        key, value = self._key(segments), self._node(segments)
        assert key is not None
        assert value is not None
        first, last = self._span(segments)
        now = read(self.now, segments)
        made = self._in_place(value, read(self.was, segments), now)
        if made is not None:
            made = [*self.lines[first : value.start_mark.line], *made]
        else:
            column = key.start_mark.column
            made = _indented(dumped({segments[-1]: now}, self._style(self._node(segments[:-1]))), column)
            made[0] = self.lines[first][:column] + made[0][column:]
        return _Cut(first, last, tuple(made))

    def _in_place(self, node: yaml.Node, was: Any, now: Any) -> list[str] | None:
        """The lines that a flow, or a text on one line, is on, edited; None where that can't be, or is too long."""
        is_flow = isinstance(node, yaml.CollectionNode) and node.flow_style
        if not is_flow and not (isinstance(node, yaml.ScalarNode) and node.start_mark.line == node.end_mark.line):
            return None
        text = Flow(self.lines, self._style(node)).edited(node, was, now)
        if not text:
            return None
        first, last = node.start_mark, node.end_mark
        made = (self.lines[first.line][: first.column] + text + self.lines[last.line][last.column :]).split("\n")
        longest = max(_LONGEST, *map(len, self.lines[first.line : last.line + 1]))
        return None if max(map(len, made)) > longest else made

    def _style(self, part: Any) -> Style:
        return Style.of(part, self.usual)


def _entries(node: Any) -> Iterable[tuple[str | None, Any]]:
    if isinstance(node, yaml.MappingNode):
        # of a key that is written twice the last one counts
        return ((text_of(key), value) for key, value in reversed(node.value))
    if isinstance(node, yaml.SequenceNode):
        return ((str(index), value) for index, value in enumerate(node.value))
    return ()


def _indented(lines: list[str], column: int) -> list[str]:
    return [" " * column + line if line else line for line in lines]


def whole(value: Any) -> str:
    """A value as a whole YAML file."""
    return "\n".join(dumped(value, Style())) + "\n"
