"""Changes × a snapshot: whom each meets, by the same judgement as with logs, or that the snapshot can't tell.

What a shape does not show is counted both ways. Where both give the same evidence it is known, and else it is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from apidiff.usage.ask.answered import Met, Told
from apidiff.usage.ask.asking import Asking, Reached, asking_of
from apidiff.usage.ask.fieldset import Parameters, fieldset_of, naming_of
from apidiff.usage.ask.question import Question
from apidiff.usage.ask.verdict import Finding, Reach, finding_of
from apidiff.usage.options import Options
from apidiff.usage.route import Routes
from apidiff.usage.snapshot.counted import Counted, Sights
from apidiff.usage.snapshot.value import Snapshot
from apidiff.words.changes import Change


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
    found = Counted(snapshot, routes, replace(options, look_back_days=snapshot.look_back_days), at)
    asking = asking_of(changes, found, found.options)
    groups: dict[Reached, list[Asking]] = {}
    for item in asking:
        groups.setdefault(item.reached, []).append(item)
    wanted = _wanted(asking, found, parameters)
    questions = {question for item in asking for question in item.questions} | set(wanted.values())
    adding = _Adding(found, wanted, *found.sights(questions))
    lost: list[Asking] = []
    for reached, group in groups.items():
        adding.add(group, found.reaches(reached))
        if not found.knows(group[0].change, reached):
            lost += group
    adding.told.lost = frozenset(item.change.id for item in lost)
    return adding.told


def _wanted(asking: Sequence[Asking], found: Counted, parameters: Parameters) -> dict[str, Question]:
    """Of the changes whose fields callers may name, by id, the question who names any."""
    wanted = {}
    naming = naming_of(found.routes, parameters)
    for item in asking:
        if "query" in found.logged and not item.is_logged:
            fieldset = fieldset_of(item.change, item.reached.routes, naming)
            if fieldset is not None:
                wanted[item.change.id] = replace(fieldset.named, pattern="")
    return wanted


class _Adding:
    """Adds up whom each change meets, for all changes that reach the same operations at once.

    Those of them that ask nothing more meet the same accounts, which are added once.
    """

    def __init__(self, found: Counted, wanted: Mapping[str, Question], least: Sights, most: Sights) -> None:
        self._found, self._wanted, self._least, self._most = found, wanted, least, most
        self._counted: set[int] = set()
        self.told = Told()

    def add(self, group: Sequence[Asking], reaches: Iterable[tuple[int, Reach]]) -> None:
        """What each account does where the changes of a group reach it."""
        holders = self._found.snapshot.holders
        alike = list(self._alike(group))
        asking = [item for item in group if item.questions]
        for owner, reach in reaches:
            holder = holders[owner]
            found = [*self._without_question(alike, owner, reach), *self._with_question(asking, owner, reach)]
            for met, finding in found:
                met.add(finding.evidence, reach.last_seen, holder.revenue, holder.name)
            if found and owner not in self._counted:
                self._counted.add(owner)
                self.told.count(holder.revenue, is_unclaimed=holder.is_out_of_reach)

    def _alike(self, group: Sequence[Asking]) -> Iterable[tuple[Asking, Met]]:
        """The changes that ask nothing more, one for all that meet the same accounts."""
        first: dict[tuple[bool, Question | None], tuple[Asking, Met]] = {}
        for item in group:
            if not item.questions:
                alike = item.is_sure, self._wanted.get(item.change.id)
                self.told.meetings[item.change.id] = first.setdefault(alike, (item, Met()))[1]
        return first.values()

    def _without_question(
        self, alike: Iterable[tuple[Asking, Met]], owner: int, reach: Reach
    ) -> Iterator[tuple[Met, Finding]]:
        for item, met in alike:
            if self._names_fields(item, reach, owner):
                met.unsure += 1
            elif finding := finding_of(item, reach, owner=owner, sights={}):
                yield met, finding

    def _with_question(self, asking: Iterable[Asking], owner: int, reach: Reach) -> Iterator[tuple[Met, Finding]]:
        for item in asking:
            least, most = (finding_of(item, reach, owner=owner, sights=end) for end in (self._least, self._most))
            if (least and least.evidence) != (most and most.evidence):
                self.told.meetings.setdefault(item.change.id, Met()).unsure += 1
            elif least is not None:
                yield self.told.meetings.setdefault(item.change.id, Met()), least

    def _names_fields(self, item: Asking, reach: Reach, owner: int) -> bool:
        """Whether an account may have said which fields it wants: which ones is not kept."""
        question = self._wanted.get(item.change.id)
        if question is None:
            return False
        sights = self._most[question]
        return any(sights[owner, route].with_it for route in reach.routes if (owner, route) in sights)
