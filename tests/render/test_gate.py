"""The reports of `gate`: the same verdict in every format."""

import json
from dataclasses import replace

import pytest

from apidiff.folder.history import History
from apidiff.follow.gate import Obstacle, Verdict, judge
from apidiff.follow.track import track
from apidiff.render.gate import render_verdict
from apidiff.usage.ask.movement import Movement
from tests.follow.following import SORT, TODAY, seen
from tests.follow.test_gate import MOVED, RELEASE, agreed_plan, comparison
from tests.render.plan.sample import CHANGES


@pytest.fixture(scope="module")
def shut() -> Verdict:
    """Shut by one integrator."""
    made = agreed_plan()
    moved = (*MOVED[:2], Movement("bolt", SORT, old=4, new=2, last_old=TODAY), *MOVED[3:])
    tracking = track(made, seen(*moved), history=History(), written={}, today=TODAY)
    return judge(RELEASE, made, tracking, consents=(), today=TODAY)


def test_text_names_what_stands_in_the_way(shut: Verdict) -> None:
    used = "value amount of query parameter sort was removed (4 calls of the old, 2 of the new)"
    assert render_verdict(shut).splitlines()[:7] == [
        "Payments 1.4.0 → 2.0.0",
        "The gate is shut: 1 thing stands in the way. It can't open before 2028-02-12.",
        "",
        f"✗ in-use: Bolt Inc (personal-email) still uses what ends: {used}",
        "  Ana Ruiz asks them to move, or for a consent in writing (consents in apidiff.yaml); else a later sunset.",
        "  Not before Sat 12 Feb 2028.",
        "",
    ]


def test_json_has_everything(shut: Verdict) -> None:
    data = json.loads(render_verdict(shut, "json"))
    assert {name: data[name] for name in ("format", "passes", "today", "sunset", "earliest", "notes")} == {
        "format": "apidiff-gate/1", "passes": False, "today": "2028-01-12", "sunset": "2028-01-11",
        "earliest": "2028-02-12", "notes": [],
    }  # fmt: skip
    assert [(one["kind"], one["integrator"], one["changes"], one["earliest"]) for one in data["obstacles"]] == [
        ("in-use", "bolt", [SORT], "2028-02-12")
    ]
    assert [one["how"] for one in data["cleared"]] == ["waived", *["retired"] * 5]


def test_an_open_gate_says_so() -> None:
    assert render_verdict(judge(comparison(CHANGES[8]), None, None, consents=(), today=TODAY)) == (
        "Payments 1.4.0 → 2.0.0\nThe gate is open: nothing breaks.\n"
    )
    assert "The gate is open: 1 break may go." in render_verdict(
        judge(comparison(CHANGES[7]), None, None, consents=(), today=TODAY), "markdown"
    )


def crowd(*worth: float) -> Verdict:
    """Shut by a draft and by as many integrators as there are figures."""
    used = [
        Obstacle("in-use", f"a{n} still uses it", "Ask.", (SORT,), f"a{n}", None, one) for n, one in enumerate(worth)
    ]
    shut = judge(comparison(), None, None, consents=(), today=TODAY)
    return replace(shut, obstacles=(*used[:2], Obstacle("draft", "the plan is a DRAFT", "Decide."), *used[2:]))


def test_each_kind_is_shown_with_its_count_and_the_five_heaviest() -> None:
    lines = render_verdict(crowd(1, 7, 3, 9, 0, 5, 6)).splitlines()
    assert lines[1:] == [
        "The gate is shut: 8 things stand in the way.",
        "  in-use 7 · draft 1",
        "",
        "✗ in-use, 7:",
        *(f"  - a{n} still uses it" for n in (3, 1, 6, 5, 2)),
        "  and 2 more (--all)",
        "  Ask.",
        "",
        "✗ draft: the plan is a DRAFT",
        "  Decide.",
    ]
    assert [
        line for line in render_verdict(crowd(1, 7, 3, 9, 0, 5, 6), whole=True).splitlines() if "still" in line
    ] == [f"  - a{n} still uses it" for n in (3, 1, 6, 5, 2, 0, 4)]
    data = json.loads(render_verdict(crowd(1, 7, 3, 9, 0, 5, 6), "json"))
    assert (data["kinds"], len(data["obstacles"])) == ({"in-use": 7, "draft": 1}, 8)
    assert "| and 2 more of the kind `in-use` | | |" in render_verdict(crowd(1, 7, 3, 9, 0, 5, 6), "markdown")


def test_what_clears_each_is_beside_it_where_that_differs() -> None:
    first, *others = crowd(2, 1).obstacles
    found = replace(crowd(2, 1), obstacles=(replace(first, remedy="Ana asks.", earliest=TODAY), *others))
    assert render_verdict(found).splitlines()[4:9] == [
        "✗ in-use, 2:",
        "  - a0 still uses it; not before Wed 12 Jan 2028",
        "    Ana asks.",
        "  - a1 still uses it",
        "    Ask.",
    ]


def test_annotations_are_as_many_as_github_shows() -> None:
    found = judge(comparison(*CHANGES[:6], *CHANGES[:6]), None, None, consents=(), today=TODAY)
    assert len(render_verdict(found, "github").splitlines()) == 6
    lines = render_verdict(found, "github", whole=True).splitlines()
    assert len(lines) == 11
    assert lines[1].startswith("::error title=gate%3A unplanned::Operation DELETE /v1/customers/{id}/cards/{card} was")
    assert lines[-1] == "apidiff: The gate is shut: 12 things stand in the way."


def test_markdown_is_a_table(shut: Verdict) -> None:
    markdown = render_verdict(shut, "markdown")
    assert markdown.startswith("# Payments 1.4.0 → 2.0.0: may not go yet\n\n**The gate is shut")
    in_the_way, may_go = markdown.split("| may go | how | because |")
    assert "`amount`" in in_the_way
    assert "`amount`" not in may_go
    assert may_go.count("\n| ") == 7
