"""Lines of text in a layout of their own: a time between brackets, a request between quotes, and a status after it.

What stands before and after them is named by its place, or by its own name where it has one (`key="…"`). Which of it
is the user is told by the dash that servers write before it, and by nothing else.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from apidiff.usage.read.dialects import identifier
from apidiff.usage.read.form import Format
from apidiff.usage.read.times import way_of

_QUOTED = r'(?:[^"\\]|\\.)*'
_CORE = re.compile(
    rf'^(?P<before>.*?)\[(?P<time>[^\]\[]+)\](?P<between>[^"]*)"(?P<request>[A-Z]{{3,16}} {_QUOTED}|-|{_QUOTED})" '
    rf"(?P<status>\d{{3}}|-)(?P<after>(?:\s.*)?)$"
)
_CALL = re.compile("[A-Z]{3,16} ")
_LIST = re.compile(r", +(?=[0-9a-fA-F.:]+(?:[ ,]|$)|unknown|-)")
"""What parts the addresses of a forwarded-for list, and no two fields."""
_WORD = re.compile(rf'"(?P<quoted>{_QUOTED})"|\[(?P<bracketed>[^\]]*)\]|\S+')
_NAMED = re.compile(rf'^(?P<name>[A-Za-z_][\w.-]*)[=:](?:"(?P<quoted>{_QUOTED})"|(?P<bare>[^\s"]*))$')
_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?|[\w.-]+:\d{2,5}")
_ENOUGH = 0.8
_MOST_AFTER = 24
HINT = (
    "A server's own format can be put into apidiff.yaml as it stands in its configuration: "
    "`log_format: '$remote_addr - $key_id [$time_local] \"$request\" $status …'`, and any other as a pattern: "
    "`log_format: '^(?<time>\\S+) (?<method>\\S+) (?<path>\\S+) (?<status>\\d+) key=(?<api_key>\\S*)'`."
)


def layout_of_lines(lines: Sequence[str]) -> Format | None:
    """The layout that most of some lines have, None where they have none."""
    found = [match for line in lines if (match := _CORE.match(line)) and way_of(match["time"])]
    if len(found) < len(lines) * _ENOUGH or not any(_CALL.match(match["request"]) for match in found):
        return None
    before, user = _before(tuple(match["before"] for match in found))
    between = re.escape(Counter(match["between"] for match in found).most_common(1)[0][0])
    after = _after([match["after"] for match in found])
    pattern = rf'^{before}\[(?P<time>[^\]\[]+)\]{between}"(?P<request>{_QUOTED})" (?P<status>\d{{3}}|-){after}'
    return _format(pattern, user)


@cache
def _format(pattern: str, user: str) -> Format:
    """One format for each pattern, so that files of the same layout are read together."""
    fields = {"time": ("time",), "request": ("request",), "status": ("status",), "host": ("vhost",)}
    fields["user_agent"] = ("agent",)
    if user:
        fields["api_key"] = (user,)
    known = tuple(re.compile(pattern).groupindex)
    return Format(
        "lines",
        "pattern",
        "lines of text with a time, a request and a status",
        fields={name: columns for name, columns in fields.items() if columns[0] in known},
        pattern=pattern,
        key_hint=HINT,
    )


def _before(texts: tuple[str, ...]) -> tuple[str, str]:
    """The pattern of what stands before the time, and the column of the user, "" where nobody can tell."""
    rows = [_words(_LIST.sub(",", text)) for text in texts]
    (size, count), *_ = Counter(map(len, rows)).most_common(1)
    if count < len(rows) * _ENOUGH:
        # a user with spaces in it, or addresses that can't be told: the dash before the user is what is left
        return r"(?P<before>.*?) (?P<ident>-) (?P<user>[^\[]*?) *", "user"
    rows = [row for row in rows if len(row) == size]
    columns = list(zip(*rows, strict=True))
    names = list(_names(columns))
    pieces = [_piece(name, column) for name, column in zip(names, columns, strict=True)]
    return " +".join(pieces) + (" *" if pieces else ""), "user" if "user" in names else ""


def _words(text: str) -> list[str]:
    """The words of a text; a distinguished name is one, whatever spaces it has."""
    joined = re.sub(r"(?<=[,;]) +(?=[A-Za-z.0-9]+=)", "\ue000", text)
    return [word[0] for word in _WORD.finditer(joined)]


def _names(columns: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """What each word before the time is called."""
    last = len(columns) - 1
    dashes = [index for index, column in enumerate(columns) if set(column) == {"-"} and index < last]
    for index, column in enumerate(columns):
        if index - 1 == (dashes[0] if dashes else None) or (not dashes and index == last and last >= 2):
            yield "user"
        elif dashes and index == dashes[0]:
            yield "ident"
        elif index == 0 and len(columns) > 3 and all(map(_HOST.fullmatch, column)):
            yield "vhost"
        else:
            yield f"before{index + 1}"


def _piece(name: str, column: Sequence[str]) -> str:
    if all(word.startswith('"') for word in column):
        return f'"(?P<{name}>{_QUOTED})"'
    if any("\ue000" in word for word in column):
        return rf"(?P<{name}>[^\[]*?)"
    if any("," in word for word in column):
        return rf"(?P<{name}>\S+(?:, *\S+)*?)"
    return rf"(?P<{name}>\S+)"


def _after(texts: Sequence[str]) -> str:
    """The pattern of what stands after the status: named words by their names, others by their places."""
    rows = [[word[0] for word in _tail(text)] for text in texts]
    size = min(min(map(len, rows), default=0), _MOST_AFTER)
    pieces, used, quoted = [], set[str](), 0
    for index in range(size):
        column = [row[index] for row in rows]
        named = [_NAMED.match(word) for word in column]
        names = {match["name"] for match in named if match}
        if len(names) == 1 and all(named):
            (own,) = names
            name = identifier(own)
            name = name if name not in used and name not in ("time", "request", "status") else f"after{index + 1}"
            is_quoted = all(match is not None and match["quoted"] is not None for match in named)
            value = f'"(?P<{name}>{_QUOTED})"' if is_quoted else rf'"?(?P<{name}>[^\s"]*)"?'
            pieces.append(rf"\s+{re.escape(own)}[=:]{value}")
        elif all(word.startswith('"') for word in column):
            quoted += 1
            name = ("referer", "agent")[quoted - 1] if quoted <= 2 and index == quoted else f"after{index + 1}"
            pieces.append(rf'\s+"(?P<{name}>{_QUOTED})"')
        else:
            name = f"after{index + 1}"
            pieces.append(rf"\s+(?P<{name}>\S+)")
        used.add(name)
    return "".join(pieces) + r"(?:\s.*)?$"


def _tail(text: str) -> Iterator["re.Match[str]"]:
    return re.compile(rf'[A-Za-z_][\w.-]*[=:]"{_QUOTED}"|"{_QUOTED}"|\S+').finditer(text)
