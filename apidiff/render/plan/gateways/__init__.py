"""headers/: the deprecation headers of a plan as configuration for gateways, and the bodies of the 410 answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apidiff.render.plan.gateways.apps import asgi, express
from apidiff.render.plan.gateways.proxies import (
    apache,
    caddy,
    envoy,
    haproxy,
    kong,
    nginx_brownout,
    nginx_gone,
    nginx_http,
    nginx_server,
    traefik,
)
from apidiff.render.plan.gateways.rules import RuleSet, brownout, rules
from apidiff.render.plan.view import View
from apidiff.render.templates import fill
from apidiff.words.escape import visible_json


@dataclass(frozen=True, slots=True)
class Target:
    """One gateway or framework: what the folder's README says of it, and its files, each made of the rules.

    `name` is the file, or the folder of several (`nginx/`); `mind` is Markdown. The body of a brownout's answer is
    given beside the rules. `is_run` says that the tests ask the real server.
    """

    name: str
    title: str
    mind: str
    files: Mapping[str, Callable[[RuleSet, Mapping[str, Any]], str]]
    is_run: bool = True


def _one(name: str, make: Callable[[RuleSet], str]) -> Mapping[str, Callable[[RuleSet, Mapping[str, Any]], str]]:
    return {name: lambda made, _: make(made)}


TARGETS: Final = (
    Target(
        "nginx/",
        "nginx",
        "`apidiff-http.conf` into `http {}`, `apidiff-server.conf` into `server {}`; a `location` with an `add_header` "
        "of its own drops these: include the second file there as well",
        {
            **_one("nginx/apidiff-http.conf", nginx_http),
            **_one("nginx/apidiff-server.conf", nginx_server),
            **_one("nginx/apidiff-gone.conf", nginx_gone),
            "nginx/apidiff-brownout.conf": nginx_brownout,
        },
    ),
    Target(
        "envoy.yaml",
        "Envoy",
        "before the routes that they cover, with their cluster, timeouts and retries; for long paths, with "
        "`re2.max_program_size.error_level` of the runtime raised from its 100",
        _one("envoy.yaml", envoy),
    ),
    Target("caddy/", "Caddy", "imported in the site block", _one("caddy/apidiff.caddyfile", caddy)),
    Target("haproxy.cfg", "HAProxy 2.4 and later", "in the frontend", _one("haproxy.cfg", haproxy)),
    Target("apache.conf", "Apache 2.4", "in the virtual host; needs `mod_headers`", _one("apache.conf", apache)),
    Target(
        "kong.yaml",
        "Kong 3",
        "routes move to your service; a plugin on a route replaces the service's own instance",
        _one("kong.yaml", kong),
        is_run=False,
    ),
    Target(
        "traefik.yaml",
        "Traefik 3",
        "copy entry points, TLS and the other middlewares",
        _one("traefik.yaml", traefik),
        is_run=False,
    ),
    Target(
        "apidiff_headers_asgi.py",
        "FastAPI, Starlette, Litestar",
        "`app = ApidiffHeaders(app)` as the last line, so that unhandled errors have them too",
        _one("apidiff_headers_asgi.py", asgi),
    ),
    Target(
        "apidiff-headers-express.js",
        "Express",
        "`app.use` before the routes",
        _one("apidiff-headers-express.js", express),
    ),
)
"""Every gateway that the headers are written for: the folder, its README and the tests read this."""


def headers_files(view: View, *, template_dir: Path | None = None) -> dict[str, bytes]:
    """The files of headers/ by name; none where the plan has no dates.

    Errors: `header-value-unsafe` where a header's value could end the header.
    """
    made = rules(view.plan)
    if not made.rules and not made.left_out:
        return {}
    pause = brownout(view.plan)
    texts = {
        "headers.json": _json(neutral(made)),
        **{name: make(made, pause) for target in TARGETS for name, make in target.files.items()},
        "problem-gone.json": _json({rule.operation: rule.problem for rule in made.removed}),
        "problem-brownout.json": _json(pause),
        "README.md": fill(
            "headers/README.md.j2", template_dir=template_dir, plan=view.plan, rules=made, targets=TARGETS
        ),
    }
    return {f"headers/{name}": text.encode() for name, text in texts.items()}


def neutral(made: RuleSet) -> dict[str, Any]:
    """headers.json: what the other files say, for who writes one of their own."""
    return {
        "format": "apidiff-headers/1",
        "title": made.title,
        "stamps": list(made.stamps),
        "rules": [
            {
                "operation": rule.operation,
                "methods": list(rule.methods),
                "path": rule.path,
                "regex": rule.regex,
                "not": [f"^{pattern}$" for pattern in rule.exempt],
                "headers": dict(rule.headers),
                "removed": rule.removed,
            }
            for rule in made.rules
        ],
        "left_out": list(made.left_out),
    }


def _json(value: Any) -> str:
    return visible_json(json.dumps(value, indent=2, ensure_ascii=True).encode()).decode() + "\n"
