"""What a schema is in XML, read without the engine: two that are the same node under the same name are equal."""

from typing import Any

from tests.laws.oracle.schemas import Meaning


def is_alike(one: Meaning, two: Meaning, before: Any, after: Any) -> bool:
    """Whether what two schemas say of their XML comes to the same, and what has no effect is the same as well."""
    left, right = _node(one, before), _node(two, after)
    names = [set(side.pop("names")) for side in (left, right)]
    return left == right and (before == after or bool(names[0] & names[1]) or not (names[0] or names[1]))


def _node(schema: Meaning, said: Any) -> dict[str, Any]:
    words = said if isinstance(said, dict) else {}
    is_list = schema.types == {"array"}
    unsaid = "attribute" if words.get("attribute") else "none" if is_list and not words.get("wrapped") else "element"
    kind = words.get("nodeType", unsaid)
    own = {key: words.get(key) for key in ("name", "namespace", "prefix")}
    if kind not in ("element", "attribute"):
        return {"kind": kind, "names": [], "idle": own}
    path = [part for part in schema.at[0].segments if part != "items"]
    is_named_by_place = path[-2:-1] == ["properties"] or path[:-1] == ["components", "schemas"]
    name = own.pop("name") or (path[-1] if is_named_by_place else None)
    idle = bool(words.get("wrapped")) and not is_list and "nodeType" not in words
    return {"kind": kind, "names": [name] if name else [], "idle": idle, **own}
