"""The headers as middleware of an application: ASGI (FastAPI, Starlette, Litestar) and Express, with no dependency."""

import json

from apidiff.render.plan.gateways.rules import RuleSet


def asgi(rules: RuleSet) -> str:
    """A Python module with a pure ASGI middleware."""
    entries = "".join(
        f"    ({list(rule.methods)!r}, {rule.guarded!r}, {list(rule.headers)!r}),\n" for rule in rules.rules
    )
    # Python looks for an encoding in the first two lines (PEP 263): nothing of a stranger's stands there.
    return _ASGI.replace("# ABOUT\n", rules.comment()).replace("    # ENTRIES\n", entries)


def express(rules: RuleSet) -> str:
    """A CommonJS module with a middleware for Express; it works with any server of Node's `http`."""
    entries = "".join(
        f"  [{json.dumps(list(rule.methods))}, new RegExp({json.dumps(rule.guarded)}), "
        f"{json.dumps([list(pair) for pair in rule.headers])}],\n"
        for rule in rules.rules
    )
    return _EXPRESS.replace("// ABOUT\n", rules.comment("//")).replace("  // ENTRIES\n", entries)


_ASGI = '''"""Adds the headers to every answer of a deprecated operation.

    app = ApidiffHeaders(app)

As the last line, around everything else: `add_middleware` would put it inside the handler of unhandled errors.
"""

# ABOUT
import re

RULES = [
    # ENTRIES
]
RULES = [(frozenset(methods), re.compile(pattern), headers) for methods, pattern, headers in RULES]


class ApidiffHeaders:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        headers = find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if headers is None:
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                own = message.get("headers", [])
                kept = [pair for pair in own if pair[0].lower() not in (b"deprecation", b"sunset")]
                added = [(name.lower().encode(), value.encode()) for name, value in headers]
                message = {**message, "headers": [*kept, *added]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


def find(method, path):
    for methods, pattern, headers in RULES:
        if method in methods and pattern.match(path):
            return headers
    return None
'''

_EXPRESS = """// app.use(require('./apidiff-headers-express.js')), before the routes.
'use strict';
// ABOUT

const RULES = [
  // ENTRIES
];

module.exports = function apidiffHeaders(req, res, next) {
  const path = (req.originalUrl || req.url).split('?')[0];
  const rule = RULES.find(([methods, pattern]) => methods.includes(req.method) && pattern.test(path));
  if (rule) {
    // At the last moment, so that no handler replaces them and errors have them too.
    const writeHead = res.writeHead;
    res.writeHead = function (...args) {
      for (const [name, value] of rule[2]) {
        const old = name === 'Link' ? res.getHeader('Link') : undefined;
        res.setHeader(name, old === undefined ? value : [].concat(old, value));
      }
      return writeHead.apply(this, args);
    };
  }
  next();
};
"""
