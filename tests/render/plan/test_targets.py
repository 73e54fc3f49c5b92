"""Every gateway of the registry: named in the README, sparing what is exempt, and proof against what strangers wrote.

`test_gateways.py` asks each of them for real; a target that it does not ask fails here.
"""

import ast
import json
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from apidiff.plan.value import Plan
from apidiff.render.plan import render_plan
from apidiff.render.plan.gateways import TARGETS, Target
from apidiff.render.plan.gateways.refusals import refusals
from apidiff.render.plan.gateways.rules import Rule, RuleSet, rules
from tests.render.plan import test_gateways as asked
from tests.render.plan.sample import HEADERS, entry, operations, sample
from tests.render.plan.servers import SERVERS, apache, caddy, envoy, express, free_port, haproxy, need, nginx, write

pytestmark = pytest.mark.slow

PROOFS: Mapping[str, Callable[..., Any]] = {
    "nginx/": nginx,
    "envoy.yaml": envoy,
    "caddy/": caddy,
    "haproxy.cfg": haproxy,
    "apache.conf": apache,
    "kong.yaml": asked._kong,
    "traefik.yaml": asked._traefik,
    "apidiff_headers_asgi.py": asked.test_asgi,
    "apidiff-headers-express.js": express,
}
"""How each target is asked what it must answer and what it must leave alone: a server, or what finds a request's
headers in the files (`is_run=False`)."""
SPARED = {
    "search": "GET /v1/refunds/search",
    "newest": "GET /v1/refunds/newest",
    "oldest": "DELETE /v1/customers/{id}/cards/oldest",
}
"""Neighbours that a template of the sample would match: two of one template, and one of another."""
TITLES = (
    "coding:utf-7 +AAo-import os+AAo-",
    "coding: raw_unicode_escape \\u000aimport os",
    "coding: base64",
    "x\nimport os\n*/ process.exit() //",
    "}} {% raw %} <% $var ${x} `id` \"'; --",
    "a\u2028b\u202ec\r\nend",
)
"""What a stranger may call an API, so that a reader of comments or of templates would do as it says."""
BREAKS_OUT = "a\"b'c`d;e}f{g\\h<i>(j) k: l=m,n"
"""What ends a token, a string or a block somewhere."""


def plan(title: str = "Payments", *, spared: Iterable[str] = SPARED.values(), path: str = "", value: str = "") -> Plan:
    """The sample under a title, with neighbours that templates of it would match; one path or header set as wished."""
    first, *others = operations()
    if path:
        first = replace(first, operation=entry(f"GET {path}"))
    if value:
        first = replace(first, headers={**first.headers, "Link": value})
    made = sample(operations=(first, *others), routes=tuple(map(entry, spared)))
    return replace(made, base=replace(made.base, title=title))


def texts(target: Target, plan: Plan) -> dict[str, str]:
    """The target's files by name."""
    made = rules(plan)
    found = {name: make(made) for name, make in target.files.items()}
    if target.refuses is not None:
        name, refuse = target.refuses
        found |= {f"{one.name}/{name}": refuse(made, one) for one in refusals(plan, made)}
    return found


def readme(plan: Plan, targets: tuple[Target, ...], monkeypatch: pytest.MonkeyPatch) -> str:
    """The README of the folder with these targets."""
    monkeypatch.setattr("apidiff.render.plan.gateways.TARGETS", targets)
    return render_plan(plan)["headers/README.md"].decode()


_TOKEN = re.compile(
    r"""(?P<said>^\s*(?:\#|//).*$|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`)|\n|[^\s\w.~^$:/@%+*=|!?-]|\S+?(?=\W|$)""",
    re.MULTILINE,
)


def form(file: str, text: str) -> object:
    """What a reader of the file makes of it, whatever its strings and comments say; None where it can't read it."""
    if file.endswith((".yaml", ".yml", ".json")):
        try:
            return _kinds(yaml.safe_load(text))
        except yaml.YAMLError:
            return None
    if file.endswith(".py"):
        try:
            tree = ast.parse(text)
        except SyntaxError:
            return None
        return [type(node).__name__ for node in ast.walk(tree)]
    return ["said" if found["said"] else found[0] for found in _TOKEN.finditer(text)]


def _kinds(value: object) -> object:
    if isinstance(value, dict):
        return {key: _kinds(one) for key, one in value.items()}
    return [_kinds(one) for one in value] if isinstance(value, list) else type(value).__name__


def faults(target: Target, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is wrong with a target, in a word each."""
    name = re.escape(target.name).replace("_", r"\\?_")
    told = re.search(rf"^\| {name} \| \S.* \| \S.* \|$", readme(plan(), (target,), monkeypatch), re.MULTILINE)
    found = [] if told else ["unnamed"]
    found += ["unsparing" for word, one in SPARED.items() if not _spares(target, word, one)]
    found += ["believes titles" for title in TITLES if _believes(target, title)]
    for kind, plain, hostile in (
        ("path", plan(path="/v1/plain/{id}"), plan(path=f"/v1/{BREAKS_OUT}/{{id}}")),
        ("header", plan(value="plain"), plan(value=f"{BREAKS_OUT} # o")),
    ):
        as_plain, as_hostile = (
            {file: form(file, text) for file, text in texts(target, one).items()} for one in (plain, hostile)
        )
        found += [f"believes {kind}s"] if as_plain != as_hostile or None in as_hostile.values() else []
    return sorted(set(found))


def _spares(target: Target, word: str, neighbour: str) -> bool:
    """Whether the files tell a neighbour apart, and only where there is one."""
    with_it, without = (
        "".join(texts(target, plan(spared=spared)).values())
        for spared in (SPARED.values(), [one for one in SPARED.values() if one != neighbour])
    )
    return word in with_it and word not in without


def _believes(target: Target, title: str) -> bool:
    """Whether the title of an API gets out of the comment at the top, or says how the file is to be read."""
    plain = {name: text.count("\n") for name, text in texts(target, plan()).items()}
    for file, text in texts(target, plan(title)).items():
        lines = [line for line in text.split("\n") if "Deprecation headers of" in line]
        if (
            text.count("\n") != plain[file]
            or any(char in text for char in "\u2028\u202e\r")
            or not all(line.startswith(("# ", "// ")) for line in lines)
            or (file.endswith(".py") and "coding" in "".join(text.split("\n")[:2]))
        ):
            return True
    return False


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_is_named_spares_and_believes_nobody(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(target, monkeypatch) == []


def test_every_target_is_asked_and_the_readme_says_which_are_only_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {target.name for target in TARGETS} == set(PROOFS)
    run = (*SERVERS, asked.test_asgi)
    assert {target.name for target in TARGETS if target.is_run} == {name for name, way in PROOFS.items() if way in run}
    *titles, last = [target.title for target in TARGETS if not target.is_run]
    assert f"except {', '.join(titles)} and {last}: their files" in readme(plan(), TARGETS, monkeypatch)


@pytest.mark.parametrize("target", [one for one in TARGETS if not one.is_run], ids=lambda target: target.name)
def test_what_no_server_reads_says_the_same(target: Target, tmp_path: Path) -> None:
    find = PROOFS[target.name](write(asked.plan(), tmp_path))
    for method, path in asked.AFFECTED:
        assert find(method, path.partition("?")[0]) == HEADERS, path
    for method, path in asked.SPARED:
        assert find(method, path) is None, path


Lines = Callable[[Rule], Iterable[str]]


def _made(lines: Lines, *, about: str = "") -> Callable[[RuleSet], str]:
    """A target of these lines for each rule, under the comment."""
    return lambda made: (
        made.comment()
        + about.format(title=made.title)
        + "".join(f"{line}\n" for rule in made.rules for line in lines(rule))
    )


def _quoted(text: str) -> str:
    return json.dumps(text)


def _fine(rule: Rule) -> list[str]:
    return [f"match {_quoted(rule.guarded)}", *(f"add {name} {_quoted(value)}" for name, value in rule.headers)]


def _wrong(lines: Lines, *, name: str = "x.conf", mind: str = "anywhere", about: str = "") -> Target:
    return Target(name, "X", mind, {name: _made(lines, about=about)})


@pytest.mark.parametrize(
    ("target", "wrong"),
    [
        pytest.param(_wrong(_fine), [], id="nothing"),
        pytest.param(_wrong(_fine, mind=""), ["unnamed"], id="no word in the README"),
        pytest.param(_wrong(lambda rule: [_quoted(rule.regex)]), ["unsparing"], id="no exemption"),
        pytest.param(
            _wrong(lambda rule: [_quoted(rule.regex), *map(_quoted, rule.exempt[:1])]),
            ["unsparing"],
            id="the first exemption of each rule",
        ),
        pytest.param(
            _wrong(lambda rule: [_quoted(rule.guarded if "refunds" in rule.path else rule.regex)]),
            ["unsparing"],
            id="the exemptions of one rule",
        ),
        pytest.param(
            _wrong(lambda rule: [_quoted(rule.regex), '"search newest oldest"']),
            ["unsparing"],
            id="exemptions that are always the same",
        ),
        pytest.param(_wrong(_fine, about="api = {title}\n"), ["believes titles"], id="a title as data"),
        pytest.param(
            _wrong(lambda rule: [f"# {rule.guarded}"], name="x.py"),
            ["believes titles"],
            id="a title in the first line of a module",
        ),
        pytest.param(
            _wrong(lambda rule: [*_fine(rule), f"location {rule.path}"]), ["believes paths"], id="a bare path"
        ),
        pytest.param(
            _wrong(lambda rule: [*_fine(rule), f'location "{rule.path}"']), ["believes paths"], id="a path in quotes"
        ),
        pytest.param(
            _wrong(lambda rule: [*_fine(rule), f"location '{rule.path}'"]), ["believes paths"], id="in single ones"
        ),
        pytest.param(
            _wrong(lambda rule: [*_fine(rule), f"location `{rule.path}`"]), ["believes paths"], id="in backquotes"
        ),
        pytest.param(
            _wrong(lambda rule: [*_fine(rule), f"gone {{ say {rule.operation}; }}"]), ["believes paths"], id="an id"
        ),
        pytest.param(
            _wrong(lambda rule: [f"- match: {_quoted(rule.guarded)}", f"  path: '{rule.path}'"], name="x.yaml"),
            ["believes paths"],
            id="a path in YAML",
        ),
        pytest.param(
            _wrong(lambda rule: [*_fine(rule), *(f'add {name} "{value}"' for name, value in rule.headers)]),
            ["believes headers"],
            id="a value in quotes",
        ),
        pytest.param(
            _wrong(lambda rule: [*_fine(rule), *(f"add {name} {value}" for name, value in rule.headers)]),
            ["believes headers"],
            id="a bare value",
        ),
        pytest.param(
            _wrong(
                lambda rule: [
                    f"- match: {_quoted(rule.guarded)}",
                    f"  Link: {rule.header('Link')}",
                ],
                name="x.yaml",
            ),
            ["believes headers"],
            id="a value in YAML",
        ),
    ],
)
def test_a_wrong_target_is_found_out(target: Target, wrong: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(target, monkeypatch) == wrong


@pytest.mark.parametrize("title", TITLES)
def test_the_module_holds_our_statements_alone(title: str) -> None:
    """Python reads its file by the first two lines (PEP 263): whatever the title says, it is the same program."""
    target = next(one for one in TARGETS if one.name.endswith(".py"))
    hostile, calm = texts(target, plan(title)), texts(target, plan())
    for name, text in calm.items():
        assert ast.dump(ast.parse(hostile[name].encode())) == ast.dump(ast.parse(text.encode())), name


def test_haproxy_takes_many_literal_siblings(tmp_path: Path) -> None:
    program = need("haproxy")
    siblings = tuple(entry(f"GET /v1/refunds/sibling{number}") for number in range(16))
    target = next(one for one in TARGETS if one.name == "haproxy.cfg")
    text = texts(target, sample(operations=operations(), routes=siblings))[target.name]
    config = tmp_path / "haproxy.cfg"
    config.write_text(f"defaults\n mode http\n timeout client 1s\nfrontend f\n bind 127.0.0.1:{free_port()}\n{text}")
    done = subprocess.run([program, "-c", "-f", str(config)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
