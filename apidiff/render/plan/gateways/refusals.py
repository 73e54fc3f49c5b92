"""The 410 of what goes away as configuration: for good from the sunset on, and for the window of each brownout.

A gateway can refuse an operation and no part of one: of what only changes, only the application can rehearse the end.
Each file stands beside that of the headers and needs it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any, Final

from apidiff.plan.value import Plan, Step
from apidiff.render.plan.gateways.proxies import (
    apache_block,
    caddy_token,
    envoy_header,
    envoy_match,
    envoy_spared,
    haproxy_token,
    kong_priorities,
    kong_ruled,
    kong_yaml,
    nginx_json,
    yaml,
)
from apidiff.render.plan.gateways.rules import Rule, RuleSet, brownout

START: Final = time(14)
"""When a brownout begins, in UTC: on both sides of the Atlantic people are at work."""
_MEDIA: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The 410 of everything that goes away: where its files are, when they are loaded, and what it answers.

    `body` is the one of all operations, None where each has its own. `headers` say how long it holds.
    """

    name: str
    when: str
    body: Mapping[str, Any] | None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def retry(self) -> str:
        """When it is worth another try, "" where it never is or nothing tells."""
        return dict(self.headers).get("Retry-After", "")

    def of(self, rule: Rule) -> Mapping[str, Any]:
        """The body for one operation."""
        return rule.problem if self.body is None else self.body

    def comment(self, rules: RuleSet, sign: str = "#") -> str:
        """What stands at the top of each file."""
        return f"{rules.comment(sign)}{sign} The 410 of what goes away. Load it {self.when}.\n"


def refusals(plan: Plan, rules: RuleSet) -> tuple[Refusal, ...]:
    """That of the sunset, then those of the brownouts; none where nothing goes away."""
    if not rules.removed:
        return ()
    gone = Refusal("gone", f"from {plan.dates.sunset} on, 00:00 UTC; take it out to roll back", None)
    return gone, *_brownouts(plan)


def _brownouts(plan: Plan) -> Iterator[Refusal]:
    for step, end in ends(plan).items():
        stored = (("Cache-Control", "no-store"),)
        if end is None:
            yield Refusal(f"brownout-{step.number}", f"on {step.date} for as long as it lasts", brownout(plan), stored)
            continue
        until = f"{end:%H:%M}" if end.date() == step.date else f"{end:%Y-%m-%d %H:%M}"
        when = f"on {step.date} from {START:%H:%M} to {until} UTC, and at no other time"
        retry = ("Retry-After", format_datetime(end, usegmt=True))
        yield Refusal(f"brownout-{step.number}", when, brownout(plan), (*stored, retry))


def ends(plan: Plan) -> dict[Step, datetime | None]:
    """When each brownout is over: what `Retry-After` says (RFC 9110, 10.2.3); None where the policy does not tell."""
    lengths = plan.policy.get("brownouts")
    told = list(lengths) if isinstance(lengths, list | tuple) else []
    found: dict[Step, datetime | None] = {}
    for place, step in enumerate(one for one in plan.timeline if one.kind == "brownout"):
        number = (step.number or place + 1) - 1
        said = told[number] if number < len(told) else None
        hours = said.get("hours") if isinstance(said, Mapping) else None
        start = datetime.combine(step.date, START, tzinfo=UTC)
        found[step] = start + timedelta(hours=hours) if isinstance(hours, int) else None
    return found


def nginx(rules: RuleSet, refusal: Refusal) -> str:
    """For `server {}`; which requests are meant, and each one's answer, are in the maps of the headers."""
    own = [("Deprecation", "$apidiff_deprecation"), ("Sunset", "$apidiff_sunset"), ("Link", "$apidiff_link")]
    added = [*((name, f'"{value}"') for name, value in refusal.headers), *own]
    body = "$apidiff_problem" if refusal.body is None else nginx_json(refusal.body)
    lines = [
        "# Include in server {}, after apidiff-server.conf.",
        "error_page 410 = @apidiff_gone;",
        "location @apidiff_gone {",
        "    internal;",
        f"    default_type {_MEDIA};",
        *(f"    add_header {name} {value} always;" for name, value in added),
        f"    return 410 {body};",
        "}",
        "if ($apidiff_gone) {",
        "    return 410;",
        "}",
    ]
    return refusal.comment(rules) + "\n".join(lines) + "\n"


def haproxy(rules: RuleSet, refusal: Refusal) -> str:
    """Lines for the frontend, behind those that find the rule of a request."""
    added = "".join(f" hdr {name} {haproxy_token(value.replace('%', '%%'))}" for name, value in refusal.headers)
    lines = [
        f"http-request return status 410 content-type {_MEDIA} string {haproxy_token(text(refusal.of(rule)))}{added} "
        f"if {{ var(txn.apidiff) -m str {rule.name} }}"
        for rule in rules.removed
    ]
    return refusal.comment(rules) + "# Put these into the frontend, after haproxy.cfg.\n" + "\n".join(lines) + "\n"


def apache(rules: RuleSet, refusal: Refusal) -> str:
    """Blocks for the virtual host."""
    lines = ["# Include in the virtual host, after apache.conf; needs mod_alias and Apache 2.4.19."]
    for rule in rules.removed:
        # the text is read as an expression, in which % and $ begin something
        body = text(refusal.of(rule), also="%$").replace("\\", "\\\\").replace('"', '\\"')
        added = [("Content-Type", _MEDIA), *refusal.headers]
        held = ["Redirect gone", f'ErrorDocument 410 "{body}"']
        lines += apache_block(rule, held + [f'Header always set {name} "{value}"' for name, value in added])
    return refusal.comment(rules) + "\n".join(lines) + "\n"


def caddy(rules: RuleSet, refusal: Refusal) -> str:
    """Lines for the site block, with the matchers of the headers."""
    lines = ["# Import in the site block, after apidiff.caddyfile."]
    for rule in rules.removed:
        added = [("Content-Type", _MEDIA), *refusal.headers]
        lines += [f"header @{rule.name} {name} {caddy_token(value)}" for name, value in added]
        # what stands in braces is a placeholder to Caddy
        lines.append(f"respond @{rule.name} {caddy_token(text(refusal.of(rule), also='{}`'))} 410")
    return refusal.comment(rules) + "\n".join(lines) + "\n"


def envoy(rules: RuleSet, refusal: Refusal) -> str:
    """Routes of a virtual host that answer themselves; they go before all others."""
    routes: list[dict[str, Any]] = []
    for rule in rules.removed:
        routes += envoy_spared(rule)
        added = [("Content-Type", _MEDIA), *refusal.headers, *rule.headers]
        routes.append({
            "name": f"{rule.name}-{refusal.name}",
            "match": envoy_match(rule, rule.pattern),
            "direct_response": {"status": 410, "body": {"inline_string": text(refusal.of(rule))}},
            "response_headers_to_add": [envoy_header(name, value, is_only=True) for name, value in added],
        })  # fmt: skip
    note = "# Put these before the routes of envoy.yaml.\n"
    return refusal.comment(rules) + note + yaml({"routes": routes})


def kong(rules: RuleSet, refusal: Refusal) -> str:
    """Routes that end a request, in the place of those with the same names."""
    routes = []
    priorities = kong_priorities(rules)
    for rule in rules.removed:
        added = [f"{name}:{value}" for name, value in (*refusal.headers, *rule.headers)]
        plugins = [
            {"name": "request-termination",
             "config": {"status_code": 410, "content_type": _MEDIA, "body": text(refusal.of(rule))}},
            {"name": "response-transformer", "config": {"replace": {"headers": added}, "add": {"headers": added}}},
        ]  # fmt: skip
        routes.append(kong_ruled(rule, priorities[rule.name], plugins))
    note = "# These routes take the place of those of kong.yaml with the same names; its others stay.\n"
    return refusal.comment(rules) + note + kong_yaml(routes)


def asgi(rules: RuleSet, refusal: Refusal) -> str:
    """A Python module with a pure ASGI middleware."""
    entries = "".join(
        f"    ({list(rule.methods)!r}, {rule.guarded!r}, {text(refusal.of(rule))!r}),\n" for rule in rules.removed
    )
    held = [(name.lower(), value) for name, value in (("Content-Type", _MEDIA), *refusal.headers)]
    made = _ASGI.replace("# ABOUT\n", refusal.comment(rules)).replace("    # ENTRIES\n", entries)
    return made.replace("HEADERS = []", f"HEADERS = {held!r}")


def express(rules: RuleSet, refusal: Refusal) -> str:
    """A CommonJS module with a middleware for Express."""
    entries = "".join(
        f"  [{json.dumps(list(rule.methods))}, new RegExp({json.dumps(rule.guarded)}), "
        f"{json.dumps(text(refusal.of(rule)))}],\n"
        for rule in rules.removed
    )
    held = json.dumps([("Content-Type", _MEDIA), *refusal.headers])
    made = _EXPRESS.replace("// ABOUT\n", refusal.comment(rules, "//")).replace("  // ENTRIES\n", entries)
    return made.replace("HEADERS = []", f"HEADERS = {held}")


def text(body: Mapping[str, Any], *, also: str = "") -> str:
    """JSON in ASCII on one line, with some characters of its texts as escapes of its own, which mean the same."""
    plain = json.dumps(body, ensure_ascii=True)
    if not also:
        return plain
    made, is_text, is_escaped = [], False, False
    for char in plain:
        if is_text and char in also:
            made.append(f"\\u{ord(char):04x}")
        else:
            made.append(char)
        if char == '"' and not is_escaped:
            is_text = not is_text
        is_escaped = char == "\\" and not is_escaped
    return "".join(made)


_ASGI: Final = '''"""Answers 410 to everything that goes away.

    app = ApidiffHeaders(ApidiffGone(app))
"""

# ABOUT
import re

GONE = [
    # ENTRIES
]
GONE = [(frozenset(methods), re.compile(pattern), body.encode()) for methods, pattern, body in GONE]
HEADERS = []
HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS]


class ApidiffGone:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        body = find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if body is None:
            await self.app(scope, receive, send)
            return
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 410, "headers": [*HEADERS, length]})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def find(method, path):
    for methods, pattern, body in GONE:
        if method in methods and pattern.match(path):
            return body
    return None
'''

_EXPRESS: Final = """// app.use(require('./apidiff-gone-express.js')), after the headers and before the routes.
'use strict';
// ABOUT

const GONE = [
  // ENTRIES
];
const HEADERS = [];

module.exports = function apidiffGone(req, res, next) {
  const path = (req.originalUrl || req.url).split('?')[0];
  const found = GONE.find(([methods, pattern]) => methods.includes(req.method) && pattern.test(path));
  if (!found) {
    next();
    return;
  }
  res.statusCode = 410;
  for (const [name, value] of HEADERS) res.setHeader(name, value);
  res.end(req.method === 'HEAD' ? undefined : found[2]);
};
"""
