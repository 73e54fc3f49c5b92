"""Makes the views of one side's schemas, `$ref`, `allOf` and simple unions followed, each node once."""

from collections import Counter
from typing import Any, Final

from apidiff.load.resolve import Node, Side
from apidiff.schema.keywords import Own, nullable_union
from apidiff.schema.merge import merge
from apidiff.schema.view import Group, Place, View
from apidiff.words.pointer import Pointer

MOST_CUT: Final = 10_000
"""Views made on the way round a circle that are made anew elsewhere; past them they are taken as they are."""


class Reader:
    """Makes the views of one side, each node once."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._views: dict[int, View] = {}
        self._unfolded: dict[int, View] = {}
        self._kept: list[Node] = []
        self._open: set[int] = set()
        self._cut: set[int] = set()
        self._spare = MOST_CUT

    def view(self, node: Node, pointer: Pointer) -> View:
        """The view of a schema, `$ref` and `allOf` followed as far as this node's own meaning goes."""
        known = self._views.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:  # an allOf that holds itself adds nothing
            self._cut.add(id(node))
            return View(pointer)
        self._open.add(id(node))
        try:
            view = self._read(node, self.side.place(node, pointer))
        finally:
            self._open.discard(id(node))
            self._cut.discard(id(node))
        if self._cut and self._spare:  # it lacks what is still being read: right in there, and nowhere else
            self._spare -= 1
            return view
        self._views[id(node)] = view
        self._kept.append(node)
        return view

    def unfolded(self, node: Node, pointer: Pointer) -> View:
        """The same, but with a union of one branch as the union that it is: for comparing it with one of several."""
        view = self._unfolded.get(id(node))
        if view is None:
            view = self._unfolded[id(node)] = self._read(node, self.side.place(node, pointer), fold=False)
        return view

    def both(self, places: list[Place]) -> Place:
        """One place that means all of several: the schema of a property that two branches of an allOf declare."""
        if len(places) == 1:
            return places[0]
        node = {"allOf": [place[0] for place in places]}
        kept = self.side.make(("allOf", *(id(place[0]) for place in places)), node, [*places, (node, places[0][1])])
        return kept, places[0][1]

    def _read(self, node: Node, pointer: Pointer, *, fold: bool = True) -> View:
        if node is False:
            return View(pointer, never=True, types=frozenset(), null=False, types_at=pointer, null_at=pointer)
        if not isinstance(node, dict):
            return View(pointer)
        if isinstance(node.get("$ref"), str):
            return self._read_reference(node, pointer)
        view = Own(node, pointer, self.side.dialect).read()
        branches = node.get("allOf")
        if isinstance(branches, list):
            for index, branch in enumerate(branches):
                self._meet(view, self.view(branch, self.side.place(branch, pointer.child("allOf", index))))
        if "unevaluatedProperties" in node and (view.evaluates_all or view.additional is not True):
            view.idle.extend(view.subschemas.pop("unevaluatedProperties", ()))
        self._fold_groups(view, fold=fold)
        if not self.side.dialect.is_json_schema and (keyword := nullable_union(node)):
            view.null, view.null_at = True, pointer.child(keyword)
        return view

    def _meet(self, view: View, other: View) -> None:
        """Make a view mean both, and undeclared properties whatever both say of them."""
        mine, others = view.additional, other.additional
        merge(view, other)
        if isinstance(mine, tuple) and isinstance(others, tuple) and mine[0] is not others[0]:
            view.additional = self.both([mine, others])

    def _read_reference(self, node: dict[str, Any], pointer: Pointer) -> View:
        target, where = self.side.target(node["$ref"], pointer)
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        if not siblings or not self.side.dialect.is_json_schema:
            view = self.view(target, where)
            if siblings:
                view.nodes.append(node)
            return view
        view = Own(siblings, pointer, self.side.dialect).read()
        view.nodes = [node]
        self._meet(view, self.view(target, where))
        self._fold_groups(view)
        return view

    def _fold_groups(self, view: View, *, fold: bool = True) -> None:
        """Say unions that are types or values as such: null branches, single branches, pure types, constants."""
        groups, view.groups = view.groups, []
        for group in groups:
            branches: list[Place] = []
            allows_null = False
            for branch in group.branches:
                here = self.view(*branch)
                if here.types == frozenset() and here.null and not here.never:
                    allows_null = True
                    view.nodes.extend(here.nodes)
                else:
                    branches.append(branch)
            if not branches:
                view.types, view.types_at = frozenset(), group.pointer
                continue
            if len(branches) == 1 and fold:
                view.is_folded = True
                self._fold_single(view, branches[0], allows_null=allows_null, group=group)
            elif len(branches) == 1 or not self._fold_values(view, branches, allows_null=allows_null, group=group):
                if view.null and not _holds_null(group, allows_null, [self.view(*branch) for branch in branches]):
                    view.null, view.null_at = False, group.pointer
                if allows_null:
                    view.null_at = group.pointer
                view.groups.append(Group(group.keyword, tuple(branches), group.pointer))

    def _fold_single(self, view: View, branch: Place, *, allows_null: bool, group: Group) -> None:
        only = self.view(*branch)
        null = view.null and _holds_null(group, allows_null, [only])
        null_at = group.pointer if allows_null else (only.null_at or view.null_at)
        self._meet(view, only)
        view.null, view.null_at = null, null_at

    def _fold_values(self, view: View, branches: list[Place], *, allows_null: bool, group: Group) -> bool:
        """Fold branches that are all bare types, or all constants, into a list of types or an enum."""
        views = [self.view(*branch) for branch in branches]
        null = _holds_null(group, allows_null, views)
        if all(_is_bare_type(branch) for branch in views) and _disjoint(views):
            folded = View(group.pointer, types=frozenset[str]().union(*(branch.types or () for branch in views)))
            folded.types_at = group.pointer
            folded.is_union = True
        elif all(_is_constants(branch) for branch in views):
            folded = View(group.pointer, enum_at=group.pointer)
            types = [branch.types for branch in views if branch.types is not None]
            if len(types) == len(views):
                folded.types, folded.types_at = frozenset[str]().union(*types), group.pointer
            counts = Counter(text for branch in views for text in branch.enum or ())
            folded.enum = {
                text: entry
                for branch in views
                for text, entry in (branch.enum or {}).items()
                if counts[text] == 1 or group.keyword == "anyOf"
            }
        else:
            return False
        folded.null, folded.null_at = null, group.pointer
        folded.nodes = [node for branch in views for node in branch.nodes]
        merge(view, folded)
        return True


def _holds_null(group: Group, allows_null: bool, branches: list[View]) -> bool:
    """Whether null is a value of a union: it meets a branch, and of a `oneOf` just one."""
    met = allows_null + sum(branch.null for branch in branches)
    return met == 1 if group.keyword == "oneOf" else met > 0


def _is_bare_type(view: View) -> bool:
    """Whether a branch only names one type."""
    is_plain = view.enum is None and not view.has_structure and not view.has_assertions and not view.groups
    return is_plain and view.types is not None and len(view.types) == 1 and view.discriminator is None


def _is_constants(view: View) -> bool:
    """Whether a branch only lists values."""
    return view.enum is not None and not view.has_structure and not view.has_assertions and not view.groups


def _disjoint(views: list[View]) -> bool:
    types = [kind for view in views for kind in view.types or ()]
    return len(types) == len(set(types)) and not {"integer", "number"} <= set(types)
