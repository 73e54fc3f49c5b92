"""A snapshot made on one spec answers for later revisions as the logs do, or says that it can't tell."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from apidiff import Comparison, compare
from apidiff.config import Config
from apidiff.jobs.usage import make_snapshot, with_usage
from apidiff.usage.options import Options
from apidiff.usage.snapshot.file import encoded
from apidiff.words.affected import Affected, Answer
from apidiff.words.changes import Change, Exposed
from tests.usage.snapshot import scenario

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("snapshot-answers")]
UNSURE = {"an odd maximum", "an odd maximum of thousands", "a new one that one account sends already"}
"""What a snapshot has not kept: numbers inside a range, and a name that one account alone uses."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = scenario.write(tmp_path_factory.mktemp("snapshot"))
    return found | made_of(found)


def made_of(found: dict[str, Path]) -> dict[str, Path]:
    """The snapshot of a scenario's files, and a folder for the cache."""
    folder = found["usage"].parent
    made, warnings = make_snapshot(
        [str(found["usage"])],
        [str(found["base"])],
        integrators=[str(found["integrators"])],
        settings=Config(),
        options=Options(),
        today=scenario.TODAY,
    )
    assert warnings == ()
    (folder / "usage.snapshot").write_bytes(encoded(made))
    return {"snapshot": folder / "usage.snapshot", "cache": folder / "cache"}


def answers(comparison: Comparison, files: dict[str, Path], *names: str) -> dict[str, Affected]:
    options = Options(cache=files["cache"] if len(names) > 1 else None)
    found, _ = with_usage(
        comparison,
        [str(files[names[0]])],
        called=comparison.operations,
        integrators=[str(files[name]) for name in names[1:]],
        settings=Config(),
        options=options,
        today=scenario.TODAY,
    )
    return {change.id: change.affected for change in found.changes if change.endangers and change.affected}


@pytest.mark.parametrize("edit", scenario.EDITS)
def test_it_answers_as_the_logs_do_or_not_at_all(edit: str, files: dict[str, Path]) -> None:
    comparison = compare(scenario.BASE, scenario.revision(edit), today=scenario.TODAY)
    by_logs = answers(comparison, files, "usage", "integrators")
    by_snapshot = answers(comparison, files, "snapshot")
    assert by_snapshot.keys() == by_logs.keys() != set()
    if edit not in UNSURE:
        assert by_snapshot == by_logs
    for change, found in by_snapshot.items():
        known = by_logs[change]
        assert found == known or found.unsure
        assert known.accounts <= found.accounts + found.unsure
        assert found.answer is (Answer.USED if found.accounts else Answer.UNKNOWN)


@pytest.mark.parametrize("edit", ["a field gone", "a field inside gone"])
def test_who_names_fields_where_none_are_logged_is_not_guessed(edit: str, tmp_path: Path) -> None:
    files = scenario.write(tmp_path)
    rows = [{name: row[name] for name in row if name != "response_fields"} for row in scenario.rows()]
    files["usage"].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    files |= made_of(files)
    comparison = compare(scenario.BASE, scenario.revision(edit), today=scenario.TODAY)
    comparison = replace(
        comparison, changes=tuple(one for one in comparison.changes if one.exposure.kind is Exposed.RECEIVED_FIELD)
    )
    (known,) = answers(comparison, files, "usage", "integrators").values()
    (found,) = answers(comparison, files, "snapshot").values()
    assert found.answer is known.answer is Answer.USED
    assert found.unsure == 2
    assert known.accounts - 2 <= found.accounts <= known.accounts


def test_an_operation_that_it_has_not_counted_is_unknown(files: dict[str, Path]) -> None:
    base = scenario.revision("a text gone")
    base["paths"]["/refunds"] = {"get": scenario.operation()}
    comparison = compare(base, {**base, "paths": {"/orders": base["paths"]["/orders"]}}, today=scenario.TODAY)
    found = {change.operations: answer_of(change, comparison, files) for change in comparison.changes if change.breaks}
    assert found == {
        ("GET /orders/{id}",): (Answer.USED, ""),
        ("GET /refunds",): (
            Answer.UNKNOWN,
            "the snapshot is of a spec without some of these operations: make it anew",
        ),
    }


def answer_of(change: Change, comparison: Comparison, files: dict[str, Path]) -> tuple[Answer, str]:
    found = answers(replace(comparison, changes=(change,)), files, "snapshot")[change.id]
    return found.answer, found.why


def test_what_nobody_used_in_complete_logs_is_unused(files: dict[str, Path]) -> None:
    base = scenario.revision("an operation gone")
    comparison = compare(scenario.BASE, {**base, "paths": {"/orders": base["paths"]["/orders"]}}, today=scenario.TODAY)
    (change,) = [change for change in comparison.changes if change.breaks]
    assert answer_of(change, comparison, files) == (Answer.USED, "")
    older = replace(change, operations=())
    assert answer_of(older, comparison, files) == (Answer.UNUSED, "")
