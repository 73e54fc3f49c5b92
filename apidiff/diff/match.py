"""Which thing of the base is which in the revision: by name where names agree, by likeness where they do not.

A match by likeness never turns a break into a non-break; it only says what became of the thing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, NamedTuple

import orjson

from apidiff.diff.allowed import Allowance
from apidiff.load.values import as_json
from apidiff.schema import KNOWN, VALUE_ASSERTIONS, Place, Reader, View, canonical
from apidiff.words.pointer import Pointer

LIKE_NAMES: Final = 0.6
LIKE_LETTERS: Final = 0.85
"""For names without a word in common: `canceled` and `cancelled`, `gap` and `gaps`, not `name` and `number`."""
SAME_SHAPE_BONUS: Final = 0.2
RENAME_THRESHOLD: Final = 0.75
ROUNDING: Final = 1e-9
"""What sums of such shares may be off by."""
WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@lru_cache(maxsize=100_000)
def words(name: str) -> tuple[str, ...]:
    """The lower-case words of a name in any of the usual cases."""
    return tuple([word.lower() for word in WORD.findall(name)])


def likeness(base: str, revision: str, *, least: float = 0.0) -> float:
    """How alike two names are, 0 to 1: letters and shared words, whichever says more; 0 where it is below `least`."""
    one, two = words(base), words(revision)
    if one == two:
        return 1.0
    left, right = "".join(one), "".join(two)
    shared = len({*one} & {*two}) / len({*one, *two})
    if not shared:
        least = max(least, LIKE_LETTERS)
    if shared < least and _most_letters(left, right) < least:
        return 0.0
    like = max(shared, SequenceMatcher(None, left, right, autojunk=False).ratio())
    return like if like >= least else 0.0


def _most_letters(base: str, revision: str) -> float:
    """A share of letters that no order of them could pass: far cheaper to tell than the share itself."""
    both = sum([min(base.count(letter), revision.count(letter)) for letter in set(base)])
    return 2 * both / (len(base) + len(revision))


class Traits(NamedTuple):
    """What tells a rename from a chance meeting beside the names.

    `shape` is a short text, equal for equal schemas; `told` the description; `is_bare` says that it is a plain type, of
    which there are many.
    """

    shape: str = ""
    told: str = ""
    is_bare: bool = True


def renamed(
    removed: Mapping[str, Traits], added: Mapping[str, Traits], *, allowance: Allowance | None = None
) -> tuple[dict[str, tuple[str, ...]], dict[str, float]]:
    """Removed names to what they became, and the likeness that led to each.

    One name for one is a rename; several additions that each carry the removed name as a word (`name` → `first_name`,
    `last_name`) are a split. Where there are more pairs than the allowance has left, no name is another one's heir.
    """
    if allowance is not None and not allowance.takes(len(removed) * len(added)):
        return {}, {}
    pairs: dict[str, tuple[str, ...]] = {}
    scores: dict[str, float] = {}
    free = dict(added)
    for name in sorted(removed):
        heirs = [other for other in sorted(free) if _carries(other, name) and free[other].shape == removed[name].shape]
        if len(heirs) >= 2:
            pairs[name], scores[name] = tuple(heirs), 1.0
            for heir in heirs:
                del free[heir]
    ranked = sorted(
        (
            (-_score(name, other, removed[name], free[other]), name, other)
            for name in removed
            if name not in pairs
            for other in free
        ),
    )
    for score, name, other in ranked:
        if -score >= RENAME_THRESHOLD and name not in pairs and other in free:
            pairs[name], scores[name] = (other,), round(-score, 2)
            del free[other]
    return pairs, scores


def redefined(removed: Mapping[str, str], added: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Removed names to what took their place under another name altogether: the only one with the same definition."""
    names: dict[str, tuple[list[str], list[str]]] = {}
    for side, texts in enumerate((removed, added)):
        for name, text in texts.items():
            if text:
                names.setdefault(text, ([], []))[side].append(name)
    return {gone[0]: (come[0],) for gone, come in names.values() if len(gone) == len(come) == 1}


LEAST_WORDS: Final = 20
"""Letters of a description that no two things share by chance."""


def definition(place: Place) -> str:
    """A text that is the same for two schemas that say the same of something in particular; "" for a bare type."""
    node = place[0]
    if not isinstance(node, dict):
        return ""
    kept = {key: value for key, value in node.items() if key not in PASSING and not key.startswith("x-")}
    is_told = len(str(kept.get("description", ""))) >= LEAST_WORDS
    if not is_told and "$ref" not in kept:
        return ""
    try:
        return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # numbers past 64 bits
        return canonical(kept)


PASSING: Final = frozenset({"example", "examples", "deprecated"})
"""What a schema may say today and leave out tomorrow."""


def _carries(name: str, part: str) -> bool:
    whole, piece = words(name), words(part)
    if whole == piece or not piece or piece[-1] in UNSPLIT:
        return False
    return whole[-len(piece) :] == piece or whole[: len(piece)] == piece


UNSPLIT: Final = frozenset({"id", "ids", "key", "type", "kind", "status", "state", "url", "code"})
"""What no two things are the parts of, although many names end in it."""


def _score(base: str, revision: str, one: Traits, two: Traits) -> float:
    """How likely one name took the place of the other; 0 where that is too little to say so."""
    is_same_shape = one.shape == two.shape
    bonus = SAME_SHAPE_BONUS if is_same_shape else -SAME_SHAPE_BONUS
    like = likeness(base, revision, least=max(LIKE_NAMES, RENAME_THRESHOLD - bonus - ROUNDING))
    if not like or not _is_backed(base, revision, one, two):
        return 0.0
    return max(like, min(0.99, like + SAME_SHAPE_BONUS)) if is_same_shape else like - SAME_SHAPE_BONUS


def _is_backed(base: str, revision: str, one: Traits, two: Traits) -> bool:
    """Whether more speaks for a rename than that two names have a word in common.

    That is enough in two spellings of one name. Words that are put before it need a second one that stays
    (`sort_code` → `sender_sort_code`), or a schema or a description that stays; words instead of others need both.
    """
    mine, others = words(base), words(revision)
    shared = Counter(mine) & Counter(others)
    rests = ["".join((Counter(side) - shared).elements()) for side in (mine, others)]
    is_same_shape = one.shape == two.shape
    if rests[0] and rests[1]:
        is_spelling = SequenceMatcher(None, rests[0], rests[1], autojunk=False).ratio() >= LIKE_LETTERS
        return is_spelling or (is_same_shape and _is_told_alike(one.told, two.told, least=1.0))
    if not rests[0] and not rests[1]:
        return True
    is_head_kept = shared.total() > 1 and mine[-1] == others[-1]
    return is_head_kept or (is_same_shape and (not one.is_bare or _is_told_alike(one.told, two.told, least=LIKE_TEXTS)))


def _is_told_alike(base: str, revision: str, *, least: float) -> bool:
    """Whether two descriptions have so many words in common, or one says the other and more."""
    short, long = sorted((base.strip(), revision.strip()), key=len)
    if len(short) < LEAST_WORDS:
        return False
    one, two = (set(text.lower().split()) for text in (short, long))
    return long.startswith(short.rstrip(".")) or len(one & two) / len(one | two) >= least


LIKE_TEXTS: Final = 0.6


def shape(reader: Reader, place: Place) -> Traits:
    """What a schema is, for telling a rename from a chance meeting."""
    view = reader.view(*place)
    types = "any" if view.types is None else ",".join(sorted(view.types))
    format_, told = (view.values.get(key, ("",))[0] for key in ("format", "description"))
    listed = ",".join(sorted(view.enum)) if view.enum and len(view.enum) > 1 else ""
    text = f"{types}/{format_}/{','.join(sorted(view.properties))}"
    is_bare = not format_ and len(view.properties) < LEAST_PROPERTIES and not listed
    return Traits(text, told if isinstance(told, str) else "", is_bare)


LEAST_PROPERTIES: Final = 2
"""Properties of an object that two have in common by no chance."""


def label(reader: Reader, place: Place) -> str:
    """What a person calls a branch of a oneOf or anyOf: its component, its title, its constant or its types."""
    node, pointer = place
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        return reference_name(node["$ref"])
    view = reader.view(node, pointer)
    if isinstance(title := view.values.get("title", (None,))[0], str):
        return title
    if view.enum:
        return " | ".join(list(view.enum)[:3])
    if view.types:
        return " or ".join(sorted(view.types))
    return "any value" if view.is_free else pointer.last


def reference_name(reference: str) -> str:
    """What a reference is called: the component, or the file without its kind."""
    name = reference.rsplit("/", 1)[-1]
    return name if "#" in reference else re.sub(r"\.(ya?ml|json)$", "", name)


def branches(
    base: Sequence[Place],
    revision: Sequence[Place],
    *,
    readers: tuple[Reader, Reader],
    allowance: Allowance | None = None,
) -> list[tuple[int, int]]:
    """Which branch of a composition is which: by `$ref`, equality, title, constants, types, then likeness.

    Where there are more pairs than the allowance has left, what no name tells is gone, or new.
    """
    found: list[tuple[int, int]] = []
    left, right = dict(enumerate(base)), dict(enumerate(revision))

    def apart(one: int, two: int) -> bool:
        return _are_told_apart(readers, readers[0].view(*base[one]), readers[1].view(*revision[two]))

    def take(pairs: Iterable[tuple[int, int]], *, named: bool = False) -> None:
        for one, two in pairs:
            if one in left and two in right and (named or not apart(one, two)):
                del left[one], right[two]
                found.append((one, two))

    def keyed(key: Callable[[Reader, Place], str]) -> tuple[dict[int, str], dict[int, str]]:
        """What a key says of the branches that are left."""
        return (
            {index: key(readers[0], place) for index, place in left.items()},
            {index: key(readers[1], place) for index, place in right.items()},
        )

    take(_by_key(*keyed(lambda _, place: _reference(place))), named=True)
    take(_equal(*keyed(lambda _, place: _text(place))))
    for key in (_meaning, _title, _constants, _types):
        if left and right:
            take(_by_key(*keyed(key)))
    if left and right and (allowance is None or allowance.takes(len(left) * len(right))):
        take(_by_likeness(left, right, readers))
    return sorted(found)


def _by_key(mine: Mapping[int, str], others: Mapping[int, str]) -> list[tuple[int, int]]:
    """Pairs whose key is the same and names one branch on each side."""
    names = [_numbers(keys) for keys in (mine, others)]
    return [
        (indices[0], names[1][key][0])
        for key, indices in names[0].items()
        if key and len(indices) == len(names[1].get(key, ())) == 1
    ]


def _equal(mine: Mapping[int, str], others: Mapping[int, str]) -> list[tuple[int, int]]:
    """Pairs of branches that are the same, the first with the first."""
    names = [_numbers(keys) for keys in (mine, others)]
    return [both for key, indices in names[0].items() for both in zip(indices, names[1].get(key, ()), strict=False)]


def _text(place: Place) -> str:
    """A text that is the same for two branches that say the same."""
    return as_json(place[0], orjson.OPT_SORT_KEYS).decode() or canonical(place[0])


def _numbers(keys: Mapping[int, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, key in keys.items():
        found.setdefault(key, []).append(index)
    return found


def _by_likeness(
    left: Mapping[int, Place], right: Mapping[int, Place], readers: tuple[Reader, Reader]
) -> list[tuple[int, int]]:
    scored = []
    views = [
        {index: reader.view(*place) for index, place in side.items()}
        for reader, side in zip(readers, (left, right), strict=True)
    ]
    for i, one in views[0].items():
        for j, two in views[1].items():
            if (one.types or frozenset()) & (two.types or frozenset()) or one.types == two.types:
                names = len(one.properties.keys() | two.properties.keys())
                like = len(one.properties.keys() & two.properties.keys()) / names if names else 0.5
                scored.append((-like, i, j))
    return [(i, j) for like, i, j in sorted(scored) if -like >= 0.5]


def _are_told_apart(readers: tuple[Reader, Reader], one: View, two: View) -> bool:
    """Whether a property that both have can only have values in each that it can't have in the other (`kind: cat`)."""
    for name in one.properties.keys() & two.properties.keys():
        enums = [reader.view(*view.properties[name][0]).enum for reader, view in zip(readers, (one, two), strict=True)]
        if enums[0] and enums[1] and len(enums[0]) == len(enums[1]) == 1 and enums[0].keys() != enums[1].keys():
            return True
    return False


def _reference(place: Place) -> str:
    node = place[0]
    return str(node["$ref"]).rsplit("/", 1)[-1] if isinstance(node, dict) and isinstance(node.get("$ref"), str) else ""


def _meaning(reader: Reader, place: Place) -> str:
    """What a branch of plain values means, whichever dialect says it."""
    view = reader.view(*place)
    if not view.types or view.has_structure or view.groups:
        return ""
    asserted = sorted((keyword, str(view.values[keyword][0])) for keyword in VALUE_ASSERTIONS if keyword in view.values)
    return f"{sorted(view.types)} {view.null} {sorted(view.enum or ())} {asserted}"


def _title(reader: Reader, place: Place) -> str:
    title = reader.view(*place).values.get("title", ("",))[0]
    return title if isinstance(title, str) else ""


def _constants(reader: Reader, place: Place) -> str:
    """The values of the properties that can only have one: what tells branches apart without a discriminator."""
    view = reader.view(*place)
    constants = []
    for name, places in view.properties.items():
        child = reader.view(*places[0])
        if child.enum is not None and len(child.enum) == 1:
            constants.append(f"{name}={next(iter(child.enum))}")
    return ";".join(sorted(constants))


def _types(reader: Reader, place: Place) -> str:
    types = reader.view(*place).types
    return ",".join(sorted(types)) if types else ""


def describe(pointer: Pointer) -> tuple[str, str]:
    """What holds a place, and its name within: (component or "", dotted path), read off the pointer."""
    segments = pointer.segments
    owner = ""
    if pointer.file:
        owner, segments = _in_file(pointer)
    elif len(segments) >= 3 and segments[0] == "components" and segments[1] in NAMED:
        owner, segments = segments[2], segments[3:]
    elif len(segments) >= 2 and segments[0] in NAMED:
        owner, segments = segments[1], segments[2:]
    elif segments and segments[0] in OF_OPERATIONS:
        segments = _below_schema(segments)
    return owner, _dotted(segments)


NAMED: Final = frozenset({"schemas", "definitions", "examples", "securitySchemes", "securityDefinitions", "links"})
"""The sections whose things have their names among people; parameters and bodies have those that are on the wire."""
OF_OPERATIONS: Final = frozenset({"paths", "webhooks", "components", "parameters", "responses"})
"""Where operations and their parts stand: their users are the owners."""
IN_OPERATIONS: Final = frozenset(
    {"parameters", "requestBody", "responses", "callbacks", "security", "servers", "content", "headers", "links"}
)
"""Keys of a place in a file that holds an operation, or a part of one: its user is the owner."""


STRUCTURE: Final = frozenset({"properties", "patternProperties", "items", "allOf", "oneOf", "anyOf", "$defs"})
"""Keys that only a schema has."""


def _in_file(pointer: Pointer) -> tuple[str, tuple[str, ...]]:
    """The same for a file beside the entry: it holds one schema (then called after it), one operation, or several."""
    segments = pointer.segments
    before = segments[: next((i for i, one in enumerate(segments) if one in STRUCTURE), len(segments))]
    if segments and (segments[0] in IN_OPERATIONS or "schema" in before or not IN_OPERATIONS.isdisjoint(before)):
        return "", _below_schema(segments)
    if segments and segments[0] not in KNOWN:
        return segments[0], segments[1:]
    return pointer.file.rpartition("/")[2].partition(".")[0], segments


def _below_schema(segments: tuple[str, ...]) -> tuple[str, ...]:
    return segments[segments.index("schema") + 1 :] if "schema" in segments else ()


def _dotted(segments: tuple[str, ...]) -> str:
    """`properties/address/items/properties/zip` as `address[].zip`."""
    words_out: list[str] = []
    index = 0
    while index < len(segments):
        segment, following = segments[index], segments[index + 1 : index + 2]
        if segment in ("properties", "patternProperties") and following:
            words_out.append(("." if words_out else "") + following[0])
            index += 2
            continue
        if segment in ("items", "prefixItems"):
            words_out.append(f"[{following[0]}]" if following and following[0].isdigit() else "[]")
        elif segment == "additionalProperties":
            words_out.append(".*" if words_out else "*")
        index += 1
    return "".join(words_out)
