"""Whether the values of a field can be what its name says: a time, a method, a path, a status, a key."""

import re
from collections.abc import Callable, Mapping, Sequence

from apidiff.usage.read.times import way_of

_METHODS = frozenset(
    [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "QUERY",
        "PROPFIND",
        "PROPPATCH",
        "MKCOL",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
        "SEARCH",
        "REPORT",
        "PURGE",
        "LINK",
        "UNLINK",
    ]
)
REQUEST_LINE = re.compile(r'"?[A-Z]{3,16} \S.*')
_PATH = re.compile(r"(?:/|https?://|wss?://|\^|[\w-]+(?:\.[\w-]+)+(?::\d+)?/|v\d+/).*", re.DOTALL)
_FILE = re.compile(
    r"/(?:var|opt|srv|home|usr|tmp|mnt|data|logs?)/\S*\.(?:log|json|txt|gz|out)(?:\.\d+)?|/dev/std(?:out|err)"
)
_STATUS = re.compile(r"(?:HTTP/[\d.]+ )?(?:[1-5]\d\d|0{1,3})(?:\.0+)?(?: [A-Za-z][A-Za-z '-]*)?")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[0-9a-fA-F]*(?::[0-9a-fA-F]*){2,}")
_ROUTE = re.compile(r"(?:[A-Z]{3,10} )?(?:[/^]|[\w-]+/\S|v\d+$).*|\$default")
_VERSION = re.compile(r"(?!HTTP/)[\w.+:-]{1,40}")
_ENOUGH = 0.5


def is_address(text: str) -> bool:
    """Whether a text is an address of the internet protocol."""
    return bool(_ADDRESS.fullmatch(text))


def _is_key(text: str) -> bool:
    return not (text.startswith("/") or "://" in text or ":/" in text or is_address(text) or len(text) > 4096)


_ROLES: Mapping[str, Callable[[str], bool]] = {
    "time": lambda text: bool(way_of(text)),
    "method": lambda text: text.upper() in _METHODS,
    "path": lambda text: bool(_PATH.match(text)) and not _FILE.fullmatch(text),
    "request": lambda text: bool(REQUEST_LINE.fullmatch(text)) and text.lstrip('"').split(" ")[0] in _METHODS,
    "route": lambda text: bool(_ROUTE.match(text)),
    "status": lambda text: bool(_STATUS.fullmatch(text)),
    "api_key": _is_key,
    "user_agent": lambda text: not text.startswith(("/", "{")),
    "version": lambda text: bool(_VERSION.fullmatch(text)),
    "operation_id": lambda text: not text.startswith(("/", "http")) and len(text) < 200 and text not in _METHODS,
    "request_body_length": lambda text: text in ("", "-") or text.isdecimal(),
    "host": lambda text: not text.startswith(("/", "{")) and " " not in text,
}


def fits(role: str, values: Sequence[str]) -> bool:
    """Whether most of some values can be what a role asks for; no values, and no role, ask for nothing."""
    test = _ROLES.get(role)
    return not values or test is None or sum(map(test, values)) >= len(values) * _ENOUGH


def holds(role: str, values: Sequence[str]) -> bool:
    """Whether there are values, and nearly all are unmistakably of a role."""
    return bool(values) and sum(map(_ROLES[role], values)) >= len(values) * 0.9
