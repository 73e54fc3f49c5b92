"""Reads plan.json back into the value that it was made from, for `track`, `gate` and the next plan in its folder.

What only guides and pages need (examples, schemas, sentences on what was seen) is not in the file and stays empty.
"""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, partial
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

from apidiff.folder.plan_data import LISTED, REFERRING
from apidiff.load.limits import MAX_BYTES, read_at_most
from apidiff.plan.value import KEPT, Dates, Decision, Plan, PlannedChange, PlannedIntegrator, PlannedOperation
from apidiff.usage.evidence import Coverage, Evidence, Impact, OperationUse
from apidiff.words.changes import Change, OperationEntry
from apidiff.words.errors import ApidiffError
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer

if TYPE_CHECKING:
    import jsonschema_rs

NAME: Final = "plan.json"
MOST_BYTES: Final = 10 * MAX_BYTES
"""A plan is as large as its specs and its logs' accounts together; beyond it is none."""
_T = TypeVar("_T")
_Reader = Callable[[Any], Any]
_Schema = Callable[[], dict[str, Any]]
_Hook = Callable[[list[tuple[str, Any]]], Any]
_LEFT: Final = ("integrator", *KEPT)
_REMEDY: Final = "Give the folder, or the plan.json in it, that `apidiff plan` of this version wrote; else plan again."


@dataclass(frozen=True, slots=True)
class Former:
    """What a plan leaves to the next one in its folder: its dates, and the columns of `KEPT` by integrator."""

    draft: str
    dates: Dates
    today: date
    written: Mapping[str, Mapping[str, str]]
    planned_on: date | None = None


def read_plan(path: Path) -> Plan:
    """The plan of a plan folder, or of the plan.json in it.

    Errors: `plan-not-found`, `plan-unreadable`, `plan-invalid` (with the JSON Pointer of what is not as it has to be).
    """
    return _read(path, _plan, _schema)


def read_former(path: Path) -> Former:
    """What the plan of a folder leaves to the next one; its other fields may be those of an older version.

    Errors: those of `read_plan`. A plan of 100,000 integrators would be 700 MB if it were all there at once.
    """
    return _read(path, _former, _former_schema, hook=_wanted)


def _read(
    path: Path,
    make: Callable[[Any], _T],
    schema: _Schema,
    hook: _Hook | None = None,
) -> _T:
    file = path / NAME if path.is_dir() else path
    data = _parsed(_bytes(path, file), file, hook)
    _check(data, file, schema)
    try:
        return make(data)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        raise ApidiffError(
            "the plan holds what is no date, or lacks what a field has to have",
            code="plan-invalid",
            at=str(file),
            hint=_REMEDY,
        ) from error


def _bytes(path: Path, file: Path) -> bytes:
    try:
        content = read_at_most(file, MOST_BYTES)
    except FileNotFoundError as error:
        message = f"there is no {NAME} in this folder" if path.is_dir() else "there is no such plan"
        raise ApidiffError(message, code="plan-not-found", at=str(path), hint=_REMEDY) from error
    except OSError as error:
        reason = f"the plan cannot be read: {(error.strerror or 'unknown reason').lower()}"
        raise ApidiffError(reason, code="plan-unreadable", at=str(file), hint=_REMEDY) from error
    if len(content) > MOST_BYTES:
        reason = f"the plan cannot be read: it is larger than {MOST_BYTES // 1_000_000} MB"
        raise ApidiffError(reason, code="plan-unreadable", at=str(file), hint=_REMEDY)
    return content


def _parsed(content: bytes, file: Path, hook: _Hook | None) -> Any:
    # not orjson: it rounds integers past 64 bits, which specs hold
    try:
        return json.loads(content, object_pairs_hook=hook)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        at = f"{file}:{line}" if line else str(file)
        raise ApidiffError("the plan is no JSON", code="plan-unreadable", at=at, hint=_REMEDY) from error


def _schema() -> dict[str, Any]:
    """plan.schema.json."""
    schema: dict[str, Any] = json.loads(resources.files("apidiff.folder").joinpath("plan.schema.json").read_bytes())
    return schema


def _former_schema() -> dict[str, Any]:
    """As much of plan.schema.json as `Former` rests on."""
    schema = _schema()
    asked, about = schema["properties"], schema["$defs"]["integrator"]["properties"]
    people = {"type": "object", "required": _LEFT, "properties": {column: about[column] for column in _LEFT}}
    return {
        "$schema": schema["$schema"],
        "$defs": schema["$defs"],
        "type": "object",
        "required": ["format", "draft", "dates", "today", "integrators"],
        "properties": {name: asked[name] for name in ("format", "draft", "dates", "today", "planned_on")}
        | {"integrators": {"type": "array", "items": people}},
    }


def _wanted(pairs: list[tuple[str, Any]]) -> Any:
    """An object of plan.json, or as much of it as `Former` rests on: nothing of an impact, the columns of people."""
    data = dict(pairs)
    if "impacts" in data:
        return {name: data[name] for name in _LEFT if name in data}
    return None if "evidence" in data and ("changes" in data or "change" in data) else data


@cache
def _validator(schema: _Schema) -> "jsonschema_rs.Draft202012Validator":
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(schema(), mask="the value")


def _check(data: Any, file: Path, schema: _Schema) -> None:
    """Refuse what the schema refuses; the message names the place, never the value."""
    if isinstance(data, dict) and str(data.get("format", "")) not in ("", LISTED, REFERRING):
        raise ApidiffError(
            "the plan has another format", code="plan-invalid", at=str(Pointer(str(file), ("format",))), hint=_REMEDY
        )
    validator = _validator(schema)
    try:
        found = list(validator.iter_errors(data))
    except UnicodeEncodeError:
        # Halves of surrogate pairs, which real specs hold and the validator's language has no texts for.
        whole = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
        found = list(validator.iter_errors(json.loads(whole)))
    for error in found:
        place = Pointer(str(file), tuple(str(part) for part in error.instance_path))
        raise ApidiffError(
            f"the plan breaks its schema: {error.message}", code="plan-invalid", at=str(place), hint=_REMEDY
        )


def _former(data: Mapping[str, Any]) -> Former:
    people = {one["integrator"]: {column: one[column] for column in KEPT} for one in data["integrators"]}
    return _made(Former, data, written=people)


def _plan(data: Mapping[str, Any]) -> Plan:
    sets = tuple(map(tuple, data["change_sets"])) if data["format"] == REFERRING else None
    return _made(
        Plan,
        data,
        usage=data["usage"] and _coverage(data["usage"]),
        operations=tuple(map(_planned_operation, data["operations"])),
        changes=tuple(map(_planned_change, data["changes"])),
        integrators=tuple(map(partial(_integrator, sets), data["integrators"])),
        languages=tuple((one["language"], one["share"]) for one in data.get("languages", ())),
        routes=tuple(map(_operation, data["routes"])),
    )


def _coverage(data: Mapping[str, Any]) -> Coverage:
    return _made(
        Coverage,
        data,
        unmatched_shapes=tuple((one["shape"], one["attempts"]) for one in data.get("unmatched_shapes", ())),
        malformed_samples=tuple((one["at"], one["reason"]) for one in data.get("malformed_samples", ())),
    )


def _operation(data: Mapping[str, Any]) -> OperationEntry:
    return _made(OperationEntry, data, present=data["in"])


def _planned_operation(data: Mapping[str, Any]) -> PlannedOperation:
    use = data.get("use")
    if use is not None:
        use = _made(OperationUse, use, operation=OperationId(data["id"]))
    return _made(PlannedOperation, data, operation=_operation(data), use=use)


def _planned_change(data: Mapping[str, Any]) -> PlannedChange:
    # whom a plan's change meets is counted by evidence, and no answer of a snapshot
    change = _made(Change, data, affected=None)
    affected = {Evidence(kind): count for kind, count in data["affected"].items()}
    decision = data["decision"] and _made(Decision, data["decision"], change=change.id)
    return _made(PlannedChange, data, change=change, affected=affected, decision=decision)


def _integrator(sets: Sequence[tuple[str, ...]] | None, data: Mapping[str, Any]) -> PlannedIntegrator:
    if sets is None:
        return _made(PlannedIntegrator, data, impacts=_together(data["integrator"], data["impacts"]))
    impacts = tuple(_impact(data["integrator"], one, sets[one["changes"]]) for one in data["impacts"])
    return _made(PlannedIntegrator, data, changes=sets[data["changes"]], impacts=impacts)


def _together(integrator: str, listed: Sequence[Mapping[str, Any]]) -> tuple[Impact, ...]:
    """The impacts of an integrator: of the changes that meet it alike one."""
    found: dict[Hashable, tuple[Mapping[str, Any], list[str]]] = {}
    for one in listed:
        figures = tuple((name, value) for name, value in one.items() if name != "change")
        found.setdefault(figures, (one, []))[1].append(one["change"])
    return tuple(_impact(integrator, one, tuple(changes)) for one, changes in found.values())


def _impact(integrator: str, data: Mapping[str, Any], changes: tuple[str, ...]) -> Impact:
    return _made(Impact, data, integrator=integrator, changes=changes, operations=())


def _made(kind: type[_T], data: Mapping[str, Any], **converted: Any) -> _T:
    """The value whose fields `data` has, some of them converted; what the file holds besides is left alone."""
    known = {
        name: data[name] if read is None else read(data[name])
        for name, read in _readers(cast("Hashable", kind))
        if name in data and name not in converted
    }
    return kind(**known, **converted)


@cache
def _readers(kind: Hashable) -> tuple[tuple[str, _Reader | None], ...]:
    """The fields of a value, each with what makes it out of JSON."""
    return tuple((name, _reader(hint)) for name, hint in get_type_hints(kind).items())


def _reader(hint: Any) -> _Reader | None:
    """What makes a value of a type out of JSON: None where JSON has it already."""
    if isinstance(hint, UnionType):
        inner = next(filter(None, map(_reader, get_args(hint))), None)
        return None if inner is None else partial(_unless_null, inner)
    if get_origin(hint) is tuple:
        inner = _reader(get_args(hint)[0])
        return tuple if inner is None else partial(_each, inner)
    if hint in (date, datetime):
        return cast("_Reader", hint.fromisoformat)
    if isinstance(hint, type) and issubclass(hint, (Enum, OperationId)):
        return hint
    return partial(_made, cast("type[Any]", hint)) if is_dataclass(hint) else None


def _unless_null(read: _Reader, value: Any) -> Any:
    return None if value is None else read(value)


def _each(read: _Reader, values: Any) -> Any:
    return tuple(map(read, values))
