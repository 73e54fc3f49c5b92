"""What accounts pay, in bands: close enough to choose by, too wide to know an account by."""

from typing import Final

Band = tuple[int, int]
"""The lowest and the highest that an amount can be; both 0 for nothing at all."""
_EDGES: Final = tuple(step * 10**power for power in range(3, 12) for step in (1, 2, 5))


def band(revenue: float | None) -> Band | None:
    """The band of a year's revenue; None where nobody knows it."""
    if revenue is None:
        return None
    if revenue <= 0:
        return 0, 0
    above = next((edge for edge in _EDGES if revenue < edge), 10 * _EDGES[-1])
    return max((edge for edge in _EDGES if edge <= revenue), default=0), above
