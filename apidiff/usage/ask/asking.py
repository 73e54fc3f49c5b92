"""What a change asks of the log, and of whom: its routes, its questions, and what the log would need to answer."""

from collections.abc import Iterable
from typing import Protocol

from apidiff.usage.ask.fieldset import Naming, Parameters, can_narrow, fieldset_of, naming_of
from apidiff.usage.ask.question import LEFT_OUT, column_of, has_question, questions_of
from apidiff.usage.options import Options
from apidiff.usage.route import Routes
from apidiff.words.changes import Change, Exposed
from apidiff.words.operation import OperationId

_LOGGING = {
    "query": "log query strings",
    "request_body_length": "log the length of the request's body (`request_body_length`) or the names of its fields",
    "request_fields": "log the names of the request's fields (`request_fields`)",
    "response_fields": "log the names of the fields that were sent back (`response_fields`)",
}
ASK = "no access log shows it: ask them"
"""What is said where nothing that could be logged would decide it."""
_NO_NAME = "the spec names no field that could be looked for: ask them"


class Measured(Protocol):
    """What was measured, as far as it says what can be asked: its routes, and the columns that the logs hold."""

    @property
    def routes(self) -> Routes:
        """The routes that calls were told by."""

    @property
    def logged(self) -> frozenset[str]:
        """The optional columns that the logs hold."""


def matters(change: Change) -> bool:
    """Whether a change can meet anybody: one that breaks or endangers, is not waived, and reaches operations."""
    return change.endangers and change.exposure.kind is not Exposed.NOBODY and bool(change.operations)


class Reached:
    """The routes of a set of operations, each with those of its names that are in the set.

    Hundreds of changes of shared components reach the same operations: they share one value.
    """

    def __init__(self, operations: frozenset[OperationId], usage: Measured) -> None:
        by_number = usage.routes.by_number
        self.routes = frozenset(
            route.number for route in usage.routes.routes if not operations.isdisjoint(route.operations)
        )
        self.names = {number: tuple(name for name in by_number[number] if name in operations) for number in self.routes}


class Asking:
    """A change with what it reaches and what it asks of the log."""

    def __init__(
        self,
        change: Change,
        usage: Measured,
        options: Options,
        known: dict[frozenset[OperationId], Reached],
        naming: Naming,
    ) -> None:
        self.change = change
        operations = frozenset(change.operations) - frozenset(options.exclude_operations)
        if operations not in known:
            known[operations] = Reached(operations, usage)
        self.reached = known[operations]
        self.column = column_of(change, usage.logged)
        self.is_logged = self.column in usage.logged
        self.is_askable = has_question(change)
        self.questions = questions_of(change, self.reached.routes, self.column) if self.is_logged else ()
        has_query = "query" in usage.logged and not self.is_logged
        self.fieldset = fieldset_of(change, self.reached.routes, naming) if has_query else None
        is_told = (
            not naming.of_operation or "query" in usage.logged or self.is_logged or self.column != "response_fields"
        )
        self.narrowed_by = "" if is_told else can_narrow(operations, naming.of_operation)
        self.hint = self._hint()
        self.hidden = _hidden(change)
        self.is_sure = change.exposure.kind is Exposed.CALLED or _is_always_sent(change)

    @property
    def asks_what_was_left_out(self) -> bool:
        """Whether who leaves something out is hit, and not who sends it."""
        return self.change.exposure.kind in LEFT_OUT

    def _hint(self) -> str:
        """Which logging would decide what this log leaves open."""
        if not self.column or self.change.exposure.is_vague:
            return "" if self.change.exposure.kind is Exposed.CALLED else ASK
        if not self.is_askable:
            return _NO_NAME
        if self.narrowed_by:
            return f"{_LOGGING[self.column]}, or query strings: `{self.narrowed_by}` names those that are wanted"
        return "" if self.is_logged else _LOGGING[self.column]


def _is_always_sent(change: Change) -> bool:
    """A path parameter is part of every call."""
    return change.exposure.kind is Exposed.SENT_PARAMETER and change.exposure.location == "path"


_UNSEEN = {
    Exposed.RECEIVED_RESPONSE: "what the client reads of the response",
    Exposed.SENT_BODY: "whether it sends a body",
    Exposed.LEFT_OUT_BODY: "whether it leaves the body out",
    Exposed.SENT_MEDIA_TYPE: "which media type it sends or asks for",
    Exposed.SENT_CREDENTIALS: "with which credentials and scopes it calls",
    Exposed.CALLED_SERVER: "at which server it calls",
    Exposed.RECEIVED_CALLBACK: "whether it has a callback, and what it reads of it",
    Exposed.USED_CLIENT: "whether its client was generated from the spec",
}


def _hidden(change: Change) -> str:
    kind = change.exposure.kind
    if kind in _UNSEEN:
        return _UNSEEN[kind]
    names = ", ".join(f"`{name}`" for name in change.exposure.names[:3])
    if change.exposure.is_vague and change.exposure.location == "query":
        return f"whether that value of {names} still works"
    if kind is Exposed.RECEIVED_FIELD:
        return f"whether it reads {names}" if names else "which fields it reads"
    if kind in (Exposed.LEFT_OUT_PARAMETER, Exposed.LEFT_OUT_FIELD):
        return f"whether it leaves out {names}" if names else "what it leaves out"
    return f"whether it sends {names}" if names else "what it sends"


def asking_of(
    changes: Iterable[Change], usage: Measured, options: Options, parameters: Parameters | None = None
) -> list[Asking]:
    """What each change that can meet anybody asks, in the order of their ids.

    `parameters` are those by which callers name response fields; without them nothing is asked of these.
    """
    known: dict[frozenset[OperationId], Reached] = {}
    by_id = sorted((change for change in changes if matters(change)), key=lambda change: change.id)
    naming = naming_of(usage.routes, parameters or {})
    return [Asking(change, usage, options, known, naming) for change in by_id]
