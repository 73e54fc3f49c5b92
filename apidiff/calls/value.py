"""A call as one value, which every language writes: the request, its answer, and what the code reads of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote, urlencode

from apidiff.schema.wholes import Path
from apidiff.words.facts import ABSENT

FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
SERVER: Final = "https://api.example.com"


@dataclass(frozen=True, slots=True)
class Credential:
    """How a caller says who it is: `bearer`, `basic`, or a key in a `header`, the `query` or a `cookie` of a name."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A whole request. `path` is filled in; `query` has no credentials; `body` is a JSON value, ABSENT for none."""

    method: str
    path: str
    server: str = SERVER
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    credentials: tuple[Credential, ...] = ()
    media: str = ""
    body: Any = ABSENT
    brackets: frozenset[str] = frozenset()
    """The fields of a form whose parts are named in brackets; those of the others are repeated."""
    files: frozenset[str] = frozenset()
    """The fields of a form in parts that go as files, with a name: servers look for an upload there."""

    @property
    def is_form(self) -> bool:
        """Whether the body goes as the fields of a form."""
        return self.body is not ABSENT and is_form(self.media)

    @property
    def is_multipart(self) -> bool:
        """Whether the form goes in parts, which few languages write without a library."""
        return self.is_form and self.media.lower().startswith(MULTIPART)

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON."""
        kind = self.media.partition(";")[0].strip().lower()
        return self.body is not ABSENT and (kind.endswith(("/json", "+json")) or kind in ("*/*", "application/*"))

    @property
    def content_type(self) -> str:
        """The media type to send; where the spec takes any, JSON."""
        return self.media if "*" not in self.media else "application/json"

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The body as the pairs of a form."""
        pairs: list[tuple[str, str]] = []
        for name, value in (self.body if isinstance(self.body, dict) else {}).items():
            if isinstance(value, list) and name not in self.brackets and not _is_deep(value):
                pairs += [(name, plain(one)) for one in value]
            else:
                pairs += flat(name, value)
        return tuple(pairs)

    @property
    def text(self) -> str:
        """The body as it goes over the wire, "" for none."""
        if self.body is ABSENT:
            return ""
        if self.is_form:
            return urlencode(self.fields, errors="replace")
        return self.body if isinstance(self.body, str) and not self.is_json else json.dumps(self.body)

    @property
    def target(self) -> str:
        """The path with its query, as it stands in the first line of the request."""
        return f"{self.path}?{urlencode(self.query, quote_via=quote, errors='replace')}" if self.query else self.path


def _is_deep(items: list[Any]) -> bool:
    return any(isinstance(one, dict | list) for one in items)


def is_form(media: str) -> bool:
    """Whether a media type is that of a form."""
    return media.partition(";")[0].strip().lower() in (FORM, MULTIPART)


def sent(value: Any) -> Any:
    """What is left of a value in a form: nothing of an empty list or object."""
    if isinstance(value, dict):
        held = {key: sent(one) for key, one in value.items()}
        return {key: one for key, one in held.items() if one not in ({}, [])}
    if isinstance(value, list):
        return [one for one in map(sent, value) if one not in ({}, [])]
    return value


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A value as pairs, nested names and indexes in brackets."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from flat(f"{name}[{key}]" if name else str(key), one)
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from flat(f"{name}[{place}]", one)
    else:
        yield name, plain(value)


def plain(value: Any) -> str:
    """A plain value as it stands in a URL or a form."""
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True, slots=True)
class Read:
    """A field that code reads of an answer; `kind` is the JSON type that it must be, "" for any."""

    path: Path
    kind: str = ""
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One side of a sample: the call, what comes back, and what the code reads; `marked` are the places that change."""

    call: Call
    status: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    answer: Any = ABSENT
    reads: tuple[Read, ...] = ()
    marked: tuple[Path, ...] = ()


class Outcome(StrEnum):
    """What the old call meets after the change."""

    GONE = "gone"
    REFUSED = "refused"
    UNAUTHORIZED = "unauthorized"
    IGNORED = "ignored"
    OTHER_ANSWER = "other answer"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Sample:
    """A change as calls: `before` is valid in the base, `after` in the revision. Where one is None `missing` says why.

    `outcome` is what the validator says of `before` against the revision.
    """

    operation: str
    before: Exchange | None
    after: Exchange | None
    outcome: Outcome
    missing: str = ""
    early: bool = False
    """Whether the base takes the new call as well, so that it can be sent before the change."""
