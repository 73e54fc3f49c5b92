"""A path as it is looked up: without what clients, servers and frameworks write otherwise and mean the same.

What is always another way to write the same path (an encoded colon, a fragment, a framework's pattern for a route) is
put right whatever the answer was. Slashes that stand twice or at the end are another matter: a server may as well tell
the two apart, so they are taken off only where a user says so, or where that explains more of the successful calls than
the paths as they stand, and only where the answer was a success.
"""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from apidiff.usage.read.values import literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ENCODED = {
    "3A": ":",
    "40": "@",
    "2C": ",",
    "3B": ";",
    "3D": "=",
    "2B": "+",
    "24": "$",
    "21": "!",
    "28": "(",
    "29": ")",
}
"""Characters that a segment may hold as they are (RFC 3986, 3.3), and that some clients encode."""
_RESERVED = r"%(?i:(2[0-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-DF]|[01][0-9A-F]|[89A-F][0-9A-F]))"
"""Every code but those of letters, digits and `-._~`, which are the same as what they stand for (RFC 3986, 6.2.2.2)."""
HOST = (
    r"^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}|localhost|[0-9]+(?:\.[0-9]+){3}|[A-Za-z0-9.-]+:[0-9]+)"
    "(?::[0-9]+)?/"
)
"""A host before a path, without a scheme."""
PATTERN_MARKS = ("(", "^", "$", "{", "#")
"""What a path holds that is a framework's pattern, or has a fragment."""
_PATTERNS = (
    ("#.*$", ""),
    # ASP.NET: {id?} and {id:int?}, which may be left out
    (r"\{([A-Za-z0-9_]+)(?::[a-z]+(?:\([^()]*\))?)?\?\}", r"{\1}"),
    # Django and Python: (?P<pk>[^/.]+), of which a class of characters may hold a slash and a group brackets
    (r"\(\?P?<[A-Za-z0-9_]+>(?:[^()\[\]]|\[[^\]]*\]|\([^()]*\))*\)[*+?]?", "{}"),
    # Rails: (.:format) and (/:page), which may be left out
    (r"\((?:\.|/):?[A-Za-z0-9_]+\)", ""),
    # a parameter with a pattern of its own: {id:[a-z/]+}
    (r"\{[A-Za-z0-9_]+:(?:[^{}]|\{[^{}]*\})*\}", "{}"),
    (r"^/?(?:\^|\\A)/?", "/"),
    (r"/?\??(?:\$|\\[zZ])$", ""),
    (r"\\([./-])", r"\1"),
)
"""What frameworks write in the patterns of their routes, and what it is in a template."""
_SLASHES = (("//+", "/"), ("(.)/$", r"\1"))


def eased_sql(path: str, *, has_patterns: bool) -> str:
    """A path without its query, as DuckDB reads it; slashes are left alone."""
    if has_patterns:
        for wanted, instead in _PATTERNS:
            path = f"regexp_replace({path}, {literal(wanted)}, {literal(instead)}, 'g')"
    decoded = f"url_decode(regexp_replace(p, {literal(_RESERVED)}, '%25\\1', 'g'))"
    for code, character in _ENCODED.items():
        decoded = f"replace({decoded}, '%{code}', '{character}')"
        if code.lower() != code:
            decoded = f"replace({decoded}, '%{code.lower()}', '{character}')"
    return f"list_transform([{path}], lambda p: CASE WHEN contains(p, '%') THEN {decoded} ELSE p END)[1]"


def slashes_sql(*, are_ignored: bool) -> str:
    """The statement that makes `without_slashes(path)`, which leaves a path alone unless slashes are ignored."""
    path = "path"
    for wanted, instead in _SLASHES if are_ignored else ():
        path = f"regexp_replace({path}, {literal(wanted)}, {literal(instead)}, 'g')"
    return f"CREATE OR REPLACE TEMP MACRO without_slashes(path) AS {path}"


def eased(path: "ir.StringValue", succeeded: "ir.BooleanValue", *, are_slashes_ignored: bool) -> "ir.StringValue":
    """The same for any engine: of the characters that clients encode, those that have a meaning in paths."""
    import ibis

    def decoded(text: "ir.StringValue") -> "ir.StringValue":
        for code, character in _ENCODED.items():
            for written in dict.fromkeys((code, code.lower())):
                text = text.replace(f"%{written}", character)
        return text

    plain = path
    for wanted, instead in _PATTERNS:
        plain = plain.re_replace(wanted, instead)
    # nearly all paths hold nothing of these, and to look for it costs a part of what it takes to replace it
    has_marks = reduce(or_, (path.contains(mark) for mark in PATTERN_MARKS))
    path = ibis.cases((has_marks, decoded(plain)), (path.contains("%"), decoded(path)), else_=path)
    if not are_slashes_ignored:
        return path
    bare = path
    for wanted, instead in _SLASHES:
        bare = bare.re_replace(wanted, instead)
    return ibis.cases((succeeded, bare), else_=path)
