"""Renames, replacements and splits that people declare: what the differ could not know, or would guess wrong."""

from typing import Any

import pytest

from apidiff.comparison.compare import Judgement, compared
from apidiff.words.changes import Change
from apidiff.words.errors import ApidiffError
from apidiff.words.renames import Rename, Renamed

TEXT = {"type": "string"}
PROPERTY, PARAMETER, OPERATION = Renamed.PROPERTY, Renamed.PARAMETER, Renamed.OPERATION


def spec(customer: dict[str, Any], *queries: str, paths: tuple[str, ...] = (), inline: dict[str, Any] | None = None):
    """A spec with one component, one operation with these query parameters, and some more operations."""
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Customer"}}}
    if inline is not None:
        answer = {"application/json": {"schema": {"type": "object", "properties": inline}}}
    listed = {
        "parameters": [{"name": name, "in": "query", "schema": TEXT} for name in queries],
        "responses": {"200": {"description": "", "content": answer}},
    }
    plain = {"get": {"responses": {"200": {"description": "", "content": answer}}}}
    return {
        "openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
        "paths": {"/customers": {"get": listed}, **dict.fromkeys(paths, plain)},
        "components": {"schemas": {"Customer": {"type": "object", "properties": customer}}},
    }  # fmt: skip


def told(base: Any, revision: Any, *renames: Rename) -> list[tuple[str, str | None, str, str]]:
    """Of each break: its rule, what it is now, how that is known, and what reports add to the reason."""
    changes = compared(base, revision, judgement=Judgement(renames=renames))[0].changes
    return [(one.rule, one.renamed_to, one.matched, _added(one)) for one in changes if one.breaks]


def _added(change: Change) -> str:
    return change.why.split(". ", 1)[1] if ". " in change.why else ""


OLD = spec({"name": TEXT, "id": TEXT})


def test_a_new_name_that_nothing_tells() -> None:
    new = spec({"label": TEXT, "id": TEXT})
    assert told(OLD, new) == [("property-removed", None, "", "")]
    said = Rename(PROPERTY, "Customer.name", ("label",))
    assert told(OLD, new, said) == [("property-renamed", "label", "declared", "")]
    for other in (
        Rename(PROPERTY, "Customer.name", ("Customer.label",)),
        Rename(PROPERTY, "#/components/schemas/Customer/properties/name", ("label",)),
    ):
        assert told(OLD, new, other) == told(OLD, new, said)


def test_what_differs_below_a_new_name_is_found() -> None:
    new = spec({"label": {"type": "integer"}, "id": TEXT})
    found = told(OLD, new, Rename(PROPERTY, "Customer.name", ("label",)))
    assert [rule for rule, *_ in found] == ["property-renamed", "type-changed"]


def test_a_guess_says_how_alike_the_names_are_and_yields_to_what_is_declared() -> None:
    new = spec({"names": TEXT, "label": TEXT, "id": TEXT})
    guess = "Taken for a rename, for the two are 99% alike."
    assert told(OLD, new) == [("property-renamed", "names", "likeness", guess)]
    (guessed,) = [one for one in compared(OLD, new, judgement=Judgement())[0].changes if one.breaks]
    assert guessed.likeness == 0.99
    assert told(OLD, new, Rename(PROPERTY, "Customer.name", ("label",))) == [
        ("property-renamed", "label", "declared", "")
    ]


def test_a_split_and_what_takes_a_place_without_being_new() -> None:
    new = spec({"given": TEXT, "family": TEXT, "id": TEXT})
    split = Rename(PROPERTY, "Customer.name", ("given", "family"))
    assert told(OLD, new, split) == [("property-split", "given, family", "declared", "")]
    there = Rename(PROPERTY, "Customer.name", ("id",))
    assert told(OLD, spec({"id": TEXT}), there) == [("property-removed", "id", "declared", "`id` takes its place.")]


def test_a_property_of_an_answer_that_has_no_name() -> None:
    old, new = spec({}, inline={"name": TEXT}), spec({}, inline={"label": TEXT})
    said = Rename(PROPERTY, "name", ("label",), "GET /customers")
    assert told(old, new, said) == [("property-renamed", "label", "declared", "")]


def test_parameters_anywhere_or_of_one_operation() -> None:
    old, new = spec({}, "sort"), spec({}, "by")
    for said in (Rename(PARAMETER, "sort", ("by",)), Rename(PARAMETER, "sort", ("by",), "GET /customers")):
        assert told(old, new, said) == [("parameter-renamed", "by", "declared", "")]
    there = Rename(PARAMETER, "sort", ("by",))
    assert told(spec({}, "sort", "by"), new, there) == [
        ("parameter-removed", "by", "declared", "`by` takes its place.")
    ]


def test_operations_that_moved_and_those_that_another_replaces() -> None:
    old, new = spec({}, paths=("/clients",)), spec({}, paths=("/people",))
    said = Rename(OPERATION, "GET /clients", ("GET /people",))
    comparison, _ = compared(old, new, judgement=Judgement(renames=(said,)))
    assert [(one.rule, one.renamed_to) for one in comparison.changes if one.breaks] == [
        ("operation-moved", "GET /people")
    ]
    there = Rename(OPERATION, "GET /clients", ("GET /customers",))
    comparison, _ = compared(old, spec({}), judgement=Judgement(renames=(there,)))
    assert [(one.rule, one.renamed_to, _added(one)) for one in comparison.changes if one.breaks] == [
        ("operation-removed", "GET /customers", "`GET /customers` takes its place.")
    ]
    assert {one.id: one.moved_to for one in comparison.operations} == {
        "GET /clients": "GET /customers", "GET /customers": None
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rename", "message", "hint"),
    [
        (
            Rename(PROPERTY, "Customer.nmae", ("label",)),
            "`Customer.nmae` is no property that the revision has lost",
            "Did you mean `Customer.name`?",
        ),
        (
            Rename(PROPERTY, "Customer.name", ("lable",)),
            "`Customer.name` went, and the revision has no `lable` in its place",
            "Did you mean `label`?",
        ),
        (
            Rename(PROPERTY, "Customer.id", ("label",)),
            "`Customer.id` is no property that the revision has lost",
            "Did you mean `Customer.name`?",
        ),
        (
            Rename(PARAMETER, "page", ("by",)),
            "`page` is no parameter that the revision has lost",
            "There are `sort`, `sort of GET /customers`.",
        ),
        (
            Rename(OPERATION, "GET /client", ("GET /people",)),
            "`GET /client` is no operation that the revision has lost",
            "Did you mean `GET /clients`?",
        ),
        (
            Rename(OPERATION, "GET /clients", ("GET /poeple",)),
            "`GET /clients` went, and the revision has no `GET /poeple` in its place",
            "Did you mean `GET /people`?",
        ),
    ],
)
def test_what_fits_nothing_is_refused_with_the_nearest(rename: Rename, message: str, hint: str) -> None:
    old = spec({"name": TEXT, "id": TEXT}, "sort", paths=("/clients",))
    new = spec({"label": TEXT, "id": TEXT}, "by", paths=("/people",))
    with pytest.raises(ApidiffError) as caught:
        compared(old, new, judgement=Judgement(renames=(rename,)))
    assert (caught.value.code, caught.value.message, caught.value.hint) == ("rename-unknown", message, hint)
