"""The comparison as SARIF 2.1.0, for code scanning and editors: one result a change, waivers as suppressions.

A result's fingerprint is the change's id, so that an alert that was dismissed stays so when lines move.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from apidiff import __version__
from apidiff.render.diff import places, usage, view
from apidiff.render.diff.json import dumps
from apidiff.render.rules import heading, render_rule
from apidiff.rules.rule import Rule
from apidiff.words.changes import ENDANGERING, Change, Comparison, Level
from apidiff.words.escape import clip, slug, visible

LIMIT: Final = 5_000
"""Results that GitHub's code scanning shows of one run."""
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_OPERATIONS: Final = 100
_LEVELS: Final[Mapping[Level, str]] = {
    Level.BREAKING: "error",
    Level.DANGEROUS: "warning",
    Level.ADDITIVE: "note",
    Level.EDITORIAL: "note",
}


def render(
    comparison: Comparison, *, rules: Mapping[str, Rule], verbose: bool = False, limit: int | None = LIMIT
) -> str:
    """A log with one run. Additive and editorial changes are results only where `verbose` is set, else counted.

    `rules` by id give the texts of the rules that found something.
    """
    wanted = view.LEVELS if verbose else ENDANGERING
    changes = [change for level in wanted for change in comparison.changes if change.level is level]
    shown = changes[:limit]
    ids = sorted({change.rule for change in shown})
    run = {
        "tool": {
            "driver": {
                "name": "apidiff",
                "version": __version__,
                "rules": [_rule(name, rules.get(name)) for name in ids],
            }
        },
        "automationDetails": {"id": f"apidiff/{slug(comparison.base.title or comparison.base.source)}/"},
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": _notifications(comparison, changes, shown)}
        ],
        "results": [_result(comparison, change, ids.index(change.rule)) for change in shown],
        "properties": {"summary": comparison.summary},
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=True) + "\n"


def _rule(rule_id: str, rule: Rule | None) -> dict[str, Any]:
    title = heading(rule_id)
    described: dict[str, Any] = {
        "id": rule_id,
        "shortDescription": {"text": title},
        "help": {"text": f"{title}. Run `apidiff explain {rule_id}`."},
    }
    if rule is not None:
        described["fullDescription"] = {"text": visible(rule.reason())}
        described["help"] = {"text": render_rule(rule, "text"), "markdown": render_rule(rule, "markdown")}
        described["properties"] = {"tags": ["api", rule.subject.value]}
    return described


def _result(comparison: Comparison, change: Change, rule_index: int) -> dict[str, Any]:
    here, origin = places.anchor(comparison, change), places.place(comparison, change)
    result: dict[str, Any] = {
        "ruleId": change.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[change.level],
        "message": {"text": view.message(change, usage.said(change, comparison))},
        "locations": [_location(comparison, here)],
        "partialFingerprints": {"apidiffChange/v1": change.id},
        "properties": {
            "level": change.level.value,
            "direction": change.direction.value if change.direction else None,
            "effort": change.effort.value,
            "operations": [visible(operation) for operation in change.operations[:_OPERATIONS]],
            "operationsReached": len(change.operations),
        },
    }
    if change.affected is not None:
        result["properties"]["affected"] = change.affected.to_dict()
    if here != origin:
        result["relatedLocations"] = [_location(comparison, origin) | {"message": {"text": "where it was in the base"}}]
    if change.waiver is not None:
        reason = view.reason(change.waiver)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result


def _location(comparison: Comparison, found: places.Place) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": visible(found.pointer), "kind": "member"}],
    }
    if file := places.artifact(comparison, found):
        physical: dict[str, Any] = {"artifactLocation": {"uri": uri(visible(file))}}
        if found.line:
            physical["region"] = {"startLine": found.line}
        location["physicalLocation"] = physical
    return location


def uri(file: str) -> str:
    """A path or URL as the URI reference that SARIF asks for: relative paths stay so (RFC 3986, 4.2)."""
    if re.match(r"https?://", file):
        return quote(file, safe="%/:?#[]@!$&'()*+,;=~")
    path = file.replace("\\", "/")
    drive = re.match(r"[A-Za-z]:/", path)
    if drive or PurePosixPath(path).is_absolute():
        return f"file:///{quote(path.removeprefix('/'), safe='/:' if drive else '/')}"
    return quote(path)


def _notifications(comparison: Comparison, changes: Sequence[Change], shown: Sequence[Change]) -> list[dict[str, Any]]:
    """What the results do not hold, and the warnings about the specs."""
    said = [basis] if (basis := usage.basis(comparison)) else []
    if len(changes) > len(shown):
        said.append(f"{len(changes) - len(shown):,} more changes are left out: run `apidiff diff --format json`")
    listed = {change.level for change in changes}
    folded = [level for level in (Level.ADDITIVE, Level.EDITORIAL) if level not in listed and comparison.summary[level]]
    if folded:
        counts = " and ".join(f"{comparison.summary[level]:,} {level.value}" for level in folded)
        said.append(f"{counts} changes are not listed: --verbose lists them")
    notes = [{"level": "note", "message": {"text": text}} for text in said]
    return notes + [{"level": "warning", "message": {"text": clip(text, 500)}} for text in comparison.warnings[:100]]
