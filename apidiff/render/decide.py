"""The open decisions as text, in the order in which to answer them, and what decisions that were written answer."""

from collections.abc import Sequence

from apidiff.plan.opened import Group
from apidiff.render.plan.view import counted, money
from apidiff.words.escape import clip, plain_prose

_SHOWN = 5
_WIDE = 90


def open_text(groups: Sequence[Group], *, whole: bool = False) -> str:
    """The groups, the heaviest first, each with the command that answers it at once and its heaviest breaks."""
    if not groups:
        return "Every break is decided. Plan again to see what it means.\n"
    total = sum(len(group.changes) for group in groups)
    known = sum(one.change.is_avoidable for group in groups for one in group.changes)
    lines = [
        f"{counted(total, 'open decision')}, by component, the most revenue first",
        f"An additive form is known for {known:,}: decide `expand`, and the next plan proves it and writes it",
    ]
    for group in groups:
        breaks = counted(len(group.changes), "break")
        worth = f", worth {money(group.revenue)} a year" if group.revenue else ""
        name = plain_prose(clip(group.component, 60)) or "in the operations themselves"
        lines += ["", f"{name}: {breaks}, {counted(group.integrators, 'account')}{worth}"]
        if group.component and len(group.changes) > 1:
            lines.append(f"  apidiff decide expand --component {_quoted(group.component)}")
        shown = group.changes if whole else group.changes[:_SHOWN]
        lines += [
            f"  {one.change.id}  {clip(plain_prose(one.change.title), _WIDE)}  ({one.change.rule})" for one in shown
        ]
        if len(group.changes) > len(shown):
            lines.append(f"  and {len(group.changes) - len(shown)} more (--all)")
    lines += [
        "",
        "Next: `apidiff decide ID-OR-RULE… expand`, or `proceed --reason TEXT --owner NAME`; then plan again.",
    ]
    return "\n".join(lines) + "\n"


def decided_text(file: str, lines: Sequence[tuple[str, int, int]], *, still_open: int) -> str:
    """How many breaks each decision answers, and what is left."""
    said = []
    for key, settled, matched in lines:
        narrower = f"; {matched - settled} of those that it matches have narrower ones" if matched > settled else ""
        said.append(f"{plain_prose(key)}: answers {counted(settled, 'change')}{narrower}")
    left = f"{counted(still_open, 'break')} still open" if still_open else "every break is decided"
    return "\n".join([*said, f"Written to {file}; {left}. Next: plan again."]) + "\n"


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(plain_prose(text))
