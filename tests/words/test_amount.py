"""Numbers as sentences have them."""

import pytest

from apidiff.words.amount import counted, first_of, per_cent


@pytest.mark.parametrize(("count", "said"), [(0, "0 calls"), (1, "1 call"), (2000, "2,000 calls")])
def test_a_number_has_its_noun(count: int, said: str) -> None:
    assert counted(count, "call") == said


@pytest.mark.parametrize(
    ("most", "said"), [(1, "a and 2 more"), (2, "a, b and 1 more"), (3, "a, b, c"), (9, "a, b, c")]
)
def test_of_many_names_the_first_are_said_and_how_many_more(most: int, said: str) -> None:
    assert first_of(["a", "b", "c"], most) == said


@pytest.mark.parametrize(
    ("part", "said"),
    [(0, "0%"), (0.001, "under 1%"), (0.005, "under 1%"), (0.71, "71%"), (0.9997, "over 99%"), (1, "100%")],
)
def test_a_share_is_never_said_to_be_nothing_or_all_when_it_is_not(part: float, said: str) -> None:
    assert per_cent(part) == said
