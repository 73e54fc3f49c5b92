"""What a change asks of the log, and of whom: its routes, its questions, and what the log would need to answer."""

from apidiff.usage.ask.question import column_of, questions_of
from apidiff.usage.cube.value import Usage
from apidiff.usage.options import Options
from apidiff.words.changes import Change, Exposed
from apidiff.words.operation import OperationId

_LOGGING = {
    "query": "log query strings",
    "request_fields": "log the names of the request's fields (`request_fields`)",
    "response_fields": "log the names of the fields that were sent back (`response_fields`)",
}


def matters(change: Change) -> bool:
    """Whether a change can meet anybody: one that breaks or endangers, is not waived, and reaches operations."""
    return change.endangers and change.exposure.kind is not Exposed.NOBODY and bool(change.operations)


class Reached:
    """The routes of a set of operations, each with those of its names that are in the set.

    Hundreds of changes of shared components reach the same operations: they share one value.
    """

    def __init__(self, operations: frozenset[OperationId], usage: Usage) -> None:
        by_number = usage.routes.by_number
        self.routes = frozenset(
            route.number for route in usage.routes.routes if not operations.isdisjoint(route.operations)
        )
        self.names = {number: tuple(name for name in by_number[number] if name in operations) for number in self.routes}


class Asking:
    """A change with what it reaches and what it asks of the log."""

    def __init__(
        self, change: Change, usage: Usage, options: Options, known: dict[frozenset[OperationId], Reached]
    ) -> None:
        self.change = change
        operations = frozenset(change.operations) - frozenset(options.exclude_operations)
        if operations not in known:
            known[operations] = Reached(operations, usage)
        self.reached = known[operations]
        self.column = column_of(change)
        self.is_logged = self.column in usage.logged
        self.questions = questions_of(change, self.reached.routes) if self.is_logged else ()
        self.hint = "" if self.is_logged else _LOGGING.get(self.column, "")
        self.hidden = _hidden(change)
        self.is_sure = change.exposure.kind is Exposed.CALLED or _is_always_sent(change)

    @property
    def asks_what_was_left_out(self) -> bool:
        """Whether who leaves something out is hit, and not who sends it."""
        return self.change.exposure.kind in (Exposed.LEFT_OUT_PARAMETER, Exposed.LEFT_OUT_FIELD)


def _is_always_sent(change: Change) -> bool:
    """A path parameter is part of every call."""
    return change.exposure.kind is Exposed.SENT_PARAMETER and change.exposure.location == "path"


def _hidden(change: Change) -> str:
    kind = change.exposure.kind
    names = ", ".join(f"`{name}`" for name in change.exposure.names[:3])
    if change.exposure.is_vague and change.exposure.location == "query":
        return f"whether that value of {names} still works"
    if kind is Exposed.RECEIVED_RESPONSE:
        return "what the client reads of the response"
    if kind is Exposed.RECEIVED_FIELD:
        return f"whether it reads {names}" if names else "which fields it reads"
    if kind in (Exposed.LEFT_OUT_PARAMETER, Exposed.LEFT_OUT_FIELD):
        return f"whether it leaves out {names}" if names else "what it leaves out"
    return f"whether it sends {names}" if names else "what it sends"
