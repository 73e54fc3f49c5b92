"""Compares the conditions of schemas (`if`, `then`, `else`): told only where both sides ask the same first."""

from apidiff.diff.aside import is_covered, is_within
from apidiff.diff.evaluated import Evaluated
from apidiff.diff.walk import Walk
from apidiff.schema import Place, View
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer


def compare_conditions(walk: Walk, pair: int, before: View, after: View, closed: Evaluated | None) -> None:
    """State what became of each condition, in their order."""
    left, right = before.conditions, after.conditions
    for index in range(max(len(left), len(right))):
        was = left[index] if index < len(left) else None
        now = right[index] if index < len(right) else None
        if was and now and walk.unchanged.pair(was[0], now[0], file=was[1].file):
            continue
        action = (
            _moved_condition(walk, was, now, closed) if was and now else Action.LOOSENED if was else Action.TIGHTENED
        )
        walk.fact(
            pair,
            Subject.SCHEMA,
            "if",
            action or Action.REPLACED,
            was and was[1],
            now and now[1],
            before=was[0] if was else ABSENT,
            after=now[0] if now else ABSENT,
            same=action is None,
        )


def _moved_condition(walk: Walk, was: Place, now: Place, closed: Evaluated | None) -> Action | None:
    """How a condition moves: told where both ask the same first; None where it is the same in other words."""
    ends = [(_part(was, keyword), _part(now, keyword)) for keyword in ("if", "then", "else")]
    if closed is not None:
        ends = [ends[0], *(closed.parts(*end) for end in ends[1:])]
    widens = [is_within(walk, before, after) for before, after in ends]
    narrows = [is_covered(walk, after, before) for before, after in ends]
    if not (widens[0] and narrows[0]):
        return _moved_question(was, now, widens, narrows)
    if not (all(widens) or all(narrows)):
        return Action.REPLACED
    if all(widens) and all(narrows):
        for before, after in ends:
            walk.claim(before[1], after[1])
        return None
    return Action.LOOSENED if all(widens) else Action.TIGHTENED


def _moved_question(was: Place, now: Place, widens: list[bool], narrows: list[bool]) -> Action:
    """How a condition moves that asks something else first: where it asks it of less, less must meet its `then`."""
    keywords = {
        keyword for node, _ in (was, now) if isinstance(node, dict) for keyword in ("then", "else") if keyword in node
    }
    if len(keywords) != 1:
        return Action.REPLACED
    index = 1 if keywords == {"then"} else 2
    asks_less, asks_more = (narrows[0], widens[0]) if index == 1 else (widens[0], narrows[0])
    if asks_less and widens[index]:
        return Action.LOOSENED
    return Action.TIGHTENED if asks_more and narrows[index] else Action.REPLACED


def _part(condition: Place, keyword: str) -> Place:
    """One part of a condition; where it is missing every value goes."""
    node, pointer = condition
    at = Pointer(pointer.file, (*pointer.segments[:-1], keyword))
    return (node.get(keyword, True) if isinstance(node, dict) else True), at
