"""Writes levels of rules into apidiff.yaml: every other line of it, comments and order included, stays."""

from collections.abc import Mapping
from typing import Final

from apidiff.config.amend import entries_of, last_line, section_of
from apidiff.words.changes import Level

SECTION: Final = "levels"


def levelled(text: str, levels: Mapping[str, Level]) -> str:
    """The text with these levels below those that it has; none of them may be there already.

    Errors: `config-invalid` where `levels` is there and holds no line for each.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines, section = text.splitlines(), section_of(text, SECTION)
    indent, end = 2, len(lines) + 1
    if section is None:
        lines.append(f"{SECTION}:")
    elif entries := entries_of(section[1], SECTION):
        indent, end = entries[0][0].start_mark.column, last_line(entries[-1][1], lines)
    else:
        end = section[0].start_mark.line + 1
        lines[end - 1] = lines[end - 1].replace("{}", "", 1).rstrip()
    lines[end:end] = [f"{' ' * indent}{rule}: {level.value}" for rule, level in sorted(levels.items())]
    return newline.join(lines) + newline
