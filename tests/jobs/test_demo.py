"""The demo, stage by stage: its files are found, its decisions are about its breaks, and its usage is read exactly."""

from collections import Counter
from typing import Any

import pytest

from apidiff import Comparison, compare
from apidiff.config import load_config
from apidiff.jobs.demo import DAY, FILES, demo_folder
from apidiff.plan.make import Brief, make_plan
from apidiff.plan.policy import read
from apidiff.plan.value import Plan, Tier
from apidiff.plan.workdays import Calendar
from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Depth, Evidence, Exposures
from apidiff.usage.options import Options
from apidiff.words.changes import Level
from fixtures.simulator.cast import make_cast
from fixtures.simulator.demo import make_rows
from fixtures.simulator.traffic import find_truth
from tests.impacts import each

pytestmark = pytest.mark.slow

DEMO = demo_folder()


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"), today=DAY)


@pytest.fixture(scope="module")
def exposures(comparison: Comparison) -> Exposures:
    options = Options()
    usage = measure([str(DEMO / "usage.jsonl.gz")], comparison.operations, options=options)
    accounts = read_integrators(str(DEMO / "integrators.csv"))
    return join(usage, comparison.changes, accounts, operations=comparison.operations, options=options)


@pytest.fixture(scope="module")
def plan(comparison: Comparison, exposures: Exposures) -> Plan:
    settings = load_config(DEMO / "apidiff.yaml", cwd=DEMO)
    brief = Brief(
        today=DAY,
        policy=read(None),
        decisions=settings.decisions,
        calendar=Calendar(settings.holidays, settings.freezes),
        guide_url=settings.guide_url,
    )
    return make_plan(comparison, exposures, brief)


@pytest.fixture(scope="module")
def truth() -> dict[tuple[str, str], dict[str, Any]]:
    """What was generated, by integrator and operation."""
    return {(entry["integrator"], entry["operation"]): entry for entry in find_truth(make_rows(make_cast()))}


def test_the_folder_holds_what_the_main_job_needs() -> None:
    assert {name for name in FILES if (DEMO / name).is_file()} == set(FILES)


def test_the_revision_breaks_what_the_story_tells(comparison: Comparison) -> None:
    judged = {(change.level, change.rule, change.direction, len(change.operations)) for change in comparison.changes}
    assert {entry for entry in judged if entry[0] in (Level.BREAKING, Level.DANGEROUS)} == {
        (Level.BREAKING, "property-split", "response", 8),
        (Level.BREAKING, "property-split", "request", 2),
        (Level.BREAKING, "operation-removed", None, 1),
        (Level.BREAKING, "operation-moved", None, 1),
        (Level.BREAKING, "parameter-became-required", "request", 1),
        (Level.BREAKING, "enum-value-removed", "request", 1),
        (Level.BREAKING, "maximum-decreased", "request", 7),
        (Level.BREAKING, "property-removed", "response", 4),
        (Level.DANGEROUS, "enum-value-added", "response", 5),
    }
    assert comparison.summary["unclassified"] == 0


def test_each_decision_is_about_a_break(comparison: Comparison) -> None:
    breaking = {change.id for change in comparison.changes if change.level is Level.BREAKING}
    decided = load_config(DEMO / "apidiff.yaml", cwd=DEMO).decisions
    assert decided.keys() < breaking
    assert Counter(decision.answer for decision in decided.values()) == {"expand": 2, "proceed": 1}


def test_every_row_is_counted_once(exposures: Exposures) -> None:
    coverage = exposures.coverage
    assert (coverage.matched, coverage.unmatched, coverage.malformed) == (
        coverage.rows - coverage.unmatched - coverage.malformed, 4740, 7,
    )  # fmt: skip
    assert (coverage.days_with_data, coverage.span_days, coverage.unknown_keys) == (90, 90, 3)


def test_calls_and_successes_are_those_that_were_made(
    comparison: Comparison, exposures: Exposures, truth: dict[tuple[str, str], dict[str, Any]]
) -> None:
    names = {activity.account.integrator for activity in exposures.activities if not activity.unknown}
    operations = {change.id: change.operations for change in comparison.changes}
    found, made = {}, {}
    for change, impact in each(exposures.impacts):
        if impact.integrator in names:
            place = (impact.integrator, change)
            entries = [truth.get((impact.integrator, operation)) for operation in operations[change]]
            used = [entry for entry in entries if entry]
            found[place] = (impact.attempts, impact.logical_successes)
            made[place] = (
                sum(entry["attempts"] for entry in used),
                sum(entry["logical_successes"] for entry in used),
            )
    assert found == made
    assert len(found) > 150


def test_the_log_shows_who_is_exposed_and_who_is_not(comparison: Comparison, exposures: Exposures) -> None:
    rules = {change.id: change.rule for change in comparison.changes}

    def evidence(integrator: str) -> dict[str, Evidence]:
        mine = each(item for item in exposures.impacts if item.integrator == integrator)
        return {rules[change]: item.evidence for change, item in mine}

    assert evidence("meridian-grocers") == {
        "operation-moved": Evidence.CONFIRMED,
        "maximum-decreased": Evidence.CONFIRMED,
        "parameter-became-required": Evidence.CONFIRMED,
        "property-removed": Evidence.PROBABLE,
    }
    assert evidence("crestline-assurance") == {}
    assert evidence("oriel-accounting") == {}
    assert evidence("pemberton-ledgers") == {"parameter-became-required": Evidence.CONFIRMED}
    assert evidence("old-mill-foundation") == {
        "enum-value-removed": Evidence.CONFIRMED,
        "enum-value-added": Evidence.PROBABLE,
    }
    assert evidence("kettlewell-motors") == {"enum-value-added": Evidence.PROBABLE}
    assert evidence("brightwater-gyms") == {"operation-removed": Evidence.POSSIBLE}
    assert evidence("briarwood-estates") == {"property-split": Evidence.POSSIBLE}


def test_each_special_integrator_is_recognised(exposures: Exposures) -> None:
    activities = {activity.account.integrator: activity for activity in exposures.activities}
    loop, agent, shared = (
        activities[name] for name in ("quillmere-labs", "tidewater-automations", "marlowe-finch-agency")
    )
    assert (loop.attempts, loop.logical_successes, loop.retry_loop) == (24_440, 3, True)
    assert [name for name, activity in activities.items() if activity.retry_loop] == ["quillmere-labs"]
    assert 0.8 < agent.agent_share < 0.9
    assert [name for name, activity in activities.items() if activity.shared_key] == ["marlowe-finch-agency"]
    assert len(shared.languages) == 4
    assert Depth.of(activities["sprintwell"].depth) is Depth.EXPERIMENT
    assert activities["meridian-grocers"].active_days == 3
    assert activities["harbor-status-probe"].account.excluded == "internal monitoring"
    assert activities["almond-tree-clinics"].account.pinned


def test_the_order_is_the_reverse_of_that_of_raw_calls(plan: Plan) -> None:
    affected = [one for one in plan.integrators if one.tier not in (Tier.UNKNOWN, Tier.EXCLUDED)]
    by_attempts = [one.integrator for one in sorted(affected, key=lambda one: -one.attempts)]
    by_rank = [one.integrator for one in affected if one.tier is not Tier.NOTICE]
    assert by_attempts[0] == "quillmere-labs"
    assert by_rank[-1] == "quillmere-labs"
    assert by_attempts.index("meridian-grocers") > 0.6 * len(by_attempts)
    assert by_rank.index("meridian-grocers") < 20


def test_each_special_integrator_is_in_its_tier(plan: Plan) -> None:
    tiers = {one.integrator: one.tier for one in plan.integrators}
    assert {
        name: tiers.get(name)
        for name in (
            "meridian-grocers", "almond-tree-clinics", "old-mill-foundation", "sprintwell", "quillmere-labs",
            "briarwood-estates", "brightwater-gyms", "harbor-status-probe", "crestline-assurance", "oriel-accounting",
        )
    } == {
        "meridian-grocers": Tier.CALL,
        "almond-tree-clinics": Tier.CALL,
        "old-mill-foundation": Tier.EMAIL,
        "sprintwell": Tier.NOTICE,
        "quillmere-labs": Tier.EMAIL,
        "briarwood-estates": Tier.NOTICE,
        "brightwater-gyms": Tier.NOTICE,
        "harbor-status-probe": Tier.EXCLUDED,
        "crestline-assurance": None,
        "oriel-accounting": None,
    }  # fmt: skip
    assert sum(tier is Tier.CALL for tier in tiers.values()) == 21


def test_the_plan_is_a_draft_with_calls_before_the_changelog(plan: Plan) -> None:
    assert plan.draft == "5 of 8 breaking changes are undecided"
    assert plan.dates.announce is not None
    assert plan.dates.sunset is not None
    assert all(one.due < plan.dates.announce for one in plan.integrators if one.tier is Tier.CALL and one.due)
    assert (plan.dates.sunset - plan.dates.announce).days >= 365
