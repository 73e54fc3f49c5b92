"""Judges facts: each meets the rules once for every direction in which an operation reaches it, and becomes a change.

It never looks at a document; what it knows is the fact, the graph of pairs and the catalogue.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any, Final

import orjson

from apidiff.diff import Differences
from apidiff.diff.graph import MOST_PLACES, Ways
from apidiff.diff.lifetimes import read_date
from apidiff.diff.owners import held_by_several
from apidiff.judge.exposure import exposure_of
from apidiff.judge.sent import as_sent
from apidiff.judge.witness import NOT_SOUGHT, Finder
from apidiff.judge.wording import (
    HARMLESS,
    Words,
    basis,
    fill,
    guesses,
    headline,
    is_harmless_side,
    own_label,
    path_words,
)
from apidiff.load.resolve import Side
from apidiff.rules import asks_where, find, judge
from apidiff.rules.profiles import Profile, level_of
from apidiff.rules.rule import Rule
from apidiff.words.changes import UNCLASSIFIED, Alternative, Change, Level, Witness
from apidiff.words.direction import DIRECTIONS, FLIPPED, Direction
from apidiff.words.facts import Action, Fact, Subject
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer
from apidiff.words.within import NOWHERE, Surroundings

RANK: Final = {level: index for index, level in enumerate(Level)}
UNUSED: Final = frozenset({Subject.SECURITY_SCHEME, Subject.LINK, Subject.SERVER})
"""What hurts nobody where no operation uses it; of schemas the rules say so themselves, by their directions."""
UNDIRECTED: Final = frozenset({Subject.DOCUMENT, Subject.PATH, Subject.OPERATION, Subject.SECURITY_SCHEME})
"""What is neither sent nor received."""
IN_SCHEMAS: Final = frozenset({Subject.SCHEMA, Subject.PROPERTY})
MOST_ALIKE: Final = 2_000
"""Changes of one rule, direction and reach that are said one by one; what is beyond is one change together."""
Key = tuple[Subject, str, Action, Pointer | None, Pointer | None, str]


@dataclass(slots=True)
class _Verdict:
    """What one fact is in one direction: its rule, whom it reaches, and the pairs at which it was found."""

    fact: Fact
    rule: Rule | None
    level: Level
    operations: int = 0
    states: dict[tuple[int, int], None] = field(default_factory=dict)


def classify(
    differences: Differences,
    *,
    today: date | None = None,
    profile: Profile = Profile.STANDARD,
    levels: Mapping[str, Level] | None = None,
    window_days: int = 180,
    witnesses: bool = True,
    versioned: bool = True,
) -> tuple[Change, ...]:
    """Every change, worst first.

    `levels` are the user's own by rule id; a sunset sooner than `window_days` after today counts as too soon.
    `versioned` says that both are versions of one spec, and not a spec and nothing.
    """
    judged = _Judge(
        differences,
        today=today,
        profile=profile,
        levels=levels or {},
        window_days=window_days,
        witnesses=witnesses,
        versioned=versioned,
    )
    changes = judged.changes()
    return tuple(sorted(changes, key=report_order))


FLIPS: Final = {
    Action.TIGHTENED: Action.LOOSENED,
    Action.LOOSENED: Action.TIGHTENED,
    Action.ADDED: Action.REMOVED,
    Action.REMOVED: Action.ADDED,
}

PROMISES: Final = frozenset({"deprecated", "sunset"})
"""What is said of a schema, and not of its values."""


def flipped(fact: Fact) -> Fact:
    """A fact below `not`: what tightens the inner schema loosens the outer one."""
    if fact.subject not in (Subject.SCHEMA, Subject.PROPERTY) or fact.facet in PROMISES:
        return fact
    return replace(fact, action=FLIPS.get(fact.action, fact.action), before=fact.after, after=fact.before)


def report_order(change: Change) -> tuple[int, tuple[str, ...], str, str, str, str]:
    """The order of reports: worst first, then by the first operation, then by where it is."""
    place = change.base or change.revision or ""
    return RANK[change.level], change.operations[:1], place, change.revision or "", change.rule, change.id


class _Judge:
    def __init__(
        self,
        differences: Differences,
        *,
        today: date | None,
        profile: Profile,
        levels: Mapping[str, Level],
        window_days: int,
        witnesses: bool,
        versioned: bool,
    ) -> None:
        self.names = list(differences.names)
        self.graph = differences.graph
        self.today = today
        self.profile = profile
        self.levels = levels
        self.window = timedelta(days=window_days)
        self.reach = self.graph.reach()
        self.ways = Ways(self.graph, self.names)
        self.ways.prepare()
        self.ends = differences.walk.ends
        self.wires = differences.walk.wires
        sides = (differences.base.side, differences.revision.side)
        self.finder = Finder(sides, differences.walk.readers, differences.walk.sides.validators) if witnesses else None
        self.versions = tuple(_version(side) for side in sides) if versioned else (None, None)
        self._sets: dict[int, tuple[OperationId, ...]] = {}
        self._first_paths = differences.first_paths

    def changes(self) -> list[Change]:
        """All verdicts as changes; the same edit found at several pairs is one."""
        verdicts: dict[tuple[Key, Direction | None], _Verdict] = {}
        idle: dict[Key, Fact] = {}
        for pair, stated, mask in self.graph.facts:
            fact = self._dated(stated)
            key = (fact.subject, fact.facet, fact.action, fact.base, fact.revision, fact.item)
            reached = False
            for state, direction in DIRECTIONS.items():
                operations = self.reach.get((pair, state), 0) if mask & state else 0
                if operations:
                    reached = True
                    seen = flipped(fact) if state & FLIPPED else fact
                    self._judge(verdicts, (key, direction), seen, operations, (pair, state))
            if not reached:
                idle.setdefault(key, fact)
        known = {key for key, _ in verdicts}
        for key, fact in idle.items():
            if key not in known:
                self._judge(verdicts, (key, None), fact, 0, None)
        told = [(verdict, direction) for (_, direction), verdict in verdicts.items()]
        changes = self._once(self._change(*one) for one in (told if len(told) <= 2 * MOST_ALIKE else _together(told)))
        return [*changes, *self._version_stayed(verdicts.values())]

    def _version_stayed(self, verdicts: Iterable[_Verdict]) -> Iterator[Change]:
        """That the version does not say of the breaks: the one change that no difference of the two specs makes.

        It reaches the operations that break, so that it goes, or passes, with them where only some are in scope.
        """
        broken = [verdict.operations for verdict in verdicts if verdict.level is Level.BREAKING]
        was, now = self.versions
        if not broken or not was or was != now:
            return
        place = Pointer("", ("info", "version"))
        fact = Fact(
            Subject.DOCUMENT, "version", Action.REPLACED, place, place, was, now, name="version", flags={"stayed": True}
        )
        rule = judge(fact, None)
        yield self._change(_Verdict(fact, rule, self._level(rule, None), reduce(or_, broken)), None)

    def _once(self, changes: Iterable[Change]) -> list[Change]:
        """Each edit once, also where a stray `$ref` makes one node two kinds of thing."""
        found: dict[str, Change] = {}
        for change in changes:
            first = found.setdefault(change.id, change)
            if first is not change:
                both = {*first.operations, *change.operations}
                found[change.id] = replace(first, operations=tuple(name for name in self.names if name in both))
        return list(found.values())

    def _witness(self, verdict: _Verdict, direction: Direction | None) -> Witness | None:
        """A value that shows a break in a schema, None where there is no schema to show it in."""
        if self.finder is None or direction is None or verdict.level is not Level.BREAKING:
            return None
        if "more" in verdict.fact.flags:
            return Witness(None, NOT_SOUGHT)
        if verdict.fact.subject not in (Subject.SCHEMA, Subject.PROPERTY):
            return None
        for state in verdict.states:
            if (pair := state[0]) not in self.ends:
                continue
            wire = self.wires.get(pair)
            if wire is None or wire.fields is not None:
                return self.finder.find(verdict.fact, direction, self.ends[pair])
            found = self.finder.find(verdict.fact, direction, self.ends[pair], is_text=True)
            way = next(iter(self.ways.to(*state)), (0, ()))
            giver = 0 if direction is Direction.REQUEST else 1
            return replace(found, value=as_sent(found.value, way[1], wire.delimiters[giver]))
        return None

    def _dated(self, fact: Fact) -> Fact:
        """A fact about a sunset, with what today's date makes of it."""
        text = fact.flags.get("sunset")
        sunset = read_date(text) if text else None
        if sunset is None:
            return fact
        if self.today is None:
            # nobody can tell whether it has passed; that it was announced is said all the same
            flags = {key: value for key, value in fact.flags.items() if key != "deprecated"}
            return replace(fact, flags=flags | {"announced": sunset.isoformat()}) if fact.facet == "presence" else fact
        flags = {
            **fact.flags,
            "sunset_passed": sunset < self.today,
            "sunset_pending": sunset >= self.today,
            "sunset_too_soon": sunset < self.today + self.window,
        }
        return replace(fact, flags={key: value for key, value in flags.items() if value})

    def _judge(
        self,
        verdicts: dict[tuple[Key, Direction | None], _Verdict],
        which: tuple[Key, Direction | None],
        fact: Fact,
        operations: int,
        state: tuple[int, int] | None,
    ) -> None:
        """Add a fact's verdict in a direction; where places of the same edit differ the worst rule stands."""
        key, direction = which
        if fact.subject in UNDIRECTED:
            direction = None
        if state is None or not asks_where(fact):
            rule, direction, level = self._ruled(fact, direction, NOWHERE)
        else:  # what each way to a pair leads through
            ways = sorted(self._surroundings[state], key=sorted)
            ruled = (self._ruled(fact, direction, within) for within in ways)
            rule, direction, level = min(ruled, key=lambda one: RANK[one[2]])
        if state is None and fact.subject in UNUSED:
            level = max(level, Level.ADDITIVE, key=RANK.__getitem__)
        verdict = verdicts.get((key, direction))
        if verdict is None:
            verdict = verdicts[(key, direction)] = _Verdict(fact, rule, level)
        elif (fact.owner, fact.name) != (verdict.fact.owner, verdict.fact.name) and fact.subject in IN_SCHEMAS:
            owner, name = held_by_several(fact, verdict.fact)
            fact = replace(fact, owner=owner, name=name)
            verdict.fact = replace(verdict.fact, owner=owner, name=name)
        if RANK[level] < RANK[verdict.level]:
            verdict.fact, verdict.rule, verdict.level = fact, rule, level
        verdict.operations |= operations
        if state is not None:
            verdict.states[state] = None

    def _ruled(
        self, fact: Fact, direction: Direction | None, within: Surroundings
    ) -> tuple[Rule | None, Direction | None, Level]:
        """The rule of a fact on a way that leads through `within`, the direction that it is said in, and its level."""
        rule = judge(fact, direction, within) if fact.facet != UNCLASSIFIED else None
        if rule is None and direction is not None and (neutral := judge(fact, None)) is not None and neutral.neutral:
            rule, direction = neutral, None
        return rule, direction, self._level(rule, direction)

    @cached_property
    def _surroundings(self) -> Mapping[tuple[int, int], set[Surroundings]]:
        """Of every pair; few comparisons hold a fact of which a rule asks."""
        return self.graph.surroundings()

    def _level(self, rule: Rule | None, direction: Direction | None) -> Level:
        if rule is None:
            return self.levels.get(UNCLASSIFIED, Level.DANGEROUS)
        if self.levels:
            for name in (rule.id, *rule.aliases):
                if name in self.levels:
                    return self.levels[name]
        return level_of(rule, direction, self.profile) or Level.DANGEROUS

    # wording ----------------------------------------------------------------------------------------------------------

    def _change(self, verdict: _Verdict, direction: Direction | None) -> Change:
        fact, rule = verdict.fact, verdict.rule or find(UNCLASSIFIED)
        operations = self._ids(verdict.operations)
        ways = self._ways(verdict)
        words = Words(fact, direction, ways, operations)
        base, revision = (None if place is None else str(place) for place in (fact.base, fact.revision))
        own = own_label(fact)
        is_said_of_both = direction is None and bool(operations)
        is_harmless = not is_said_of_both and is_harmless_side(rule, direction, verdict.level)
        instead = None if is_harmless else rule.instead
        why = HARMLESS[direction] if is_harmless else fill(rule.reason(direction), words)
        matched, likeness = basis(fact)
        renamed = fact.after if fact.action in (Action.RENAMED, Action.MOVED) else fact.flags.get("renamed_to")
        return Change(
            id=_identity(rule, direction, fact, base, self._in_first_version(fact, revision)),
            rule=rule.id,
            level=verdict.level,
            direction=direction,
            base=base,
            revision=revision,
            before=fact.before,
            after=fact.after,
            title=fill(headline(rule.title), words.of_title()),
            why=" ".join([why, *guesses(fact)]),
            operations=operations,
            places=tuple(
                [f"{self.names[number]}: {path_words([*labels, *own])}".rstrip(": ") for number, labels in ways]
            ),
            renamed_to=", ".join(renamed) if isinstance(renamed, list) else renamed,
            alternative=instead and Alternative(instead.kind, fill(instead.summary, words)),
            witness=self._witness(verdict, direction),
            effort=rule.effort,
            exposure=exposure_of(rule, fact, direction, [labels for _, labels in ways]),
            name=words["name"],
            subject=fact.subject.value,
            matched=matched,
            likeness=likeness,
        )

    def _in_first_version(self, fact: Fact, revision: str | None) -> str | None:
        """A place of the revision as it would be without another version in its path, so that ids outlive that."""
        place = fact.revision
        is_move = fact.subject is Subject.OPERATION and fact.action is Action.MOVED
        if place is None or is_move or place.file or place.segments[:1] != ("paths",):
            return revision
        path = self._first_paths.get(place.segments[1]) if len(place.segments) > 1 else None
        return revision if path is None else str(Pointer("", ("paths", path, *place.segments[2:])))

    def _ids(self, bits: int) -> tuple[OperationId, ...]:
        """The ids of a set of operations; their numbers are in the order of path, then method."""
        known = self._sets.get(bits)
        if known is None:
            rest = bits
            found: list[OperationId] = []
            while rest:
                found.append(self.names[(rest & -rest).bit_length() - 1])
                rest &= rest - 1
            known = self._sets[bits] = tuple(found)
        return known

    def _ways(self, verdict: _Verdict) -> list[tuple[int, tuple[str, ...]]]:
        states = list(verdict.states)[:MOST_PLACES]
        if len(states) == 1:
            return self.ways.to(*states[0])
        return self.ways.ranked(dict.fromkeys(way for state in states for way in self.ways.to(*state)))


def _together(told: list[tuple[_Verdict, Direction | None]]) -> Iterator[tuple[_Verdict, Direction | None]]:
    """The verdicts, of those that are alike the ones past so many as one: it goes by the first of them and says so."""
    kinds: dict[tuple[str, Direction | None, Level, int], list[_Verdict]] = {}
    for verdict, direction in told:
        rule = verdict.rule.id if verdict.rule else ""
        kind = rule, direction, verdict.level, verdict.operations
        kinds.setdefault(kind, []).append(verdict)
    for (_, direction, _, _), alike in kinds.items():
        yield from ((verdict, direction) for verdict in alike[:MOST_ALIKE])
        rest = alike[MOST_ALIKE:]
        if len(rest) > 1:
            fact, others = rest[0].fact, f"and {len(rest) - 1:,} more"
            flags = {**fact.flags, "cut": "alike", "more": len(rest) - 1}
            stands = replace(fact, name=f"{fact.name} {others}", item=f"{fact.item} {others}", flags=flags)
            rest = [replace(rest[0], fact=stands)]
        yield from ((verdict, direction) for verdict in rest)


def _version(side: Side) -> Any:
    """What a spec says its version is, None where it says nothing."""
    info = side.root.get("info")
    return info.get("version") if isinstance(info, dict) else None


def _identity(rule: Rule, direction: Direction | None, fact: Fact, base: str | None, revision: str | None) -> str:
    """Twelve hexadecimal digits from rule, direction and root cause: no wording and no line number goes into it.

    A rule that was renamed is known by its first name, so that waivers outlive the new one.
    """
    parts = [
        rule.aliases[0] if rule.aliases else rule.id,
        direction,
        base,
        revision,
        fact.facet,
        fact.item,
    ]
    return hashlib.blake2s(orjson.dumps(parts), digest_size=6).hexdigest()
