"""Numbers as sentences have them."""

from collections.abc import Sequence


def counted(count: int, noun: str) -> str:
    """A number with its noun: `1 operation`, `2,000 operations`, `0 operations`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def first_of(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are: `a, b and 3 more`."""
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def per_cent(part: float) -> str:
    """A share of 0 to 1 as per cent; what is not quite nothing, or not quite all, is never said to be."""
    if 0 < part <= 0.005:
        return "under 1%"
    return "over 99%" if 0.995 < part < 1 else f"{part:.0%}"
