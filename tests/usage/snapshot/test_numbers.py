"""Ranges that stand for numbers: what is said of one is true of the number, and mostly something is said."""

from hypothesis import given
from hypothesis import strategies as st

from apidiff.usage.snapshot.numbers import bounds_of, is_beyond, range_of

BOUNDS = bounds_of([137, -40])


@given(st.integers(-(10**6), 10**12), st.sampled_from(["", ".0", ".5"]), st.integers(0, 10**12), st.booleans())
def test_what_a_range_says_is_true(whole: int, rest: str, bound: int, above: bool) -> None:
    place = range_of(f"{whole}{rest}", BOUNDS)
    assert place is not None
    number = whole + (0.5 if rest == ".5" else 0) * (-1 if whole < 0 else 1)
    said = is_beyond(*place, BOUNDS, f"{'above' if above else 'below'} {bound}")
    assert said in (None, number > bound if above else number < bound)


@given(st.integers(1, 10**6), st.sampled_from([1, 10, 20, 25, 50, 100, 137, 200, 250, 500, 1000, 5000]), st.booleans())
def test_limits_that_people_choose_are_told_exactly(number: int, bound: int, above: bool) -> None:
    place = range_of(str(number), BOUNDS)
    assert place is not None
    said = is_beyond(*place, BOUNDS, f"{'above' if above else 'below'} {bound}")
    assert said is (number > bound if above else number < bound)


def test_a_number_of_which_only_the_first_digits_are_known_is_a_range() -> None:
    place = range_of("12e3", BOUNDS)
    assert place is not None
    assert is_beyond(*place, BOUNDS, "above 10000") is True
    assert is_beyond(*place, BOUNDS, "above 15000") is False
    assert is_beyond(*place, BOUNDS, "above 12500") is None


def test_what_is_no_number_has_no_range() -> None:
    assert [range_of(text, BOUNDS) for text in ("", "a", "1e5", "1.2.3", "+1", "NaN", "9" * 41)] == [None] * 7
