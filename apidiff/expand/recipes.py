"""The edits that undo a break in the later spec: for every kind of change the ways to, the nicest first.

Nothing here is claimed: whether a way leads anywhere is for the proof to say (`prove`). What is restored is what the
base says, so that a recipe has to know places and hardly any meaning.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from apidiff.diff import Differences
from apidiff.expand.access import Access
from apidiff.expand.branches import not_null, parted_null, with_branch, with_null, without_null
from apidiff.expand.calls import Calls
from apidiff.expand.carry import Carrier
from apidiff.expand.marks import KEPT, Marks
from apidiff.expand.places import Places
from apidiff.expand.tree import Edit, Edits, Trees, above, at, beside, listed, over, put, taken, unlisted
from apidiff.load.values import same
from apidiff.rules import find
from apidiff.schema.keywords import NUMBERS
from apidiff.words.changes import Change
from apidiff.words.direction import Direction
from apidiff.words.facts import ABSENT, Subject
from apidiff.words.pointer import Pointer, parse

Mark = Callable[[Any, str, str | None], Any]
_TOGETHER: Final = (("type", "nullable", "x-nullable"), ("if", "then", "else"), ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))  # fmt: skip  # noqa: E501
"""Keywords that say one thing between them."""

_FREE: Final = frozenset({"format", "pattern", "multipleOf", "if", "const", "not", "contains"})
"""What a request may do without where it can't be as it was and as it is: the server still checks what it gets."""

_LIMITS: Final = frozenset({*NUMBERS, "enum", "pattern"})
"""Keywords of which no version can say `deprecated`."""
_BRANCHES: Final = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class Recipes:
    """The ways to undo the breaks of one comparison, whose later spec may hold edits already."""

    found: Differences
    base: Trees
    later: Trees
    places: Places
    carrier: Carrier
    marks: Marks
    is_hasty: bool = False
    """Whether what surely holds comes before what is nicest: components as they were, under names of their own."""

    @property
    def _access(self) -> Access:
        return Access(self.base, self.later, self.places, self.carrier, self.marks)

    @property
    def _calls(self) -> Calls:
        return Calls(self.found, self.base, self.later, self.places, self.carrier, self.marks, self.is_hasty)

    def ways(self, change: Change) -> Iterator[Edits]:
        """Each way to undo a change, as edits of the later spec."""
        base, later = (None if place is None else parse(place) for place in (change.base, change.revision))
        subject, facets = change.subject, find(change.rule).facets
        is_moved_call = subject == Subject.CALLBACK and "path" in facets
        if (subject in (Subject.OPERATION, Subject.WEBHOOK) or is_moved_call) and base is not None:
            yield from self._calls.operation(change, base)
        elif subject == Subject.PARAMETER and not {"presence", "name", "location"}.isdisjoint(facets):
            yield from self._parameter(change, base, later)
        elif subject == Subject.PROPERTY and not {"presence", "name"}.isdisjoint(facets):
            yield from self._property(change, base, later)
        elif "required" in facets:
            yield from self._required(change, base, later)
        elif subject == Subject.SECURITY:
            yield from self._access.security(change, base, later)
        elif subject == Subject.SECURITY_SCHEME and base is not None:
            yield from self._access.scheme(change, base)
        elif subject == Subject.SERVER:
            yield from self._access.server(base, later)
        elif subject == Subject.MEDIA_TYPE and "swagger" in self.later[""]:
            yield from self._media_lists(change)
        elif subject == Subject.REQUEST_BODY and later is not None and base is None:
            yield tuple(self._optional(later))
        yield from self._null(change, base, later)
        yield from self._in_place(change, base, later)
        if change.direction is Direction.REQUEST and later is not None and not _FREE.isdisjoint(facets):
            yield tuple(taken(one) for one in self._all_of(later))
        if subject == Subject.SCHEMA:
            yield from self._whole(change, base, later)

    # whole things -----------------------------------------------------------------------------------------------------

    def _restored(self, place: Pointer, heir: Pointer, node: Any, *, change: Change, mark: Mark) -> Iterator[Edits]:
        """A thing of the base at its place in the later spec: marked as what goes, with all that it refers to.

        Not where something is already, which another thing of the base became.
        """
        if at(self.later, heir) is not ABSENT:
            return
        marked = mark(node, change.id, change.renamed_to)
        order = self.places.of_base(above(place))
        order = order if isinstance(order, dict) else {}
        yield from (
            (*needed, beside(heir, self.carrier.told(form, place.file, heir.file), order=order))
            for form, needed in self.carrier.forms(marked, place.file, is_hasty=self.is_hasty)
        )

    def _needing(self, node: Any, place: Pointer, *edits: Edit) -> Iterator[Edits]:
        """These edits with what a thing of the base refers to; nothing where that can't be had."""
        if (needed := self._needs(node, place)) is not None:
            yield (*needed, *edits)

    def _needs(self, node: Any, place: Pointer) -> list[Edit] | None:
        return self.carrier.carried(node, place.file)

    # parameters -------------------------------------------------------------------------------------------------------

    def _parameter(self, change: Change, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """The parameter as an optional one, beside its successor, which may not be demanded either."""
        relaxed = () if later is None else tuple(self._optional(later))
        if base is None:
            yield from [relaxed] if relaxed else []
            return
        edits: dict[Pointer, Edit] = {}
        for one, two in filter(None, map(self.places.operations.get, change.operations)):
            for parameter in (*one.parameters.values(), *one.ignored.values()):
                if base not in (parameter.place[1], parameter.site) or parameter.location == "path":
                    continue
                node = {key: value for key, value in parameter.place[0].items() if key != "required"}
                marked = self.marks.holder(node, change.id, change.renamed_to)
                needed = self._needs(marked, parameter.place[1])
                if needed is None:
                    return
                edits |= {edit.touched: edit for edit in needed}
                place = two.place[1].child("parameters")
                edits[place] = listed(place, self.carrier.told(marked, parameter.place[1].file, place.file))
        if edits:
            yield (*edits.values(), *relaxed)

    def _optional(self, place: Pointer) -> Iterator[Edit]:
        """What makes a parameter or a body optional: of one that is referred to only this use."""
        node = at(self.later, place)
        if isinstance(node, dict) and isinstance(reference := node.get("$ref"), str):
            found = self.later.target(reference, place.file)
            node = ABSENT if found is None else at(self.later, found)
        if isinstance(node, dict) and "required" in node and node.get("in") != "path":
            yield put(place, {key: value for key, value in node.items() if key != "required"})

    # properties -------------------------------------------------------------------------------------------------------

    def _property(self, change: Change, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """The property beside its successors: in requests none of them is demanded, in answers it comes as before."""
        is_sent = change.direction is Direction.REQUEST
        relaxed: list[Edit] = []
        if later is not None and is_sent:
            names = change.renamed_to.split(", ") if change.renamed_to else [later.last]
            relaxed = [edit for name in names for edit in self._relaxed(later, name)]
        if base is None:
            yield from [tuple(relaxed)] if relaxed else []
            return
        node, name = self.places.of_base(base), base.last
        for heir in self._beside(base, later):
            demanded = [] if is_sent else self._demanded(base, heir, name)
            for edits in self._restored(base, heir, node, change=change, mark=self.marks.schema):
                yield (*edits, *demanded, *relaxed)

    def _beside(self, base: Pointer, later: Pointer | None) -> Iterator[Pointer]:
        """Where a property would stand: beside its successor, else where the object around it is."""
        if base.segments[-2:-1] != ("properties",):
            return
        if later is not None and later.segments[-2:-1] == ("properties",):
            yield above(later).child(base.last)
        else:
            yield from self.places.heirs(base)

    def _relaxed(self, place: Pointer, name: str) -> list[Edit]:
        """What takes a property out of every `required` around it that demands it."""
        if place.segments[-2:-1] == ("parameters",):
            return [taken(place.child("required"))]
        return [unlisted(one, name) for one in self._lists(self.later, place, name)]

    def _demanded(self, base: Pointer, heir: Pointer, name: str) -> list[Edit]:
        """What promises a property as the base did."""
        if not any(True for _ in self._lists(self.base, base, name)):
            return []
        return [listed(above(heir, 2).child("required"), name)]

    @staticmethod
    def _lists(trees: Trees, place: Pointer, name: str) -> Iterator[Pointer]:
        """The lists around a property that demand it: of its own object, and of what is put together with it."""
        around = above(place, 2)
        while True:
            lists = [around.child("required")]
            branches = at(trees, around.child("allOf"))
            if isinstance(branches, list):
                lists += [around.child("allOf", index, "required") for index in range(len(branches))]
            for one in lists:
                held = at(trees, one)
                if isinstance(held, list) and name in held:
                    yield one
            if around.segments[-2:-1] != ("allOf",):
                return
            around = above(around, 2)

    def _required(self, change: Change, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """What is demanded as it was: no longer, or again."""
        if later is not None and at(self.later, later) is True:
            yield (taken(later),)
        elif later is not None:
            yield (unlisted(later, _short(change)),)
        elif base is not None and self.places.of_base(base) is True:
            yield from ((put(heir, True),) for heir in self.places.heirs(base))
        elif base is not None:
            lists = sorted(self.places.heirs(base), key=lambda one: at(self.later, one) is ABSENT)
            yield from ((listed(one, _short(change)),) for one in lists)

    def _media_lists(self, change: Change) -> Iterator[Edits]:
        """The media types that there were, beside those that there are, where they are lists (Swagger 2.0)."""
        key = "consumes" if change.direction is Direction.REQUEST else "produces"
        edits = []
        for one, two in filter(None, map(self.places.operations.get, change.operations)):
            were, are = (
                operation.node.get(key, trees[""].get(key, ()))
                for operation, trees in ((one, self.base), (two, self.later))
            )
            if isinstance(were, list):
                edits.append(listed(two.place[1].child(key), *(are if isinstance(are, list) else ()), *were))
        yield tuple(edits)

    # values -----------------------------------------------------------------------------------------------------------

    def _null(self, change: Change, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """An answer without null, and what is sent with it, where either spec has it as a branch or a word."""
        if change.direction is not Direction.REQUEST:
            held = ABSENT if later is None else at(self.later, above(later))
            if later is not None and "nullable" in find(change.rule).facets and not_null(held) != held:
                yield (over(above(later), not_null),)
            if later is not None and parted_null(at(self.later, later)):
                make = partial(without_null, keyword=later.last, is_beside=self.marks.dialect.is_json_schema)
                yield (Edit(above(later), make, later),)
        elif base is not None and (parted := parted_null(self.places.of_base(base))):
            for user in self._users(base):
                yield (over(user, partial(with_null, keyword=base.last, null=parted[1])),)

    def _users(self, keyword: Pointer) -> Iterator[Pointer]:
        """Where the schema around a keyword of the base is used by now; what that names has other users."""
        for around in self.places.heirs(above(keyword, 2)):
            user = around.child(keyword.segments[-2])
            if isinstance(at(self.later, user), dict):
                yield user

    def _in_place(self, change: Change, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """Both what it was and what it is, or what it was, with a word on how long that is so."""
        until = self._until(change, base, later)
        facets = find(change.rule).facets
        for edits in (*self._values(base, later, facets), *self._as_it_was(change, base, later)):
            yield (*edits, *until) if edits else ()

    def _values(self, base: Pointer | None, later: Pointer | None, facets: tuple[str, ...]) -> Iterator[Edits]:
        """A keyword as it was, or both what it was and what it is."""
        was = ABSENT if base is None else self.places.of_base(base)
        for place in [later] if later is not None else [] if base is None else self.places.heirs(base):
            now = at(self.later, place)
            if isinstance(was, list) and isinstance(now, list) and "type" not in facets:
                yield (listed(place, *was),)
            if place.last == "const" and now is not ABSENT and was is not ABSENT:
                yield (taken(place), listed(above(place).child("enum"), was, now))
            if place.last == "type" and _are_names(was) and _are_names(now):
                yield (put(place, sorted({*_list(was), *_list(now)})),)

    def _as_it_was(self, change: Change, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """What the base says in that place, whatever it is; and nothing where the base says nothing."""
        if base is None:
            if later is not None:
                yield tuple(taken(one) for one in self._all_of(later))
            return
        was = self.places.of_base(base)
        if was is ABSENT:
            return
        if later is None:
            mark = self._mark(change.subject)
            if change.subject == Subject.REQUEST_BODY and isinstance(was, dict):
                was = {key: value for key, value in was.items() if key != "required"}
            if base.last.isdecimal() and isinstance(self.places.of_base(above(base)), list):
                yield from self._item(was, base, is_sent=change.direction is Direction.REQUEST)
                return
            for heir in self.places.heirs(base):
                yield from self._restored(base, heir, was, change=change, mark=mark)
            return
        if base.last == later.last or base.last.isdecimal():
            edits = [self._like(one, above(base).child(one.last)) for one in self._all_of(later)]
            yield from self._needing(was, base, *edits)
        elif base.last not in _BRANCHES or above(later) in self.places.heirs(above(base)):
            # else the two are not one schema: one names the other as a branch
            yield (taken(later), put(above(later).child(base.last), self.carrier.told(was, base.file, later.file)))

    def _until(self, change: Change, base: Pointer | None, later: Pointer | None) -> Edits:
        """What says beside a list of values, or a limit, until when more is accepted than the later spec does."""
        if change.direction is not Direction.REQUEST or later is None or later.last not in _LIMITS:
            return ()
        was, now = None if base is None else self.places.of_base(base), at(self.later, later)
        if later.last == "enum" and isinstance(was, list) and isinstance(now, list):
            values = [value for value in was if not any(same(value, one) for one in now)]
        else:
            values = [None if was is ABSENT else was]
        said = [self.marks.kept(later.last, value, change.id, change.renamed_to) for value in values]
        return (listed(above(later).child(KEPT), *said),)

    def _item(self, was: Any, base: Pointer, *, is_sent: bool) -> Iterator[Edits]:
        """An item of a list beside those that it has by now: in the likeliest place, in all of them, in any other.

        A branch stands beside what is one schema by now; of branches that exclude each other those that come to be
        alike need not, in what is sent.
        """
        forms = self.carrier.forms(was, base.file, is_hasty=self.is_hasty)
        lists = [above(heir) for heir in self.places.heirs(base)]
        known = [place for place in lists if isinstance(at(self.later, place), list)]
        if base.segments[-2] in _BRANCHES and not known:
            yield from self._branches(forms, base, is_everywhere=False)
        lists = known or lists
        for places in (lists[:1], lists[1:] and lists):
            yield from (
                (*needed, *(self._listed(place, item, base) for place in places)) for item, needed in forms if places
            )
        if base.segments[-2] in _BRANCHES and is_sent:
            yield from self._branches(forms, base, is_everywhere=True)
        for place in lists[1:]:
            yield from ((*needed, self._listed(place, item, base)) for item, needed in forms)

    def _listed(self, place: Pointer, item: Any, base: Pointer) -> Edit:
        return listed(place, self.carrier.told(item, base.file, place.file))

    def _branches(self, forms: list[tuple[Any, list[Edit]]], base: Pointer, *, is_everywhere: bool) -> Iterator[Edits]:
        """A branch of the base beside what is there by now, in one place where that is used, or in all."""
        keyword, users = base.segments[-2], [*self._users(above(base))]
        for item, needed in forms:
            for some in [users] if is_everywhere else [[one] for one in users]:
                edits = (
                    over(
                        one, partial(with_branch, keyword=keyword, branch=self.carrier.told(item, base.file, one.file))
                    )
                    for one in some
                )
                yield (*needed, *edits) if some else ()

    def _whole(self, change: Change, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """The whole schema as it was; and of what is sent either form, where they can't be one."""
        if base is not None:
            steps = 2 if base.last.isdecimal() else 1
            held = self.places.of_base(above(base, steps))
            known = [above(later, 2 if later.last.isdecimal() else 1)] if later is not None else []
            for heir in known or self.places.heirs(above(base, steps)):
                if not isinstance(held, dict) or not isinstance(at(self.later, heir), dict):
                    continue
                was = self.carrier.told(held, base.file, heir.file)
                yield from self._needing(held, base, put(heir, was))
                if change.direction is Direction.REQUEST:
                    old = self.marks.schema(was, change.id, None)
                    yield from self._needing(held, base, over(heir, lambda now, old=old: {"anyOf": [now, old]}))  # type: ignore[misc]

    def _mark(self, subject: str) -> Mark:
        """How such a thing says that it goes; keywords of a schema say nothing."""
        if subject == Subject.HEADER:
            return self.marks.holder
        if subject == Subject.SECURITY_SCHEME:
            return self.marks.scheme
        if subject in (Subject.RESPONSE, Subject.MEDIA_TYPE):
            return self.marks.other if subject == Subject.RESPONSE else self.marks.media
        if subject == Subject.PATH:
            return self.marks.path
        return lambda node, _change, _heir: node

    def _like(self, place: Pointer, base: Pointer) -> Edit:
        """A place as the base has it."""
        was = self.places.of_base(base)
        return taken(place) if was is ABSENT else put(place, self.carrier.told(was, base.file, place.file))

    @staticmethod
    def _all_of(place: Pointer) -> list[Pointer]:
        """A keyword's place, with those of the keywords that it says one thing with."""
        group = next((one for one in _TOGETHER if place.last in one), (place.last,))
        return [above(place).child(key) for key in group]


def _short(change: Change) -> str:
    """The name of a property in the list that demands it."""
    return change.name


def _are_names(value: Any) -> bool:
    return bool(value) and all(isinstance(one, str) for one in _list(value))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
