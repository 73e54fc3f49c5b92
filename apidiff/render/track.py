"""Who has moved, as text, JSON, Markdown and one self-contained page, all from the same data."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from apidiff.folder.history import State
from apidiff.follow.track import Followed, Newcomer, Tracking
from apidiff.plan.value import CONTACTED, Step
from apidiff.render.diff.json import dumps
from apidiff.render.names import check_name
from apidiff.render.plan.charts import WIDE, Bar, bars
from apidiff.render.plan.view import counted, money
from apidiff.render.table import columns
from apidiff.render.templates import day, fill
from apidiff.words.escape import clip, plain_prose, visible

FORMAT: Final = "apidiff-track/1"
_BAR: Final = 40
"""The width of the burn-down's longest bar, in letters."""
_SHOWN: Final = 40
"""So many integrators are on the terminal; all of them are in the other formats."""


def tracking_renderer(format_name: str) -> Callable[[Tracking], str]:
    """What makes the answer of `track` into `text`, `json`, `markdown` or `html`.

    Errors: `format-unknown`, here and not when the run has been remembered.
    """
    renderers: dict[str, Callable[[Mapping[str, Any]], str]] = {
        "text": _text,
        "json": _json,
        "markdown": lambda report: fill("track.md.j2", **_shown(report)),
        "html": _page,
    }
    check_name(format_name, renderers, kind="format", code="format-unknown")
    return lambda tracking: renderers[format_name](tracking_data(tracking))


def tracking_data(tracking: Tracking) -> dict[str, Any]:
    """Everything that any of the formats shows; dates as ISO 8601, integrators in the order of contact."""
    plan = tracking.plan
    titles = {planned.change.id: planned.change.title for planned in plan.changes}
    run = tracking.runs[-1]
    return {
        "format": FORMAT,
        "title": plan.base.title,
        "base": plan.base.version,
        "revision": plan.revision.version,
        "today": tracking.today.isoformat(),
        "sunset": _text_of(plan.dates.sunset),
        "window": {
            "first": tracking.first.isoformat(),
            "last": tracking.last.isoformat(),
            "days": tracking.days,
            "days_with_data": tracking.days_with_data,
        },
        "summary": {
            "integrators": len(tracking.followed),
            "left": run.left,
            "revenue_left": run.revenue_left,
            "to_contact": len(tracking.left),
            "states": run.to_dict()["states"],
        },
        "integrators": [_integrator(one, titles) for one in tracking.followed],
        "not_in_plan": [_newcomer(one, titles) for one in tracking.newcomers],
        "due": [_step(step) for step in tracking.due],
        "upcoming": [_step(step) for step in tracking.upcoming],
        "overdue": [_overdue(one) for one in tracking.overdue],
        "runs": [one.to_dict() for one in tracking.runs],
        "warnings": list(tracking.warnings),
    }


def _text_of(value: object) -> str | None:
    return None if value is None else str(value)


def _integrator(one: Followed, titles: Mapping[str, str]) -> dict[str, Any]:
    planned = one.planned
    return {
        "integrator": planned.integrator,
        "name": planned.name,
        "tier": planned.tier.value,
        "owner": planned.owner,
        "contact": planned.contact,
        "revenue": planned.revenue,
        "state": one.state.value,
        "status": planned.status,
        "promised_date": planned.promised_date,
        "confirmed_migrated_at": planned.confirmed_migrated_at,
        "changes": [
            {
                "change": progress.change,
                "title": titles[progress.change],
                "state": progress.state.value,
                "old": progress.old,
                "new": progress.new,
                "failures": progress.failures,
                "last_old": _text_of(progress.last_old),
                "sure_from": _text_of(progress.sure_from),
                "note": progress.note,
            }
            for progress in one.progress
        ],
    }


def _newcomer(one: Newcomer, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "integrator": one.account.integrator,
        "name": one.account.name,
        "unknown": one.unknown,
        "change": one.change,
        "title": titles[one.change],
        "old": one.old,
        "last_old": _text_of(one.last_old),
        "certain": one.is_shown,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "kind": step.kind,
        "date": step.date.isoformat(),
        "title": step.title,
        "detail": step.detail,
        "who": step.who,
    }


def _overdue(one: Followed) -> dict[str, Any]:
    planned = one.planned
    return {
        "integrator": planned.integrator,
        "name": planned.name,
        "owner": planned.owner,
        "action": f"promised for {planned.promised_date}" if planned.promised_date else planned.next_action,
        "due": _text_of(planned.promised_date or planned.due),
    }


def _json(report: Mapping[str, Any]) -> str:
    return dumps(report, indent=True) + "\n"


def _shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates show besides the data: the sentences that text and pages share."""
    return {
        "report": report,
        "headline": _headline(report),
        "states": _states(report["summary"]["states"]),
        "waiting": _waiting(report),
        "money": money,
    }


def _page(report: Mapping[str, Any]) -> str:
    from markupsafe import Markup

    from apidiff.render.plan.page import styled

    style, policy = styled(None)
    runs = [
        Bar(day(run["day"]), (("confirmed", float(run["left"])),), f"{run['left']} · {money(run['revenue_left'])}")
        for run in report["runs"]
    ]
    chart = bars(runs, title="Integrators that have not migrated, run by run", label=150, width=WIDE)
    # the chart escapes its own labels
    return fill("track.html.j2", style=style, csp=policy, chart=Markup(chart), **_shown(report))  # noqa: S704


def _headline(report: Mapping[str, Any]) -> str:
    summary = report["summary"]
    if not summary["integrators"]:
        return "The plan names nobody for whom anything ends."
    if not summary["left"]:
        return f"All {counted(summary['integrators'], 'integrator')} have migrated."
    return (
        f"{summary['left']} of {counted(summary['integrators'], 'integrator')} have not migrated, "
        f"worth {money(summary['revenue_left'])} a year."
    )


def _states(states: Mapping[str, int]) -> str:
    return " · ".join(f"{name} {count}" for name, count in states.items() if count)


def _waiting(report: Mapping[str, Any]) -> str:
    """Who is meant by a reminder: those not migrated in the tiers that get messages, tier by tier."""
    tiers = Counter(
        one["tier"] for one in report["integrators"] if one["state"] != State.MIGRATED and one["tier"] in CONTACTED
    )
    said = ", ".join(f"{tiers[tier]} of tier {tier.value}" for tier in CONTACTED if tiers[tier])
    return said or "nobody"


def _text(report: Mapping[str, Any]) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    window = report["window"]
    yield f"{clip(report['title'] or 'API', 60)} {clip(report['base'], 20)} → {clip(report['revision'], 20)}"
    rows = f"{window['days_with_data']} of {window['days']} days with rows"
    yield f"logs of {window['first']} to {window['last']}, {rows}; sunset {day(report['sunset'])}"
    yield from ("", _headline(report), f"  {_states(report['summary']['states'])}")
    for warning in report["warnings"]:
        yield f"  warning: {visible(warning)}"
    yield from _section("Due since the last run", [_step_row(step) for step in report["due"]])
    if any(step["kind"] == "reminder" for step in report["due"]):
        yield f"  who is reminded: {_waiting(report)}"
    yield from _section("Next", [_step_row(step) for step in report["upcoming"]])
    yield from _section(
        "Overdue",
        [(_name(one), one["due"], visible(one["action"]), clip(one["owner"], 30)) for one in report["overdue"]],
    )
    left = [one for one in report["integrators"] if one["state"] != State.MIGRATED]
    yield from _section("Not migrated, in the order of contact", list(_rows(left[:_SHOWN])))
    if len(left) > _SHOWN:
        yield f"  and {len(left) - _SHOWN} more, in --format json, markdown or html"
    yield from _section("Not in the plan, and uses what ends", [_newcomer_row(one) for one in report["not_in_plan"]])
    yield from _section("Burn-down: integrators not migrated, and their revenue", list(_burned(report["runs"])))


def _section(title: str, rows: list[tuple[str, ...]]) -> Iterator[str]:
    if rows:
        yield from ("", title)
        yield from columns(rows)


def _step_row(step: Mapping[str, Any]) -> tuple[str, ...]:
    return day(step["date"]), plain_prose(step["title"]), step["who"]


def _rows(people: list[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """A line for each state that an integrator is in, with the first of its changes; its name stands on the first."""
    for one in people:
        name, tier = _name(one), one["tier"]
        by_state: dict[str, list[Mapping[str, Any]]] = {}
        for change in one["changes"]:
            by_state.setdefault(change["state"], []).append(change)
        for state in (state for state in State if state is not State.MIGRATED and state in by_state):
            first, *more = by_state[state]
            title = clip(plain_prose(first["title"]), 60) + (f" and {len(more)} more" if more else "")
            yield name, tier, state.value, title, plain_prose(first["note"])
            name = tier = ""


def _name(one: Mapping[str, Any]) -> str:
    return clip(one["name"] or one["integrator"], 32)


def _newcomer_row(one: Mapping[str, Any]) -> tuple[str, ...]:
    calls = f"{one['old']:,} calls, last on {one['last_old']}" if one["last_old"] else f"{one['old']:,} calls"
    return (
        _name(one),
        clip(plain_prose(one["title"]), 60),
        calls if one["certain"] else f"{calls}, of the old or the new",
    )


def _burned(runs: list[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    most = max((run["left"] for run in runs), default=0) or 1
    for run in runs:
        yield (
            run["day"],
            f"{run['left']:>5,}",
            f"{money(run['revenue_left']):>8}",
            "█" * round(_BAR * run["left"] / most),
        )
