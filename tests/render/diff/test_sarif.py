import json
from dataclasses import replace
from typing import Any

import pytest

from apidiff.render.diff import render_diff, sarif
from apidiff.words.changes import Level
from tests.render.diff.sample import LINES, NASTY, SAME, SAMPLE, WAIVED, many


def _object(required: str, optional: str = "", **properties: Any) -> dict[str, Any]:
    known = {name: properties.get(name, {}) for name in f"{required} {optional}".split()}
    return {"type": "object", "required": required.split(), "properties": known, "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string", "minLength": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = _object("text", "markdown", text=TEXT, markdown=TEXT)
LOCATION = _object(
    "logicalLocations",
    "physicalLocation message",
    message=MESSAGE,
    logicalLocations=_list(_object("fullyQualifiedName kind", fullyQualifiedName=TEXT, kind={"const": "member"})),
    physicalLocation=_object(
        "artifactLocation",
        "region",
        artifactLocation=_object("uri", uri={"type": "string", "format": "uri-reference"}),
        region=_object("startLine", startLine={"type": "integer", "minimum": 1}),
    ),
)
RULE = _object(
    "id shortDescription help",
    "fullDescription properties",
    id={"pattern": "^[a-z0-9-]+$"},
    shortDescription=MESSAGE,
    help=MESSAGE,
    fullDescription=MESSAGE,
    properties={"type": "object"},
)
RESULT = _object(
    "ruleId ruleIndex level message locations partialFingerprints properties",
    "suppressions relatedLocations",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations=_list(LOCATION) | {"minItems": 1},
    relatedLocations=_list(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    properties={"type": "object"},
    suppressions=_list(
        _object("kind status justification", kind={"enum": ["inSource", "external"]}, status={"const": "accepted"})
    ),
)
NOTIFICATION = _object("level message", level=LEVEL, message=MESSAGE)
RUN = _object(
    "tool automationDetails invocations results properties",
    tool=_object("driver", driver=_object("name version rules", name=TEXT, rules=_list(RULE))),
    automationDetails=_object("id", id=TEXT),
    invocations=_list(
        _object(
            "executionSuccessful toolExecutionNotifications",
            executionSuccessful={"const": True},
            toolExecutionNotifications=_list(NOTIFICATION),
        )
    ),
    results=_list(RESULT),
    properties={"type": "object"},
)
LOG = _object("$schema version runs", version={"const": "2.1.0"}, runs=_list(RUN) | {"minItems": 1, "maxItems": 1})
"""What SARIF 2.1.0 asks of the parts that we write, and nothing beside them (3.13 and the sections that it names)."""


def _run(**options: Any) -> dict[str, Any]:
    return json.loads(render_diff(options.pop("comparison", SAMPLE), "sarif", **options))["runs"][0]


@pytest.mark.parametrize("comparison", [SAMPLE, SAME, NASTY, many(10)])
@pytest.mark.parametrize("verbose", [False, True])
def test_it_is_sarif(comparison: Any, verbose: bool) -> None:
    import jsonschema_rs

    log = json.loads(render_diff(comparison, "sarif", verbose=verbose, limit=5))
    validator = jsonschema_rs.Draft202012Validator(LOG, validate_formats=True)
    assert [error.message for error in validator.iter_errors(log)] == []
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]


def test_one_result_a_change_with_its_level_and_fingerprint() -> None:
    found = [(r["partialFingerprints"]["apidiffChange/v1"], r["level"]) for r in _run(verbose=True)["results"]]
    assert found == [
        ("9f3a1c0b7d21", "error"),
        ("0000000000aa", "error"),
        ("0000000000ff", "error"),
        ("0000000000bb", "warning"),
        ("0000000000cc", "warning"),
        ("0000000000dd", "note"),
        ("0000000000ee", "note"),
    ]


def test_what_is_not_listed_is_counted() -> None:
    said = [note["message"]["text"] for note in _run()["invocations"][0]["toolExecutionNotifications"]]
    assert said[0] == "1 additive and 1 editorial changes are not listed: --verbose lists them"
    run = _run(comparison=many(30), limit=4)
    assert len(run["results"]) == 4
    said = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert said[0] == "27 more changes are left out: run `apidiff diff --format json`"
    assert run["properties"]["summary"]["breaking"] == 30


def test_the_rules_bring_their_help() -> None:
    rules = {rule["id"]: rule for rule in _run()["tool"]["driver"]["rules"]}
    help_text = rules["property-removed"]["help"]
    assert help_text["text"].startswith("property-removed\n\nReported as: ")
    assert help_text["markdown"].startswith("# `property-removed`\n")
    assert all("fullDescription" in rule for rule in rules.values())


def test_a_rule_that_the_catalogue_does_not_know_is_named_all_the_same() -> None:
    run = json.loads(sarif.render(SAMPLE, rules={}))["runs"][0]
    assert run["tool"]["driver"]["rules"][-1] == {
        "id": "unclassified",
        "shortDescription": {"text": "Unclassified"},
        "help": {"text": "Unclassified. Run `apidiff explain unclassified`."},
    }


def test_a_waiver_is_a_suppression() -> None:
    result = next(r for r in _run()["results"] if r["ruleId"] == WAIVED.rule)
    reason = "nobody ever had access (ada@example.com, until 2027-03-01)"
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": reason}]


def test_what_was_removed_is_shown_at_its_nearest_parent_and_where_it_was() -> None:
    lines = LINES | {"revision:#/components/schemas/Customer": "specs/new.yaml:90"}
    result = _run(comparison=replace(SAMPLE, lines=lines))["results"][0]
    assert [place["physicalLocation"] for place in result["locations"] + result["relatedLocations"]] == [
        {"artifactLocation": {"uri": "specs/new.yaml"}, "region": {"startLine": 90}},
        {"artifactLocation": {"uri": "specs/old.yaml"}, "region": {"startLine": 120}},
    ]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("specs/new.yaml", "specs/new.yaml"),
        ("a b/ü#1.yaml", "a%20b/%C3%BC%231.yaml"),
        ("..\\specs\\new.yaml", "../specs/new.yaml"),
        ("/srv/new.yaml", "file:///srv/new.yaml"),
        ("C:\\specs\\new.yaml", "file:///C:/specs/new.yaml"),
        ("https://example.com/a%20b.yaml?x=1", "https://example.com/a%20b.yaml?x=1"),
    ],
)
def test_files_are_uri_references(file: str, uri: str) -> None:
    assert sarif.uri(file) == uri


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("HEAD~1:api/openapi.yaml", "api/openapi.yaml"),
        ("origin/main:openapi.yaml", "openapi.yaml"),
        ("main:./openapi.yaml", "openapi.yaml"),
        ("https://example.com/openapi.yaml", "https://example.com/openapi.yaml"),
        ("-", None),
    ],
)
def test_a_file_of_a_git_revision_is_the_file(source: str, uri: str | None) -> None:
    change = replace(SAMPLE.changes[3], level=Level.BREAKING)
    comparison = replace(SAMPLE, changes=(change,), revision=replace(SAMPLE.revision, source=source))
    location = _run(comparison=comparison)["results"][0]["locations"][0]
    assert location.get("physicalLocation") == (uri and {"artifactLocation": {"uri": uri}})
