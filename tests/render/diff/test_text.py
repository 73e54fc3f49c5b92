import io
import re
from dataclasses import replace

import pytest

from apidiff import compare
from apidiff.render.diff import text, view
from apidiff.words.changes import Level
from tests.render.diff.sample import NASTY, SAME, SAMPLE, many

WHOLE = """\
Payments 1.4.0 -> 1.5.0  (specs/old.yaml -> specs/new.yaml)
2 breaking, 2 dangerous, 1 additive, 1 editorial, 1 waived (1 unclassified); 6 of 8 operations break
1.4.0 -> 2.0.0: 2 breaking changes; the revision says 1.5.0

Breaking (2): a caller that worked can fail

  `Customer` (schema)
    breaking  response property `name` was removed from `Customer`
      where    #/components/schemas/Customer/properties/name  specs/old.yaml:120
      reaches  GET /v1/customers/a, GET /v1/customers/b, GET /v1/customers/c and 2 more
      why      Callers that read it find nothing.
      witness  {"name":"Ada"}: every answer had it, and none needs to now
      instead  Keep `name` beside its successor and mark it deprecated.
      id       9f3a1c0b7d21  property-removed

  `GET /v1/charges`
    breaking  query parameter `currency` of `GET /v1/charges` became required
      where    #/paths/~1v1~1charges/get/parameters/0  specs/new.yaml:33
      reaches  GET /v1/charges
      why      Calls without it are refused.
      id       0000000000aa  parameter-became-required

Dangerous (2): a correct but strict caller can fail

  `schemas/status.yaml`
    dangerous  response value `held` was added to `Status`
      where    schemas/status.yaml#/enum  line 4
      reaches  GET /v1/customers/a, GET /v1/customers/b
      why      A strict reader does not know it.
      id       0000000000bb  enum-value-added

  the document
    dangerous  `x-odd` changed, and no rule says what that means
      where    #/x-odd
      why      No rule claims this difference.
      id       0000000000cc  unclassified

additive  1: 1 operation-added
editorial 1: 1 description-changed

Waived (1)
    breaking  `GET /v1/beta` was removed: nobody ever had access (ada@example.com, until 2027-03-01)  0000000000ff

First: an additive form is known for 1 of 2 breaks; apidiff expand specs/old.yaml specs/new.yaml proves it
Next: apidiff plan specs/old.yaml specs/new.yaml --usage LOG --integrators FILE --out plan
"""


def test_the_whole_report() -> None:
    assert text.render(SAMPLE) == WHOLE


def test_nothing_changed() -> None:
    assert text.render(SAME) == (
        "Payments 1.4.0 -> 1.4.0  (specs/old.yaml -> specs/new.yaml)\n"
        "no change; 0 of 8 operations break\n"
        "1.4.0 stays: no change, as the revision says\n"
        "\n"
        "Next: nothing to do, no caller has to change anything\n"
    )


def test_one_operation_is_no_part_of_several() -> None:
    def broken(number: int) -> str:
        head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
        get = {"get": {"responses": {}}}
        base = head | {"paths": {"/a": get} if number else {}}
        return view.broken(compare(base, head | {"paths": {"/a": get} if number == 1 else {}}))

    assert [broken(number) for number in (0, 1, 2)] == [
        "no operation breaks",
        "no operation breaks",
        "the one operation breaks",
    ]


def test_verbose_shows_every_change_once() -> None:
    shown = text.render(SAMPLE, verbose=True)
    assert [shown.count(change.id) for change in SAMPLE.changes] == [1] * len(SAMPLE.changes)
    assert "additive  1:" not in shown


def test_colour_adds_nothing_but_colour() -> None:
    painted = text.render(SAMPLE, colour=True)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == WHOLE


@pytest.mark.parametrize("width", [20, 60, 100])
def test_sentences_wrap_under_their_label(width: int) -> None:
    lines = text.render(SAMPLE, width=width).splitlines()
    why = next(index for index, line in enumerate(lines) if line.startswith("      why"))
    assert lines[why].startswith("      why      Callers that")
    words = " ".join(line.strip() for line in lines)
    assert words.replace(" ", "") == "".join(WHOLE.split())


def test_no_control_character_reaches_the_terminal() -> None:
    shown = text.render(NASTY, verbose=True)
    assert all(char == "\n" or char.isprintable() for char in shown)
    assert "\n::error::" not in shown


def test_long_lists_are_bounded_and_say_so() -> None:
    comparison = many(3_000)
    shown = text.render(comparison, limit=20)
    assert shown.count("  property-removed\n") == 20
    assert "  and 2,980 more breaking (2,980 property-removed): --limit 0 shows all\n" in shown
    assert shown.startswith(
        "Payments 1.4.0 -> 1.5.0  (specs/old.yaml -> specs/new.yaml)\n3,000 breaking, 1 dangerous, 1 additive; "
    )
    assert text.render(comparison, limit=None).count("  property-removed\n") == 3_000


@pytest.mark.parametrize(
    ("terminal", "environment", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals(terminal: bool, environment: dict[str, str], expected: bool) -> None:
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    assert text.wants_colour(Stream(), environment) is expected


def test_what_to_run_next_follows_the_worst_level() -> None:
    def last(*levels: Level) -> str:
        changes = tuple(change for change in SAMPLE.changes if change.level in levels)
        return text.render(replace(SAMPLE, changes=changes)).splitlines()[-1]

    assert last(Level.DANGEROUS, Level.ADDITIVE) == "Next: apidiff explain enum-value-added"
    assert last(Level.ADDITIVE) == "Next: nothing to do, no caller has to change anything"
