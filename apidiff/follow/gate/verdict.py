"""The gate's answer as values: what stands in the way, what may pass, and from when on."""

from dataclasses import dataclass
from datetime import date

from apidiff.words.changes import SpecHead


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way: its kind, what it is, what would clear it, and from which day on.

    `earliest` is None where no day is known: it rests on somebody's answer. `changes` are ids, `worth` the revenue of
    the integrator, 0 where there is none.
    """

    kind: str
    message: str
    remedy: str
    changes: tuple[str, ...] = ()
    integrator: str = ""
    earliest: date | None = None
    worth: float = 0.0


@dataclass(frozen=True, slots=True)
class Kind:
    """The obstacles of one kind, those of the most revenue first."""

    name: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Cleared:
    """One break that may pass, and why: `waived`, `expanded`, or `retired` (planned, past its sunset, not used)."""

    change: str
    title: str
    how: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer. `earliest` is the first day on which it may pass if nobody goes back; None where unknown."""

    base: SpecHead
    revision: SpecHead
    today: date
    sunset: date | None
    obstacles: tuple[Obstacle, ...]
    cleared: tuple[Cleared, ...]
    notes: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the release may go."""
        return not self.obstacles

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The obstacles by their kind, in the order in which the kinds were met."""
        names = dict.fromkeys(one.kind for one in self.obstacles)
        of = {name: [one for one in self.obstacles if one.kind == name] for name in names}
        return tuple(Kind(name, tuple(sorted(of[name], key=lambda one: -one.worth))) for name in names)

    @property
    def earliest(self) -> date | None:
        """The latest of the obstacles' days, None where one of them has none."""
        days = [obstacle.earliest for obstacle in self.obstacles]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None
