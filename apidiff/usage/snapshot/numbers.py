"""Numbers as ranges: where a number lies among bounds, and whether all, some or none of a range is past another one."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

_STEPS: Final = (10, 15, 20, 25, 30, 40, 50, 60, 75, 80)
_POWERS: Final = 17
_NUMBER: Final = re.compile(r"(-?)(?:([0-9]{2})e([0-9]{1,2})|([0-9]{1,40})(?:\.([0-9]*))?)")


def bounds_of(further: Iterable[int]) -> tuple[int, ...]:
    """The ends of ranges: round numbers, which people choose as limits, and those that the spec names itself."""
    round_ = {step * 10**power // 10 for power in range(_POWERS) for step in _STEPS if step * 10**power % 10 == 0}
    return tuple(sorted({0, -1, *round_, *(one for one in further if abs(one) < 2**62)}))


def range_of(text: str, bounds: Sequence[int]) -> tuple[int, int] | None:
    """The places of the lowest and the highest that a written number can be (`12e3`: 12,000 to 12,999), or None.

    Place 2n+1 is the bound n itself, 2n what lies below it and above the one before.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, first, power, digits, rest = found.groups()
    scale = 10 ** int(power or 0)
    low = Fraction(int(first or digits) * scale)
    high = low + scale - 1
    if rest and rest.strip("0"):
        low = high = low + Fraction(1, 2)
    elif power:
        high += Fraction(1, 2)
    if sign:
        low, high = -high, -low
    return _place(low, bounds), _place(high, bounds)


def _place(number: Fraction, bounds: Sequence[int]) -> int:
    place = bisect_left(bounds, number)
    return 2 * place + (place < len(bounds) and bounds[place] == number)


def is_beyond(low: int, high: int, bounds: Sequence[int], beyond: str) -> bool | None:
    """Whether a range is `above 100` or `below 1`; None where only a part of it may be."""
    side, _, bound = beyond.partition(" ")
    place = _place(Fraction(int(bound)), bounds)
    if side == "below":
        low, high, place = -high, -low, -place
    if low > place:
        return True
    if high < place:
        return False
    # a bound of ours is one number, which is not beyond itself; what lies between two of them may be
    return False if high == place and place % 2 else None
