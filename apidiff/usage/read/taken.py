"""A key taken out of what holds it, as SQL: out of an authorization, a token, a subject, a query, a host or a path.

What holds a key stays in the engine; of a token nothing is verified, and nothing but one claim is read.
"""

import base64
import json
import re
from collections.abc import Sequence

from apidiff.usage.keys import Form, form_of
from apidiff.usage.options import KeySource
from apidiff.usage.read.values import literal

CLAIMS = ("azp", "client_id", "clientId", "appid", "cid", "sub")
"""The claims that name a client, the most telling first (OpenID Connect, RFC 9068, and what issuers write besides)."""
_TOKEN = r"(?:^|[\s:=])(eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*)$"
_BASIC = r"(?i)^basic\s+([A-Za-z0-9+/_=-]+)$"
_USERNAME = r'(?i)^(?:digest|hawk|mac)\s.*?\b(?:username|id)="?([^",\s]+)'
_SIGNED = r"(?:^|\s)(?:Credential|keyId|SignedHeaders=.*Credential)=\"?([^/\",\s]+)"
_SCHEME = (
    r"(?i)^(?:bearer|token|apikey|api-key|api_key|key|oauth|googlelogin|sharedaccesskey|accesskey|client)"
    r'(?:\s+|\s*:\s*)(?:(?:token|key|auth|api_key|apikey)=)?"?([^",]+?)"?(?:,.*)?$'
)
_SUBJECT = r"(?i)^/?(?:cn|(?:o|ou|c|l|st|dc|uid|serialnumber|emailaddress|[0-9.]+)\s*=.*\bcn)\s*="
QUERY_KEYS = (
    "api_key", "apikey", "api-key", "x-api-key", "key", "app_key", "appkey", "app_id", "appid", "client_id", "clientid",
    "client-id", "access_key", "subscription-key", "apitoken", "api_token", "access_token", "auth_token", "token",
)  # fmt: skip
"""Query parameters that are keys, the most telling first."""
_ENOUGH = 0.6


def key_sql(value: str, source: KeySource | None, *, query: str, path: str, host: str) -> str:
    """The key of a row: what stands in `value`, or where the source says; `query`, `path` and `host` are the row's."""
    source = source or KeySource()
    if source.query:
        name = re.sub(r"([^0-9A-Za-z_-])", r"[\1]", source.query)
        value = f"nullif(url_decode(regexp_extract({query}, {literal(f'(?:^|&){name}=([^&]*)')}, 1)), '')"
    elif source.host:
        value = f"string_split(split_part(lower({host}), ':', 1), '.')[{source.host}]"
    elif source.path:
        value = f"nullif(string_split({path}, '/')[{source.path + 1}], '')"
    if source.claim:
        return _claim(_found(value, _TOKEN), (source.claim,))
    if source.pattern:
        return _found(value, source.pattern)
    if source.part == "user":
        return f"coalesce({_user(value)}, {_found(value, _USERNAME)})"
    if source.part:
        return subject_part(value, source.part)
    return value if source.query or source.host or source.path else _bare(value)


def _bare(value: str) -> str:
    """A key without its scheme; of a token the first claim that names a client; of a subject its common name."""
    scheme = f"CASE WHEN NOT regexp_matches(k, {literal(_TOKEN)}) THEN {_found('k', _SCHEME)} END"
    name = f"CASE WHEN regexp_matches(k, {literal(_SUBJECT)}) THEN coalesce({subject_part('k', 'cn')}, '') END"
    pieces = (
        _user("k"),
        _found("k", _USERNAME),
        _found("k", _SIGNED),
        _claim(_found("k", _TOKEN), CLAIMS),
        scheme,
        name,
        "k",
    )
    return (
        # nearly all keys are a word, which needs no second look
        f"CASE WHEN NOT (contains({value}, ' ') OR contains({value}, '=') OR starts_with({value}, 'eyJ')) THEN {value} "
        f"ELSE {_let('k', value, f'coalesce({chr(44).join(pieces)})')} END"
    )


def _let(name: str, value: str, inside: str) -> str:
    """An expression in which a name stands for a value, so that the value is worked out once."""
    return f"list_transform([{value}], lambda {name}: {inside})[1]"


def _found(value: str, pattern: str) -> str:
    return f"nullif(regexp_extract({value}, {literal(pattern)}, 1), '')"


def _user(value: str) -> str:
    """The user of a Basic authorization."""
    return f"nullif(split_part({_decoded(_found(value, _BASIC))}, ':', 1), '')"


def _decoded(text: str) -> str:
    """What stands in Base64, of either alphabet and with or without its padding; null for what does not."""
    digits = f"rtrim(replace(replace({text}, '-', '+'), '_', '/'), '=')"
    padded = "rpad(d, CAST((length(d) + 3) // 4 * 4 AS INTEGER), '=')"
    return _let("d", digits, f"TRY(decode(from_base64({padded})))")


def _claim(token: str, claims: Sequence[str]) -> str:
    """The first claim that a token has; a dotted name leads into an object."""
    payload = _decoded(f"split_part({token}, '.', 2)")
    paths = ", ".join(dict.fromkeys(path for claim in claims for path in (_pointer(claim), *_inside(claim))))
    return f"list_filter(TRY(json_extract_string({payload}, [{paths}])), lambda c: c <> '')[1]"


def _pointer(claim: str) -> str:
    return literal('$."' + claim.replace("\\", "\\\\").replace('"', '\\"') + '"')


def _inside(claim: str) -> tuple[str, ...]:
    """The claim as a path of names, where it can be one."""
    if "." not in claim or "/" in claim:
        return ()
    return (literal("$" + "".join(f'."{name}"' for name in claim.split("."))),)


def subject_part(value: str, part: str) -> str:
    """A part of a distinguished name, as RFC 4514 or OpenSSL write it."""
    pattern = rf'(?i)(?:^|[,/;+])\s*{part}\s*=\s*(?:"([^"]*)"|((?:\\.|[^,/;+\\"])+))'
    found = f"regexp_extract({value}, {literal(pattern)}, ['quoted', 'plain'])"
    plain = "trim(regexp_replace(p.plain, '\\\\(.)', '\\1', 'g'))"
    return _let("p", found, f"nullif(coalesce(nullif(p.quoted, ''), {plain}), '')")


def notes_on(texts: Sequence[str], source: KeySource | None, name: str) -> list[str]:
    """What to say of keys that are a piece of something, by the first of them."""
    forms = {form_of(text) for text in texts}
    if source is not None:
        if source.claim:
            return [f"keys are the claim `{source.claim}` of tokens, which are read and not verified"]
        return []
    notes = []
    if any(form_of(text) is Form.TOKEN and _has_claims(text) for text in texts):
        notes.append(
            "keys are a claim of tokens, which are read and not verified: the first there is of "
            f"{', '.join(CLAIMS)}; another one with `api_key: {{from: {name}, claim: NAME}}` in apidiff.yaml"
        )
    if Form.SUBJECT in forms:
        notes.append(
            f"keys are the common names (CN) of subjects; another part with `api_key: {{from: {name}, part: o}}` in "
            "apidiff.yaml"
        )
    return notes


def _has_claims(token: str) -> bool:
    """Whether the middle of a token can be read at all; one that is sealed has no claim to take (RFC 7516)."""
    payload = token.split(".")[1]
    try:
        return isinstance(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))), dict)
    except ValueError:
        return False


def key_in_queries(targets: Sequence[str]) -> str:
    """The query parameter that holds the keys of most of some targets, "" where none does."""
    for name in QUERY_KEYS:
        pattern = re.compile(rf"(?:^|[?&]){re.escape(name)}=[^&\s]", re.IGNORECASE)
        if targets and sum(bool(pattern.search(text)) for text in targets) >= len(targets) * _ENOUGH:
            return name
    return ""
