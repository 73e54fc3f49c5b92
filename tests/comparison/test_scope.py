"""Which operations a comparison is narrowed to, and which breaks of unstable ones pass."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apidiff import compare
from apidiff.comparison.scope import exempt_unstable, restrict
from apidiff.config import load_config
from apidiff.config.settings import Config, Selection
from apidiff.jobs.plan import judgement_of
from apidiff.words.changes import Comparison
from apidiff.words.errors import ApidiffError
from tests.conftest import DEMO

NONE = Selection()
BASE, REVISION = (str(DEMO / name) for name in ("base.yaml", "revision.yaml"))
TODAY = date(2026, 1, 1)


def spec(kind: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"n": {"type": kind}}}
    answer = {
        "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/N"}}}}
    }
    paths = {
        "/a": {"get": {"tags": ["one"], "x-stability-level": "beta", "responses": answer}},
        "/b": {"get": {"tags": ["two"], "responses": answer}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "T"},
        "paths": paths,
        "components": {"schemas": {"N": schema}},
    }


def compared() -> Comparison:
    return compare(spec("integer"), spec("string"))


def ids(comparison: Comparison) -> tuple[list[str], list[tuple[str, ...]]]:
    return [operation.id for operation in comparison.operations], [change.operations for change in comparison.changes]


def test_a_change_keeps_the_operations_in_scope_and_goes_with_the_last():
    whole = compared()
    assert ids(restrict(whole, only=NONE, ignore=NONE)) == (["GET /a", "GET /b"], [("GET /a", "GET /b")])
    assert ids(restrict(whole, only=Selection(paths=("/a*",)), ignore=NONE)) == (["GET /a"], [("GET /a",)])
    assert ids(restrict(whole, only=NONE, ignore=Selection(tags=("two",)))) == (["GET /a"], [("GET /a",)])
    assert ids(restrict(whole, only=Selection(operations=("PUT *",)), ignore=NONE)) == ([], [])


def test_only_what_reaches_unstable_operations_alone_is_waived():
    whole = exempt_unstable(compared())
    assert [change.waiver for change in whole.changes] == [None]
    alone = exempt_unstable(restrict(compared(), only=Selection(paths=("/a",)), ignore=NONE))
    assert [change.waiver is not None for change in alone.changes] == [True]


@pytest.mark.parametrize(
    ("said", "exempt", "passes"),
    [
        ({"x-internal": True}, "{x-internal: true}", True),
        ({"x-internal": "TRUE"}, "{x-internal: 'true'}", True),
        ({"x-internal": False}, "{x-internal: true}", False),
        ({}, "{x-internal: true}", False),
        ({"x-audience": ["partner", "Preview"]}, "{x-internal: true, x-audience: [preview, beta]}", True),
        ({"x-audience": {"preview": True}}, "{x-audience: preview}", False),
        ({"x-stage": 0}, "{x-stage: [0, 1]}", True),
    ],
)
def test_what_an_extension_exempts_passes(tmp_path: Path, said: dict[str, Any], exempt: str, passes: bool) -> None:
    (tmp_path / "apidiff.yaml").write_text(f"exempt: {exempt}\n")
    judgement = judgement_of(load_config(None, cwd=tmp_path), today=TODAY)
    for on_path in (False, True):
        base, revision = spec("integer"), spec("string")
        for path in ("/a", "/b"):
            item = base["paths"][path]
            (item if on_path else item["get"]).update(said)
        whole = compare(base, revision, judgement=judgement)
        assert [change.waiver is not None for change in whole.changes if change.level == "breaking"] == [passes]
        for path in ("/a", "/b"):  # what the revision says of itself counts for nothing
            revision["paths"][path]["get"].update(said)
        whole = compare(spec("integer"), revision, judgement=judgement)
        assert {change.waiver for change in whole.changes if change.endangers} == {None}
    del base["paths"]["/b"]["x-internal" if "x-internal" in said else next(iter(said), "get")]
    whole = compare(base, spec("string"), judgement=judgement)
    assert {change.waiver for change in whole.changes if change.level == "breaking"} <= {None}


def test_an_exemption_names_an_extension(tmp_path: Path) -> None:
    (tmp_path / "apidiff.yaml").write_text("exempt: {internal: true}\n")
    with pytest.raises(ApidiffError) as refused:
        load_config(None, cwd=tmp_path)
    assert (refused.value.code, refused.value.at) == ("config-invalid", "apidiff.yaml:1")


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"only": ["tag:Customer"]}, "Did you mean `tag:customers`?"),
        ({"only": ["/v1/customers", "/v1/custmers*"]}, "Did you mean `/v1/customers`?"),
        ({"ignore": ["GET /v1/customer"]}, "Did you mean `GET /v1/customers`?"),
        ({"map_prefix": {"/v1/paymnts": "/v2/payments"}}, "Did you mean `/v1/payments`?"),
        ({"only": ["\x1b[31m"]}, "`apidiff diff --format json` lists the operations."),
    ],
)
def test_a_word_of_the_call_that_names_nothing_is_an_error(options: dict[str, Any], hint: str) -> None:
    given = {name: words if name == "map_prefix" else Selection.of(words) for name, words in options.items()}
    with pytest.raises(ApidiffError) as refused:
        compare(BASE, REVISION, judgement=judgement_of(Config(), today=TODAY, **given))
    assert (refused.value.code, refused.value.hint) == ("selection-unmatched", hint)
    assert "\x1b" not in str(refused.value)


def test_what_apidiff_yaml_selects_may_be_gone() -> None:
    settings = Config(ignore=Selection.of(["/v0/*"]))
    assert compare(BASE, REVISION, judgement=judgement_of(settings, today=TODAY)).changes


def test_what_names_something_is_taken() -> None:
    words = Selection.of(["/v1/pay*", "tag:customers", "POST /v1/tokens"])
    assert words.words == ("/v1/pay*", "tag:customers", "POST /v1/tokens")
    compare(BASE, REVISION, judgement=judgement_of(Config(), today=TODAY, only=words))
