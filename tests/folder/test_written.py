"""What people wrote survives a new run, in whichever file they wrote it."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from apidiff.folder.plan_data import plan_json
from apidiff.folder.whole import write_folder
from apidiff.folder.written import Previous, former_csv, read_previous
from apidiff.plan.value import COLUMNS, Announced
from apidiff.render.plan import render_plan
from apidiff.words.errors import ApidiffError
from tests.render.plan.sample import sample

pytestmark = pytest.mark.slow


def previous(folder: Path, data: bytes) -> object:
    (folder / "outreach.csv").write_bytes(data)
    return read_previous(folder).written


HEADER = ",".join(COLUMNS)


def line(integrator: str, status: str, notes: str, delimiter: str = ",") -> str:
    values = {"integrator": integrator, "status": status, "notes": notes}
    return delimiter.join(f'"{values.get(column, "")}"' for column in COLUMNS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_people_wrote_is_read_back(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(
        [HEADER.replace(",", delimiter), line("acme", "called", "né", delimiter), line("b", "", "", delimiter)]
    )
    assert previous(tmp_path, text.encode(encoding)) == {"acme": {"status": "called", "notes": "né"}}


def test_a_note_that_looks_like_a_formula_does_not_grow(tmp_path: Path) -> None:
    assert previous(tmp_path, f"{HEADER}\n{line('acme', '', chr(39) + '- call back')}".encode()) == {
        "acme": {"notes": "- call back"}
    }


def test_no_list_is_no_notes(tmp_path: Path) -> None:
    assert read_previous(tmp_path).written == {}
    assert previous(tmp_path, b"") == {}
    assert previous(tmp_path, HEADER.encode()) == {}


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ApidiffError) as caught:
        previous(tmp_path, b"a,b\n1,2\n")
    assert caught.value.code == "outreach-unreadable"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A plan folder in which Acme has a status already."""
    people = sample().integrators
    write_folder(
        render_plan(sample(integrators=(replace(people[0], status="called", notes="=ask"), *people[1:]))),
        tmp_path / "plan",
    )
    return tmp_path / "plan"


def in_csv(out: Path, old: str, new: str) -> None:
    text = (out / "outreach.csv").read_text()
    assert old in text
    (out / "outreach.csv").write_text(text.replace(old, new, 1))


def in_book(out: Path, integrator: str, column: str, value: object) -> None:
    from openpyxl import load_workbook

    book = load_workbook(out / "outreach.xlsx")
    for row in book.active.iter_rows(min_row=3):
        if row[COLUMNS.index("integrator")].value == integrator:
            row[COLUMNS.index(column)].value = value
    data = io.BytesIO()
    book.save(data)
    (out / "outreach.xlsx").write_bytes(data.getvalue())


def test_a_new_run_keeps_what_the_last_one_had(out: Path) -> None:
    assert read_previous(out).written == {"acme": {"status": "called", "notes": "=ask"}}


def test_edits_of_both_files_come_together(out: Path) -> None:
    in_csv(out, '"called"', '"promised"')
    in_book(out, "acme", "promised_date", date(2027, 3, 1))
    in_book(out, "bolt", "notes", "wrote back")
    assert read_previous(out).written == {
        "acme": {"status": "promised", "promised_date": "2027-03-01", "notes": "=ask"},
        "bolt": {"notes": "wrote back"},
    }


def test_a_cell_that_was_emptied_stays_empty(out: Path) -> None:
    in_book(out, "acme", "notes", None)
    assert read_previous(out).written == {"acme": {"status": "called"}}


def test_two_different_edits_of_one_cell_are_refused(out: Path) -> None:
    in_csv(out, '"called"', '"promised"')
    in_book(out, "acme", "status", "no answer")
    with pytest.raises(ApidiffError) as caught:
        read_previous(out)
    assert (caught.value.code, caught.value.message) == (
        "outreach-conflict", "outreach.csv and outreach.xlsx have two different texts in column status of acme",
    )  # fmt: skip


def test_one_file_is_enough(out: Path) -> None:
    (out / "outreach.csv").unlink()
    (out / "plan.json").unlink()
    assert read_previous(out) == Previous({"acme": {"status": "called", "notes": "=ask"}})


def plan_with(**fields: object) -> str:
    """The sample's plan.json, some fields of which are others."""
    return json.dumps(json.loads(plan_json(sample(draft=""))) | fields)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("[", ":1: the plan is no JSON"),
        ("[]", '#: the plan breaks its schema: the value is not of type "object"'),
        (plan_with(format="apidiff-plan/9"), "#/format: the plan has another format"),
        (plan_with(today="2026-02-30"), ": the plan holds what is no date, or lacks what a field has to have"),
        (
            plan_with(integrators={"a": 1}),
            '#/integrators: the plan breaks its schema: the value is not of type "array"',
        ),
    ],
)
def test_a_broken_plan_takes_no_note_with_it_and_is_said(out: Path, content: str, why: str) -> None:
    (out / "plan.json").write_text(content)
    previous = read_previous(out, today=date(2030, 1, 1))
    assert (previous.written, previous.announced) == ({"acme": {"status": "called", "notes": "=ask"}}, None)
    lost = "so what it announced is not known: restore it and plan again, or name the dates"
    assert previous.warnings == (f"{out / 'plan.json'}{why}, {lost}",)


def test_a_plan_that_cannot_be_opened_is_not_written_over(out: Path) -> None:
    (out / "plan.json").unlink()
    (out / "plan.json").mkdir()
    with pytest.raises(ApidiffError) as caught:
        read_previous(out)
    assert caught.value.code == "plan-unreadable"


def test_an_older_plan_keeps_its_promise(out: Path) -> None:
    """Without a field that a later version asks for, and with one that is not ours."""
    data = json.loads(plan_json(sample(draft="")))
    for one in data["integrators"]:
        del one["agent_share"], one["key_ids"]
    del data["routes"], data["planned_on"]
    (out / "plan.json").write_text(json.dumps(data | {"more": 1}))
    assert read_previous(out, today=date(2027, 1, 11)) == Previous(
        {"acme": {"status": "called", "notes": "=ask"}},
        Announced(sample().dates, sample().today, frozenset(one.integrator for one in sample().integrators)),
    )


def test_a_broken_workbook_is_refused(out: Path) -> None:
    (out / "outreach.xlsx").write_bytes(b"PK no")
    with pytest.raises(ApidiffError) as caught:
        read_previous(out)
    assert caught.value.code == "outreach-unreadable"


def test_what_was_written_of_somebody_who_left_the_plan_is_kept_until_they_are_back(tmp_path: Path) -> None:
    out, full = tmp_path / "plan", sample()
    one = full.integrators[0].with_written({"status": "called", "notes": "=ask"})
    write_folder(render_plan(replace(full, integrators=(one, *full.integrators[1:]))), out)
    left = replace(full, integrators=full.integrators[1:])
    previous = read_previous(out)
    write_folder(render_plan(left) | former_csv(previous, left, out), out)
    assert read_previous(out).written == {"acme": {"status": "called", "notes": "=ask"}}
    back = replace(full, integrators=(one, *full.integrators[1:]))
    write_folder(render_plan(back) | former_csv(read_previous(out), back, out), out)
    assert read_previous(out).written == {"acme": {"status": "called", "notes": "=ask"}}
    assert (out / "outreach-former.csv").read_text().splitlines() == [
        '"integrator","status","promised_date","confirmed_migrated_at","notes"'
    ]


def test_a_plan_is_public_from_its_announcement_on_unless_it_is_a_draft(tmp_path: Path) -> None:
    write_folder(render_plan(replace(sample(), draft="")), tmp_path / "plan")
    assert read_previous(tmp_path / "plan", today=date(2027, 1, 10)).announced is None
    public = read_previous(tmp_path / "plan", today=date(2027, 1, 11)).announced
    assert public == Announced(
        sample().dates, date(2026, 11, 20), frozenset(one.integrator for one in sample().integrators)
    )
    write_folder(render_plan(sample()), tmp_path / "plan")
    assert read_previous(tmp_path / "plan", today=date(2027, 1, 11)).announced is None
