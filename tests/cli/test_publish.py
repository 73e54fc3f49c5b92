"""`plan --publish` from the outside: from nothing written to a guide that may go out, and what it stops on the way."""

from pathlib import Path

import pytest

from apidiff.words.blocks import BLOCKS
from tests.cli import scenario
from tests.conftest import Run

DECIDED = """decisions:
  operation-removed: {answer: proceed, reason: lists are too long, owner: Ana Ruiz}
  property-removed: expand
guide:
  contact: Ask at help@pets.example.
"""


@pytest.mark.slow
def test_from_nothing_written_to_a_guide_that_may_go_out(tmp_path: Path, run: Run) -> None:
    files, out, config = scenario.write(tmp_path), tmp_path / "plan", tmp_path / "decided.yaml"
    arguments = scenario.plan_arguments(files, out)
    first = run(*arguments, "--publish")
    assert (first.code, first.err.splitlines()[-1]) == (1, "6 things keep the guide from being published")
    assert "the plan is a draft" in first.err
    assert [name for name in BLOCKS if f"guide/{name}.md: nobody has written it yet" not in first.err] == []

    config.write_text(DECIDED)
    for name in BLOCKS:
        if name != "contact":
            (out / "guide" / f"{name}.md").write_text(f"Something of {name}.\n")
    arguments += ["--config", config]
    second = run(*arguments, "--publish")
    assert (second.code, second.err.splitlines()[-1].partition(", in ")[0]) == (0, "ready to be published")
    assert "help@pets.example" in (out / "migration-guide.md").read_text()

    key = next(iter(scenario.KEYS))
    (out / "guide" / "why.md").write_text(f"Acme asked for it.\nIts key is {key}.\n")
    third = run(*arguments, "--publish")
    assert third.code == 1
    assert "guide/why.md:1, migration-guide.md:" in third.err
    assert "it names the customer Acme" in third.err
    assert "guide/why.md:2, migration-guide.md:" in third.err
    assert "a whole key stands there (pk_live_…02d7)" in third.err
    assert key not in third.out + third.err
    assert run(*arguments).code == 0  # who does not publish is not stopped


@pytest.mark.slow
def test_what_no_longer_fits_is_named(tmp_path: Path, run: Run) -> None:
    files, out = scenario.write(tmp_path), tmp_path / "plan"
    (out / "guide").mkdir(parents=True)
    (out / "guide" / "why.md").write_text("<!-- why -->\n\nBecause of `GET /pets/{id}` and `GET /pest`.\n")
    (out / "guide" / "sandbx.md").write_text("Here.\n")
    told = run(*scenario.plan_arguments(files, out))
    assert told.code == 0
    assert [line for line in told.err.splitlines() if "guide/" in line] == [
        "warning: guide/sandbx.md: the guide has no such block, so nobody reads it. Did you mean `sandbox`?",
        "warning: guide/why.md:3: `GET /pest` is in neither version of the API. Did you mean `GET /pets`?",
    ]
