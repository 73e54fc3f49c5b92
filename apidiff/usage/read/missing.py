"""A refusal that gets one on: all that a log lacks at once, with the lines of apidiff.yaml that would map it.

Names of fields are shown where they look like names, values never.
"""

import re
from collections.abc import Iterable, Mapping

from apidiff.usage.names import is_name, listed
from apidiff.usage.options import KeySource, Options
from apidiff.usage.read.aliases import plain
from apidiff.usage.read.form import Format
from apidiff.usage.read.layout import FieldPath
from apidiff.usage.read.roles import holds
from apidiff.usage.read.sample import Sample
from apidiff.words.errors import ApidiffError

_ASKED = {
    "time": "when a request came",
    "method": "the verb of a request",
    "path": "which operation a request called",
    "status": "how a request ended",
    "api_key": "who called",
    "host": "which host a request was for",
}
_TELLING = {
    "api_key": (
        "key", "consumer", "client", "app", "subscription", "token", "credential", "principal", "account", "customer",
        "tenant", "partner", "org", "user", "auth", "sub", "caller", "company", "custom", "cn", "dn",
    ),
    "path": ("path", "url", "uri", "request", "target", "endpoint", "resource", "route"),
    "status": ("status", "code", "result"),
    "time": ("time", "date", "ts", "at"),
    "method": ("method", "verb"),
    "host": ("host", "domain", "authority", "server"),
}  # fmt: skip
"""What names hold that may be of a field, the most telling first."""
_NO_KEY = ("ip", "agent", "port", "latency", "duration", "bytes", "size", "method", "time", "host", "addr")
"""What names hold that are of no key, for all that they hold besides."""
_ID = re.compile(r"(?=.*[A-Za-z])[\w@-]{2,}(?:\.[\w@-]+)*")
"""An id of a caller, as far as its looks tell: no number, address, path or sentence."""
_PLAIN_YAML = re.compile(r"[A-Za-z_][\w.-]*")
_GUESSES = 3


class MissingFieldsError(ApidiffError):
    """A log without the fields that tie a row to an operation and a caller; `names` are those that it lacks."""

    names: tuple[str, ...] = ()


def check_fields(
    paths: Mapping[str, tuple[FieldPath, ...]], sample: Sample, chosen: Format, *, shown: str, options: Options
) -> None:
    """Refuses a log in which a row can't be tied to an operation and a caller.

    Errors: `usage-column-missing`.
    """
    missing = _missing(paths, options.key_source)
    if options.hosts and not {"host", "path", "request"} & paths.keys():
        missing.append("host")
    if not missing:
        return
    names = _and([f"`{name}`" for name in missing])
    what = f": {_ASKED[missing[0]]}" if len(missing) == 1 else ""
    how = [chosen.key_hint] if chosen.key_hint and "api_key" in missing else []
    taken = {path for found in paths.values() for path in found}
    block = ["In apidiff.yaml, with the log's own names:", "  columns:"]
    block += [f"    {name}: {_guess(name, sample, taken)}" for name in missing]
    fields = {".".join(path): path for path in (*sample.values, *sample.opened)}
    error = MissingFieldsError(
        f"the log has no field for {names}{what}",
        code="usage-column-missing",
        at=shown,
        hint="\n  ".join([*how, *block, f"The log has {listed(sorted(fields))}."]),
    )
    error.names = tuple(missing)
    raise error


def _missing(paths: Mapping[str, object], source: KeySource | None) -> list[str]:
    has = set(paths)
    if source and (source.query or source.path or (source.host and "host" in has)):
        has.add("api_key")
    if not {"request", "operation_id"} & has:
        called = [name for name in ("method", "path") if name not in has and not (name == "path" and "route" in has)]
        if "route" in has and called == ["method"]:
            called = []
    else:
        called = []
    return [name for name in _ASKED if (name in called or (name in ("time", "status", "api_key") and name not in has))]


def _guess(name: str, sample: Sample, taken: Iterable[FieldPath]) -> str:
    """The names that a field may have, as the value of a line of YAML."""
    used = set(taken)
    free = [path for path in sample.values if path not in used and all(map(is_name, path))]
    by_value = [path for path in free if name != "api_key" and holds(name, sample.texts(path))]
    by_name = sorted(
        (path for path in free if _rank(name, path) < len(_TELLING[name])), key=lambda path: _rank(name, path)
    )
    fitting = [path for path in by_name if path in by_value] if name != "api_key" else by_name or _ids(sample, free)
    found = [".".join(path) for path in dict.fromkeys((*fitting, *by_value))][:_GUESSES]
    if not found:
        return f"FIELD  # {_ASKED[name]}; nothing in the log looks like it"
    others = f", or {_and([f'`{other}`' for other in found[1:]], 'or')}" if found[1:] else ""
    return f"{_yaml(found[0])}  # {_ASKED[name]}; guessed{others}"


def _ids(sample: Sample, free: Iterable[FieldPath]) -> list[FieldPath]:
    """The fields whose values can be ids of callers: of one word, several, and each mostly more than once."""
    return [
        path
        for path in free
        if (texts := sample.texts(path))
        and 1 < len(set(texts)) < len(texts)
        and all(map(_ID.fullmatch, texts))
        and not any(holds(role, texts) for role in ("method", "status", "time", "path"))
    ]


def _rank(name: str, path: FieldPath) -> int:
    """How telling a field's name is, the least for what tells nothing."""
    words = plain(path[-1])
    least = len(_TELLING[name])
    if name == "api_key" and any(part in words for part in _NO_KEY):
        return least
    return next((rank for rank, part in enumerate(_TELLING[name]) if part in words), least)


def _yaml(name: str) -> str:
    return name if _PLAIN_YAML.fullmatch(name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _and(words: list[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
