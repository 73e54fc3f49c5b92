"""Decisions: what each answers, which of two wins, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from apidiff.config.decisions import which_of
from apidiff.config.settings import Answer, DecisionEntry, Which
from apidiff.plan.decide import answer, component_of
from apidiff.plan.opened import open_groups
from apidiff.plan.value import Tier
from apidiff.usage.evidence import Evidence
from apidiff.words.changes import Change, Level, OperationEntry
from apidiff.words.errors import ApidiffError
from apidiff.words.facts import ABSENT
from tests.render.plan.sample import impact, integrators, sample

LIST, READ, PAY = "GET /v1/users", "GET /v1/users/{id}", "POST /v2/payouts"
OPERATIONS = tuple(
    OperationEntry(id=name, method=name.split()[0], path=name.split()[1], operation_id=None, present="both", tags=tags)
    for name, tags in ((LIST, ("users",)), (READ, ("users", "read")), (PAY, ("money",)))
)


def change(identity: str, rule: str, at: str, *operations: str, **more: Any) -> Change:
    values: dict[str, Any] = {
        "id": identity, "rule": rule, "level": Level.BREAKING, "direction": "response", "base": at, "revision": None,
        "before": ABSENT, "after": ABSENT, "title": f"{rule} {identity}", "why": "", "operations": operations,
        "places": (),
    }  # fmt: skip
    return Change(**(values | more))


USER = "#/components/schemas/User/properties/"
CHANGES = (
    change("a1", "property-removed", USER + "name", LIST, READ),
    change("a2", "property-removed", USER + "mail", READ),
    change("a3", "enum-value-removed", USER + "kind", LIST, PAY, direction="request"),
    change("b1", "property-removed", "#/definitions/Payout/properties/bank", PAY),
    change("c1", "operation-removed", "#/paths/~1v2~1payouts/post", PAY, direction=None),
    change("d1", "property-removed", USER + "age", LIST, level=Level.DANGEROUS),
)


def entries(*pairs: tuple[str, str]) -> dict[str, DecisionEntry]:
    return {key: DecisionEntry(key, Answer(said), "why", "Kim", which_of(key)) for key, said in pairs}


def answered(*pairs: tuple[str, str]) -> dict[str, str]:
    return {one: entry.change for one, entry in answer(CHANGES, OPERATIONS, entries(*pairs)).by_change.items()}


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("a1", ["a1"]),
        ("d1", ["d1"]),
        ("property-removed", ["a1", "a2", "b1"]),
        ("rule=property-removed component=User", ["a1", "a2"]),
        ("component=User", ["a1", "a2", "a3"]),
        ("component=P*", ["b1"]),
        ("path=/v1/*", ["a1", "a2"]),
        ("path=/v1/users", []),
        ("tag=users", ["a1", "a2"]),
        ("tag=read", ["a2"]),
        ("direction=request", ["a3"]),
        ("direction=response path=/v2/*", ["b1"]),
    ],
)
def test_what_a_decision_answers(key: str, wanted: list[str]) -> None:
    if not wanted:
        with pytest.raises(ApidiffError) as caught:
            answered((key, "expand"))
        assert caught.value.code == "decision-unknown"
    else:
        assert sorted(answered((key, "expand"))) == wanted


def test_the_narrower_one_wins_in_any_order() -> None:
    pairs = [("component=User", "expand"), ("rule=property-removed", "expand"), ("tag=users", "proceed"), ("a2", "proceed")]  # fmt: skip  # noqa: E501
    for given in (pairs, pairs[::-1]):
        found = answer(CHANGES, OPERATIONS, entries(*given))
        assert {one: entry.change for one, entry in found.by_change.items()} == {
            "a1": "tag=users",
            "a2": "a2",
            "a3": "component=User",
            "b1": "rule=property-removed",
        }
        assert found.settled == {"component=User": 1, "rule=property-removed": 1, "tag=users": 1, "a2": 1}
        assert found.matched == {"component=User": 3, "rule=property-removed": 3, "tag=users": 2, "a2": 1}


def test_equally_narrow_ones_that_disagree_are_refused() -> None:
    assert answered(("tag=users", "expand"), ("path=/v1/*", "expand")) == {"a1": "path=/v1/*", "a2": "path=/v1/*"}
    with pytest.raises(ApidiffError) as caught:
        answered(("tag=users", "expand"), ("path=/v1/*", "proceed"))
    assert (caught.value.code, caught.value.message) == (
        "decision-ambiguous",
        "decisions disagree about a1: `path=/v1/*` and `tag=users` answer equally many changes",
    )
    assert answered(("tag=users", "expand"), ("path=/v1/*", "proceed"), ("a1", "expand"), ("a2", "expand")) == {
        "a1": "a1",
        "a2": "a2",
    }


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("a19", "`a1`"),
        ("component=Users", "`component=User`"),
        ("tag=user", "`tag=users`"),
        ("rule=property-removed tag=reads", "`rule=property-removed tag=read`"),
        ("direction=request component=Payout", "`component=User direction=request`"),
    ],
)
def test_what_answers_nothing_names_the_nearest(key: str, near: str) -> None:
    if key == "rule=property-removed tag=reads":
        near = "`rule=property-removed tag=users`"
    with pytest.raises(ApidiffError) as caught:
        answered((key, "expand"))
    assert caught.value.code == "decision-unknown"
    assert f"The nearest that does is {near}." in (caught.value.hint or "")


@pytest.mark.parametrize(
    "text", ["x=1 component=User", "component=", "component=A component=B", "direction=both", "component=A tag="]
)
def test_what_is_no_selection_is_refused(text: str) -> None:
    with pytest.raises(ApidiffError):
        which_of(text)


def test_keys_are_read_and_written_alike() -> None:
    which = Which("property-removed", "User", "/v1/*", "Payment methods", "response")
    assert which_of(which.key) == which
    assert which_of("9f3a1c0b7d21") is None
    assert which_of("property-removed") == Which(rule="property-removed")


def test_the_component_is_where_the_edit_was_made() -> None:
    assert [component_of(one) for one in CHANGES] == ["User", "User", "User", "Payout", "", "User"]


def test_open_ones_are_grouped_by_component_the_heaviest_first() -> None:
    one, two, *_ = integrators()
    hit = [impact("x", n, Evidence.PROBABLE, 3, "")._replace(changes=(c.id,)) for n, c in enumerate(CHANGES)]
    people = (
        replace(one, impacts=(hit[1], hit[3]), revenue=100.0, tier=Tier.CALL, integrator="one"),
        replace(two, impacts=(hit[0], hit[1]), revenue=30.0, tier=Tier.EMAIL, integrator="two"),
        replace(two, impacts=tuple(hit), revenue=900.0, tier=Tier.EXCLUDED, integrator="out"),
    )
    plan = sample(integrators=people)
    planned = tuple(replace(plan.changes[0], change=one, decision=None) for one in CHANGES)
    groups = open_groups(replace(plan, changes=planned))
    assert [(g.component, [c.change.id for c in g.changes], g.revenue, g.integrators) for g in groups] == [
        ("User", ["a2", "a1", "a3"], 130.0, 2),
        ("Payout", ["b1"], 100.0, 1),
        ("", ["c1"], 0.0, 0),
    ]
