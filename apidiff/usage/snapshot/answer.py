"""Changes × a snapshot: whom each meets, by the same judgement as with logs, or that the snapshot can't tell.

What a shape does not show is counted both ways. Where both give the same evidence it is known, and else it is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from apidiff.usage.ask.answered import Met, Told
from apidiff.usage.ask.asking import Asking
from apidiff.usage.ask.fieldset import Parameters, fieldset_of
from apidiff.usage.ask.join import Asked, asking_of
from apidiff.usage.ask.question import Question, Sight
from apidiff.usage.ask.rollup import Use
from apidiff.usage.ask.verdict import Reach, impact_of
from apidiff.usage.cube.value import MICROSECONDS_A_DAY, NEVER
from apidiff.usage.evidence import Impact
from apidiff.usage.options import Options
from apidiff.usage.route import Routes
from apidiff.usage.snapshot.numbers import is_beyond
from apidiff.usage.snapshot.value import (
    BODY,
    FIELD,
    NAME,
    NUMBER,
    OTHER_FIELD,
    OTHER_NAME,
    OTHER_VALUE,
    VALUE,
    Snapshot,
    Token,
    digest_of,
    route_digest,
)
from apidiff.usage.version import is_past
from apidiff.words.changes import Change
from apidiff.words.errors import ApidiffError

_ODD: Final = frozenset(" \t\n\r\v\f,;|\"'")
"""What a field's name can't be told apart with."""
Sights = Mapping[Question, Mapping[tuple[int, int], Sight]]


def told_by(
    snapshot: Snapshot,
    changes: Iterable[Change],
    routes: Routes,
    *,
    options: Options,
    parameters: Parameters,
    at: str = "the snapshot",
) -> Told:
    """Whom the changes meet; by `parameters` callers name the fields that they want, of which nothing is kept.

    Errors: `snapshot-of-another-spec`.
    """
    found = _Uses(snapshot, routes, replace(options, look_back_days=snapshot.look_back_days), at)
    asking = asking_of(changes, found, found.options)
    asked_of = Asked([item for item in asking if item.reached.routes])
    wanted = _wanted(asking, found, parameters)
    questions = {question for item in asking for question in item.questions} | set(wanted.values())
    adding = _Adding(found, asked_of.groups, wanted, *found.sights(questions))
    for owner, mine in sorted(found.by_owner.items()):
        if not snapshot.holders[owner].is_excluded:
            adding.add(owner, list(asked_of.reaches(mine, found)))
    adding.told.lost = frozenset(item.change.id for item in asking if not found.knows(item.change, item.reached.routes))
    return adding.told


def _wanted(asking: Sequence[Asking], found: "_Uses", parameters: Parameters) -> dict[str, Question]:
    """Of the changes whose fields callers may name, by id, the question who names any."""
    wanted = {}
    for item in asking:
        if "query" in found.logged and not item.is_logged:
            fieldset = fieldset_of(item.change, found.routes, item.reached.routes, parameters)
            if fieldset is not None:
                wanted[item.change.id] = replace(fieldset.named, pattern="")
    return wanted


class _Adding:
    """Adds up whom each change meets.

    Of changes that reach the same operations those that ask nothing more meet the same accounts, which are added once.
    """

    def __init__(
        self,
        found: "_Uses",
        groups: Sequence[Sequence[Asking]],
        wanted: Mapping[str, Question],
        least: Sights,
        most: Sights,
    ) -> None:
        self._found, self._wanted, self._least, self._most = found, wanted, least, most
        self.told = Told()
        self._alike: list[list[tuple[Asking, Met]]] = []
        self._asking = [[item for item in group if item.questions] for group in groups]
        for group in groups:
            first: dict[tuple[bool, Question | None], tuple[Asking, Met]] = {}
            for item in group:
                if not item.questions:
                    alike = item.is_sure, wanted.get(item.change.id)
                    self.told.meetings[item.change.id] = first.setdefault(alike, (item, Met()))[1]
            self._alike.append(list(first.values()))

    def add(self, owner: int, reaches: Iterable[tuple[int, Reach]]) -> None:
        """What one account does where groups of changes reach it."""
        holder = self._found.snapshot.holders[owner]
        found = [one for number, reach in reaches for one in self._impacts(owner, number, reach)]
        for met, impact in found:
            met.add(impact.evidence, impact.last_seen, holder.revenue, holder.name)
        if found:
            self.told.count(holder.revenue, is_unclaimed=holder.is_out_of_reach)

    def _impacts(self, owner: int, number: int, reach: Reach) -> Iterator[tuple[Met, Impact]]:
        for item, met in self._alike[number]:
            impact = self._impact(item, reach, owner, {})
            if self._names_fields(item, reach, owner):
                met.unsure += 1
            elif impact is not None:
                yield met, impact
        for item in self._asking[number]:
            ends = [self._impact(item, reach, owner, sights) for sights in (self._least, self._most)]
            if len({end and end.evidence for end in ends}) > 1:
                self.told.meetings.setdefault(item.change.id, Met()).unsure += 1
            elif ends[0] is not None:
                yield self.told.meetings.setdefault(item.change.id, Met()), ends[0]

    def _names_fields(self, item: Asking, reach: Reach, owner: int) -> bool:
        """Whether an account may have said which fields it wants: which ones is not kept."""
        question = self._wanted.get(item.change.id)
        if question is None:
            return False
        sights = self._most[question]
        return any(sights[owner, route].with_it for route in reach.routes if (owner, route) in sights)

    def _impact(self, item: Asking, reach: Reach, owner: int, sights: Sights) -> Impact | None:
        pseudonym = self._found.snapshot.holders[owner].pseudonym
        return impact_of(item, reach, owner=owner, integrator=pseudonym, found=self._found, sights=sights)


class _Uses:
    """What a snapshot holds of the routes of a comparison, as the join sees it."""

    def __init__(self, snapshot: Snapshot, routes: Routes, options: Options, at: str) -> None:
        self.snapshot, self.routes, self.options = snapshot, routes, options
        self.logged = snapshot.logged
        self.last_day = snapshot.last_day
        self.recent_from = self.last_day - options.recent_days + 1
        place = {digest: index for index, digest in enumerate(snapshot.routes)}
        numbers = [0] * len(snapshot.routes)
        for route in routes.routes:
            if (index := place.get(route_digest(route))) is not None:
                numbers[index] = route.number
        if not any(numbers):
            raise ApidiffError(
                f"the snapshot is of another API ({snapshot.title or 'without a title'}): no operation is in both",
                code="snapshot-of-another-spec",
                at=at,
                hint="Make one with `apidiff snapshot --spec` and the spec that is compared here.",
            )
        self._numbers = numbers
        self._counted = frozenset(numbers) - {0}
        revision = options.revision_version
        self._current = [not (revision and is_past(version, revision)) for version in snapshot.versions]
        self.by_owner = self._by_owner()
        self.totals: dict[int, int] = {}
        for mine in self.by_owner.values():
            for number, use in mine.items():
                self.totals[number] = self.totals.get(number, 0) + use.successes

    def knows(self, change: Change, reached: frozenset[int]) -> bool:
        """Whether calls of every operation that a change reaches were counted."""
        known = {name for number in reached & self._counted for name in self.routes.by_number[number]}
        left_out = set(self.options.exclude_operations)
        return all(name in known or name in left_out for name in change.operations if not name.is_webhook)

    def _by_owner(self) -> dict[int, dict[int, Use]]:
        found: dict[int, dict[int, Use]] = {}
        columns = self.snapshot.uses
        words = [columns[name] for name in columns if name.startswith("days")]
        plain = (columns[name].tolist() for name in columns if not name.startswith("days"))
        days = zip(*(word.view("uint64").tolist() for word in words), strict=True)
        for (owner, route, version, *figures), parts in zip(zip(*plain, strict=True), days, strict=True):
            number = self._numbers[route]
            if not number or not self._current[version]:
                continue
            attempts, successes, week, first, last, last_success = figures
            mask = sum(word << (64 * index) for index, word in enumerate(parts))
            use = Use(attempts, successes, week, _moment(first), _moment(last), last_success, mask)
            mine = found.setdefault(owner, {})
            mine[number] = mine[number] + use if number in mine else use
        return found

    def sights(self, questions: set[Question]) -> tuple[Sights, Sights]:
        """The sights of each question by (account, route), where what is not shown counts as neither, and as both."""
        if not questions:
            return {}, {}
        columns = self.snapshot.sights
        rows: dict[int, list[tuple[int, int, int, int, int]]] = {}
        for owner, route, version, shape, successes, failures, last in zip(
            *(columns[name].tolist() for name in columns), strict=True
        ):
            number = self._numbers[route]
            if number and self._current[version]:
                rows.setdefault(number, []).append((owner, shape, successes, failures, _moment(last)))
        least: dict[Question, dict[tuple[int, int], Sight]] = {}
        most: dict[Question, dict[tuple[int, int], Sight]] = {}
        for question in sorted(questions):
            shown = [_shows(question, shape, self.snapshot) for shape in self._shapes()]
            ends = least.setdefault(question, {}), most.setdefault(question, {})
            for number in question.routes:
                for owner, shape, successes, failures, last in rows.get(number, ()):
                    has = shown[shape]
                    with_it = Sight(with_it=successes, last_with=last, failed_with=failures)
                    without = Sight(without=successes, last_without=last, failed_without=failures)
                    sides = (
                        (with_it, with_it)
                        if has
                        else (without, without)
                        if has is False
                        else (Sight(), with_it + without)
                    )
                    for end, sight in zip(ends, sides, strict=True):
                        end[owner, number] = end[owner, number] + sight if (owner, number) in end else sight
        return least, most

    def _shapes(self) -> list[frozenset[Token]]:
        tokens = self.snapshot.tokens
        return [frozenset(tokens[place] for place in shape) for shape in self.snapshot.shapes]


def _moment(day: int) -> int:
    return NEVER if day == NEVER else day * MICROSECONDS_A_DAY


def _shows(question: Question, shape: frozenset[Token], snapshot: Snapshot) -> bool | None:
    """Whether the calls of a shape have what is asked for; None where the shape does not say."""
    if not question.names:
        return Token(BODY, digest_of(question.column)) in shape
    if question.column == "query":
        found = [_has_parameter(name, question, shape, snapshot) for name in question.names]
    else:
        found = [_has_field(question.column, name, shape, snapshot) for name in question.names]
    return True if True in found else None if None in found else False


def _has_field(column: str, name: str, shape: frozenset[Token], snapshot: Snapshot) -> bool | None:
    digest = digest_of(column, name)
    if Token(FIELD, digest) in shape:
        return True
    can_tell = digest in snapshot.fields or Token(OTHER_FIELD, digest_of(column)) not in shape
    return False if can_tell and not _ODD.intersection(name) else None


def _has_parameter(name: str, question: Question, shape: frozenset[Token], snapshot: Snapshot) -> bool | None:
    digest = digest_of("name", name)
    if Token(NAME, digest) not in shape:
        return False if digest in snapshot.names or Token(OTHER_NAME) not in shape else None
    if question.beyond:
        return _has_number(digest, question.beyond, shape, snapshot)
    if not question.values:
        return True
    return _has_value(name, digest, question.values, shape, snapshot)


def _has_value(
    name: str, digest: int, values: Sequence[str], shape: frozenset[Token], snapshot: Snapshot
) -> bool | None:
    asked = [digest_of("value", name, value) for value in values]
    if any(Token(VALUE, one) in shape for one in asked):
        return True
    if digest not in snapshot.listed:
        return None
    is_open = Token(OTHER_VALUE, digest) in shape and not snapshot.values.issuperset(asked)
    return None if is_open else False


def _has_number(digest: int, beyond: str, shape: frozenset[Token], snapshot: Snapshot) -> bool | None:
    if digest not in snapshot.numbers:
        return None
    found = [
        is_beyond(token.low, token.high, snapshot.bounds, beyond)
        for token in shape
        if token.kind == NUMBER and token.digest == digest
    ]
    return True if True in found else None if None in found else False
