"""plan.json as releases before `apidiff-plan/2` wrote it: an impact for each change, every list of ids in full."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

FORMAT: Final = "apidiff-plan/1"
_FIGURES: Final = (
    "evidence", "logical_successes", "attempts", "first_seen", "last_seen", "active_days", "longest_gap_days",
)  # fmt: skip


def first_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of the first format, made of today's or of a part of it that is asked for."""
    made = deepcopy(dict(schema))
    made["properties"]["format"] = {"const": FORMAT}
    made["required"] = [name for name in schema["required"] if name != "change_sets"]
    about = made["$defs"]["integrator"]["properties"]
    about["changes"] = {"type": "array", "items": {"type": "string"}}
    impact = about["impacts"]["items"]
    impact["required"] = ["change", *_FIGURES]
    impact["properties"]["change"] = {"type": "string"}
    del impact["properties"]["changes"]
    return made


def from_first(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same plan in today's format: lists of changes by their place, of those with equal figures one impact."""
    places: dict[tuple[str, ...], int] = {}

    def place(changes: Sequence[str]) -> int:
        return places.setdefault(tuple(changes), len(places))

    def together(impacts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        found: dict[tuple[Any, ...], list[str]] = {}
        for impact in impacts:
            found.setdefault(tuple(impact[name] for name in _FIGURES), []).append(impact["change"])
        return [
            {"changes": place(changes), **dict(zip(_FIGURES, figures, strict=True))}
            for figures, changes in found.items()
        ]

    people = [
        {**one, "impacts": together(one["impacts"]), "changes": place(one["changes"])} for one in data["integrators"]
    ]
    return {**data, "integrators": people, "change_sets": list(places)}
