"""How servers name what they log, as data: the variables of their format strings, and which of them is which field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Variable = tuple[str, str]
"""The column that a variable fills ("" for none), and the pattern of its values ("" where what follows ends them)."""

_STATUS = r"\d{3}|-|0"
_CLF = r"\d{1,2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2}(?:\.\d+)?(?: [+-]\d{4})?"
_NUMBER = r"-?[\d.,]+|-"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to write format strings.

    `mark` tells it from others; `variable` finds its variables, and `column` says what one fills. `fields` maps
    canonical names to columns; keys are found by the usual names. `quoting` is the flag by which a value gets quotes;
    `escapes` says that a quote inside a value is written another way than the quote that ends it.
    """

    name: str
    mark: "re.Pattern[str]"
    variable: "re.Pattern[str]"
    column: Callable[["re.Match[str]"], Variable]
    fields: Mapping[str, tuple[str, ...]]
    key_hint: str = ""
    quoting: str = ""
    escapes: bool = True
    optional: frozenset[str] = field(default_factory=frozenset)
    """Columns that are left out, with the space after them, where there is nothing to say."""

    def is_in(self, text: str) -> bool:
        """Whether a format string is written in it."""
        return bool(self.mark.search(text))


UNNAMED = "f_"
"""What the columns begin with that nobody asks for."""


def identifier(name: str) -> str:
    """A name as a group of a pattern may have it."""
    text = re.sub(r"\W+", "_", name).strip("_") or "value"
    return f"n_{text}" if text[0].isdigit() else text


_KNOWN_HEADERS = {"user-agent": "user_agent", "host": "host", "referer": "referer"}

# ---------------------------------------------------------------- nginx and API Gateway

_NGINX_VALUES = {
    "status": _STATUS,
    "time_local": _CLF,
    "time_iso8601": r"\d{4}-\d\d-\d\dT\S+?",
    "msec": r"\d+\.\d+",
    "body_bytes_sent": _NUMBER,
    "bytes_sent": _NUMBER,
    "request_length": _NUMBER,
    "request_time": _NUMBER,
    "remote_addr": r"\S+?",
    "request_method": r"[A-Z]+|-",
}
NGINX_FIELDS: Mapping[str, tuple[str, ...]] = {
    "time": ("msec", "time_iso8601", "time_local", "date_gmt", "date_local"),
    "request": ("request",),
    "method": ("request_method",),
    "path": ("request_uri", "uri", "document_uri"),
    "query": ("query_string", "args"),
    "status": ("status",),
    "user_agent": ("http_user_agent",),
    "host": ("http_host", "host", "server_name"),
}
NGINX = Dialect(
    "nginx",
    re.compile(r"\$\{?[a-z_]"),
    re.compile(r"\$(?:\{(\w+)\}|(\w+)|(?=\$))"),
    lambda found: (found[1] or found[2] or "", _NGINX_VALUES.get(found[1] or found[2] or "", "")),
    NGINX_FIELDS,
)
API_GATEWAY = Dialect(
    "aws-api-gateway",
    re.compile(r"\$context\."),
    re.compile(r"\$(?:context|stageVariables)\.([\w.]*\w)"),
    lambda found: (identifier(found[1]), {"status": _STATUS, "requestTime": _CLF}.get(found[1], "")),
    {
        "time": ("requestTimeEpoch", "requestTime"),
        "method": ("httpMethod",),
        "route": ("resourcePath", "routeKey"),
        "path": ("path",),
        "status": ("status",),
        "api_key": ("identity_apiKeyId", "identity_apiKey", "authorizer_principalId", "authorizer_claims_sub"),
        "user_agent": ("identity_userAgent",),
        "host": ("domainName",),
    },
)

# ---------------------------------------------------------------- F5 BIG-IP, whose variables are in capitals

_F5_VALUES = {
    "DATE_NCSA": r"\d{1,2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2}(?: [+-]\d{4}| [A-Z]{1,5})?",
    "DATE_HTTP": r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [A-Z]{1,5}",
    "HTTP_METHOD": r"[A-Z]+|-",
    "HTTP_STATCODE": _STATUS,
}
F5 = Dialect(
    "f5",
    re.compile(r"\$\{?(?:HTTP_(?:STATCODE|REQUEST|METHOD|URI|PATH)|DATE_(?:NCSA|HTTP))\b"),
    re.compile(r"\$(?:\{([^{}]+)\}|([A-Z][A-Z_\d]*))"),
    lambda found: (
        (_KNOWN_HEADERS.get(found[1].lower(), identifier(found[1])), "")
        if found[1] and not found[1].isupper()
        else (found[1] or found[2], _F5_VALUES.get(found[1] or found[2], ""))
    ),
    {
        "time": ("DATE_NCSA", "DATE_HTTP", "TIME_UNIX"),
        "request": ("HTTP_REQUEST",),
        "method": ("HTTP_METHOD",),
        "path": ("HTTP_URI", "HTTP_PATH"),
        "query": ("HTTP_QUERY",),
        "status": ("HTTP_STATCODE",),
        "user_agent": ("user_agent",),
        "host": ("host",),
    },
)
"""The request logging profile: keywords in capitals, and headers between braces."""

# ---------------------------------------------------------------- Apache and what writes like it

_APACHE_LETTERS = {
    "h": ("address", r"\S+?"), "a": ("address", r"\S+?"), "l": ("ident", r"\S+?"), "u": ("user", ""),
    "r": ("request", ""), "s": ("status", _STATUS), "m": ("method", r"[A-Z]+|-"), "U": ("path", r"[^?]*?"),
    "q": ("query", r"(?:\?\S*)?"), "v": ("host", r"\S+?"), "V": ("host", r"\S+?"), "b": ("bytes", _NUMBER),
    "B": ("bytes", _NUMBER), "O": ("bytes", _NUMBER), "I": ("received", _NUMBER), "D": ("duration", _NUMBER),
    "T": ("seconds", _NUMBER), "p": ("port", _NUMBER), "H": ("protocol", r"\S+?"),
}  # fmt: skip


def _apache(found: "re.Match[str]") -> Variable:
    inside, letter = found[1] or "", found[2]
    if letter == "%":
        return "", ""
    if letter == "t":
        epoch = r"\d+" if inside.removeprefix("begin:").removeprefix("end:") in _EPOCHS else ""
        return "time", epoch or (".+?" if inside else r"\[[^\]]*\]")
    if inside and letter in "ienxcrso":
        name = identifier(inside)
        if letter == "i":
            return _KNOWN_HEADERS.get(inside.lower(), name), ""
        return f"out_{name}" if letter == "o" else name, ""
    return _APACHE_LETTERS.get(letter, (f"f_{letter.strip('^')}", ""))


_EPOCHS = ("sec", "msec", "usec", "msec_frac", "usec_frac")
_APACHE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "time": ("time",),
    "request": ("request",),
    "method": ("method",),
    "path": ("path",),
    "query": ("query",),
    "status": ("status",),
    "user_agent": ("user_agent",),
    "host": ("host",),
}
APACHE = Dialect(
    "apache",
    re.compile(r"%[<>!\d,]*(?:\{[^}]*\})?\^?[A-Za-z]"),
    re.compile(r"%(?:[<>]|!?\d{3}(?:,\d{3})*)*(?:\{([^}]*)\})?(\^[A-Za-z]{2}|[A-Za-z%])"),
    _apache,
    _APACHE_FIELDS,
)


def _gunicorn(found: "re.Match[str]") -> Variable:
    inside, letter = found[1] or "", found[2] or ""
    if inside:
        return _KNOWN_HEADERS.get(inside.lower(), identifier(inside)) if letter == "i" else identifier(inside), ""
    if letter == "t":
        return "time", r"\[[^\]]*\]"
    if letter in "fa":
        return {"f": "referer", "a": "user_agent"}[letter], ""
    return _APACHE_LETTERS.get(letter, (f"f_{letter}", ""))


GUNICORN = Dialect(
    "gunicorn",
    re.compile(r"%\(\{?[\w-]+\}?[a-z]?\)s"),
    re.compile(r"%\((?:\{([^}]+)\})?([A-Za-z])?\)s"),
    _gunicorn,
    _APACHE_FIELDS,
)

# ---------------------------------------------------------------- HAProxy

_HAPROXY_NAMES = {
    "ci": ("address", r"\S+?"), "cp": ("port", r"\d+"), "ST": ("status", r"-?\d+"), "r": ("request", ""),
    "HM": ("method", r"[A-Z]+|<BADREQ>|-"), "HU": ("path", r"\S*"), "HP": ("path", r"[^? ]*"),
    "HPO": ("path", r"[^? ]*"), "HQ": ("query", r"(?:\?\S*)?"), "HV": ("protocol", r"\S*"), "B": ("bytes", r"\d+"),
    "tr": ("time", _CLF), "t": ("time", _CLF), "T": ("time", _CLF), "Tl": ("time", _CLF), "trg": ("time", _CLF),
    "trl": ("time", _CLF), "Ts": ("time", r"\d+"), "hr": ("captured", r"\{[^}]*\}"), "hs": ("returned", r"\{[^}]*\}"),
    "hrl": ("captured", ""), "hsl": ("returned", ""),
}  # fmt: skip
_HAPROXY_OTHERS = (
    "ac", "bi", "bp", "bc", "b", "bq", "CC", "CS", "Ci", "Cp", "E", "fc", "fi", "fp", "ft", "f", "H", "ID", "lc", "ms",
    "pid", "rc", "rt", "sc", "si", "sp", "sq", "sslc", "sslv", "s", "Ta", "Tc", "Td", "Th", "Ti", "Tq", "TR", "Tr",
    "tsc", "ts", "Tt", "Tu", "Tw", "U", "o",
)  # fmt: skip


def _haproxy(found: "re.Match[str]") -> Variable:
    sample, name = found[2], found[3]
    if sample is not None:
        arguments = re.findall(r"\(([^()]*)\)", sample)
        last = arguments[0].split(",")[0].rpartition(".")[2] if arguments else ""
        whole = sample.split(",")[0]
        return identifier(last if last and not last.isdigit() else whole), ""
    if name in ("%", "o"):
        return "", ""
    return _HAPROXY_NAMES.get(name, (f"f_{name}", r"\S*?"))


HAPROXY = Dialect(
    "haproxy",
    re.compile(r"%(?:\{[^}]*\})?(?:ST|HM|HU|HP|hr|ci|tr|Tq|TR)\b|%(?:\{[^}]*\})?\["),
    re.compile(
        r"%(?:\{([^}]*)\})?(?:\[((?:[^\[\]]|\[[^\]]*\])*)\]|("
        + "|".join(sorted((*_HAPROXY_NAMES, *_HAPROXY_OTHERS, "%"), key=len, reverse=True))
        + "))"
    ),
    _haproxy,
    {name: columns for name, columns in _APACHE_FIELDS.items() if name not in ("user_agent", "host")}
    | {"user_agent": ("user_agent", "User_Agent"), "host": ("host", "Host")},
    key_hint="HAProxy: capture the header that names the caller (`capture request header X-Consumer-Id len 64`); it "
    "then stands between braces.",
    quoting="+Q",
    escapes=False,
    optional=frozenset({"captured", "returned"}),
)

# ---------------------------------------------------------------- Envoy

_ENVOY_NAMES = {
    ":METHOD": ("method", r"[A-Z]+|-"), ":PATH": ("path", r"\S*"), ":AUTHORITY": ("host", ""),
    "USER-AGENT": ("user_agent", ""),
}  # fmt: skip


_ENVOY_NUMBERS = ("BYTES_RECEIVED", "BYTES_SENT", "DURATION")


def _envoy(found: "re.Match[str]") -> Variable:
    name, inside = found[1], found[2] or ""
    if name == "START_TIME":
        return "time", ""
    if name == "RESPONSE_CODE":
        return "status", _STATUS
    if name == "REQ":
        headers = inside.upper().split("?")
        known = next((_ENVOY_NAMES[header] for header in headers if header in _ENVOY_NAMES), None)
        return known or (identifier(headers[0].lower()), "")
    if inside and name in ("DYNAMIC_METADATA", "FILTER_STATE", "CEL", "RESP", "TRAILER"):
        return identifier(f"{'out_' if name in ('RESP', 'TRAILER') else ''}{re.split(r'[:.]', inside)[-1]}"), ""
    return name.lower(), _NUMBER if name in _ENVOY_NUMBERS else ""


ENVOY = Dialect(
    "envoy",
    re.compile(r"%[A-Z_]{3,}(?:\([^)]*\))?(?::\d+)?%"),
    re.compile(r"%([A-Z_]{3,})(?:\(([^)]*)\))?(?::\d+)?%"),
    _envoy,
    _APACHE_FIELDS,
    key_hint='Envoy: add "%REQ(X-CONSUMER-ID)%" to the format (a header that your authentication filter sets).',
    escapes=False,
)

# ---------------------------------------------------------------- morgan

_MORGAN_NAMES = {
    "method": ("method", r"[A-Z]+|-"), "url": ("path", r"\S*"), "status": ("status", _STATUS),
    "remote-user": ("user", ""), "remote-addr": ("address", r"\S+"), "user-agent": ("user_agent", ""),
    "http-version": ("protocol", r"\S*"),
    "response-time": ("duration", r"\S+"), "total-time": ("duration", r"\S+"), "referrer": ("referer", ""),
}  # fmt: skip


def _morgan(found: "re.Match[str]") -> Variable:
    name, inside = found[1], found[2] or ""
    if name == "date":
        return "time", {"clf": _CLF, "iso": r"\S+"}.get(inside, "")
    if inside:
        known = _KNOWN_HEADERS.get(inside.lower(), identifier(inside))
        return known if name == "req" else f"out_{identifier(inside)}", ""
    return _MORGAN_NAMES.get(name, (identifier(name), ""))


MORGAN = Dialect(
    "morgan",
    re.compile(r"(?:^|[^\w:]):(?:method|url|status|date)\b"),
    re.compile(r"(?<!\w):([a-z][a-z-]+)(?:\[([^\]]+)\])?"),
    _morgan,
    _APACHE_FIELDS,
    escapes=False,
)
