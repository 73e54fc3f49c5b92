"""Where in an operation a schema is: what a rule may ask beside the direction in which the place is reached."""

from enum import StrEnum
from typing import Final


class Within(StrEnum):
    """What a way from an operation leads through. A header is sent or received, as its direction says."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    BODY = "body"
    FORM = "form"
    XML = "xml"


Surroundings = frozenset[Within]
"""All that one way leads through."""
NOWHERE: Final[Surroundings] = frozenset()
