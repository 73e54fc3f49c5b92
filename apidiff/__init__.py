"""apidiff: which changes of an API break callers, which integrators each break hits, and the plan to tell them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apidiff.comparison.compare import compare
    from apidiff.words.changes import Change, Comparison

__all__ = ["Change", "Comparison", "compare"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for: `apidiff --help` needs none of them."""
    if name in ("Change", "Comparison"):
        from apidiff.words import changes

        return getattr(changes, name)
    if name == "compare":
        from apidiff.comparison.compare import compare

        return compare
    raise AttributeError(f"module 'apidiff' has no attribute {name!r}")
