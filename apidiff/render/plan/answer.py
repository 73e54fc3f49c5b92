"""The answer of `plan` and `demo` in the terminal, on one screen: what breaks, who is hit, whom to call, by when."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from apidiff.plan.value import PlannedChange, PlannedIntegrator, Tier
from apidiff.render.plan.page import answer_lines
from apidiff.render.plan.view import View, counted, held, money, view
from apidiff.render.templates import day
from apidiff.usage.evidence import Evidence
from apidiff.words.escape import clip, plain_prose

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from apidiff.plan.value import Plan, Proof

_BREAKS: Final = 7
_CALLS: Final = 6
_WIDE: Final = 100
_EVIDENCE_STYLES: Final = {Evidence.CONFIRMED: "bold red", Evidence.PROBABLE: "yellow", Evidence.POSSIBLE: "dim"}


def render_answer(
    plan: "Plan", console: "Console", *, folder: Path | None = None, proof: "Proof | None" = None
) -> None:
    """Prints the plan's answer: the breaks, the first calls, the dates, and where the folder is.

    Plain text where `console` has no colours; fits a width of 80 and more.
    """
    from rich.rule import Rule
    from rich.text import Text

    shown = view(plan, proof)
    title = f"{clip(plan.base.title or 'API', 40)} {clip(plan.base.version, 20)} → {clip(plan.revision.version, 20)}"
    console.print(Rule(Text(title, style="bold"), align="left", style="dim"))
    for stamp, style in ((plan.draft and f"DRAFT: {plan.draft}", "bold red"), (plan.stamp, "bold yellow")):
        if stamp:
            console.print(Text(plain_prose(stamp), style=style))
    for doubt in plan.caveats:
        console.print(Text(plain_prose(doubt), style="yellow"))
    parts: list[RenderableType] = [_questions(shown)]
    if shown.breaking:
        parts += [Text("\nWhat breaks", style="bold"), _breaks(shown)]
    if any(shown.tiers[tier] for tier in Tier):
        parts += [
            Text(f"\nWhom to contact{', once every break is decided' if plan.draft else ''}", style="bold"),
            _calls(shown, console.width),
            Text(_tiers(shown), style="dim"),
        ]
    if plan.dates.sunset:
        parts += [Text(f"\nThe dates{', as proposed' if plan.draft else ''}", style="bold"), _dates(shown)]
    for part in parts:
        console.print(part)
    if folder is not None:
        console.print(Text(f"\n→ {folder}/index.html", style="bold green"), soft_wrap=True)
    console.print(Text(f"Next: {_next(shown)}", style="dim"))


def _next(shown: View) -> str:
    """What to do next."""
    summary = shown.plan.summary
    if summary["undecided"]:
        open_ = counted(summary["undecided"], "open decision")
        return f"answer the {open_} with `apidiff decide` (expand or proceed), then plan again"
    if shown.plan.usage is None and summary["breaking"]:
        return "run it again with --usage, to see who is hit"
    calls = shown.tiers[Tier.CALL]
    return f"the {counted(len(calls), 'call')} of outreach.md" if calls else "nothing to announce"


def _grid(*ratios: int | None) -> "Table":
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), expand=False)
    for ratio in ratios:
        table.add_column(ratio=ratio, no_wrap=ratio is None, overflow="ellipsis")
    return table


def _questions(shown: View) -> "Table":
    from rich.text import Text

    table = _grid(None, 1)
    for question, answer in answer_lines(shown):
        table.add_row(Text(question, style="cyan"), Text(plain_prose(answer)))
    for sentence in shown.plan.coverage_of_revenue[:1]:
        table.add_row("", Text(plain_prose(sentence), style="dim"))
    return table


def _breaks(shown: View) -> "Table":
    """The breaks that hit most integrators, those that nobody decided first, and last those that are kept."""
    from rich.text import Text

    ranked = sorted(
        shown.breaking,
        key=lambda planned: [
            planned.is_kept,
            planned.proceeds,
            *(-planned.affected.get(evidence, 0) for evidence in Evidence),
        ],
    )
    table = _grid(None, 1, None)
    for planned in ranked[:_BREAKS]:
        hit = sum(planned.affected.values())
        sure = planned.affected.get(Evidence.CONFIRMED, 0)
        who = f"{hit} hit, {sure} sure" if hit else "nobody seen"
        if planned.is_kept:
            who = f"{hit} spared"
        table.add_row(
            Text("✓", style="green") if planned.is_kept else Text("✗", style="red"),
            Text(plain_prose(planned.change.title), no_wrap=True, overflow="ellipsis"),
            Text(f"{who:>16}  {_answered(planned)}", style="" if hit else "dim"),
        )
    if len(ranked) > _BREAKS:
        table.add_row("", Text(f"and {len(ranked) - _BREAKS} more", style="dim"), "")
    return table


def _answered(planned: PlannedChange) -> str:
    """The answer to "is it necessary?" in a word."""
    if planned.decision is not None:
        return "kept" if planned.is_kept else "proceeds"
    return "undecided"


def _calls(shown: View, width: int) -> "Table":
    """The head of the list: who, how sure, what they are worth, by when, and on a wide terminal why."""
    from rich.text import Text

    is_wide = width >= _WIDE
    table = _grid(*[None] * 6, *([1] if is_wide else []))
    for one in shown.affected[:_CALLS]:
        why = [Text(plain_prose(one.why), no_wrap=True, overflow="ellipsis", style="dim")]
        table.add_row(
            Text(f"{one.rank:>2}", style="dim"),
            Text(clip(_name(one), 24), style="bold"),
            Text(one.tier.value),
            Text(one.evidence.value, style=_EVIDENCE_STYLES[one.evidence]),
            Text(f"{money(one.revenue):>7}"),
            Text(f"by {day(one.due)}" if one.due else ""),
            *(why if is_wide else []),
        )
    return table


def _name(one: PlannedIntegrator) -> str:
    return one.name or ", ".join(one.keys) or one.integrator


def _tiers(shown: View) -> str:
    """How many are in each tier, and what part of the revenue affected they are where it is known."""
    parts: list[str] = []
    for tier in Tier:
        share = held(shown, tier).revenue
        of_what = "" if parts else " of the revenue"
        if count := len(shown.tiers[tier]):
            parts.append(f"{tier.value} {count}" + (f" ({share}{of_what})" if share.endswith("%") else ""))
    return " · ".join(parts)


def _dates(shown: View) -> "Table":
    """The steps that a reader plans around, each with its date."""
    from rich.text import Text

    table = _grid(None, 1)
    plan = shown.plan
    review = shown.steps.get("review", ())
    if plan.draft and review:
        table.add_row(day(review[0].date), f"every break is decided: {plan.draft}")
    due = [one.due for one in shown.tiers[Tier.CALL] if one.due]
    if due:
        is_ahead = plan.dates.announce is not None and plan.today < plan.dates.announce
        when = ", all before the changelog" if is_ahead else ""
        table.add_row(day(min(due)), f"first of {counted(len(due), 'call')}{when}")
    table.add_row(day(plan.dates.announce), f"public changelog, guide and headers{_moved(shown, 'changelog')}")
    reminders = shown.steps.get("reminder", ())
    if reminders:
        table.add_row(day(reminders[0].date), f"first of {counted(len(reminders), 'reminder')}")
    table.add_row(Text(day(plan.dates.sunset), style="bold"), Text(f"sunset{_moved(shown, 'sunset')}", style="bold"))
    return table


def _moved(shown: View, kind: str) -> str:
    """Why a step is not on the day of the policy, in brackets."""
    return "".join(f" ({plain_prose(step.moved)})" for step in shown.steps.get(kind, ()) if step.moved)
