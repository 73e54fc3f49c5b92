"""Makes the views of one side's schemas, `$ref`, `allOf` and simple unions followed, each node once.

No schema is entered twice on the way to a view, and none by recursion: what a view needs is read before it.
"""

from collections import Counter
from typing import Any, Final

from apidiff.load.resolve import Side
from apidiff.load.values import Node
from apidiff.schema.closure import Closure, Closures
from apidiff.schema.keywords import Own, nullable_union
from apidiff.schema.merge import merge
from apidiff.schema.view import Group, Place, View
from apidiff.words.pointer import Pointer

MOST_MERGED: Final = 200_000
"""Keywords and properties that are merged into other schemas than their own, all in all; no real spec has a tenth."""
MOST_REACHED: Final = 100_000
"""Parts that are reached on the way from all schemas together; of real specs the most is a thousand."""
WEIGHT_OF_IDLE: Final = 8
"""A union that asks less of a schema than it says is one of its own there, so it costs as much as so many parts."""
MOST_PARTS: Final = 4
LARGEST_PART: Final = 256
"""Past either, of how many parts a schema is read, and how large these may be."""


class Reader:
    """Makes the views of one side, each node once."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._is_json_schema = side.dialect.is_json_schema
        self._closures = Closures(side)
        self._views: dict[int, View] = {}
        self._unfolded: dict[int, View] = {}
        self._own: dict[int, View] = {}
        self._folded: dict[int, View] = {}
        self._single: set[int] = set()
        self._kept: list[Node] = []
        self._settled: set[int] = set()
        self._merged = 0
        self._reached = 0

    def view(self, node: Node, pointer: Pointer) -> View:
        """The view of a schema, `$ref` and `allOf` followed as far as this node's own meaning goes."""
        known = self._views.get(id(node))
        if known is not None:
            return known
        if not isinstance(node, dict):
            return _plain(node, pointer)
        place = self.side.place(node, pointer)
        return self._simple((node, place)) if LEADING.isdisjoint(node) else self._read(node, place)

    def unfolded(self, node: Node, pointer: Pointer) -> View:
        """The same, but with a union of one branch, or of bare types, as the union that it is: to set it beside one."""
        view = self._unfolded.get(id(node))
        if view is None:
            view = self.view(node, pointer)  # what it needs is read by now
            if (view.is_folded or view.is_union) and "$ref" not in node:
                place = (node, self.side.place(node, pointer))
                view = self._made(place, self._closure(place, {id(node)}), fold=False)
            self._unfolded[id(node)] = view
        return view

    def saying(self, key: str) -> list[Pointer]:
        """Where the schemas that were read say a keyword to be true."""
        nodes = ((node, view.pointer) for view in self._own.values() for node in view.nodes if isinstance(node, dict))
        return [pointer for node, pointer in nodes if node.get(key) is True]

    def both(self, places: list[Place]) -> Place:
        """One place that means all of several: the schema of a property that two branches of an allOf declare."""
        if len(places) == 1:
            return places[0]
        node = {"allOf": [place[0] for place in places]}
        kept = self.side.make(("allOf", *(id(place[0]) for place in places)), node, [*places, (node, places[0][1])])
        return kept, places[0][1]

    def _simple(self, place: Place) -> View:
        """The view of a schema that is made of no other."""
        node, pointer = place
        key = id(node)
        view = self._own.get(key)
        if view is None:
            view = self._own[key] = Own(node, pointer, self.side.dialect).read()
        if "unevaluatedProperties" in node:
            _drop_idle(view)
        self._views[key] = view
        return view

    def _read(self, node: Node, pointer: Pointer) -> View:
        """Make a view, and before it those that it needs; what is needed for itself is passed over."""
        stack: list[tuple[Place, Closure | None]] = [((node, pointer), None)]
        begun: set[int] = set()
        while stack:
            place, closure = stack.pop()
            here, key = place[0], id(place[0])
            if closure is not None:
                self._views[key] = self._made(place, closure)
                self._kept.append(here)
            elif key in self._views or key in begun or not isinstance(here, dict):
                continue
            elif LEADING.isdisjoint(here):
                self._simple(place)
            elif self._is_alias(here):
                begun.add(key)
                stack += [(place, _ALIAS), (self.side.target(here["$ref"], place[1]), None)]
            else:
                begun.add(key)
                closure = self._closure(place, begun)
                stack.append((place, closure))
                stack.extend((needed, None) for needed in reversed(self._needed(place, closure)))
        return self._views[id(node)]

    @property
    def _is_over(self) -> bool:
        """Whether so much was read that of what is left only the beginnings are."""
        return self._merged > MOST_MERGED or self._reached > MOST_REACHED

    def _closure(self, place: Place, begun: set[int]) -> Closure:
        most = MOST_PARTS if self._is_over else None
        made = self._closures.of(place, is_unit=lambda part: self._is_unit(part) and id(part) not in begun, most=most)
        self._reached += len(made.parts) + WEIGHT_OF_IDLE * len(made.left_out)
        return made

    def _needed(self, place: Place, closure: Closure) -> list[Place]:
        """What has to be read before a schema: its units, and the branches of its unions."""
        found = []
        for part in closure.parts:
            if part[0] is not place[0] and self._is_unit(part[0]):
                found.append(part)
                continue
            for group in self._part(part).groups:
                if id(group) in self._settled:
                    continue  # many schemas may be made of one with a large union
                found += [(branch, self.side.place(branch, at)) for branch, at in _rest(group, part, closure).branches]
        return found

    def _is_alias(self, node: Node) -> bool:
        """Whether a schema is only another name of one: nothing beside its `$ref` counts."""
        return isinstance(node.get("$ref"), str) and (len(node) == 1 or not self._is_json_schema)

    def _is_unit(self, node: Node) -> bool:
        """Whether a part is more than what its own parts say, so that they can't stand for it."""
        if not isinstance(node, dict):
            return False
        if self._is_json_schema:
            return "unevaluatedProperties" in node
        return nullable_union(node) is not None

    def _part(self, part: Place) -> View:
        """What one node says itself, without what it leads to."""
        node, pointer = part
        if not isinstance(node, dict):
            return _plain(node, pointer)
        known = self._own.get(id(node))
        if known is None:
            known = self._own[id(node)] = self._read_own(node, pointer)
        return known

    def _read_own(self, node: dict[str, Any], pointer: Pointer) -> View:
        if not isinstance(node.get("$ref"), str):
            return Own(node, pointer, self.side.dialect).read()
        if self._is_alias(node):
            return View(pointer, nodes=[node])
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        view = Own(siblings, pointer, self.side.dialect).read()
        view.nodes = [node]
        return view

    def _made(self, place: Place, closure: Closure, *, fold: bool = True) -> View:
        node, pointer = place
        if closure is _ALIAS:
            target = self.side.target(node["$ref"], pointer)
            known = _plain(*target) if not isinstance(target[0], dict) else self._views.get(id(target[0]))
            return known or View(pointer)  # where it leads back to itself it says nothing
        parts, is_whole = self._parts(place, closure)
        views = [view for view, _ in parts]
        groups = [(group, part) for view, part in parts if part for group in view.groups]
        unions = [_rest(group, part, closure) for group, part in groups]
        self._settled.update(id(one[0]) for one, union in zip(groups, unions, strict=True) if one[0] is union)
        own = len(views[0].groups)
        folded = [
            self._fold(union) if fold or number >= own else self._read_union(union, fold=False)
            for number, union in enumerate(unions)
            if union.branches
        ]
        if len(views) == 1 and not folded:
            view = views[0]
        else:
            view = self._meet(pointer, [*views, *folded])
            known_groups = [group for view, part in parts if not part for group in view.groups]
            view.groups = [*known_groups, *(group for one in folded for group in one.groups)]
        view.is_cut = view.is_cut or not is_whole
        for union in unions[:own] if fold else ():  # the one branch left speaks before the schema itself
            if id(union) in self._single:
                view.is_folded = True
                view.null_at = self._folded[id(union)].null_at or view.null_at
        if "unevaluatedProperties" in node:
            _drop_idle(view)
        if not self._is_json_schema and (keyword := nullable_union(node)):
            view.null, view.null_at = True, pointer.child(keyword)
        return view

    def _meet(self, pointer: Pointer, parts: list[View]) -> View:
        """A view that means all of several, with undeclared properties whatever they all say of them."""
        view = merge(pointer, parts)
        said = {id(part.additional[0]): part.additional for part in parts if isinstance(part.additional, tuple)}
        if isinstance(view.additional, tuple) and len(said) > 1:
            view.additional = self.both(list(said.values()))
        if len(parts) > 1 and any(part.prefix for part in parts):
            view.prefix = self._prefix(parts)
        return view

    def _prefix(self, parts: list[View]) -> list[Place]:
        """What all of several ask of the first items: a part that does not name one asks it of its `items`."""
        found: list[Place] = []
        for index in range(max(len(part.prefix) for part in parts)):
            said = [
                place
                for part in parts
                for place in ([part.prefix[index]] if index < len(part.prefix) else part.subschemas.get("items", ()))
            ]
            found.append(self.both(list({id(node): (node, at) for node, at in said}.values())))
        return found

    def _parts(self, place: Place, closure: Closure) -> tuple[list[tuple[View, Place | None]], bool]:
        """The views of a schema's parts, without the place for those whose unions are folded; and whether it is all."""
        is_over = self._is_over
        is_whole = closure.is_whole
        found: list[tuple[View, Place | None]] = []
        for part in closure.parts:
            is_own = part[0] is place[0]
            unit = None if is_own or not self._is_unit(part[0]) else self._views.get(id(part[0]))
            view = unit or self._own.get(id(part[0])) or self._part(part)
            weight = 0 if is_own else _weight(view)
            self._merged += weight
            if is_over and weight > LARGEST_PART:
                is_whole = False
                continue
            found.append((view, None if unit else part))
        return found, is_whole

    # unions -----------------------------------------------------------------------------------------------------------

    def _fold(self, group: Group) -> View:
        """What a union says: types or values as such where its branches are no more, null apart from the others."""
        known = self._folded.get(id(group))
        if known is None:
            known = self._folded[id(group)] = self._read_union(group)
            self._kept.append(group)
        return known

    def _read_union(self, group: Group, *, fold: bool = True) -> View:
        view = View(group.pointer)
        branches: list[Place] = []
        views: list[View] = []
        nodes: list[Node] = []
        allows_null = False
        for branch in group.branches:
            here = self._known(branch)
            if here.types == frozenset() and here.null and not here.never:
                allows_null = True
                nodes.extend(here.nodes)
                view.folded = [*view.folded, here]
            else:
                branches.append(branch)
                views.append(here)
        view.nodes = nodes
        if not branches:
            view.types, view.types_at = frozenset(), group.pointer
            return view
        null = _holds_null(group, views, allows_null=allows_null)
        is_single = len(branches) == 1 and fold and not self._is_over
        folded = None if is_single or not fold else _folded_values(group, views)
        if is_single or folded is not None:
            whole = self._meet(group.pointer, [view, folded or views[0]])
            if is_single:
                whole.groups = views[0].groups
                self._single.add(id(group))
            whole.null, whole.null_at = null, group.pointer if allows_null or folded else views[0].null_at
            self._merged += _weight(whole)
            return whole
        if not null or allows_null:
            view.null, view.null_at = null, group.pointer
        view.groups = [Group(group.keyword, tuple(branches), group.pointer)]
        return view

    def _known(self, branch: Place) -> View:
        """The view of a branch, read before; of one that leads back to its own union nothing is known."""
        if not isinstance(branch[0], dict):
            return _plain(*branch)
        return self._views.get(id(branch[0])) or View(branch[1])


LEADING: Final = frozenset({"$ref", "allOf", "oneOf", "anyOf", "if", "not"})
"""Keywords that make a schema of others, or may."""


_ALIAS: Final = Closure([])
"""What a schema is made of that is only another name of one."""


def _drop_idle(view: View) -> None:
    """Set `unevaluatedProperties` aside where nothing is left for it."""
    if view.evaluates_all or view.additional is not True:
        kept = dict(view.subschemas)
        view.idle = [*view.idle, *kept.pop("unevaluatedProperties", ())]
        view.subschemas = kept


def _plain(node: Node, pointer: Pointer) -> View:
    """The view of `true`, of `false`, and of what is no schema at all."""
    if node is False:
        return View(pointer, never=True, types=frozenset(), null=False, types_at=pointer, null_at=pointer)
    return View(pointer)


def _weight(view: View) -> int:
    """How much is copied where a view becomes part of another one."""
    return 1 + len(view.properties) + len(view.required) + len(view.enum or ()) + len(view.nodes)


def _rest(group: Group, part: Place, closure: Closure) -> Group:
    """A union without the branches that ask nothing."""
    idle = closure.left_out.get((id(part[0]), group.keyword))
    if not idle:
        return group
    if len(idle) == len(group.branches):
        return Group(group.keyword, (), group.pointer)
    return Group(group.keyword, tuple(b for index, b in enumerate(group.branches) if index not in idle), group.pointer)


def _holds_null(group: Group, views: list[View], *, allows_null: bool) -> bool:
    """Whether null is a value of a union: it meets a branch, and of a `oneOf` just one."""
    met = allows_null + sum(view.null for view in views)
    return met == 1 if group.keyword == "oneOf" else met > 0


def _folded_values(group: Group, views: list[View]) -> View | None:
    """Branches that are all bare types, or all constants, as a list of types or an enum; None where they are not."""
    if all(_is_bare_type(view) for view in views) and _are_disjoint(views):
        folded = View(group.pointer, types=frozenset[str]().union(*(view.types or () for view in views)))
        folded.types_at = group.pointer
        folded.is_union = True
    elif all(_is_constants(view) for view in views):
        folded = View(group.pointer, enum_at=group.pointer, is_union=True)
        types = [view.types for view in views if view.types is not None]
        if len(types) == len(views):
            folded.types, folded.types_at = frozenset[str]().union(*types), group.pointer
        counts = Counter(text for view in views for text in view.enum or ())
        folded.enum = {
            text: entry
            for view in views
            for text, entry in (view.enum or {}).items()
            if counts[text] == 1 or group.keyword == "anyOf"
        }
    else:
        return None
    folded.nodes = [node for view in views for node in view.nodes]
    folded.folded = views
    return folded


def _is_bare_type(view: View) -> bool:
    """Whether a branch only names its types."""
    is_plain = view.enum is None and not view.has_structure and not view.has_assertions and not view.groups
    return is_plain and bool(view.types) and view.discriminator is None


def _is_constants(view: View) -> bool:
    """Whether a branch only lists values."""
    return view.enum is not None and not view.has_structure and not view.has_assertions and not view.groups


def _are_disjoint(views: list[View]) -> bool:
    types = [kind for view in views for kind in view.types or ()]
    return len(types) == len(set(types)) and not {"integer", "number"} <= set(types)
