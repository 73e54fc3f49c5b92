"""The comparison as a report of GitLab's Code Quality."""

import json
from dataclasses import replace

from apidiff.render.diff import render_diff
from tests.render.diff.sample import NASTY, SAME, SAMPLE, many


def test_each_finding_has_what_gitlab_asks_for() -> None:
    entries = json.loads(render_diff(SAMPLE, "gitlab"))
    assert [(one["check_name"], one["fingerprint"], one["severity"]) for one in entries] == [
        ("property-removed", "9f3a1c0b7d21", "critical"),
        ("parameter-became-required", "0000000000aa", "critical"),
        ("enum-value-added", "0000000000bb", "minor"),
        ("unclassified", entries[3]["fingerprint"], "minor"),
    ]
    assert entries[0]["description"].startswith(
        "response property `name` was removed from `Customer`. Callers that read"
    )
    for one in [*entries, *json.loads(render_diff(NASTY, "gitlab"))]:
        assert sorted(one) == ["check_name", "description", "fingerprint", "location", "severity"]
        assert one["location"]["path"]
        assert one["location"]["lines"]["begin"] >= 1


def test_the_place_is_that_of_the_file_as_it_is() -> None:
    lines = {f"revision:{change.revision}": "specs/new.yaml:7" for change in SAMPLE.changes if change.revision}
    entries = json.loads(render_diff(replace(SAMPLE, lines=lines), "gitlab"))
    found = {one["fingerprint"]: one["location"] for one in entries}
    assert found["0000000000aa"] == {"path": "specs/new.yaml", "lines": {"begin": 7}}


def test_nothing_is_an_empty_list_and_what_is_left_out_is_counted() -> None:
    assert render_diff(SAME, "gitlab") == "[]\n"
    entries = json.loads(render_diff(many(30), "gitlab", limit=10))
    more = [one["description"] for one in entries if one["check_name"] == "apidiff"]
    assert more[:1] == ["21 more breaking changes"]
