"""The same edit on many operations is one row in the formats that people read; programs get each change of it."""

import json
from dataclasses import replace

import pytest

from apidiff.render.diff import render_diff, view
from apidiff.words.changes import Change, Comparison
from tests.render.diff.sample import SAMPLE, change

OPERATIONS = ("GET /v1/a", "GET /v1/b", "GET /v1/c", "GET /v1/d")


def removed(name: str, operation: str, number: int) -> Change:
    """A parameter that was removed from one operation."""
    return change(
        f"{number:012x}",
        rule="parameter-removed",
        base=f"#/paths/~1{operation[5:]}/get/parameters/{number}",
        title=f"parameter `{name}` was removed from `{operation}`",
        operations=(operation,),
        name=name,
    )


def comparison(*names: str) -> Comparison:
    """The changes of `names`, an operation each."""
    made = (removed(name, operation, number) for number, (name, operation) in enumerate(zip(names, OPERATIONS)))  # noqa: B905
    return replace(SAMPLE, changes=tuple(made))


def test_many_places_of_an_edit_are_one_row_and_few_are_not() -> None:
    (section,) = view.sections(comparison("limit", "limit", "limit", "page"))
    assert [[one.operations for one in row.changes] for row in section.rows] == [
        [("GET /v1/a",), ("GET /v1/b",), ("GET /v1/c",)],
        [("GET /v1/d",)],
    ]
    assert section.rows[0].also == "the same edit in 2 more places on 2 more operations"
    assert (section.total, len(section.shown), section.more) == (4, 4, 0)
    (few,) = view.sections(comparison("limit", "limit", "page"))
    assert [len(row.changes) for row in few.rows] == [1, 1, 1]


def test_a_limit_counts_rows_and_says_what_it_left_out_by_rule() -> None:
    (section,) = view.sections(comparison("limit", "limit", "limit", "page"), limit=1)
    assert (len(section.rows), section.more, section.left_out) == (1, 1, "1 parameter-removed")


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_people_read_it_once(name: str) -> None:
    shown = render_diff(comparison("limit", "limit", "limit"), name)
    assert shown.lower().count("the same edit in 2 more places on 2 more operations") == 1
    titles = shown.count("was removed from")
    # the page holds the others behind a fold, the comment has a table before its details
    assert titles == {"text": 1, "markdown": 2, "html": 3}[name]


def test_programs_read_each_with_the_group_that_ties_them() -> None:
    made = comparison("limit", "limit", "limit", "page")
    groups = [one["group"] for one in json.loads(render_diff(made, "json"))["changes"]]
    assert groups[0] == groups[1] == groups[2] != groups[3]
    assert render_diff(made, "github").count("::error") == 4
    assert len(json.loads(render_diff(made, "sarif"))["runs"][0]["results"]) == 4
