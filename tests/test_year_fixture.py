"""The simulated year: its integrators do what their fates say, month by month, and the same on every run."""

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from fixtures.simulator.cast import make_cast
from fixtures.simulator.demo import make_rows
from fixtures.simulator.traffic import Row
from fixtures.simulator.year import MONTHS, Month, find_states, find_users, make_year, write_year

LETTERS = {"o": "not started", "b": "partly", "n": "migrated", "s": "silent", "f": "failing"}


Year = dict[date, list[Row]]


@pytest.fixture(scope="module")
def year() -> Year:
    return make_year()


@pytest.fixture(scope="module")
def states(year: Year) -> list[Month]:
    return find_states(year, find_users(make_rows(make_cast())))


def of(states: list[Month], integrator: str, rule: str) -> list[str]:
    return [month.state for month in states if (month.integrator, month.rule) == (integrator, rule)]


@pytest.mark.parametrize(
    ("integrator", "rule", "fate"),
    [
        ("meridian-grocers", "operation-moved", "ooosoobnnnnn"),
        ("meridian-grocers", "parameter-became-required", "ooosoobnnnnn"),
        ("redfern-mobility", "operation-moved", "oosssnnnnnnn"),
        ("osprey-freight", "operation-moved", "ooofffnnnnnn"),
        ("pemberton-ledgers", "parameter-became-required", "onnnnnnnnnnn"),
        ("old-mill-foundation", "enum-value-removed", "oooooosssnnn"),
        ("parcelfox", "operation-moved", "ooooobbbbbbn"),
        ("lumenor-retail-group", "operation-removed", "ooooooooooon"),
        ("quillmere-labs", "operation-moved", "ssssssssssss"),
        ("brightwater-gyms", "operation-removed", "ffffffffffff"),
    ],
)
def test_an_integrator_does_what_its_fate_says(states: list[Month], integrator: str, rule: str, fate: str) -> None:
    assert of(states, integrator, rule) == [LETTERS[letter] for letter in fate]


def test_some_go_back_to_the_old_thing(states: list[Month]) -> None:
    assert of(states, "greenwater-utilities", "operation-moved") == [
        *(["not started"] * 2), *(["migrated"] * 3), "regressed", *(["migrated"] * 6),
    ]  # fmt: skip
    assert of(states, "whitestone-legal", "parameter-became-required")[8:] == [
        "migrated",
        "regressed",
        "migrated",
        "migrated",
    ]


def test_in_the_end_nobody_is_left_and_one_was_the_last(states: list[Month]) -> None:
    last, before = ([month for month in states if month.month == day] for day in (MONTHS[-1], MONTHS[-2]))
    assert {month.state for month in last} == {"migrated", "silent", "failing"}
    assert "lumenor-retail-group" in {month.integrator for month in before if month.state == "not started"}


def test_those_that_use_nothing_that_breaks_are_not_in_it(states: list[Month]) -> None:
    assert "crestline-assurance" not in {month.integrator for month in states}
    assert of(states, "oriel-accounting", "parameter-became-required") == []


def test_the_files_are_monthly_small_and_the_same_each_time(tmp_path: Path, year: Year, states: list[Month]) -> None:
    folders = [tmp_path / name for name in ("first", "second")]
    for folder, rows in zip(folders, (year, make_year()), strict=True):
        folder.mkdir()
        write_year(folder, rows, states)
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first == second
    assert sorted(first) == [*(f"{month:%Y-%m}.jsonl.gz" for month in MONTHS), "states.csv"]
    assert sum(len(content) for content in first.values()) < 8_000_000
    for month in MONTHS:
        lines = gzip.decompress(first[f"{month:%Y-%m}.jsonl.gz"]).decode().splitlines()
        assert all(f'"time":"{month:%Y-%m}' in line for line in lines)
    with (folders[0] / "states.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == len(states)
