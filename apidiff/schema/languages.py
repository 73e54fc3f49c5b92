r"""Decides exactly how the set of strings moves when one `pattern` replaces another: by automata, not by trying.

A pattern is read as ECMA-262 reads it without flags (JSON Schema 2020-12 Core, 6.4): `\d` is `[0-9]`, `.` is no end of
line, `$` is the end of the text, and a match may stand anywhere in it. What Python's parser takes otherwise than
ECMA-262 does, and what no finite automaton is for (lookaround, back-references), stays undecided.
"""

import re
import warnings
from bisect import bisect_right
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

# the parsed form of a pattern has no public name; it has been the same since Python 3.11
c: Any = import_module("re._constants")
parser: Any = import_module("re._parser")

LAST: Final = 0xFFFF
"""The last code unit: without the flag `u` a pattern speaks of these."""
HIGHEST: Final = 0xD7FF
"""Beyond it a character may be half of another one: a pattern that names such is not decided."""
MOST_STATES: Final = 1_500
MOST_STEPS: Final = 20_000
"""Past either nothing is decided."""

READ_OTHERWISE: Final = re.compile(
    r"(?:[^\\]|^)(?:\\\\)*(?:\\[^dDwWsSxutnrfv_\W]|\\\Z|\[\^?\]|\{,|\(\?(?!:|=|!|<[=!])|[*+?}]\+)", re.DOTALL
)
"""What may mean another thing in ECMA-262: letters and digits after a backslash, `[]`, `{,3}`, flags, `a++`."""

Ranges = tuple[tuple[int, int], ...]

DIGIT: Final[Ranges] = ((0x30, 0x39),)
WORD: Final[Ranges] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACE: Final[Ranges] = (
    *((0x9, 0xD), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029)),
    *((0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
NO_LINE: Final[Ranges] = ((0xA, 0xA), (0xD, 0xD), (0x2028, 0x2029))


def _inverse(ranges: Ranges) -> Ranges:
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, LAST)) if start <= LAST else tuple(found)


CATEGORIES: Final[dict[Any, Ranges]] = {
    c.CATEGORY_DIGIT: DIGIT,
    c.CATEGORY_NOT_DIGIT: _inverse(DIGIT),
    c.CATEGORY_WORD: WORD,
    c.CATEGORY_NOT_WORD: _inverse(WORD),
    c.CATEGORY_SPACE: SPACE,
    c.CATEGORY_NOT_SPACE: _inverse(SPACE),
}
ANYTHING: Final[Ranges] = ((0, LAST),)


class Moved(NamedTuple):
    """How one set of strings lies to another: whether some string of the first is not in the second, and back."""

    lost: bool
    won: bool


@lru_cache(maxsize=1024)
def moved_language(before: str, after: str) -> Moved | None:
    """How the strings that a pattern describes move; None where that is not decided."""
    try:
        return _compare(_Automaton(before), _Automaton(after))
    except (_UndecidedError, re.error, RecursionError, OverflowError):
        return None


class _UndecidedError(Exception):
    """A pattern that is not read here, or that is too large."""


class _Automaton:
    """The states of a pattern: where each leads with a character, without one, at the beginning, and at the end."""

    def __init__(self, pattern: str) -> None:
        if READ_OTHERWISE.search(pattern):
            raise _UndecidedError
        self.steps: list[list[tuple[Ranges, int]]] = []
        self.free: list[list[int]] = []
        self.at_start: list[list[int]] = []
        self.at_end: list[list[int]] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parser.parse(pattern)
        if tree.state.flags & ~re.UNICODE:
            raise _UndecidedError
        self.start, begin, self.end = self._state(), self._state(), self._state()
        self.steps[self.start].append((ANYTHING, self.start))
        self.free[self.start].append(begin)
        self.steps[self.end].append((ANYTHING, self.end))
        self.free[self._sequence(list(tree), begin)].append(self.end)

    def bounds(self) -> set[int]:
        """Where characters begin to be told apart."""
        return {edge for steps in self.steps for ranges, _ in steps for low, high in ranges for edge in (low, high + 1)}

    def closed(self, states: set[int], *, is_start: bool = False, is_end: bool = False) -> frozenset[int]:
        """States, and those that are reached from them without a character."""
        found, left = set(states), list(states)
        while left:
            state = left.pop()
            for target in (
                *self.free[state],
                *(self.at_start[state] if is_start else ()),
                *(self.at_end[state] if is_end else ()),
            ):
                if target not in found:
                    found.add(target)
                    left.append(target)
        return frozenset(found)

    def accepts(self, states: frozenset[int], *, is_start: bool) -> bool:
        """Whether a text that ends in these states is described."""
        return self.end in states or self.end in self.closed(set(states), is_start=is_start, is_end=True)

    def after(self, states: frozenset[int], unit: int) -> frozenset[int]:
        """The states behind one more character."""
        reached = {
            target
            for state in states
            for ranges, target in self.steps[state]
            if any(low <= unit <= high for low, high in ranges)
        }
        # what was found is found, whatever follows
        return frozenset((self.end,)) if self.end in (closed := self.closed(reached)) else closed

    def _state(self) -> int:
        if len(self.steps) >= MOST_STATES:
            raise _UndecidedError
        for table in (self.steps, self.free, self.at_start, self.at_end):
            table.append([])
        return len(self.steps) - 1

    def _sequence(self, nodes: list[Any], here: int) -> int:
        for kind, value in nodes:
            here = self._node(kind, value, here)
        return here

    def _node(self, kind: Any, value: Any, here: int) -> int:
        """Add what one parsed node asks for behind a state, and give the state behind it."""
        if kind is c.SUBPATTERN:
            return self._sequence(list(value[-1]), here)
        if kind in (c.MAX_REPEAT, c.MIN_REPEAT):
            least, most, body = value
            return self._repeat((int(least), most), body, here)
        there = self._state()
        if kind is c.BRANCH:
            for branch in value[1]:
                self.free[self._sequence(list(branch), here)].append(there)
        elif kind is c.AT and value is c.AT_BEGINNING:
            self.at_start[here].append(there)
        elif kind is c.AT and value is c.AT_END:
            self.at_end[here].append(there)
        else:
            self.steps[here].append((_ranges(kind, value), there))
        return there

    def _repeat(self, times: tuple[int, Any], body: Any, here: int) -> int:
        least, most = times
        for _ in range(least):
            here = self._sequence(list(body), here)
        there = self._state()
        self.free[here].append(there)
        if most is c.MAXREPEAT:
            self.free[self._sequence(list(body), there)].append(there)
            return there
        for _ in range(int(most) - least):
            here = self._sequence(list(body), here)
            self.free[here].append(there)
        return there


def _ranges(kind: Any, value: Any) -> Ranges:
    """The characters that a node of one character stands for."""
    if kind is c.ANY:
        return _inverse(NO_LINE)
    if kind is c.IN:
        is_negated = bool(value) and value[0][0] is c.NEGATE
        found = tuple(part for one in value[is_negated:] for part in _ranges(*one))
        return _inverse(found) if is_negated else found
    if kind is c.CATEGORY:
        return CATEGORIES[value]
    if kind in (c.LITERAL, c.NOT_LITERAL, c.RANGE):
        low, high = value if kind is c.RANGE else (value, value)
        if high > HIGHEST:
            raise _UndecidedError
        return _inverse(((low, high),)) if kind is c.NOT_LITERAL else ((low, high),)
    raise _UndecidedError


def _compare(before: _Automaton, after: _Automaton) -> Moved:
    """Both automata at once, for one character of each kind that either tells apart."""
    edges = sorted({0, *before.bounds(), *after.bounds()})
    units = edges[: bisect_right(edges, LAST)]
    begun = (before.closed({before.start}, is_start=True), after.closed({after.start}, is_start=True))
    seen: set[tuple[frozenset[int], frozenset[int]]] = set()
    left = [begun]
    lost = won = False
    steps, is_start = 0, True
    while left:
        was, now = left.pop()
        described = before.accepts(was, is_start=is_start), after.accepts(now, is_start=is_start)
        lost, won = lost or described == (True, False), won or described == (False, True)
        is_start = False
        if lost and won:
            break
        for unit in units:
            steps += len(was) + len(now)
            if steps > MOST_STEPS:
                raise _UndecidedError
            pair = before.after(was, unit), after.after(now, unit)
            if pair not in seen:
                seen.add(pair)
                left.append(pair)
    return Moved(lost, won)
