"""Lines of text that servers and frameworks write by themselves, as data: mostly in the server's own notation."""

import re
from dataclasses import replace

from apidiff.usage.read.form import Format
from apidiff.usage.read.strings import format_of

_HAPROXY = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r"
_ENVOY = (
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% '
)
_ENVOY_TAIL = (
    '%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" '
    '"%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"'
)
_ENVOY_HINT = (
    'Envoy: the default text has no header of the caller; add "%REQ(X-CONSUMER-ID)%" to the format (a header that your '
    "authentication filter sets; Istio: meshConfig.accessLogFormat), and put that format into apidiff.yaml as "
    "`log_format:`."
)
_APP_HINT = (
    "{}: its lines have no caller. Log the key's id and the time as JSON in the application, or log at the gateway "
    "before it."
)
_NO_TIME = "its lines have no time"
_REQUEST = r'"(?P<request>(?:[^"\\]|\\.)*)"'


def _written(name: str, title: str, text: str, *, key_hint: str = "") -> Format:
    """A format in a server's own notation; what the server adds after it is no matter."""
    found = format_of(text, name=name, title=title, key_hint=key_hint)
    return replace(found, pattern=re.sub(r"\\s\*\$$", r"(?:\\s.*)?$", found.pattern))


def _lines(name: str, title: str, pattern: str, *, key_hint: str = "", lacks: str = "") -> Format:
    found = format_of(pattern, name=name, title=title, key_hint=key_hint)
    return replace(found, lacks=lacks)


TEXTS: tuple[Format, ...] = (
    replace(
        _written("haproxy", "HAProxy, option httplog and httpslog", _HAPROXY),
        key_hint="HAProxy: capture the header that names the caller (`http-request capture req.hdr(X-Consumer-Id) len "
        "64`, or `capture request header X-Consumer-Id len 64`); it then stands between braces in every line.",
    ),
    _written(
        "istio-text",
        "Istio, its default text",
        f"{_ENVOY}%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "
        f'"%UPSTREAM_TRANSPORT_FAILURE_REASON%" {_ENVOY_TAIL}',
        key_hint=_ENVOY_HINT,
    ),
    _written("envoy-text", "Envoy, its default text", _ENVOY + _ENVOY_TAIL, key_hint=_ENVOY_HINT),
    _lines(
        "gin",
        "Gin",
        r"^(?:\x1b\[[\d;]*m|\[GIN(?:-debug)?\]|\s)*(?P<time>\d{4}/\d\d/\d\d - \d\d:\d\d:\d\d) \|(?:\s|\x1b\[[\d;]*m)*"
        r"(?P<status>\d{3})(?:\s|\x1b\[[\d;]*m)*\|\s*(?P<latency>\S+)\s*\|\s*(?P<address>\S+)\s*\|"
        r'(?:\s|\x1b\[[\d;]*m)*(?P<method>[A-Z]+)(?:\s|\x1b\[[\d;]*m)*"(?P<path>[^"]*)"',
        key_hint=_APP_HINT.format("Gin"),
    ),
    _lines(
        "uvicorn",
        "Uvicorn",
        rf"^(?:INFO:?\s+)?(?P<address>\S+:\d+) - {_REQUEST} (?P<status>\d{{3}})(?: [A-Za-z' -]+)?\s*$",
        key_hint="Uvicorn: log through Gunicorn (`gunicorn -k uvicorn.workers.UvicornWorker --access-logformat '%(t)s "
        '"%(r)s" %(s)s %({x-consumer-id}i)s\'`), or from a middleware as JSON: time, method, path, status, api_key.',
        lacks=_NO_TIME,
    ),
    _lines(
        "django",
        "Django's runserver, Werkzeug and Flask",
        r"^(?:INFO:[\w.]+:)?(?:(?P<address>\S+) \S+ (?P<user>\S+) )?"
        rf"\[(?P<time>\d\d/[A-Z][a-z]{{2}}/\d{{4}} [\d:]{{8}})(?:,\d+)?\] {_REQUEST} (?P<status>\d{{3}}) \S+\s*$",
        key_hint=_APP_HINT.format("Django and Flask"),
    ),
    _lines(
        "uwsgi",
        "uWSGI",
        r"^(?:\[?pid: \S+\]? ?|\[pid: [^\]]*\] )(?P<address>\S+) \((?P<user>[^)]*)\) \{[^}]*\} \[(?P<time>[^\]]+)\] "
        r"(?P<method>[A-Z]+) (?P<path>\S+) => generated \d+ bytes in \d+ \S+ \(HTTP/[\d.]+ (?P<status>\d{3})\)",
        key_hint='uWSGI: --log-format \'%(addr) - %(var.HTTP_X_CONSUMER_ID) [%(ltime)] "%(method) %(uri) %(proto)" '
        "%(status)', which is the combined format with the caller as its user.",
    ),
    _lines(
        "go-chi",
        "Chi's and Gorilla's loggers",
        r"^(?:\x1b\[[\d;]*m)*(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (?:\[[^\]]*\] )?"
        rf"{_REQUEST} from (?P<address>\S+) - (?P<status>\d{{3}}) ",
        key_hint=_APP_HINT.format("Chi"),
    ),
    _lines(
        "squid",
        "Squid's native format",
        r"^(?P<time>\d{9,10}\.\d{3}) +\d+ (?P<address>\S+) [A-Z_]+/(?P<status>\d{3}) \d+ (?P<method>[A-Z]+) "
        r"(?P<path>\S+) (?P<user>\S+) ",
        key_hint="Squid: require authentication (auth_param, acl … proxy_auth); its user is then the eighth column.",
    ),
    _lines(
        "aws-elb",
        "AWS classic load balancer",
        r"^(?P<time>\d{4}-\d\d-\d\dT\S+Z) \S+ (?P<address>\S+:\d+) \S+ [-\d.]+ [-\d.]+ [-\d.]+ (?P<status>\d{3}) "
        rf"(?:\d{{1,3}}|-) \d+ \d+ {_REQUEST} \"(?P<user_agent>(?:[^\"\\]|\\.)*)\"",
        key_hint="A classic load balancer logs no header. Log at the gateway or the application behind it.",
    ),
    _lines(
        "s3",
        "AWS S3 server access",
        r"^\S{10,} (?P<host>\S+) \[(?P<time>[^\]]+)\] (?P<address>\S+) (?P<api_key>\S+) \S+ \S+ \S+ "
        rf"{_REQUEST} (?P<status>\d{{3}}) \S+ ",
    ),
    _lines(
        "morgan-tiny",
        "morgan's tiny, dev and short",
        r"^(?:\S+ - )?(?:\x1b\[[\d;]*m)*(?P<method>[A-Z]+) (?P<path>/\S*)(?: HTTP/[\d.]+)?(?: |\x1b\[[\d;]*m)*"
        r"(?P<status>\d{3})(?: |\x1b\[[\d;]*m)*(?:\d+|-)?(?: -)? ?(?:[\d.]+|-) ms",
        key_hint="morgan: `morgan(':date[iso] :method :url :status :req[x-consumer-id]')`, and the same string in "
        "apidiff.yaml as `log_format:`.",
        lacks=_NO_TIME,
    ),
    _lines(
        "rails",
        "Rails, two lines a request",
        r'^(?:\S, \[\S+ #\d+\] +\w+ -- : )?(?:\[[^\]]*\] )*Started (?P<method>[A-Z]+) "(?P<path>[^"]*)" '
        r"for (?P<address>\S+) at (?P<time>\S+ \S+ \S+)",
        key_hint="Rails: add the gem lograge, with `config.lograge.custom_options = ->(event) { {time: Time.now.utc."
        "iso8601(3), api_key: event.payload[:api_key_id]} }`.",
        lacks="its status and its path are in different lines",
    ),
)
"""In the order in which they are tried."""
