"""What an account pays, as a band: between which two round amounts it lies."""

import pytest

from apidiff.usage.money import band


@pytest.mark.parametrize(
    ("revenue", "expected"),
    [
        (None, None),
        (-1, (0, 0)),
        (0, (0, 0)),
        (0.5, (0, 1_000)),
        (999, (0, 1_000)),
        (1_000, (1_000, 2_000)),
        (2_000, (2_000, 5_000)),
        (49_999, (20_000, 50_000)),
        (50_000, (50_000, 100_000)),
        (10**12, (500_000_000_000, 5_000_000_000_000)),
    ],
)
def test_amounts_are_told_by_their_band(revenue: float | None, expected: tuple[int, int] | None) -> None:
    assert band(revenue) == expected
