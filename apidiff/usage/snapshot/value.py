"""The snapshot as a value: who did what on which route, and in which shapes the calls came."""

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from apidiff.usage.evidence import Coverage
from apidiff.usage.route import Route

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[tuple[int], np.dtype[np.int64]]

NAME, VALUE, OTHER_VALUE, NUMBER, OTHER_NAME, FIELD, OTHER_FIELD, BODY = range(8)
"""The kinds of tokens: what a shape says of its calls."""


class Token(NamedTuple):
    """One thing that the calls of a shape have in common.

    A kind, the digest of what it is about, and for a number the places of its range among the snapshot's bounds.
    """

    kind: int
    digest: int = 0
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """One account as the snapshot knows it: `revenue` is a band (lowest, highest) or None where it is not known.

    Of an `is_unknown` one there is a key alone; one `is_out_of_reach` has nobody who could be told. `name` is empty
    unless the snapshot was made with names; `is_excluded` accounts count for nobody.
    """

    pseudonym: str
    revenue: tuple[int, int] | None = None
    plan: str = ""
    is_unknown: bool = False
    is_out_of_reach: bool = False
    is_excluded: bool = False
    is_pinned: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything that is kept of some logs.

    `uses` has a row for each account, route and version: `account`, `route`, `version` (places in the tuples of the
    same names), `attempts`, `successes`, `week`, `first`, `last`, `last_success` (days since 1970, -1 for never) and
    `days0`, `days1`, … (64 bits each: on which days of the look-back window it succeeded). `sights` has a row for each
    account, route, version and shape: `account`, `route`, `version`, `shape`, `successes`, `failures`, `last_success`.
    `shapes` are tuples of places in `tokens`. `names`, `values`, `numbers` and `fields` are the digests of what could
    be told apart, `bounds` the ends of the ranges that stand for numbers.
    """

    title: str
    look_back_days: int
    last_day: int
    coverage: Coverage
    logged: frozenset[str]
    holders: tuple[Holder, ...]
    routes: tuple[int, ...]
    versions: tuple[str, ...]
    tokens: tuple[Token, ...]
    shapes: tuple[tuple[int, ...], ...]
    names: frozenset[int]
    values: frozenset[int]
    listed: frozenset[int]
    numbers: frozenset[int]
    fields: frozenset[int]
    bounds: tuple[int, ...]
    uses: "dict[str, Column]" = field(repr=False)
    sights: "dict[str, Column]" = field(repr=False)

    @property
    def is_confidential(self) -> bool:
        """Whether it names accounts."""
        return any(holder.name for holder in self.holders)

    @property
    def first_day(self) -> int:
        """The first day of the look-back window."""
        return self.last_day - self.look_back_days + 1


def digest_of(*parts: str) -> int:
    """What stands for a name or a value in a snapshot: 63 bits, so that nobody reads it and no two are the same."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, person=b"apidiff-usage").digest(), "big") >> 1


def route_digest(route: Route) -> int:
    """What stands for a route: the same for the same method and template, whatever its parameters are called."""
    parts = (f"{part.kind}{part.text}{part.separator}" for part in route.segments)
    return digest_of("route", route.method, *parts)
