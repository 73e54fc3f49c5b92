"""An edited spec as text: every line that no edit touches is as it was, and the whole reads as the edited tree."""

import copy
import difflib
import json
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apidiff.expand.written import written
from apidiff.load.parse import parse

SPEC = textwrap.dedent(
    """\
    # Ours.
    openapi: 3.1.0
    info: {title: 'Pets', version: "1"}   # kept
    paths:
      /pets:
        get:
          parameters:
            - name: a
              in: query
            -   name: b
                in: query
          responses:
            200: {description: OK}   # the status is a number
            # the end of the responses

    components:
      schemas:
        Pet:
          required: [id, name]
          properties:
            id: {type: integer}
            name:
              type: string
              description: |
                Two
                lines.

        # between
        Cat: {$ref: "#/components/schemas/Pet"}
    """
)


def edited(text: str, edit: Callable[[Any], None]) -> tuple[str, Any]:
    was = parse(text.encode(), "").tree
    now = copy.deepcopy(was)
    edit(now)
    made = written(text.encode(), was, now).decode()
    assert parse(made.encode(), "").tree == now
    return made, now


def changed_lines(text: str, made: str) -> list[str]:
    return [line for line in difflib.ndiff(text.splitlines(), made.splitlines()) if line[0] in "+-"]


def pet(tree: Any) -> Any:
    return tree["components"]["schemas"]["Pet"]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (lambda tree: pet(tree)["properties"].update(age={"type": "integer"}),
         ["+         age: {type: integer}"]),
        (lambda tree: pet(tree).update(required=["id"]),
         ["-       required: [id, name]", "+       required: [id]"]),
        (lambda tree: pet(tree).pop("required"), ["-       required: [id, name]"]),
        (lambda tree: pet(tree)["properties"].pop("id"), ["-         id: {type: integer}"]),
        (lambda tree: pet(tree)["properties"]["id"].update(format="int64"),
         ["-         id: {type: integer}", "+         id: {type: integer, format: int64}"]),
        (lambda tree: tree["paths"]["/pets"]["get"]["parameters"].append({"name": "yes", "in": "query"}),
         ['+         - name: "yes"', "+           in: query"]),
        (lambda tree: tree["paths"].update({"/cats": {"get": {"operationId": "1e3"}}}),
         ["+   /cats:", "+     get:", '+       operationId: "1e3"']),
        (lambda tree: tree["paths"]["/pets"]["get"]["responses"].update({"404": {"description": "No\nwhere\n"}}),
         ['+         "404":', "+           description: |", "+             No", "+             where"]),
        (lambda tree: tree["components"]["schemas"].update(Dog={"type": "object"}),
         ["+     Dog: {type: object}"]),
        (lambda tree: tree["components"]["schemas"].pop("Cat"),
         ['-     Cat: {$ref: "#/components/schemas/Pet"}']),
        (lambda tree: tree.update(tags=[{"name": "new"}]), ["+ tags:", "+   - {name: new}"]),
    ],
)  # fmt: skip
def test_yaml_keeps_every_other_line(edit: Callable[[Any], None], lines: list[str]) -> None:
    made, _ = edited(SPEC, edit)
    assert changed_lines(SPEC, made) == lines


QUOTED = """\
openapi: "3.0.3"
paths: {}
components:
  schemas:
    "Pet":
      "type": "object"   # a pet
      "required": ["id", 'name' ]   # in this order
      "properties":
        "id": {"type": "integer", "format": "int64"}   # for ever
        "kind": {"type": "string", "enum": [
          "cat",   # purrs
          "dog"
        ]}
        "name":
          "type": "string"
          "maxLength": 20
"""


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (lambda pet: pet["required"].append("kind"),
         ["-       \"required\": [\"id\", 'name' ]   # in this order",
          "+       \"required\": [\"id\", 'name', \"kind\" ]   # in this order"]),
        (lambda pet: pet["required"].pop(0),
         ["-       \"required\": [\"id\", 'name' ]   # in this order",
          "+       \"required\": ['name' ]   # in this order"]),
        (lambda pet: pet["properties"]["kind"]["enum"].append("cow"),
         ['-           "dog"', '+           "dog", "cow"']),
        (lambda pet: pet["properties"]["id"].update(format="int32"),
         ['-         "id": {"type": "integer", "format": "int64"}   # for ever',
          '+         "id": {"type": "integer", "format": "int32"}   # for ever']),
        (lambda pet: pet["properties"]["id"].update(deprecated=True),
         ['-         "id": {"type": "integer", "format": "int64"}   # for ever',
          '+         "id": {"type": "integer", "format": "int64", "deprecated": true}   # for ever']),
        (lambda pet: pet.update(type="array"),
         ['-       "type": "object"   # a pet', '+       "type": "array"   # a pet']),
        (lambda pet: pet["properties"]["name"].update(maxLength=30),
         ['-           "maxLength": 20', '+           "maxLength": 30']),
        (lambda pet: pet["properties"].update(age={"type": "integer", "x-sunset": "2028-01-10"}),
         ['+         "age": {"type": "integer", "x-sunset": "2028-01-10"}']),
        (lambda pet: pet["properties"]["name"].update({"x-change": "a", "x-list": ["a b", "c"]}),
         ['+           "x-change": "a"', '+           "x-list": ["a b", "c"]']),
    ],
)  # fmt: skip
def test_quotes_flows_and_comments_are_as_their_neighbours_have_them(
    edit: Callable[[Any], None], lines: list[str]
) -> None:
    made, _ = edited(QUOTED, lambda tree: edit(pet(tree)))
    assert [line for line in changed_lines(QUOTED, made) if line[0] in "+-"] == lines


def test_what_comes_back_is_written_as_the_other_text_has_it() -> None:
    """With its comments, quotes and flows; a copy of another name as what it is a copy of."""
    was, before = (parse(one.encode(), "").tree for one in (SPEC, QUOTED))
    now = copy.deepcopy(was)
    schemas = now["components"]["schemas"]
    now["components"]["schemas"] = {"PetBefore": pet(before) | {"deprecated": True}, **schemas}
    made = written(SPEC.encode(), was, now, like=(QUOTED.encode(), before)).decode()
    lines = [line[1:] for line in QUOTED.replace("Pet", "PetBefore").splitlines()[4:]]
    assert parse(made.encode(), "").tree == now
    assert changed_lines(SPEC, made) == [*(f"+  {line}" for line in lines), '+       "deprecated": true']


def test_windows_ends_of_lines_stay() -> None:
    made, _ = edited(SPEC.replace("\n", "\r\n"), lambda tree: pet(tree).pop("required"))
    assert made == SPEC.replace("      required: [id, name]\n", "").replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "a: &x {b: 1}\nc: *x\n",
        "base: &x\n  b: 1\na:\n  <<: *x\n  c: 2\n",
        "{a: {b: 1}, c: {b: 1}}\n",
        "? a\n: b: 1\nc:\n  b: 1\n",
        '"a": {"b": 1}\nc:\n    - b: 1\n',
        "a:\n- b: 1\n- b: 2\nc: {}\n",
        "a: |\n  text\n\n\nc: []\n",
        "%YAML 1.2\n---\na:\n  b: 1\nc: x\n...\n",
    ],
)
def test_whatever_the_yaml_looks_like_it_reads_as_the_tree(text: str) -> None:
    def edit(tree: Any) -> None:
        for key in list(tree):
            if isinstance(tree[key], dict):
                tree[key]["new"] = {"deep": ["x", {"y": None}]}
            elif isinstance(tree[key], list):
                tree[key].append({"z": "no"})
        tree["more"] = "~"

    edited(text, edit)


@pytest.mark.parametrize("indent", [2, 4, "\t", None])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_keeps_its_indent(indent: Any, ascii_only: bool) -> None:
    was = {"openapi": "3.0.0", "info": {"title": "Ä", "version": "1"}, "paths": {"/a": {"get": {"tags": ["x"]}}}}
    dump: dict[str, Any] = {"indent": indent, "ensure_ascii": ascii_only}
    if indent is None:
        dump["separators"] = (",", ":")
    now = copy.deepcopy(was)
    now["paths"]["/b"] = {"get": {}}  # type: ignore[index]
    assert written((json.dumps(was, **dump) + "\n").encode(), was, now).decode() == json.dumps(now, **dump) + "\n"


def test_what_is_the_same_is_the_same_bytes() -> None:
    was = parse(SPEC.encode(), "").tree
    assert written(SPEC.encode(), was, was) == SPEC.encode()


NAMES = st.sampled_from(["a", "b c", "200", "yes", "x: y", "#", "null", "é", "'", "1e3"])
TEXTS = st.sampled_from(["two\nlines", " x ", "0x1f", "- a", ""])
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | NAMES | TEXTS
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))
DOCUMENTS = st.dictionaries(NAMES, TREES, min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the strategy
@given(was=DOCUMENTS, now=DOCUMENTS, flow=st.sampled_from([None, False, True]))
def test_any_tree_is_written_over_any_other(was: Any, now: Any, flow: bool | None) -> None:
    import yaml

    text = yaml.safe_dump(was, default_flow_style=flow, allow_unicode=True).encode()
    was = parse(text, "").tree
    assert parse(written(text, was, now), "").tree == now
