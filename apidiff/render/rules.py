"""The rule catalogue as text, JSON and a page of documentation, and one rule or error code explained."""

import difflib
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

from apidiff.render.diff.json import dumps
from apidiff.render.names import check_name
from apidiff.rules import catalogue, families, unclassified
from apidiff.rules.profiles import Profile, level_of
from apidiff.rules.rule import Example, Rule
from apidiff.rules.ways import WAYS
from apidiff.words.changes import Exposed, Level
from apidiff.words.direction import Direction
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.escape import code, fenced, prose
from apidiff.words.problems import PROBLEMS, Problem

FORMATS: Final = ("text", "json", "markdown")
_DIRECTIONS: Final[Mapping[str, Direction | None]] = {
    "request": Direction.REQUEST,
    "response": Direction.RESPONSE,
    "neither": None,
}
_PLACES: Final = {
    "schema": "the schema of a {direction} body",
    "parameter": "one parameter of an operation",
    "parameters": "the parameters of an operation",
    "operation": "an operation",
    "responses": "the responses of an operation",
    "response": "one response of an operation",
    "request": "the request body of an operation",
    "components": "the components",
    "paths": "the paths",
    "document": "the document",
}
_WIDTH: Final = 100
_PROFILE_WIDTH: Final = 8
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


def heading(rule_id: str) -> str:
    """What a rule is called in a heading: `property-removed` is "Property removed"."""
    return rule_id.replace("-", " ").capitalize()


def render_rules(rules: Sequence[Rule], format_name: str = "text", *, profile: str = "standard") -> str:
    """The rules in one of `FORMATS`, with their levels under a profile; json and markdown hold the whole of each.

    Errors: `format-unknown`, `profile-unknown`.
    """
    check_name(profile, tuple(Profile), kind="profile", code="profile-unknown")
    check_name(format_name, FORMATS, kind="format", code="format-unknown")
    if format_name == "json":
        found = [_as_dict(rule) | {"levels": _levels(rule, profile)} for rule in rules]
        return dumps({"format": "apidiff-rules/1", "profile": profile, "rules": found}, indent=True) + "\n"
    return _page(rules, profile) if format_name == "markdown" else _list(rules, profile)


def render_rule(rule: Rule, format_name: str = "text") -> str:
    """One rule in one of `FORMATS`: levels, reason, example, near miss, alternative, and what in a log shows exposure.

    Errors: `format-unknown`.
    """
    check_name(format_name, FORMATS, kind="format", code="format-unknown")
    if format_name == "json":
        return dumps(_as_dict(rule), indent=True) + "\n"
    return _rule_markdown(rule, level=1) if format_name == "markdown" else _rule_text(rule)


def render_problem(problem: Problem, format_name: str = "text") -> str:
    """One error code in one of `FORMATS`. Errors: `format-unknown`."""
    check_name(format_name, FORMATS, kind="format", code="format-unknown")
    exits = f"{problem.status.value} ({problem.status.name.lower()})"
    if format_name == "json":
        told = {"code": problem.code, "why": problem.why, "remedy": problem.remedy, "exit": problem.status.value}
        return dumps(told, indent=True) + "\n"
    if format_name == "markdown":
        return f"# {code(problem.code)}\n\n{prose(problem.why)}\n\n{prose(problem.remedy)}\n\nExit code: {exits}.\n"
    return f"{problem.code}\n\nWhy\n  {problem.why}\n\nWhat to do\n  {problem.remedy}\n\nExit code: {exits}\n"


def explain(name: str, format_name: str = "text") -> str:
    """The rule with this id or alias, or the error code, explained.

    Errors: `name-unknown`, with the nearest known one.
    """
    rules = {rule.id: rule for rule in (*catalogue(), unclassified.RULE)}
    by_name = {alias: rule for rule in rules.values() for alias in rule.aliases} | rules
    wanted = name.strip().strip("[]")
    if wanted in by_name:
        return render_rule(by_name[wanted], format_name)
    if wanted in PROBLEMS:
        return render_problem(PROBLEMS[wanted], format_name)
    nearest = difflib.get_close_matches(wanted, [*by_name, *PROBLEMS], n=3, cutoff=0.5)
    suggestion = f"did you mean {' or '.join(nearest)}? " if nearest else ""
    raise ApidiffError(
        f"neither a rule nor an error is called {wanted!r}",
        code="name-unknown",
        hint=f"{suggestion}`apidiff rules` lists all rules",
        status=Exit.USAGE,
    )


def _levels(rule: Rule, profile: str) -> dict[str, str | None]:
    """The level by direction, None where the rule has nothing to say about it."""
    levels = {
        name: level_of(rule, direction, Profile(profile)) if rule.level(direction) else None
        for name, direction in _DIRECTIONS.items()
    }
    return {name: level.value if level else None for name, level in levels.items()}


def _family_of() -> dict[str, str]:
    return {rule.id: family for family, members in families() for rule in members}


def _as_dict(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "family": _family_of().get(rule.id),
        "title": rule.title,
        "why": rule.reason(),
        "subjects": [subject.value for subject in rule.subjects],
        "facets": list(rule.facets),
        "actions": [action.value for action in rule.actions],
        "where": dict(rule.where),
        "within": [place.value for place in rule.within],
        "profiles": {profile: _levels(rule, profile) for profile in Profile},
        "instead": None
        if rule.instead is None
        else {
            "kind": rule.instead.kind,
            "summary": rule.instead.summary,
            "effort": WAYS[rule.instead.kind].effort.value,
            "unless": WAYS[rule.instead.kind].unless,
        },
        "effort": rule.effort.value,
        "exposed_by": rule.exposed_by.value,
        "aliases": list(rule.aliases),
        "example": _example_dict(rule.example),
        "near_miss": _example_dict(rule.near_miss),
    }


def _example_dict(example: Example) -> dict[str, str]:
    return {"at": _place(example), "before": _yaml(example.before), "after": _yaml(example.after)}


def _by_family(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    """The rules under the headings of their families, in the order of the catalogue."""
    family_of = _family_of()
    grouped: dict[str, list[Rule]] = {family: [] for family, _ in families()}
    for rule in rules:
        grouped.setdefault(family_of.get(rule.id, "Others"), []).append(rule)
    return {family: members for family, members in grouped.items() if members}


def _list(rules: Sequence[Rule], profile: str) -> str:
    width = max((len(rule.id) for rule in rules), default=0)
    lines = [
        f"{len(rules)} rules, profile {profile}",
        "",
        _row("", dict.fromkeys(_DIRECTIONS), width, names=True),
    ]
    for family, members in _by_family(rules).items():
        lines += ["", family]
        lines += [_row(rule.id, _levels(rule, profile), width) for rule in members]
    return "\n".join([*lines, "", "Next: apidiff explain RULE", ""])


def _row(name: str, levels: Mapping[str, str | None], width: int, *, names: bool = False) -> str:
    cells = [direction if names else level or "-" for direction, level in levels.items()]
    return f"  {name:<{width}}  {cells[0]:<9}  {cells[1]:<9}  {cells[2]}"


def _rule_text(rule: Rule) -> str:
    parts = [rule.id, "", *_filled(f"Reported as: {_said(rule)}"), "", *_filled(rule.reason()), ""]
    parts += [_row(name, levels, _PROFILE_WIDTH, names=name == "level") for name, levels in _level_rows(rule)]
    for title, example in (("Example", rule.example), ("Near miss, where this rule is silent", rule.near_miss)):
        parts += ["", f"{title} ({_place(example)}):", textwrap.indent(_both(example), "  ")]
    if rule.instead:
        parts += ["", *_filled(f"Instead: {_named(rule.instead.summary)}"), *_filled(_weighed(rule.instead.kind))]
    parts += ["", f"Effort of an integrator: {rule.effort.value}", f"Exposed, in a log: {_exposed(rule)}"]
    if rule.aliases:
        parts.append(f"Earlier names: {', '.join(rule.aliases)}")
    return "\n".join([*parts, f"Its level is set in apidiff.yaml: levels: {{{rule.id}: {_other(rule)}}}", ""])


def _rule_markdown(rule: Rule, level: int) -> str:
    rows = [[name, *(value or "–" for value in levels.values())] for name, levels in _level_rows(rule)[1:]]
    parts = [f"{'#' * level} {code(rule.id)}", f"_{prose(_said(rule))}_", prose(rule.reason()), _table("profile", rows)]
    for title, example in (("Example", rule.example), ("Near miss, where this rule is silent", rule.near_miss)):
        parts += [f"{title} ({_place(example)}):", fenced(_both(example), "yaml")]
    if rule.instead:
        parts.append(f"**Instead:** {prose(_named(rule.instead.summary))} {_weighed(rule.instead.kind)}")
    parts.append(f"Effort of an integrator: {rule.effort.value}. Exposed, in a log: {_exposed(rule)}.")
    if rule.aliases:
        parts.append(f"Earlier names: {', '.join(map(code, rule.aliases))}.")
    return "\n\n".join(parts) + "\n"


def _weighed(kind: str) -> str:
    """What an alternative costs, and what speaks against it."""
    way = WAYS[kind]
    return f"Effort of the API: {way.effort.value}. Not where {way.unless}: then let it proceed, with the reason."


def _level_rows(rule: Rule) -> list[tuple[str, dict[str, str | None]]]:
    """A heading, the levels under `standard`, and under each profile in which they differ from it."""
    standard = _levels(rule, "standard")
    others = [(profile, _levels(rule, profile)) for profile in Profile if profile is not Profile.STANDARD]
    differing = [(profile, levels) for profile, levels in others if levels != standard]
    return [("level", dict.fromkeys(_DIRECTIONS)), ("standard", standard), *differing]


def _table(first: str, rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [[first, *_DIRECTIONS], ["---"] * 4, *rows])


def _both(example: Example) -> str:
    return f"# before\n{_yaml(example.before)}\n# after\n{_yaml(example.after)}"


def _filled(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _other(rule: Rule) -> str:
    """A level that the rule does not have, for the example of how to set one."""
    return "dangerous" if Level.BREAKING in (rule.request, rule.response, rule.neutral) else "breaking"


def _page(rules: Sequence[Rule], profile: str) -> str:
    """The documentation: a table for each family, then every rule in full."""
    parts = [
        "# Rules",
        f"The {len(rules)} distinctions that `apidiff diff` makes, with their levels under the profile `{profile}`.",
        "`apidiff explain RULE` shows one of them. Levels are set in `apidiff.yaml`.",
    ]
    for family, members in _by_family(rules).items():
        rows = [[f"[{rule.id}](#{rule.id})", *(v or "–" for v in _levels(rule, profile).values())] for rule in members]
        parts += [f"## {family}", _table("rule", rows)]
        parts += [_rule_markdown(rule, level=3).rstrip() for rule in members]
    return "\n\n".join(parts) + "\n"


def _said(rule: Rule) -> str:
    """The title that changes get, with its placeholders as capitals and the directions that the rule has."""
    ways = [way.value for way in Direction if rule.level(way) is not None]
    title = rule.title.replace("{direction}", " or ".join(ways) or "DIRECTION")
    for word, shown in (
        ("moved", "went from {before} to {after}"),
        ("whole", "`{name}`"),
        ("flow", ""),
        ("announced", ""),
        ("edited", "changed"),
    ):
        title = title.replace(f"{{{word}}}", shown)
    return _named(title)


def _named(template: str) -> str:
    return _PLACEHOLDER.sub(lambda found: found.group(1).upper(), template)


def _exposed(rule: Rule) -> str:
    return "nobody" if rule.exposed_by is Exposed.NOBODY else f"who {rule.exposed_by.value}"


def _place(example: Example) -> str:
    return _PLACES[example.at].format(direction=example.direction.value)


def _yaml(fragment: str) -> str:
    """A fragment as block YAML, which reads better than the one line that the catalogue has it in."""
    import yaml
    from ryaml import loads  # type: ignore[attr-defined]

    return yaml.safe_dump(loads(fragment), sort_keys=False, allow_unicode=True, width=100).rstrip("\n")
