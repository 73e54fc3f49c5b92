"""The rule catalogue for people and programs: all rules as a list, and one with its reason, example and alternative.

Everything shown is the rule's own literal; nothing is written here a second time.
"""

import difflib
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from apidiff.changes import Level
from apidiff.errors import ApidiffError, Exit
from apidiff.facts import Direction
from apidiff.render import escape
from apidiff.rules import families
from apidiff.rules.rule import Example, Rule

_Renderer = TypeVar("_Renderer")
_WIDTH: Final = 100


def render_rules(format_name: str) -> str:
    """The whole catalogue, by family: `text` (a line a rule), `json`, or `markdown` (the reference page).

    Errors: `format-unknown`.
    """
    return _pick(format_name, {"text": _list, "json": _json_of_all, "markdown": _page})()


def render_rule(rule: Rule, format_name: str) -> str:
    """One rule in full, in the same formats: levels, reason, example, near miss, alternative, and how a log shows it.

    Errors: `format-unknown`.
    """
    renderers: dict[str, Callable[[Rule], str]] = {"text": _explain, "json": _json_of_one, "markdown": _section}
    return _pick(format_name, renderers)(rule)


def _pick(format_name: str, renderers: Mapping[str, _Renderer]) -> _Renderer:
    if format_name in renderers:
        return renderers[format_name]
    nearest = difflib.get_close_matches(format_name, renderers, n=1, cutoff=0.0)
    raise ApidiffError(
        f"there is no format `{format_name}`",
        code="format-unknown",
        hint=f"did you mean {nearest[0]}? The formats are {', '.join(renderers)}",
        status=Exit.USAGE,
    )


def _levels(rule: Rule) -> dict[str, Level]:
    """The levels that a rule has: by direction, `any` where there is none."""
    named = {"request": rule.request, "response": rule.response, "any": rule.neutral}
    return {name: level for name, level in named.items() if level is not None}


def _profiles(rule: Rule) -> dict[str, Level]:
    named = {"strict": rule.strict, "tolerant": rule.tolerant, "sdk": rule.sdk}
    return {name: level for name, level in named.items() if level is not None}


def _said(levels: Mapping[str, Level]) -> str:
    """Levels in words: `breaking` where there is no direction, else `breaking in a request, additive in a response`."""
    words = {"request": " in a request", "response": " in a response", "any": ""}
    return ", ".join(f"{level.value}{words.get(name, f' under {name}')}" for name, level in levels.items())


def _list() -> str:
    known = [rule for _, rules in families() for rule in rules]
    width = max(len(rule.id) for rule in known)
    lines = [f"{len(known)} rules. One of them in full: apidiff explain RULE"]
    for heading, rules in families():
        lines += ["", heading, *(f"  {rule.id:<{width}}  {_said(_levels(rule))}" for rule in rules)]
    return "\n".join(lines) + "\n"


def _explain(rule: Rule) -> str:
    return "\n".join(_paragraphs(rule)) + "\n"


def _paragraphs(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}: {_said(_levels(rule))}"
    yield from _filled(escape.sentence(rule.title), "  ")
    yield ""
    yield from _filled(rule.why)
    for heading, example in (("Example", rule.example), ("Near miss, which this rule leaves alone", rule.near_miss)):
        yield ""
        yield f"{heading} ({_place(example)}):"
        yield from _sides(example)
    yield ""
    if rule.instead:
        yield from _filled(f"Instead: {rule.instead.summary}")
    yield f"Effort of an integrator: {rule.effort.value}"
    yield f"Exposed is who {rule.exposed_by.value}" if rule.exposed_by.value != "nobody" else "Nobody is exposed to it"
    if rule.aliases:
        yield f"Formerly: {', '.join(rule.aliases)}"
    if profiles := _profiles(rule):
        yield f"Other profiles: {_said(profiles)}"
    yield ""
    yield f"Another level, in apidiff.yaml:  levels: {{{rule.id}: {_other(rule)}}}"


def _filled(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _other(rule: Rule) -> str:
    return "dangerous" if Level.BREAKING in _levels(rule).values() else "breaking"


def _place(example: Example) -> str:
    if example.at == "schema":
        return "schema of a request body" if example.direction is Direction.REQUEST else "schema of a response body"
    return example.at


def _sides(example: Example) -> Iterator[str]:
    for label, fragment in (("before", example.before), ("after", example.after)):
        yield f"  {label}:"
        yield textwrap.indent(_block(fragment), "    ")


def _block(fragment: str) -> str:
    """A fragment that the rule writes on one line, as indented YAML."""
    import ryaml
    import yaml

    value = ryaml.loads(fragment)
    if not isinstance(value, dict | list):
        return fragment.strip()
    written = yaml.safe_dump(value, sort_keys=False, default_flow_style=None, width=80, allow_unicode=True)
    return str(written).rstrip("\n")


def _as_dict(rule: Rule, family: str) -> dict[str, Any]:
    def fragments(example: Example) -> dict[str, Any]:
        return {"at": example.at, "direction": example.direction, "before": example.before, "after": example.after}

    return {
        "id": rule.id,
        "family": family,
        "levels": _levels(rule),
        "profiles": _profiles(rule),
        "title": rule.title,
        "why": rule.why,
        "example": fragments(rule.example),
        "near_miss": fragments(rule.near_miss),
        "instead": {"kind": rule.instead.kind, "summary": rule.instead.summary} if rule.instead else None,
        "effort": rule.effort,
        "exposed_by": rule.exposed_by,
        "aliases": rule.aliases,
    }


def _family(rule: Rule) -> str:
    return next((heading for heading, rules in families() if rule in rules), "")


def _json_of_all() -> str:
    return _json([_as_dict(rule, heading) for heading, rules in families() for rule in rules])


def _json_of_one(rule: Rule) -> str:
    return _json([_as_dict(rule, _family(rule))])


def _json(rules: list[dict[str, Any]]) -> str:
    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps({"format": "apidiff-rules/1", "rules": rules}, option=options).decode()


def _page() -> str:
    known = sum(len(rules) for _, rules in families())
    parts = [
        f"# The rules\n\nThe {known} distinctions that apidiff makes (`apidiff rules --format markdown`).\n"
    ]
    for heading, rules in families():
        parts.append(f"## {heading}\n\n" + "\n".join(_section(rule) for rule in rules))
    return "\n".join(parts)


def _section(rule: Rule) -> str:
    said = f"{escape.prose(escape.sentence(rule.title))} {escape.sentence(_said(_levels(rule)))}"
    lines = [f"### {rule.id}", "", said, "", escape.prose(rule.why)]
    if rule.instead:
        lines += ["", f"Instead: {escape.prose(rule.instead.summary)}"]
    for heading, example in (("Example", rule.example), ("Near miss", rule.near_miss)):
        both = f"# before\n{_block(example.before)}\n# after\n{_block(example.after)}"
        lines += ["", f"{heading} ({_place(example)}):", "", escape.fenced(both, "yaml")]
    return "\n".join([*lines, ""])
