"""The ids of operations: a text to everybody, with a method and a path."""

import json

import orjson
import pytest

from apidiff import compare
from apidiff.words.operation import OperationId


@pytest.mark.parametrize(
    ("name", "method", "path", "is_webhook"),
    [
        (OperationId.of("get", "/v1/users/{id}"), "GET", "/v1/users/{id}", False),
        (OperationId.of("COPY", "/a b"), "COPY", "/a b", False),
        (OperationId.webhook("post", "order paid"), "POST", "order paid", True),
        (OperationId("GET /webhook GET"), "GET", "/webhook GET", False),
        (OperationId(""), "", "", False),
        (OperationId.of("get", "/a#b"), "GET", "/a#b", False),
        (OperationId.of("get", "/a").within("v1/my api.yaml"), "GET", "/a", False),
        (OperationId.webhook("post", "paid#now").within("v1.yaml"), "POST", "paid#now", True),
    ],
)
def test_it_is_taken_apart_where_it_was_put_together(
    name: OperationId, method: str, path: str, is_webhook: bool
) -> None:
    assert (name.method, name.path, name.is_webhook) == (method, path, is_webhook)


def test_it_is_a_text_to_json() -> None:
    name = OperationId.webhook("post", "paid")
    assert json.loads(orjson.dumps([name])) == json.loads(json.dumps([name])) == ["webhook POST paid"]
    assert name == "webhook POST paid"
    assert {name: 1}["webhook POST paid"] == 1


def test_the_order_is_by_path_then_method_and_webhooks_come_last() -> None:
    names = [OperationId(text) for text in ("webhook POST paid", "POST /b", "GET /b", "PUT /a")]
    assert sorted(names, key=lambda name: name.order) == ["PUT /a", "GET /b", "POST /b", "webhook POST paid"]


def test_every_id_of_a_comparison_is_one() -> None:
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    call = {"operationId": "readUsers", "responses": {}}
    moved = compare(
        head | {"paths": {"/v1/users": {"get": call}}, "webhooks": {"paid": {"post": {"responses": {}}}}},
        head | {"paths": {"/v2/users": {"get": call}}},
    )
    ids = {name for change in moved.changes for name in change.operations}
    ids |= {name for one in moved.operations for name in (one.id, one.moved_to) if name is not None}
    assert ids == {"GET /v1/users", "GET /v2/users", "webhook POST paid"}
    assert {type(name) for name in ids} == {OperationId}
