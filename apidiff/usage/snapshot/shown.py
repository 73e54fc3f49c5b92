"""What the calls of a shape have: a parameter, a value, a number beyond a bound, a field or a body, where it says."""

from collections.abc import Sequence
from typing import Final

from apidiff.usage.ask.question import Question
from apidiff.usage.snapshot.numbers import is_beyond
from apidiff.usage.snapshot.value import (
    BODY,
    FIELD,
    NAME,
    NUMBER,
    OTHER_FIELD,
    OTHER_NAME,
    OTHER_VALUE,
    VALUE,
    Snapshot,
    Token,
    digest_of,
)

_ODD: Final = frozenset(" \t\n\r\v\f,;|\"'")
"""What a field's name can't be told apart with."""


def shows(question: Question, shape: frozenset[Token], snapshot: Snapshot) -> bool | None:
    """Whether the calls of a shape have what is asked for; None where the shape does not say."""
    if not question.names:
        return Token(BODY, digest_of(question.column)) in shape
    if question.column == "query":
        found = [_has_parameter(name, question, shape, snapshot) for name in question.names]
    else:
        found = [_has_field(question.column, name, shape, snapshot) for name in question.names]
    return True if True in found else None if None in found else False


def _has_field(column: str, name: str, shape: frozenset[Token], snapshot: Snapshot) -> bool | None:
    digest = digest_of(column, name)
    if Token(FIELD, digest) in shape:
        return True
    can_tell = digest in snapshot.fields or Token(OTHER_FIELD, digest_of(column)) not in shape
    return False if can_tell and not _ODD.intersection(name) else None


def _has_parameter(name: str, question: Question, shape: frozenset[Token], snapshot: Snapshot) -> bool | None:
    digest = digest_of("name", name)
    if Token(NAME, digest) not in shape:
        return False if digest in snapshot.names or Token(OTHER_NAME) not in shape else None
    if question.beyond:
        return _has_number(digest, question.beyond, shape, snapshot)
    if not question.values:
        return True
    return _has_value(name, digest, question.values, shape, snapshot)


def _has_value(
    name: str, digest: int, values: Sequence[str], shape: frozenset[Token], snapshot: Snapshot
) -> bool | None:
    asked = [digest_of("value", name, value) for value in values]
    if any(Token(VALUE, one) in shape for one in asked):
        return True
    if digest not in snapshot.listed:
        return None
    is_open = Token(OTHER_VALUE, digest) in shape and not snapshot.values.issuperset(asked)
    return None if is_open else False


def _has_number(digest: int, beyond: str, shape: frozenset[Token], snapshot: Snapshot) -> bool | None:
    if digest not in snapshot.numbers:
        return None
    found = [
        is_beyond(token.low, token.high, snapshot.bounds, beyond)
        for token in shape
        if token.kind == NUMBER and token.digest == digest
    ]
    return True if True in found else None if None in found else False
