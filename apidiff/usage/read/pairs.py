"""Lines of names and values: logfmt (`method=GET path="/x"`, also between bars), and LTSV (`method:GET`, with tabs)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apidiff.usage.read.form import Format
from apidiff.usage.read.values import literal

AT_THE_START = "time at the start"
"""The column of a time that stands before the first name."""
_NAME = r"[A-Za-z_@][\w.@/\[\]-]*"
_PAIR = re.compile(rf'(?:^|[\s,{{|])({_NAME})=(?:"((?:[^"\\]|\\.)*)"|([^\s"|]*))')
_LABELLED = re.compile(r"(?:^|\t)([\w.-]+):([^\t]*)")
_TIME = (
    r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
    r"|\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?"
)
_LEAST = 3
_ENOUGH = 0.5

LOGFMT = Format("logfmt", "pairs", "logfmt: names and values with an equals sign")
LTSV = Format("ltsv", "pairs", "LTSV: labelled values between tabs")
PAIRS: tuple[Format, ...] = (
    Format(
        "heroku-router",
        "pairs",
        "Heroku's router",
        marks=("dyno", "fwd", "connect", "service"),
        fields={
            "time": ("time", AT_THE_START),
            "method": ("method",),
            "path": ("path",),
            "status": ("status",),
            "host": ("host",),
        },
        key_hint="Heroku: the router logs no header. Log the key's id in the application (Rails: lograge with a custom "
        "option; else one line of logfmt a request with time, method, path, status and api_key).",
    ),
    Format(
        "lograge",
        "pairs",
        "lograge, one line a request",
        marks=("controller", "action", "method", "path", "status"),
        fields={
            "time": ("time", "timestamp", "@timestamp", AT_THE_START),
            "method": ("method",),
            "path": ("path",),
            "status": ("status",),
        },
        key_hint="lograge: `config.lograge.custom_options = ->(event) { {time: Time.now.utc.iso8601(3), api_key: "
        "event.payload[:api_key_id]} }`, and `append_info_to_payload` in ApplicationController sets api_key_id.",
    ),
    LOGFMT,
    LTSV,
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The names and values of some lines, and whether they are labelled (LTSV)."""

    rows: tuple[Mapping[str, str], ...]
    is_labelled: bool


def pairs_of(lines: Sequence[str]) -> Pairs | None:
    """The pairs of most of some lines, None where they are no pairs."""
    for is_labelled in (True, False):
        rows = [_labelled(line) if is_labelled else _equated(line) for line in lines]
        found = [row for row in rows if len(row) >= _LEAST]
        if found and len(found) >= len(lines) * _ENOUGH:
            return Pairs(tuple(found), is_labelled)
    return None


def _labelled(line: str) -> dict[str, str]:
    if line.count("\t") < _LEAST - 1:
        return {}
    found = _LABELLED.findall(line)
    return dict(found) if len(found) == line.count("\t") + 1 else {}


def _equated(line: str) -> dict[str, str]:
    """The pairs of a line that is mostly pairs: what stands in a URL's query or in a text is none."""
    row: dict[str, str] = {}
    covered = 0
    first = len(line)
    for found in _outside_quotes(line):
        first = min(first, found.start(1))
        covered += len(found[0])
        row.setdefault(found[1], found[2] or found[3] or "")
    if covered * 2 < len(line) - first:
        return {}
    time = re.search(_TIME, line[:first])
    return row | ({AT_THE_START: time[0]} if time else {})


def _outside_quotes(line: str) -> "list[re.Match[str]]":
    found, end = [], 0
    while match := _PAIR.search(line, end):
        found.append(match)
        end = match.end()
    return found


def pair_sql(name: str, *, is_labelled: bool) -> str:
    """The value of a name in `line`, null where it has none."""
    if is_labelled:
        labelled = rf"(?:^|\t){re.escape(name)}:([^\t]*)"
        return f"nullif(regexp_extract(line, {literal(labelled)}, 1), '')"
    if name == AT_THE_START:
        return f"nullif(regexp_extract(line, {literal(f'^[^=]*?({_TIME})')}, 1), '')"
    # whole words are passed over, so that a name inside quotes is none
    skipped = r'^(?:(?:[^\s"]|"(?:[^"\\]|\\.)*")*[\s,{|]+)*?'
    pattern = rf'{skipped}{re.escape(name)}=(?:"((?:[^"\\]|\\.)*)"|([^\s"|]*))'
    found = f"regexp_extract(line, {literal(pattern)}, ['quoted', 'plain'])"
    plain = r"regexp_replace(p.quoted, '\\(.)', '\1', 'g')"
    return f"list_transform([{found}], lambda p: nullif(coalesce(nullif({plain}, ''), p.plain), ''))[1]"
