"""Numbers as sentences have them."""


def counted(count: int, noun: str) -> str:
    """A number with its noun: `1 operation`, `2,000 operations`, `0 operations`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
