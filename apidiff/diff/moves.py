"""Which operation of the base is which of the revision: where the path stayed, and where it moved.

What moved is known by its path in another spelling or version, by its operationId, by what stands on the same path, and
by what it says. A move breaks callers as a removal does, so that no guess hides one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import product
from typing import Any, Final

from apidiff.spec import Operation
from apidiff.words.amount import per_cent
from apidiff.words.operation import OperationId, apart

PARAMETER: Final = re.compile(r"\{[^{}]*\}")
VERSION: Final = re.compile(r"v\d[\w.-]*", re.IGNORECASE)
"""A segment of a path that is a version: `v1`, `v1.47`, `v2beta1`."""
FIRST: Final = re.compile(r"(?:/api)?/(?:v?\d[\d._-]*(?:[.-][a-z]\w*)?|v\d[\w.-]*)(?=/|$)", re.IGNORECASE)
"""How a path begins with one, which is then a bare number or a date as well: `/2010-04-01`, `/api/2`."""
SPELLING: Final = re.compile(r"[-_.~ ]|%20")
"""What tells words of a segment apart, where letter case does not."""
PLURAL: Final = re.compile(r"(?<=[a-z]{2})(?:es?|s|(?<![aeiou])(?:ies|y))(?=/|$)")
"""The end of a segment that tells one thing from several."""
LIKE_PATHS: Final = 0.8
LIKE_CONTENT: Final = 0.5
"""The share of what two operations say that is the same: enough where their paths say that they belong together."""
LEAST_TOLD: Final = 10
"""Letters of a summary that only one operation has by no chance."""
LEAST_SAID: Final = 5
"""Values in an operation that says something in particular."""
LEAST_ALIKE: Final = 2
"""Operations that moved in the same way by no chance."""
UNSAID: Final = frozenset({"operationId", "tags", "deprecated"})
"""What an operation says of its own standing, which a move may change."""
NAMING: Final = {"properties": "name", "responses": "status"}
"""Objects whose keys are names on the wire, and of what."""
TELLING: Final = frozenset({"summary", "description", "title", "format", "pattern", "enum", "type", "$ref", "url"})
"""Keywords that every version of the specification says alike."""
ASIDE: Final = frozenset({"object", "file", "null"})
"""Types that one version has to say and another says otherwise."""
SHOWING: Final = frozenset({"example", "examples", "default"})
MOST_LIKENED: Final = 10_000
"""Pairs of operations that are looked into for a likeness of their paths."""
Operations = Mapping[OperationId, Operation]
Matches = dict[tuple[OperationId, OperationId], str]
"""Pairs of ids, and what they were matched by where that is a guess, else ""."""


def template(path: str) -> str:
    """A path template whatever its parameters are called; `/` at the end counts."""
    return PARAMETER.sub("{}", path)


def without_version(path: str) -> str:
    """A path template without the version at its beginning (`/v1`, `/2010-04-01`, `/api/v2`) or in it (`/a/v1/b`)."""
    path = template(path)
    if found := FIRST.match(path):
        return path[found.end() :]
    parts = path.split("/")
    at = next((index for index, part in enumerate(parts) if VERSION.fullmatch(part)), None)
    return path if at is None else "/".join([*parts[:at], *parts[at + 1 :]])


def mapped(path: str, map_prefix: Mapping[str, str]) -> str:
    """A path template of the base with the prefix that the revision has instead, the longest that fits."""
    for prefix in sorted(map_prefix, key=len, reverse=True):
        if path == prefix or path.startswith(prefix.rstrip("/") + "/"):
            return template(map_prefix[prefix].rstrip("/") + path[len(prefix.rstrip("/")) :])
    return template(path)


def matched(
    base: Operations,
    revision: Operations,
    *,
    map_prefix: Mapping[str, str],
    known: Mapping[OperationId, OperationId | None] | None = None,
    by_content: bool = True,
) -> Matches:
    """Which operation of the base is which of the revision.

    First what is `known` (None for what is gone), then by path template (whatever its parameters are called), then by
    the whole path with the server's prefix, then without a version segment, then by operationId, by a path in another
    spelling, by what moved around it, and by what is said of it; each step pairs only what is left and unambiguous.
    What has no path of its own (a webhook) is never guessed `by_content`.
    """
    match = _Match(base, revision, known or {})
    if map_prefix:
        match.take(lambda one: mapped(one.path, map_prefix), lambda one: template(one.path))
    match.take(lambda one: one.path)
    match.take(lambda one: template(one.path))
    match.take(lambda one: one.prefixes[0] + template(one.path))
    match.take(lambda one: without_version(one.path))
    match.take(lambda one: without_version(one.prefixes[0] + one.path))
    match.take_ids()
    if by_content and match.left and match.right:
        match.follow()
        match.take(_spelled, reason="the path in another spelling")
        match.take(_singular, reason="the path in another number", alike=LIKE_CONTENT)
        match.take_told()
        match.take_same()
        match.follow()
        match.follow_prefix()
        match.take_likely()
    return match.pairs


class _Match:
    """What is left to pair on both sides, and the pairs so far."""

    def __init__(self, base: Operations, revision: Operations, known: Mapping[OperationId, OperationId | None]) -> None:
        self.base, self.revision = base, revision
        self.pairs: Matches = {(one, two): "" for one, two in known.items() if two is not None}
        self.left = {name: one for name, one in base.items() if name not in known}
        self.right = {name: one for name, one in revision.items() if name not in known.values()}
        self._said: dict[int, Counter[tuple[str, str]]] = {}

    def pair(self, one: OperationId, two: OperationId, reason: str = "") -> None:
        self.pairs[one, two] = reason
        del self.left[one], self.right[two]

    def take(
        self,
        key: Callable[[Operation], str],
        other: Callable[[Operation], str] | None = None,
        *,
        reason: str = "",
        alike: float = 0.0,
    ) -> None:
        """Pair what has the same method and key and is the only one with them on both sides."""
        names = _by(self.right, lambda one: (one.method, (other or key)(one)))
        for value, mine in _by(self.left, lambda one: (one.method, key(one))).items():
            heirs = names.get(value, ())
            if len(mine) == len(heirs) == 1 and (not alike or self._alike(mine[0], heirs[0]) >= alike):
                self.pair(mine[0], heirs[0], reason)

    def take_ids(self) -> None:
        """Pair what has the same operationId, whatever its method."""
        names = _by(self.right, lambda one: one.operation_id)
        for value, mine in _by(self.left, lambda one: one.operation_id).items():
            heirs = names.get(value, ())
            if value is not None and len(mine) == len(heirs) == 1:
                self.pair(mine[0], heirs[0])

    def follow(self) -> None:
        """Pair what stands on a path that moved, or below it, with what stands there now."""
        self._follow(self._heads(), "the path that moved with it")

    def follow_prefix(self) -> None:
        """Pair what several paths that went are with segments put before them, or taken off, all the same ones."""
        ends, starts = (_by(side, _end) for side in (self.right, self.left))
        counts: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
        for end, mine in starts.items():
            heirs = ends.get(end, [])
            if end is None or len(mine) * len(heirs) > MOST_LIKENED:
                continue
            for name, other in product(mine, heirs):
                old, new = apart(template(self.left[name].path), template(self.right[other].path))
                is_longer = old[: len(new)] == new or new[: len(old)] == old
                if is_longer and len(old) <= self.left[name].path.count("/"):
                    counts[tuple(old), tuple(new)] += 1
        heads: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for (old_head, new_head), count in counts.items():
            if count >= LEAST_ALIKE:
                heads.setdefault(old_head, set()).add(new_head)
        self._follow(heads, "the path, which begins otherwise as others do")

    def _follow(self, heads: Mapping[tuple[str, ...], set[tuple[str, ...]]], reason: str) -> None:
        here = {(one.method, template(one.path)): name for name, one in self.right.items()}
        stayed = {template(one.path) for one in self.revision.values()}
        for name, one in list(self.left.items()):
            path = template(one.path).split("/")
            for length in range(len(path), -1, -1):
                heirs = heads.get(tuple(path[:length]), ())
                heir = (
                    here.get((one.method, "/".join((*next(iter(heirs)), *path[length:])))) if len(heirs) == 1 else None
                )
                if heir is None or heir not in self.right:
                    continue
                is_sibling = length == len(path) and template(one.path) not in stayed
                if is_sibling or self._alike(name, heir) >= LIKE_CONTENT:
                    self.pair(name, heir, reason)
                    break

    def _heads(self) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
        """What each beginning of a path became: the whole path, and what is left of it without a common end."""
        heads: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for one, two in self.pairs:
            paths = self.base[one].path, self.revision[two].path
            if paths[0] == paths[1]:
                continue
            whole = [tuple(template(path).split("/")) for path in paths]
            if whole[0] == whole[1]:
                continue
            heads.setdefault(whole[0], set()).add(whole[1])
            old, new = apart(*map(template, paths))
            heads.setdefault(tuple(old), set()).add(tuple(new))
        return heads

    def take_told(self) -> None:
        """Pair what has the same summary or description, which no other operation has, and says much the same."""
        for key in ("summary", "description"):
            names = [_by(side, lambda one: _told(one, key)) for side in (self.base, self.revision)]  # noqa: B023
            for text, mine in names[0].items():
                heirs = names[1].get(text, ())
                if not text or not len(mine) == len(heirs) == 1 or mine[0] not in self.left:
                    continue
                one, two = mine[0], heirs[0]
                is_like = two in self.right and self._alike(one, two) >= LIKE_CONTENT
                if is_like and self.left[one].method == self.right[two].method:
                    self.pair(one, two, f"the same {key}")

    def take_same(self) -> None:
        """Pair what says word for word the same, where one path is the other with more segments."""
        names, owners = (_by(side, self._content) for side in (self.right, self.left))
        for content, mine in owners.items():
            heirs = names.get(content, ())
            if content is None or not len(mine) == len(heirs) == 1:
                continue
            if _is_within(self.left[mine[0]].path, self.right[heirs[0]].path):
                self.pair(mine[0], heirs[0], "the same content")

    def take_likely(self) -> None:
        """Pair what has the same method, last segment and summary, and most of the path."""
        scored = []
        names, owners = (_by(side, _summary) for side in (self.right, self.left))
        for summary, mine in owners.items():
            heirs = names.get(summary, ())
            if not summary or len(mine) * len(heirs) > MOST_LIKENED:
                continue
            for name, other in product(mine, heirs):
                old, new = (template(one.path).split("/") for one in (self.left[name], self.right[other]))
                score = SequenceMatcher(None, old, new, autojunk=False).ratio() if old[-1] == new[-1] else 0.0
                if score >= LIKE_PATHS:
                    scored.append((-score, name, other))
        for score, name, other in sorted(scored):
            if name in self.left and other in self.right:
                self.pair(name, other, f"summary and path, {per_cent(-score)} alike")

    def _content(self, operation: Operation) -> tuple[object, ...] | None:
        """A key that is the same for two operations that say the same of something in particular."""
        said = self._of(operation)
        return (operation.method, *sorted(said.items())) if said.total() >= LEAST_SAID else None

    def _alike(self, one: OperationId, two: OperationId) -> float:
        """The share of what two operations say that both say."""
        was, now = self._of(self.base[one]), self._of(self.revision[two])
        every = (was | now).total()
        return (was & now).total() / every if every else 1.0

    def _of(self, operation: Operation) -> Counter[tuple[str, str]]:
        """What an operation says, value by value, less its own standing and the parameters of its path."""
        known = self._said.get(id(operation.node))
        if known is None:
            kept = {key: value for key, value in operation.node.items() if key not in UNSAID and key[:2] != "x-"}
            known = self._said[id(operation.node)] = Counter(_values(kept))
        return known


def _by(operations: Operations, key: Callable[[Operation], Any]) -> dict[Any, list[OperationId]]:
    found: dict[Any, list[OperationId]] = {}
    for name, operation in operations.items():
        found.setdefault(key(operation), []).append(name)
    return found


def _spelled(operation: Operation) -> str:
    """A path whatever the case of its letters, what stands between its words, and its last slash."""
    return SPELLING.sub("", without_version(operation.path)).lower().rstrip("/")


def _singular(operation: Operation) -> str:
    return PLURAL.sub("", _spelled(operation))


def _end(operation: Operation) -> tuple[str, str] | None:
    """The method and the last literal of a path; what has none ends like everything."""
    parts = [part for part in operation.path.split("/") if part and "{" not in part]
    return (operation.method, parts[-1]) if parts else None


def _summary(operation: Operation) -> tuple[str, str] | None:
    summary = operation.node.get("summary")
    return (operation.method, summary) if isinstance(summary, str) and summary else None


def _told(operation: Operation, key: str) -> str:
    text = operation.node.get(key)
    return text if isinstance(text, str) and len(text) >= LEAST_TOLD else ""


def _is_within(base: str, revision: str) -> bool:
    """Whether one of two paths is the other with more segments, none of them variable."""
    one, two = (template(path).split("/") for path in (base, revision))
    if one.count("{}") != two.count("{}"):
        return False
    shorter, longer = sorted((one, two), key=len)
    rest = iter(longer)
    return all(part in rest for part in shorter)


def _values(node: Any) -> Iterator[tuple[str, str]]:
    """What a node says in every version of the specification alike: texts, types, names, statuses, listed values."""
    stack: list[Any] = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        if not isinstance(node, dict) or node.get("in") == "path":
            continue
        if isinstance(name := node.get("name"), str) and node.get("in") != "body":
            yield "name", name
        for key, value in node.items():
            if key in NAMING and isinstance(value, dict):
                yield from ((NAMING[key], name) for name in value)
                stack.extend(value.values())
            elif key in TELLING:
                yield from ((key, text) for text in _texts(key, value) if text not in ASIDE)
            elif key not in SHOWING and key[:2] != "x-":
                stack.append(value)


def _texts(key: str, value: Any) -> list[str]:
    """What a keyword says; of a reference the name alone, for each version keeps components in another place."""
    if key == "$ref":
        return [str(value).rpartition("/")[2]]
    return [str(one) for one in (value if isinstance(value, list) else [value])]
