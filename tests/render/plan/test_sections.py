"""What to do about one change, in the smallest safe order."""

import pytest

from apidiff.render.plan.sections import steps
from tests.render.plan.sample import change


@pytest.mark.parametrize(
    ("name", "rule", "is_told"),
    [
        ("limit", "maximum-decreased", True),
        ("per_page", "maximum-decreased", True),
        ("page.size", "maximum-decreased", True),
        ("$top", "maximum-decreased", True),
        ("maxResults", "maximum-decreased", True),
        ("amount", "maximum-decreased", False),
        ("page", "maximum-decreased", False),
        ("limit", "max-length-decreased", False),
    ],
)
def test_a_smaller_page_has_the_reader_go_on_to_the_next(name: str, rule: str, *, is_told: bool) -> None:
    made = change("1", rule, f"query parameter `{name}`", "GET /v1/customers", subject="parameter", name=name)
    told = [step for step in steps(made, None) if "pages that follow" in step]
    assert len(told) == is_told
