"""Changes in words: told from where callers meet them first, and each thing once."""

from dataclasses import replace

import pytest

from apidiff.plan.value import PlannedChange
from apidiff.render.plan.guide import Part, lines
from apidiff.render.plan.messages import told_once
from apidiff.render.plan.plain import Spot, in_words, spot
from apidiff.words.changes import Change, Exposed, Exposure
from apidiff.words.direction import Direction
from apidiff.words.facts import ABSENT
from apidiff.words.operation import OperationId
from tests.render.plan.sample import change

LIST, ONE, CARDS = "GET /v1/disputes", "GET /v1/disputes/{id}", "GET /v1/cards/{id}"
FAR = "GET /v1/balance"
FIELD = "evidence.other.explanation"


def planned(made: Change) -> PlannedChange:
    return PlannedChange(made, {})


def gone(field: str = FIELD, identity: str = "1", *, first: str = ONE) -> Change:
    """A property that is gone from the answers of four operations, in three of which its place is known."""
    places = (first, LIST, CARDS)
    fields = (field, f"data[].{field}", f"dispute.{field}")
    return change(
        identity,
        "property-removed",
        f"response property `{field.rpartition('.')[2]}` was removed from `Evidence`",
        *(FAR, CARDS, LIST, ONE),
        direction=Direction.RESPONSE,
        before={"type": "string"},
        after=ABSENT,
        subject="property",
        name=field.rpartition(".")[2],
        places=tuple(f"{at}: response 200 application/json {way}" for at, way in zip(places, fields, strict=True)),
        exposure=Exposure(Exposed.RECEIVED_FIELD, "body", tuple(sorted(fields))),
    )


@pytest.mark.parametrize(
    ("called", "met"),
    [
        ((), Spot(ONE, FIELD)),
        ((CARDS, LIST), Spot(LIST, f"data[].{FIELD}")),
        ((FAR,), Spot(FAR, "", (ONE, FIELD))),
    ],
    ids=["everybody", "two of them", "one whose place is not known"],
)
def test_the_nearest_place_is_where_the_field_has_the_fewest_steps(called: tuple[str, ...], met: Spot) -> None:
    assert spot(gone(), called) == met


@pytest.mark.parametrize(
    ("called", "words"),
    [
        ((), f"`{FIELD}` is gone from the answers of `{ONE}` and 3 more."),
        ((CARDS,), f"`dispute.{FIELD}` is gone from the answers of `{CARDS}`."),
        (
            (FAR,),
            f"`explanation` is gone from the answers of `{FAR}`, inside what `{ONE}` has as `evidence.other`.",
        ),
    ],
    ids=["everybody", "a place that is known", "one that is not"],
)
def test_two_fields_of_one_name_are_told_apart(called: tuple[str, ...], words: str) -> None:
    assert in_words(planned(gone()), called) == words


def test_what_lies_at_the_root_elsewhere_is_inside_of_all_of_it() -> None:
    words = f"`reason` is gone from the answers of `{FAR}`, inside what `{ONE}` has."
    assert in_words(planned(gone("reason")), (FAR,)) == words


def test_a_parameter_is_called_what_is_sent_with_its_full_stops() -> None:
    made = change(
        "1",
        "parameter-removed",
        "query parameter `filter.name` of `GET /v1/disputes` was removed",
        LIST,
        subject="parameter",
        name="filter.name",
        exposure=Exposure(Exposed.SENT_PARAMETER, "query", ("filter.name",)),
    )
    assert in_words(planned(made)) == f"`filter.name` is gone from `{LIST}`."


def test_text_that_was_free_and_is_listed_says_so() -> None:
    made = change(
        "1",
        "branch-removed",
        "query parameter `status` of `GET /v1/disputes` may no longer be `any string`",
        LIST,
        subject="schema",
        before="any string",
        name="status",
        exposure=Exposure(Exposed.SENT_VALUE, "query", ("status",)),
    )
    assert in_words(planned(made)) == f"`status` takes the listed values alone in `{LIST}`, and no longer any string."


class _Section:
    def __init__(self, anchor: str) -> None:
        self.anchor = anchor


def test_the_guide_says_in_one_line_what_holds_of_several_names() -> None:
    changes = [gone(field, identity) for field, identity in [("reason", "1"), (FIELD, "2"), ("fee", "3"), ("tax", "4")]]
    changes[2] = replace(changes[2], operations=(OperationId(ONE),))
    parts = [
        Part(_Section(made.id), in_words(planned(made)), (_Section("5"),) if made.id == "4" else ())  # type: ignore[arg-type]
        for made in changes
    ]
    told = [(line.names, line.rest or line.parts[0].title) for line in lines(parts)]
    assert told == [
        (("reason", FIELD), f"is gone from the answers of `{ONE}` and 3 more."),
        ((), f"`fee` is gone from the answers of `{ONE}`."),
        ((), f"`tax` is gone from the answers of `{ONE}` and 3 more."),  # it has the same in another place to name
    ]


def test_a_mail_says_once_what_was_seen_of_several_changes() -> None:
    calls = "You made 61 calls here; we can't see whether your code uses this part, so please check."
    items = [("`a` is gone.", calls), ("`b` is gone.", "You sent `b` 2 times."), ("`c` is gone.", calls)]
    assert told_once(items) == [
        (
            ["`a` is gone.", "`c` is gone."],
            "Of all these: you made 61 calls here; we can't see whether your code uses these parts, so please check.",
        ),
        (["`b` is gone."], "You sent `b` 2 times."),
    ]
