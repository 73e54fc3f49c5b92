"""overlay.yaml: an OpenAPI Overlay that marks in the base what ends, so that its docs and SDKs say so (Overlay 1.0.0).

It only updates objects, never lists, so that applying it twice is applying it once.
"""

from typing import Any, Final

from apidiff.plan.value import Plan, PlannedChange
from apidiff.render.plan.gateways.proxies import yaml
from apidiff.render.plan.view import View
from apidiff.words.changes import Change
from apidiff.words.escape import http_url, visible
from apidiff.words.pointer import parse

_HOLDERS: Final = ("properties", "parameters", "headers")
"""A thing directly below one of these has a `deprecated` of its own (OpenAPI 3.1, 4.8.12, 4.8.21; JSON Schema 9.3)."""

_ENDS: Final = ("removed", "renamed", "split", "moved", "no-longer-accepted")


def overlay_yaml(view: View) -> str:
    """The overlay, and in comments what it could not mark."""
    plan = view.plan
    actions: dict[str, dict[str, Any]] = {}
    left_out: list[str] = []
    for planned in plan.operations:
        if planned.removed:
            target = json_path(("paths", planned.operation.path, planned.operation.method.lower()))
            actions[target] = {"deprecated": True} | _dates(plan) | _successor(planned.successor)
    for one in view.breaking:
        if _ends(one.change):
            _mark(one, plan, actions, left_out)
    document = {
        "overlay": "1.0.0",
        "info": {
            "title": visible(f"What ends of {plan.base.title} {plan.base.version}"),
            "version": plan.today.isoformat(),
        },
        "actions": [{"target": target, "update": update} for target, update in actions.items()],
    }
    stamps = [f"DRAFT: {plan.draft}. Do not publish." if plan.draft else "", plan.stamp]
    comments = [*filter(None, stamps), *(f"Not in the entry file, mark it by hand: {place}" for place in left_out)]
    return "".join(f"# {visible(comment)}\n" for comment in comments) + yaml(document)


def _ends(change: Change) -> bool:
    """Whether the change takes away a thing that `deprecated` can be said of."""
    return change.subject in ("property", "parameter", "header") and any(word in change.rule for word in _ENDS)


def _mark(planned: PlannedChange, plan: Plan, actions: dict[str, dict[str, Any]], left_out: list[str]) -> None:
    """Adds the mark of one change, where its place in the base can carry one; what is kept has no day to end on."""
    change = planned.change
    pointer = parse(change.base or "")
    if len(pointer.segments) < 2 or pointer.segments[-2] not in _HOLDERS:
        return
    if pointer.file:
        left_out.append(str(pointer))
        return
    # Swagger 2.0 knows `deprecated` on operations alone.
    flag = "x-deprecated" if plan.base.spec.startswith("swagger") else "deprecated"
    dates = {key: value for key, value in _dates(plan).items() if planned.ends or key != "x-sunset"}
    update = {flag: True} | dates | _successor(change.renamed_to)
    actions.setdefault(json_path(pointer.segments), update)


def _dates(plan: Plan) -> dict[str, Any]:
    dates = plan.dates
    marks = {
        "x-deprecated-at": dates.deprecation.isoformat() if dates.deprecation else None,
        "x-sunset": dates.sunset.isoformat() if dates.sunset else None,
        "x-apidiff-migration-guide": http_url(plan.guide_url) or None,
    }
    return {key: value for key, value in marks.items() if value is not None}


def _successor(successor: str | None) -> dict[str, Any]:
    return {"x-apidiff-replacement": visible(successor)} if successor else {}


def json_path(segments: tuple[str, ...]) -> str:
    """The place as a JSONPath (RFC 9535): bracketed names, and bare indexes for the items of lists."""
    parts: list[str] = []
    for place, segment in enumerate(segments):
        if segment.isdecimal() and place and segments[place - 1] == "parameters" and segments[0] == "paths":
            parts.append(f"[{segment}]")
        else:
            quoted = segment.replace("\\", "\\\\").replace("'", "\\'")
            parts.append(f"['{quoted}']")
    return "$" + "".join(parts)
