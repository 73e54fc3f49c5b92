from dataclasses import replace

from apidiff.render.diff import render_diff
from tests.render.diff.sample import LINES, NASTY, SAME, SAMPLE, change, many

CLOSING = (
    "apidiff: 2 breaking, 2 dangerous, 1 additive, 1 editorial, 1 waived (1 unclassified); 6 of 8 operations break"
)


def test_annotations_stand_at_file_and_line() -> None:
    assert render_diff(SAMPLE, "github").splitlines() == [
        (
            "::error file=specs/old.yaml,line=120,title=property-removed::"
            "response property `name` was removed from `Customer`. Callers that read it find nothing. "
            "Reaches GET /v1/customers/a, GET /v1/customers/b, GET /v1/customers/c and 2 more. "
            "Instead: Keep `name` beside its successor and mark it deprecated. [9f3a1c0b7d21]"
        ),
        (
            "::error file=specs/new.yaml,line=33,title=parameter-became-required::"
            "query parameter `currency` of `GET /v1/charges` became required. Calls without it are refused. "
            "Reaches GET /v1/charges. [0000000000aa]"
        ),
        (
            "::warning file=specs/schemas/status.yaml,line=4,title=enum-value-added::"
            "response value `held` was added to `Status`. A strict reader does not know it. "
            "Reaches GET /v1/customers/a, GET /v1/customers/b. [0000000000bb]"
        ),
        (
            "::warning file=specs/new.yaml,title=unclassified::"
            "`x-odd` changed, and no rule says what that means. No rule claims this difference. [0000000000cc]"
        ),
        CLOSING,
    ]


def test_what_was_removed_is_shown_at_its_nearest_parent() -> None:
    lines = LINES | {
        "revision:#/components/schemas": "specs/new.yaml:70",
        "revision:#/components/schemas/Customer": "specs/new.yaml:90",
    }
    shown = render_diff(replace(SAMPLE, lines=lines), "github")
    assert shown.startswith("::error file=specs/new.yaml,line=90,title=property-removed::")


def test_of_several_specs_each_change_stands_in_its_own() -> None:
    one = replace(
        SAMPLE.changes[1], base="y.yaml#/paths/~1a/get", revision="y.yaml#/paths/~1a/get", title="`b` became required"
    )
    comparison = replace(
        SAMPLE,
        changes=(one,),
        revision=replace(SAMPLE.revision, source="new/x.yaml, new/y.yaml"),
        lines={"revision:y.yaml#/paths/~1a/get": "new/y.yaml:7"},
    )
    assert render_diff(comparison, "github").startswith("::error file=new/y.yaml,line=7,")
    assert "Next: apidiff plan specs/old.yaml REVISION --usage" in render_diff(comparison, "text")


def test_nothing_changed() -> None:
    assert render_diff(SAME, "github") == "apidiff: no change; 0 of 8 operations break\n"


def test_the_last_annotation_of_a_level_counts_the_rest() -> None:
    lines = render_diff(many(30), "github").splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[9] == "::error title=apidiff::21 more breaking changes: see the log of apidiff diff"
    assert sum(line.startswith("::error ") for line in render_diff(many(30), "github", limit=0).splitlines()) == 30


def test_no_text_can_give_the_runner_a_command() -> None:
    lines = render_diff(NASTY, "github").splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "apidiff:"]
    assert "%250A" in lines[0]
    odd = replace(SAMPLE, changes=(change(),), lines={}, base=replace(SAMPLE.base, source="a,b:c\n::error::x.yaml"))
    assert render_diff(odd, "github").splitlines()[0].startswith("::error file=c ")
