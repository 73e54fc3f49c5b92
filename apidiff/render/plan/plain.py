"""Changes and their traces in the words of somebody who has not read the spec: for mails, briefs and own pages.

One sentence a change, true for its kind; where a kind has no sentence of its own, its title is one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from apidiff.calls.samples import at
from apidiff.plan.value import PlannedChange
from apidiff.render.plan.view import Hit, counted
from apidiff.render.templates import day
from apidiff.usage.evidence import Evidence
from apidiff.words.amount import first_of
from apidiff.words.changes import Change
from apidiff.words.direction import Direction
from apidiff.words.escape import clip
from apidiff.words.facts import ABSENT

_SHOWN: Final = 2
_VALUES: Final = 3
_LIMITS: Final[Mapping[str, str]] = {
    "maximum-decreased": "may be {after} at most (it was {before})",
    "minimum-increased": "has to be {after} or more (it was {before})",
    "max-length-decreased": "may have {after} characters at most (it was {before})",
    "min-length-increased": "needs {after} characters or more (it was {before})",
    "max-items-decreased": "may hold {after} entries at most (it was {before})",
    "min-items-increased": "needs {after} entries or more (it was {before})",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where callers meet a change with the fewest steps: the operation, and the field from its body's root.

    The field is "" where it is none, or where the way to it in their operations is not known: `elsewhere` is then the
    same of an operation that they do not call.
    """

    operation: str
    field: str
    elsewhere: tuple[str, str] | None = None


def spot(change: Change, operations: tuple[str, ...] = ()) -> Spot:
    """The nearest place of a change for who calls these operations (all of the change's if none is named)."""
    called = operations or change.operations
    for place in change.places:
        if (operation := at(place)) in called:
            return Spot(operation, _field(place, change))
    nearest = next((place for place in change.places[:1] if called and at(place) in change.operations), None)
    return Spot(called[0] if called else "", "", None if nearest is None else (at(nearest), _field(nearest, change)))


def _field(place: str, change: Change) -> str:
    """The field that a place ends with, as the exposure names it: the longest, since one may end with another."""
    names = change.exposure.names if change.exposure.location == "body" else ()
    return max((name for name in names if place.endswith(f" {name}")), key=len, default="")


def in_words(planned: PlannedChange, operations: tuple[str, ...] = ()) -> str:
    """What changes for somebody who calls these operations, as one sentence with names in backticks.

    The operation that is named is the one in whose body the field lies nearest to the root, so that two fields of one
    name are told apart.
    """
    change = planned.change
    met = spot(change, operations)
    where = _where(_led_by(met.operation, operations or change.operations)) + _inside(met)
    name = _code(met.field or _last(change))
    return _kept(change, name, where) if planned.is_kept else _sentence(change, name, where)


def _led_by(first: str, operations: tuple[str, ...]) -> tuple[str, ...]:
    return (first, *(one for one in operations if one != first)) if first in operations else operations


def _inside(met: Spot) -> str:
    """What holds the field, told from an operation where the way to it is known."""
    if not met.elsewhere or not met.elsewhere[1]:
        return ""
    operation, field = met.elsewhere
    holder = field.rpartition(".")[0]
    return f", inside what {_code(operation)} has{f' as {_code(holder)}' if holder else ''}"


def _kept(change: Change, name: str, where: str) -> str:
    """What stays beside what is new: nothing of it ends."""
    side = _side(change.direction is Direction.RESPONSE, where)
    heirs = [_code(one) for one in change.renamed_to.split(", ")] if change.renamed_to else []
    if change.subject in ("operation", "path"):
        return f"{where} stays{f', beside {heirs[0]}' if heirs else ''}."
    if heirs and change.subject in ("property", "parameter"):
        come = "come" if len(heirs) > 1 else "comes"
        return f"{' and '.join(heirs)} {come} beside {name} in {side}. The old form stays."
    return f"{name} stays as it is in {side}, beside the new form."


def _sentence(change: Change, name: str, where: str) -> str:
    rule = change.rule
    answers = change.direction is Direction.RESPONSE
    if change.subject in ("operation", "path"):
        target = change.renamed_to or (change.after if isinstance(change.after, str) else "")
        if not target:
            return f"{where} goes away, and nothing takes its place yet."
        return f"{where} goes away; {_heirs(target)} its place." if is_replaced(change) else (
            f"{where} moves to {_code(target)}."
        )  # fmt: skip
    if is_replaced(change) and change.renamed_to:
        return f"{name} is gone from {_side(answers, where)}; {_heirs(change.renamed_to)} its place."
    if change.renamed_to and change.subject in ("property", "parameter"):
        new = " and ".join(_code(one) for one in change.renamed_to.split(", "))
        return f"{name} becomes {new} in {_side(answers, where)}."
    if "required" in rule and "no-longer" not in rule and not answers and "removed" not in rule:
        return f"{name} has to be sent with {where}."
    if said := _of_values(change, name, where):
        return said
    if change.subject in ("property", "parameter") and ("removed" in rule or "no-longer-accepted" in rule):
        return f"{name} is gone from {_side(answers, where)}."
    if answers and ("optional" in rule or "no-longer-required" in rule):
        return f"{name} may be missing from the answers of {where}."
    if answers and rule.startswith("null-newly"):
        return f"{name} may be null in the answers of {where}."
    return f"{_title(change)}{f' ({where})' if where not in change.title else ''}."


def _of_values(change: Change, name: str, where: str) -> str:
    """The sentence of a change in the values that something takes; "" where it is none of these."""
    rule, answers = change.rule, change.direction is Direction.RESPONSE
    if "value-removed" in rule and change.exposure.values:
        gone = _values(change.exposure.values)
        return (
            f"{name} no longer takes {gone} in {where}."
            if not answers
            else f"{name} is never {gone} any more in the answers of {where}."
        )
    if rule == "enum-value-added" and answers and isinstance(change.after, list):
        return f"{name} can now be {_values([str(one) for one in change.after])} in {_side(answers, where)}."
    if rule in _LIMITS and not answers and change.before is not ABSENT and _is_plain(change.before, change.after):
        said = _LIMITS[rule].format(before=f"{change.before:,}", after=f"{change.after:,}")
        return f"{name} {said} in {where}."
    if rule == "branch-removed" and not answers and str(change.before).startswith("any "):
        return f"{name} takes the listed values alone in {where}, and no longer {change.before}."
    return ""


def _values(values: Sequence[str]) -> str:
    """The first values by name, and how many more there are."""
    return first_of([_code(one) for one in values], _VALUES)


def is_replaced(change: Change) -> bool:
    """Whether another thing takes the place of one that is gone: one that was there before, or has another form."""
    return (
        bool(change.renamed_to) and change.subject in ("operation", "parameter", "property") and change.after is ABSENT
    )


def _heirs(names: str) -> str:
    """What takes a place, with its verb."""
    heirs = names.split(", ")
    return " and ".join(map(_code, heirs)) + (" take" if len(heirs) > 1 else " takes")


def _is_plain(*values: Any) -> bool:
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)


def _title(change: Change) -> str:
    title = change.title.rstrip(".")
    return title[:1].upper() + title[1:]


def _side(answers: bool, where: str) -> str:
    return f"the answers of {where}" if answers else where


def _last(change: Change) -> str:
    """What people call the thing: the parameter that is sent, the last part of a field."""
    name = change.exposure.names[0] if change.exposure.names and change.subject == "schema" else change.name
    if change.subject == "parameter":  # a full stop belongs to its name
        return name or "the value"
    return name.rpartition(".")[2] or change.name or "the value"


def _code(text: str) -> str:
    return f"`{clip(text, 80).replace('`', '')}`"


def _where(operations: tuple[str, ...]) -> str:
    """The operations, the first two by name."""
    if not operations:
        return "the API"
    if len(operations) == _SHOWN:
        return f"{_code(operations[0])} and {_code(operations[1])}"
    more = len(operations) - 1
    return _code(operations[0]) + (f" and {more} more" if more else "")


def trace(hit: Hit) -> str:
    """What the logs show of one integrator and one change, without fields of logs: to be read by the integrator."""
    impact = hit.impact
    if hit.planned.is_kept:  # nothing of it is to be checked
        return f"You made {counted(impact.logical_successes, 'call')} here."
    if impact.seen and not impact.active_days:  # counted anew for this mail
        return _told(impact.seen)
    last = f", the last on {day(impact.last_seen)}" if impact.last_seen else ""
    if impact.evidence is Evidence.CONFIRMED and impact.seen:
        return _told(impact.seen)
    if impact.evidence is Evidence.POSSIBLE:
        return f"We saw failing or old calls only{last}: please check."
    calls = counted(impact.logical_successes, "call")
    return f"You made {calls} here{last}; we can't see whether your code uses this part, so please check."


def of_several(seen: str) -> str:
    """A trace that is the same of several changes, said behind the last of them."""
    return f"Of all these: {seen[:1].lower()}{seen[1:]}".replace("this part", "these parts")


def _told(seen: str) -> str:
    """What a log shows, told to whom it is about: fields by their last name, days as people write them."""
    text = _PATH.sub(r"`\1`", seen.rstrip("."))
    text = _DAY.sub(lambda found: f"the last on {day(found[1])}", text)
    if text[:1].isdigit():
        return f"You made {text}."
    return f"You {text}." if text.startswith(("sent ", "left ", "called ")) else f"{text[:1].upper()}{text[1:]}."


_PATH: Final = re.compile(r"`[^`]*[.\]]([^`.\]]+)`")
_DAY: Final = re.compile(r"\b(?:the )?last on (\d{4}-\d\d-\d\d)")


def is_refused(hit: Hit) -> bool:
    """Whether the integrator's own calls are refused once the change is there: what a brownout shows it."""
    change = hit.planned.change
    return (
        hit.planned.ends and change.direction is not Direction.RESPONSE and hit.impact.evidence is not Evidence.POSSIBLE
    )


def is_removed(planned: PlannedChange) -> bool:
    """Whether the operation itself goes, which a gateway can answer with 410."""
    return planned.ends and planned.change.subject in ("operation", "path")


def by_edit(hits: tuple[Hit, ...]) -> tuple[tuple[Hit, tuple[str, ...]], ...]:
    """The hits with the same edit on several operations said once: the first of each, and all of their operations."""
    found: dict[tuple[object, ...], tuple[Hit, dict[str, None]]] = {}
    for hit in hits:
        change = hit.planned.change
        # a property that goes from several answers is one thing to do, and one of the same name deeper in is another
        field = spot(change, hit.impact.operations).field or _last(change)
        key = change.rule, change.direction, field, hit.planned.is_kept
        _, operations = found.setdefault(key, (hit, {}))
        operations.update(dict.fromkeys(hit.impact.operations or change.operations))
    return tuple((hit, tuple(operations)) for hit, operations in found.values())
