"""Writes decisions into the text of apidiff.yaml: every other byte of it, comments and order included, stays.

The parser's own marks say where an entry begins and ends. A round trip through a library would keep comments as well,
but write flows, indents and spaces of untouched settings anew.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from apidiff.config.settings import Answer, DecisionEntry
from apidiff.words.errors import ApidiffError

SECTION: Final = "decisions"


def text_of(file: Path) -> str:
    """The text of a configuration that is to be written into, "" where there is none. Errors: `config-invalid`."""
    try:
        return file.read_bytes().decode() if file.is_file() else ""
    except UnicodeDecodeError:
        raise ApidiffError(
            "nothing can be written into this file: it is not in UTF-8",
            code="config-invalid",
            at=str(file),
            hint="Save it as UTF-8.",
        ) from None


def amended(text: str, decisions: Mapping[str, DecisionEntry]) -> str:
    """The text with these decisions in it: those that it has in their place, new ones below the last.

    Errors: `config-invalid` where `decisions` is there and holds no block of entries.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    section = section_of(text, SECTION)
    if section is None:
        lines += [f"{SECTION}:"]
        entries: list[tuple[yaml.Node, yaml.Node]] = []
        indent, end = 2, len(lines)
    else:
        key, value = section
        entries = entries_of(value, SECTION)
        indent = entries[0][0].start_mark.column if entries else 2
        end = last_line(entries[-1][1], lines) if entries else key.start_mark.line + 1
        if not entries:
            lines[key.start_mark.line] = lines[key.start_mark.line].replace("{}", "", 1).rstrip()
    spans = {node.value: (node.start_mark.line, last_line(value, lines)) for node, value in entries}
    lines[end:end] = [line for key, one in decisions.items() if key not in spans for line in _written(key, one, indent)]
    for name, (first, last) in sorted(spans.items(), key=lambda item: -item[1][0]):
        if name in decisions:
            made = _written(name, decisions[name], indent)
            comment = lines[first][len(lines[first].split(" #")[0]) :]
            lines[first:last] = [made[0] + comment, *made[1:]]
    return newline.join(lines) + newline


def section_of(text: str, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    """A key of the whole file and what is behind it, None where there is none. Errors: `config-invalid`."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise unfit(name)
    return next(((key, value) for key, value in root.value if key.value == name), None)


def entries_of(value: yaml.Node, section: str) -> list[tuple[yaml.Node, yaml.Node]]:
    """The keys of a section and what is behind each, one a line. Errors: `config-invalid`."""
    if isinstance(value, yaml.MappingNode) and (not value.flow_style or not value.value):
        return list(value.value)
    if isinstance(value, yaml.ScalarNode) and value.value == "":
        return []
    raise unfit(section)


def last_line(value: yaml.Node, lines: list[str]) -> int:
    """The line after the last one of a value; what follows it, comments among it, is not its own."""
    if isinstance(value, yaml.CollectionNode) and value.value and not value.flow_style:
        inner = value.value[-1]
        return last_line(inner[1] if isinstance(inner, tuple) else inner, lines)
    last = value.end_mark.line + (value.end_mark.column > 0)
    while last > value.start_mark.line + 1 and _is_idle(lines[last - 1]):
        last -= 1
    return max(last, value.start_mark.line + 1)


def _is_idle(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _written(key: str, entry: DecisionEntry, indent: int) -> list[str]:
    """The lines of one decision: `expand` says it all, to proceed takes the reason and the owner."""
    value: str | dict[str, str] = entry.answer.value
    if entry.answer is not Answer.EXPAND or entry.reason or entry.owner:
        fields = {"answer": entry.answer.value, "reason": entry.reason, "owner": entry.owner}
        value = {name: text for name, text in fields.items() if text}
    dumped = yaml.safe_dump({key: value}, sort_keys=False, allow_unicode=True, width=10**6)
    return [" " * indent + line for line in dumped.splitlines()]


def unfit(section: str) -> ApidiffError:
    """The error for a file that nothing can be written into without writing it anew."""
    return ApidiffError(
        f"{section} can't be written into this file: they belong below `{section}:`, one a line",
        code="config-invalid",
        hint=f"Write the settings as a block, `{section}:` and below it a line for each.",
    )
