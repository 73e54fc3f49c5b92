"""The words that the rule tables are written in: levels, actions, fragments and alternatives under short names.

Nothing here decides anything; it only keeps a rule to one screen.
"""

from typing import Final

from apidiff.rules.rule import Example
from apidiff.words.changes import Alternative, Level
from apidiff.words.direction import Direction
from apidiff.words.facts import Action

BREAKING: Final = Level.BREAKING
DANGEROUS: Final = Level.DANGEROUS
ADDITIVE: Final = Level.ADDITIVE
EDITORIAL: Final = Level.EDITORIAL

ADDED: Final = (Action.ADDED,)
REMOVED: Final = (Action.REMOVED,)
TIGHTENED: Final = (Action.TIGHTENED,)
LOOSENED: Final = (Action.LOOSENED,)
REPLACED: Final = (Action.REPLACED,)
RENAMED: Final = (Action.RENAMED,)
MOVED: Final = (Action.MOVED,)
ANY_EDIT: Final = (Action.ADDED, Action.REMOVED, Action.REPLACED)


def sent(before: str, after: str) -> Example:
    """Two schemas of a request body: what callers write."""
    return Example("schema", before, after, Direction.REQUEST)


def received(before: str, after: str) -> Example:
    """Two schemas of a response body: what callers read."""
    return Example("schema", before, after, Direction.RESPONSE)


def parameter(before: str, after: str) -> Example:
    """Two ways to write one parameter."""
    return Example("parameter", before, after, Direction.REQUEST)


def parameters(before: str, after: str) -> Example:
    """Two lists of parameters."""
    return Example("parameters", before, after, Direction.REQUEST)


def request(before: str, after: str) -> Example:
    """Two request bodies."""
    return Example("request", before, after, Direction.REQUEST)


def operation(before: str, after: str, direction: Direction = Direction.RESPONSE) -> Example:
    """Two ways to write one operation, judged in one direction where there are two."""
    return Example("operation", before, after, direction)


def responses(before: str, after: str) -> Example:
    """Two maps of responses by status."""
    return Example("responses", before, after)


def response(before: str, after: str) -> Example:
    """Two ways to write the answer 200."""
    return Example("response", before, after)


def paths(before: str, after: str) -> Example:
    """Two maps of path items."""
    return Example("paths", before, after)


def document(before: str, after: str) -> Example:
    """Two documents, which need not repeat what every spec has."""
    return Example("document", before, after)


def keep_and_deprecate(summary: str) -> Alternative:
    """The old thing stays, marked deprecated with a sunset date."""
    return Alternative("keep-and-deprecate", summary)


def add_beside(summary: str) -> Alternative:
    """The new thing comes beside the old one."""
    return Alternative("add-beside", summary)


def make_optional(summary: str) -> Alternative:
    """What would be demanded stays optional."""
    return Alternative("make-optional", summary)


def keep_value(summary: str) -> Alternative:
    """The old value stays valid."""
    return Alternative("keep-value", summary)


def keep_limit(summary: str) -> Alternative:
    """The old limit stays."""
    return Alternative("keep-limit", summary)


def accept_both(summary: str) -> Alternative:
    """The old form is accepted beside the new one."""
    return Alternative("accept-both", summary)


def new_version(summary: str) -> Alternative:
    """The change goes into a new version of the API."""
    return Alternative("new-version", summary)
