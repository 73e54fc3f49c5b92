"""No line of a log keeps the reader of its format busy."""

from pathlib import Path

import pytest

from apidiff.usage.read import linear
from apidiff.usage.read.texts import TEXTS
from tests.usage.read.test_hostile_rows import coverage_of

LINE = '[14/Mar/2026 08:26:54] "POST /v1/charges HTTP/1.1" 500 145'


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
@pytest.mark.parametrize("line", [LINE * 400, '[a] "GET /  "' + " " * 20_000, '"' * 20_000, "- " * 10_000])
@pytest.mark.timeout(60)
def test_a_line_of_any_length_is_held_against_every_layout(text, line: str) -> None:
    assert linear.share(text.pattern, [line]) in (0.0, 1.0)


def test_the_groups_of_the_lines_that_match() -> None:
    found = linear.matched(
        r"^(?P<method>[A-Z]+) (?P<path>/\S*)(?: (?P<rest>.*))?$", ["GET /a", "no", "PUT /b x \udc80"]
    )
    assert found == [{"method": "GET", "path": "/a", "rest": ""}, {"method": "PUT", "path": "/b", "rest": "x ?"}]
    assert linear.share("^a", ["ab", "b", "b", "ba"]) == 0.25


def test_a_pattern_that_the_engine_refuses_is_in_no_line() -> None:
    assert (linear.share(r"^(?=a)", ["a"]), linear.matched(r"^(?=a)(?P<x>a)", ["a"])) == (0.0, [])


@pytest.mark.timeout(60)
def test_a_log_with_lines_run_together_is_read(tmp_path: Path) -> None:
    file = tmp_path / "django.log"
    file.write_text("".join(f"{LINE}\n" for _ in range(4)) + LINE * 400 + "\n")
    coverage = coverage_of(str(file))
    assert (coverage.rows, coverage.malformed) == (5, 1)
