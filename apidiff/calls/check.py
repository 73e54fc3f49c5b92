"""What one side says of a call: whether it would take it, and if not, why."""

from typing import Any

from apidiff.calls.make import Draft, Maker
from apidiff.calls.value import Credential, Outcome, is_form, sent
from apidiff.schema import Place
from apidiff.schema.texts import readings, text_of
from apidiff.spec import Operation, Parameter, media_key
from apidiff.words.direction import REQUEST
from apidiff.words.facts import ABSENT


def refusal(maker: Maker, operation: Operation | None, draft: Draft, said: tuple[Credential, ...]) -> Outcome | None:
    """Why a side refuses a call, None where it takes it."""
    if operation is None:
        return Outcome.GONE
    if not _is_known(maker, operation, said):
        return Outcome.UNAUTHORIZED
    for key, parameter in operation.parameters.items():
        value = draft.parameters.get(key, ABSENT)
        if value is ABSENT and (parameter.is_required or parameter.location == "path"):
            if parameter.location != "path":  # another name in the path is the same place
                return Outcome.REFUSED
        elif value is not ABSENT and not allows_parameter(maker, parameter, value):
            return Outcome.REFUSED
    return None if _takes_body(maker, operation, draft) else Outcome.REFUSED


def _is_known(maker: Maker, operation: Operation, said: tuple[Credential, ...]) -> bool:
    """Whether the credentials meet one of the alternatives."""
    ways = [tuple(maker.asked(scopes)) for scopes, _ in operation.security]
    return not ways or any(set(way) <= set(said) for way in ways)


def allows_parameter(maker: Maker, parameter: Parameter, value: Any) -> bool:
    """Whether a parameter takes a value, which on the wire is a text."""
    if parameter.schema is None:
        return True
    return any(maker.allows(parameter.schema, one, REQUEST) for one in _as_read(maker, parameter.schema, value))


def _as_read(maker: Maker, place: Place, value: Any) -> list[Any]:
    """What a value may be read as, once it was written."""
    if isinstance(value, dict):
        return [value]
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int | float) for one in items):
        return [value]
    ways = [readings(text_of(one)) for one in items]
    kinds = maker.reader.view(*place).types
    lists = [[few[0] for few in ways], [few[-1] for few in ways]]
    scalars = [] if isinstance(value, list) and len(items) != 1 else [one for few in ways[:1] for one in few]
    return [*scalars, *(lists if kinds is None or "array" in kinds else [])]


def _takes_body(maker: Maker, operation: Operation, draft: Draft) -> bool:
    body = operation.body
    if draft.body is ABSENT:
        return body is None or not body.is_required
    if body is None:
        return True  # nobody looks at it
    value = sent(draft.body) if is_form(draft.media) else draft.body
    if is_form(draft.media) and value == {}:
        return not body.is_required
    ranges = (one for one in body.media.values() if "*" in one.name)
    media = body.media.get(media_key(draft.media)) or next(ranges, None)
    return media is not None and (media.schema is None or maker.allows(media.schema, value, REQUEST))
