"""Compares the values that two schemas list: those that came, went, or have other names."""

from collections.abc import Callable
from typing import Any, Final

from apidiff.diff.names import Traits, renamed
from apidiff.diff.walk import Walk
from apidiff.schema import View, canonical
from apidiff.schema.facets import allows, listed
from apidiff.words.facts import ABSENT, Action, Subject

BOOLEAN: Final = frozenset({"boolean"})


def compare_enum(walk: Walk, pair: int, before: View, after: View) -> None:
    """What two schemas of one type list, each value that came or went."""
    if before.enum is None and after.enum is None:
        return
    was, now = listed(before), listed(after)

    def state(facet: str, action: Action, old: Any, new: Any, item: str = "", **flags: Any) -> None:
        walk.fact(
            pair, Subject.SCHEMA, facet, action, before.enum_at, after.enum_at, before=old, after=new, item=item,
            only=len(was or ()) == 1 and len(now or ()) == 1, **flags,
        )  # fmt: skip

    if was is None or now is None:
        if not _state_whole(walk, pair, before, after):
            _compare_list_with_free(before, after, state)
        return
    removed = {text: value for text, (value, _) in was.items() if text not in now}
    added = {text: value for text, (value, _) in now.items() if text not in was}
    if removed and added:
        _drop_rewritten(before, after, removed, added)
    if len(was) == len(now) == len(removed) == len(added) == 1:
        state("const", Action.REPLACED, next(iter(removed.values())), next(iter(added.values())))
        return
    if removed:
        heirs = _renamed_values(walk, removed, added)
        state("enum", Action.TIGHTENED, list(removed.values()), ABSENT, ",".join(sorted(removed)), **heirs)
    if added:
        state("enum", Action.LOOSENED, ABSENT, list(added.values()), ",".join(sorted(added)))


def _state_whole(walk: Walk, pair: int, before: View, after: View) -> bool:
    """Whether the values listed on one side are all that there are of the type on the other, which says no less."""
    lister, free = (after, before) if before.enum is None else (before, after)
    if free.types != BOOLEAN or free.groups or (listed(lister) or {}).keys() != {"true", "false"}:
        return False
    said = ([value for value, _ in (lister.enum or {}).values()], lister.enum_at or lister.pointer)
    ends = (None, said) if lister is after else (said, None)
    walk.values(pair, Subject.SCHEMA, "ineffective-keyword", *ends, item="enum")
    return True


def _drop_rewritten(before: View, after: View, removed: dict[str, Any], added: dict[str, Any]) -> None:
    """Forget the texts that only one side wrote as a number, which YAML reads without its last zero (`1.10`)."""
    lists = [
        [listed for node in view.nodes if isinstance(listed := node.get("enum"), list)] for view in (before, after)
    ]
    numbers = [{repr(one) for listed in side for one in listed if isinstance(one, float)} for side in lists]
    for mine, others, written in ((removed, added, numbers[0]), (added, removed, numbers[1])):
        free: dict[float | None, list[str]] = {}
        for key in reversed(others if written else ()):
            free.setdefault(_number(others[key]), []).append(key)
        for text in [text for text, value in mine.items() if isinstance(value, str) and value in written]:
            if heirs := free.get(_number(mine[text])):
                del mine[text], others[heirs.pop()]


def _number(value: Any) -> float | None:
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _renamed_values(walk: Walk, removed: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    """What became of listed texts, where each that went has a like one that came."""
    if not all(isinstance(value, str) for value in (*removed.values(), *added.values())):
        return {}
    texts = [dict.fromkeys(found.values(), Traits()) for found in (removed, added)]
    heirs, likeness = renamed(*texts, allowance=walk.allowed.likened)
    names = [heirs.get(value, ()) for value in removed.values()]
    if not all(len(heir) == 1 for heir in names):
        return {}
    return {"renamed_to": ", ".join(heir[0] for heir in names), "likeness": min(likeness.values())}


def _compare_list_with_free(before: View, after: View, state: Callable[..., None]) -> None:
    """A list of values against a side without one: what the free side refuses is lost, or new, as well."""
    lister, free = (after, before) if before.enum is None else (before, after)
    values = [value for value, _ in (listed(lister) or {}).values()]
    strays = [value for value in values if allows(lister, value) and not allows(free, value)]
    text = ",".join(canonical(value) for value in strays)
    if lister is after:
        state("enum-set", Action.TIGHTENED, ABSENT, values)
        if strays:
            state("enum", Action.LOOSENED, ABSENT, strays, text)
    else:
        state("enum-set", Action.LOOSENED, values, ABSENT)
        if strays:
            state("enum", Action.TIGHTENED, strays, ABSENT, text)
