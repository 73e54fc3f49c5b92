"""A release: what was unreleased gets a version and a day, or a reason why not."""

import re
from datetime import date

import pytest

import apidiff
from tests.conftest import ROOT
from tests.tools.release import released

DAY = date(2026, 12, 1)
BEFORE = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-11-28\n\n- All.\n"
AFTER = BEFORE.replace("## [Unreleased]\n", "## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n")


def test_unreleased_entries_get_the_version_and_the_day():
    assert released(BEFORE, "0.2.0", DAY) == AFTER


@pytest.mark.parametrize(
    ("changelog", "version", "said"),
    [
        (BEFORE, "", "give the version"),
        (BEFORE, "v0.2", "give the version"),
        (BEFORE, "0.1.0", "not above 0.1.0"),
        (BEFORE.replace("0.1.0", "0.10.0"), "0.9.0", "not above 0.10.0"),
        (AFTER, "0.3.0", "nothing to release"),
        ("# Changelog\n", "0.2.0", "nothing to release"),
    ],
)
def test_there_is_a_reason_where_there_is_no_release(changelog, version, said):
    with pytest.raises(ValueError, match=said):
        released(changelog, version, DAY)


def test_the_changelog_knows_the_version_of_the_package():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.*?)\]", changelog, re.MULTILINE)
    assert headings[:2] == ["Unreleased", apidiff.__version__]
