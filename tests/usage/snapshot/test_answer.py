"""A snapshot made on one spec answers for later revisions as the logs do, or says that it can't tell."""

from dataclasses import replace
from pathlib import Path

import pytest

from apidiff import Comparison, compare
from apidiff.config import Config
from apidiff.jobs.usage import make_snapshot, with_usage
from apidiff.usage.options import Options
from apidiff.usage.snapshot.file import encoded
from apidiff.words.affected import Affected, Answer
from apidiff.words.changes import Change
from tests.usage.snapshot import scenario

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("snapshot-answers")]
UNSURE = {"an odd maximum", "an odd maximum of thousands", "a new one that one account sends already"}
"""What a snapshot has not kept: numbers inside a range, and a name that one account alone uses."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("snapshot")
    found = scenario.write(folder)
    made, warnings = make_snapshot(
        [str(found["usage"])],
        [str(found["base"])],
        integrators=[str(found["integrators"])],
        settings=Config(),
        options=Options(),
        today=scenario.TODAY,
    )
    assert warnings == ()
    found["snapshot"] = folder / "usage.snapshot"
    found["snapshot"].write_bytes(encoded(made))
    found["cache"] = folder / "cache"
    return found


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
