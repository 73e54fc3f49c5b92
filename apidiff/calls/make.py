"""Makes a whole call of one operation: what it requires, credentials, and what somebody asks to be in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote

from apidiff.calls.value import FORM, MULTIPART, SERVER, Call, Credential, is_form
from apidiff.calls.wire import in_path, pairs
from apidiff.diff.sides import Sides
from apidiff.load.resolve import Side
from apidiff.schema import Place, Reader
from apidiff.schema.validators import Validators
from apidiff.schema.wholes import Wholes, find
from apidiff.spec import Media, Operation, Parameter, Spec, media_key, server_url
from apidiff.words.direction import REQUEST, RESPONSE
from apidiff.words.facts import ABSENT

Key = tuple[str, str]
"""A parameter: its location and its name, a header's in lower case."""
_SERVER: Final = re.compile(r"https?://[\w.:\[\]%~+/-]+", re.ASCII)
_MULTI: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A call before it is written: values that the validators judge."""

    parameters: Mapping[Key, Any] = field(default_factory=dict)
    media: str = ""
    body: Any = ABSENT

    def without(self, key: Key) -> "Draft":
        """The draft without a parameter."""
        return replace(self, parameters={one: value for one, value in self.parameters.items() if one != key})

    def with_value(self, key: Key, value: Any) -> "Draft":
        """The draft with another value of a parameter."""
        return replace(self, parameters={**self.parameters, key: value})


@dataclass(frozen=True, slots=True)
class Wish:
    """What has to be in a draft beside what is required: a parameter or the body, and what a path in it leads to."""

    key: Key | None = None
    body: bool = False
    media: str = ""
    path: str = ""


class Maker:
    """Makes the calls and answers of one side (0 base, 1 revision)."""

    def __init__(self, sides: Sides, side: int, validators: Validators) -> None:
        self.number = side
        self.side: Side = sides.both[side]
        self.spec: Spec = sides.specs[side]
        self.reader: Reader = sides.readers[side]
        self.validators = validators
        self.asking = Wholes(self.side, self.reader, REQUEST)
        self.answering = Wholes(self.side, self.reader, RESPONSE)

    # drafts -----------------------------------------------------------------------------------------------------------

    def draft(self, operation: Operation, wish: Wish) -> Draft:
        """A draft with what the operation requires and what is wished; not surely valid."""
        made = {
            key: self._value(parameter, wish.path if key == wish.key else "")
            for key, parameter in operation.parameters.items()
            if parameter.is_required or parameter.location == "path" or key == wish.key
        }
        named = {name for name in _MULTI.findall(operation.path) if ("path", name) not in made}
        made |= {("path", name): "1" for name in sorted(named)}  # what nobody declared is in the path all the same
        body = operation.body
        if body is None or not (body.is_required or wish.body) or not body.media:
            return Draft(made)
        media = self.media(body.media, wish.media)
        return Draft(made, media.name, self.content(media, wish.path if wish.body else "", REQUEST))

    def media(self, known: Mapping[str, Media], wished: str) -> Media:
        """The media type that is asked for, else the one that is easiest to write."""
        if wished and (found := known.get(media_key(wished))) is not None:
            return found
        return min(known.values(), key=lambda one: _EASE.get(media_key(one.name), 1 if "json" in one.name else 4))

    def _value(self, parameter: Parameter, path: str) -> Any:
        for example in _examples(parameter.place[0]):
            has_path = not path or find(example, path) is not None
            if has_path and self._is_valid(parameter.schema, example, REQUEST):
                return example
        self.asking.dense = False
        if parameter.schema is None:
            return self.asking.whole((True, parameter.place[1]), name=parameter.name)
        return self._whole(self.asking, parameter.schema, path, REQUEST, name=parameter.name)

    def content(self, media: Media, path: str, bit: int) -> Any:
        """A value of a body: an example of the spec that is valid and has what the path leads to, else a made one."""
        if media.schema is None:
            return {} if "json" in media.name else "text"
        self.asking.dense = is_form(media.name)
        examples = [media.example[0]] if media.example else [*_examples(media.place[0])]
        for example in examples:
            if (not path or find(example, path) is not None) and self._is_valid(media.schema, example, bit):
                return example
        return self._whole(self.asking if bit == REQUEST else self.answering, media.schema, path, bit)

    def _whole(self, wholes: Wholes, place: Place, path: str, bit: int, *, name: str = "") -> Any:
        """A made value; where the spec's own examples are wrong, one without them."""
        value = wholes.whole(place, path, name=name)
        if self._is_valid(place, value, bit):
            return value
        wholes.shown = False
        try:
            return wholes.whole(place, path, name=name)
        finally:
            wholes.shown = True

    def _is_valid(self, place: Place | None, value: Any, bit: int) -> bool:
        return place is None or self.allows(place, value, bit)

    def allows(self, place: Place, value: Any, bit: int) -> bool:
        """Whether the validator allows a value; False where there is none."""
        validator = self.validators.of(self.number, place, bit)
        try:
            return validator is not None and bool(validator.is_valid(value))
        except (ValueError, TypeError):
            return False

    # calls ------------------------------------------------------------------------------------------------------------

    def call(self, operation: Operation, draft: Draft) -> Call:
        """The draft as it is written."""
        path = operation.path
        written: dict[str, list[tuple[str, str]]] = {"query": [], "header": [], "cookie": []}
        for key, value in draft.parameters.items():
            parameter = operation.parameters.get(key)
            if key[0] == "path":
                text = in_path(parameter, value) if parameter else str(value)
                path = path.replace(f"{{{key[1]}}}", text)
            elif parameter is not None:
                written.setdefault(key[0], []).extend(pairs(parameter, value))
        return Call(
            method=operation.method,
            path=quote(path, safe="/%:@!$&'()*+,;=~"),
            server=self.server(operation),
            query=tuple(written["query"]),
            headers=tuple(written["header"]),
            cookies=tuple(written["cookie"]),
            credentials=self.credentials(operation),
            media=draft.media if draft.body is not ABSENT else "",
            body=draft.body,
            brackets=self._brackets(operation, draft.media),
            files=self._files(operation, draft.media),
        )

    def server(self, operation: Operation) -> str:
        """The operation's first server, as far as it is a plain URL."""
        url = server_url(operation.servers[0][0]) if operation.servers else ""
        url = f"https:{url}" if url.startswith("//") else f"{SERVER}{url}" if url.startswith("/") else url
        return url.rstrip("/") if _SERVER.fullmatch(url) else SERVER

    def credentials(self, operation: Operation) -> tuple[Credential, ...]:
        """Those of the first alternative that a plain program can meet."""
        found = [tuple(self.asked(scopes)) for scopes, _ in operation.security]
        return next((one for one in found if one), ())

    def asked(self, scopes: Mapping[str, Any]) -> Iterator[Credential]:
        """The credentials that one alternative asks for."""
        for name in scopes:
            node = self.spec.schemes[name][0] if name in self.spec.schemes else {}
            kind = str(node.get("type", ""))
            if kind == "apiKey":
                yield Credential(str(node.get("in", "header")), str(node.get("name", "")))
            elif kind == "basic" or str(node.get("scheme", "")).lower() == "basic":
                yield Credential("basic")
            elif kind in ("http", "oauth2", "openIdConnect"):
                yield Credential("bearer")

    def _files(self, operation: Operation, media: str) -> frozenset[str]:
        entry = _entry(operation, media)
        if entry is None or entry.schema is None or media_key(media) != MULTIPART:
            return frozenset()
        found = []
        for name, places in self.reader.view(*entry.schema).properties.items():
            view = self.reader.view(*self.reader.both(places))
            items = view.subschemas.get("items")
            if view.is_bytes or (items and self.reader.view(*self.reader.both(items)).is_bytes):
                found.append(name)
        return frozenset(found)

    def _brackets(self, operation: Operation, media: str) -> frozenset[str]:
        entry = _entry(operation, media)
        encoding = entry.place[0].get("encoding") if entry and isinstance(entry.place[0], dict) else None
        said = encoding.items() if isinstance(encoding, dict) else ()
        return frozenset(name for name, one in said if isinstance(one, dict) and one.get("style") == "deepObject")


def _entry(operation: Operation, media: str) -> Media | None:
    """What an operation says of the media type in which a call is sent."""
    return operation.body.media.get(media_key(media)) if operation.body and media else None


_EASE: Final = {"application/json": 0, FORM: 2, MULTIPART: 3}


def _examples(node: Any) -> Iterator[Any]:
    """The examples beside a schema: `example`, and the values of `examples`."""
    if not isinstance(node, dict):
        return
    if node.get("example") is not None:
        yield node["example"]
    several = node.get("examples")
    for one in several.values() if isinstance(several, dict) else ():
        if isinstance(one, dict) and one.get("value") is not None:
            yield one["value"]
