from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apidiff import compare
from apidiff.comparison.semver import Version, advice, is_announced, next_version, parse
from apidiff.words.changes import Change
from tests.render.diff.sample import ADDED, BASE, ENUM, REMOVED, REVISION, SAMPLE, WORDING

BREAKING = {"breaking": 2, "dangerous": 1, "additive": 3, "editorial": 4}
DANGEROUS = BREAKING | {"breaking": 0}
ADDITIVE = DANGEROUS | {"dangerous": 0}
EDITORIAL = ADDITIVE | {"additive": 0}
NOTHING = EDITORIAL | {"editorial": 0}


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("2.4.1", ["3.0.0", "2.5.0", "2.5.0", "2.4.2", "2.4.1"]),
        ("v2.4.1", ["v3.0.0", "v2.5.0", "v2.5.0", "v2.4.2", "v2.4.1"]),
        ("0.4.1", ["0.5.0", "0.4.2", "0.4.2", "0.4.2", "0.4.1"]),
        ("0.0.0", ["0.1.0", "0.0.1", "0.0.1", "0.0.1", "0.0.0"]),
        ("2.4.1+build.5", ["3.0.0", "2.5.0", "2.5.0", "2.4.2", "2.4.1+build.5"]),
        ("2.0.0-rc.1", ["2.0.0-rc.2", "2.0.0-rc.2", "2.0.0-rc.2", "2.0.0-rc.2", "2.0.0-rc.1"]),
        ("2.1.0-beta", ["3.0.0-beta", "2.1.0-beta.1", "2.1.0-beta.1", "2.1.0-beta.1", "2.1.0-beta"]),
        ("2.1.0-rc.7", ["3.0.0-rc.1", "2.1.0-rc.8", "2.1.0-rc.8", "2.1.0-rc.8", "2.1.0-rc.7"]),
        ("2.1.3-rc.7", ["3.0.0-rc.1", "2.2.0-rc.1", "2.2.0-rc.1", "2.1.3-rc.8", "2.1.3-rc.7"]),
        ("0.3.0-rc.1", ["0.3.0-rc.2", "0.3.0-rc.2", "0.3.0-rc.2", "0.3.0-rc.2", "0.3.0-rc.1"]),
        ("0.3.1-rc.1", ["0.4.0-rc.1", "0.3.1-rc.2", "0.3.1-rc.2", "0.3.1-rc.2", "0.3.1-rc.1"]),
        ("1.4", ["2.0", "1.5", "1.5", "1.4", "1.4"]),
        ("0.4", ["0.5", "0.4", "0.4", "0.4", "0.4"]),
        ("v1", ["v2", "v1", "v1", "v1", "v1"]),
        ("0", ["1", "0", "0", "0", "0"]),
        ("7", ["8", "7", "7", "7", "7"]),
        ("v1beta1", ["v1beta2", "v1beta1", "v1beta1", "v1beta1", "v1beta1"]),
        ("v2alpha", ["v2alpha2", "v2alpha", "v2alpha", "v2alpha", "v2alpha"]),
        ("2024-09-30", ["2024-10-01", "2024-09-30", "2024-09-30", "2024-09-30", "2024-09-30"]),
        ("2024-12-31.acacia", ["2025-01-01", *["2024-12-31.acacia"] * 4]),
        ("20240930", ["20241001", "20240930", "20240930", "20240930", "20240930"]),
        ("latest", ["latest"] * 5),
        ("1.2.3.4", ["1.2.3.4"] * 5),
        ("", [""] * 5),
    ],
)
def test_the_next_version(current: str, expected: list[str]) -> None:
    summaries = (BREAKING, DANGEROUS, ADDITIVE, EDITORIAL, NOTHING)
    assert [next_version(current, summary) for summary in summaries] == expected


def test_a_date_becomes_today_where_that_is_later() -> None:
    assert next_version("2024-09-30", BREAKING, today=date(2026, 11, 20)) == "2026-11-20"
    assert next_version("2024.09.30", BREAKING, today=date(2026, 11, 20)) == "2026.11.20"
    assert next_version("2027-01-01", BREAKING, today=date(2026, 11, 20)) == "2027-01-02"


@pytest.mark.parametrize(
    ("base", "revision", "changes", "sentence"),
    [
        ("2.4.0", "2.5.0", [REMOVED], "2.4.0 -> 3.0.0: 1 breaking change; the revision says 2.5.0"),
        ("2.4.0", "3.0.0", [REMOVED, ENUM], "2.4.0 -> 3.0.0: 1 breaking change, as the revision says"),
        ("2.4.0", "3.1.0", [REMOVED], "2.4.0 -> 3.0.0: 1 breaking change; the revision says 3.1.0, @"),
        ("2.4.0", "3.0.0-a.1", [REMOVED], "2.4.0 -> 3.0.0: 1 breaking change; the revision says 3.0.0-a.1, @"),
        ("2.4.0", "2.4.0", [ENUM, ADDED], "2.4.0 -> 2.5.0: 1 dangerous change; the revision says 2.4.0"),
        ("2.4.0", "", [ADDED], "2.4.0 -> 2.5.0: 1 additive change; the revision says nothing"),
        ("2.4.0", "2.4.0", [], "2.4.0 stays: no change, as the revision says"),
        ("2.4.0", "3.0.0", [], "2.4.0 stays: no change; the revision says 3.0.0, @"),
        ("v1", "v1", [REMOVED], "v1 -> v2: 1 breaking change; the revision says v1"),
        ("2024-09-30", "2024-09-30", [REMOVED], "~: 1 breaking change; the revision says 2024-09-30"),
        ("2024-09-30", "2026-01-01", [REMOVED], "~: 1 breaking change; the revision says 2026-01-01, @"),
        ("2024-09-30", "2024-09-30", [ADDED], "2024-09-30 stays: 1 additive change, as the revision says"),
        ("latest", "latest", [WORDING], "latest is no semantic version, number or date, !: 1 editorial change"),
        ("", "1.0.0", [REMOVED], "The base has no version: 1 breaking change"),
        ("1.0.0-a.2", "1.0.0-a.10", [], "1.0.0-a.2 stays: no change; the revision says 1.0.0-a.10, @"),
    ],
)
def test_the_advice(base: str, revision: str, changes: list[Change], sentence: str) -> None:
    comparison = replace(
        SAMPLE,
        base=replace(BASE, version=base),
        revision=replace(REVISION, version=revision),
        changes=tuple(changes),
    )
    short = {"@": "which is enough", "~": "2024-09-30 -> a later date", "!": "so none follows from it"}
    for mark, words in short.items():
        sentence = sentence.replace(mark, words)
    assert advice(comparison) == sentence


NUMBER = st.integers(0, 40)
PRE = st.just(()) | st.lists(st.sampled_from(["alpha", "beta", "rc", "1", "2", "10"]), min_size=1, max_size=3).map(
    tuple
)


@given(numbers=st.tuples(NUMBER, NUMBER, NUMBER), pre=PRE, summary=st.sampled_from([BREAKING, ADDITIVE, EDITORIAL]))
def test_the_next_version_comes_after_and_is_enough(
    numbers: tuple[int, int, int], pre: tuple[str, ...], summary: dict[str, int]
) -> None:
    current = Version("", numbers, pre)
    asked = parse(next_version(str(current), summary))
    assert asked is not None
    assert asked.order > current.order
    if not pre and numbers[0] > 0:
        assert (asked.core[0] > numbers[0]) == bool(summary["breaking"])
    worse = parse(next_version(str(current), BREAKING))
    assert worse is not None
    assert worse.core >= asked.core


@pytest.mark.parametrize(
    ("base", "revision", "announced"),
    [
        ("1.4.0", "2.0.0", True),
        ("1.4.0", "2.0.0-beta.1", True),
        ("1.4.0", "3.1.0", True),
        ("1.4.0", "1.5.0", False),
        ("1.4.0", "1.4.0", False),
        ("1.4.0", "", False),
        ("0.4.0", "0.5.0", True),
        ("0.4.0", "0.4.1", False),
        ("2026-01-01", "2026-02-01", True),
        ("2026-01-01", "2026-01-01", False),
        ("", "2.0.0", False),
        ("latest", "2.0.0", False),
    ],
)
def test_whether_a_version_announces_breaks(base: str, revision: str, announced: bool) -> None:
    def spec(version: str, *paths: str) -> dict[str, Any]:
        answer = {"get": {"responses": {"200": {"description": "OK"}}}}
        return {"openapi": "3.1.0", "info": {"title": "T", "version": version}, "paths": dict.fromkeys(paths, answer)}

    assert is_announced(compare(spec(base, "/a", "/b"), spec(revision, "/a"))) is announced
