"""Every kind of bomb, small: both ways round it gives a comparison or an error for users, within seconds."""

import time
from contextlib import suppress

import pytest

from apidiff import compare
from apidiff.words.errors import ApidiffError
from tests.fuzz import bombs
from tests.pace import least

pytestmark = pytest.mark.slow

COUNT = 30
LONGEST_SECONDS = 2


@pytest.mark.parametrize("name", sorted(bombs.KINDS))
def test_a_small_bomb_is_compared(name: str):
    base, revision = bombs.KINDS[name](COUNT)

    def run() -> float:
        started = time.process_time()
        for one, two in ((base, revision), (revision, base), (base, base)):
            with suppress(ApidiffError):
                compare(one, two)
        return time.process_time() - started

    # only what is slow is held to the pace of the moment
    if run() >= LONGEST_SECONDS:
        assert least(run, bound=LONGEST_SECONDS) < LONGEST_SECONDS


def test_many_schemas_made_of_one_union_are_compared():
    """Flattening that union anew for each of 2,900 schemas took 6 s at half a megabyte."""
    base, revision = bombs.pair("any-of-many-of-many-children", 500_000)
    assert least(lambda: bombs.cost(base, revision).seconds, bound=LONGEST_SECONDS) < LONGEST_SECONDS
