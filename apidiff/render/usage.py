"""The figures of `apidiff usage` as text, JSON and one self-contained page, all from the same report."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from apidiff.render.diff.json import dumps
from apidiff.render.names import check_name
from apidiff.render.table import columns
from apidiff.render.templates import fill, number, percent
from apidiff.words.escape import clip, visible

_SHOWN: Final = 15
_LAYOUTS: Final = 2
_DEPTHS: Final = {
    "dependency": "three operations and more",
    "growing": "two operations",
    "experiment": "one operation",
}


def render_usage(report: Mapping[str, Any], format_name: str = "text") -> str:
    """The report (contract, `usage --format json`) as `text`, `json` or `html`.

    Errors: `format-unknown`.
    """
    renderers: dict[str, Callable[[Mapping[str, Any]], str]] = {"text": _text, "json": _json, "html": _page}
    check_name(format_name, renderers, kind="format", code="format-unknown")
    return renderers[format_name](report)


def _json(report: Mapping[str, Any]) -> str:
    return dumps(report, indent=True) + "\n"


def _facts(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures that are one number or two, each under its name."""
    coverage, metrics = report["coverage"], report["metrics"]
    called = [operation for operation in report["operations"] if operation["attempts"]]
    others = len(report["read_as"]) - _LAYOUTS
    more = f"; and {others} more (--how)" if others > 0 else ""
    hours = metrics["time_to_first_call_median_hours"]
    said = {
        "logged": f"{number(coverage['rows'])} rows, {coverage['first'][:10]} to {coverage['last'][:10]}, "
        f"{number(coverage['days_with_data'])} days with data",
        "read as": visible("; ".join(report["read_as"][:_LAYOUTS]) + more),
        "matched": f"{number(coverage['matched'])} rows; {number(coverage['unmatched'])} match no operation, "
        f"{number(coverage['malformed'])} can't be read",
        "operations": f"{number(len(called))} of {number(len(report['operations']))} are called",
        "success rate": f"{percent(metrics['success_rate'])} of the logical calls",
        "retry share": f"{percent(metrics['retry_share'])} of the attempts",
        "first call": "unknown: no account says when it was created" if hours is None else _after(hours),
    }
    return list(said.items())


def _after(hours: float) -> str:
    amount = f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
    return f"{amount} after the account was created (median)"


def _busiest(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    called = [operation for operation in report["operations"] if operation["attempts"]]
    return sorted(called, key=lambda operation: -operation["logical_successes"])


def _text(report: Mapping[str, Any]) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    for doubt in report["doubts"]:
        yield f"! {visible(doubt)}"
    if report["doubts"]:
        yield ""
    facts = _facts(report)
    width = max(len(name) for name, _ in facts)
    yield from (f"{name:<{width}}  {value}" for name, value in facts)
    depth = report["metrics"]["depth"]
    yield from ("", "Depth of integration")
    yield from columns([(name, number(depth[name]), said) for name, said in _DEPTHS.items()], right={1})
    if languages := report["metrics"]["languages"]:
        yield from ("", "Languages, by the revenue of who uses them")
        rows = [(row["language"], number(row["logical_successes"]), number(row["revenue"])) for row in languages]
        yield from columns([("", "calls", "revenue"), *rows], right={1, 2})
    yield from ("", "Operations, by successful logical calls")
    busiest = _busiest(report)
    yield from columns([("", "calls", "integrators", "last"), *map(_row, busiest[:_SHOWN])], right={1, 2})
    if len(busiest) > _SHOWN:
        yield f"  and {len(busiest) - _SHOWN} more, in --format json"
    if unused := [operation for operation in report["operations"] if not operation["attempts"]]:
        yield from ("", f"Never called: {number(len(unused))}")
        yield from (f"  {_name(operation)}" for operation in unused[:_SHOWN])
        if len(unused) > _SHOWN:
            yield f"  and {len(unused) - _SHOWN} more, in --format json"
    if report["unmatched"]:
        yield from ("", "Paths that match no operation (a wrong base path shows here: --mount PREFIX)")
        shapes = [(number(shape["attempts"]), visible(shape["shape"])) for shape in report["unmatched"][:_SHOWN]]
        yield from columns(shapes, right={0})


def _name(operation: Mapping[str, Any]) -> str:
    return clip(f"{operation['method']} {operation['path']}", 60)


def _row(operation: Mapping[str, Any]) -> tuple[str, ...]:
    counts = (number(operation["logical_successes"]), number(operation["integrators"]))
    return _name(operation), *counts, operation["last_seen"][:10]


def _page(report: Mapping[str, Any]) -> str:
    from apidiff.render.plan.page import styled

    style, policy = styled(None)
    return fill(
        "usage.html.j2",
        style=style,
        csp=policy,
        report=report,
        facts=_facts(report),
        depths=_DEPTHS,
        operations=_busiest(report),
    )
