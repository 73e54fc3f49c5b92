"""A validator is asked as well: where it sees a break that the comparison does not, nothing is called undone."""

from typing import Any

import pytest

from apidiff.expand import search
from tests.expand.proving import check, expanded


def spec(schema: Any) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"post": {"requestBody": body, "responses": {"200": {"description": "OK"}}}}},
    }


BASE, REVISION = spec({"type": "string", "maxLength": 9}), spec({"type": "string", "maxLength": 4})


def test_the_value_that_was_refused_is_accepted() -> None:
    made = expanded(BASE, REVISION)
    check(BASE, REVISION, made)
    assert (len(made.undone), made.witnessed) == (1, 1)


def test_the_validator_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.Witnesses, "_shows", lambda *_: True)
    made = expanded(BASE, REVISION)
    assert made.undone == ()
    assert [one.why for one in made.left] == [
        "a validator refuses `aaaaa` with the additive form beside it as well, which was taken before"
    ]
    assert made.trees[""] == REVISION
