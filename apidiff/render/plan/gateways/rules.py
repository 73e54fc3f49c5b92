"""Which requests get which headers: the neutral form that every gateway's configuration is written from.

What no gateway could tell is left out and named. Nothing that a stranger wrote stands in it but as a quoted literal.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from apidiff.plan.value import Plan, PlannedOperation
from apidiff.render.plan.gateways.paths import Template, template
from apidiff.words.changes import OperationEntry
from apidiff.words.escape import clip, header_value, http_url, visible

_METHOD: Final = re.compile(r"[A-Z][A-Z-]{0,30}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One operation at one of its server prefixes.

    `pattern` matches the whole path, without anchors; `exempt` are patterns of other operations that it would match too
    (`/users/search` beside `/users/{id}`). `name` is unique and plain.
    """

    name: str
    operation: str
    methods: tuple[str, ...]
    path: str
    pattern: str
    exempt: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    removed: bool
    problem: dict[str, Any]

    @property
    def regex(self) -> str:
        """The pattern between anchors."""
        return f"^{self.pattern}$"

    @property
    def guarded(self) -> str:
        """The regex with what is exempt shut out, for dialects that know a negative lookahead."""
        return f"^{''.join(f'(?!{pattern}$)' for pattern in self.exempt)}{self.pattern}$"

    def header(self, name: str) -> str:
        """The value of one header, "" where it has none."""
        return dict(self.headers).get(name, "")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules, most specific first, and the operations that no gateway could tell."""

    rules: tuple[Rule, ...]
    left_out: tuple[str, ...]
    title: str
    stamps: tuple[str, ...]

    @property
    def removed(self) -> tuple[Rule, ...]:
        """The rules of operations that are gone after the sunset."""
        return tuple(rule for rule in self.rules if rule.removed)

    def comment(self, sign: str = "#") -> str:
        """What stands at the top of each file."""
        lines = (f"{self.title}. Made by apidiff; a new plan writes it anew.", *self.stamps)
        return "".join(f"{sign} {line}\n" for line in lines)


def rules(plan: Plan) -> RuleSet:
    """The rules of a plan: one for each affected operation that has headers, and each prefix of its servers."""
    left_out: list[str] = []
    found: list[tuple[Template, PlannedOperation]] = []
    for planned in plan.operations:
        if not planned.headers:
            continue
        templates = [template(path) for path in _paths(planned.operation)]
        if _METHOD.fullmatch(planned.operation.method) is None or None in templates:
            left_out.append(planned.operation.id)
        if _METHOD.fullmatch(planned.operation.method):
            found.extend((one, planned) for one in templates if one)
    found.sort(key=lambda pair: (pair[0].rank, pair[0].path, pair[1].operation.id))
    others = _Others([*plan.unaffected, *(one.operation for one in plan.operations)])
    made = tuple(
        _rule(number, planned, own, others=others, plan=plan) for number, (own, planned) in enumerate(found, 1)
    )
    stamps = [f"DRAFT: {plan.draft}. Do not deploy." if plan.draft else "", plan.stamp]
    title = f"Deprecation headers of {plan.base.title} {plan.base.version}"
    shown = tuple(visible(stamp) for stamp in stamps if stamp)
    return RuleSet(made, tuple(left_out), visible(title), shown)


def _rule(number: int, planned: PlannedOperation, own: Template, *, others: "_Others", plan: Plan) -> Rule:
    method = planned.operation.method
    methods = ("GET", "HEAD") if method == "GET" and not others.have("HEAD", own.path) else (method,)
    return Rule(
        name=f"apidiff-{number}",
        operation=planned.operation.id,
        methods=methods,
        path=own.path,
        pattern=own.pattern,
        exempt=others.before(own, methods),
        headers=tuple((header_value(key), header_value(value)) for key, value in planned.headers.items()),
        removed=planned.removed,
        problem=problem(planned, plan),
    )


class _Others:
    """The templates of all operations, by method and number of segments."""

    def __init__(self, entries: Iterable[OperationEntry]) -> None:
        self._found: dict[tuple[str, int], dict[str, Template]] = {}
        for entry in entries:
            for path in _paths(entry):
                if one := template(path):
                    self._found.setdefault((entry.method, len(one.pieces)), {})[path] = one

    def have(self, method: str, path: str) -> bool:
        """Whether the path declares the method."""
        return any(path in found for (of, _), found in self._found.items() if of == method)

    def before(self, own: Template, methods: tuple[str, ...]) -> tuple[str, ...]:
        """Patterns of the operations that a request may call which `own` matches too."""
        if own.is_literal:
            return ()
        rivals = [one for method in methods for one in self._found.get((method, len(own.pieces)), {}).values()]
        return tuple(sorted({one.pattern for one in rivals if one.goes_before(own)}))


def problem(planned: PlannedOperation, plan: Plan) -> dict[str, Any]:
    """The body of the 410 after the sunset (RFC 9457); it never repeats the requested URL."""
    sunset, deprecation = plan.dates.sunset, plan.dates.deprecation
    successor = planned.successor
    # nginx takes tokens of 4,096 bytes.
    replaced = f" Use {clip(successor, 300)}." if successor else " Nothing takes its place."
    guide = http_url(plan.guide_url)
    body = {
        "type": f"{guide}#gone" if guide else "about:blank",
        "title": "This operation was retired",
        "status": 410,
        "detail": f"{clip(planned.operation.id, 300)} was retired{f' on {sunset}' if sunset else ''}.{replaced}",
        "deprecated_at": deprecation.isoformat() if deprecation else None,
        "sunset_at": sunset.isoformat() if sunset else None,
        "migration_guide": guide or None,
        "replacement": {"method": clip(successor.method, 20), "path": clip(successor.path, 300)} if successor else None,
        "retryable": False,
    }
    return {key: value for key, value in body.items() if value is not None}


def brownout(plan: Plan) -> dict[str, Any]:
    """The body of the 410 during a brownout: it works again afterwards, and says when it will not."""
    guide, has_end = http_url(plan.guide_url), plan.dates.sunset is not None
    body = {
        "type": f"{guide}#brownout" if guide else "about:blank",
        "title": "Scheduled brownout",
        "status": 410,
        "detail": f"This operation is off for a short test, because it ends{f' on {plan.dates.sunset}' * has_end}.",
        "sunset_at": str(plan.dates.sunset) if has_end else None,
        "migration_guide": guide or None,
        "retryable": False,
    }
    return {key: value for key, value in body.items() if value is not None}


def _paths(entry: OperationEntry) -> tuple[str, ...]:
    """The operation's path under each prefix of its servers."""
    return tuple(dict.fromkeys(f"{prefix.rstrip('/')}{entry.path}" for prefix in entry.prefixes or ("",)))
