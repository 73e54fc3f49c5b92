"""Path templates as regexes that every gateway reads alike: made of the path's own literals, never of a spec's pattern.

Of two templates that match one request, the one that `usage` counts it for is the one that gets its headers.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import quote, unquote

from apidiff.usage.route import Pattern, Segment, segments_of
from apidiff.words.escape import is_hidden
from apidiff.words.operation import PARAMETER

SEGMENT: Final = "[^/]+"
LONGEST: Final = 3_000
"""Bytes of a pattern: nginx takes tokens of 4,096, in which each backslash is two."""
_MOST: Final = 8
"""Parameters in one segment: engines that go back try every way to part a text between them."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_~/-]")
_SPECIAL: Final = frozenset(".+*()$")


@dataclass(frozen=True, slots=True)
class Template:
    """A path template that gateways can tell apart.

    `pieces` are the regexes of its segments. Of two templates that match one request, the lower `rank` is called.
    """

    path: str
    pieces: tuple[str, ...]
    segments: tuple[Segment, ...]
    rank: Pattern

    @property
    def pattern(self) -> str:
        """The regex of the whole path, without anchors."""
        return "".join(f"/{piece}" for piece in self.pieces)

    @property
    def is_literal(self) -> bool:
        """Whether the template matches one path only."""
        return not any(segment.kind for segment in self.segments)

    def goes_before(self, other: "Template") -> bool:
        """Whether a request that calls this template may match the other one too."""
        return (
            len(self.pieces) == len(other.pieces)
            and self.rank < other.rank
            and all(map(_may_meet, self.segments, other.segments, self.pieces, other.pieces))
        )


def template(path: str) -> Template | None:
    """The template of a path, or nothing where some gateway would read another path than the spec's.

    That is one with a query or a fragment, an encoded slash, an empty or a dot segment in the middle, characters that
    nobody sees or bytes that are no text, and what is longer than a line of configuration.
    """
    if not path.startswith("/") or any(char in path for char in "?#") or len(path) > LONGEST:
        return None
    texts, literal = path.removeprefix("/").split("/"), unquote(PARAMETER.sub("", path))
    if any(map(is_hidden, literal)):
        return None
    try:
        pieces = tuple(map(_piece, texts))
    except UnicodeDecodeError:
        return None
    if (
        "" in texts[:-1]
        or literal.count("/") != len(texts)
        or {".", ".."} & set(map(unquote, texts))
        or any(len(PARAMETER.findall(text)) > _MOST for text in texts)
    ):
        return None
    segments = segments_of(path)
    made = Template(path, pieces, segments, tuple(segment.pattern for segment in segments))
    return made if len(made.pattern.encode()) + made.pattern.count("\\") <= LONGEST else None


def _piece(text: str) -> str:
    """The regex of one segment; parameters that follow each other are as one."""
    literals = PARAMETER.split(text)
    return re.sub(r"(?:\[\^/\]\+){2,}", SEGMENT, SEGMENT.join(map(_literal, literals)))


def _literal(text: str) -> str:
    return "".join(map(_character, unquote(text, errors="strict")))


@cache
def _character(char: str) -> str:
    """One character as gateways meet it: some match the path as it was sent, some as it reads when decoded."""
    if _PLAIN.fullmatch(char):
        return char
    if char == ".":
        return r"\."
    sent = "".join(f"%{_digit(byte[0])}{_digit(byte[1])}" for byte in quote(char, safe="")[1:].split("%"))
    raw = f"\\{char}" if char in _SPECIAL else char if char > "\x7f" else f"\\x{ord(char):02x}"
    return f"(?:{raw}|{sent})"


def _digit(digit: str) -> str:
    return digit if digit.isdigit() else f"[{digit.lower()}{digit}]"


def _may_meet(mine: Segment, other: Segment, piece: str, other_piece: str) -> bool:
    """Whether one text can be both segments; a doubt between two mixed ones is a yes, which costs a line."""
    if not mine.kind and not other.kind:
        return piece == other_piece
    if not mine.kind:
        return re.fullmatch(other_piece, unquote(mine.text)) is not None
    return other.kind != 0 or re.fullmatch(piece, unquote(other.text)) is not None
