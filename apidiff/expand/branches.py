"""What a schema is with one branch more or less, and with null or without it: values, whatever spec they are of."""

from typing import Any, Final

from apidiff.load.values import same

_FLAGS: Final = ("nullable", "x-nullable")


def parted_null(branches: Any) -> tuple[list[Any], list[Any]] | None:
    """The branches that are more than null, and those that are null; None where there are not both."""
    if not isinstance(branches, list) or not all(isinstance(one, dict) for one in branches):
        return None
    null = [one for one in branches if one.get("type") in ("null", ["null"]) or one.get("enum") == [None]]
    rest = [one for one in branches if one not in null]
    return (rest, null) if rest and null else None


def with_null(now: Any, *, keyword: str, null: list[Any]) -> Any:
    """A schema or null; once, whoever asks for it."""
    has_null = isinstance(now, dict) and parted_null(now.get(keyword)) is not None
    return now if has_null else {keyword: [now, *null]}


def without_null(held: Any, *, keyword: str, is_beside: bool) -> Any:
    """A schema without the branch that is null; one branch that is left takes its place, if it can stand there.

    `is_beside` where a `$ref` may have other keywords beside it.
    """
    parted = parted_null(held.get(keyword)) if isinstance(held, dict) else None
    if parted is None:
        return held
    rest = {key: value for key, value in held.items() if key != keyword}
    if len(parted[0]) > 1:
        return {**held, keyword: parted[0]}
    branch = parted[0][0]
    if (is_beside or "$ref" not in branch or not rest) and rest.keys().isdisjoint(branch):
        return {**rest, **branch}
    return {**held, keyword: parted[0]}


def not_null(schema: Any) -> Any:
    """A schema whose own type has no null any more."""
    if not isinstance(schema, dict):
        return schema
    made = {key: value for key, value in schema.items() if key not in _FLAGS}
    types = schema.get("type")
    if isinstance(types, list) and "null" in types and len(types) > 1:
        rest = [one for one in types if one != "null"]
        made["type"] = rest if len(rest) > 1 else rest[0]
    return made


def with_branch(now: Any, *, keyword: str, branch: Any) -> Any:
    """A schema or that branch; a union has it behind its own branches, of which a value may match several then."""
    if not isinstance(now, dict):
        return now
    if [*now] == [keyword] and isinstance(now[keyword], list):  # made so for the branch before
        return {keyword: _and(now[keyword], branch)}
    union = next((key for key in ("anyOf", "oneOf") if isinstance(now.get(key), list)), None)
    if union is None:
        return {keyword: [now, branch]}
    branches = _and(now[union], branch)
    return {"anyOf" if key == union else key: branches if key == union else value for key, value in now.items()}


def _and(branches: list[Any], branch: Any) -> list[Any]:
    return branches if any(same(branch, one) for one in branches) else [*branches, branch]
