"""The cube: what the logs hold, as small columns of numbers, with no key, path, query value or address in it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from apidiff.usage.evidence import Coverage
from apidiff.usage.route import Routes

if TYPE_CHECKING:
    import pandas as pd

    from apidiff.usage.read.logs import Log

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDS_A_DAY = 86_400_000_000
NEVER = -1
"""What stands for a time that never was in the cube's columns."""
NOTHING = ("-", "none", "null", "(null)", "(none)", "nil", "undefined", "n/a", "anonymous")
"""What logs write for a key, a version or a client that is not there."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key as the logs show it: its digest, how it may be shown, and whether its prefix is that of a test key."""

    digest: str
    masked: str
    test: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Usage:
    """Everything that was measured.

    `cube` has a row for each key, route, version and day; its columns are `key` (position in `keys`), `route` (number
    in `routes`, 0 for none), `version` (position in `versions`), `day` (days since 1970, UTC), `attempts`, `successes`
    (logical), `first`, `last`, `first_success` (microseconds since 1970, UTC; `NEVER`). `clients` has a row for each
    key and kind of client: `key`, `family`, `language`, `kind`, `attempts`, `successes`. `retries` has a row for each
    key and route with failures: `key`, `route`, `retries` (attempts that repeat the one before), `loop` (0 or 1). Rows
    without a key are in the cube under the key whose digest is "". `salt` is the digests'; `log` can be opened again.
    `logged` are the optional columns that the logs hold: `query`, `request_fields`, `request_body_length`,
    `response_fields`, `version`.
    """

    coverage: Coverage
    keys: tuple[KeyUse, ...]
    versions: tuple[str, ...]
    routes: Routes
    cube: "pd.DataFrame"
    clients: "pd.DataFrame"
    retries: "pd.DataFrame"
    logged: frozenset[str]
    log: "Log" = field(repr=False)
    salt: bytes = field(repr=False)


def instant(microseconds: int) -> datetime | None:
    """A UTC time from the cube's microseconds; None for `NEVER`."""
    return None if microseconds == NEVER else EPOCH + timedelta(microseconds=microseconds)
