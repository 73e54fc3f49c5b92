"""JSON values that stand one behind the other, on lines or not: a document for each, however it is spread."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)
"""A whole string, the beginning of one, or a bracket; possessive, since ways back would be kept for each character."""
_LONGEST = 256 << 20
_HEX = re.compile(rb"\\x([0-9A-Fa-f]{2})")


def documents_of(blocks: Iterable[bytes]) -> Iterator[Any]:
    """The objects and lists in blocks of text; the members of a list around all of them where it is the first."""
    for text in _texts(blocks):
        value = value_of(text)
        if value is not None:
            yield value


def value_of(text: bytes) -> Any:
    r"""What a text is as JSON; None for none. nginx writes `\x22` in what ought to be JSON, which is mended."""
    import orjson

    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(with_proper_escapes(text))
    except (ValueError, RecursionError):
        return None


def with_proper_escapes(text: bytes) -> bytes:
    r"""The same with `\u0022` for `\x22`."""
    return _HEX.sub(rb"\\u00\1", text)


def _texts(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The texts between an opening bracket and its own closing one."""
    held, scan = b"", _Scan()
    parts: list[bytes] = []
    for block in chain(blocks, (b"",)):
        parts.append(block)
        if block and sum(map(len, parts)) < len(held):
            continue  # what has no end yet is looked at when it is twice as long, not at each block
        held = held[scan.forget(len(held)) :] + b"".join(parts)
        parts = []
        if len(held) > _LONGEST:
            return
        for token in _TOKEN.finditer(held, scan.at):
            if token[0] == b'"':  # a string that goes on in the next block
                break
            if scan.takes(token):
                yield held[scan.start : scan.at]


@dataclass(slots=True)
class _Scan:
    """How far a text was looked at, where its open document starts, and how deep it is."""

    at: int = 0
    start: int = 0
    depth: int = 0
    seen: int = 0

    def forget(self, size: int) -> int:
        """How many bytes from the start on nobody needs any more."""
        done = self.start if self.depth else min(self.at, size)
        self.at, self.start = self.at - done, self.start - done
        return done

    def takes(self, token: "re.Match[bytes]") -> bool:
        """Goes on behind a token; whether a document ends with it."""
        self.at = token.end()
        if token[0] in (b"{", b"["):
            if self.seen or token[0] == b"{":  # not a list around everything: its members are the documents
                if not self.depth:
                    self.start = token.start()
                self.depth += 1
            self.seen += 1
        elif token[0] in (b"}", b"]") and self.depth:
            self.depth -= 1
            return not self.depth
        return False
