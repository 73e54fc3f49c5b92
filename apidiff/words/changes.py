"""What a comparison consists of: judged facts, the operations that they reach, and the two specs' headline figures."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import orjson

from apidiff.words.affected import Affected, Answer, Seen
from apidiff.words.direction import Direction
from apidiff.words.facts import ABSENT
from apidiff.words.operation import OperationId, apart


class Level(StrEnum):
    """How bad a change is for callers (contract, "Words")."""

    BREAKING = "breaking"
    DANGEROUS = "dangerous"
    ADDITIVE = "additive"
    EDITORIAL = "editorial"


ENDANGERING: Final = (Level.BREAKING, Level.DANGEROUS)
"""The levels at which some caller can fail."""


class Effort(StrEnum):
    """What an integrator has to do about a change, the least first."""

    NONE = "none"
    CONFIG = "config"
    CODE = "code"
    REDESIGN = "redesign"


class Exposed(StrEnum):
    """What in a usage log shows that an integrator is exposed to a change."""

    CALLED = "called the operation"
    SENT_PARAMETER = "sent the parameter"
    SENT_VALUE = "sent the value"
    LEFT_OUT_PARAMETER = "left the parameter out"
    SENT_FIELD = "sent the field"
    LEFT_OUT_FIELD = "left the field out"
    RECEIVED_FIELD = "received the field"
    RECEIVED_RESPONSE = "received the response"
    SENT_BODY = "sent a body"
    LEFT_OUT_BODY = "left the body out"
    SENT_MEDIA_TYPE = "sent or asked for the media type"
    SENT_CREDENTIALS = "sent such credentials"
    CALLED_SERVER = "called that server"
    RECEIVED_CALLBACK = "received the callback"
    USED_CLIENT = "uses a generated client"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Exposure:
    """What to look for in a log: the kind, and the names and values that narrow it.

    `location` is that of a parameter (`query`, `header`, `path`, `cookie`, `body`); `names` are the parameter's or
    the field's names (a field as a dotted path from the body's root); `values` the values that stop working, `beyond`
    the numbers that do (`above 100`, `below 1`). Of a value that stops working for another reason neither is known.
    """

    kind: Exposed
    location: str = ""
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    beyond: str = ""

    @property
    def is_vague(self) -> bool:
        """Whether a value may stop working, and nothing tells which."""
        return self.kind is Exposed.SENT_VALUE and not self.values and not self.beyond


@dataclass(frozen=True, slots=True)
class Alternative:
    """The additive way to the same end: a kebab-case kind and one sentence."""

    kind: str
    summary: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A small value that worked and fails (request), or that may now come and never did (response)."""

    value: Any
    note: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why somebody lets a change pass, who answers for it, and until when (ISO date, or None)."""

    reason: str
    owner: str
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One judged fact (contract, "diff --format json")."""

    id: str
    rule: str
    level: Level
    direction: Direction | None
    base: str | None
    revision: str | None
    before: Any
    after: Any
    title: str
    why: str
    operations: tuple[OperationId, ...]
    places: tuple[str, ...]
    renamed_to: str | None = None
    alternative: Alternative | None = None
    witness: Witness | None = None
    waiver: Waiver | None = None
    effort: Effort = Effort.CODE
    exposure: Exposure = Exposure(Exposed.CALLED)
    name: str = ""
    """What a person calls the thing: the parameter, property, status or media type."""
    subject: str = ""
    """The kind of thing (`property`, `parameter`, …), in the specification's words."""
    matched: str = ""
    """How it is known what the thing became: `declared`, `likeness`, or what both sides have in common."""
    likeness: float | None = None
    """How alike the two are, 0 to 1, where that is all that tells."""
    affected: Affected | None = None
    """Whom it meets, where logs or a snapshot were asked."""

    @property
    def group(self) -> str:
        """The same for the same edit (rule, direction, before, after, name) on many operations: people read it once."""
        edit = [self.rule, self.direction, self.before, self.after, self.name]
        if self.subject == "operation" and self.renamed_to and self.renamed_to == self.after:
            edit[2:] = _moved_apart(str(self.before), self.renamed_to)
        return _hashed(edit, 4)

    @property
    def values(self) -> str:
        """The same for the same values before and after, and else another one: what an approval holds for."""
        return _hashed([None if value is ABSENT else value for value in (self.before, self.after)], 10)

    @property
    def is_unclassified(self) -> bool:
        """Whether no rule claims the difference."""
        return self.rule == UNCLASSIFIED

    @property
    def breaks(self) -> bool:
        """Whether a caller that worked can fail, and no waiver lets that pass."""
        return self.level is Level.BREAKING and self.waiver is None

    @property
    def is_unused(self) -> bool:
        """Whether nobody was seen to use it in complete logs."""
        return self.affected is not None and self.affected.answer is Answer.UNUSED

    @property
    def endangers(self) -> bool:
        """Whether a caller can fail, if only a strict one, and no waiver lets that pass."""
        return self.level in ENDANGERING and self.waiver is None

    @property
    def is_avoidable(self) -> bool:
        """Whether an additive way to the same end is known."""
        return self.alternative is not None

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON of one change; whom it meets is there where it was asked."""
        said = self._to_dict()
        if self.affected is not None:
            said["affected"] = self.affected.to_dict()
        return said

    def _to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "rule": self.rule,
            "level": self.level.value,
            "direction": self.direction.value if self.direction else None,
            "base": self.base,
            "revision": self.revision,
            "before": None if self.before is ABSENT else self.before,
            "after": None if self.after is ABSENT else self.after,
            "title": self.title,
            "why": self.why,
            "operations": list(self.operations),
            "places": list(self.places),
            "renamed_to": self.renamed_to,
            "group": self.group,
            "alternative": None
            if self.alternative is None
            else {"kind": self.alternative.kind, "summary": self.alternative.summary},
            "witness": None if self.witness is None else {"value": self.witness.value, "note": self.witness.note},
            "waiver": None
            if self.waiver is None
            else {"reason": self.waiver.reason, "owner": self.waiver.owner, "expires": self.waiver.expires},
        }


def _hashed(value: Any, size: int) -> str:
    try:
        written = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS, default=str)
    except TypeError:  # integers past 64 bits, nesting past orjson's limit
        written = repr(value).encode()
    return hashlib.blake2s(written, digest_size=size).hexdigest()


def _moved_apart(base: str, revision: str) -> list[str]:
    """The two ids of an operation that moved, without what is the same at their ends, and without one method."""
    (method, _, path), (other, _, heir) = base.partition(" "), revision.partition(" ")
    old, new = apart(path, heir)
    return ["/".join(old), "/".join(new), *([] if method == other else [method, other])]


UNCLASSIFIED = "unclassified"


@dataclass(frozen=True, slots=True)
class OperationEntry:
    """One operation of either spec. `present` is `base`, `revision` or `both`; `moved_to` the id of its successor.

    `exempt` is the extension that lets its breaks pass, "" where none does.
    `prefixes` are the path prefixes of its servers (`""`, `/v1`), those of the base where it is there. `parameters`
    are the (location, name) pairs that either spec declares; `scheme` says how requests authenticate, for examples
    (`bearer`, `basic`, `header:X-Api-Key`, `query:api_key`, or "").
    """

    id: OperationId
    method: str
    path: str
    operation_id: str | None
    present: str
    deprecated: bool = False
    sunset: str | None = None
    moved_to: OperationId | None = None
    prefixes: tuple[str, ...] = ("",)
    parameters: tuple[tuple[str, str], ...] = ()
    scheme: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    stability: str = ""
    exempt: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON of one operation."""
        return {
            "id": self.id,
            "method": self.method,
            "path": self.path,
            "operation_id": self.operation_id,
            "in": self.present,
            "deprecated": self.deprecated,
            "sunset": self.sunset,
        }


@dataclass(frozen=True, slots=True)
class SpecHead:
    """What identifies one of the two specs. `server` is its first server's URL, for examples ("" where it has none)."""

    source: str
    title: str
    version: str
    spec: str
    operations: int
    server: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON of one side."""
        return {
            "source": self.source,
            "title": self.title,
            "version": self.version,
            "spec": self.spec,
            "operations": self.operations,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two specs compared. Every count that any output shows comes from `summary`."""

    base: SpecHead
    revision: SpecHead
    operations: tuple[OperationEntry, ...]
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    usage: Seen | None = None
    """What the answers of the changes rest on, where logs or a snapshot were asked."""

    @property
    def summary(self) -> dict[str, int]:
        """The contract's counts; waived changes count in `waived` and in no level."""
        counts = {level.value: 0 for level in Level} | {"unclassified": 0, "waived": 0}
        broken: set[str] = set()
        for change in self.changes:
            if change.waiver is not None:
                counts["waived"] += 1
                continue
            counts[change.level.value] += 1
            counts["unclassified"] += change.is_unclassified
            if change.breaks:
                broken.update(change.operations)
        return counts | {"operations": len(self.operations), "operations_broken": len(broken)}

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `diff --format json`."""
        return {
            "format": "apidiff/1",
            "base": self.base.to_dict(),
            "revision": self.revision.to_dict(),
            "summary": self.summary,
            **({} if self.usage is None else {"usage": self.usage.to_dict()}),
            "operations": [operation.to_dict() for operation in self.operations],
            "changes": [change.to_dict() for change in self.changes],
        }
