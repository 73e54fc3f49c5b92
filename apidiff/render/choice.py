"""The choice of an output format by its name."""

import difflib
from collections.abc import Mapping
from typing import TypeVar

from apidiff.errors import ApidiffError, Exit

_T = TypeVar("_T")


def chosen(name: str, formats: Mapping[str, _T]) -> _T:
    """What stands for a format's name.

    Errors: `format-unknown`, with the nearest known name.
    """
    if name in formats:
        return formats[name]
    nearest = difflib.get_close_matches(name, formats, n=1, cutoff=0.0)
    raise ApidiffError(
        f"there is no format `{name}`",
        code="format-unknown",
        hint=f"did you mean {nearest[0]}? The formats are {', '.join(formats)}",
        status=Exit.USAGE,
    )
