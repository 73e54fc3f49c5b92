"""headers/: the deprecation headers of a plan as configuration for gateways, and the bodies of the 410 answers."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apidiff.render.plan.gateways import refusals
from apidiff.render.plan.gateways.apps import asgi, express
from apidiff.render.plan.gateways.proxies import (
    apache,
    caddy,
    envoy,
    haproxy,
    kong,
    nginx_http,
    nginx_server,
    traefik,
)
from apidiff.render.plan.gateways.refusals import Refusal
from apidiff.render.plan.gateways.rules import RuleSet, brownout, rules
from apidiff.render.plan.view import View
from apidiff.render.templates import fill
from apidiff.words.escape import visible_json


@dataclass(frozen=True, slots=True)
class Target:
    """One gateway or framework: what the folder's README says of it, and its files, each made of the rules.

    `name` is the file, or the folder of several (`nginx/`); `mind` is Markdown. `refuses` is the file that answers 410
    to what goes away, with what makes it; where there is none, `cannot` says why, and what does it instead. `is_run`
    says that the tests ask the real server.
    """

    name: str
    title: str
    mind: str
    files: Mapping[str, Callable[[RuleSet], str]]
    refuses: tuple[str, Callable[[RuleSet, Refusal], str]] | None = None
    cannot: str = ""
    is_run: bool = True


TARGETS: Final = (
    Target(
        "nginx/",
        "nginx",
        "`apidiff-http.conf` into `http {}`, `apidiff-server.conf` into `server {}`; a `location` with an `add_header` "
        "of its own drops these: include the second file there as well",
        {
            "nginx/apidiff-http.conf": nginx_http,
            "nginx/apidiff-server.conf": nginx_server,
        },
        ("nginx.conf", refusals.nginx),
    ),
    Target(
        "envoy.yaml",
        "Envoy",
        "before the routes that they cover, with their cluster, timeouts and retries; for long paths, with "
        "`re2.max_program_size.error_level` of the runtime raised from its 100",
        {"envoy.yaml": envoy},
        ("envoy.yaml", refusals.envoy),
    ),
    Target(
        "caddy/",
        "Caddy",
        "imported in the site block",
        {"caddy/apidiff.caddyfile": caddy},
        ("apidiff-gone.caddyfile", refusals.caddy),
    ),
    Target(
        "haproxy.cfg",
        "HAProxy 2.4 and later",
        "in the frontend",
        {"haproxy.cfg": haproxy},
        ("haproxy.cfg", refusals.haproxy),
    ),
    Target(
        "apache.conf",
        "Apache 2.4",
        "in the virtual host; needs `mod_headers`, and for the 410 `mod_alias` and 2.4.19",
        {"apache.conf": apache},
        ("apache.conf", refusals.apache),
    ),
    Target(
        "kong.yaml",
        "Kong 3",
        "routes move to your service; a plugin on a route replaces the service's own instance",
        {"kong.yaml": kong},
        ("kong.yaml", refusals.kong),
        is_run=False,
    ),
    Target(
        "traefik.yaml",
        "Traefik 3",
        "copy entry points, TLS and the other middlewares",
        {"traefik.yaml": traefik},
        cannot="it answers nothing itself: let the routers of these operations lead to a service that does, such as "
        "one of the two middlewares",
        is_run=False,
    ),
    Target(
        "apidiff_headers_asgi.py",
        "FastAPI, Starlette, Litestar",
        "`app = ApidiffHeaders(app)` as the last line, so that unhandled errors have them too",
        {"apidiff_headers_asgi.py": asgi},
        ("apidiff_gone_asgi.py", refusals.asgi),
    ),
    Target(
        "apidiff-headers-express.js",
        "Express",
        "`app.use` before the routes",
        {"apidiff-headers-express.js": express},
        ("apidiff-gone-express.js", refusals.express),
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
    refused = refusals.refusals(view.plan, made)
    texts = {
        "headers.json": _json(neutral(made)),
        **{name: make(made) for target in TARGETS for name, make in target.files.items()},
        **{name: text for one in refused for name, text in _refusal(made, one)},
        "problem-gone.json": _json({rule.operation: rule.problem for rule in made.removed}),
        "problem-brownout.json": _json(brownout(view.plan)),
        "README.md": fill(
            "headers/README.md.j2",
            template_dir=template_dir,
            plan=view.plan,
            rules=made,
            targets=TARGETS,
            refusals=refused,
            changed=[one.operation.id for one in view.plan.operations if not one.removed],
        ),
    }
    return {f"headers/{name}": text.encode() for name, text in texts.items()}


def _refusal(made: RuleSet, refusal: Refusal) -> Iterator[tuple[str, str]]:
    """The files of one folder: that of each target that can refuse."""
    for target in TARGETS:
        if target.refuses is not None:
            name, make = target.refuses
            yield f"{refusal.name}/{name}", make(made, refusal)


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
