"""index.html: the whole plan on one self-contained page, with nothing loaded from anywhere.

Its policy (CSP) allows its own style sheet and its own script, by hash. Without the script it has the same text.
"""

import base64
import hashlib
from pathlib import Path
from typing import Final

from apidiff.plan.value import Plan, PlannedIntegrator, Tier
from apidiff.render.plan.charts import WIDE, Bar, bars, timeline
from apidiff.render.plan.guide import chapters
from apidiff.render.plan.people import COLUMNS, rows, tiers, titles, unlisted
from apidiff.render.plan.plain import in_words
from apidiff.render.plan.sections import Sections
from apidiff.render.plan.view import TIER_TITLES, View, counted, money, necessity
from apidiff.render.templates import fill, percent
from apidiff.usage.evidence import Evidence
from apidiff.words.amount import first_of, per_cent
from apidiff.words.escape import visible

_EARLY: Final = "document.documentElement.className='js'"
"""Says before the first row is drawn that there is a script, so that thousands of rows need not be laid out at once."""

FILES: Final = (
    ("outreach.md", "whom to call, with a brief for each call"),
    ("outreach.csv", "the whole list, for the CRM"),
    ("sunset-plan.md", "dates and headers for the API team"),
    ("migration-guide.html", "what integrators have to do"),
    ("messages/README.md", "the mails, as drafts"),
    ("sunset.ics", "every date, for calendars"),
    ("plan.json", "all of it as data"),
)


def page(view: View, made: Sections, *, names: frozenset[str], template_dir: Path | None = None) -> str:
    """The page: the answer, the charts, whom to contact, each change, the operations, the dates, the coverage."""
    from markupsafe import Markup

    plan = view.plan
    charts = {
        "tiers": bars([_tier_bar(tier, view) for tier in Tier], title="Integrators by tier", label=110),
        "changes": bars(_change_bars(view), title="Integrators by change and evidence", label=420, width=WIDE),
        "languages": bars(
            [Bar(name, (("accent", share),), percent(share)) for name, share in plan.languages[:8]],
            title="Languages by share of the affected calls",
            label=110,
        ),
        "timeline": timeline(plan.timeline, today=plan.today, title="The steps in time"),
    }
    style, policy = styled(template_dir)
    script = fill("_script.html.j2", template_dir=template_dir)
    policy += f"; script-src 'sha256-{_digest(_EARLY)}' 'sha256-{_digest(script)}'"
    return fill(
        "index.html.j2",
        template_dir=template_dir,
        view=view,
        plan=plan,
        charts={name: Markup(svg) for name, svg in charts.items()},  # noqa: S704 - charts escape
        style=style,
        csp=policy,
        people=Markup(rows(view)),  # noqa: S704 - each value is escaped there
        titles=Markup(titles(view)),  # noqa: S704 - JSON without a bracket of HTML
        script=Markup(script),  # noqa: S704 - a script is no text to escape
        early=Markup(_EARLY),  # noqa: S704 - ours
        columns=COLUMNS,
        unlisted=unlisted(view),
        tiers=tiers(view),
        chapters=[(one.title, one.parts) for one in chapters(view, made)],
        rest=len(made.rest()),
        waiting=[(group, [(one, in_words(one)) for one in group.changes]) for group in view.waiting],
        files=[(name, what) for name, what in FILES if name in names],
        answer=answer_lines(view),
        counted=counted,
        money=money,
        necessity=necessity,
    )


def styled(template_dir: Path | None) -> tuple[str, str]:
    """The style sheet as it goes into `<style>`, and the Content-Security-Policy that allows nothing but it."""
    from markupsafe import Markup

    css = fill("_style.html.j2", template_dir=template_dir)
    policy = f"default-src 'none'; style-src 'sha256-{_digest(css)}'; base-uri 'none'; form-action 'none'"
    return Markup(css), policy  # noqa: S704 - a style sheet is no text to escape


def _digest(text: str) -> str:
    """What the policy knows an element by."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def answer_lines(view: View) -> tuple[tuple[str, str], ...]:
    """The main job's five questions and their answers, as sentences of ours with names in backticks."""
    plan, summary = view.plan, view.plan.summary
    if not summary["breaking"]:
        return (("What breaks", "nothing"), ("Who is hit", "nobody"), ("By when", "no dates: nothing ends"))
    breaks = counted(summary["breaking"], "breaking change")
    open_ = counted(summary["undecided"], "decision")
    spec = "`expanded.yaml` and " if view.proof and view.proof.is_written else ""
    proved = f", as proved: {spec}`shim/`" if view.proof and view.proof.undone else ""
    kept = f"{summary['decided_to_expand']} kept{proved}; " if summary["decided_to_expand"] else ""
    necessary = f"{summary['avoidable']:,} of {breaks} have an additive form; {kept}{open_} open"
    return (
        ("What breaks", f"{breaks} in {counted(summary['operations_broken'], 'operation')} of {summary['operations']}"),
        ("Is it necessary", necessary),
        ("Who is hit", _who(view) if plan.usage else "unknown: no usage log was read"),
        ("Whom to call first", _first_calls(view.tiers[Tier.CALL])),
        ("By when", _dates(plan)),
    )


def _who(view: View) -> str:
    summary = view.plan.summary
    who = counted(summary["integrators_affected"], "integrator")
    unknown = summary["tiers"][Tier.UNKNOWN.value]
    keys = f" and {counted(unknown, 'unknown key')}" if unknown else ""
    worth = f", worth {money(summary['revenue_affected'])} a year" if summary["revenue_affected"] else ""
    spared = summary.get("integrators_spared", 0)
    more = f"; {spared:,} more {'is' if spared == 1 else 'are'} spared by what is kept" if spared else ""
    return f"{who}{keys}{worth}; {summary['evidence'][Evidence.CONFIRMED.value]} beyond doubt{more}"


def _first_calls(calls: tuple[PlannedIntegrator, ...]) -> str:
    if not calls:
        return "nobody: no integrator is in the tier of calls"
    return first_of([visible(one.name or one.integrator).replace("`", "") for one in calls], 3)


def _dates(plan: Plan) -> str:
    if plan.dates.sunset is None or plan.dates.announce is None:
        return "no dates: they need usage evidence"
    return f"changelog on {plan.dates.announce.isoformat()}, sunset on {plan.dates.sunset.isoformat()}"


def _tier_bar(tier: Tier, view: View) -> Bar:
    members = view.tiers[tier]
    share = view.plan.summary["by_tier"][tier.value]["share_of_revenue"]
    text = f"{len(members):,}"
    if share is not None and members and tier is not Tier.EXCLUDED:
        text += f", {per_cent(share)} of the revenue ({money(sum(one.revenue or 0.0 for one in members))} a year)"
    return Bar(TIER_TITLES[tier], ((f"tier-{tier.value}", float(len(members))),), text)


def _change_bars(view: View) -> list[Bar]:
    rows = [
        Bar(
            planned.change.title.replace("`", ""),
            tuple((evidence.value, float(planned.affected.get(evidence, 0))) for evidence in Evidence),
            " + ".join(str(planned.affected.get(evidence, 0)) for evidence in Evidence),
        )
        for planned in view.breaking
    ]
    return sorted(rows, key=lambda row: -row.size)[:15]
