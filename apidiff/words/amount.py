"""Numbers as sentences have them."""

from collections.abc import Sequence


def counted(count: int, noun: str) -> str:
    """A number with its noun: `1 operation`, `2,000 operations`, `0 operations`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def first_of(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are: `a, b and 3 more`."""
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")
