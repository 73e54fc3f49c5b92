"""How people write a YAML file, its quotes and what they put on one line, so that what is new is written likewise."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from io import StringIO
from typing import Any, Final

import yaml

from apidiff.load.yaml12 import resolve_scalar

WIDTH: Final = 120
_MOST: Final = 4000
"""So many nodes say how a part of a file is written."""
_LONG: Final = 80
"""So long a text is folded rather than put into quotes, which would be broken by backslashes."""
_QUOTED: Final = ("'", '"')
_TEXT: Final = "tag:yaml.org,2002:str"


class _Role(Enum):
    """What a node of a text is; what references say tells of quotes, and not of how texts are written."""

    KEY = "key"
    VALUE = "value"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Style:
    """The quotes of texts and keys that need none (None for none), and of those that do; what stands on one line."""

    text: str | None = None
    key: str | None = None
    quote: str = '"'
    has_flow_lists: bool = False
    has_flow_maps: bool = False

    @classmethod
    def of(cls, part: yaml.Node, whole: "Style | None" = None) -> "Style":
        """The style of a part of a file; where it tells nothing that of the `whole`, but for mappings."""
        texts, keys, quotes = Counter[str | None](), Counter[str | None](), Counter[str | None]()
        lists, maps = Counter[bool](), Counter[bool]()
        for node, role in _nodes(part):
            if isinstance(node, yaml.ScalarNode):
                style = node.style if node.style in _QUOTED else None
                if style:
                    quotes[style] += 1
                if role is not _Role.REFERENCE and node.style not in ("|", ">") and not must_quote(node.value):
                    (keys if role is _Role.KEY else texts)[style] += 1
            elif node.value and all(isinstance(one, yaml.ScalarNode) for one in _values(node)):
                (lists if isinstance(node, yaml.SequenceNode) else maps)[bool(node.flow_style)] += 1
        known = whole or cls()
        return cls(
            _commonest(texts, known.text),
            _commonest(keys, known.key),
            _commonest(quotes, known.quote) or '"',
            bool(_commonest(lists, known.has_flow_lists)),
            bool(_commonest(maps, False)),
        )


def _commonest(found: Counter[Any], otherwise: Any) -> Any:
    return found.most_common(1)[0][0] if found else otherwise


def _nodes(part: yaml.Node) -> Iterator[tuple[Any, _Role]]:
    """The nodes of a part, level by level, and what each is."""
    level: list[tuple[Any, _Role]] = [(part, _Role.VALUE)]
    number = 0
    while level and number < _MOST:
        yield from level
        number += len(level)
        level = [
            found
            for node, _ in level
            if isinstance(node, yaml.CollectionNode)
            for one in node.value[:_MOST]
            for found in (_pair(*one) if isinstance(one, tuple) else ((one, _Role.VALUE),))
        ]


def _pair(key: Any, value: Any) -> tuple[tuple[Any, _Role], tuple[Any, _Role]]:
    return (key, _Role.KEY), (value, _Role.REFERENCE if key.value == "$ref" else _Role.VALUE)


def _values(node: yaml.CollectionNode) -> Iterator[Any]:
    return (one[1] if isinstance(one, tuple) else one for one in node.value)


@cache
def must_quote(text: str, *, in_flow: bool = True) -> bool:
    """Whether a text read without quotes were something else, by YAML 1.1 or by 1.2."""
    try:
        if not isinstance(resolve_scalar(text), str):
            return True
    except ValueError:
        return True
    dumper: Any = _Dumper(StringIO())
    found = dumper.analyze_scalar(text)
    is_plain = found.allow_flow_plain if in_flow else found.allow_block_plain
    return not is_plain or dumper.resolve(yaml.ScalarNode, text, (True, False)) != _TEXT


def dumped(value: Any, style: Style, *, in_flow: bool = False) -> list[str]:
    """The lines of a value."""
    node = _Dumper(StringIO(), sort_keys=False).represent_data(value)
    _styled(node, style, in_flow=in_flow)
    if isinstance(node, yaml.CollectionNode):
        node.flow_style = in_flow or not node.value
    text = yaml.serialize(node, Dumper=_Dumper, allow_unicode=True, width=10**6 if in_flow else WIDTH)
    return str(text).removesuffix("...\n").splitlines()


def one_line(value: Any, style: Style) -> str:
    """A value as it stands inside a flow (`{type: string}`)."""
    return " ".join(dumped([value], style, in_flow=True)).removeprefix("[").removesuffix("]")


def _styled(node: Any, style: Style, *, in_flow: bool, is_key: bool = False) -> None:
    if isinstance(node, yaml.ScalarNode):
        if node.tag == _TEXT:
            usual = style.key if is_key else style.text
            node.style = _quotes(node.value, usual, style.quote, in_flow=in_flow or is_key)
        return
    parts = [(key, True) for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    for part, is_one in [*parts, *((one, False) for one in _values(node))]:
        _styled(part, style, in_flow=in_flow, is_key=is_one)
    likes = style.has_flow_maps if isinstance(node, yaml.MappingNode) else style.has_flow_lists
    node.flow_style = in_flow or not node.value or (likes and _fits(node))


def _fits(node: yaml.CollectionNode) -> bool:
    """Whether a mapping or a list of plain values is short enough for one line."""
    if not all(isinstance(one, yaml.ScalarNode) and one.style not in ("|", ">") for one in _values(node)):
        return False
    length = sum(len(one.value) + 4 for pair in node.value for one in (pair if isinstance(pair, tuple) else (pair,)))
    return length <= WIDTH // 2


def _quotes(text: str, usual: str | None, needed: str, *, in_flow: bool) -> str | None:
    if "\n" in text and not in_flow and all(line == line.rstrip() for line in text.splitlines()):
        return "|"
    style = (usual or needed) if must_quote(text, in_flow=in_flow) else usual
    if style and len(text) > _LONG and not in_flow and text.isprintable():
        return ">"
    return '"' if style == "'" and not text.isprintable() else style


class _Dumper(yaml.SafeDumper):
    """Lists are indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True
