"""What a media type says (RFC 9110, 8.3): its parts in the form that all of its spellings have.

Type, subtype and the names of parameters ignore case, parameters have no order, and a value may be quoted. A charset
counts where the bytes of a text are meant; JSON has just one (RFC 8259, 8.1). The boundary of a multipart body is
each sender's own (RFC 2046, 5.1.1), and `q` is the weight of a wish in Accept (RFC 9110, 12.4.2), no part of the type.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

PARAMETER: Final = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
TEXT: Final = re.compile(r"text/.*|application/(?:.*\+)?xml|application/(?:java|ecma)script|application/(?:.*\+)?yaml")
DEFAULT: Final = "utf-8"
"""The charset of a text that names none, by today's practice (RFC 7303 of XML, RFC 7111 of CSV)."""


@lru_cache(maxsize=1024)
def media_key(name: str, *, exact: bool = False) -> str:
    """A media type for comparing: what counts of it, or with `exact` all that it says."""
    kind = re.sub(r"\s+", "", name.partition(";")[0]).lower()
    said = {key.lower(): _unquoted(value) for key, value in PARAMETER.findall(name)}
    if not exact:
        said.pop("q", None)
        if kind.startswith("multipart/"):
            said.pop("boundary", None)
    charset = said.get("charset")
    if charset is not None:
        said["charset"] = _charset(charset)
        if not exact and (not TEXT.fullmatch(kind) or said["charset"] == DEFAULT):
            del said["charset"]
    return kind + "".join(f";{key}={_written(said[key])}" for key in sorted(said))


def media_keys(names: Iterable[str]) -> dict[str, str]:
    """Each of the names in one `content` with its key: two that only differ in what does not count are still two."""
    names = list(names)
    keys = {name: media_key(name) for name in names}
    for told_apart in (_exact, str):
        counts = Counter(keys.values())
        keys = {name: told_apart(name) if counts[key] > 1 else key for name, key in keys.items()}
    return keys


def is_xml(name: str) -> bool:
    """Whether a media type is XML by its name (RFC 7303, 4)."""
    return name.partition(";")[0].strip().lower().endswith(("/xml", "+xml"))


def _exact(name: str) -> str:
    return media_key(name, exact=True)


def _unquoted(value: str) -> str:
    value = value.strip()
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _written(value: str) -> str:
    """A value as a media type writes it, so that a key is its own key."""
    return value if TOKEN.fullmatch(value) else '"' + re.sub(r'(["\\\\])', r"\\\1", value) + '"'


def _charset(name: str) -> str:
    """A charset by the name that all of its aliases share."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name.lower()
