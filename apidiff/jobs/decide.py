"""Decides breaks: reads the plan and apidiff.yaml, says what each decision answers, and writes the new ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    from apidiff.config import Config, DecisionEntry
    from apidiff.plan.opened import Group
    from apidiff.plan.value import Plan


@dataclass(frozen=True, slots=True)
class Decided:
    """The new text, the key of each decision with how many breaks it settles and matches, and how many are open."""

    text: str
    lines: tuple[tuple[str, int, int], ...]
    still_open: int


def open_decisions(plan: Path, settings: "Config") -> "tuple[Group, ...]":
    """The open decisions of a plan, those that apidiff.yaml has answered since left out. Errors: those of both."""
    from apidiff.folder.plan_file import read_plan
    from apidiff.plan.opened import open_groups

    found = read_plan(plan)
    return open_groups(_with(found, settings.decisions))


def decide(plan: Path, settings: "Config", *, file: Path, decisions: "Mapping[str, DecisionEntry]") -> Decided:
    """The text of a configuration with decisions that answer something.

    Errors: those of reading the plan, `decision-unknown`, `decision-ambiguous`, `config-invalid`.
    """
    from apidiff.config.amend import amended, text_of
    from apidiff.folder.plan_file import read_plan
    from apidiff.plan.decide import answer

    found = read_plan(plan)
    together = {**settings.decisions, **decisions}
    changes = [one.change for one in found.changes]
    answered = answer(changes, found.routes, together)
    text = text_of(file)
    breaks = [change for change in changes if change.breaks]
    return Decided(
        amended(text, decisions),
        tuple((key, answered.settled[key], answered.matched[key]) for key in decisions),
        sum(change.id not in answered.by_change for change in breaks),
    )


def entries_of(
    what: Sequence[str], answer: str, *, narrowed: Mapping[str, str], reason: str, owner: str
) -> "dict[str, DecisionEntry]":
    """The decisions that a call asks for: ids as they are, rules narrowed by what else is given."""
    from apidiff.config import Answer, DecisionEntry
    from apidiff.config.decisions import which_of

    made = {}
    for name in what or [""]:
        which = which_of(name)
        if which is None and any(narrowed.values()):
            raise ApidiffError(
                f"`{name}` is one change, which nothing narrows",
                code="decision-unknown",
                hint="Give a rule, or only --component, --path, --tag and --direction.",
                status=Exit.USAGE,
            )
        if which is not None:
            which = replace(which, **{key: value for key, value in narrowed.items() if value})
        key = name if which is None else which.key
        made[key] = DecisionEntry(key, Answer(answer), reason, owner, which=which)
    return made


def _with(plan: "Plan", decisions: "Mapping[str, DecisionEntry]") -> "Plan":
    """The plan with what is decided by now."""
    from apidiff.plan.decide import answer
    from apidiff.plan.value import Decision

    found = answer([one.change for one in plan.changes], plan.routes, decisions).by_change
    changes = tuple(
        replace(one, decision=Decision(one.change.id, entry.answer, entry.reason, entry.owner) if entry else None)
        for one in plan.changes
        for entry in [found.get(one.change.id)]
    )
    return replace(plan, changes=changes)
