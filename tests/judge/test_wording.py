"""What changes are called, as a person reads them: each title whole, from the smallest spec that gives it."""

import json
from pathlib import Path
from typing import Any

import pytest

from apidiff import compare
from apidiff.words.changes import Change


def spec(schema: dict[str, Any], *, way: str = "request", components: dict[str, Any] | None = None) -> dict[str, Any]:
    media = {"application/json": {"schema": schema}}
    operation: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
    if way == "request":
        operation["requestBody"] = {"content": media}
    else:
        operation["responses"]["200"]["content"] = media
    more = {"components": {"schemas": components}} if components else {}
    return {"openapi": "3.1.0", "info": {"title": "T"}, "paths": {"/a": {"post": operation}}, **more}


def only(base: dict[str, Any], revision: dict[str, Any]) -> Change:
    (change,) = compare(base, revision).changes
    return change


def limit(**keywords: Any) -> dict[str, Any]:
    return spec({"type": "object", "properties": {"n": {"type": "integer"} | keywords}})


@pytest.mark.parametrize(
    ("before", "after", "title"),
    [
        ({"maximum": 100}, {"maximum": 50}, "request `n` of `POST /a`: the maximum fell from `100` to `50`"),
        ({"maximum": 50}, {"maximum": 100}, "request `n` of `POST /a`: the maximum rose from `50` to `100`"),
        ({}, {"minimum": 1}, "request `n` of `POST /a`: the minimum is now `1`, where there was none"),
        ({"minimum": 1}, {}, "request `n` of `POST /a`: the minimum was `1`, and is gone"),
        (
            {"type": "number", "maximum": 5},
            {"type": "number", "exclusiveMaximum": 5},
            "request `n` of `POST /a`: the maximum went from `5` to `5` (exclusive)",
        ),
        (
            {"type": "number", "exclusiveMinimum": 1},
            {"type": "number", "minimum": 3},
            "request `n` of `POST /a`: the minimum rose from `1` (exclusive) to `3`",
        ),
    ],
)
def test_a_limit_that_moved(before: dict[str, Any], after: dict[str, Any], title: str):
    assert only(limit(**before), limit(**after)).title == title


def test_what_is_safe_in_this_direction_is_not_warned_of():
    found = only(spec({"enum": ["a"]}), spec({"enum": ["a", "b"]}))
    assert (found.rule, found.level.value) == ("enum-value-added", "additive")
    assert (found.why, found.alternative) == ("Whatever callers sent before still works.", None)
    found = only(spec({"enum": ["a", "b"]}, way="response"), spec({"enum": ["a"]}, way="response"))
    assert (found.rule, found.level.value) == ("enum-value-removed", "additive")
    assert (found.why, found.alternative) == ("Nothing comes that could not come before.", None)


def test_a_component_that_was_edited_is_what_the_title_names():
    def named(*values: str) -> dict[str, Any]:
        whole = {"type": "object", "properties": {"field": {"$ref": "#/components/schemas/Field"}}}
        return spec(whole, way="response", components={"Field": {"enum": list(values)}})

    found = only(named("a"), named("a", "b"))
    assert (found.title, found.name) == ("response `Field` of `POST /a` now allows `b`", "field")


def test_a_use_that_names_another_component_is_the_users():
    def using(name: str) -> dict[str, Any]:
        whole = {"type": "object", "properties": {"id": {"$ref": f"#/components/schemas/{name}"}}}
        parts = {"Short": {"type": "string", "maxLength": 5}, "Long": {"type": "string", "maxLength": 9}}
        return spec(whole, components=parts)

    title = "request `id` of `POST /a`: the maximum length fell from `9` to `5`"
    assert only(using("Long"), using("Short")).title == title


def test_a_parameter_that_takes_a_component_is_what_was_edited():
    def asked(schema: dict[str, Any]) -> dict[str, Any]:
        parameter = {"name": "kind", "in": "query", "schema": schema}
        found = spec({}, components={"Kind": {"type": "integer", "enum": [1, 2]}})
        return {**found, "paths": {"/a": {"get": {"parameters": [parameter], "responses": {}}}}}

    found = only(asked({"type": "integer"}), asked({"$ref": "#/components/schemas/Kind"}))
    assert found.title == "query parameter `kind` of `GET /a`, free before, must be one of `1`, `2`"


@pytest.mark.parametrize("is_extracted", [True, False])
def test_what_moves_into_a_component_or_out_of_one_is_named_where_it_was_before(is_extracted: bool):
    def boxed(limit: dict[str, Any], *, apart: bool) -> dict[str, Any]:
        inner = {"type": "object", "properties": {"n": {"type": "integer", **limit}}}
        kind = {"$ref": "#/components/schemas/Kind"} if apart else inner
        box = {"type": "object", "properties": {"kind": kind}}
        parts = {"Box": box, "Kind": inner} if apart else {"Box": box}
        return spec({"$ref": "#/components/schemas/Box"}, components=parts)

    before, after = boxed({}, apart=not is_extracted), boxed({"maximum": 9}, apart=is_extracted)
    titles = {change.title for change in compare(before, after).changes if change.level.value == "breaking"}
    assert titles == {"request `kind.n` of `Box`: the maximum is now `9`, where there was none"}


def test_a_component_that_was_edited_itself_is_named_however_it_is_used():
    def used(schema: dict[str, Any], *required: str) -> dict[str, Any]:
        kind = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": list(required)}
        return spec({"type": "object", "properties": {"kind": schema}}, way="response", components={"Kind": kind})

    reference = {"$ref": "#/components/schemas/Kind"}
    found = compare(used({"oneOf": [{"type": "null"}, reference]}), used(reference, "n")).changes
    assert "response property `n` of `Kind` became required" in {change.title for change in found}


def test_a_use_that_names_a_richer_component_is_the_users():
    def using(name: str) -> dict[str, Any]:
        whole = {"type": "object", "properties": {"box": {"$ref": f"#/components/schemas/{name}"}}}
        rich = {"type": "object", "properties": {"n": {"type": "integer"}}}
        return spec(whole, components={"Poor": {"type": "object"}, "Rich": rich})

    assert only(using("Poor"), using("Rich")).title == "request property `box.n` was added to `POST /a`"


def test_a_component_that_several_uses_take_is_named_itself():
    def using(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
        whole = {
            "type": "object",
            "properties": {name: {"$ref": f"#/components/schemas/{name}"} for name in ("A", "B")},
        }
        parts = {name: {"type": "object", "properties": {"id": schema}} for name in ("A", "B")}
        return spec(whole, components={**parts, **more})

    text = {"type": "string", "maxLength": 9}
    found = compare(using({"type": "string"}), using({"$ref": "#/components/schemas/Id"}, Id=text)).changes[0]
    assert found.title == "request `Id` of `POST /a`: the maximum length is now `9`, where there was none"


def test_a_use_of_another_file_is_the_users(tmp_path: Path):
    for side, name in (("old", "long"), ("new", "short")):
        folder = tmp_path / side
        folder.mkdir()
        for file, most in (("long", 9), ("short", 5)):
            (folder / f"{file}.json").write_text(f'{{"type": "string", "maxLength": {most}}}')
        whole = {"type": "object", "properties": {"id": {"$ref": f"{name}.json"}}}
        (folder / "api.json").write_text(json.dumps(spec(whole)))
    (change,) = compare(f"{tmp_path}/old/api.json", f"{tmp_path}/new/api.json").changes
    assert change.title == "request `id` of `POST /a`: the maximum length fell from `9` to `5`"


def test_a_closed_object_is_named_itself_and_not_by_what_it_lets_in():
    def boxed(**keywords: Any) -> dict[str, Any]:
        return spec({"type": "object", "properties": {"box": {"type": "object", **keywords}}})

    found = only(boxed(), boxed(additionalProperties=False))
    assert found.title == "request `box` of `POST /a` no longer allows properties that it does not describe"


def test_a_branch_of_a_type_of_which_some_is_left():
    listed = {"type": "string", "enum": ["a"]}
    found = only(spec({"anyOf": [listed, {"type": "string", "maxLength": 9}]}), spec(listed))
    assert found.title == "the request body of `POST /a` may no longer be `any string`"


def test_items_are_told_apart_by_their_place():
    def first(**keywords: Any) -> dict[str, Any]:
        items = [{"type": "object", "properties": {"n": {"type": "string", **keywords}}}]
        return spec({"type": "array", "prefixItems": items})

    title = "request `body[0].n` of `POST /a`: the maximum length is now `3`, where there was none"
    assert only(first(), first(maxLength=3)).title == title


def test_small_integers_within_their_bounds_lose_nothing_by_int32():
    found = only(limit(minimum=0, maximum=9), limit(minimum=0, maximum=9, format="int32"))
    assert (found.rule, found.level.value) == ("format-hint-added", "additive")


def test_plain_values_of_a_union_look_the_same_in_every_style():
    def asked(**keywords: Any) -> dict[str, Any]:
        schema = {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "maxLength": 9}]}
        parameter = {"name": "kind", "in": "query", "schema": schema, **keywords}
        return {**spec({}), "paths": {"/a": {"get": {"parameters": [parameter], "responses": {}}}}}

    found = compare(asked(style="deepObject", explode=True), asked(style="form")).changes
    assert [(change.rule, change.level.value) for change in found] == [("ineffective-keyword-changed", "editorial")]


def test_a_form_writes_plain_values_the_same_in_every_style():
    def form(**encoding: Any) -> dict[str, Any]:
        found = spec({"type": "object", "properties": {"kind": {"type": "string"}, "box": {"type": "object"}}})
        content = found["paths"]["/a"]["post"]["requestBody"]["content"]
        found["paths"]["/a"]["post"]["requestBody"]["content"] = {
            "application/x-www-form-urlencoded": {**content["application/json"], "encoding": encoding}
        }
        return found

    deep = {"style": "deepObject", "explode": True}
    assert only(form(kind=deep), form()).level.value == "editorial"
    assert only(form(box=deep), form()).level.value == "breaking"
    assert only(form(kind={"contentType": "text/plain"}), form()).level.value == "editorial"
    assert only(form(kind={"contentType": "application/json"}), form()).level.value == "breaking"


def test_a_status_and_a_media_type_are_named_with_their_operation():
    base, revision = spec({}, way="response"), spec({}, way="response")
    answer = revision["paths"]["/a"]["post"]["responses"]["200"]
    answer["description"] = "Fine"
    answer["content"]["application/json"]["example"] = 1
    assert [change.title for change in compare(base, revision).changes] == [
        "an example of media type `application/json` of `POST /a` was added",
        "the description of response `200` of `POST /a` changed",
    ]


def test_a_field_of_a_form_is_found_by_its_name_in_swagger_too():
    def taking(*names: str) -> dict[str, Any]:
        fields = [{"name": name, "in": "formData", "type": "string"} for name in names]
        operation = {"consumes": ["multipart/form-data"], "parameters": fields, "responses": {}}
        return {"swagger": "2.0", "info": {"title": "T"}, "paths": {"/a": {"post": operation}}}

    found = only(taking("id", "note"), taking("id"))
    assert found.places == ("POST /a: request multipart/form-data note",)
    assert found.exposure.names == ("note",)


def test_a_parameter_that_came_or_went_is_found_by_its_name():
    def taking(*names: str) -> dict[str, Any]:
        parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
        return {**spec({}), "paths": {"/a": {"get": {"parameters": parameters, "responses": {}}}}}

    assert only(taking("page"), taking()).places == ("GET /a: query page",)
    assert only(taking(), taking("page")).places == ("GET /a: query page",)


def test_an_empty_text_is_seen():
    found = only(spec({"enum": ["a"]}), spec({"enum": ["a", ""]}))
    assert found.title == 'the request body of `POST /a` now allows `""`'


def test_what_reaches_no_operation_is_not_said_to_be_unused():
    def held(*values: str) -> dict[str, Any]:
        return spec({"type": "object"}, components={"Kind": {"enum": list(values)}})

    found = only(held("a", "b"), held("a"))
    assert (found.operations, found.why) == ((), "It reaches no operation that is in both specs.")


def test_texts_are_named_with_what_holds_them():
    def told(text: str) -> dict[str, Any]:
        found = spec({"$ref": "#/components/schemas/Thing"}, components={"Thing": {"type": "object", "x-a": text}})
        body = found["paths"]["/a"]["post"]["requestBody"]
        body["description"] = text
        body["content"]["application/json"]["examples"] = {"one": {"$ref": "#/components/examples/one"}}
        found["components"]["examples"] = {"one": {"value": {"text": text}}}
        return found

    assert [change.title for change in compare(told("a"), told("b")).changes] == [
        "an example of `body` of `POST /a` changed",
        "extension `x-a` of `Thing` of `POST /a` changed from `a` to `b`",
        "the description of the request body of `POST /a` changed",
    ]


def test_a_component_below_a_field_is_named_and_not_the_field():
    def told(text: str) -> dict[str, Any]:
        whole = {"type": "object", "properties": {"one": {"$ref": "#/components/schemas/Thing"}}}
        return spec(whole, components={"Thing": {"type": "object", "title": text}})

    title = "the title or summary of `Thing` of `POST /a` changed from `a` to `b`"
    assert only(told("a"), told("b")).title == title


def test_a_branch_in_a_file_of_its_own_is_called_after_it(tmp_path: Path):
    for side, names in (("old", ("one",)), ("new", ("one", "two"))):
        folder = tmp_path / side
        folder.mkdir()
        for name in ("one", "two"):
            held = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": name}}}
            (folder / f"{name}.yml").write_text(json.dumps(held))
        (folder / "api.json").write_text(json.dumps(spec({"anyOf": [{"$ref": f"{name}.yml"} for name in names]})))
    (change,) = compare(f"{tmp_path}/old/api.json", f"{tmp_path}/new/api.json").changes
    assert change.title == "the request body of `POST /a` may now also be `two`"


def test_the_flows_of_a_scheme_are_told_apart():
    def asking(url: str, *scopes: str) -> dict[str, Any]:
        flow = {"authorizationUrl": url, "scopes": dict.fromkeys(scopes, "")}
        schemes = {"login": {"type": "oauth2", "flows": {"implicit": flow}}}
        return {**spec({}), "security": [{"login": []}], "components": {"securitySchemes": schemes}}

    before, after = asking("https://a.example"), asking("https://b.example", "read")
    moved, offered = (change.title for change in compare(before, after).changes)
    assert moved.startswith("the authorisation address of flow `implicit` of security scheme `login` changed from ")
    assert offered == "flow `implicit` of security scheme `login` offers the scope `read`"


def test_a_renamed_property_is_named_with_the_way_to_it():
    def boxed(name: str) -> dict[str, Any]:
        inner = {"type": "object", "properties": {name: {"type": "string", "format": "date-time"}}}
        return spec({"type": "object", "properties": {"box": inner}})

    title = "request property `box.createdAt` of `POST /a` was renamed to `created_at`"
    assert only(boxed("createdAt"), boxed("created_at")).title == title


def test_the_items_of_a_list_are_named_after_it():
    def listed(**keywords: Any) -> dict[str, Any]:
        found = spec({"type": "array", "items": {"type": "integer", **keywords}})
        items = {"type": "array", "items": {"type": "integer", **keywords}}
        found["paths"]["/a"]["post"]["parameters"] = [{"name": "ids", "in": "query", "schema": items}]
        return found

    assert {change.title for change in compare(listed(), listed(maximum=9)).changes} == {
        "request `body[]` of `POST /a`: the maximum is now `9`, where there was none",
        "query parameter `ids[]` of `POST /a`: the maximum is now `9`, where there was none",
    }


def test_what_is_said_of_an_operation_has_no_direction():
    def told(text: str) -> dict[str, Any]:
        found = spec({})
        found["paths"]["/a"]["post"] |= {"description": text, "x-a": text}
        return found

    found = compare(told("a"), told("b")).changes
    assert {(change.rule, change.direction) for change in found} == {
        ("description-changed", None),
        ("extension-changed", None),
    }


def test_each_direction_has_its_own_reason():
    def why(way: str) -> str:
        here = {"type": "object", "properties": {"n": {"type": "integer"}}}
        return only(spec(here, way=way), spec({"type": "object"}, way=way)).why

    assert why("response") == "Clients that read it no longer find it."
    assert why("request").startswith("What callers send under that name is ignored in silence")


def test_a_text_that_came_or_went_is_not_said_to_have_changed():
    def told(**texts: Any) -> dict[str, Any]:
        found = spec({"type": "string", **texts})
        return {**found, "tags": [{"name": text} for text in texts], "info": {**found["info"], "contact": texts}}

    assert {change.title for change in compare(told(), told(description="a")).changes} == {
        "the description of the request body of `POST /a` was added",
        "tag `description` of the document was added",
        "`contact` of `info` of the document changed",
    }


def test_a_parameter_gets_a_parameter_beside_it():
    def asked(kind: str) -> dict[str, Any]:
        parameter = {"name": "on", "in": "query", "schema": {"type": "string", "format": kind}}
        return {**spec({}), "paths": {"/a": {"get": {"parameters": [parameter], "responses": {}}}}}

    found = only(asked("date-time"), asked("date")).alternative
    assert found is not None
    assert found.summary.endswith("add a parameter in the format `date` beside it.")


def test_a_parameter_that_is_a_component_by_its_own_name_is_its_users():
    def taking(**more: Any) -> dict[str, Any]:
        limit = {"name": "limit", "in": "query", "schema": {}, **more}
        operation = {"parameters": [{"$ref": "#/components/parameters/limit"}], "responses": {}}
        return {**spec({}), "paths": {"/a": {"get": operation}}, "components": {"parameters": {"limit": limit}}}

    assert only(taking(), taking(required=True)).title == "query parameter `limit` of `GET /a` became required"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("x" * 70 + "a", "x" * 70 + "b", f"from `…{'x' * 20}a` to `…{'x' * 20}b`"),
        (["x" * 60, {"a": [1, 2]}], ["x" * 60, {"a": [1, 3]}], "from `2` (at `[1].a[1]`) to `3`"),
        ({"k": "x" * 80, "z": 1}, {"k": "x" * 80}, "from `1` (at `z`) to nothing"),
        (
            {"k": "x" * 80, "y": 1, "z": {"a": 1}},
            {"k": "x" * 80, "y": 1, "z": {"a": 2, "b": 3}},
            "from `1` (at `z.a`, the first of 2 places) to `2`",
        ),
        ({"k": ["x" * 60]}, {"k": ["x" * 60, "new"]}, "from nothing (at `k[1]`) to `new`"),
        ({"k": "x" * 80}, {"l": "x" * 80}, f"from `{'x' * 59}…` (at `k`, the first of 2 places) to nothing"),
        ({"k": "x" * 80}, [1], f'from `{{"k":"{"x" * 53}…` to `1`'),
        ('a "b"\n c', 'a "b"\nc', 'from `a "b"\\n c` to `a "b"\\nc`'),
        ("a\n b" + "x" * 80, "a\nb" + "x" * 80, f"from `a\\n b{'x' * 54}…` to `a\\nb{'x' * 55}…`"),
        ("a  b", "a b", "from `a␣␣b` to `a␣b`"),
        ({"k": "x" * 80 + "\ta"}, {"k": "x" * 80 + " a"}, f"from `…{'x' * 20}\\ta` (at `k`) to `…{'x' * 20} a`"),
        ({"a": 1}, {"a": 2}, 'from `{"a":1}` to `{"a":2}`'),
    ],
)
def test_values_that_begin_alike_are_shown_where_they_differ(before: Any, after: Any, said: str):
    base, revision = ({**limit(), "x-note": value} for value in (before, after))
    assert only(base, revision).title == f"extension `x-note` of `document` changed {said}"


def test_a_value_that_stayed_is_shown_as_it_is():
    base, revision = ({**limit(maximum=most), "info": {"title": "T", "version": "2 beta"}} for most in (9, 5))
    titles = {change.title for change in compare(base, revision).changes}
    assert "the version of the API is still `2 beta`, although something breaks" in titles


LIMIT = {"type": "integer", "maximum": 9}


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("query", "query parameter `limit`"),
        ("header", "header `limit`"),
        ("cookie", "cookie `limit`"),
        ("path", "path parameter `limit`"),
    ],
)
@pytest.mark.parametrize("kind", ["inline", "schema", "parameter"])
def test_callers_know_a_parameter_by_where_it_is_sent(where: str, said: str, kind: str):
    """Whatever component it is written as, which nobody who calls has seen."""

    def taking(**keywords: Any) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "integer", **keywords}
        parts: dict[str, Any] = {"schemas": {"PageLimit": schema}}
        known = {"$ref": "#/components/schemas/PageLimit"} if kind == "schema" else schema
        parameter: dict[str, Any] = {"name": "limit", "in": where, "required": True, "schema": known}
        if kind == "parameter":
            parts["parameters"] = {"Paging": parameter}
            parameter = {"$ref": "#/components/parameters/Paging"}
        path = "/a/{limit}" if where == "path" else "/a"
        call = {"get": {"parameters": [parameter], "responses": {}}}
        used = parts if kind != "inline" else {}
        return {**spec({}), "paths": {path: call}, "components": used}

    of = "`GET /a/{limit}`" if where == "path" else "`GET /a`"
    found = compare(taking(), taking(maximum=9))
    assert {change.title for change in found.changes if change.operations} == {
        f"{said} of {of}: the maximum is now `9`, where there was none"
    }


def test_a_component_that_is_a_parameter_here_and_a_body_there_has_its_own_name():
    def shared(**keywords: Any) -> dict[str, Any]:
        reference = {"$ref": "#/components/schemas/Limit"}
        found = spec(reference)
        found["components"] = {"schemas": {"Limit": {"type": "integer", **keywords}}}
        found["paths"]["/a"]["post"]["parameters"] = [{"name": "limit", "in": "query", "schema": reference}]
        return found

    (change,) = compare(shared(), shared(maximum=9)).changes
    assert change.title == "request `Limit` of `POST /a`: the maximum is now `9`, where there was none"


def test_a_header_that_comes_with_an_answer_says_so():
    def answering(**keywords: Any) -> dict[str, Any]:
        header = {"X-Rate": {"schema": {"type": "integer", **keywords}}}
        answer = {"200": {"description": "OK", "headers": header}}
        return {**spec({}), "paths": {"/a": {"get": {"responses": answer}}}}

    (change,) = compare(answering(maximum=9), answering()).changes
    assert change.title == "response header `X-Rate` of `GET /a`: the maximum was `9`, and is gone"


@pytest.mark.parametrize(
    ("base", "revision", "title"),
    [
        ([], ["q"], "required query parameter `q` was added to `GET /a`"),
        (["q"], [], "required query parameter `q` was removed from `GET /a`"),
        (["colour"], ["color"], "query parameter `colour` of `GET /a` was renamed to `color`"),
    ],
)
def test_a_parameter_that_comes_or_goes_says_where_it_is_sent(base: list[str], revision: list[str], title: str):
    def taking(names: list[str]) -> dict[str, Any]:
        sent = [{"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in names]
        return {**spec({}), "paths": {"/a": {"get": {"parameters": sent, "responses": {}}}}}

    (change,) = compare(taking(base), taking(revision)).changes
    assert change.title == title


@pytest.mark.parametrize(
    ("use", "part", "title"),
    [
        (
            "requestBody: {$ref: 'parts.yaml#/body'}",
            "body: {required: %s, content: {application/json: {}}}",
            "the request body of `POST /a` became required",
        ),
        (
            "parameters: [{$ref: 'parts.yaml#/lim'}]",
            "lim: {name: limit, in: query, required: %s, schema: {type: string}}",
            "query parameter `limit` of `POST /a` became required",
        ),
        (
            "parameters: [{$ref: 'parts.yaml#/components/parameters/lim'}]",
            "components: {parameters: {lim: {name: X-A, in: header, required: %s, schema: {type: string}}}}",
            "header `X-A` of `POST /a` became required",
        ),
        (
            "parameters: [{name: filter, in: query, style: deepObject, schema: {$ref: 'parts.yaml#/F'}}]",
            "F: {properties: {m: {uniqueItems: %s, type: array}}}",
            "the items of query parameter `filter.m` of `POST /a` must now differ",
        ),
    ],
)
def test_a_part_in_another_file_is_called_what_callers_call_it(tmp_path: Path, use: str, part: str, title: str):
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
    for side, flag in (("old", "false"), ("new", "true")):
        (tmp_path / side).mkdir()
        text = f"{head}paths: {{/a: {{post: {{{use}, responses: {{'200': {{description: OK}}}}}}}}}}\n"
        (tmp_path / side / "api.yaml").write_text(text)
        (tmp_path / side / "parts.yaml").write_text(part.replace("%s", flag) + "\n")
    found = compare(f"{tmp_path}/old/api.yaml", f"{tmp_path}/new/api.yaml")
    assert title in [change.title for change in found.changes]
