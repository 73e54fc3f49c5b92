"""What the trial of the newest libraries says: which moved, and which tests fail. The trial itself is `make newest`."""

from tests.tools.newest import moved, read_constraints, read_report, without_bounds

REPORT = """<?xml version="1.0"?>
<testsuites><testsuite>
<testcase classname="tests.load.test_parse" name="test_empty[a b]" file="tests/load/test_parse.py"><failure/></testcase>
<testcase classname="tests.cli.test_year.TestMonth" name="test_states" file="tests/cli/test_year.py"><error/></testcase>
<testcase classname="tests.load.test_parse" name="test_text" file="tests/load/test_parse.py"/>
<testcase classname="tests.load.test_parse" name="test_none" file="tests/load/test_parse.py"><skipped/></testcase>
</testsuite></testsuites>"""


def test_what_moved_came_and_went():
    pinned = read_constraints("# pinned\nPyYAML==6.0.2\nduckdb==1.5.6\nryaml==0.5.0\n")
    tried = {"duckdb": "1.5.6", "newcomer": "1.0", "ryaml": "0.5.1"}
    assert moved(pinned, tried) == [("newcomer", "-", "1.0"), ("PyYAML", "6.0.2", "-"), ("ryaml", "0.5.0", "0.5.1")]


def test_the_tests_that_failed_as_pytest_takes_them():
    assert read_report(REPORT) == [
        "tests/cli/test_year.py::TestMonth::test_states", "tests/load/test_parse.py::test_empty[a b]",
    ]  # fmt: skip


def test_upper_bounds_are_left_out():
    bounded = ["typer>=0.27,<0.29", "ibis-framework[duckdb]>=12,<13", "ruff", "a>1,!=2,<3"]
    assert [without_bounds(one) for one in bounded] == ["typer>=0.27", "ibis-framework[duckdb]>=12", "ruff", "a>1,!=2"]
