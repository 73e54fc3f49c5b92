"""Every gateway of the registry: named in the README, sparing what is exempt, and proof against what strangers wrote.

`test_gateways.py` asks each of them for real; a target that it does not ask fails here.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apidiff.plan.value import Plan
from apidiff.render.plan import render_plan
from apidiff.render.plan.gateways import TARGETS, Target
from apidiff.render.plan.gateways.rules import RuleSet, brownout, rules
from tests.render.plan import test_gateways as asked
from tests.render.plan.sample import entry, operations, sample
from tests.render.plan.servers import SERVERS, apache, caddy, envoy, express, free_port, haproxy, need, nginx

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
"""Where each target is asked the requests that it must answer, and those that it must leave alone."""
SPARED = "GET /v1/refunds/search"
TITLES = (
    "coding:utf-7 +AAo-import os+AAo-",
    "coding: raw_unicode_escape \\u000aimport os",
    "coding: base64",
    "x\nimport os\n*/ process.exit() //",
    "}} {% raw %} <% $var ${x} `id` \"'; --",
    "a\u2028b\u202ec\r\nend",
)
"""What a stranger may call an API, so that a reader of comments or of templates would do as it says."""


def plan(title: str = "Payments", *, spared: bool = True) -> Plan:
    """The sample under a title, with or without a neighbour that a template of it would match."""
    made = sample(operations=operations(), routes=(entry(SPARED),) if spared else ())
    return replace(made, base=replace(made.base, title=title))


def texts(target: Target, plan: Plan) -> dict[str, str]:
    """The target's files by name."""
    made = rules(plan)
    return {name: make(made, brownout(plan)) for name, make in target.files.items()}


def readme(plan: Plan, targets: tuple[Target, ...], monkeypatch: pytest.MonkeyPatch) -> str:
    """The README of the folder with these targets."""
    monkeypatch.setattr("apidiff.render.plan.gateways.TARGETS", targets)
    return render_plan(plan)["headers/README.md"].decode()


def faults(target: Target, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is wrong with a target, in a word each."""
    found = []
    name = re.escape(target.name).replace("_", r"\\?_")
    if not re.search(rf"^\| {name} \| \S.* \| \S.* \|$", readme(plan(), (target,), monkeypatch), re.MULTILINE):
        found.append("unnamed")
    with_it, without = (
        "".join(text for name, text in texts(target, plan(spared=spared)).items()) for spared in (True, False)
    )
    if with_it == without or "search" not in with_it:
        found.append("unsparing")
    plain = {name: text.count("\n") for name, text in texts(target, plan()).items()}
    for title in TITLES:
        for file, text in texts(target, plan(title)).items():
            lines = [line for line in text.split("\n") if "Deprecation headers of" in line]
            if (
                text.count("\n") != plain[file]
                or any(char in text for char in "\u2028\u202e\r")
                or not all(line.startswith(("# ", "// ")) for line in lines)
            ):
                found.append("gullible")
            if file.endswith(".py") and "coding" in "".join(text.split("\n")[:2]):
                found.append("gullible")
    return sorted(set(found))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_is_named_spares_and_believes_nobody(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(target, monkeypatch) == []


def test_every_target_is_asked_and_the_readme_says_which_are_only_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {target.name for target in TARGETS} == set(PROOFS)
    run = (*SERVERS, asked.test_asgi)
    assert {target.name for target in TARGETS if target.is_run} == {name for name, way in PROOFS.items() if way in run}
    assert "except Kong 3 and Traefik 3: their files" in readme(plan(), TARGETS, monkeypatch)


def _bare(rules: RuleSet, _: Mapping[str, Any]) -> str:
    return rules.comment() + "".join(f"{rule.pattern}\n" for rule in rules.rules if "search" not in rule.pattern)


def _named_after(rules: RuleSet, _: Mapping[str, Any]) -> str:
    return f"api = {rules.title}\n{rules.comment()}" + "".join(f"{rule.guarded}\n" for rule in rules.rules)


@pytest.mark.parametrize(
    ("target", "wrong"),
    [
        pytest.param(Target("bare.conf", "Bare", "anywhere", {"bare.conf": _bare}), ["unsparing"], id="no exemption"),
        pytest.param(Target("a.conf", "A", "anywhere", {"a.conf": _named_after}), ["gullible"], id="a title as data"),
        pytest.param(
            Target("b.py", "B", "anywhere", {"b.py": lambda made, _: _bare(made, {}) + "search"}),
            ["gullible", "unsparing"],
            id="a title in the first line of a module",
        ),
        pytest.param(
            Target("c.conf", "C", "", {"c.conf": _bare}), ["unnamed", "unsparing"], id="no word in the README"
        ),
    ],
)
def test_a_wrong_target_is_found_out(target: Target, wrong: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(target, monkeypatch) == wrong


@pytest.mark.parametrize("title", TITLES)
def test_the_module_holds_our_statements_alone(title: str) -> None:
    """Python reads its file by the first two lines (PEP 263): whatever the title says, it is the same program."""
    target = next(one for one in TARGETS if one.name.endswith(".py"))
    (mine,), (plain,) = texts(target, plan(title)).values(), texts(target, plan()).values()
    assert ast.dump(ast.parse(mine.encode())) == ast.dump(ast.parse(plain.encode()))


def test_haproxy_takes_many_literal_siblings(tmp_path: Path) -> None:
    program = need("haproxy")
    siblings = tuple(entry(f"GET /v1/refunds/sibling{number}") for number in range(16))
    target = next(one for one in TARGETS if one.name == "haproxy.cfg")
    (text,) = texts(target, sample(operations=operations(), routes=siblings)).values()
    config = tmp_path / "haproxy.cfg"
    config.write_text(f"defaults\n mode http\n timeout client 1s\nfrontend f\n bind 127.0.0.1:{free_port()}\n{text}")
    done = subprocess.run([program, "-c", "-f", str(config)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
