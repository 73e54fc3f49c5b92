"""Who writes what a schema describes: the direction of a place, alone and as the states in which a pair is reached."""

from enum import StrEnum
from typing import Final


class Direction(StrEnum):
    """Who writes what the schema describes: callers write requests and read responses."""

    REQUEST = "request"
    RESPONSE = "response"

    @property
    def turned(self) -> "Direction":
        """The other one: callbacks, webhooks and `not` turn the direction round."""
        return Direction.RESPONSE if self is Direction.REQUEST else Direction.REQUEST


REQUEST: Final = 1
RESPONSE: Final = 2
BOTH: Final = 3
FLIPPED: Final = 4
"""Set in a state below an odd number of `not`: what tightens there loosens the whole."""
DIRECTIONS: Final = {
    REQUEST: Direction.REQUEST,
    RESPONSE: Direction.RESPONSE,
    REQUEST | FLIPPED: Direction.REQUEST,
    RESPONSE | FLIPPED: Direction.RESPONSE,
}
"""The states in which a pair can be reached, and the direction of each."""
