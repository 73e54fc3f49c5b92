"""headers/: the deprecation headers of a plan as configuration for gateways, and the bodies of the 410 answers."""

import json
from pathlib import Path
from typing import Any

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
        "nginx/apidiff-http.conf": nginx_http(made),
        "nginx/apidiff-server.conf": nginx_server(made),
        "nginx/apidiff-gone.conf": nginx_gone(made),
        "nginx/apidiff-brownout.conf": nginx_brownout(made, pause),
        "envoy.yaml": envoy(made),
        "caddy/apidiff.caddyfile": caddy(made),
        "haproxy.cfg": haproxy(made),
        "apache.conf": apache(made),
        "kong.yaml": kong(made),
        "traefik.yaml": traefik(made),
        "apidiff_headers_asgi.py": asgi(made),
        "apidiff-headers-express.js": express(made),
        "problem-gone.json": _json({rule.operation: rule.problem for rule in made.removed}),
        "problem-brownout.json": _json(pause),
        "README.md": fill("headers/README.md.j2", template_dir=template_dir, plan=view.plan, rules=made),
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
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"
