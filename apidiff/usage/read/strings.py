"""A server's own format string, as it stands in its configuration, made the pattern of the lines that it writes.

nginx, Apache (and Tomcat, Varnish, Fastly, which write it too), HAProxy, Envoy, API Gateway, F5, gunicorn, morgan, and
patterns with named groups. Every variable becomes a column under its own name; a string that is a JSON object becomes
the names of its members.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apidiff.usage.read.dialects import (
    APACHE,
    API_GATEWAY,
    ENVOY,
    F5,
    GUNICORN,
    HAPROXY,
    MORGAN,
    NGINX,
    UNNAMED,
    Dialect,
)
from apidiff.usage.read.form import CANONICAL, Format
from apidiff.words.errors import ApidiffError, Exit

_DIRECTIVE = re.compile(
    r"""^\s*(?:log_format\s+\S+(?:\s+escape=\w+)?|LogFormat|CustomLog\s+\S+|log-format|accesslog\.format\s*=?|"""
    r"""access_log_format\s*[=:]|access-log-format\s*[=:]?|format\s*[=:])\s+?(?=["'])"""
)
_PIECES = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_QUOTED = r'(?:[^"\\]|\\.)*'
_SPACES = re.compile(r" +")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a format string: text as it stands, or a variable with the column that it fills."""

    text: str = ""
    column: str = ""
    pattern: str = ""


def is_format_string(text: str) -> bool:
    """Whether a text is a format string and no format's name."""
    return bool(re.search(r"[$%{<\[]|(?:^|\s):[a-z]", text))


def format_of(text: str, *, name: str = "log_format", title: str = "a format string", key_hint: str = "") -> Format:
    """The format of a format string.

    Errors: `usage-format-string`.
    """
    whole = _undressed(text)
    if "(?P<" in whole or "(?<" in whole:
        return _own_pattern(whole, name, title, key_hint)
    dialect = next((dialect for dialect in _DIALECTS if dialect.is_in(whole)), None)
    if dialect is None:
        raise _unclear("it holds no variable of a server that is known")
    if whole.lstrip().startswith("{"):
        return _json(whole, dialect, name, title, key_hint)
    parts = list(_numbered(_parts(whole, dialect)))
    columns = {part.column for part in parts if part.column}
    fields = {field: tuple(c for c in names if c in columns) for field, names in dialect.fields.items()}
    return Format(
        name,
        "pattern",
        title,
        fields={field: names for field, names in fields.items() if names},
        pattern=_pattern(parts, dialect),
        key_hint=key_hint or dialect.key_hint,
    )


_DIALECTS: tuple[Dialect, ...] = (GUNICORN, ENVOY, API_GATEWAY, HAPROXY, MORGAN, F5, NGINX, APACHE)


def _unclear(why: str) -> ApidiffError:
    return ApidiffError(
        f"the format string can't be read: {why}",
        code="usage-format-string",
        at="log_format",
        hint="Give it as it stands in the server's configuration, between single quotes, or as a pattern with the "
        "groups (?P<time>…), (?P<request>…), (?P<status>…) and (?P<api_key>…).",
        status=Exit.USAGE,
    )


def _undressed(text: str) -> str:
    """The string itself, without the directive and the quotes around it."""
    found = _DIRECTIVE.match(text)
    if found is None:
        return text.strip("\n")
    pieces = [single or double for single, double in _PIECES.findall(text[found.end() :])]
    if text.lstrip().startswith(("LogFormat", "CustomLog")):
        pieces = pieces[:1]
    whole = "".join(pieces)
    return re.sub(r"\\(.)", r"\1", whole)


def _own_pattern(text: str, name: str, title: str, key_hint: str) -> Format:
    pattern = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", text)
    try:
        groups = tuple(re.compile(pattern).groupindex)
    except re.error as error:
        raise _unclear(f"its pattern is wrong ({error.msg})") from None
    fields = {group: (group,) for group in groups if group in (*CANONICAL, "request")}
    if not fields:
        raise _unclear("none of its groups is called like a field")
    anchored = pattern if pattern.startswith("^") else f"^{pattern}"
    return Format(name, "pattern", title, fields=fields, pattern=anchored, key_hint=key_hint)


def _parts(text: str, dialect: Dialect) -> Iterator[Part]:
    """The text and the variables of a format string, in order."""
    end = 0
    for found in dialect.variable.finditer(text):
        if found.start() > end:
            yield Part(text[end : found.start()])
        column, pattern = dialect.column(found)
        if column:
            has_quotes = bool(dialect.quoting) and dialect.quoting in (found[1] or "")
            yield from [Part(pattern='"?')] * has_quotes
            yield Part(column=column, pattern=pattern or (_QUOTED if has_quotes else ""))
            yield from [Part(pattern='"?')] * has_quotes
        elif found[0] in ("%%", "$$"):
            yield Part(found[0][0])
        end = found.end()
    if end < len(text):
        yield Part(text[end:])


def _numbered(parts: Iterator[Part]) -> Iterator[Part]:
    """The same with each column once; times that only a point parts are one (`%{%T}t.%{msec_frac}t`)."""
    seen: dict[str, int] = {}
    held: list[Part] = list(parts)
    index = 0
    while index < len(held):
        part = held[index]
        while (
            part.column == "time"
            and index + 2 < len(held)
            and held[index + 2].column == "time"
            and len(held[index + 1].text) <= 1
        ):
            part = Part(
                column="time", pattern=f"{part.pattern}{re.escape(held[index + 1].text)}{held[index + 2].pattern}"
            )
            index += 2
        if part.column and not part.column.startswith(UNNAMED):
            seen[part.column] = seen.get(part.column, 0) + 1
            if seen[part.column] > 1:
                part = Part(column=f"{part.column}_{seen[part.column]}", pattern=part.pattern)
        yield part
        index += 1


def _pattern(parts: list[Part], dialect: Dialect) -> str:
    """The pattern of a line; what stands between quotes or brackets ends with them, everything else at what follows."""
    written, may_be_none = ["^"], False
    for index, part in enumerate(parts):
        if not part.column:
            literal = part.pattern or _SPACES.sub(" +", re.escape(part.text).replace("\\ ", " "))
            written.append(f" *{literal[2:]}" if may_be_none and literal.startswith(" +") else literal)
            continue
        before = parts[index - 1].text[-1:] if index else ""
        after = parts[index + 1].text[:1] if index + 1 < len(parts) else ""
        may_be_none = part.column in dialect.optional
        name = "" if part.column.startswith(UNNAMED) else f"P<{part.column}>"
        group = f"(?{name or ':'}{part.pattern or _until(before, after, dialect)})"
        written.append(f"(?:{group})?" if may_be_none else group)
    return "".join(written) + r"\s*$"


def _until(before: str, after: str, dialect: Dialect) -> str:
    if before == after == '"' and dialect.escapes:
        return _QUOTED
    if before == "[" and after == "]":
        return r"[^\]]*"
    return ".*?" if after else ".*"


def _json(text: str, dialect: Dialect, name: str, title: str, key_hint: str) -> Format:
    """The format of a string that is a JSON object: the names of its members by what fills them."""
    import orjson

    held: dict[str, str] = {}

    def quoted(found: "re.Match[str]") -> str:
        mark = f"\ue000{len(held)}\ue001"
        held[mark] = dialect.column(found)[0]
        return mark

    marked = dialect.variable.sub(quoted, text)
    marked = re.sub(r"(?<=[:,\[ ])(\ue000\d+\ue001)(?=\s*[,}\]])", r'"\1"', marked)
    try:
        members = dict(_members(orjson.loads(marked)))
    except orjson.JSONDecodeError:
        raise _unclear("it begins as a JSON object and is none") from None
    columns = {column: path for path, mark in members.items() if (column := held.get(mark))}
    fields = {
        field: tuple(columns[column] for column in names if column in columns)
        for field, names in dialect.fields.items()
    }
    return Format(
        name, "json", title, fields={field: names for field, names in fields.items() if names}, key_hint=key_hint
    )


def _members(value: object, above: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _members(inner, f"{above}.{name}" if above else str(name))
    elif isinstance(value, str):
        yield above, value
