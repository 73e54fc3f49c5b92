"""The books: every raw difference against the facts that explain it, and every fact against what it explains."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from apidiff.diff import Differences
from apidiff.words.facts import ABSENT, Action, Fact, Subject
from apidiff.words.pointer import Pointer
from tests.laws.oracle.raw import Difference, Hints, same
from tests.laws.oracle.schemas import text
from tests.laws.oracle.servers import address
from tests.laws.oracle.specs import SpecPairs

DEEPER: Final = {
    "content": 2,
    "discriminator-mapping": 3,
    "discriminator": 2,
    "dependentRequired": 2,
    **dict.fromkeys(("variables", "variable", "unused-variable", "address"), 2),
}
"""How far below the object that says it a fact may point; else it points at the object or at a key of it."""
FACETS: Final = {
    "format-hint": ("format", "format-hint", "format-bytes"),
    "stability": ("stability", "extension"),
    "extension": ("extension", "unknown-key"),
    "address": ("url", "variable"),
    "type": ("type", "wire-type", "wire-list"),
    "name": ("name", "querystring-name"),
    "nullable": ("nullable", "wire-null"),
}
"""Facets that facts may name otherwise."""
NAMED: Final = frozenset(
    {
        *("required", "dependentRequired", "tags", "scope", "extension", "variables", "unused-variable", "encoding"),
        "discriminator-mapping",
    }
)
"""Facets whose facts name in `item` what they are about."""
WHOLE: Final = frozenset(
    {
        *(Subject.PROPERTY, Subject.PARAMETER, Subject.RESPONSE, Subject.HEADER, Subject.LINK, Subject.COMPONENT),
        *(Subject.MEDIA_TYPE, Subject.SECURITY_SCHEME),
    }
)
"""What comes or goes with all that it is."""
IN_WORDS: Final = frozenset({"serialization", "requirement", "if", "stability"})
"""Facets whose facts say their values in words, which are not taken apart here."""


CONCLUDED: Final = frozenset({"overlap", "discriminator-name", "ineffective-keyword"})
"""Facets whose facts follow from other edits, as a value shows: they explain no difference, and none explains them."""


@dataclass
class Account:
    """What came of it: nothing may be uncovered, invented or said twice."""

    differences: list[Difference]
    facts: int = 0
    uncovered: list[Difference] = field(default_factory=list)
    invented: list[Fact] = field(default_factory=list)
    twice: list[tuple[Difference, list[Fact]]] = field(default_factory=list)

    @property
    def is_even(self) -> bool:
        """Whether the facts, applied to the base, give the revision, and nothing else does."""
        return not (self.uncovered or self.invented or self.twice)

    def __str__(self) -> str:
        return (
            f"{len(self.differences):,} raw differences, {self.facts:,} facts, {len(self.uncovered)} uncovered, "
            f"{len(self.invented)} invented, {len(self.twice)} said twice"
        )

    def faults(self) -> list[str]:
        """Every entry that does not balance, in words."""
        return [
            *(f"uncovered: {one}" for one in self.uncovered),
            *(f"invented: {_words(one)}" for one in self.invented),
            *(f"twice: {one}: {[_words(fact) for fact in facts]}" for one, facts in self.twice),
        ]


def _words(fact: Fact) -> str:
    edit = f"{fact.subject.value} {fact.facet} {fact.action.value} {fact.item}"
    return f"{edit} at {fact.base} and {fact.revision}: {str(fact.before)[:60]!r} -> {str(fact.after)[:60]!r}"


def account(found: Differences) -> Account:
    """Set all raw differences of a comparison against all its facts; a fact found at several pairs is one."""
    base, revision = found.base.side, found.revision.side
    books = Account(SpecPairs(base, revision, _hints(found)).differences())
    facts: dict[Any, list[Fact]] = defaultdict(list)
    retyped = {pair for pair, fact, _ in found.graph.facts if fact.facet == "wire-type"}
    excused = set()
    for pair, fact, _ in found.graph.facts:
        if fact.facet in CONCLUDED:
            continue
        key = fact.subject, fact.facet, fact.action, fact.base, fact.revision, fact.item
        facts[key].append(fact)
        if pair in retyped:  # what the other type asks of the same texts went with the type, as JSON has it
            excused.add(key)
    books.facts = len(facts)
    index, used = _by_place(facts), set()
    for difference in books.differences:
        told = [key for key in _candidates(difference, index) if any(explains(fact, difference) for fact in facts[key])]
        used.update(told)
        if not told:
            books.uncovered.append(difference)
            continue
        places = Counter(_said_of(key) for key in told)
        if double := [facts[key][0] for key in told if places[_said_of(key)] > 1]:
            books.twice.append((difference, double))
    books.invented = [alike[0] for key, alike in facts.items() if key not in used | excused]
    return books


def _depth(facet: str, pointer: Pointer) -> int:
    """How far below its object a fact may point; a name that another one asks for stands in a list of that one's."""
    if facet == "required" and pointer.segments[-2:-1] == ("dependentRequired",):
        return 2
    return DEEPER.get(facet, 1)


def _said_of(key: Any) -> tuple[Any, ...]:
    """What one fact is about: one of several addresses, or a schema that JSON and a form share in one of them."""
    return key[3], key[4], key[1].startswith("wire-"), key[5] if key[1] == "url" else ""


def _hints(found: Differences) -> Hints:
    """What the facts say of renames and moves, and which branches were compared with which."""
    known = Hints(pairs={(one[1], two[1]) for one, two in found.walk.ends.values()})
    for _, fact, _ in found.graph.facts:
        if fact.base is None or fact.revision is None:
            continue
        match fact.subject, fact.facet, fact.action:
            case (_, "path", Action.MOVED):
                known.moved[fact.before] = fact.after
            case _, ("name" | "location" | "querystring-name"), _:
                known.parameters.setdefault(fact.base, set()).add(fact.revision)
            case Subject.SECURITY_SCHEME, "presence", Action.RENAMED:
                known.schemes[fact.after] = fact.before
            case Subject.PROPERTY, "presence", Action.RENAMED:
                known.properties[fact.base] = _heirs(fact)
    return known


def _heirs(fact: Fact) -> tuple[str, ...]:
    return tuple(fact.after) if isinstance(fact.after, list) else (fact.after,)


def _by_place(facts: dict[Any, list[Fact]]) -> dict[tuple[str, Pointer], list[Any]]:
    """The facts by facet and place, each also where a difference may stand above it."""
    index: dict[tuple[str, Pointer], list[Any]] = defaultdict(list)
    for key in facts:
        facet = key[1]
        for pointer in {key[3], key[4]} - {None}:
            index["referred", pointer].append(key)
            for up in range(min(_depth(facet, pointer), len(pointer.segments)) + 1):
                index[facet, Pointer(pointer.file, pointer.segments[: len(pointer.segments) - up])].append(key)
    return index


def _candidates(difference: Difference, index: dict[tuple[str, Pointer], list[Any]]) -> dict[Any, None]:
    """The facts that stand where a difference does; those of a split stand at the first part, beside the others."""
    facets = FACETS.get(difference.facet, (difference.facet,))
    places = [*difference.base, *difference.revision]
    if difference.facet == "presence":
        places += [Pointer(place.file, place.segments[:-1]) for place in places]
    return {key: None for facet in facets for place in places for key in index.get((facet, place), ())}


def explains(fact: Fact, difference: Difference) -> bool:
    """Whether a fact says just this: at this place, of this thing, with these values."""
    if fact.action is Action.RENAMED and fact.facet == "presence":
        return difference.facet == "presence" and _renames(fact, difference)
    for pointer, places in ((fact.base, difference.base), (fact.revision, difference.revision)):
        if difference.exact:
            if (pointer is None) != (not places) or (pointer is not None and pointer not in places):
                return False
        elif pointer is not None and places and not _is_at(pointer, places, fact.facet):
            return False
    return _says(fact, difference)


def _is_at(pointer: Pointer, places: tuple[Pointer, ...], facet: str) -> bool:
    """Whether a pointer is at one of the places, or at a key of it."""
    return any(
        pointer.file == place.file
        and len(place.segments) <= len(pointer.segments) <= len(place.segments) + _depth(facet, pointer)
        and pointer.segments[: len(place.segments)] == place.segments
        for place in places
    )


def _says(fact: Fact, difference: Difference) -> bool:
    facet = difference.facet
    if facet == "presence":
        return _comes_or_goes(fact, difference)
    if fact.facet == "extension" and facet == "stability":
        return fact.item == difference.item
    if facet in NAMED and difference.item and fact.item != difference.item:
        return False
    if facet in ("oneOf", "anyOf"):
        return (fact.item == "keyword") == (difference.item == "keyword")
    if facet in IN_WORDS:
        return True
    if facet == "address":
        return _offers(fact, difference)
    if facet == "alternative":  # one that became another is said of both
        ends = ((fact.before, difference.before), (fact.after, difference.after))
        return all(raw is ABSENT or same(stated, raw) for stated, raw in ends)
    agree = AGREE.get(facet, same)
    return agree(fact.before, difference.before) and agree(fact.after, difference.after)


def _renames(fact: Fact, difference: Difference) -> bool:
    is_component = fact.subject in (Subject.COMPONENT, Subject.SECURITY_SCHEME)
    if difference.base:
        return fact.base in difference.base and fact.before == (difference.before if is_component else difference.item)
    if is_component:
        return fact.revision in difference.revision and fact.after == difference.after
    return difference.item in _heirs(fact) and any(
        fact.revision is not None and place.segments[:-1] == fact.revision.segments[:-1]
        for place in difference.revision
    )


def _comes_or_goes(fact: Fact, difference: Difference) -> bool:
    stated, raw = (fact.before, difference.before) if difference.base else (fact.after, difference.after)
    if fact.subject in WHOLE:
        # a schema that several branches of an allOf give is said as the allOf that it is
        return same(stated, raw) or (isinstance(stated, dict) and "allOf" in stated)
    if stated is ABSENT or raw is ABSENT:
        return True
    return isinstance(stated, dict) and all(same(raw.get(key, ABSENT), value) for key, value in stated.items())


def _offers(fact: Fact, difference: Difference) -> bool:
    """Whether a fact is about an address: it says it, or what its server is where nobody chooses, or its variable."""
    is_lost = difference.before is not ABSENT
    if fact.facet == "variable":
        return fact.action in ((Action.REMOVED, Action.TIGHTENED) if is_lost else (Action.ADDED, Action.LOOSENED))
    stated, told = (fact.before, difference.before) if is_lost else (fact.after, difference.after)
    return stated is not ABSENT and address(stated) in told


def _same_values(stated: Any, raw: Any) -> bool:
    """Lists of values, in any order."""
    if stated is ABSENT or raw is ABSENT:
        return stated is raw
    return isinstance(stated, list) and sorted(map(text, stated)) == sorted(map(text, raw))


def _same_bound(stated: Any, raw: Any) -> bool:
    """Bounds; one that leaves its number out is said as the object `{exclusiveMinimum: 1}`."""
    if raw is ABSENT:
        return stated is ABSENT
    number, is_exclusive = raw
    if isinstance(stated, dict) != is_exclusive:
        return False
    return same(next(iter(stated.values())) if is_exclusive else stated, number)


def _same_texts(stated: Any, raw: Any) -> bool:
    """Patterns and formats; those that an `allOf` asks for at once are joined in one text."""
    return (stated is ABSENT) == (raw is ABSENT) and (raw is ABSENT or all(one in stated for one in raw))


def _same_count(stated: Any, raw: Any) -> bool:
    """`minContains`, which is 1 where nothing is said."""
    return same(1 if stated is ABSENT else stated, raw)


AGREE: Final = {
    **dict.fromkeys(("enum", "enum-set", "extensible-enum"), _same_values),
    **dict.fromkeys(("minimum", "maximum"), _same_bound),
    **dict.fromkeys(("pattern", "format-hint"), _same_texts),
    "minContains": _same_count,
}
"""How the values of a facet are compared with those of a raw difference, where they are not simply the same."""
