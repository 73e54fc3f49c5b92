import pytest

from apidiff.render.plan import render_plan
from tests.render.plan.sample import Made, sample


@pytest.fixture(scope="session")
def folder() -> dict[str, bytes]:
    """The sample plan's documents."""
    return render_plan(sample(), samples=Made())
