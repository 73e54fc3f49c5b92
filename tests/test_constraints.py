"""What is installed for the tests is pinned, within the bounds that users get, and comes from nowhere in particular."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

LINES = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REQUIRED = [
    Requirement(line)
    for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for line in lines
]
PINNED = {canonicalize_name(line.partition("==")[0]): Version(line.partition("==")[2]) for line in LINES}


def test_each_line_is_a_name_and_one_version():
    assert [line for line in LINES if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9a-z.]+", line)] == []


@pytest.mark.parametrize("required", REQUIRED, ids=lambda required: required.name)
def test_what_we_require_is_pinned_within_its_bounds(required):
    assert PINNED[canonicalize_name(required.name)] in required.specifier


@pytest.mark.parametrize("required", REQUIRED, ids=lambda required: required.name)
def test_what_is_at_zero_has_an_upper_bound(required):
    is_bounded = any(one.operator == "<" for one in required.specifier)
    assert is_bounded or PINNED[canonicalize_name(required.name)].major > 0


def test_what_they_require_is_pinned_too():
    """Of what is installed here: the engines' own requirements are not in every environment."""
    wanted = {
        canonicalize_name(requirement.name)
        for name in PINNED
        for line in required_by(name)
        if (requirement := Requirement(line)).marker is None or requirement.marker.evaluate({"extra": ""})
    }
    assert wanted - PINNED.keys() == set()


def required_by(name: str) -> list[str]:
    """The requirements of a distribution, none where it is not installed."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
