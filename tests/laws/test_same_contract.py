"""The same contract written another way is no change, and an edit is the same edit however the specs are written."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apidiff import compare
from apidiff.words.changes import Level
from tests.laws.nesting import NESTINGS, spec
from tests.laws.schemas import Schema, edits, hard_schemas, schemas
from tests.laws.test_direction import EXAMPLES, in_version

QUIET = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), print_blob=False
)
ANY = st.one_of(schemas, hard_schemas)
NEST = st.sampled_from(NESTINGS)
VERSION = "3.1.0"


def judged(base: Any, revision: Any) -> list[tuple[str, str | None]]:
    """What is said beyond the editorial, whatever it is called in the spec."""
    changes = compare(base, revision).changes
    return sorted((change.rule, str(change.direction)) for change in changes if change.level is not Level.EDITORIAL)


def reordered(value: Any) -> Any:
    """The same document with the keys of every object the other way round."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def renamed(document: dict[str, Any]) -> dict[str, Any]:
    """The same document with other names for its components."""
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        text = text.replace(f"#/components/schemas/{name}", f"#/components/schemas/New{name}")
    changed: dict[str, Any] = json.loads(text)
    found = changed["components"]["schemas"]
    return changed | {"components": {"schemas": {f"New{name}": schema for name, schema in found.items()}}}


@QUIET
@given(schema=ANY, nesting=NEST)
def test_a_spec_against_itself(schema: Schema, nesting: Any, cases: Counter[str]) -> None:
    document = spec(*nesting.wrap(schema), VERSION)
    assert compare(document, json.loads(json.dumps(document))).changes == ()
    cases["specs against themselves"] += 1


@QUIET
@given(schema=ANY, nesting=NEST)
def test_the_order_of_keys(schema: Schema, nesting: Any, cases: Counter[str]) -> None:
    document = spec(*nesting.wrap(schema), VERSION)
    assert compare(document, reordered(document)).changes == ()
    cases["specs with their keys the other way round"] += 1


@QUIET
@given(schema=ANY, nesting=NEST)
def test_renamed_components(schema: Schema, nesting: Any, cases: Counter[str]) -> None:
    document = spec(*nesting.wrap(schema), VERSION)
    assert judged(document, renamed(document)) == []
    cases["specs with renamed components"] += 1


@QUIET
@given(schema=ANY)
def test_inlined_or_referred_to(schema: Schema, cases: Counter[str]) -> None:
    inlined = spec(schema, {}, VERSION)
    referring = spec({"$ref": "#/components/schemas/Thing"}, {"Thing": schema}, VERSION)
    assert judged(inlined, referring) == []
    assert judged(referring, inlined) == []
    cases["schemas inlined and referred to"] += 1


@QUIET
@given(schema=ANY, nesting=NEST)
def test_openapi_30_said_in_31(schema: Schema, nesting: Any, cases: Counter[str]) -> None:
    old = in_version(schema, "3.0.3")
    if old is not None:
        before, after = spec(*nesting.wrap(old), "3.0.3"), spec(*nesting.wrap(schema), VERSION)
        assert judged(before, after) == []
        assert judged(after, before) == []
        cases["specs said in 3.0 and in 3.1"] += 1


@QUIET
@given(schema=schemas, nesting=NEST, data=st.data())
def test_an_edit_is_the_same_however_the_specs_are_written(
    schema: Schema, nesting: Any, data: st.DataObject, cases: Counter[str]
) -> None:
    edit = data.draw(st.sampled_from(list(edits(schema))))
    base, revision = (spec(*nesting.wrap(side), VERSION) for side in (schema, edit.after))
    plain = judged(base, revision)
    assert judged(base, reordered(revision)) == plain
    assert judged(base, renamed(revision)) == plain
    assert judged(reordered(base), revision) == plain
    cases["edits in specs written in other ways"] += 3


@pytest.mark.slow
@settings(QUIET, max_examples=max(10, EXAMPLES // 6))
@given(schema=schemas, data=st.data())
def test_json_yaml_and_many_files(
    schema: Schema, data: st.DataObject, tmp_path_factory: Any, cases: Counter[str]
) -> None:
    edit = data.draw(st.sampled_from(list(edits(schema))))
    folder: Path = tmp_path_factory.mktemp("specs")
    plain = judged(
        *(spec({"$ref": "#/components/schemas/Thing"}, {"Thing": side}, VERSION) for side in (schema, edit.after))
    )
    written = [_write(folder / name, side) for name, side in (("base", schema), ("revision", edit.after))]
    for one in written[0]:
        for two in written[1]:
            assert judged(one, two) == plain
            cases["edits between JSON, YAML and several files"] += 1
        for same in written[0]:
            assert judged(one, same) == []


def _write(folder: Path, schema: Schema) -> tuple[str, ...]:
    """One spec as JSON, as YAML, and as two files."""
    folder.mkdir()
    document = spec({"$ref": "#/components/schemas/Thing"}, {"Thing": schema}, VERSION)
    (folder / "spec.json").write_text(json.dumps(document), encoding="utf-8")
    (folder / "spec.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    split = spec({"$ref": "parts/things.yaml#/Thing"}, {}, VERSION)
    (folder / "split.yaml").write_text(yaml.safe_dump(split), encoding="utf-8")
    (folder / "parts").mkdir()
    (folder / "parts" / "things.yaml").write_text(yaml.safe_dump({"Thing": schema}), encoding="utf-8")
    return tuple(str(folder / name) for name in ("spec.json", "spec.yaml", "split.yaml"))
