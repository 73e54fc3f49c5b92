"""Decides how the set of strings moves when a `pattern` is replaced: by proof where one is found, or by trying.

Strings are made from the parsed pattern, bounded in number and length; a pattern that can't be read stays undecided.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import islice, product
from typing import Any, Final

from apidiff.schema.languages import moved_language
from apidiff.words.facts import ABSENT, Action

# the parsed form of a pattern has no public name; it has been the same since Python 3.11
c: Any = import_module("re._constants")
parser: Any = import_module("re._parser")

MOST: Final = 64
LONGEST: Final = 20_000
"""A longer pattern is not tried: to make a machine of it may take more room than all else."""
SPARE: Final = "aZ0_- .é"
CLASSES: Final = {
    c.CATEGORY_DIGIT: "0",
    c.CATEGORY_NOT_DIGIT: "a",
    c.CATEGORY_WORD: "aZ0_",
    c.CATEGORY_NOT_WORD: "-",
    c.CATEGORY_SPACE: " ",
    c.CATEGORY_NOT_SPACE: "a",
}
LITERAL: Final = re.compile(r"\^((?:[\w /@-]|\\[^\w])*)(\.\*)?$")


def moved_pattern(before: Any, after: Any) -> Action | None:
    """How a pattern moves the set of strings; REPLACED where strings go both ways, or where nothing is shown.

    None where every string is described by both or by neither, however they are written.
    """
    if before == after:
        return None
    known = moved_language(*("" if side is ABSENT else side for side in (before, after)))
    if known is not None and not known.lost and not known.won:
        return None
    if before is ABSENT:
        return Action.TIGHTENED
    if after is ABSENT:
        return Action.LOOSENED
    lost, won = known or (refuses(before, after), refuses(after, before))
    if lost and not won:
        return Action.TIGHTENED
    if won and not lost:
        return Action.LOOSENED
    return Action.REPLACED


@lru_cache(maxsize=1024)
def matches(pattern: str, text: str) -> bool:
    """Whether a text has a part that the pattern describes; True where that can't be told."""
    matcher = _matcher(pattern)
    return matcher is None or matcher(text) is not False


@lru_cache(maxsize=1024)
def refuses(giver: str, taker: str) -> bool:
    """Whether some string of the first pattern is not one of the second, as far as is decided or trying shows."""
    known = moved_language(giver, taker)
    if known is not None:
        return known.lost
    accepts, rejects = _matcher(giver), _matcher(taker)
    if accepts is None or rejects is None or _is_prefix(taker, giver):
        return False
    try:
        strings = _strings(giver)
    except (re.error, RecursionError, OverflowError):
        return False
    return any(accepts(text) is True and rejects(text) is False for text in strings)


@lru_cache(maxsize=1024)
def like(pattern: str) -> tuple[str, ...]:
    """Some texts of a pattern, the simplest first; none where it can't be read."""
    accepts = _matcher(pattern)
    try:
        made = _strings(pattern) if accepts is not None else []
    except (re.error, RecursionError, OverflowError):
        made = []
    return tuple(text for text in made if accepts is not None and accepts(text) is True)


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> Callable[[str], bool | None] | None:
    """A test of strings that answers None where it would take too long; None for a pattern that can't be read.

    Patterns come from specs, which nobody vouches for: the validator's engine bounds its steps where Python's does not.
    """
    import jsonschema_rs

    if len(pattern) > LONGEST:
        return None
    try:
        validator = jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (ValueError, jsonschema_rs.ValidationError):
        return None

    def test(text: str) -> bool | None:
        try:
            return validator.is_valid(text)
        except (ValueError, jsonschema_rs.ValidationError):
            return None

    return test


def _is_prefix(shorter: str, longer: str) -> bool:
    """Whether both ask for a literal beginning and one begins the other: `^a` allows all that `^ab` does."""
    one, two = LITERAL.fullmatch(shorter), LITERAL.fullmatch(longer)
    return bool(one and two and two[1].startswith(one[1]))


def _strings(pattern: str) -> list[str]:
    with warnings.catch_warnings():
        # what Python may read otherwise one day (`[[a]`, `[a--b]`) is none of the spec author's business
        warnings.simplefilter("ignore")
        tree = parser.parse(pattern)
    made = list(islice(_sequence(list(tree)), MOST))
    return [*made, *(text + "~" for text in made[:4]), *("~" + text for text in made[:4])]


def _sequence(nodes: list[Any]) -> Iterator[str]:
    """Strings of a sequence of parsed nodes, the simplest first, then each part varied on its own."""
    parts = [list(islice(_node(kind, value), 12)) or [""] for kind, value in nodes]
    first = [options[0] for options in parts]
    yield "".join(first)
    for index, options in enumerate(parts):
        for option in options[1:]:
            yield "".join([*first[:index], option, *first[index + 1 :]])
    yield from ("".join(choice) for choice in islice(product(*(options[:2] for options in parts)), 16))


def _node(kind: Any, value: Any) -> Iterator[str]:
    if kind is c.LITERAL:
        yield chr(value)
    elif kind is c.NOT_LITERAL:
        yield next(spare for spare in SPARE if ord(spare) != value)
    elif kind is c.ANY:
        yield from "a0-"
    elif kind is c.IN:
        yield from _class(value)
    elif kind is c.BRANCH:
        for branch in value[1]:
            yield from islice(_sequence(list(branch)), 4)
    elif kind is c.SUBPATTERN:
        yield from _sequence(list(value[-1]))
    elif kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        yield from _repeat(*value)
    else:
        yield ""


def _repeat(least: int, most: int, body: Any) -> Iterator[str]:
    options = list(islice(_sequence(list(body)), 8))
    top = min(int(most), int(least) + 20, 200)
    for count in dict.fromkeys((min(max(int(least), 1), top), int(least), min(int(least) + 1, top), top)):
        if count <= 200:
            yield options[0] * count
    for option in options[1:]:
        yield option * max(min(int(least), 200), 1)


def _class(items: list[Any]) -> Iterator[str]:
    if items and items[0][0] is c.NEGATE:
        refused = re.compile("[" + "".join(_escape(kind, value) for kind, value in items[1:]) + "]")
        yield from (spare for spare in SPARE if not refused.match(spare))
        return
    for kind, value in items:
        if kind is c.LITERAL:
            yield chr(value)
        elif kind is c.RANGE:
            yield from (chr(value[0]), chr(value[1]))
        elif kind is c.CATEGORY:
            yield from CLASSES.get(value, "")


def _escape(kind: Any, value: Any) -> str:
    if kind is c.LITERAL:
        return re.escape(chr(value))
    if kind is c.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    letters = {c.CATEGORY_DIGIT: r"\d", c.CATEGORY_WORD: r"\w", c.CATEGORY_SPACE: r"\s"}
    return letters.get(value, "")
