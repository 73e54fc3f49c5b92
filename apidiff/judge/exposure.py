"""What of a change shows in a usage log: the kind of use, with the parameter, the field and the values of the edit."""

from typing import Final

from apidiff.judge.wording import field_path, is_parameter, own_label
from apidiff.rules.rule import Rule
from apidiff.words.changes import Exposed, Exposure
from apidiff.words.direction import Direction
from apidiff.words.facts import ABSENT, Fact, Subject

TO_FIELD: Final = {
    Exposed.SENT_PARAMETER: Exposed.SENT_FIELD,
    Exposed.LEFT_OUT_PARAMETER: Exposed.LEFT_OUT_FIELD,
}
TO_PARAMETER: Final = {field: parameter for parameter, field in TO_FIELD.items()}
LISTED: Final = frozenset({"enum", "const", "extensible-enum", "discriminator-mapping", "discriminator-name"})
"""The facets that list values, so that the ones that stop working are known."""
BODIES: Final = frozenset({Exposed.SENT_BODY, Exposed.LEFT_OUT_BODY})
PLAIN: Final = {
    kind: Exposure(kind)
    for kind in (
        *(Exposed.CALLED, Exposed.NOBODY, Exposed.RECEIVED_RESPONSE, Exposed.SENT_MEDIA_TYPE, Exposed.SENT_CREDENTIALS),
        *(Exposed.CALLED_SERVER, Exposed.RECEIVED_CALLBACK, Exposed.USED_CLIENT, *BODIES),
    )
}
"""The exposures that nothing narrows."""
OF_PARTS: Final = {
    **dict.fromkeys((Subject.SCHEMA, Subject.PROPERTY), Exposed.RECEIVED_FIELD),
    Subject.PARAMETER: Exposed.SENT_PARAMETER,
    Subject.HEADER: Exposed.RECEIVED_RESPONSE,
}
"""Whom a date concerns that is not the operation's."""
SENT: Final = frozenset({*TO_FIELD, *TO_PARAMETER, Exposed.SENT_VALUE})


def exposure_of(rule: Rule, fact: Fact, direction: Direction | None, ways: list[tuple[str, ...]]) -> Exposure:
    """What to look for in a log: the rule's kind, with the parameter, the field and the values of this very edit."""
    kind = rule.exposed_by
    if fact.facet == "sunset" and kind is Exposed.CALLED:
        kind = OF_PARTS.get(fact.subject, kind)
    if "more" in fact.flags and kind not in PLAIN:
        kind = Exposed.CALLED  # it stands for edits that no name tells
    if kind in PLAIN:
        # the body of a callback or a webhook is what callers receive
        is_received = direction is Direction.RESPONSE and kind in BODIES
        return PLAIN[Exposed.RECEIVED_CALLBACK if is_received else kind]
    location, names = _parameter_of(fact, ways)
    if location:
        kind = TO_PARAMETER.get(kind, kind)
        if kind is Exposed.RECEIVED_FIELD and direction is Direction.REQUEST:
            # a parameter is never received: who sends it may send what still works
            kind = Exposed.SENT_VALUE
        if kind is Exposed.RECEIVED_FIELD:
            return Exposure(kind, location, names)
    else:
        names = tuple(sorted({name for name in (_field_of(fact, labels) for labels in ways) if name}))
        location = "body"
        if direction is Direction.RESPONSE and kind in SENT:
            kind = Exposed.RECEIVED_FIELD
        elif direction is Direction.REQUEST and kind is Exposed.RECEIVED_FIELD:
            kind = Exposed.SENT_FIELD
        kind = TO_FIELD.get(kind, kind)
    if kind is not Exposed.SENT_VALUE:
        return Exposure(kind, location, names)
    return Exposure(kind, location, names, _values(fact), _beyond(fact))


def _parameter_of(fact: Fact, ways: list[tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    if fact.subject is Subject.PARAMETER and (location := fact.flags.get("location")):
        return location, (fact.name,)
    found = [label.partition(" ") for labels in ways for label in labels[:1] if is_parameter(label)]
    if not found:
        return "", ()
    return found[0][0], tuple(sorted({name for _, _, name in found}))


def _field_of(fact: Fact, labels: tuple[str, ...]) -> str:
    return field_path((*labels, *own_label(fact)))


def _beyond(fact: Fact) -> str:
    """The numbers that a new bound refuses, in words; "" for other facts, and for a bound that is no whole number."""
    if fact.facet not in ("minimum", "maximum") or not isinstance(fact.after, int) or fact.after < 0:
        return ""
    return f"{'above' if fact.facet == 'maximum' else 'below'} {fact.after}"


def _values(fact: Fact) -> tuple[str, ...]:
    if fact.facet not in LISTED:
        return ()
    if fact.facet == "discriminator-mapping":  # it leads from the value to the form
        return (fact.item,)
    values = fact.before if isinstance(fact.before, list) else [fact.before]
    return tuple(str(value) for value in values if value is not ABSENT and not isinstance(value, (dict, list)))
