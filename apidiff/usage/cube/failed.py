"""What an engine's driver says of a failure, without what nobody may see: secrets of the URL, and values of the log."""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, unquote, urlsplit

from apidiff.words.errors import ApidiffError, Exit

_LONGEST = 240
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_LONG = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9+/=_-]*[0-9])[A-Za-z0-9+/=_-]{12,}")
"""A run of characters with a digit that is no word: a key, a token, the id of a request."""
_PUBLIC = ("host", "port", "database", "dbname", "schema", "catalog", "warehouse", "role", "user")
_PLACES = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]*://\S+")


def failed(error: Exception, url: str, names: Collection[str] = ()) -> ApidiffError:
    """The error for people: the driver's own first line, with `names` (of tables and columns) as they are."""
    said = _scrubbed(str(error), url, names)
    return ApidiffError(
        f"the engine failed ({type(error).__name__})" + (f": {said}" if said else ""),
        code="engine-failed",
        at="--engine",
        hint="Check the URL, the table's name and what you may read; run it in the engine's own console.",
        status=Exit.OUTSIDE,
    )


def _scrubbed(text: str, url: str, names: Collection[str]) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    for secret in sorted(_secrets(url), key=len, reverse=True):
        line = line.replace(secret, "…")
    known = {name.lower() for name in names}
    line = _PLACES.sub("…", line)
    line = _QUOTED.sub(lambda found: found[0] if _is_name(found[0][1:-1], known) else "…", line)
    line = _LONG.sub(lambda found: found[0] if found[0].lower() in known else "…", line)
    return line[:_LONGEST].rstrip() + ("…" if len(line) > _LONGEST else "")


def _is_name(text: str, known: Collection[str]) -> bool:
    """Whether what is quoted is the name of a table or a column, in its parts or whole."""
    return bool(text) and all(part.strip('`"').lower() in known for part in text.split("."))


def _secrets(url: str) -> set[str]:
    """The parts of a URL that may be secret, as they stand in it and as they are."""
    try:
        parts = urlsplit(url)
        values = [parts.password or "", *(value for name, value in parse_qsl(parts.query) if name not in _PUBLIC)]
    except ValueError:
        return {url}
    return {form for value in values if value for form in (value, unquote(value))}
