"""No document of a plan contradicts another: dates, counts, names, what breaks, what is kept, and who is told what.

Each fact is read back from every document that says it, of plans that are made up: other decisions, accounts, policies
and days, over several pairs of specs. What is decided to be kept is nowhere said to break, to end or to fail.
"""

import csv
import email
import io
import json
import os
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email.policy import default
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from apidiff.calls.samples import Samples
from apidiff.comparison.compare import Judgement, compared
from apidiff.config.settings import Answer, DecisionEntry
from apidiff.plan.make import Brief, make_plan
from apidiff.plan.policy import read
from apidiff.plan.schedule import Wish
from apidiff.plan.value import Plan, Tier
from apidiff.render.plan import render_plan
from apidiff.render.templates import day
from apidiff.usage.evidence import Account, Activity, Coverage, Evidence, Exposures, Impact, OperationUse
from apidiff.words.changes import Comparison
from apidiff.words.direction import Direction
from apidiff.words.escape import slug
from apidiff.words.renames import Rename, Renamed
from tests.conftest import DEMO
from tests.impacts import each
from tests.render.plan.test_searches import BASE, REVISION

EXAMPLES = int(os.environ.get("APIDIFF_LAW_EXAMPLES", "20"))
TODAY = date(2026, 11, 20)
LAST = datetime(2026, 11, 19, 12, tzinfo=UTC)
GUIDE = "https://developers.example.com/guide"
NAMES = ("Acme Shipping", "Bolt & Sons", "Château Neuf", "Delta-9 Ltd", "Echo")
DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
FATAL = re.compile(
    r"\b(?:fails?|refused|no longer|gives nothing|4\d\d|goes away|410|breaks code|is gone)\b", re.IGNORECASE
)


@cache
def pair(number: int) -> tuple[Comparison, Samples]:
    """A pair of specs compared: the demo, a small one, and the small one with what people declared."""
    replaced = Rename(Renamed.OPERATION, "DELETE /v1/orders/{id}", ("GET /v1/orders/{id}",))
    named = Rename(Renamed.PROPERTY, "Order.billing_address", ("invoice_address",))
    renames = (named, replaced) if number == 2 else ()
    base, revision = (BASE, REVISION) if number else (str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"))
    comparison, found = compared(base, revision, judgement=Judgement(renames=renames))
    return comparison, Samples(found)


class Drawn:
    """A plan and its documents; its representation says what was drawn, in short."""

    def __init__(self, plan: Plan, files: dict[str, bytes]) -> None:
        self.plan, self.files = plan, files

    def __repr__(self) -> str:
        people = [(one.name, one.tier.value, one.changes) for one in self.plan.integrators]
        return f"Drawn(ending={sorted(self.ending)}, kept={sorted(self.kept)}, people={people})"

    def text(self, name: str) -> str:
        return self.files[name].decode()

    @property
    def ending(self) -> set[str]:
        return {one.change.id for one in self.plan.changes if one.ends}

    @property
    def kept(self) -> set[str]:
        return {one.change.id for one in self.plan.changes if one.change.breaks and one.is_kept}


@st.composite
def plans(draw: st.DrawFn) -> Drawn:
    comparison, samples = pair(draw(st.integers(0, 2)))
    breaks = [one for one in comparison.changes if one.breaks]
    said = [*Answer, None] if draw(st.booleans()) else [*Answer]
    answers = draw(st.lists(st.sampled_from(said), min_size=len(breaks), max_size=len(breaks)))
    decisions = {
        change.id: DecisionEntry(change.id, answer, "it has to be", "Ana Ruiz")
        for change, answer in zip(breaks, answers, strict=True)
        if answer is not None
    }
    brief = Brief(
        today=TODAY,
        policy=read(draw(st.sampled_from(["house", "house-min", "github-rest", "zalando"]))),
        decisions=decisions,
        guide_url=draw(st.sampled_from(["", GUIDE])),
        wish=Wish(announce=TODAY + timedelta(days=draw(st.integers(20, 60)))),
    )
    plan = make_plan(comparison, draw(exposures(comparison)), brief)
    return Drawn(plan, render_plan(plan, samples=samples))


@st.composite
def exposures(draw: st.DrawFn, comparison: Comparison) -> Exposures:
    breaks = [one for one in comparison.changes if one.breaks and one.operations]
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=len(NAMES)))
    first = LAST - timedelta(days=89)
    impacts, people = [], []
    for name in names:
        met = draw(st.lists(st.sampled_from(breaks), unique_by=lambda one: one.id, min_size=1, max_size=4))
        calls = draw(st.integers(1, 4000))
        for change in sorted(met, key=lambda one: one.id):
            sure = draw(st.sampled_from(list(Evidence)))
            impacts.append(
                Impact(
                    slug(name),
                    (change.id,),
                    sure,
                    change.operations[:2],
                    calls,
                    calls + 3,
                    20,
                    first,
                    LAST,
                    "called it",
                )
            )
        operations = tuple(dict.fromkeys(one for change in met for one in change.operations[:2]))
        account = Account(
            slug(name), name, f"dev@{slug(name)}.example", "Ana", float(draw(st.integers(0, 90_000))), "pro"
        )
        people.append(Activity(account, ("sk_live_…abcd",), operations, calls, calls + 3, 20, first, LAST, 3))
    uses = tuple(
        OperationUse(one.id, 60, 50, 1, 1, first, LAST) for one in comparison.operations if one.present != "revision"
    )
    coverage = Coverage(rows=90, matched=90, first=first, last=LAST, days_with_data=90, span_days=90, keys=5)
    return Exposures(coverage, tuple(people), tuple(impacts), uses, language_share=(("python", 1.0),))


def sections(markdown: str, mark: str) -> dict[str, str]:
    """The parts of a document by the id in their headings."""
    found = re.split(mark, markdown)
    return {
        found[place]: re.split(r"^#{1,3} ", found[place + 1], flags=re.MULTILINE)[0]
        for place in range(1, len(found), 2)
    }


def check_what_breaks(drawn: Drawn) -> None:
    """Which changes end and which are kept, with their counts: the guide, the page, the data for programs, llms.txt."""
    plan, ending, kept = drawn.plan, drawn.ending, drawn.kept
    data, guide, page = (
        json.loads(drawn.files["migration.json"]),
        drawn.text("migration-guide.md"),
        drawn.text("index.html"),
    )
    assert {one["id"]: one["action"] == "none" for one in data["changes"]} == {
        **dict.fromkeys(ending, False), **dict.fromkeys(kept, True)
    }  # fmt: skip
    whole = json.loads(drawn.files["plan.json"])
    assert (
        whole["summary"]["breaking"]
        == len(ending) + len(kept)
        == sum(one["level"] == "breaking" and one["waiver"] is None for one in whole["changes"])
    )
    assert whole["summary"]["decided_to_expand"] == len(kept)
    assert {one["id"] for one in whole["changes"] if (one["decision"] or {}).get("answer") == "expand"} == kept
    said = re.search(r"\*\*In short\.\*\* (\d+) changes? ", guide)
    assert int(said[1] if said else 0) == len(ending)
    said = re.search(r"; for (\d+) more the old form stays", guide)
    assert int(said[1] if said else 0) == len(kept)
    assert set(re.findall(r'id="change-(\w+)"', guide)) == ending | kept
    assert set(re.findall(r'id="change-(\w+)"', drawn.text("migration-guide.html"))) == ending | kept
    assert set(re.findall(r'id="change-(\w+)"', page)) >= ending | kept
    assert f"<b>{len(ending) + len(kept)}</b>breaking change" in page
    affected = guide.partition("## Am I affected?")[2].partition("You are **not** affected")[0]
    assert set(re.findall(r"#change-(\w+)", affected)) <= ending
    order = guide.partition("## The order to migrate in")[2].partition("## Why")[0]
    assert set(re.findall(r"#change-(\w+)", order)) == set(re.findall(r"#change-(\w+)", affected))
    spared = guide.partition("You are **not** affected")[2].partition("\n")[0]
    reached = {str(name) for one in plan.changes if one.ends for name in one.change.operations}
    assert set(re.findall(r"`([A-Z]+ /[^`]*)`", spared)) == reached
    llms, skill = drawn.text("llms.txt"), drawn.text("skill/SKILL.md")
    assert set(re.findall(r"^### (\w{12})$", llms, re.MULTILINE)) == ending | kept
    words = dict(re.findall(r"^\| (\w{12}) \| ([\w ]+) \|", skill, re.MULTILINE))
    assert words == {one["id"]: one["action"] for one in data["changes"]}
    plain = dict(re.findall(r"^### (\w{12})\n\n- action: (.*)$", llms, re.MULTILINE))
    assert plain == {key: "none needed, the old form stays" if word == "none" else word for key, word in words.items()}


def check_what_is_kept(drawn: Drawn) -> None:
    """What is kept is nowhere described as breaking, ending or failing."""
    kept = drawn.kept
    parts = sections(drawn.text("migration-guide.md"), r'id="change-(\w+)"></a>')
    shown = {
        key: text.partition("```")[0] for key, text in parts.items() if key in kept and "If you do nothing" in text
    }
    assert {key: FATAL.findall(text) for key, text in shown.items()} == {key: [] for key in shown}
    llms = sections(drawn.text("llms.txt"), r"(?m)^### (\w{12})$")
    told = {key: re.findall(r"(?m)^- if not done: (.*)$", llms[key]) for key in kept}
    assert told == {key: ["it goes on working"] for key in kept}
    page = re.split(r'<details class="change" id="change-(\w+)">', drawn.text("index.html"))
    for place in range(1, len(page), 2):
        if page[place] in kept:
            body = page[place + 1].partition("</details>")[0].partition("<pre")[0]
            assert not FATAL.findall(re.sub(r"<[^>]+>", " ", body.partition("</summary>")[2])), body
    for one in json.loads(drawn.files["migration.json"])["changes"]:
        if one["id"] in kept:
            assert (one["outcome"], one["if_not_done"]) == ("none", "it goes on working")
    gone = {one["old"] for one in json.loads(drawn.files["migration.json"])["names"] if one["new"] is None}
    names = {str(name) for one in drawn.plan.changes if one.ends for name in (one.change.name, *one.change.operations)}
    assert {one.partition("=")[0] for one in gone} <= names
    ending = {text for one in drawn.plan.changes if one.ends for text in _targets(one.change.base)}
    for action in yaml.safe_load(drawn.files["overlay.yaml"])["actions"]:
        if "x-sunset" in action["update"]:
            assert action["target"] in ending | _removed(drawn.plan), action


def _targets(pointer: str | None) -> set[str]:
    from apidiff.render.plan.overlay import json_path
    from apidiff.words.pointer import parse

    return {json_path(parse(pointer).segments)} if pointer else set()


def _removed(plan: Plan) -> set[str]:
    from apidiff.render.plan.overlay import json_path

    return {
        json_path(("paths", one.operation.path, one.operation.method.lower())) for one in plan.operations if one.removed
    }


def check_dates(drawn: Drawn) -> None:
    """Every document says the plan's dates, and no other: days are those of steps, accounts and logs."""
    plan = drawn.plan
    dates = plan.dates
    data, whole = json.loads(drawn.files["migration.json"]), json.loads(drawn.files["plan.json"])
    assert (data["deprecation"], data["sunset"]) == (whole["dates"]["deprecation"], whole["dates"]["sunset"])
    assert whole["dates"]["sunset"] == (str(dates.sunset) if dates.sunset else None)
    events = Calendar.from_ical(drawn.files["sunset.ics"]).walk("VEVENT")
    assert sorted((str(one["CATEGORIES"].to_ical().decode()), one["DTSTART"].dt) for one in events) == sorted(
        (step.kind, step.date) for step in plan.timeline
    )
    assert [step.date for step in plan.timeline if step.kind == "sunset"] == ([dates.sunset] if dates.sunset else [])
    known = {day(step.date) for step in plan.timeline} | {day(plan.today), day(dates.announce), day(dates.sunset)}
    known |= {day(one.due) for one in plan.integrators} | {day(dates.deprecation)}
    known |= {day(LAST), day(LAST - timedelta(days=89))}
    for name in ("migration-guide.md", "sunset-plan.md", "outreach.md", "index.html", "headers/README.md"):
        if name in drawn.files:
            assert set(re.findall(DAY, re.sub(r"<[^>]+>", " ", drawn.text(name)))) <= known, name
    marked = {one["update"].get("x-sunset") for one in yaml.safe_load(drawn.files["overlay.yaml"])["actions"]}
    assert marked <= {None, str(dates.sunset)}


def check_headers(drawn: Drawn) -> None:
    """The gateway's files, the sunset plan and the calendar mean the same operations and instants."""
    plan = drawn.plan
    if "headers/headers.json" not in drawn.files:
        assert not [one for one in plan.operations if one.headers]
        return
    made = json.loads(drawn.files["headers/headers.json"])["rules"]
    assert {one["operation"]: one["removed"] for one in made} == {
        str(one.operation.id): one.removed for one in plan.operations
    }
    midnight = datetime.combine(plan.dates.sunset or TODAY, datetime.min.time(), tzinfo=UTC)
    for one in made:
        assert ("Sunset" in one["headers"]) is one["removed"]
        if one["removed"]:
            assert (
                datetime.strptime(one["headers"]["Sunset"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC) == midnight
            )
    gone = {str(one.operation.id) for one in plan.operations if one.removed}
    assert set(json.loads(drawn.files["headers/problem-gone.json"])) == gone
    data = json.loads(drawn.files["migration.json"])["changes"]
    assert {one["operations"][0] for one in data if one["outcome"] == "gone"} <= gone
    assert any(name.startswith("headers/gone/") for name in drawn.files) is bool(gone)
    brownouts = {f"brownout-{one.number}": one.date for one in plan.timeline if one.kind == "brownout"}
    folders = {name.split("/")[1] for name in drawn.files if name.startswith("headers/brownout-")}
    assert folders == (set(brownouts) if gone else set())
    for name in folders:
        retry = re.search(r'add_header Retry-After "(.*?)"', drawn.text(f"headers/{name}/nginx.conf"))
        assert retry is not None
        until = datetime.strptime(retry[1], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        step = next(one for one in plan.timeline if one.id == name)
        hours = re.search(r"(\d+) hours?", step.detail)
        assert hours is not None
        assert until == datetime.combine(brownouts[name], datetime.min.time(), tzinfo=UTC) + timedelta(
            hours=14 + int(hours[1])
        )


def check_people(drawn: Drawn) -> None:
    """Who is told what: the list, the briefs, the mails and the pages count and name the same."""
    plan = drawn.plan
    rows = list(csv.DictReader(io.StringIO(drawn.text("outreach.csv"))))
    whole = json.loads(drawn.files["plan.json"])
    assert [one["integrator"] for one in rows] == [one["integrator"] for one in whole["integrators"]]
    assert Counter(one["tier"] for one in rows) == Counter(
        {tier: count for tier, count in whole["summary"]["tiers"].items() if count}
    )
    ending, changes = drawn.ending, {one.change.id: one for one in plan.changes}
    for one in plan.integrators:
        mine = {change for hit in one.impacts for change in hit.changes}
        mails = {
            name.rpartition("/")[2].removesuffix(".eml"): email.message_from_bytes(content, policy=default)
            for name, content in drawn.files.items()
            if name.startswith(f"messages/{slug(one.integrator)}/")
        }
        if one.tier not in (Tier.CALL, Tier.PERSONAL_EMAIL, Tier.EMAIL) or not plan.dates.sunset:
            continue
        count = len({_edit(changes[change]) for change in mine & ending})
        announced = mails["announcement"]
        said = " ".join(_body(announced).split())
        if not count:
            assert set(mails) == {"announcement"}
            assert "nothing that your integration uses ends" in announced["Subject"]
            assert not FATAL.search(said)
            continue
        counted = "one change" if count == 1 else f"{count} changes"
        assert announced["Subject"].endswith(f": {counted} for you by {day(plan.dates.sunset)}")
        assert set(re.findall(DAY, said)) <= {day(plan.dates.sunset), day(LAST)}
        refused = [
            hit for change, hit in each(one.impacts)
            if change in ending and hit.evidence is not Evidence.POSSIBLE
            and changes[change].change.direction is not Direction.RESPONSE
        ]  # fmt: skip
        brownouts = {step.id: step.date for step in plan.timeline if step.kind == "brownout"}
        assert {name for name in mails if name.startswith("brownout")} == (set(brownouts) if refused else set())
        for name in set(brownouts) & set(mails):
            assert day(brownouts[name]) in " ".join(_body(mails[name]).split())
        page = drawn.text(f"integrators/{slug(one.integrator)}.md")
        assert day(plan.dates.sunset) in page
        listed = page.partition("## Your checklist")[2].partition("- [ ] Tested")[0]
        assert listed.count("- [ ] ") == count
        others = {each for each in NAMES if each != one.name}
        assert not [each for each in others if each in page + said]


def _edit(planned: Any) -> tuple[object, ...]:
    from apidiff.render.plan.plain import _last

    return planned.change.rule, planned.change.direction, _last(planned.change)


def _body(mail: Any) -> str:
    part = mail.get_body(preferencelist=("plain",))
    return str(part.get_content())


CHECKS = (check_what_breaks, check_what_is_kept, check_dates, check_headers, check_people)


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans())
def test_no_document_contradicts_another(drawn: Drawn) -> None:
    for check in CHECKS:
        check(drawn)
