"""Which name of the base is which in the revision: by likeness, and by what else two things have in common.

A match by likeness never turns a break into a non-break; it only says what became of the thing.
"""

import re
from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, NamedTuple

import orjson

from apidiff.diff.allowed import Allowance
from apidiff.schema import Place, Reader, canonical

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
