"""Makes a shim of what was undone: the routes of everything that changed, and what is done on each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from apidiff.diff import Differences
from apidiff.expand.shim.pages import paging_of
from apidiff.expand.shim.shapes import Shapes, once
from apidiff.expand.shim.value import Known, Shim, Unserved
from apidiff.expand.shim.ways import Ways
from apidiff.load.resolve import Side
from apidiff.spec.parts import Media, Operation
from apidiff.usage.route import segments_of
from apidiff.words.changes import Change, Level
from apidiff.words.direction import Direction
from apidiff.words.operation import PARAMETER

Piece = str | list[str]
"""A segment of a path: its text, or what stands before and behind its one parameter."""
_DOUBT: Final = "not where a body may be one of several things of which more than one has the old name"
_PATHS: Final = "not where addresses have several parameters in one segment, or others than the old ones"


def shim(found: Differences, changes: Iterable[Change], wanted: frozenset[str]) -> Shim:
    """The shim that serves the `wanted` of a comparison's changes, by their ids.

    So it does with what only strict callers fail on, and with values that answers spell otherwise, where nothing has to
    be asked for it.
    """
    sides = found.base.everything, found.revision.everything
    operations = {one: (sides[0][one], sides[1][two]) for one, two in found.pairs}
    trees = [spec.side.document.trees() for spec in (found.base, found.revision)]
    ways = Ways(found, trees[0], trees[1], operations)
    known: list[Known] = []
    unserved: list[Unserved] = []
    for change in changes:
        if change.id in wanted:
            way = ways.of(change)
            if isinstance(way, Known):
                known.append(way)
            else:
                unserved.append(way)
        elif change.level is Level.DANGEROUS or (change.rule == "enum-value-removed" and change.renamed_to):
            way = ways.of(change)
            known += [way] if isinstance(way, Known) and not way.asks else []
    return _Maker(found, tuple(known), tuple(unserved)).made()


@dataclass
class _Maker:
    found: Differences
    known: tuple[Known, ...]
    unserved: tuple[Unserved, ...]
    narrower: dict[str, str] = field(default_factory=dict)

    def made(self) -> Shim:
        """The shim as a whole."""
        sides: dict[bool, Side] = {True: self.found.base.side, False: self.found.revision.side}
        inside = {
            way: Shapes.of(sides, [step for one in self.known if one.change.direction is way for step in one.inside])
            for way in Direction
        }
        rules = list(self._rules(inside[Direction.REQUEST], inside[Direction.RESPONSE]))
        sent, numbers = inside[Direction.REQUEST].table(0)
        got, others = inside[Direction.RESPONSE].table(len(sent))
        kept = [one for one in rules if one.settle(numbers, others)]
        for shapes in inside.values():
            self.narrower |= dict.fromkeys(shapes.doubtful, _DOUBT)
        table = {
            "fill": sorted(one.change.id for one in self.known if one.asks),
            "keys": _keys(self.found.base.side.root),
            "routes": self._routes(kept),
            "rules": [one.row for one in kept],
            "shapes": [*sent, *got],
        }
        return Shim(table, self.known, self.unserved, self.narrower)

    def _rules(self, sent: Shapes, got: Shapes) -> "Iterator[_Rule]":
        """What is done for each operation that both specs have, at its old address and at its new one."""
        operations = self.found.base.operations, self.found.revision.operations
        for before, after in self.found.pairs:
            if before not in operations[0] or after not in operations[1]:
                continue
            one, two = operations[0][before], operations[1][after]
            own = [known for known in self.known if before in known.change.operations or after in known.change.operations]  # fmt: skip  # noqa: E501
            if not own:
                continue
            rows = [row for known in own for row in known.parameters]
            body = sent.number(_places(_json(one.body.media if one.body else {}), _json(two.body.media if two.body else {})))  # fmt: skip  # noqa: E501
            answers = {
                status: got.number(_places(_json(_media(one, status)), _json(response.media)))
                for status, response in two.responses.items()
            }
            pages = [
                {**known.paging, **paging}
                for known in own
                if known.paging and (paging := paging_of(self.found.revision.side, two, known.paging["limit"]))
            ]
            moved = next((known.change for known in own if known.is_moved), None)
            for address in dict.fromkeys([one.path, two.path] if moved else [one.path]):
                pieces, target = _pieces(address), _target(address, two.path)
                if pieces is None or target is None:
                    self.narrower |= {known.change.id: _PATHS for known in own}
                    continue
                parameters = [_placed(row, address) for row in rows]
                row = {
                    "path": address,
                    "change": moved.id if moved and address != two.path else None,
                    "to": target,
                    "parameters": [row for row in parameters if row is not None],
                    "body": body,
                    "answers": answers,
                    "paging": pages,
                }
                yield _Rule(one, address, pieces, row, is_moved=moved is not None)

    def _routes(self, rules: "Sequence[_Rule]") -> list[list[Any]]:
        """The addresses in the order in which they are tried, with those of other operations that come before."""
        declared = {
            (operation.method, operation.path)
            for spec in (self.found.base, self.found.revision)
            for operation in spec.operations.values()
        }
        own = {(rule.operation.method, rule.address) for rule in rules}
        entries: list[tuple[Any, list[Any]]] = []
        for number, rule in enumerate(rules):
            method = rule.operation.method
            methods = ["GET", "HEAD"] if method == "GET" and ("HEAD", rule.address) not in declared else [method]
            for prefix in dict.fromkeys(rule.operation.prefixes):
                led = [*filter(None, prefix.split("/"))]
                rank = tuple(one.pattern for one in segments_of(rule.address))
                entries.append(((rank, rule.address), [methods, [*led, *rule.pieces], number, len(led)]))
        for method, path in sorted(declared - own):
            pieces = _pieces(path)
            rivals = [rule for rule in rules if rule.operation.method == method and _may_meet(pieces, rule.pieces)]
            for prefix in dict.fromkeys(prefix for rule in rivals for prefix in rule.operation.prefixes):
                led = [*filter(None, prefix.split("/"))]
                rank = tuple(one.pattern for one in segments_of(path))
                entries.append(((rank, path), [[method], [*led, *(pieces or ())], None, len(led)]))
        return [entry for _, entry in sorted(entries, key=lambda one: one[0])]


@dataclass(frozen=True)
class _Rule:
    """What is done at one address."""

    operation: Operation
    address: str
    pieces: list[Piece]
    row: dict[str, Any]
    is_moved: bool

    def settle(self, sent: Mapping[int, int], got: Mapping[int, int]) -> bool:
        """Put in the numbers of the shapes as they are now; whether anything is done here at all."""
        row = self.row
        row["body"] = sent.get(row["body"])
        row["answers"] = {status: got[one] for status, one in row["answers"].items() if one in got}
        # at its new address a moved operation is only seen, so that the log tells who has moved
        is_seen = self.is_moved or row["body"] is not None
        return bool(is_seen or row["answers"] or row["parameters"] or row["paging"])


def _media(operation: Operation, status: str) -> Mapping[str, Media]:
    response = operation.responses.get(status)
    return response.media if response is not None else {}


def _json(media: Mapping[str, Media]) -> Media | None:
    """The JSON among media types."""
    plain = {name.split(";")[0].strip().lower(): one for name, one in media.items()}
    return plain.get("application/json") or next((one for name, one in plain.items() if name.endswith("+json")), None)


def _places(base: Media | None, later: Media | None) -> list[tuple[bool, Any, Any]]:
    return [
        (is_base, *media.schema)
        for is_base, media in ((True, base), (False, later))
        if media is not None and media.schema is not None
    ]


def _pieces(path: str) -> list[Piece] | None:
    """The segments of a template; None where one has several parameters."""
    made: list[Piece] = []
    for text in path.removeprefix("/").split("/"):
        parts = PARAMETER.split(text)
        if len(parts) > 2:
            return None
        made.append(text if len(parts) == 1 else parts)
    return made


def _target(address: str, path: str) -> list[Any] | None:
    """Where calls of an address go: its segments, with the number of the old parameter in each place.

    None where a parameter is none of the old ones.
    """
    were, are = ([one[1:-1] for one in PARAMETER.findall(text)] for text in (address, path))
    pieces = _pieces(path)
    if pieces is None or len(were) != len(are):
        return None
    rest = [number for number, name in enumerate(were) if name not in are]
    numbers = [were.index(name) if name in were else rest.pop(0) for name in are]
    return [piece if isinstance(piece, str) else [*piece, numbers.pop(0)] for piece in pieces]


def _placed(row: list[Any], address: str) -> list[Any] | None:
    """A step of a parameter; that of a path by its number."""
    if row[2] != "path":
        return row
    names = [one[1:-1] for one in PARAMETER.findall(address)]
    return [*row[:3], names.index(row[3]), *row[4:]] if row[3] in names else None


def _may_meet(one: Sequence[Piece] | None, other: Sequence[Piece]) -> bool:
    """Whether one address can be both."""
    return (
        one is not None
        and len(one) == len(other)
        and not any(
            isinstance(mine, str) and isinstance(theirs, str) and mine != theirs
            for mine, theirs in zip(one, other, strict=True)
        )
    )


def _keys(root: Mapping[str, Any]) -> list[list[str]]:
    """Where callers send their keys, as the spec says; nothing said is an Authorization header."""
    components = root.get("components")
    held = components.get("securitySchemes") if isinstance(components, dict) else root.get("securityDefinitions")
    found: list[list[str]] = []
    for scheme in held.values() if isinstance(held, dict) else ():
        if not isinstance(scheme, dict):
            continue
        if scheme.get("type") == "apiKey" and scheme.get("in") in ("header", "query") and isinstance(scheme.get("name"), str):  # fmt: skip  # noqa: E501
            found.append([scheme["in"], scheme["name"]])
        elif scheme.get("type") in ("http", "basic", "oauth2", "openIdConnect"):
            found.append(["header", "authorization"])
    return once(found) or [["header", "authorization"]]
