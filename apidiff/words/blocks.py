"""The blocks of the migration guide that only people can write, by name; the text says what belongs there."""

from collections.abc import Mapping
from typing import Final

BLOCKS: Final[Mapping[str, str]] = {
    "why": "Why we make these changes, for somebody who has to do work because of them.",
    "replacement": "What takes the place of what goes away without a successor, or whom to ask about it.",
    "sandbox": "Where the new version can be tried: its address, how to get credentials, a version header, a dry run.",
    "sdk-versions": "The first version of each SDK that speaks the new version of the API.",
    "contact": "Where to ask: an address, a channel, office hours.",
}
