"""What a log format is: how it is written, how it is told from others, and which of its fields is which."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CANONICAL = (
    "time",
    "method",
    "path",
    "status",
    "api_key",
    "query",
    "user_agent",
    "version",
    "operation_id",
    "route",
    "host",
    "idempotency_key",
    "request_fields",
    "request_body_length",
    "response_fields",
    "latency_ms",
    "count",
)
"""The fields that a log may be mapped to; `path` and `route` are either of them enough, as is `operation_id`."""


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One way to write a log.

    `kind` is `json` (an object a line), `otlp` (an export of spans a line), `table` (CSV and its like, and Parquet:
    named columns), `spaced` (columns by position, separated by spaces, quoted), `w3c` (columns named by a `#Fields:`
    line), `pattern` (a regular expression with named groups) or `pairs` (names and values in a line: logfmt, LTSV).
    `fields` maps canonical names to candidates, each dotted path split into its names. `key_hint` says how the gateway
    is told to log who calls; `lacks` why lines that are written as this one can't be read at all, "" where they can.
    """

    name: str
    kind: str
    title: str
    marks: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    pattern: str = ""
    key_hint: str = ""
    lacks: str = ""
