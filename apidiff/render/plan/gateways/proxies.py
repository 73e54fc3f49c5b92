"""The headers as configuration of nginx, Envoy, Caddy, HAProxy, Apache, Kong and Traefik, each with its own quoting."""

import json
import re
from collections.abc import Mapping
from typing import Any

from apidiff.render.plan.gateways.rules import Rule, RuleSet

_SET_ONCE = ("Deprecation", "Sunset")
"""An upstream's own value is replaced; `Link` is added to what is there."""


def nginx_http(rules: RuleSet) -> str:
    """The maps, for `http {}`: a header whose value is empty is not sent."""
    lines = [rules.comment() + "# Include in http {}; apidiff-server.conf goes into server {}."]
    lines.append("# $uri is decoded and rewritten; behind a rewrite, use $request_uri without its query instead.")
    # nginx has no other way to write a dollar sign in a value.
    lines.append('geo $apidiff_dollar { default "$"; }')
    for header in ("Deprecation", "Sunset", "Link"):
        lines += [f'map "$request_method $uri" $apidiff_{header.lower()} {{', '    default "";']
        lines += [
            f"    {_nginx_key(rule.methods, pattern)} {_nginx(value).replace('$', '${apidiff_dollar}')};"
            for rule in rules.rules
            for pattern, value in [*((one, "") for one in rule.exempt), (rule.pattern, rule.header(header))]
        ]
        lines.append("}")
    for variable, default, value in (("gone", "0", "1"), ("problem", '""', "")):
        lines += [f'map "$request_method $uri" $apidiff_{variable} {{', f"    default {default};"]
        for rule in rules.removed:
            lines += [f"    {_nginx_key(rule.methods, one)} {default};" for one in rule.exempt]
            lines.append(f"    {_nginx_key(rule.methods, rule.pattern)} {value or nginx_json(rule.problem)};")
        lines.append("}")
    return "\n".join(lines) + "\n"


def nginx_server(rules: RuleSet) -> str:
    """The headers, for `server {}`: on every answer, errors included."""
    return rules.comment() + (
        "# Include in server {}. A location with an add_header of its own drops these: include the file there too.\n"
        "add_header Deprecation $apidiff_deprecation always;\n"
        "add_header Sunset      $apidiff_sunset      always;\n"
        "add_header Link        $apidiff_link        always;\n"
        "# The upstream's own would come a second time; its Link headers stay.\n"
        "proxy_hide_header Deprecation;\n"
        "proxy_hide_header Sunset;\n"
    )


def _nginx_key(methods: tuple[str, ...], pattern: str) -> str:
    return _nginx(f"~^(?:{'|'.join(methods)}) {pattern}$")


def _nginx(value: str) -> str:
    """A quoted token, in which nginx reads backslash escapes."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def nginx_json(body: Mapping[str, Any]) -> str:
    """JSON as a single-quoted token: quotes, backslashes and `$` as JSON's own escapes, which nginx leaves alone."""
    text = json.dumps(body, ensure_ascii=True)
    for char in ("\\\\", '\\"', "'", "$"):
        text = text.replace(char, f"\\u{ord(char[-1]):04x}")
    return f"'{text}'"


def envoy(rules: RuleSet) -> str:
    """Routes of a virtual host: the first match wins, so they go before the others and take their cluster."""
    routes: list[dict[str, Any]] = []
    for rule in rules.rules:
        routes += envoy_spared(rule)
        added = [envoy_header(name, value, is_only=name in _SET_ONCE) for name, value in rule.headers]
        match = envoy_match(rule, rule.pattern)
        routes.append({"name": rule.name, "match": match, "route": _CLUSTER, "response_headers_to_add": added})
    note = (
        "# Put these before the routes that they cover, and copy the cluster, timeouts and retries of those.\n"
        "# Envoy refuses regexes of more than 100 steps: for long paths, raise re2.max_program_size.error_level.\n"
    )
    return rules.comment() + note + yaml({"routes": routes})


def envoy_spared(rule: Rule) -> list[dict[str, Any]]:
    """The routes of what a rule spares, which go before its own and lead where they always did."""
    return [{"match": envoy_match(rule, pattern), "route": _CLUSTER} for pattern in rule.exempt]


def envoy_match(rule: Rule, pattern: str) -> dict[str, Any]:
    """The requests of a rule's methods at a path."""
    method = {"name": ":method", "string_match": {"safe_regex": {"regex": "|".join(rule.methods)}}}
    return _envoy_path(pattern) | {"headers": [method]}


def envoy_header(name: str, value: str, *, is_only: bool) -> dict[str, Any]:
    """A header of an answer, the only one of its name or one more."""
    action = "OVERWRITE_IF_EXISTS_OR_ADD" if is_only else "APPEND_IF_EXISTS_OR_ADD"
    return {"header": {"key": name, "value": value.replace("%", "%%")}, "append_action": action}


def _envoy_path(pattern: str) -> dict[str, Any]:
    """A path that is the same in every spelling is no regex: Envoy takes those of 100 steps at most, unless told."""
    if _ONE_PATH.fullmatch(pattern):
        return {"path": pattern.replace("\\.", ".")}
    return {"safe_regex": {"regex": pattern}}


_ONE_PATH = re.compile(r"(?:[\w/~-]|\\\.)+", re.ASCII)
_CLUSTER = {"cluster": "COPY_FROM_EXISTING_ROUTE"}


def caddy(rules: RuleSet) -> str:
    """A snippet for a site block; with `defer` a header replaces what the upstream sends."""
    lines = [rules.comment() + "# Import in the site block."]
    for rule in rules.rules:
        lines += [f"@{rule.name} {{", f"\tmethod {' '.join(rule.methods)}", f"\tpath_regexp {caddy_token(rule.regex)}"]
        lines += [f"\tnot path_regexp {caddy_token(f'^{pattern}$')}" for pattern in rule.exempt]
        lines += ["}", f"header @{rule.name} {{"]
        lines += [f"\t{'' if name in _SET_ONCE else '+'}{name} {caddy_token(value)}" for name, value in rule.headers]
        lines += ["\tdefer", "}"]
    return "\n".join(lines) + "\n"


def caddy_token(value: str) -> str:
    """A backquoted token: nothing in it is special, and no value of ours holds a backquote."""
    return f"`{value.replace('`', '%60')}`"


def haproxy(rules: RuleSet) -> str:
    """Lines for a frontend: the path is known with the request only, so a variable carries the rule to the answer."""
    lines = [rules.comment() + "# Put these into the frontend, after its mode line."]
    for rule in rules.rules:
        spared = ""
        if rule.exempt:
            # a line takes 64 words at most, so each exemption has one of its own
            lines.append("http-request unset-var(txn.apidiff_spared)")
            lines += [
                f"http-request set-var(txn.apidiff_spared) int(1) if {{ path_reg {haproxy_token(f'^{pattern}$')} }}"
                for pattern in rule.exempt
            ]
            spared = " !{ var(txn.apidiff_spared) -m found }"
        lines.append(
            f"http-request set-var(txn.apidiff) str({rule.name}) if {{ method {' '.join(rule.methods)} }} "
            f"{{ path_reg {haproxy_token(rule.regex)} }}{spared} !{{ var(txn.apidiff) -m found }}"
        )
    for rule in rules.rules:
        for name, value in rule.headers:
            action = "set-header" if name in _SET_ONCE else "add-header"
            text = haproxy_token(value.replace("%", "%%"))
            lines.append(f"http-after-response {action} {name} {text} if {{ var(txn.apidiff) -m str {rule.name} }}")
    return "\n".join(lines) + "\n"


def haproxy_token(value: str) -> str:
    """A double-quoted token, in which backslash, quote and dollar are special."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'


def apache(rules: RuleSet) -> str:
    """Blocks for a virtual host; needs mod_headers."""
    lines = [rules.comment() + "# Include in the virtual host; needs mod_headers."]
    for rule in rules.rules:
        held = []
        for name, value in rule.headers:
            text = value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
            # Apache keeps two tables of headers; without the first line an upstream's value would stay beside ours.
            held += [f"Header onsuccess unset {name}"] if name in _SET_ONCE else []
            held.append(f'Header always {"set" if name in _SET_ONCE else "add"} {name} "{text}"')
        lines += apache_block(rule, held)
    return "\n".join(lines) + "\n"


def apache_block(rule: Rule, held: list[str]) -> list[str]:
    """Directives for the requests of a rule alone."""
    methods = ",".join(f"'{method}'" for method in rule.methods)
    return [
        f'<LocationMatch "{rule.guarded}">',
        f'  <If "%{{REQUEST_METHOD}} in {{{methods}}}">',
        *(f"    {line}" for line in held),
        "  </If>",
        "</LocationMatch>",
    ]


def kong(rules: RuleSet) -> str:
    """Routes with a response-transformer, for a service of a declarative configuration."""
    routes: list[dict[str, Any]] = []
    priorities = kong_priorities(rules)
    for rule in rules.rules:
        priority = priorities[rule.name]
        for number, pattern in enumerate(rule.exempt, 1):
            routes.append(_kong_route(f"{rule.name}-exempt-{number}", rule, pattern, priority + 1))
        once = [f"{name}:{value}" for name, value in rule.headers if name in _SET_ONCE]
        more = [f"{name}:{value}" for name, value in rule.headers if name not in _SET_ONCE]
        config: dict[str, Any] = {"replace": {"headers": once}, "add": {"headers": once}}
        config |= {"append": {"headers": more}} if more else {}
        plugin = {"name": "response-transformer", "config": config}
        routes.append(kong_ruled(rule, priority, [plugin]))
    note = "# Move the routes to your service. A plugin on a route replaces the service's own: merge their settings.\n"
    return rules.comment() + note + kong_yaml(routes)


def kong_priorities(rules: RuleSet) -> dict[str, int]:
    """The priority of each rule's route by its name; the one above it is that of what the rule spares."""
    return {rule.name: 1000 + 2 * (len(rules.rules) - place) for place, rule in enumerate(rules.rules)}


def kong_yaml(routes: list[dict[str, Any]]) -> str:
    """Routes as those of a service that is to be copied."""
    service = {"name": "COPY_FROM_EXISTING_SERVICE", "url": "http://COPY_FROM_EXISTING_SERVICE", "routes": routes}
    return yaml({"_format_version": "3.0", "services": [service]})


def kong_ruled(rule: Rule, priority: int, plugins: list[dict[str, Any]]) -> dict[str, Any]:
    """The route of a rule, with the plugins that do what it says."""
    return _kong_route(rule.name, rule, rule.pattern, priority) | {"plugins": plugins}


def _kong_route(name: str, rule: Rule, pattern: str, priority: int) -> dict[str, Any]:
    """A route of one pattern; of two that match, the one of the higher priority is called."""
    return {
        "name": name, "paths": [f"~{pattern}$"], "methods": list(rule.methods), "strip_path": False,
        "regex_priority": priority,
    }  # fmt: skip


def traefik(rules: RuleSet) -> str:
    """Routers and middlewares of a dynamic configuration (v3)."""
    routers: dict[str, Any] = {}
    middlewares: dict[str, Any] = {}
    for place, rule in enumerate(rules.rules):
        methods = " || ".join(f"Method(`{method}`)" for method in rule.methods)
        spared = "".join(f" && !PathRegexp(`^{pattern}$`)" for pattern in rule.exempt)
        routers[rule.name] = {
            "rule": f"PathRegexp(`{rule.regex}`) && ({methods}){spared}",
            "priority": 10_000 + len(rules.rules) - place,
            "service": "COPY_FROM_EXISTING_ROUTER",
            "middlewares": [rule.name],
        }
        middlewares[rule.name] = {"headers": {"customResponseHeaders": dict(rule.headers)}}
    note = (
        "# Copy entryPoints, tls, service and the other middlewares of the router that each of these covers.\n"
        "# Traefik sets one value a header: an upstream's own Link is replaced.\n"
    )
    return rules.comment() + note + yaml({"http": {"routers": routers, "middlewares": middlewares}})


def yaml(value: Any) -> str:
    """The value as YAML that every parser reads alike: strings that could be something else are quoted."""
    import yaml as pyyaml

    class Dumper(getattr(pyyaml, "CSafeDumper", pyyaml.SafeDumper)):  # type: ignore[misc]
        """No anchors: some gateways do not read them."""

        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
            return True

    return pyyaml.dump(
        value, Dumper=Dumper, sort_keys=False, allow_unicode=False, width=10_000, default_flow_style=False
    )
