"""Which requests get which headers: the neutral form that every gateway's configuration is written from.

Regexes are made of the path's own literals and `[^/]+`, never of a pattern in the spec. A path that holds anything but
URL characters is left out and named.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from apidiff.plan.value import Plan, PlannedOperation
from apidiff.words.changes import OperationEntry
from apidiff.words.escape import clip, header_value, http_url, visible

_SAFE_PATH: Final = re.compile(r"[A-Za-z0-9/._~!$&'()*+,;=:@%{}-]{1,1000}")
_SPECIAL: Final = re.compile(r"([.+*?()\[\]{}^$|\\])")
SEGMENT: Final = "[^/]+"


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
    """The rules, most specific first, and the operations whose path cannot be written safely."""

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
    made: list[Rule] = []
    left_out: list[str] = []
    others = [*plan.unaffected, *(one.operation for one in plan.operations)]
    heads = {path for entry in others if entry.method == "HEAD" for path in _paths(entry)}
    for planned in sorted(plan.operations, key=_specific):
        if not planned.headers:
            continue
        for path in _paths(planned.operation):
            if _SAFE_PATH.fullmatch(path) is None:
                left_out.append(planned.operation.id)
                continue
            methods = (
                ("GET", "HEAD")
                if planned.operation.method == "GET" and path not in heads
                else (planned.operation.method,)
            )
            made.append(
                Rule(
                    name=f"apidiff-{len(made) + 1}",
                    operation=planned.operation.id,
                    methods=methods,
                    path=path,
                    pattern=pattern(path),
                    exempt=_exempt(planned, path, methods, others),
                    headers=tuple((header_value(key), header_value(value)) for key, value in planned.headers.items()),
                    removed=planned.removed,
                    problem=problem(planned, plan),
                )
            )
    stamps = [f"DRAFT: {plan.draft}. Do not deploy." if plan.draft else "", plan.stamp]
    title = f"Deprecation headers of {plan.base.title} {plan.base.version}"
    return RuleSet(tuple(made), tuple(left_out), visible(title), tuple(visible(stamp) for stamp in stamps if stamp))


def _exempt(
    planned: PlannedOperation, path: str, methods: tuple[str, ...], others: list[OperationEntry]
) -> tuple[str, ...]:
    """Patterns of the other operations that are more concrete than the path and that its pattern would match."""
    whole = re.compile(pattern(path))
    return tuple(
        sorted(
            {
                pattern(other)
                for entry in others
                if entry.method in methods and entry.id != planned.operation.id
                for other in _paths(entry)
                if _SAFE_PATH.fullmatch(other) and _literals(other) > _literals(path) and whole.fullmatch(_probe(other))
            }
        )
    )


def pattern(path: str) -> str:
    """The path template as a regex without anchors, in the syntax that all targets share."""
    literals = re.split(r"\{[^{}]*\}", path)
    return SEGMENT.join(_SPECIAL.sub(r"\\\1", literal) for literal in literals)


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


def _specific(planned: PlannedOperation) -> tuple[int, str]:
    """More literals first: of two paths that match a request, that is the concrete one (OpenAPI 3.1, 4.8.8.2)."""
    return -_literals(planned.operation.path), planned.operation.id


def _literals(path: str) -> int:
    """How many characters of the path are literal."""
    return len(re.sub(r"\{[^{}]*\}", "", path))


def _probe(path: str) -> str:
    """A path that the template matches."""
    return re.sub(r"\{[^{}]*\}", "x", path)
