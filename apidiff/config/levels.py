"""Writes levels of rules into apidiff.yaml: every other line of it, comments and order included, stays."""

from collections.abc import Mapping
from typing import Final

import yaml

from apidiff.config.amend import last_line, section_of, unfit
from apidiff.words.changes import Level

SECTION: Final = "levels"


def levelled(text: str, levels: Mapping[str, Level]) -> str:
    """The text with these levels below those that it has; none of them may be there already.

    Errors: `config-invalid` where `levels` is there and holds no line for each.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines, section = text.splitlines(), section_of(text, SECTION)
    indent = 2
    if section is None:
        lines.append(f"{SECTION}:")
        end = len(lines)
    else:
        key, value = section
        end = key.start_mark.line + 1
        if isinstance(value, yaml.MappingNode) and value.value and not value.flow_style:
            indent, end = value.value[0][0].start_mark.column, last_line(value.value[-1][1], lines)
        elif isinstance(value, yaml.MappingNode) and not value.value:
            lines[end - 1] = lines[end - 1].replace("{}", "", 1).rstrip()
        elif not isinstance(value, yaml.ScalarNode) or value.value:
            raise unfit(SECTION)
    lines[end:end] = [f"{' ' * indent}{rule}: {level.value}" for rule, level in sorted(levels.items())]
    return newline.join(lines) + newline
