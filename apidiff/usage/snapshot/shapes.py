"""What a call looks like, as tokens: which parameters it has, which of the listed values, and numbers as ranges.

A name that the spec has not is told apart only where several accounts use it: it could hold what is somebody's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from apidiff.usage.ask.question import BETWEEN, any_value, forms_of_name, forms_of_value, parameter_pattern
from apidiff.usage.cube.relations import LISTED_MARK, NUMBER_MARK
from apidiff.usage.snapshot.kept import Kept
from apidiff.usage.snapshot.numbers import range_of
from apidiff.usage.snapshot.value import (
    BODY,
    FIELD,
    NAME,
    NUMBER,
    OTHER_FIELD,
    OTHER_NAME,
    OTHER_VALUE,
    VALUE,
    Token,
    digest_of,
)

Look = tuple[str, bool, str, str]
"""A shape as it was counted: the query, whether the body had a length, and the fields sent and received."""
_MOST: Final = 400
"""So many tokens has a shape; of what has more is said that there is more."""
_LONGEST: Final = 200
_ENDS: Final = re.compile(r"\[|%5[Bb]")
_IN_PLACE: Final = re.compile(r"(?:\[\]|%5[Bb]%5[Dd])$")
_APART: Final = re.compile(BETWEEN)
_LISTS: Final = re.compile(r"[\s,;|\"']+")
REQUEST, RESPONSE = "request_fields", "response_fields"


class Shapes:
    """Turns looks into tokens; names and fields that the spec has not stay texts until it is known who uses them."""

    def __init__(self, kept: Kept, bounds: Sequence[int]) -> None:
        self._kept, self._bounds = kept, bounds
        self._plain: dict[str, dict[str, str]] = {}
        self._odd: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for name, values in kept.values.items():
            self._plain[name] = {
                form: value for value in sorted(values) if _is_plain(value) for form in forms_of_value(value)
            }
            self._odd[name] = [
                (value, re.compile(parameter_pattern([name], any_value(value))))
                for value in sorted(values)
                if not _is_plain(value)
            ]

    def tokens(self, look: Look) -> "tuple[frozenset[Token], frozenset[tuple[int, str]]]":
        """The tokens of a look, and the (kind, text) pairs of what the spec has not."""
        query, sized, sent, received = look
        tokens: set[Token] = set()
        strange: set[tuple[int, str]] = set()
        for item in query.split("&") if query else ():
            self._of_item(item, tokens, strange)
        if sized:
            tokens.add(Token(BODY, digest_of("request_body_length")))
        if re.search(r"\w", sent, re.ASCII):
            tokens.add(Token(BODY, digest_of(REQUEST)))
        for column, fields in ((REQUEST, sent), (RESPONSE, received)):
            for field in fields_of(fields):
                self._of_field(column, field, tokens, strange)
        return frozenset(tokens), frozenset(strange)

    def _of_item(self, item: str, tokens: set[Token], strange: set[tuple[int, str]]) -> None:
        written, mark, value = _apart(item)
        if len(tokens) > _MOST or len(written) > _LONGEST:
            tokens.add(Token(OTHER_NAME))
            return
        for name in names_of(written):
            if name in self._kept.names:
                tokens.add(Token(NAME, digest_of("name", name)))
            else:
                strange.add((NAME, name))
        if not mark:
            return
        name = _IN_PLACE.sub("", written)
        for one in {name, unquote(name)}:
            if mark == LISTED_MARK and one in self._plain:
                tokens.update(self._of_values(one, value))
            elif mark == NUMBER_MARK and one in self._kept.numbers:
                tokens.update(self._of_numbers(one, value))

    def _of_values(self, name: str, value: str) -> Iterator[Token]:
        known = self._plain[name]
        for part in {value, *_APART.split(value)}:
            if part in known:
                yield Token(VALUE, digest_of("value", name, known[part]))
        yield from (
            Token(VALUE, digest_of("value", name, listed))
            for listed, pattern in self._odd[name]
            if pattern.search(f"{name}={value}")
        )
        if value not in known and any(part and part not in known for part in _APART.split(value)):
            yield Token(OTHER_VALUE, digest_of("name", name))

    def _of_numbers(self, name: str, value: str) -> Iterator[Token]:
        for part in _APART.split(value):
            found = range_of(part, self._bounds)
            if found is not None:
                yield Token(NUMBER, digest_of("name", name), *found)

    def _of_field(self, column: str, field: str, tokens: set[Token], strange: set[tuple[int, str]]) -> None:
        if len(tokens) > _MOST or len(field) > _LONGEST:
            tokens.add(Token(OTHER_FIELD, digest_of(column)))
        elif all(part in self._kept.properties for part in re.split(r"[.\[\]]+", field) if part):
            tokens.add(Token(FIELD, digest_of(column, field)))
        else:
            strange.add((FIELD, f"{column}\0{field}"))


def _is_plain(value: str) -> bool:
    """Whether no way to write a value holds what stands between two of them."""
    return not any(_APART.search(form) for form in forms_of_value(value))


def _apart(item: str) -> tuple[str, str, str]:
    for mark in (LISTED_MARK, NUMBER_MARK):
        written, found, value = item.partition(mark)
        if found:
            return written, mark, value
    return item, "", ""


@lru_cache(maxsize=1 << 16)
def names_of(written: str) -> frozenset[str]:
    """The names that a parameter as it is written stands for: its own, and those that it is a deep object of."""
    heads = {written, *(written[: end.start()] for end in _ENDS.finditer(written))} - {""}
    names = set(heads)
    for head in heads:
        name = unquote(head)
        if head in forms_of_name(name):
            names.add(name)
    return frozenset(names)


@lru_cache(maxsize=1 << 14)
def fields_of(listed: str) -> frozenset[str]:
    """The fields that a list names, and what they are parts of, however the list is written."""
    found: set[str] = set()
    for item in _LISTS.split(listed):
        starts = [0, *(place + 1 for place, char in enumerate(item) if char == "[")]
        ends = [place for place, char in enumerate(item) if char in ".]"] + [len(item)]
        found.update(item[start:end] for start in starts for end in ends if start < end)
        if len(found) > _MOST:
            break
    return frozenset(found)


def strangers(used: Iterable[tuple[int, str]]) -> frozenset[Token]:
    """What is said of names that are not told apart: that there are others."""
    return frozenset(
        Token(OTHER_NAME) if kind == NAME else Token(OTHER_FIELD, digest_of(text.partition("\0")[0]))
        for kind, text in used
    )


def known(kind: int, text: str) -> Token:
    """The token of a name or field that several accounts use."""
    return Token(NAME, digest_of("name", text)) if kind == NAME else Token(FIELD, digest_of(*text.split("\0", 1)))
