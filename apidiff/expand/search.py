"""Looks for the edits that the proof lets stand: each break takes one of its ways, and who is to blame the next one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from apidiff.expand.blame import Blame
from apidiff.expand.carry import Carrier
from apidiff.expand.marks import Marks
from apidiff.expand.places import Places
from apidiff.expand.prove import Key, Proof, Prover, Seen
from apidiff.expand.recipes import Recipes
from apidiff.expand.separate import Parting, Territory, parting
from apidiff.expand.tree import Edit, Edits, Trees, at
from apidiff.expand.witnesses import Witnesses
from apidiff.judge.wording import code
from apidiff.words.changes import Change
from apidiff.words.direction import Direction
from apidiff.words.errors import ApidiffError
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer, parse

_FEWEST_ROUNDS: Final = 4
_MOST_ROUNDS: Final = 16
_MOST_WORK: Final = 8000
_LAST_ROUNDS: Final = 8
"""Past so many rounds, or so many breaks in all of them, whoever is to blame is given up and takes no other way.

So many more rounds are for that.
"""
_MOST_KINDS: Final = 8
"""So many rules whose breaks were given up get a chance of their own."""
_MOST_WAYS: Final = 8
_STILL: Final = "it is a break with the additive form beside it as well"


Made = tuple[Pointer, Change]
"""What an edit touches, and the break that it undoes."""


@dataclass(slots=True, eq=False)
class Task:
    """A break that is to be undone: its ways, the one that is taken, and what spoke against those before.

    One that only shows once others are undone is undone `for_` their sake, and they are given up with it.
    """

    key: Key
    change: Change
    ways: tuple[Edits, ...]
    for_: "tuple[Task, ...]" = ()
    at: int = 0
    against: str = ""
    is_settled: bool = False

    @property
    def edits(self) -> Edits:
        """The way that is taken; nothing where none is left, or nobody needs it."""
        if self.at >= len(self.ways) or (self.for_ and not any(task.edits for task in self.for_)):
            return ()
        return self.ways[self.at]


@dataclass(frozen=True, slots=True)
class Result:
    """The trees, the keys of the breaks that are left and why, what the edits touch, and how many proofs it took.

    `witnessed` is for how many of those undone a value was put to a validator.
    """

    trees: Trees
    left: AbstractSet[Key]
    why: Mapping[Key, str]
    made: tuple[Made, ...]
    proofs: int
    witnessed: int


@dataclass(slots=True)
class Search:
    """One search, over the breaks `between` the two specs."""

    prover: Prover
    between: Seen
    marks: Marks
    ends: tuple[Trees, Trees]
    tasks: list[Task] = field(default_factory=list)
    proofs: int = 0
    _is_late: bool = False
    _apart: frozenset[Pointer] = frozenset()
    _parting: Parting | None = None
    _witnesses: Witnesses = field(init=False)
    _territory: Territory = field(init=False)
    _best: tuple[Trees, AbstractSet[Key], tuple[Made, ...]] | None = None

    def __post_init__(self) -> None:
        self._witnesses = Witnesses(self.between.found)
        self._territory = Territory.of(self.ends[1])

    def run(self, wanted: Mapping[Key, Change]) -> Result:
        """The best that is found: who was given up gets a second chance beside those that stand.

        Then those of each rule get one, for whoever is blamed with others may be so for what they did.
        """
        recipes = self._recipes(self.between, self.ends[1])
        self.tasks = [Task(key, change, _few(recipes.ways(change))) for key, change in wanted.items()]
        if self._settle():
            self._again(self.tasks)
        else:
            for task in self.tasks:
                task.at = len(task.ways)
        given_up = [task for task in self.tasks if not task.edits and task.ways]
        kinds = list(dict.fromkeys(task.change.rule for task in given_up))
        for rule in kinds[:_MOST_KINDS] if len(kinds) > 1 else ():
            self._again([task for task in given_up if task.change.rule == rule])
        trees, left, made = self._best or (self.ends[1], self.between.breaks.keys(), ())
        seen = [key for key, change in self.between.breaks.items() if key not in left and self._witnesses.seen(change)]
        why = {task.key: task.against for task in self.tasks}
        return Result(trees, left, why, made, self.proofs, len(seen))

    def _again(self, tasks: Sequence[Task]) -> bool:
        """Give those of some tasks that were given up a chance beside those that stand; whether more stand then."""
        for task in self.tasks:
            task.is_settled = bool(task.edits)
            task.at = task.at if task.is_settled else len(task.ways)
        self.tasks = [task for task in self.tasks if task.is_settled or not task.for_]
        kept, parted = [(task, task.at) for task in self.tasks], (self._apart, self._parting)
        for task in tasks:
            task.at = task.at if task.is_settled else 0
        if self._settle():
            return True
        # as it was, for whoever comes next
        for task, way in kept:
            task.at, task.is_settled = way, way < len(task.ways)
        self.tasks, (self._apart, self._parting) = [task for task, _ in kept], parted
        return False

    def _settle(self) -> bool:
        """Have tasks take other ways until the proof shows nothing amiss; whether more stands then than before."""
        most = _rounds(len(self.tasks))
        for number in range(most + _LAST_ROUNDS):
            self._is_late = number >= most
            if not any(task.edits and not task.is_settled for task in self.tasks):
                return False
            made = self._made()
            proof = self._proof(made)
            if proof is None:
                continue
            if not self._blamed(proof, made) and not self._flawed(made) and not self._contradicted(proof, made):
                left = proof.of_base.breaks.keys()
                is_better = self._best is None or len(left) < len(self._best[1])
                self._best = (made, left, self._touched()) if is_better else self._best
                return is_better
        return False

    def _proof(self, made: Trees) -> Proof | None:
        """The proof; None where the spec can't even be read, for which whoever made it so gives way."""
        self.proofs += 1
        try:
            return self.prover.proof(made, self._told)
        except ApidiffError as error:
            tasks = self._open([task for task in self.tasks if task.edits])
            for task in self._halved(tasks, self._is_unreadable):
                self._next(task, f"the document could not be read: {error.message}")
            return None

    def _is_unreadable(self, tasks: Sequence[Task]) -> bool:
        self.proofs += 1
        try:
            self.prover.breaks_revision(self._made(tasks), frozenset(), self._told)
        except ApidiffError:
            return True
        return False

    def _recipes(self, seen: Seen, later: Trees) -> Recipes:
        base = self.ends[0]
        places = Places(seen.found, base=base, later=later)
        is_hasty = _rounds(len(self.between.breaks)) < _MOST_ROUNDS
        return Recipes(seen.found, base, later, places, Carrier(base, self.ends[1]), self.marks, is_hasty)

    def _made(self, tasks: Sequence[Task] | None = None) -> Trees:
        """The revision with the edits of these tasks, or of all."""
        trees = self._parting.begun(self.ends[1]) if self._parting else self.ends[1]
        for task in self.tasks if tasks is None else tasks:
            for edit in task.edits:
                trees = self._directed(edit, task).done(trees)
        return self._parting.kept(trees) if self._parting else trees

    def _touched(self) -> tuple[Made, ...]:
        return tuple((self._directed(edit, task).touched, task.change) for task in self.tasks for edit in task.edits)

    def _directed(self, edit: Edit, task: Task) -> Edit:
        """An edit where its direction is to be found."""
        if self._parting is None or task.change.direction is not Direction.REQUEST:
            return edit
        return edit.moved(self._parting.sent)

    def _told(self, place: str) -> str:
        return place if self._parting is None else str(self._parting.told(parse(place)))

    # blame ------------------------------------------------------------------------------------------------------------

    def _blamed(self, proof: Proof, made: Trees) -> bool:
        """Whether the proof shows anything amiss; who is to blame takes the next way."""
        active = [task for task in self.tasks if task.edits]
        blame = Blame([(task, [self._directed(one, task).touched for one in task.edits]) for task in active], made)
        blamed: dict[Task, str] = {task: _STILL for task in active if task.key in proof.of_base.breaks}
        far: dict[Key, Change] = {}
        for key, change in proof.of_revision.breaks.items():
            culprits = self._open(blame.culprits(change))
            for task in culprits:
                blamed.setdefault(task, _both(task.change, change))
            if not culprits:
                far[key] = change
        if far and not blamed:
            # only now: each half takes a comparison
            for task in self._halved(self._open(active), lambda few: self._is_made_by(few, far.keys())):
                blamed.setdefault(task, _both(task.change, next(iter(far.values()))))
        fresh = {
            key: change
            for key, change in proof.of_base.breaks.items()
            if key not in self.between.breaks and all(task.key != key for task in active)
        }
        recipes = self._recipes(proof.of_base, made) if fresh else None
        known = {task.key for task in self.tasks}
        for key, change in fresh.items():
            culprits = self._open(blame.culprits(change)) or self._concerned(active, change)
            ways = _few(recipes.ways(change)) if recipes and key not in known and not self._is_late else ()
            if ways:
                self.tasks.append(Task(key, change, ways, for_=tuple(culprits)))
            for task in culprits if not ways else ():
                blamed.setdefault(task, f"it would break callers of the base: {change.title}")
        for task, why in blamed.items():
            self._next(task, why)
        return bool(blamed or fresh)

    def _flawed(self, made: Trees) -> bool:
        """Whether the official schema says more against it than against the revision; who made it so gives way."""
        found = self.prover.flaws(made)
        active = [task for task in self.tasks if task.edits]
        blame = Blame([(task, [self._directed(one, task).touched for one in task.edits]) for task in active], made)
        blamed: dict[Task, str] = {}
        for flaw in found:
            for task in self._open(blame.near(Pointer("", flaw.segments))) or self._open(active):
                blamed.setdefault(task, f"the document would not be valid: {flaw.message}")
        for task, why in blamed.items():
            self._next(task, why)
        return bool(blamed)

    def _contradicted(self, proof: Proof, made: Trees) -> bool:
        """Whether a validator sees a break where the comparison sees none; who undid it takes the next way."""
        undone = {key: change for key, change in self.between.breaks.items() if key not in proof.of_base.breaks}
        uses = {task.change.id: use for task in self.tasks if (use := self._use(task)) is not None}

        def asked(change: Change, place: Pointer) -> Pointer:
            place = uses.get(change.id, place)
            return self._parting.sent(place) if self._parting and change.direction is Direction.REQUEST else place

        shown = {
            change.id for change in self._witnesses.refused(undone.values(), self.prover.expanded(made), made, asked)
        }
        blamed = [task for task in self._open(self.tasks) if task.edits and task.change.id in shown]
        for task in blamed:
            self._next(task, _shown(task.change))
        return bool(blamed)

    def _use(self, task: Task) -> Pointer | None:
        """Where a schema that is referred to is used, if that use is what a task changes and not what it names."""
        schema = self._witnesses.seen(task.change)
        for edit in task.edits if schema else ():
            node = at(self.ends[1], edit.touched)
            reference = node.get("$ref") if isinstance(node, dict) else None
            if isinstance(reference, str) and self.ends[1].target(reference, edit.touched.file) == schema:
                return edit.touched
        return None

    def _concerned(self, tasks: Sequence[Task], change: Change) -> list[Task]:
        """The tasks that a change may come from where none is near: those of its operations, else all."""
        open_ones = self._open(tasks)
        return [one for one in open_ones if not {*one.change.operations}.isdisjoint(change.operations)] or open_ones

    @staticmethod
    def _halved(tasks: Sequence[Task], is_so: Callable[[Sequence[Task]], bool]) -> Sequence[Task]:
        """Of some tasks the fewest of which something is still so, as far as halves tell."""
        while len(tasks) > 1:
            half = len(tasks) // 2
            found = next((few for few in (tasks[:half], tasks[half:]) if is_so(few)), None)
            if found is None:
                break
            tasks = found
        return tasks

    def _is_made_by(self, tasks: Sequence[Task], which: AbstractSet[Key]) -> bool:
        self.proofs += 1
        return self.prover.breaks_revision(self._made(tasks), which, self._told)

    @staticmethod
    def _open(tasks: Iterable[Task]) -> list[Task]:
        return [task for task in tasks if not task.is_settled]

    def _next(self, task: Task, why: str) -> None:
        """Have a task take its next way; behind the last one what is sent and what is received is parted."""
        task.against = why
        task.at = len(task.ways) if self._is_late else task.at + 1
        if task.at < len(task.ways):
            return
        for one in task.for_:
            if one.edits and not one.is_settled:
                self._next(one, f"it would break callers of the base: {task.change.title}")
        homes = {inside for way in task.ways for edit in way if (inside := self._territory.home(edit.touched))}
        if task.change.direction is None or homes <= self._apart:
            return
        territory = self._territory
        both = frozenset(place for place in homes if territory.serves_both(place))
        found = parting(territory, self._apart | both) if both - self._apart else None
        if found is None:
            return
        self._apart, self._parting = self._apart | frozenset(found.names), found
        for other in self.tasks:
            if any(territory.home(edit.touched) in self._apart for way in other.ways for edit in way):
                other.at, other.is_settled = 0, False


def _both(change: Change, other: Change) -> str:
    """Why a break can't be undone, where that makes another one for callers of the revision."""
    ends = change.before, change.after
    if change.rule != other.rule or ABSENT in ends or (other.after, other.before) != ends or _is_long(ends):
        return f"it would break callers of the revision: {other.title}"
    was, now = map(code, ends)
    thing = {Direction.REQUEST: "request is read as", Direction.RESPONSE: "answer is", None: "way to call is"}
    nothing = f"no {thing[change.direction]} both"
    return f"callers of the base rely on {was} there, those of the revision on {now}, and {nothing}"


def _is_long(values: Sequence[Any]) -> bool:
    return any(isinstance(value, (dict, list)) for value in values)


def _shown(change: Change) -> str:
    """Why a break can't be undone, where a validator sees it with the additive form as well."""
    value = "the value that shows the break" if change.witness is None else code(change.witness.value)
    if change.direction is Direction.REQUEST:
        return f"a validator refuses {value} with the additive form beside it as well, which was taken before"
    return f"{value} could still come with the additive form beside it, and never came before"


def _rounds(tasks: int) -> int:
    """In how many rounds so many breaks take other ways."""
    return min(_MOST_ROUNDS, max(_FEWEST_ROUNDS, _MOST_WORK // (tasks + 1)))


def _few(ways: Iterator[Edits]) -> tuple[Edits, ...]:
    return tuple(islice((way for way in ways if way), _MOST_WAYS))
