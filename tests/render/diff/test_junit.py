from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from apidiff.render.diff import render_diff
from apidiff.words.changes import Level
from tests.render.diff.sample import NASTY, REMOVED, SAME, SAMPLE, WAIVED, change, many


def _cases(comparison: Any, **options: Any) -> list[tuple[str, str | None]]:
    root = ET.fromstring(render_diff(comparison, "junit", **options).encode())
    for suite in [root, *root]:
        cases = suite.findall(".//testcase")
        counts = [len(cases), *(sum(case.find(kind) is not None for case in cases) for kind in ("failure", "skipped"))]
        assert [suite.get(name) for name in ("tests", "failures", "skipped")] == [str(count) for count in counts]
    return [(str(case.get("name")), next((child.tag for child in case), None)) for case in root.iterfind(".//testcase")]


def test_breaks_fail_dangers_tell_and_waivers_skip() -> None:
    assert _cases(SAMPLE) == [
        ("response property `name` was removed from `Customer` [9f3a1c0b7d21]", "failure"),
        ("query parameter `currency` of `GET /v1/charges` became required [0000000000aa]", "failure"),
        ("`GET /v1/beta` was removed [0000000000ff]", "skipped"),
        ("response value `held` was added to `Status` [0000000000bb]", "system-out"),
        ("`x-odd` changed, and no rule says what that means [0000000000cc]", "system-out"),
    ]


def test_dangerous_changes_fail_where_the_exit_code_does() -> None:
    assert [kind for _, kind in _cases(SAMPLE, fail_on=Level.DANGEROUS)] == [
        "failure",
        "failure",
        "skipped",
        "failure",
        "failure",
    ]


def test_a_failure_says_what_where_and_what_instead() -> None:
    root = ET.fromstring(render_diff(SAMPLE, "junit").encode())
    case = root.find(".//testcase")
    assert case is not None
    assert (case.get("classname"), case.get("file"), case.get("line")) == (
        "apidiff.property-removed",
        "specs/old.yaml",
        "120",
    )
    assert case.findtext("failure") == (
        "Callers that read it find nothing.\n"
        "where: #/components/schemas/Customer/properties/name specs/old.yaml:120\n"
        "reaches: GET /v1/customers/a, GET /v1/customers/b, GET /v1/customers/c, GET /v1/customers/d, "
        "GET /v1/customers/{id}\n"
        "instead: Keep `name` beside its successor and mark it deprecated.\n"
        "explain: apidiff explain property-removed"
    )


def test_no_change_is_a_report_that_passes() -> None:
    assert _cases(SAME) == [("no breaking change", None), ("no dangerous change", None)]


def test_long_lists_end_in_a_case_that_counts_the_rest() -> None:
    cases = _cases(many(30), limit=4)
    assert len(cases) == 6
    assert cases[4] == ("26 more breaking changes", "failure")
    waived = replace(SAMPLE, changes=(REMOVED, WAIVED))
    assert _cases(waived, limit=1)[1] == ("1 more breaking change", None)


@pytest.mark.parametrize("text", ["\x00\x08\x0b\x1f", "\ufffe\uffff", "\ud800", "]]>", "<![CDATA[", "\u202e"])
def test_no_text_breaks_the_xml(text: str) -> None:
    comparison = replace(SAMPLE, changes=(change(title=text, why=text, operations=(text,)),))
    assert len(_cases(comparison)) == 2
    assert len(_cases(NASTY)) == 3
