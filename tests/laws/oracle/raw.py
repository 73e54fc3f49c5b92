"""Every raw difference of two schemas, found by walking both in step; which branch is which is told by hints."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, zip_longest
from typing import Any, Final

from apidiff.load.resolve import Side
from apidiff.words.errors import ApidiffError
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer
from tests.laws.oracle.markup import is_alike
from tests.laws.oracle.schemas import ABOUT, NUMBERS, Meaning, Place, Schemas, mapping, text

ONE_WAY: Final = frozenset({"readOnly", "writeOnly", "$ref", "allOf", "oneOf", "anyOf"})
"""What makes a property one of requests or responses alone, or may do so."""
LOCAL: Final = ("items", "contains", "unevaluatedItems")


@dataclass(frozen=True)
class Difference:
    """One raw difference in the words of the facts: where it may stand on each side, and what was there.

    `exact` ones are about a thing at the one place named; others are about a keyword of the object at any of them.
    """

    facet: str
    item: str
    base: tuple[Pointer, ...]
    revision: tuple[Pointer, ...]
    before: Any = ABSENT
    after: Any = ABSENT
    exact: bool = False

    def __str__(self) -> str:
        at = (self.base or self.revision or (Pointer(),))[0]
        return f"{self.facet} {self.item} at {at}: {str(self.before)[:60]!r} -> {str(self.after)[:60]!r}"


@dataclass
class Hints:
    """Which thing of the base was taken for which of the revision, where names do not tell."""

    pairs: set[tuple[Pointer, Pointer]] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    parameters: dict[Pointer, set[Pointer]] = field(default_factory=dict)
    properties: dict[Pointer, tuple[str, ...]] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)
    """The names in the base of the revision's security schemes that are called otherwise."""


class SchemaPairs:
    """Walks pairs of schemas, each once."""

    def __init__(self, base: Side, revision: Side, hints: Hints) -> None:
        self.sides = (base, revision)
        self.schemas = (Schemas(base), Schemas(revision))
        self.hints = hints
        self.found: list[Difference] = []
        self._done: set[tuple[int, int]] = set()
        self._queue: list[tuple[Meaning, Meaning]] = []
        self._made: list[Any] = []
        self._referring: list[tuple[Any, Any, Pointer, Pointer]] = []
        self.entered: set[Pointer] = set()

    def add(
        self,
        facet: str,
        item: str,
        base: Iterable[Pointer],
        revision: Iterable[Pointer],
        before: Any = ABSENT,
        after: Any = ABSENT,
        *,
        exact: bool = False,
    ) -> None:
        self.found.append(Difference(facet, item, tuple(base), tuple(revision), before, after, exact))

    def schema(self, base: list[Place], revision: list[Place]) -> None:
        """Two schemas that are each other's: queue them, and compare what stands beside their references."""
        self._beside(base, revision)
        one, two = self.schemas[0].read(base), self.schemas[1].read(revision)
        if (id(one), id(two)) not in self._done:
            self.entered.update(one.at)
            self._done.add((id(one), id(two)))
            self._queue.append((one, two))

    def run(self) -> None:
        while self._queue:
            self._compare(*self._queue.pop())

    def _beside(self, base: list[Place], revision: list[Place]) -> None:
        sides = [
            places[0]
            for places in (base, revision)
            if len(places) == 1 and isinstance(places[0][0], dict) and isinstance(places[0][0].get("$ref"), str)
        ]
        if len(sides) != 2 or not all(
            reader.is_plain_reference(place[0]) for reader, place in zip(self.schemas, sides, strict=True)
        ):
            return
        (left, left_at), (right, right_at) = sides
        for key in (left.keys() | right.keys()) - {"$ref"}:
            before, after = left.get(key, ABSENT), right.get(key, ABSENT)
            if not same(before, after):
                facet = (
                    "description"
                    if key == "$comment"
                    else key
                    if key
                    in ("title", "description", "externalDocs", "xml", "example", "examples", "deprecated", "summary")
                    else "extension"
                )
                self.add(facet, key if facet == "extension" else "", [left_at], [right_at], before, after)

    # one pair ---------------------------------------------------------------------------------------------------------

    def _compare(self, one: Meaning, two: Meaning) -> None:
        if one.is_folded and two.unions and not two.is_folded:
            one = self.schemas[0].unfolded(one)
        elif two.is_folded and one.unions and not one.is_folded:
            two = self.schemas[1].unfolded(two)
        self._said(one, two)
        is_any = [
            side.types is None and side.listed is None and (not side.unions or reader.holds_any(side))
            for reader, side in zip(self.schemas, (one, two), strict=True)
        ]
        if one.null != two.null and not any(is_any):
            self.add("nullable", "", one.at, two.at, one.null, two.null)
        if self._unions(one, two):
            return
        one, two = _asked(_counted(one, two)), _asked(_counted(two, one))
        if not self._types(one, two, one.kinds(), two.kinds()) or one.never != two.never:
            return  # what a schema asks of no value at all is nothing
        self._values(one, two)
        declared = _overlap(one.types, two.types)
        self._limits(one, two, declared)
        if declared is None or "object" in declared:
            self._object(one, two)
        if declared is None or "array" in declared:
            self._prefix(one, two)
        self._held(one, two, declared)
        self._conditions(one, two)

    def referred(self) -> None:
        """What free-form values refer to in other files, where nothing was compared with it as anything else."""
        done: set[tuple[Pointer, Pointer]] = set()
        while self._referring:
            before, after, base, revision = self._referring.pop()
            for reference in references_of(before) & references_of(after):
                try:
                    ends = self.sides[0].find(reference, base), self.sides[1].find(reference, revision)
                except ApidiffError:
                    continue
                if ends[0] is None or ends[1] is None or (ends[0][1], ends[1][1]) in done:
                    continue
                done.add((ends[0][1], ends[1][1]))
                if ends[0][1].file and ends[1][1].file and ends[0][1] not in self.entered:
                    self.free(ends[0][0], ends[1][0], ends[0][1], ends[1][1])
                    if not same(ends[0][0], ends[1][0]):
                        self.add("referred", "", [ends[0][1]], [ends[1][1]], ends[0][0], ends[1][0], exact=True)

    def free(self, before: Any, after: Any, base: Pointer, revision: Pointer) -> None:
        """A free-form value on both sides: what it refers to may differ though it is the same."""
        if before is not ABSENT and after is not ABSENT:
            self._referring.append((before, after, base, revision))

    def _differ(self, one: Meaning, two: Meaning, facet: str, before: Any, after: Any, item: str = "") -> None:
        self.free(before, after, one.at[0], two.at[0])
        if facet == "xml" and is_alike(one, two, before, after):
            return
        if not same(before, after):
            self.add(facet, item, one.at, two.at, before, after)

    def _said(self, one: Meaning, two: Meaning) -> None:
        for key in one.says.keys() | two.says.keys():
            facet, keyword = key
            self._differ(
                one,
                two,
                facet,
                one.says.get(key, ABSENT),
                two.says.get(key, ABSENT),
                keyword if facet == "extension" else "",
            )
        self._shown(one, two)
        self._outdone(one, two)
        self._said_in_branches(one, two)
        old, new = ({text(value): value for value in side.open_values} for side in (one, two))
        for gone, came in ((old, new), (new, old)):
            lost = [value for name, value in gone.items() if name not in came]
            if lost:
                self.add("extensible-enum", "", one.at, two.at, *((lost, ABSENT) if gone is old else (ABSENT, lost)))
        self._discriminator(one, two)

    def _outdone(self, one: Meaning, two: Meaning) -> None:
        """What parts say where another part says it first: what only one side has, in order."""
        heard = one.heard(), two.heard()
        left = [
            [(key, value) for key, value, _ in mine.outdone if (key, text(value)) not in heard[1 - side]]
            for side, mine in enumerate((one, two))
        ]
        for key in dict.fromkeys(key for side in left for key, _ in side):
            values = [[value for other, value in side if other == key] for side in left]
            for was, now in zip_longest(*values, fillvalue=ABSENT):
                self._differ(one, two, key[0], was, now, key[1] if key[0] == "extension" else "")

    def _said_in_branches(self, one: Meaning, two: Meaning) -> None:
        """What is said of the branches of unions that were read as a list of types or values."""
        if one.branches and two.branches:
            was, now = ({(b.null, b.types, text([*(b.listed or ())])): b for b in m.branches} for m in (one, two))
            for key in was.keys() & now.keys():
                self._said(was[key], now[key])
            return
        for key in (("title", "title"), ("description", "description"), ("externalDocs", "externalDocs")):
            found = [branch for branch in one.branches or two.branches if key in branch.says]
            values = [branch.says[key] for branch in found]
            if found:
                value = values[0] if len(values) == 1 else values
                ends = (found[0].at, [], value, ABSENT) if one.branches else ([], found[0].at, ABSENT, value)
                self.add(key[0], "", *ends)

    def _shown(self, one: Meaning, two: Meaning) -> None:
        """The examples, as one difference where each side has them under one keyword."""
        if one.shown() == two.shown():
            return
        if len(one.examples) < 2 and len(two.examples) < 2:
            self.add(
                "example", "", one.at, two.at, *(next(iter(side.examples.values()), ABSENT) for side in (one, two))
            )
            return
        for keyword in ("example", "examples"):
            self._differ(one, two, "example", *(side.examples.get(keyword, ABSENT) for side in (one, two)))

    def _discriminator(self, one: Meaning, two: Meaning) -> None:
        was, now = one.discriminator, two.discriminator
        if was is None or now is None:
            self._differ(one, two, "discriminator", ABSENT if was is None else was, ABSENT if now is None else now)
            return
        self._differ(one, two, "discriminator", was.get("propertyName", ABSENT), now.get("propertyName", ABSENT))
        maps = [side.get("mapping") or {} for side in (was, now)]
        for key in maps[0].keys() | maps[1].keys():
            names = [str(side[key]).rsplit("/", 1)[-1] if key in side else ABSENT for side in maps]
            if self._is_renamed(*names):
                continue
            self._differ(one, two, "discriminator-mapping", names[0], names[1], key)
        names = [
            str(side["defaultMapping"]).rsplit("/", 1)[-1] if "defaultMapping" in side else ABSENT
            for side in (was, now)
        ]
        if not self._is_renamed(*names):
            self._differ(one, two, "discriminator-default", names[0], names[1])
        for key in (was.keys() | now.keys()) - {"propertyName", "mapping", "defaultMapping"}:
            before, after = was.get(key, ABSENT), now.get(key, ABSENT)
            if not same(before, after):
                places = [[at.child("discriminator") for at in side.at] for side in (one, two)]
                self.add("extension", key, *places, before, after)

    def _is_renamed(self, before: Any, after: Any) -> bool:
        """Whether two names are those of a component that only one side has each."""
        schemas = [
            mapping(mapping(side.root.get("components")).get("schemas")) or mapping(side.root.get("definitions"))
            for side in self.sides
        ]
        return before in schemas[0] and before not in schemas[1] and after in schemas[1] and after not in schemas[0]

    def _types(self, one: Meaning, two: Meaning, was: Any, now: Any) -> bool:
        """The types and null; False where the two have no value in common but null."""
        apart = bool(was is not None and now is not None and was and now and not _overlap(was, now))
        if one.listed is None and two.listed is None:
            self._differ(one, two, "type", _words(one.types), _words(two.types))
        elif one.types != two.types:
            is_any = [side.types is None and side.listed is None for side in (one, two)]
            # of lists on both sides, none of whose values are of the type on one: it allows nothing there
            is_void = None not in (was, now, one.listed, two.listed) and bool(was) != bool(now)
            if apart or any(is_any) or is_void:
                self.add("type", "", one.at, two.at, _words(one.types), _words(two.types))
        return not apart or (one.types == two.types)

    def _values(self, one: Meaning, two: Meaning) -> None:
        was, now = one.values(), two.values()
        if was is None and now is None:
            return
        if was is None or now is None:
            lister, free = (two, one) if was is None else (one, two)
            values = list((now if was is None else was or {}).values())
            self.add("enum-set", "", one.at, two.at, *((values, ABSENT) if now is None else (ABSENT, values)))
            if strays := [value for value in values if lister.allows(value) and not free.allows(value)]:
                self.add("enum", "", one.at, two.at, *((strays, ABSENT) if now is None else (ABSENT, strays)))
            return
        lost = [value for name, value in was.items() if name not in now]
        new = [value for name, value in now.items() if name not in was]
        if len(was) == len(now) == len(lost) == 1:
            self.add("const", "", one.at, two.at, lost[0], new[0])
            return
        if lost:
            self.add("enum", "", one.at, two.at, lost, ABSENT)
        if new:
            self.add("enum", "", one.at, two.at, ABSENT, new)

    def _limits(self, one: Meaning, two: Meaning, types: frozenset[str] | None) -> None:
        if one.listed is not None or two.listed is not None:
            return
        for keyword in sorted(one.limits.keys() | two.limits.keys()):
            about = ABOUT[keyword]
            if types is not None and not types & about:
                continue
            was, now = (_limit(keyword, side.limits.get(keyword, ABSENT), types) for side in (one, two))
            if keyword == "minProperties" and _least(was, one) == _least(now, two):
                continue
            if not same(was, now):
                self.add("format-hint" if keyword == "format" else keyword, "", one.at, two.at, was, now)

    def _object(self, one: Meaning, two: Meaning) -> None:
        heirs: dict[str, tuple[str, ...]] = {}
        moved = self._inside(one, two, turned=False), self._inside(two, one, turned=True)
        for name in one.properties.keys() - two.properties.keys() - moved[0]:
            place = one.properties[name][0]
            heirs[name] = self.hints.properties.get(place[1], ())
            self.add("presence", name, [place[1]], [], place[0], ABSENT, exact=True)
            if len(heirs[name]) == 1:
                self._property(one, two, name, heirs[name][0])
            if not heirs[name] and isinstance(two.additional, list):
                self.schema(one.properties[name], two.additional)
        taken = {heir for names in heirs.values() for heir in names}
        for name in two.properties.keys() - one.properties.keys() - moved[1]:
            place = two.properties[name][0]
            self.add("presence", name, [], [place[1]], ABSENT, place[0], exact=True)
            if name not in taken and isinstance(one.additional, list):
                self.schema(one.additional, two.properties[name])
        for name in one.properties.keys() & two.properties.keys():
            self._property(one, two, name, name)
        went, came = one.properties.keys() - two.properties.keys(), two.properties.keys() - one.properties.keys()
        for name in sorted((one.required ^ two.required) - (one.required & went) - (two.required & came)):
            self.add("required", name, one.at, two.at, name in one.required, name in two.required)
        was, now = one.additional, two.additional
        free = [
            isinstance(side, list) and reader.read(side).is_free
            for reader, side in zip(self.schemas, (was, now), strict=True)
        ]
        if isinstance(was, list) and isinstance(now, list):
            self.schema(was, now)
        elif (free[0] and now is True) or (free[1] and was is True):
            self._one_sided("additionalProperties", "", was if free[0] else [], now if free[1] else [])
        elif was is not now:
            ends = [_whole(side) if isinstance(side, list) else side for side in (was, now)]
            self.add("additionalProperties", "", one.at, two.at, *ends)
        for name, need in sorted(one.needs ^ two.needs):
            had = (name, need) in one.needs
            self.add("dependentRequired", f"{name} needs {need}", one.at, two.at, had, not had)

    def _inside(self, one: Meaning, two: Meaning, *, turned: bool) -> set[str]:
        """The properties of one side that the other has in the branches of a union: compared with all of these."""
        reader = self.schemas[0 if turned else 1]
        branches = [reader.read([place]) for _, places, _ in two.unions for place in places]
        found = {
            name
            for name in one.properties.keys() - two.properties.keys()
            if any(name in b.properties for b in branches)
        }
        for name in sorted(found):
            if all(name in branch.properties for branch in branches):
                parts = [*{text(part): part for part in (_whole(b.properties[name]) for b in branches)}.values()]
                made = parts[0] if len(parts) == 1 else {"anyOf": parts}
                self._made.append(made)
                # where it stands: at its own place of one branch, else at the union
                places = branches[0].properties[name] if len(parts) == 1 else [(made, two.unions[0][2])]
                self.schema(*((places, one.properties[name]) if turned else (one.properties[name], places)))
            is_always = name in two.required or all(name in branch.required for branch in branches)
            if name in one.required and not is_always:
                sides = (two, one) if turned else (one, two)
                self.add(
                    "required",
                    name,
                    list(sides[0].at) + [u[2] for u in sides[0].unions],
                    list(sides[1].at) + [u[2] for u in sides[1].unions],
                    not turned,
                    turned,
                )
        return found

    def _property(self, one: Meaning, two: Meaning, name: str, heir: str) -> None:
        base, revision = one.properties[name], two.properties[heir]
        left, right = self.schemas[0].read(base), self.schemas[1].read(revision)
        for mark in sorted(left.marks ^ right.marks):
            had = mark in left.marks
            self.add(mark, "", left.at, right.at, *((True, ABSENT) if had else (ABSENT, True)))
        if name != heir and (name in one.required) != (heir in two.required):
            self.add("required", heir, one.at, two.at, name in one.required, heir in two.required)
        self.schema(base, revision)

    def _prefix(self, one: Meaning, two: Meaning) -> None:
        for index in range(max(len(one.prefix), len(two.prefix))):
            was, now = (
                [side.prefix[index]] if index < len(side.prefix) else side.holds.get(("items", ""), [])
                for side in (one, two)
            )
            if was and now:
                self.schema(was, now)
            else:
                self._one_sided("prefixItems", str(index), was, now)

    def _held(self, one: Meaning, two: Meaning, types: frozenset[str] | None) -> None:
        for relation, name in sorted(one.holds.keys() | two.holds.keys()):
            about = (
                "array"
                if relation in LOCAL
                else "object"
                if relation in ("propertyNames", "unevaluatedProperties")
                else None
            )
            if types is not None and about is not None and about not in types:
                continue
            was, now = (side.holds.get((relation, name), []) for side in (one, two))
            if was and now:
                self.schema(was, now)
                continue
            least = (one if was else two).limits.get("minContains", 1)
            lets_in = relation == "patternProperties" and (two if was else one).is_closed
            if relation != "contains" or least:
                self._one_sided(relation, name, was, now, always=relation == "not" or lets_in)

    def _one_sided(self, relation: str, name: str, was: list[Place], now: list[Place], *, always: bool = False) -> None:
        side, places = (0, was) if was else (1, now)
        if not always and self.schemas[side].read(places).is_free:
            nothing: list[Place] = [({}, places[0][1])]
            self.schema(was or nothing, now or nothing)
        else:
            node, at = _whole(places), places[0][1]
            ends = ([at], []) if was else ([], [at])
            self.add(relation, name, *ends, *((node, ABSENT) if was else (ABSENT, node)), exact=True)

    def _conditions(self, one: Meaning, two: Meaning) -> None:
        for index in range(max(len(one.conditions), len(two.conditions))):
            was, now = (side.conditions[index] if index < len(side.conditions) else ABSENT for side in (one, two))
            self._differ(one, two, "if", was, now)

    # unions -----------------------------------------------------------------------------------------------------------

    def _unions(self, one: Meaning, two: Meaning) -> bool:
        """The branches; True where they are all there is to compare."""
        if not one.unions and not two.unions:
            return False
        if not one.unions and two.is_union and not one.is_free:
            self._branches(two.unions[0][0], self._alone(one, two.unions[0], self.schemas[1]), two.unions[0])
            return True
        if not two.unions and one.is_union and not two.is_free:
            self._branches(one.unions[0][0], one.unions[0], self._alone(two, one.unions[0], self.schemas[0]))
            return True
        for index in range(max(len(one.unions), len(two.unions))):
            was, now = (side.unions[index] if index < len(side.unions) else None for side in (one, two))
            if was and now:
                self._branches(now[0], was, now)
            elif (union := was or now) is not None:
                self.add(union[0], "", [was[2]] if was else [], [now[2]] if now else [], exact=True)
        return one.is_union and two.is_union

    def _alone(
        self, meaning: Meaning, other: tuple[str, list[Place], Pointer], reader: Schemas
    ) -> tuple[str, list[Place], Pointer]:
        """A plain schema as the union of one branch that it is; null belongs to the whole where the other has it so."""
        node, at = meaning.nodes[0], meaning.at[0]
        is_in_branch = any(one.null and not one.is_free for one in (reader.read([place]) for place in other[1]))
        if meaning.null and not is_in_branch and isinstance(node, dict) and isinstance(node.get("type"), str):
            node = {key: value for key, value in node.items() if key not in ("nullable", "x-nullable")}
            self._made.append(node)
        return "", [(node, at)], at

    def _branches(
        self, keyword: str, was: tuple[str, list[Place], Pointer], now: tuple[str, list[Place], Pointer]
    ) -> None:
        left, right = dict(enumerate(was[1])), dict(enumerate(now[1]))
        for _, i, j in sorted(
            (rank, i, j)
            for i, one in left.items()
            for j, two in right.items()
            if (rank := self._likeness(one, two)) is not None
        ):
            if i in left and j in right:
                self.schema([left.pop(i)], [right.pop(j)])
        for place in left.values():
            self.add(was[0] or keyword, "", [place[1]], [], exact=True)
        for place in right.values():
            self.add(now[0] or keyword, "", [], [place[1]], exact=True)
        if was[0] and now[0] and was[0] != now[0] and not self._are_apart(now[1]):
            self.add(now[0], "keyword", [was[2]], [now[2]], was[0], now[0], exact=True)

    def _are_apart(self, places: list[Place]) -> bool:
        """Whether types or required constants keep every two branches of the revision apart."""
        read = [self.schemas[1].read([place]) for place in places]
        return all(not _share(one, two) or self._constants_differ(one, two) for one, two in combinations(read, 2))

    def _constants_differ(self, one: Meaning, two: Meaning) -> bool:
        names = one.required & two.required & one.properties.keys() & two.properties.keys()
        lists = [[self.schemas[1].read(side.properties[name]).listed for side in (one, two)] for name in names]
        return any(left is not None and right is not None and not left.keys() & right.keys() for left, right in lists)

    def _likeness(self, base: Place, revision: Place) -> int | None:
        """How well two branches go together, best first; None where nothing says that they do."""
        names = [
            str(node["$ref"]).rsplit("/", 1)[-1] if isinstance(node, dict) and "$ref" in node else None
            for node, _ in (base, revision)
        ]
        if names[0] is not None and names[0] == names[1]:
            return 0
        ends = [reader.follow(place) for reader, place in zip(self.schemas, (base, revision), strict=True)]
        if (ends[0][1], ends[1][1]) in self.hints.pairs or (base[1], revision[1]) in self.hints.pairs:
            return 1
        return 2 if text(base[0]) == text(revision[0]) or text(ends[0][0]) == text(ends[1][0]) else None


def references_of(value: Any) -> set[str]:
    """Every `$ref` in a value."""
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references_of, value.values()))
    return set().union(*map(references_of, value)) if isinstance(value, list) else set()


def _whole(places: list[Place]) -> Any:
    """One node that means all of several."""
    return places[0][0] if len(places) == 1 else {"allOf": [node for node, _ in places]}


def _share(one: Meaning, two: Meaning) -> bool:
    """Whether a value can be of both, as far as types tell."""
    return _overlap(one.types, two.types) != frozenset() or (one.null and two.null)


def _overlap(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    return (one & two) | (
        frozenset({"integer"}) if one & NUMBERS and two & NUMBERS and not one & two & NUMBERS else frozenset()
    )


def _words(types: frozenset[str] | None) -> Any:
    if types is None:
        return ABSENT
    return next(iter(types)) if len(types) == 1 else sorted(types)


def _asked(mine: Meaning) -> Meaning:
    """What is asked for in any case is no dependency (JSON Schema Validation, 6.5.3 and 6.5.4)."""
    required, needs = set(mine.required), set(mine.needs)
    while met := {(name, need) for name, need in needs if name == need or name in required or need in required}:
        required |= {need for name, need in met if name in required}
        needs -= met
    return mine if needs == mine.needs else replace(mine, required=required, needs=needs)


def _counted(mine: Meaning, other: Meaning) -> Meaning:
    """Multiples of a whole number are integers, where the other side says so (JSON Schema Validation, 6.2.1)."""
    step = mine.limits.get("multipleOf", 0.5)
    is_whole = mine.types == {"number"} and other.types == {"integer"} and step == int(step)
    return replace(mine, types=frozenset({"integer"})) if is_whole else mine


def _least(limit: Any, side: Meaning) -> int:
    """How many properties an object has at least, by what it requires too."""
    nodes = {name: [node for node, _ in places] for name, places in side.properties.items() if name in side.required}
    always = [one for one in nodes.values() if all(isinstance(n, dict) and not n.keys() & ONE_WAY for n in one)]
    return max(0 if limit is ABSENT else limit, len(always))


def _limit(keyword: str, limit: Any, types: frozenset[str] | None) -> Any:
    if keyword == "minContains" and limit is ABSENT:
        return 1
    if types == {"integer"} and limit is not ABSENT:
        if keyword == "multipleOf" and (1 / Fraction(str(limit))).denominator == 1:
            return ABSENT
        if keyword in ("minimum", "maximum") and limit[1] and limit[0] == int(limit[0]):
            return int(limit[0]) + (1 if keyword == "minimum" else -1), False
    return limit


def same(before: Any, after: Any) -> bool:
    if before is ABSENT or after is ABSENT:
        return before is after
    if isinstance(before, (frozenset, tuple)) or isinstance(after, (frozenset, tuple)):
        return bool(before == after)
    return text(before) == text(after)
