"""What a rule is: the text, the levels and the proof of one distinction, in one literal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apidiff.words.changes import Alternative, Effort, Exposed, Level
from apidiff.words.direction import Direction
from apidiff.words.facts import Action, Fact, Subject
from apidiff.words.within import NOWHERE, Surroundings, Within


@dataclass(frozen=True, slots=True)
class Example:
    """Two fragments of a spec, as YAML.

    `at` says where they go in the smallest whole spec: `schema` (of the body, in the direction that `direction` names),
    `parameter`, `parameters`, `operation`, `responses`, `response`, `request`, `components`, `paths` or `document`.
    """

    at: str
    before: str
    after: str
    direction: Direction = Direction.RESPONSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One distinction that the differ makes.

    It claims the facts of its `subject`, `facets` and `actions` whose flags include `where`, in the directions that
    have a level (`neutral` is for facts with none); with `within` only those on a way from an operation that leads
    through one of these. `title`, `why` and `instead` are templates over the fact, whose
    words `wording` makes: `{direction}`, `{name}`, `{owner}`, `{whole}` (a thing with its owner), `{before}`,
    `{after}`, `{moved}` (how a limit did), `{edited}` (added, removed or changed), `{item}`, `{other}` (what came in
    its place, or went), `{flow}` (of a security scheme) and `{thing}` (a property, a parameter or a header). `strict`
    and `tolerant` override the level for those profiles, `sdk` for what breaks generated clients only (profiles.py
    says how), and `sdk_request` where it is what they send.
    """

    id: str
    subject: Subject
    facets: tuple[str, ...]
    actions: tuple[Action, ...]
    title: str
    why: str = ""
    example: Example
    near_miss: Example
    where: Mapping[str, Any] = field(default_factory=dict)
    within: tuple[Within, ...] = ()
    request: Level | None = None
    response: Level | None = None
    neutral: Level | None = None
    strict: Level | None = None
    tolerant: Level | None = None
    sdk: Level | None = None
    sdk_request: Level | None = None
    instead: Alternative | None = None
    effort: Effort = Effort.CODE
    exposed_by: Exposed = Exposed.CALLED
    aliases: tuple[str, ...] = ()
    to_callers: str = ""
    """What `why` goes on with, or begins, for what callers send (`reason`)."""
    to_readers: str = ""
    """The same for what they receive."""
    also: tuple[Subject, ...] = ()
    """Further subjects that it claims, where one sentence serves them all."""
    beside: tuple[str, ...] = ()
    """Ids of the rules that its example can't help but meet as well."""
    mirror: tuple[str, str] | None = None
    """The id of the rule that its example meets undone, and why, where that is not the one of the opposite name."""

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Every subject that it claims."""
        return (self.subject, *self.also)

    def reason(self, direction: Direction | None = None) -> str:
        """Why it matters: in a direction, or in both."""
        ways = {Direction.REQUEST: self.to_callers, Direction.RESPONSE: self.to_readers}
        more = ways.values() if direction is None else [ways[direction]]
        return " ".join(text for text in (self.why, *more) if text)

    def level(self, direction: Direction | None) -> Level | None:
        """The level in a direction, None where the rule has nothing to say about it."""
        if direction is None:
            return self.neutral
        return self.request if direction is Direction.REQUEST else self.response

    def fits(self, fact: Fact, within: Surroundings = NOWHERE) -> bool:
        """Whether a fact of its kind has the flags that it asks for, on a way that leads through `within`."""
        if self.within and within.isdisjoint(self.within):
            return False
        return not self.where or all(fact.flags.get(key, False) == value for key, value in self.where.items())
