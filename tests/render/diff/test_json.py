import json
from dataclasses import replace
from datetime import date

import pytest

from apidiff.render.diff import json as json_format
from tests.render.diff.sample import NASTY, SAMPLE, change


def test_the_json_is_the_contracts() -> None:
    shown = json_format.render(SAMPLE)
    assert json.loads(shown) == json.loads(json.dumps(SAMPLE.to_dict()))
    assert shown.startswith('{\n  "format": "apidiff/1",\n  "base": {\n    "source": "specs/old.yaml",\n')
    assert shown.endswith("\n}\n")
    assert shown == json_format.render(SAMPLE)


def test_hostile_text_comes_back_as_it_was() -> None:
    assert json.loads(json_format.render(NASTY)) == NASTY.to_dict()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2**70, 2**70),
        ({"max": -(2**70), 2: "a", None: "b", True: "c"}, {"max": -(2**70), "2": "a", "null": "b", "true": "c"}),
        ([2**70, float("inf"), float("nan"), 1.5, None], [2**70, None, None, 1.5, None]),
        ([2**70, date(2026, 1, 2), ("a",)], [2**70, "2026-01-02", ["a"]]),
        (date(2026, 1, 2), "2026-01-02"),
        ("half \ud83d pair é", "half \\ud83d pair é"),
    ],
)
def test_every_value_that_a_spec_can_hold(value: object, written: object) -> None:
    shown = json_format.render(replace(SAMPLE, changes=(change(before=value),)))
    assert json.loads(shown)["changes"][0]["before"] == written
    shown.encode()


def test_the_layout_is_the_same_with_and_without_great_numbers() -> None:
    small, great = (json_format.dumps({"a": [], "b": {}, "c": [{"d": n}]}, indent=True) for n in (7, 2**70))
    assert small.replace("7", str(2**70)) == great


def test_bottomless_nesting_is_cut() -> None:
    value: object = "end"
    for _ in range(600):
        value = [value]
    shown = json_format.dumps(value)
    assert shown == "[" * 201 + '"…"' + "]" * 201
