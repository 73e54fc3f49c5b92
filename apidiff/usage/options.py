"""What a user may say about usage logs: how to read them, where the API is mounted, and what to leave out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySource:
    """Where a key stands inside something else, of which nothing is kept.

    It stands in a `field` ("" is the one that is found by itself), in a `query` parameter, in a label of the `host`
    (counted from 1) or a segment of the `path`. Of that it is a `claim` of a token, a `part` of an authorization or of
    a subject (`user`, `cn`), what a `pattern` with one group finds, or the whole.
    """

    field: str = ""
    query: str = ""
    host: int = 0
    path: int = 0
    claim: str = ""
    part: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How logs are read, measured and joined.

    Reading: `columns` maps canonical fields (contract, "Inputs") to the log's own, dotted where nested, or to several
    parts of one value; `key_source` says where a key stands that is a piece of something; rows of other `hosts` are not
    the API's; `time_zone` is what times without an offset are in, `date_order` says what comes first in dates with
    slashes (`month-first`, `day-first`), `time_format` how times are written (strptime's); `log_format` names a format
    instead of looking at the first lines, or is a server's format string; `mounts` are path prefixes that the specs'
    servers do not name, and of `base_path` the first is taken off a logged path, and the second put there;
    `ignore_slashes` takes paths with slashes that stand twice or at the end for those without. `rows` is the place of
    the list of rows in documents, dotted, and `inside` that of the field of a row that holds a line of the log.
    Leaving out: keys, integrators, user agents (shell patterns) and operations (ids). Thresholds: fewer than
    `min_calls` logical successes are no impact; `retry_gap_seconds` between two attempts makes the later a retry;
    evidence looks back `look_back_days` from the log's last row and asks for success in the last `recent_days`; rows of
    an engine come at most `late_days` late, so that days before that are kept. Keys: `key_hash` says what the log's
    keys are: "" (keys or ids), `sha256`, or `hmac` under `key_secret`. `version_from` names where a pinned version
    stands if not in the version column (`header:Stripe-Version`, `query:api-version`, `path:1`); callers that pin
    `revision_version` or a later one live with the revision already. `today` makes rows of later days unreadable ("a
    time in the future"); None takes every time. `cache` is the folder of cubes; None keeps nothing. `salt` is what keys
    are hashed under; without one it is the cache's, or one for this run. Of an `engine` the `table` is read, whose
    column `partition` says the day; where it `is_bounded` nothing before the look-back is read.
    """

    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    key_source: KeySource | None = None
    hosts: tuple[str, ...] = ()
    base_path: tuple[str, str] = ("", "")
    ignore_slashes: bool = False
    rows: str = ""
    inside: str = ""
    time_zone: str = ""
    date_order: str = ""
    time_format: str = ""
    log_format: str = ""
    mounts: tuple[str, ...] = ()
    exclude_keys: tuple[str, ...] = ()
    exclude_integrators: tuple[str, ...] = ()
    exclude_user_agents: tuple[str, ...] = ()
    exclude_operations: tuple[str, ...] = ()
    min_calls: int = 1
    min_share: float = 0.0
    retry_gap_seconds: int = 60
    look_back_days: int = 90
    late_days: int = 2
    recent_days: int = 30
    key_hash: str = ""
    key_secret: str = field(default="", repr=False)
    version_from: str = ""
    revision_version: str = ""
    cache: Path | None = None
    salt: bytes = field(default=b"", repr=False)
    today: date | None = None
    threads: int = 0
    engine: str = ""
    table: str = ""
    partition: str = ""
    is_bounded: bool = False
