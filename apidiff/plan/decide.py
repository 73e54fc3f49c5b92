"""Which decision answers which change: by id, or by rule, component, path, tag and direction; the narrower one wins.

A decision that answers nothing is an error, for it was meant for something: nothing is decided by accident, or lost.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from apidiff.config.settings import DecisionEntry, Which
from apidiff.words.changes import Change, OperationEntry
from apidiff.words.errors import ApidiffError
from apidiff.words.operation import OperationId

_COMPONENT = re.compile(r"#/(?:components/[^/]+|definitions|parameters|responses)/([^/]+)")


@dataclass(frozen=True, slots=True)
class Answered:
    """The decision of each change that has one, and how many changes each decision settled and matches."""

    by_change: Mapping[str, DecisionEntry]
    settled: Mapping[str, int]
    matched: Mapping[str, int]


def answer(
    changes: Sequence[Change], operations: Iterable[OperationEntry], decisions: Mapping[str, DecisionEntry]
) -> Answered:
    """What each decision answers.

    One by id may answer any change; the others answer the breaks of which every operation matches. Of several that
    match a change the one that matches the fewest wins. Errors: `decision-unknown`, `decision-ambiguous`.
    """
    if not decisions:
        return Answered({}, {}, {})
    known = {change.id: change for change in changes}
    tags = {one.id: one.tags for one in operations}
    paths = {one.id: one.path for one in operations}
    breaks = [change for change in changes if change.breaks]
    matched: dict[str, list[str]] = {}
    for key, entry in decisions.items():
        if entry.which is None:
            if key not in known:
                raise _unknown(entry, key, known, "no change has this id")
            matched[key] = [key]
        else:
            matched[key] = [one.id for one in breaks if _matches(entry.which, one, paths, tags)]
            if not matched[key]:
                raise _unknown(entry, key, _names(entry.which, breaks, paths, tags), "it answers no breaking change")
    by_change: dict[str, DecisionEntry] = {}
    for key in sorted(matched, key=lambda key: (len(matched[key]), decisions[key].which is not None, key)):
        for change in matched[key]:
            winner = by_change.setdefault(change, decisions[key])
            if _is_torn(winner, decisions[key], matched):
                raise ApidiffError(
                    f"decisions disagree about {change}: `{winner.change}` and `{key}` answer equally many changes",
                    code="decision-ambiguous",
                    at=decisions[key].at or None,
                    hint="Answer the change by its id, or make one of them narrower.",
                )
    settled = {key: sum(one.change == key for one in by_change.values()) for key in decisions}
    return Answered(by_change, settled, {key: len(found) for key, found in matched.items()})


def component_of(change: Change) -> str:
    """The shared component in which a change was made, "" where it was made in an operation itself."""
    found = _COMPONENT.search(change.base or change.revision or "")
    return found.group(1).replace("~1", "/").replace("~0", "~") if found else ""


def _is_torn(winner: DecisionEntry, other: DecisionEntry, matched: Mapping[str, Sequence[str]]) -> bool:
    """Whether two decisions say different things of a change, and neither is narrower."""
    is_equal = len(matched[winner.change]) == len(matched[other.change])
    return is_equal and winner.which is not None and other.answer is not winner.answer


def _matches(
    which: Which, change: Change, paths: Mapping[OperationId, str], tags: Mapping[OperationId, Sequence[str]]
) -> bool:
    if which.rule and change.rule != which.rule:
        return False
    if which.direction and change.direction != which.direction:
        return False
    if which.component and not fnmatchcase(component_of(change), which.component):
        return False
    if which.path and not _all(change, lambda one: fnmatchcase(paths.get(one, ""), which.path)):
        return False
    return not which.tag or _all(change, lambda one: which.tag in tags.get(one, ()))


def _all(change: Change, test: Callable[[OperationId], bool]) -> bool:
    """Whether every operation that a change reaches passes, and there is one."""
    return bool(change.operations) and all(map(test, change.operations))


def _names(
    which: Which, breaks: Sequence[Change], paths: Mapping[OperationId, str], tags: Mapping[OperationId, Sequence[str]]
) -> set[str]:
    """What could have been meant: the decisions of the same kind that do answer something."""
    found = set()
    for change in breaks:
        operation = (*change.operations, OperationId(""))[0]
        has = {
            "rule": change.rule,
            "component": component_of(change),
            "path": paths.get(operation, ""),
            "tag": (*tags.get(operation, ()), "")[0],
            "direction": change.direction or "",
        }
        one = Which(**{name: has[name] for name in which.named})
        if len(one.named) == len(which.named):
            found.add(one.key)
    return found


def _unknown(entry: DecisionEntry, key: str, known: Iterable[str], message: str) -> ApidiffError:
    near = get_close_matches(key, known, n=1, cutoff=0.3)
    nearest = f"The nearest that does is `{near[0]}`. " if near else ""
    return ApidiffError(
        f"decision `{key}`: {message}",
        code="decision-unknown",
        at=entry.at or None,
        hint=f"{nearest}`apidiff decide` lists the open ones; take out what is no longer needed.",
    )
