"""Reads plan.json back into the value that it was made from, for the work that follows a plan: `track` and `gate`.

What only guides and pages need (examples, schemas, sentences on what was seen) is not in the file and stays empty.
"""

import json
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from apidiff.config.settings import Answer
from apidiff.plan.value import Dates, Decision, Plan, PlannedChange, PlannedIntegrator, PlannedOperation, Step, Tier
from apidiff.usage.evidence import Coverage, Depth, Evidence, Impact, OperationUse
from apidiff.words.changes import (
    Alternative,
    Change,
    Effort,
    Exposed,
    Exposure,
    Level,
    OperationEntry,
    SpecHead,
    Waiver,
    Witness,
)
from apidiff.words.direction import Direction
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer

if TYPE_CHECKING:
    import jsonschema_rs

NAME: Final = "plan.json"
_T = TypeVar("_T")
_REMEDY: Final = "Give the folder, or the plan.json in it, that `apidiff plan` of this version wrote; else plan again."


def read_plan(path: Path) -> Plan:
    """The plan of a plan folder, or of the plan.json in it.

    Errors: `plan-not-found`, `plan-unreadable`, `plan-invalid` (with the JSON Pointer of what is not as it has to be).
    """
    file = path / NAME if path.is_dir() else path
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        message = f"there is no {NAME} in this folder" if path.is_dir() else "there is no such plan"
        raise ApidiffError(message, code="plan-not-found", at=str(path), hint=_REMEDY) from error
    except OSError as error:
        reason = f"the plan cannot be read: {(error.strerror or 'unknown reason').lower()}"
        raise ApidiffError(reason, code="plan-unreadable", at=str(file), hint=_REMEDY) from error
    data = _parsed(content, file)
    _check(data, file)
    try:
        return _plan(data)
    except ValueError as error:
        raise ApidiffError(
            f"the plan holds what is no date: {error}", code="plan-invalid", at=str(file), hint=_REMEDY
        ) from error


def _parsed(content: bytes, file: Path) -> Any:
    # not orjson: it rounds integers past 64 bits, which specs hold
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        at = f"{file}:{line}" if line else str(file)
        raise ApidiffError("the plan is no JSON", code="plan-unreadable", at=at, hint=_REMEDY) from error


@cache
def _validator() -> "jsonschema_rs.Draft202012Validator":
    import jsonschema_rs

    schema = json.loads(resources.files("apidiff.folder").joinpath("plan.schema.json").read_bytes())
    return jsonschema_rs.Draft202012Validator(schema, mask="the value")


def _check(data: Any, file: Path) -> None:
    """Refuse what plan.schema.json refuses; the message names the place, never the value."""
    if isinstance(data, dict) and str(data.get("format", "")) not in ("", "apidiff-plan/1"):
        raise ApidiffError(
            "the plan has another format", code="plan-invalid", at=str(Pointer(str(file), ("format",))), hint=_REMEDY
        )
    for error in _validator().iter_errors(data):
        place = Pointer(str(file), tuple(str(part) for part in error.instance_path))
        raise ApidiffError(
            f"the plan breaks its schema: {error.message}", code="plan-invalid", at=str(place), hint=_REMEDY
        )


def _plan(data: Mapping[str, Any]) -> Plan:
    routes = tuple(map(_operation, data["routes"]))
    return Plan(
        base=_made(SpecHead, data["base"]),
        revision=_made(SpecHead, data["revision"]),
        summary=data["summary"],
        policy=data["policy"],
        dates=_made(Dates, {name: _day(day) for name, day in data["dates"].items()}),
        usage=None if data["usage"] is None else _coverage(data["usage"]),
        operations=tuple(map(_planned_operation, data["operations"])),
        changes=tuple(map(_planned_change, data["changes"])),
        integrators=tuple(map(_integrator, data["integrators"])),
        timeline=tuple(_made(Step, step, date=date.fromisoformat(step["date"])) for step in data["timeline"]),
        today=date.fromisoformat(data["today"]),
        planned_on=_day(data.get("planned_on")),
        draft=data["draft"],
        stamp=data["stamp"],
        guide_url=data.get("guide_url", ""),
        languages=tuple((one["language"], one["share"]) for one in data.get("languages", ())),
        coverage_of_revenue=tuple(data.get("coverage_of_revenue", ())),
        cost=data.get("cost", {}),
        routes=routes,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _coverage(data: Mapping[str, Any]) -> Coverage:
    return _made(
        Coverage,
        data,
        first=_instant(data["first"]),
        last=_instant(data["last"]),
        warnings=tuple(data.get("warnings", ())),
        unmatched_shapes=tuple((one["shape"], one["attempts"]) for one in data.get("unmatched_shapes", ())),
        malformed_samples=tuple((one["at"], one["reason"]) for one in data.get("malformed_samples", ())),
    )


def _operation(data: Mapping[str, Any]) -> OperationEntry:
    return _made(OperationEntry, data, present=data["in"], prefixes=tuple(data.get("prefixes", ("",))))


def _planned_operation(data: Mapping[str, Any]) -> PlannedOperation:
    use = data.get("use")
    if use is not None:
        use = _made(OperationUse, use, operation=data["id"], **_times(use))
    return _made(PlannedOperation, data, operation=_operation(data), changes=tuple(data["changes"]), use=use)


def _planned_change(data: Mapping[str, Any]) -> PlannedChange:
    exposure, decision = data["exposure"], data["decision"]
    change = _made(
        Change,
        data,
        level=Level(data["level"]),
        direction=None if data["direction"] is None else Direction(data["direction"]),
        operations=tuple(data["operations"]),
        places=tuple(data["places"]),
        alternative=data["alternative"] and _made(Alternative, data["alternative"]),
        witness=data["witness"] and _made(Witness, data["witness"]),
        waiver=data["waiver"] and _made(Waiver, data["waiver"]),
        effort=Effort(data["effort"]),
        exposure=Exposure(
            Exposed(exposure["kind"]),
            exposure["location"],
            tuple(exposure["names"]),
            tuple(exposure["values"]),
            exposure["beyond"],
        ),
    )
    affected = {Evidence(kind): count for kind, count in data["affected"].items()}
    if decision is not None:
        decision = _made(Decision, decision, change=change.id, answer=Answer(decision["answer"]))
    return PlannedChange(change, affected, decision)


def _integrator(data: Mapping[str, Any]) -> PlannedIntegrator:
    lists = ("keys", "operations", "changes", "languages", "flags", "key_ids")
    return _made(
        PlannedIntegrator,
        data,
        tier=Tier(data["tier"]),
        evidence=Evidence(data["evidence"]),
        depth=Depth(data["depth"]),
        due=_day(data["due"]),
        impacts=tuple(_impact(data["integrator"], impact) for impact in data["impacts"]),
        **{name: tuple(data[name]) for name in lists},
    )


def _impact(integrator: str, data: Mapping[str, Any]) -> Impact:
    evidence = Evidence(data["evidence"])
    return _made(Impact, data, integrator=integrator, operations=(), evidence=evidence, **_times(data))


def _times(data: Mapping[str, Any]) -> dict[str, datetime | None]:
    return {name: _instant(data[name]) for name in ("first_seen", "last_seen")}


def _made(kind: type[_T], data: Mapping[str, Any], **converted: Any) -> _T:
    """The value whose fields `data` has, some of them converted; what the file holds besides is left alone."""
    known = {name: data[name] for name in _fields(cast("Hashable", kind)) if name in data}
    return kind(**known | converted)


@cache
def _fields(kind: Hashable) -> tuple[str, ...]:
    return tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
