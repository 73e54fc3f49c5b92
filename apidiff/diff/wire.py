"""Compares what is written beside JSON, as text: parameters and the fields of forms, under their style.

What is on the wire decides: `1` is an integer and a string, and one item of a list whose items are written one by one.
An edit of the types that leaves every text that was accepted as it is, to be read as the same, is a fact of its own.
"""

from collections.abc import Callable
from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.schema import Reader, View
from apidiff.schema.facets import CHECKABLE, FORMATS, effective_types, meets, moved_types, overlap, type_words
from apidiff.schema.texts import SCALARS, allows_text, as_numbers, finite_texts, text_of, texts
from apidiff.words.facts import ABSENT, Action, Subject

ARRAY: Final = frozenset({"array"})
TEXT: Final = frozenset({"string"})
TEXT_ASSERTIONS: Final = ("minLength", "maxLength", "pattern", "format")
MET_BY_WORDS: Final = frozenset(
    {"hostname", "idn-hostname", "uri-reference", "iri-reference", "uri-template", "regex", "int32"}
)
"""Formats that a number, `true` and `false` are in."""
WITHOUT_DELIMITERS: Final = frozenset({"date", "uuid", "ipv4"})
Compare = Callable[[Walk, int, View, View], None]


def compare_on_wire(walk: Walk, pair: int, before: View, after: View, values: Compare) -> bool:
    """Whether two schemas differ in their types and not on the wire; if so, all that is left to say of them is said.

    `values` compares what two schemas of one type ask of their values.
    """
    wire = walk.wires.get(pair)
    if wire is None or wire.fields is not None or before.groups or after.groups:
        return False
    was, now = effective_types(before), effective_types(after)
    if now is None or was == now or "object" in now or (was is not None and _is_told_by_json(was, now)):
        return False
    inner = _as_read(before, after), after
    is_joined = False  # whether a list of whatever items is one text
    if now == ARRAY and was is not None and was <= SCALARS:
        if not _is_one_item(before, wire.delimiters[1]):
            return False
        items = _items(walk.readers[1], after)
        inner = _as_read(before, items), items
    elif was == ARRAY and now <= SCALARS:
        if is_joined := bool(wire.delimiters[0]) and "string" in now and after.enum is None:
            inner = View(before.pointer, types=TEXT, types_at=before.types_at), after
        elif before.values.get("maxItems", (2,))[0] > 1:
            return False
        else:
            inner = _items(walk.readers[0], before), after
    if not _is_read_alike(*inner):
        return False
    _state(walk, pair, before, after, facet="wire-list" if is_joined else "wire-type")
    least = after.values.get("minItems") if inner[1] is not after else None
    if least is not None and least[0] > 1:
        walk.fact(
            pair, Subject.SCHEMA, "minItems", Action.TIGHTENED, before.types_at, least[1], before=ABSENT, after=least[0]
        )
    _compare_texts(walk, pair, *inner, values)
    return True


def _as_read(before: View, after: View) -> View:
    """What a schema of texts is where the other side has no texts: of numbers, as far as these are all that it has."""
    if "string" in (effective_types(after) or ()):
        return before
    found = as_numbers(before)
    if found is not before and "minimum" not in after.values:
        found.values = {keyword: said for keyword, said in found.values.items() if keyword != "minimum"}
    return found


def _items(reader: Reader, view: View) -> View:
    places = view.subschemas.get("items")
    return reader.view(*reader.both(places)) if places else View(view.pointer)


def _is_one_item(view: View, delimiter: str) -> bool:
    """Whether no text of a schema is two items of a list with this delimiter."""
    if not delimiter:
        return True
    listed = finite_texts(view)
    if listed is not None:
        return not any(delimiter in text for text in listed)
    kinds = as_numbers(view).types or frozenset()
    is_clean = view.values.get("format", ("",))[0] in WITHOUT_DELIMITERS
    return (kinds <= SCALARS - {"string"} and delimiter != ".") or (kinds == {"string"} and is_clean)


def _is_read_alike(before: View, after: View) -> bool:
    """Whether the texts of one type, or those listed, are texts of the other."""
    was, now = effective_types(before), effective_types(after)
    if now is None:
        return True
    if was is None:
        return "string" in now and before.is_free
    if not was <= SCALARS or not now <= SCALARS:
        return False
    listed = finite_texts(before)
    if listed is not None and (before.enum is not None or "string" not in now):
        return all(allows_text(after, text) for text in listed)
    return all(kind in now or "string" in now or (kind == "integer" and "number" in now) for kind in was)


def _is_told_by_json(was: frozenset[str], now: frozenset[str]) -> bool:
    """Whether the types are no other ones on the wire than in JSON."""
    return "object" in was or moved_types(was, now) in (None, Action.LOOSENED)


def _state(walk: Walk, pair: int, before: View, after: View, *, facet: str) -> None:
    walk.fact(
        pair,
        Subject.SCHEMA,
        facet,
        Action.REPLACED if facet == "wire-list" else Action.LOOSENED,
        before.types_at or before.enum_at or before.pointer,
        after.types_at or after.enum_at or after.pointer,
        before=type_words(before),
        after=type_words(after),
    )


def _compare_texts(walk: Walk, pair: int, before: View, after: View, values: Compare) -> None:
    """What is asked of the texts beside their type."""
    was, now = effective_types(before), effective_types(after)
    if was is None or now is None or was == now:
        values(walk, pair, before, after)
        return
    if before.enum is not None or after.enum is not None:
        _compare_lists(walk, pair, before, after)
        return
    if overlap(was, now):
        values(walk, pair, before, after)
    if "string" in was or "string" not in now:
        return
    for keyword in TEXT_ASSERTIONS:
        limit = after.values.get(keyword)
        if limit is not None and _refuses(keyword, limit[0], before):
            walk.fact(
                pair,
                Subject.SCHEMA,
                keyword,
                Action.TIGHTENED,
                before.types_at or before.pointer,
                limit[1],
                before=ABSENT,
                after=limit[0],
            )


def _refuses(keyword: str, limit: Any, view: View) -> bool:
    """Whether an assertion about strings refuses a text that a schema of numbers or booleans allows."""
    if keyword == "format" and limit in CHECKABLE and limit not in FORMATS:
        return limit not in MET_BY_WORDS
    return not all(meets(keyword, limit, text) for text in texts(view))


def _compare_lists(walk: Walk, pair: int, before: View, after: View) -> None:
    """Listed values as they are written; that the ones before are allowed is known."""
    if after.enum is None:
        return
    old = finite_texts(before)
    if old is not None and before.enum is None and not all(allows_text(after, text) for text in old):
        old = None
    came = [value for value, _ in after.enum.values() if old is None or text_of(value) not in old]
    if came:
        walk.fact(
            pair,
            Subject.SCHEMA,
            "enum-set" if old is None else "enum",
            Action.TIGHTENED if old is None else Action.LOOSENED,
            before.enum_at,
            after.enum_at,
            before=ABSENT,
            after=came,
            item="" if old is None else ",".join(sorted(map(text_of, came))),
        )


def same_text(before: Any, after: Any) -> bool:
    """Whether two plain values are written alike."""
    plain = (str, int, float, bool)
    return isinstance(before, plain) and isinstance(after, plain) and text_of(before) == text_of(after)
