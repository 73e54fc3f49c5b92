"""Compares what two schemas say without narrowing their values: texts, examples, flags, extensions, discriminators."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final

from apidiff.diff.forms import is_own_name, is_same_form
from apidiff.diff.lifetimes import Lifetime, compare_lifetimes
from apidiff.diff.markup import compare_markup
from apidiff.diff.match import reference_name
from apidiff.diff.pairing import TEXTS
from apidiff.diff.walk import Walk, other_key
from apidiff.diff.wire import same_text
from apidiff.schema import View, canonical
from apidiff.spec import SUNSET_EXTENSIONS
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

PLAIN: Final = (*TEXTS, "default", "contentEncoding", "contentMediaType", "contentSchema")
COLLECTION: Final = "collectionFormat"
Said = tuple[Any, Pointer]
"""A value, and where it stands."""


def compare_annotations(walk: Walk, pair: int, before: View, after: View) -> None:
    """Everything that two schemas say beside their values: texts, examples, extensions, the discriminator."""
    if not (_says(before) or _says(after)):
        return

    def values(facet: str, was: tuple[Any, Pointer] | None, now: tuple[Any, Pointer] | None, item: str = "") -> None:
        walk.values(pair, Subject.SCHEMA, facet, was, now, item=item)

    if before.values or after.values:
        _compare_plain(walk, pair, before, after)
        if "xml" in before.values or "xml" in after.values:
            compare_markup(walk, pair, (before, before.values.get("xml")), (after, after.values.get("xml")))
    _compare_life(walk, pair, before, after)
    _compare_open_enum(walk, pair, before, after)
    for was, now in _moved_examples(before.examples, after.examples):
        values("example", was, now)
    for store in ("extensions", "unknown"):
        left, right = getattr(before, store), getattr(after, store)
        for key in [*left, *(key for key in right if key not in left)]:
            if key == COLLECTION and pair in walk.wires:
                _compare_inner_list(walk, pair, left.get(key), right.get(key))
            elif key not in ("nullable", "x-nullable", *SUNSET_EXTENSIONS):
                values(other_key(key), left.get(key), right.get(key), key)
    _compare_discriminator(walk, pair, before, after)
    if before.outdone or after.outdone:
        _compare_outdone(walk, pair, before, after)


def _compare_outdone(walk: Walk, pair: int, before: View, after: View) -> None:
    """What parts of a schema say where another part says it first: in their order, and without what both sides say."""
    sides = before, after
    said = [[(key, canonical(value)) for key, (value, _) in view.outdone] for view in sides]
    known = [{*mine, *_foremost(view)} for mine, view in zip(said, sides, strict=True)]
    left: list[dict[str, list[Said]]] = [{}, {}]
    for index, view in enumerate(sides):
        for (key, what), text in zip(view.outdone, said[index], strict=True):
            if text not in known[1 - index]:
                left[index].setdefault(key, []).append(what)
    for key in dict.fromkeys((*left[0], *left[1])):
        is_own = key in (*PLAIN, "example")
        facet = _facet(key) if is_own else other_key(key)
        for was, now in zip_longest(left[0].get(key, ()), left[1].get(key, ())):
            walk.values(pair, Subject.SCHEMA, facet, was, now, item="" if is_own else key)


def _foremost(view: View) -> Iterator[tuple[str, str]]:
    """What a schema says before its parts do."""
    yield from ((key, canonical(view.values[key][0])) for key in PLAIN if key in view.values)
    yield from (("example", canonical(value)) for value, _ in view.examples)
    yield from ((key, canonical(value)) for key, (value, _) in view.extensions.items())


def compare_folded(walk: Walk, pair: int, before: View, after: View) -> None:
    """What is said of the branches of a union that is read as a list of types or values."""
    if not (before.folded or after.folded):
        return
    if not (before.folded and after.folded):
        _state_said_in_branches(walk, pair, before, after)
        return
    was, now = ({_meaning(branch): branch for branch in view.folded} for view in (before, after))
    for key, left in was.items():
        if right := now.get(key):  # else the branch went, and what was said of it
            compare_annotations(walk, pair, left, right)


def _state_said_in_branches(walk: Walk, pair: int, before: View, after: View) -> None:
    """What one side says of the branches of a union that the other says in other words, each keyword once."""
    for key in TEXTS:
        found = [branch.values[key] for branch in before.folded or after.folded if key in branch.values]
        if not found:
            continue
        said = (found[0][0] if len(found) == 1 else [text for text, _ in found], found[0][1])
        ends = (said, None) if before.folded else (None, said)
        walk.values(pair, Subject.SCHEMA, _facet(key), *ends)


def _facet(key: str) -> str:
    """What a keyword that is only read by people says something of."""
    return "description" if key == "$comment" else key


def _meaning(branch: View) -> tuple[object, ...]:
    """What tells the branches of a union of types or values apart."""
    return branch.null, branch.types, tuple(sorted(branch.enum or ()))


def _compare_plain(walk: Walk, pair: int, before: View, after: View) -> None:
    """Texts, the default and what a string holds; `10` and `"10"` are the same where they are written as text."""
    for key in PLAIN:
        was, now = before.values.get(key), after.values.get(key)
        if was is None and now is None:
            continue
        if key == "default" and was and now and pair in walk.wires and same_text(was[0], now[0]):
            walk.claim(was[1], now[1])
        else:
            walk.values(pair, Subject.SCHEMA, _facet(key), was, now)


def _compare_inner_list(walk: Walk, pair: int, was: Said | None, now: Said | None) -> None:
    """What stands between the items of a list within a list (Swagger 2.0, Items Object)."""
    before, after = (said[0] if said else "csv" for said in (was, now))
    ends = [said and said[1] for said in (was, now)]
    if before == after:
        walk.claim(ends[0], ends[1])
    else:
        walk.fact(
            pair,
            Subject.PARAMETER,
            "serialization",
            Action.REPLACED,
            ends[0],
            ends[1],
            before=before,
            after=after,
            item="serialization",
        )


def _says(view: View) -> bool:
    """Whether a schema says anything beside what its values are: most say nothing."""
    return bool(view.outdone or view.values or view.examples or view.extensions or view.unknown or view.discriminator)


def _moved_examples(before: Sequence[Said], after: Sequence[Said]) -> list[tuple[Said | None, Said | None]]:
    """The examples that differ; `example: x` and `examples: [x]` say the same."""
    if not (before or after) or _texts(before) == _texts(after):
        return []
    if len(before) < 2 and len(after) < 2:
        return [(before[0] if before else None, after[0] if after else None)]
    sides = [{pointer.last: (value, pointer) for value, pointer in side} for side in (before, after)]
    return [(sides[0].get(keyword), sides[1].get(keyword)) for keyword in ("example", "examples")]


def _texts(examples: Sequence[Said]) -> set[str]:
    """Every example once, whichever keyword gives it."""
    return {
        canonical(one)
        for value, at in examples
        for one in (value if at.last == "examples" and isinstance(value, list) else [value])
    }


def _compare_life(walk: Walk, pair: int, before: View, after: View) -> None:
    """Whether a property, or a schema by itself, is deprecated, and until when it works."""
    if not (before.extensions or after.extensions or "deprecated" in before.values or "deprecated" in after.values):
        return
    ends = [Lifetime(view.values.get("deprecated"), view.extensions) for view in (before, after)]
    said = ends[0].deprecated or ends[1].deprecated or ends[0].sunset or ends[1].sunset
    if said is None:
        return
    subject = Subject.PROPERTY if said[1].segments[-3:-2] == ("properties",) else Subject.SCHEMA
    compare_lifetimes(walk, pair, subject, ends[0], ends[1])


def _compare_open_enum(walk: Walk, pair: int, before: View, after: View) -> None:
    """`x-extensible-enum`: the values known today of a list that may grow (Zalando, rule 112)."""
    key = "x-extensible-enum"
    was, now = before.values.get(key), after.values.get(key)
    if was is None and now is None:
        return
    old = was[0] if was and isinstance(was[0], list) else []
    new = now[0] if now and isinstance(now[0], list) else []
    for action, values in (
        (Action.TIGHTENED, [value for value in old if value not in new]),
        (Action.LOOSENED, [value for value in new if value not in old]),
    ):
        if values:
            walk.fact(
                pair,
                Subject.SCHEMA,
                "extensible-enum",
                action,
                was and was[1],
                now and now[1],
                before=values if action is Action.TIGHTENED else ABSENT,
                after=ABSENT if action is Action.TIGHTENED else values,
                item=",".join(map(str, values)),
            )


def _compare_discriminator(walk: Walk, pair: int, before: View, after: View) -> None:
    was, now = before.discriminator, after.discriminator
    if was is None or now is None:
        walk.values(pair, Subject.SCHEMA, "discriminator", was, now)
        return
    names = [(side[0].get("propertyName"), side[1].child("propertyName")) for side in (was, now)]
    walk.values(pair, Subject.SCHEMA, "discriminator", names[0], names[1])
    maps = [mapping if isinstance(mapping := side[0].get("mapping"), dict) else {} for side in (was, now)]
    for key in sorted({*maps[0], *maps[1]}):
        ends = [
            (mapping[key], side[1].child("mapping", key)) if key in mapping else None
            for mapping, side in zip(maps, (was, now), strict=True)
        ]
        is_kept = is_same_form(walk, ends[0], ends[1]) if ends[0] and ends[1] else is_own_name(walk, maps, key)
        if is_kept:
            walk.claim(*(end and end[1] for end in ends))
            continue
        walk.values(pair, Subject.SCHEMA, "discriminator-mapping", _named(ends[0]), _named(ends[1]), item=key)
    defaults = [
        (default, side[1].child("defaultMapping"))
        if isinstance(default := side[0].get("defaultMapping"), str)
        else None
        for side in (was, now)
    ]
    if not (defaults[0] and defaults[1] and is_same_form(walk, defaults[0], defaults[1])):
        walk.values(pair, Subject.SCHEMA, "discriminator-default", _named(defaults[0]), _named(defaults[1]))
    for key in sorted({*was[0], *now[0]} - {"propertyName", "mapping", "defaultMapping"}):
        ends = [(side[0][key], side[1].child(key)) if key in side[0] else None for side in (was, now)]
        walk.values(pair, Subject.SCHEMA, other_key(key), ends[0], ends[1], item=key)


def _named(end: Said | None) -> Said | None:
    """What a mapping names, as people call it."""
    return end and (reference_name(str(end[0])), end[1])
