"""A comparison made by hand, with one of everything that a format must cope with."""

from dataclasses import replace

from apidiff.words.changes import (
    Alternative,
    Change,
    Comparison,
    Effort,
    Level,
    OperationEntry,
    SpecHead,
    Waiver,
    Witness,
)
from apidiff.words.direction import Direction
from apidiff.words.facts import ABSENT

OPERATIONS = tuple(f"GET /v1/customers/{name}" for name in ("a", "b", "c", "d", "{id}"))
HOSTILE = "<script>alert('x')</script> | @everyone \x1b[31m red\r\n::error::owned \u202e --> ]]> %0A `tick`"


def change(change_id: str = "9f3a1c0b7d21", **fields: object) -> Change:
    base = Change(
        id=change_id,
        rule="property-removed",
        level=Level.BREAKING,
        direction=Direction.RESPONSE,
        base="#/components/schemas/Customer/properties/name",
        revision=None,
        before={"type": "string"},
        after=ABSENT,
        title="response property `name` was removed from `Customer`",
        why="Callers that read it find nothing.",
        operations=OPERATIONS,
        places=("GET /v1/customers/{id}: response 200 application/json name",),
        alternative=Alternative("keep-and-deprecate", "Keep `name` beside its successor and mark it deprecated."),
        witness=Witness({"name": "Ada"}, "every answer had it, and none needs to now"),
        name="name",
        subject="property",
        effort=Effort.CODE,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


REMOVED = change()
REQUIRED = change(
    "0000000000aa",
    rule="parameter-became-required",
    direction=Direction.REQUEST,
    base="#/paths/~1v1~1charges/get/parameters/0",
    revision="#/paths/~1v1~1charges/get/parameters/0",
    before=False,
    after=True,
    title="query parameter `currency` of `GET /v1/charges` became required",
    why="Calls without it are refused.",
    operations=("GET /v1/charges",),
    places=("GET /v1/charges: query currency",),
    alternative=None,
    witness=None,
)
ENUM = change(
    "0000000000bb",
    rule="enum-value-added",
    level=Level.DANGEROUS,
    base="schemas/status.yaml#/enum",
    revision="schemas/status.yaml#/enum",
    before=["open"],
    after=["open", "held"],
    title="response value `held` was added to `Status`",
    why="A strict reader does not know it.",
    operations=OPERATIONS[:2],
    alternative=None,
    witness=None,
)
UNCLASSIFIED = change(
    "0000000000cc",
    rule="unclassified",
    level=Level.DANGEROUS,
    direction=None,
    base="#/x-odd",
    revision="#/x-odd",
    title="`x-odd` changed, and no rule says what that means",
    why="No rule claims this difference.",
    operations=(),
    places=(),
    alternative=None,
    witness=None,
)
ADDED = change(
    "0000000000dd",
    rule="operation-added",
    level=Level.ADDITIVE,
    direction=None,
    base=None,
    revision="#/paths/~1v2~1charges/post",
    before=ABSENT,
    after={"summary": "Make a charge"},
    title="`POST /v2/charges` was added",
    why="Nobody called it before.",
    operations=("POST /v2/charges",),
    places=(),
    alternative=None,
    witness=None,
)
WORDING = change(
    "0000000000ee",
    rule="description-changed",
    level=Level.EDITORIAL,
    direction=None,
    base="#/info/description",
    revision="#/info/description",
    before="Old",
    after="New",
    title="the description of the API changed",
    why="Programs do not read it.",
    operations=(),
    places=(),
    alternative=None,
    witness=None,
)
WAIVED = change(
    "0000000000ff",
    rule="operation-removed",
    base="#/paths/~1v1~1beta/get",
    title="`GET /v1/beta` was removed",
    why="Calls get 404.",
    operations=("GET /v1/beta",),
    places=(),
    alternative=None,
    witness=None,
    direction=None,
    waiver=Waiver("nobody ever had access", "ada@example.com", "2027-03-01"),
)

BASE = SpecHead("specs/old.yaml", "Payments", "1.4.0", "openapi 3.0.3", 8)
REVISION = SpecHead("specs/new.yaml", "Payments", "1.5.0", "openapi 3.1.0", 8)
ENTRIES = (
    *(
        OperationEntry(name, *name.split(" ", 1), None, "both")
        for name in (*OPERATIONS, "GET /v1/charges", "GET /v1/beta")
    ),
    OperationEntry("POST /v2/charges", "POST", "/v2/charges", "createCharge", "revision"),
)
LINES = {
    "base:#/components/schemas/Customer/properties/name": "specs/old.yaml:120",
    "base:#/paths/~1v1~1charges/get/parameters/0": "specs/old.yaml:31",
    "revision:#/paths/~1v1~1charges/get/parameters/0": "specs/new.yaml:33",
    "revision:schemas/status.yaml#/enum": "schemas/status.yaml:4",
}
SAMPLE = Comparison(
    BASE,
    REVISION,
    ENTRIES,
    (REMOVED, REQUIRED, ENUM, UNCLASSIFIED, ADDED, WORDING, WAIVED),
    warnings=("specs/new.yaml:12: `required` names `zz`, which no property declares",),
    lines=LINES,
)
SAME = Comparison(BASE, replace(REVISION, version="1.4.0"), ENTRIES, ())
NASTY = Comparison(
    replace(BASE, title=HOSTILE, version=HOSTILE, source="specs/old,1:2.yaml"),
    replace(REVISION, title=HOSTILE, version=HOSTILE),
    ENTRIES,
    (
        change(
            title=HOSTILE,
            why=HOSTILE,
            operations=(f"GET /{HOSTILE}",),
            places=(HOSTILE,),
            alternative=Alternative("keep", HOSTILE),
            witness=Witness({HOSTILE: HOSTILE}, HOSTILE),
            before=HOSTILE,
            after=HOSTILE,
            base=f"#/components/schemas/{HOSTILE.replace('/', '~1')}",
        ),
        replace(WAIVED, title=HOSTILE, waiver=Waiver(HOSTILE, HOSTILE, HOSTILE)),
    ),
    warnings=(HOSTILE,),
)


def many(count: int = 3_000, **fields: object) -> Comparison:
    """A comparison with very many changes, each an edit of its own in a component of its own."""
    changes = tuple(
        change(
            f"{number:012x}",
            base=f"#/components/schemas/Thing{number}/properties/name",
            title=f"response property `name` was removed from `Thing{number}`",
            name=f"name {number}",
            **fields,
        )
        for number in range(count)
    )
    return Comparison(BASE, REVISION, ENTRIES, (*changes, ENUM, ADDED))
