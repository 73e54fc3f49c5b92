"""Writes approvals into the waivers of apidiff.yaml: every other line of it, comments and order included, stays."""

from collections.abc import Sequence
from typing import Final

import yaml

from apidiff.config.amend import last_line, section_of, unfit
from apidiff.config.settings import WaiverEntry

SECTION: Final = "waivers"


def approved(text: str, entries: Sequence[WaiverEntry]) -> str:
    """The text with these waivers in it: one of the same change in its place, new ones below the last.

    Errors: `config-invalid` where `waivers` is there and holds no list with a line for each.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    section = section_of(text, SECTION)
    if section is None:
        lines += [f"{SECTION}:"]
        items: list[yaml.Node] = []
        end = len(lines)
    else:
        key, value = section
        items = _items(value)
        end = last_line(items[-1], lines) if items else key.start_mark.line + 1
        if not items:
            lines[key.start_mark.line] = lines[key.start_mark.line].replace("[]", "", 1).rstrip()
    indent = max(items[0].start_mark.column - 2, 0) if items else 2
    old = {_about(item): (item.start_mark.line, last_line(item, lines)) for item in items}
    lines[end:end] = [line for one in entries if _key(one) not in old for line in _written(one, indent)]
    for about, (first, last) in sorted(old.items(), key=lambda item: -item[1][0]):
        for one in entries:
            if _key(one) == about:
                lines[first:last] = _written(one, indent)
    return newline.join(lines) + newline


def _items(value: yaml.Node) -> list[yaml.Node]:
    if isinstance(value, yaml.SequenceNode) and (not value.flow_style or not value.value):
        return list(value.value)
    if isinstance(value, yaml.ScalarNode) and value.value == "":
        return []
    raise unfit(SECTION)


def _about(item: yaml.Node) -> tuple[str, ...]:
    """What an entry is about: its change, rule and operation, "" for what it does not say."""
    said = {key.value: str(value.value) for key, value in (item.value if isinstance(item, yaml.MappingNode) else [])}
    return tuple(said.get(name, "") for name in ("change", "rule", "operation"))


def _key(entry: WaiverEntry) -> tuple[str, ...]:
    return entry.change, entry.rule, entry.operation


def _written(entry: WaiverEntry, indent: int) -> list[str]:
    waiver = entry.waiver
    fields = {
        "change": entry.change,
        "values": entry.values,
        "rule": entry.rule,
        "operation": entry.operation,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires,
    }
    fields = {name: value for name, value in fields.items() if value}
    dumped = yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=10**6)
    return [" " * indent + line for line in dumped.splitlines()]
