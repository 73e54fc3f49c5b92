"""What apidiff.yaml may say, as values; each field's default is what holds where the file is silent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from apidiff.load.lines import Lines, find_line
from apidiff.rules.profiles import Profile
from apidiff.words.changes import Level, Waiver
from apidiff.words.renames import Rename

if TYPE_CHECKING:
    from apidiff.usage.options import KeySource


@dataclass(frozen=True, slots=True)
class WaiverEntry:
    """A change that may pass: by its id, or by rule and operation; what is not given is "". `at` is where it stands.

    With `values` (`Change.values`) it holds for the change with these values before and after, and for no others.
    """

    waiver: Waiver
    change: str = ""
    rule: str = ""
    operation: str = ""
    values: str = ""
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Owned:
    """Operations, and who may let their breaks pass: any of the owners."""

    which: "Selection"
    owners: tuple[str, ...]


class Answer(StrEnum):
    """The two answers to "is this break necessary?": keep the old form beside the new one, or go ahead."""

    EXPAND = "expand"
    PROCEED = "proceed"


@dataclass(frozen=True, slots=True)
class Which:
    """The breaks that all of this is true of; what is "" says nothing. `component` and `path` are shell patterns."""

    rule: str = ""
    component: str = ""
    path: str = ""
    tag: str = ""
    direction: str = ""

    @property
    def named(self) -> dict[str, str]:
        """What is said, by name."""
        said = {name: getattr(self, name) for name in ("rule", "component", "path", "tag", "direction")}
        return {name: value for name, value in said.items() if value}

    @property
    def key(self) -> str:
        """The same as one line, as apidiff.yaml has it."""
        return " ".join(f"{name}={value}" for name, value in self.named.items())


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """The answer to "is this break necessary?": `expand`, or `proceed` with a reason and an owner.

    `change` is the id of the one change that it is about, or what is written in its place; `which` then says which.
    """

    change: str
    answer: Answer
    reason: str = ""
    owner: str = ""
    which: Which | None = None
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Consent:
    """An integrator that agreed, in writing, that a change (or, where "", every change) may happen."""

    integrator: str
    reason: str
    by: str
    date: date
    change: str = ""
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Freeze:
    """Days, both included, on which nothing is switched off."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Peak:
    """Days of every year, both included, as (month, day): work goes on, and nothing is announced or switched off."""

    first: tuple[int, int]
    last: tuple[int, int]
    reason: str = ""

    def holds(self, day: date) -> bool:
        """Whether a day is among them; they may reach over the end of a year."""
        at = day.month, day.day
        return self.first <= at <= self.last if self.first <= self.last else at >= self.first or at <= self.last


YEAR_END: Final = Peak((11, 20), (1, 6), "late November to early January")
"""The weeks that stay free of announcements, rehearsals and sunsets unless the configuration says otherwise."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much in an integrator's score; only their proportions matter."""

    value: float = 30.0
    usage: float = 25.0
    depth: float = 20.0
    recency: float = 15.0
    effort: float = 10.0


@dataclass(frozen=True, slots=True)
class Tiers:
    """How many are called, and the shares of the revenue affected that calls, or calls and personal e-mails, cover."""

    call: int = 20
    call_share: float = 0.8
    revenue_share: float = 0.95

    def to_dict(self) -> dict[str, Any]:
        """The limits as plan.json shows them."""
        return {"call": self.call, "call_share": self.call_share, "revenue_share": self.revenue_share}


@dataclass(frozen=True, slots=True)
class Exclude:
    """Whose traffic does not count. `keys` are never shown; `user_agents` are shell patterns; `operations` are ids."""

    keys: tuple[str, ...] = field(default=(), repr=False)
    integrators: tuple[str, ...] = ()
    user_agents: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Operations by path (shell patterns), tag, or id."""

    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths or self.tags or self.operations)

    @classmethod
    def of(cls, words: Iterable[str]) -> "Selection":
        """What words select: paths (`/v1/*`), tags (`tag:NAME`) or operations (`GET /v1/users`)."""
        given = tuple(words)
        return cls(
            paths=tuple(word for word in given if word.startswith("/")),
            tags=tuple(word.removeprefix("tag:") for word in given if word.startswith("tag:")),
            operations=tuple(word for word in given if not word.startswith(("tag:", "/"))),
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The words that select the same."""
        return (*self.paths, *(f"tag:{tag}" for tag in self.tags), *self.operations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings.

    Judging: `levels` by rule id, over those of `profile`; `waivers`; `decisions` by what they are about; `only` and
    `ignore` narrow the operations that are compared; `map_prefix` says which path prefix of the base is which of the
    revision, `renames` what became of things that went; `exempt` are the values of extensions whose operations promise
    nothing; `owners` are who may let breaks of some operations pass.
    Usage: `columns` (field to column of the log, or to the columns of its parts), `key_source` (where a key stands
    inside something), `hosts` (whose rows are the API's), `base_path` (what is taken off logged paths, and put there),
    `ignore_slashes` (whether `/a//b/` is `/a/b`),
    `time_zone`, `date_order` and `time_format` (how times are written), `integrator_columns` (field to heading),
    `log_format`, `mount` (path prefixes that the servers do not name), `exclude`, `version_from` (`header:NAME`,
    `query:NAME`, or `path:N` for the N-th segment), and the thresholds, None where the file is silent.
    Plan: `policy` (a preset's name or its fields), `holidays`, `countries` (whose public holidays count: `US`,
    `DE-BY`), `freezes`, `peaks`, `year_end` (whether that is one), `weights`, `tiers`, `consents`, the addresses for
    headers and guides, and `guide` (the blocks that people write, by name).
    """

    source: Path | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    profile: Profile = Profile.STANDARD
    waivers: tuple[WaiverEntry, ...] = ()
    decisions: Mapping[str, DecisionEntry] = field(default_factory=dict)
    only: Selection = Selection()
    ignore: Selection = Selection()
    map_prefix: Mapping[str, str] = field(default_factory=dict)
    renames: tuple[Rename, ...] = ()
    exempt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owners: tuple[Owned, ...] = ()
    policy: str | Mapping[str, Any] | None = None
    holidays: tuple[date, ...] = ()
    countries: tuple[str, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    peaks: tuple[Peak, ...] = ()
    year_end: bool = True
    weights: Weights = Weights()
    tiers: Tiers = Tiers()
    consents: tuple[Consent, ...] = ()
    guide_url: str = ""
    guide: Mapping[str, str] = field(default_factory=dict)
    problem_url: str = ""
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    key_source: "KeySource | None" = None
    hosts: tuple[str, ...] = ()
    base_path: tuple[str, str] = ("", "")
    ignore_slashes: bool = False
    rows: str = ""
    inside: str = ""
    time_zone: str = ""
    date_order: str = ""
    time_format: str = ""
    integrator_columns: Mapping[str, str] = field(default_factory=dict)
    log_format: str = ""
    mount: tuple[str, ...] = ()
    exclude: Exclude = Exclude()
    version_from: str = ""
    retry_gap_seconds: int | None = None
    min_calls: int | None = None
    min_share: float | None = None
    look_back_days: int | None = None
    recent_days: int | None = None
    partition: str = ""
    late_days: int | None = None
    key_hash: str = ""
    lines: Lines = field(default=(1, {}), repr=False, compare=False)

    def place(self, *segments: str | int) -> str:
        """Where a setting stands, for messages: `apidiff.yaml:12`; "" where there is no file."""
        if self.source is None:
            return ""
        return f"{self.source.as_posix()}:{find_line(self.lines, tuple(map(str, segments)))}"
