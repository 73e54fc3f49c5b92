from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apidiff import compare
from apidiff.comparison.waive import apply, spec_waivers, waive
from apidiff.config import load_config
from apidiff.config.settings import WaiverEntry
from apidiff.jobs.plan import judgement_of
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.spec import Spec
from apidiff.words.changes import Change, Waiver
from apidiff.words.errors import ApidiffError
from tests.render.diff.sample import ADDED, ENUM, REMOVED, REQUIRED, SAMPLE, UNCLASSIFIED, change

TODAY = date(2026, 11, 20)
WHY = Waiver("agreed", "ada")


def entry(**fields: Any) -> WaiverEntry:
    expires = fields.pop("expires", None)
    return WaiverEntry(replace(WHY, expires=expires), at="apidiff.yaml:3", **fields)


def outcome(changes: list[Change], *waivers: WaiverEntry) -> tuple[list[str], list[str]]:
    """The ids that pass, and the sentences."""
    judged, problems = apply(changes, waivers, today=TODAY)
    assert [one.id for one in judged] == [one.id for one in changes]
    return [one.id for one in judged if one.waiver is not None], list(problems)


def test_a_change_passes_by_its_id_whatever_its_words_say() -> None:
    reworded = replace(REMOVED, title="other words", base="#/elsewhere")
    judged, problems = apply([reworded, ENUM], [entry(change=REMOVED.id)], today=TODAY)
    assert (judged[0].waiver, judged[1].waiver, problems) == (WHY, None, ())


@pytest.mark.parametrize(
    "operation",
    [
        "GET /v1/customers/*",
        "get /v1/customers/*",
        "/v1/customers/*",
        "* /v1/customers/*",
        "*",
    ],
)
def test_a_change_passes_by_rule_and_operation(operation: str) -> None:
    assert outcome([REMOVED, REQUIRED], entry(rule="property-removed", operation=operation)) == ([REMOVED.id], [])


def test_parameters_of_a_path_may_be_called_anything() -> None:
    one = replace(REMOVED, operations=("GET /v1/customers/{id}",))
    assert outcome([one], entry(rule=one.rule, operation="GET /v1/customers/{customer}")) == ([one.id], [])
    assert outcome([one], entry(rule=one.rule, operation="POST /v1/customers/{id}"))[0] == []


@pytest.mark.parametrize("operation", ["GET /v1/info", "/v2/info"])
def test_an_operation_that_moved_goes_by_either_of_its_ids(operation: str) -> None:
    def at(path: str, *names: str) -> dict[str, Any]:
        query = [{"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in names]
        call = {"get": {"parameters": query, "responses": {"200": {"description": "OK"}}}}
        return {"openapi": "3.1.0", "info": {"title": "T", "version": path}, "paths": {path: call}}

    found = compare(at("/v1/info"), at("/v2/info", "all"))
    waived = waive(found, [entry(rule="required-parameter-added", operation=operation)], today=TODAY)
    assert {one.rule: one.waiver for one in waived.changes if one.endangers or one.waiver} == {
        "operation-version-moved": None,
        "required-parameter-added": WHY,
    }
    assert waived.warnings == ()


def test_a_waiver_for_one_operation_never_hides_the_break_of_another() -> None:
    ids, problems = outcome([REMOVED], entry(rule=REMOVED.rule, operation="GET /v1/customers/{id}"))
    assert ids == []
    assert problems == [
        (
            "apidiff.yaml:3: waiver: it covers 1 of the 5 operations that change 9f3a1c0b7d21 reaches, "
            "which therefore stays breaking"
        )
    ]


def test_waivers_that_cover_all_operations_together_let_the_change_pass() -> None:
    letters = [entry(rule=REMOVED.rule, operation=f"GET /v1/customers/{name}") for name in "abcd"]
    last = WaiverEntry(
        Waiver("pinned", "bob", "2026-12-31"),
        rule=REMOVED.rule,
        operation="GET /v1/customers/{id}",
        at="apidiff.yaml:9",
    )
    judged, problems = apply([REMOVED], [*letters, last], today=TODAY)
    assert (judged[0].waiver, problems) == (Waiver("agreed; pinned", "ada, bob", "2026-12-31"), ())


def test_an_earlier_name_of_a_rule_still_counts() -> None:
    from apidiff.rules import catalogue

    renamed = next(rule for rule in catalogue() if rule.aliases)
    one = change(rule=renamed.id)
    assert outcome([one], entry(rule=renamed.aliases[0], operation="*")) == ([one.id], [])


def test_what_no_operation_reaches_is_waived_only_for_all() -> None:
    assert outcome([UNCLASSIFIED], entry(rule="unclassified", operation="*")) == ([UNCLASSIFIED.id], [])
    assert outcome([UNCLASSIFIED], entry(rule="unclassified", operation="GET *"))[0] == []


@pytest.mark.parametrize(
    ("expires", "passes", "problems"),
    [
        ("2026-11-21", True, []),
        ("2026-11-20", True, []),
        (
            "2026-11-19",
            False,
            ["apidiff.yaml:3: waiver: it expired on 2026-11-19, so 1 change no longer passes; ask ada"],
        ),
    ],
)
def test_a_waiver_holds_through_its_last_day(expires: str, passes: bool, problems: list[str]) -> None:
    assert outcome([REMOVED], entry(change=REMOVED.id, expires=expires)) == ([REMOVED.id] if passes else [], problems)


def test_waivers_that_do_nothing_are_named() -> None:
    assert outcome(
        [ADDED, ENUM],
        entry(change="ffffffffffff"),
        entry(rule="operation-removed", operation="GET /gone"),
        entry(change=ADDED.id),
        entry(change="ffffffffffff", expires="2020-01-01"),
    ) == (
        [],
        [
            "apidiff.yaml:3: waiver: there is no change ffffffffffff; remove it",
            "apidiff.yaml:3: waiver: operation-removed finds nothing to waive in GET /gone; remove it",
            "apidiff.yaml:3: waiver: change 0000000000dd is additive and needs no waiver",
            "apidiff.yaml:3: waiver: it expired on 2020-01-01 and nothing needs it; remove it",
        ],
    )


def test_what_the_base_says_counts_and_is_not_asked_to_be_removed() -> None:
    older = [entry(change=REMOVED.id), entry(change="ffffffffffff"), entry(change=ENUM.id, expires="2020-01-01")]
    judged, problems = apply([REMOVED, ENUM], [], today=TODAY, inherited=older)
    assert ([one.waiver for one in judged], problems) == ([WHY, None], ())
    same = [entry(change=REMOVED.id)]
    assert apply([REMOVED], same, today=TODAY, inherited=same)[1] == ()


def test_a_safe_change_is_never_waived() -> None:
    assert outcome([ADDED], entry(rule=ADDED.rule, operation="*"))[0] == []


def test_a_waived_change_counts_as_waived_and_in_no_level() -> None:
    judged = waive(SAMPLE, [entry(change=REMOVED.id), entry(change="ffffffffffff")], today=TODAY)
    assert judged.summary == SAMPLE.summary | {"breaking": 1, "waived": 2, "operations_broken": 1}
    assert judged.warnings == (
        *SAMPLE.warnings,
        "apidiff.yaml:3: waiver: there is no change ffffffffffff; remove it",
    )


def spec(root: Any = None, operation: Any = None, hook: Any = None) -> Spec:
    def with_waivers(node: dict[str, Any], waivers: Any) -> dict[str, Any]:
        return node if waivers is None else node | {"x-apidiff-waivers": waivers}

    answers = {"responses": {"200": {"description": "OK"}}}
    tree = {
        "openapi": "3.1.0",
        "info": {"title": "Example", "version": "1.0.0"},
        "paths": {"/a/{id}": {"get": with_waivers(answers, operation)}},
        "webhooks": {"ping": {"post": with_waivers(answers, hook)}},
    }
    return Spec(Side(Document.parsed(with_waivers(tree, root)), name="revision"))


def test_a_spec_says_its_own_waivers() -> None:
    found = spec_waivers(
        spec(
            root=[
                {"change": "9f3a1c0b7d21", "reason": "r", "owner": "o", "expires": "2027-01-31"},
                {"rule": "property-removed", "operation": "GET /a/*", "reason": "r", "owner": "o"},
            ],
            operation=[{"rule": "property-removed", "reason": "r", "owner": "o"}],
            hook=[{"change": "0000000000aa", "reason": "r", "owner": "o"}],
        )
    )
    assert found == (
        WaiverEntry(Waiver("r", "o", "2027-01-31"), change="9f3a1c0b7d21"),
        WaiverEntry(Waiver("r", "o"), rule="property-removed", operation="GET /a/*"),
        WaiverEntry(Waiver("r", "o"), rule="property-removed", operation="GET /a/{id}"),
        WaiverEntry(Waiver("r", "o"), change="0000000000aa"),
    )
    assert "x-apidiff-waivers/0" in found[0].at
    assert spec_waivers(spec()) == ()


GOOD = {"change": "9f3a1c0b7d21", "reason": "r", "owner": "o"}


@pytest.mark.parametrize(
    ("waivers", "message"),
    [
        ({"a": 1}, "`x-apidiff-waivers` is no list"),
        (["text"], "a waiver is a mapping of texts"),
        ([GOOD | {"change": 12}], "a waiver is a mapping of texts"),
        ([GOOD | {"owner": " "}], "a waiver is a mapping of texts"),
        ([GOOD | {"until": "2027"}], "unknown key `until`"),
        ([{"change": "a", "owner": "o"}], "the waiver has no reason"),
        ([{"change": "a", "reason": "r"}], "the waiver has no owner"),
        ([{"reason": "r", "owner": "o"}], "it does not say what it waives"),
        ([GOOD | {"rule": "property-removed", "operation": "*"}], "it does not say what it waives"),
        ([{"rule": "property-removed", "reason": "r", "owner": "o"}], "it does not say what it waives"),
        ([GOOD | {"expires": "soon"}], "`expires` is no date"),
    ],
)
def test_a_wrong_waiver_is_refused(waivers: Any, message: str) -> None:
    with pytest.raises(ApidiffError) as refused:
        spec_waivers(spec(root=waivers))
    assert (refused.value.code, refused.value.message) == ("waiver-invalid", message)
    assert refused.value.hint


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    waivers = [{"rule": "property-remove", "reason": "r", "owner": "o"}]
    with pytest.raises(ApidiffError) as refused:
        spec_waivers(spec(operation=waivers))
    assert (refused.value.code, "property-removed" in (refused.value.hint or "")) == ("rule-unknown", True)


def typed(kind: str) -> dict[str, Any]:
    """A spec whose three operations answer with one component."""
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": kind}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/N"}}}
    answer = {"200": {"description": "OK", "content": content}}
    paths = {path: {"get": {"tags": [path[1:]], "responses": answer}} for path in ("/a", "/b", "/c")}
    info = {"title": "T", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": {"N": schema}}}


def owned(folder: Path, config: str, *waivers: str) -> tuple[list[str], list[str]]:
    """Whose approval lets an edit pass that reaches /a, /b and /c, and what is said of waivers."""
    (found,) = [one for one in compare(typed("integer"), typed("string")).changes if one.rule == "type-changed"]
    said = "".join(f"  - {{{waiver.replace('ID', found.id)}, reason: r}}\n" for waiver in waivers)
    (folder / "apidiff.yaml").write_text(f"owners: {config}\nwaivers:\n{said}")
    judgement = judgement_of(load_config(None, cwd=folder), today=TODAY)
    judged = compare(typed("integer"), typed("string"), judgement=judgement)
    passed = [one.waiver.owner for one in judged.changes if one.waiver is not None]
    return passed, [warning.replace(found.id, "ID") for warning in judged.warnings]


TEAMS = "[{paths: [/a], owner: one}, {tags: [b], owner: [two, ana]}]"


def test_every_owner_of_what_a_change_reaches_lets_it_pass(tmp_path: Path) -> None:
    assert owned(tmp_path, TEAMS, "change: ID, owner: one", "change: ID, owner: ana") == (["one, ana"], [])
    by_rule = [f"rule: type-changed, operation: '*', owner: {name}" for name in ("one", "two")]
    assert owned(tmp_path, TEAMS, *by_rule) == (["one, two"], [])
    assert owned(tmp_path, "[{paths: ['/*'], owner: one}]", "change: ID, owner: one") == (["one"], [])


def test_whose_approval_is_missing_is_said(tmp_path: Path) -> None:
    said = (
        "apidiff.yaml:3: waiver: change ID stays breaking until ana or two approve it, too: one is no owner of GET /b"
    )
    assert owned(tmp_path, TEAMS, "change: ID, owner: one") == ([], [said])
    assert owned(tmp_path, TEAMS, "change: ID, owner: eve")[0] == []


@pytest.mark.parametrize("wrong", ["[{owner: one}]", "[{paths: [/a]}]"])
def test_owners_say_whose_and_of_what(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ApidiffError) as refused:
        owned(tmp_path, wrong, "change: ID, owner: one")
    assert refused.value.code == "config-invalid"
