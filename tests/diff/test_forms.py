"""Forms that only a discriminator reaches, and the values that name them."""

import json
from pathlib import Path
from typing import Any

import pytest

from apidiff import compare
from tests.diff.saying import said

KIND = {"type": "string"}


def pets(schemas: dict[str, Any], use: Any = None, *, version: str = "3.0.3") -> dict[str, Any]:
    """A spec whose one operation sends and answers a pet."""
    use = use or {"$ref": "#/components/schemas/Pet"}
    content = {"application/json": {"schema": use}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "OK", "content": content}}}
    document = {"openapi": version, "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": {"post": operation}}}
    return {**document, "components": {"schemas": schemas}}


def parent(**discriminator: Any) -> dict[str, Any]:
    said_of_it = {"propertyName": "kind", **discriminator}
    return {"type": "object", "required": ["kind"], "properties": {"kind": KIND}, "discriminator": said_of_it}


def child(of: str = "Pet", **properties: Any) -> dict[str, Any]:
    inherited = {"$ref": f"#/components/schemas/{of}"}
    return {"allOf": [inherited, {"type": "object", "properties": properties}]}


NUMBER, TEXT = {"type": "integer"}, {"type": "string"}
CHANGED = [
    "breaking type-changed request: the type of request `lives` of `Cat` changed from `integer` to `string`",
    "breaking type-changed response: the type of response `lives` of `Cat` changed from `integer` to `string`",
]
USES: dict[str, Any] = {
    "itself": {"$ref": "#/components/schemas/Pet"},
    "in a list": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
    "in a property": {"type": "object", "properties": {"pet": {"$ref": "#/components/schemas/Pet"}}},
    "wrapped, for null": {"allOf": [{"$ref": "#/components/schemas/Pet"}], "nullable": True},
    "by another name": {"$ref": "#/components/schemas/Alias"},
}


def told(base: Any, revision: Any) -> list[str]:
    """What reaches the operation, with its direction."""
    return sorted(
        f"{change.level} {change.rule} {change.direction or '-'}: {change.title}"
        for change in compare(base, revision).changes
        if change.operations and change.rule != "version-not-raised"
    )


def rules(base: Any, revision: Any) -> list[str]:
    return [line.partition(":")[0] for line in told(base, revision)]


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
@pytest.mark.parametrize("mapping", [{}, {"mapping": {"cat": "#/components/schemas/Cat"}}, {"mapping": {"cat": "Cat"}}])
def test_a_form_is_part_of_every_use(use: Any, mapping: Any) -> None:
    sides = [
        pets({"Pet": parent(**mapping), "Alias": {"$ref": "#/components/schemas/Pet"}, "Cat": child(lives=lives)}, use)
        for lives in (NUMBER, TEXT)
    ]
    assert told(sides[0], sides[1]) == CHANGED


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_schema_that_is_no_component_has_no_forms_of_its_own(version: str) -> None:
    use = {"type": "number", "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}}}
    base = pets({"Cat": {"properties": {"lives": NUMBER}}}, use)
    assert told(base, pets({"Cat": {"properties": {"lives": TEXT}}}, use, version=version)) == []


def test_a_form_of_a_form() -> None:
    sides = [
        pets({"Pet": parent(), "Feline": child(claws=NUMBER), "Cat": child("Feline", lives=lives)})
        for lives in (NUMBER, TEXT)
    ]
    assert told(sides[0], sides[1]) == CHANGED


def test_a_form_that_inherits_from_itself_by_a_circle() -> None:
    pet = {**parent(), "properties": {"kind": KIND, "friend": {"$ref": "#/components/schemas/Cat"}}}
    sides = [pets({"Pet": pet, "Cat": child(lives=lives)}) for lives in (NUMBER, TEXT)]
    assert told(sides[0], sides[1]) == CHANGED


def test_the_discriminator_may_stand_in_a_part() -> None:
    pet = {"allOf": [{"type": "object", "properties": {"id": NUMBER}}, parent()]}
    sides = [pets({"Pet": pet, "Cat": child(lives=lives)}) for lives in (NUMBER, TEXT)]
    assert told(sides[0], sides[1]) == CHANGED


def test_a_use_of_one_form_is_no_use_of_another() -> None:
    use = {"$ref": "#/components/schemas/Dog"}
    sides = [
        pets({"Pet": parent(), "Dog": child(bark=TEXT), "Cat": child(lives=lives)}, use) for lives in (NUMBER, TEXT)
    ]
    assert told(sides[0], sides[1]) == []


def test_without_a_discriminator_nobody_is_a_form() -> None:
    plain = {key: value for key, value in parent().items() if key != "discriminator"}
    sides = [pets({"Pet": plain, "Cat": child(lives=lives)}) for lives in (NUMBER, TEXT)]
    assert told(sides[0], sides[1]) == []


def test_a_form_that_comes_goes_or_is_renamed() -> None:
    one = pets({"Pet": parent(), "Cat": child(lives=NUMBER)})
    two = pets({"Pet": parent(), "Cat": child(lives=NUMBER), "Dog": child(bark=TEXT)})
    assert told(one, two) == [
        f"{level} discriminator-value-added {way}: the value `Dog` now stands for a form of {way} `Pet` of `POST /pets`"
        for level, way in (("additive", "request"), ("dangerous", "response"))
    ]
    assert rules(two, one) == [
        "breaking discriminator-value-removed request",
        "breaking discriminator-value-removed response",
    ]
    renamed = pets({"Pet": parent(), "DomesticCat": child(lives=NUMBER)})
    assert rules(one, renamed) == [
        "breaking discriminator-value-renamed request",
        "breaking discriminator-value-renamed response",
    ]


def test_a_mapping_follows_a_renamed_form() -> None:
    one, two = (
        pets({"Pet": parent(mapping={"cat": f"#/components/schemas/{name}"}), name: child(lives=lives)})
        for name, lives in (("Cat", NUMBER), ("Kitten", TEXT))
    )
    assert rules(one, two) == [
        "breaking type-changed request",
        "breaking type-changed response",
    ]


def test_an_extension_names_a_form_in_swagger() -> None:
    def swagger(name: str) -> dict[str, Any]:
        inherited = {"allOf": [{"$ref": "#/definitions/Pet"}], "x-ms-discriminator-value": "cat", "properties": {}}
        pet = {"type": "object", "required": ["kind"], "discriminator": "kind", "properties": {"kind": KIND}}
        answer = {"200": {"description": "OK", "schema": {"$ref": "#/definitions/Pet"}}}
        return {
            "swagger": "2.0",
            "info": {"title": "Pets", "version": "1"},
            "paths": {"/pets": {"get": {"produces": ["application/json"], "responses": answer}}},
            "definitions": {"Pet": pet, name: inherited},
        }

    assert told(swagger("Cat"), swagger("Kitten")) == []


def union(*names: str, enum: bool = False, **discriminator: Any) -> dict[str, Any]:
    kinds = {name: {"type": "string", "enum": ["x"]} if enum else KIND for name in names}
    forms = {
        name: {"type": "object", "required": ["kind"], "properties": {"kind": kinds[name], name[0].lower(): TEXT}}
        for name in names
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return {**forms, "Pet": {"oneOf": refs, "discriminator": {"propertyName": "kind", **discriminator}}}


def test_a_branch_is_named_by_its_component() -> None:
    one, two = pets(union("Cat", "Dog")), pets(union("Cats", "Dog"))
    assert rules(one, two) == [
        "breaking discriminator-value-renamed request",
        "breaking discriminator-value-renamed response",
    ]
    # the branch says its value itself, or a mapping does
    assert told(pets(union("Cat", "Dog", enum=True)), pets(union("Cats", "Dog", enum=True))) == []
    one, two = (pets(union(name, "Dog", mapping={"cat": f"#/components/schemas/{name}"})) for name in ("Cat", "Cats"))
    assert told(one, two) == []


def test_a_mapping_that_leads_to_another_form_that_was_there() -> None:
    one, two = (pets(union("Cat", "Dog", mapping={"pet": f"#/components/schemas/{name}"})) for name in ("Cat", "Dog"))
    assert rules(one, two) == [
        "breaking discriminator-value-changed request",
        "breaking discriminator-value-changed response",
    ]


def test_a_default_form() -> None:
    schemas = union("Cat", "Dog", mapping={"cat": "Cat"})
    cat, ref, dog = ("Cat", "#/components/schemas/Cat", "#/components/schemas/Dog")
    bare, by_name, by_reference, other = (
        pets(
            {**schemas, "Pet": {**schemas["Pet"], "discriminator": {**schemas["Pet"]["discriminator"], **default}}},
            version="3.2.0",
        )
        for default in ({}, {"defaultMapping": cat}, {"defaultMapping": ref}, {"defaultMapping": dog})
    )
    assert said(by_name, by_reference) == []
    assert rules(bare, by_name) == [
        "additive discriminator-default-added request",
        "dangerous discriminator-default-added response",
    ]
    assert rules(by_name, bare) == [
        "breaking discriminator-default-removed request",
        "dangerous discriminator-default-removed response",
    ]
    assert rules(by_name, other) == [
        "breaking discriminator-default-changed request",
        "breaking discriminator-default-changed response",
    ]


@pytest.mark.parametrize(("sent", "level"), [(True, "breaking"), (False, "additive")])
def test_the_branches_of_a_union_go_by_the_discriminator_of_their_parent(sent: bool, level: str):
    parent = {
        "type": "object",
        "required": ["t"],
        "properties": {"t": {"type": "string"}},
        "discriminator": {"propertyName": "t"},
    }
    forms = {name: {"allOf": [{"$ref": "#/components/schemas/Parent"}, {"properties": {name: {}}}]} for name in "ABC"}

    def whole(names: str) -> dict[str, Any]:
        union = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}
        content = {"content": {"application/json": {"schema": union}}}
        operation = {"responses": {"200": {"description": "OK", **({} if sent else content)}}}
        operation |= {"requestBody": content} if sent else {}
        components = {"schemas": {"Parent": parent, **forms}}
        return {
            "openapi": "3.1.0",
            "info": {"title": "T"},
            "paths": {"/a": {"post": operation}},
            "components": components,
        }

    changes = compare(whole("ABC"), whole("AB")).changes
    assert [(one.level.value, one.rule) for one in changes] == [(level, "branch-removed")]


def test_names_that_a_mapping_says_in_full() -> None:
    union = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog")]}
    forms = {name: {**parent(), "discriminator": None} for name in ("Cat", "Dog")}
    forms = {name: {key: value for key, value in form.items() if value} for name, form in forms.items()}
    unsaid = {**union, "discriminator": {"propertyName": "kind"}}
    spelled = {**union, "discriminator": {"propertyName": "kind", "mapping": {"Cat": "#/components/schemas/Cat"}}}
    assert told(pets(forms, unsaid), pets(forms, spelled)) == told(pets(forms, spelled), pets(forms, unsaid)) == []
    other = {**union, "discriminator": {"propertyName": "kind", "mapping": {"tabby": "#/components/schemas/Cat"}}}
    assert "dangerous discriminator-value-added response" in rules(pets(forms, unsaid), pets(forms, other))


MAPPED = {"cat": "#/components/schemas/Cat"}
FILES: dict[str, Any] = {
    "components of another file": (
        "lib.yaml#/components/schemas/Pet",
        lambda cat: {"lib.yaml": {"components": {"schemas": {"Pet": parent(), "Cat": cat}}}},
    ),
    "mapped ones": (
        "lib.yaml#/components/schemas/Pet",
        lambda cat: {"lib.yaml": {"components": {"schemas": {"Pet": parent(mapping=MAPPED), "Cat": cat}}}},
    ),
    "a map of schemas": ("lib.yaml#/Pet", lambda cat: {"lib.yaml": {"Pet": parent(), "Cat": cat}}),
    "files that only a mapping names": (
        "models/pet.yaml",
        lambda cat: {"models/pet.yaml": parent(mapping={"cat": "cat.yaml"}), "models/cat.yaml": cat},
    ),
}


@pytest.mark.parametrize("about", FILES)
def test_forms_in_other_files(about: str, tmp_path: Path) -> None:
    use, files = FILES[about]
    sides = []
    for name, lives in (("base", NUMBER), ("revision", TEXT)):
        inherited = {"$ref": "pet.yaml" if "models" in use else use.partition("lib.yaml")[2]}
        cat = {"allOf": [inherited, {"type": "object", "properties": {"lives": lives}}]}
        for file, tree in {**files(cat), "api.yaml": pets({}, {"$ref": use})}.items():
            place = tmp_path / name / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(tree), encoding="utf-8")
        sides.append(str(tmp_path / name / "api.yaml"))
    called = "cat" if "models" in use else "Cat"
    assert told(*sides) == [line.replace("`Cat`", f"`{called}`") for line in CHANGED]
    assert told(sides[0], sides[0]) == []


def test_a_mapping_that_follows_a_renamed_file(tmp_path: Path) -> None:
    sides = []
    for name in ("dog", "hound"):
        forms = {f"{name}.yaml": {**parent(), "discriminator": {}}, "cat.yaml": {**parent(), "discriminator": {}}}
        union = {
            "oneOf": [{"$ref": file} for file in forms],
            "discriminator": {"propertyName": "kind", "mapping": {"dog": f"./{name}.yaml", "cat": "cat.yaml"}},
        }
        (tmp_path / name).mkdir()
        for file, tree in {**forms, "api.yaml": pets({}, union)}.items():
            (tmp_path / name / file).write_text(json.dumps(tree), encoding="utf-8")
        sides.append(str(tmp_path / name / "api.yaml"))
    assert told(*sides) == []
