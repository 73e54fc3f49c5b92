"""The catalogue as text, JSON and Markdown."""

import json

import pytest

from apidiff.errors import ApidiffError
from apidiff.render.catalogue import render_rule, render_rules
from apidiff.rules import catalogue, find

EXPLAINED = """\
max-length-decreased: breaking in a request, additive in a response
  The largest length of {direction} `{name}` of {owner} decreased: {before} became {after}.

What was sent beyond the new limit, and worked, is refused.

Example (schema of a request body):
  before:
    {type: string, maxLength: 10}
  after:
    {type: string, maxLength: 1}

Near miss, which this rule leaves alone (schema of a request body):
  before:
    {type: string, maxLength: 1}
  after:
    {type: string, maxLength: 10}

Instead: Keep the limit {before}.
Effort of an integrator: code
Exposed is who sent the value

Another level, in apidiff.yaml:  levels: {max-length-decreased: dangerous}
"""


def test_one_rule_in_full() -> None:
    assert render_rule(find("max-length-decreased"), "text") == EXPLAINED


@pytest.mark.parametrize("format_name", ["text", "markdown"])
def test_every_rule_is_listed_once(format_name: str) -> None:
    listed = [line.strip(" #").split("  ")[0] for line in render_rules(format_name).splitlines()]
    assert [name for name in listed if name in {rule.id for rule in catalogue()}] == [rule.id for rule in catalogue()]


def test_the_json_is_the_catalogue() -> None:
    data = json.loads(render_rules("json"))
    assert data["format"] == "apidiff-rules/1"
    assert [rule["id"] for rule in data["rules"]] == [rule.id for rule in catalogue()]
    one = json.loads(render_rule(find("max-length-decreased"), "json"))
    assert one["rules"] == [rule for rule in data["rules"] if rule["id"] == "max-length-decreased"]


@pytest.mark.parametrize("format_name", ["text", "json", "markdown"])
def test_every_rule_can_be_explained(format_name: str) -> None:
    for rule in catalogue():
        assert rule.why.split()[0] in render_rule(rule, format_name)


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(ApidiffError, match="did you mean markdown"):
        render_rules("markdwn")
