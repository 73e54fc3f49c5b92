"""sunset-plan.md: for the team that runs the API, each operation's dates and headers, the steps, and what to verify."""

import shlex
from pathlib import Path
from typing import Final
from urllib.parse import quote

from apidiff.plan.value import Plan, PlannedOperation, Tier
from apidiff.render.plan.plain import in_words, is_removed
from apidiff.render.plan.view import TIER_TITLES, View, counted, money, necessity
from apidiff.render.templates import fill
from apidiff.words.direction import Direction


def sunset_md(view: View, *, template_dir: Path | None = None) -> str:
    """The decisions, the evidence, the dated steps, each operation's headers, and the checks before the sunset."""
    plan = view.plan
    ending = [planned for planned in view.breaking if planned.ends and not is_removed(planned)]
    answers = [planned for planned in ending if planned.change.direction is Direction.RESPONSE]
    return fill(
        "sunset-plan.md.j2",
        template_dir=template_dir,
        view=view,
        plan=plan,
        tiers=[(TIER_TITLES[tier], view.tiers[tier]) for tier in Tier],
        operations=[(one, headers_text(one), probe(one, plan)) for one in plan.operations],
        stricter=[in_words(planned) for planned in ending if planned not in answers],
        other=len(answers),
        counted=counted,
        money=money,
        necessity=necessity,
        policy=[(_LABELS.get(key, words(key)), said(value)) for key, value in plan.policy.items()],
        cost=[(words(key), said(value)) for key, value in plan.cost.items()],
    )


_LABELS: Final = {"status_after_sunset": "status after a sunset, at the vendor"}
"""Fields of a policy whose key would say what our own files do."""


def headers_text(planned: PlannedOperation) -> str:
    """The headers as they go over the wire."""
    return "\n".join(f"{name}: {value}" for name, value in planned.headers.items())


def probe(planned: PlannedOperation, plan: Plan) -> str:
    """A command that shows the headers; it sends no body and no real id, so that it changes nothing."""
    method = shlex.quote(planned.operation.method)
    address = f"{plan.base.server or 'https://api.example.com'}{planned.operation.path}"
    # in quotes always: `{id}` is to be replaced, and what takes its place may be anything
    url = quote(address, safe="%/:?#[]@!$&()*+,;=~-._{}", errors="replace")
    return f"curl -g -sS -D - -o /dev/null -X {method} '{url}' | grep -i -E '^(deprecation|sunset|link):'"


def words(key: str) -> str:
    """The key of a mapping as a person reads it."""
    return key.replace("_", " ")


def said(value: object) -> str:
    """The value of a policy or cost entry on one line."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(said(one) for one in value) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{words(str(key))}: {said(one)}" for key, one in value.items()) or "–"
    return f"{value:,}" if isinstance(value, int) else str(value)
