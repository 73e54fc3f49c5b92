"""The guide tells a task at a time, says the same edit once, and keeps what people wrote; programs get the same."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from apidiff.calls.samples import Samples
from apidiff.comparison.compare import Judgement, compared
from apidiff.plan.make import Brief, make_plan
from apidiff.plan.policy import read
from apidiff.plan.value import Plan
from apidiff.render.plan import render_plan
from apidiff.words.blocks import BLOCKS
from tests.conftest import DEMO
from tests.render.plan.sample import Made, sample

SCHEMA = json.loads((Path(__file__).parents[3] / "apidiff/render/plan/migration.schema.json").read_text())


def test_chapters_are_tasks_and_the_same_edit_is_said_once() -> None:
    plan = sample()
    changes = [planned for planned in plan.changes if planned.change.breaks]
    twin = replace(changes[0], change=replace(changes[0].change, id="bbbb00000001", title="the same once more"))
    guide = render_plan(replace(plan, changes=(*plan.changes, twin)), samples=Made())["migration-guide.md"].decode()
    assert "the same once more" not in re.findall(r"^### (.*)$", guide, re.MULTILINE)
    assert 'The same holds for:\n\n- <a id="change-bbbb00000001"></a>The same once more.\n' in guide


def test_what_people_wrote_is_in_the_guide_and_stays() -> None:
    written = {"guide/why.md": b"Because *we* care.\n", "guide/contact.md": b"<!-- nothing yet -->"}
    files = render_plan(sample(), samples=Made(), written=written)
    guide = files["migration-guide.md"].decode()
    assert "## Why\n\nBecause *we* care.\n" in guide
    assert "Answer the message that you got" in guide
    assert {name for name in files if name.startswith("guide/")} == {f"guide/{name}.md" for name in BLOCKS}
    assert {name: files[name] for name in written} == written


def test_the_data_for_programs_keeps_its_schema_and_names_nobody(folder: dict[str, bytes]) -> None:
    import jsonschema_rs

    data = json.loads(folder["migration.json"])
    assert [error.message for error in jsonschema_rs.Draft202012Validator(SCHEMA).iter_errors(data)] == []
    people = {text for one in sample().integrators for text in (one.name, one.contact, *one.keys) if text}
    for name in ("migration.json", "skill/SKILL.md", "llms.txt"):
        assert not [text for text in people if text in folder[name].decode()], name


@pytest.fixture(scope="module")
def demo() -> tuple[Plan, dict[str, bytes]]:
    comparison, found = compared(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"), judgement=Judgement())
    brief = Brief(today=date(2026, 11, 20), policy=read(None), no_usage="a test")
    plan = make_plan(comparison, None, brief)
    return plan, render_plan(plan, samples=Samples(found))


def test_no_document_says_another_thing_than_the_others(demo: tuple[Plan, dict[str, bytes]]) -> None:
    """Dates, ids and what breaks: the plan, the guide, the data for programs, llms.txt and the skill agree."""
    plan, files = demo
    ending = {change.id for change in plan.ending}
    data = json.loads(files["migration.json"])
    assert {one["id"] for one in data["changes"] if one["action"] != "none"} == ending
    assert data["sunset"] == json.loads(files["plan.json"])["dates"]["sunset"] == str(plan.dates.sunset)
    guide, llms, skill = (files[name].decode() for name in ("migration-guide.md", "llms.txt", "skill/SKILL.md"))
    assert set(re.findall(r'id="change-(\w+)"', guide)) == {one["id"] for one in data["changes"]}
    assert set(re.findall(r"^### (\w{12})$", llms, re.MULTILINE)) == {one["id"] for one in data["changes"]}
    assert set(re.findall(r"^\| (\w{12}) \|", skill, re.MULTILINE)) == {one["id"] for one in data["changes"]}
    assert str(plan.dates.sunset) in llms
    assert str(plan.dates.sunset) in skill
    gone = {one["operations"][0] for one in data["changes"] if one["outcome"] == "gone"}
    removed = {one.operation.id for one in plan.operations if "Sunset" in one.headers}
    assert removed == gone


def test_the_search_finds_every_old_use_of_a_client_and_none_in_the_new(demo: tuple[Plan, dict[str, bytes]]) -> None:
    """Clients written for both versions, in Python and TypeScript, with the calls and fields that change."""
    texts = [one["text"] for one in json.loads(demo[1]["migration.json"])["search"]]
    old = [
        'get("/v1/transactions")',
        'post("/v1/tokens", card)',
        'params={"method": "cheque"}',
        "payout.bank_reference",
    ]
    new = ['get("/v1/balance/transactions")', 'params={"method": "card"}', "payout.id", "customer.first_name"]
    found = {
        line: [text for text in texts if re.search(rf"(?<![\w]){re.escape(text)}(?![\w])", line)] for line in old + new
    }
    assert [line for line in old if not found[line]] == []
    assert [line for line in new if found[line]] == []
