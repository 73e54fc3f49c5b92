"""The usage report as text and as one page; both only read the report's JSON."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from apidiff.errors import ApidiffError, Exit

_SHOWN = 20
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e3e7ee}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:13px/1.4 ui-monospace,monospace}.bar{display:block;height:.5rem;background:#3b6fd4;border-radius:2px}
.facts{display:flex;flex-wrap:wrap;gap:1rem;padding:0;list-style:none}
.facts li{border:1px solid #e3e7ee;border-radius:6px;padding:.6rem 1rem}
.facts b{display:block;font-size:1.3rem}
@media (prefers-color-scheme:dark){body{background:#12161d;color:#dfe5ee}th,td,.facts li{border-color:#2b3442}}
""".strip()


def render_usage(report: Mapping[str, Any], format_name: str) -> str:
    """The report as `text`, `json` or `html`.

    Errors: `usage-format-unknown` for any other format.
    """
    if format_name == "json":
        import json

        return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    if format_name == "text":
        return as_text(report)
    if format_name == "html":
        return as_html(report)
    raise ApidiffError(
        f"`{format_name}` is no format of this report",
        code="output-format-unknown",
        at="--format",
        hint="Use text, json or html.",
        status=Exit.USAGE,
    )


def facts_of(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The headline figures as (label, value) pairs."""
    coverage, metrics = report["coverage"], report["metrics"]
    rows = coverage["rows"]
    hours = metrics["time_to_first_call_median_hours"]
    depth = metrics["depth"]
    return [
        ("rows", f"{rows:,}"),
        ("matched", f"{coverage['matched']:,} ({_share(coverage['matched'], rows)})"),
        ("unmatched", f"{coverage['unmatched']:,} ({_share(coverage['unmatched'], rows)})"),
        ("malformed", f"{coverage['malformed']:,} ({_share(coverage['malformed'], rows)})"),
        ("from", coverage["first"]),
        ("to", coverage["last"]),
        ("days with data", f"{coverage['days_with_data']:,}"),
        ("success rate", f"{metrics['success_rate']:.2%}"),
        ("retry share", f"{metrics['retry_share']:.2%}"),
        ("time to first call", "unknown" if hours is None else f"{hours:,.1f} h (median)"),
        (
            "integrators by depth",
            ", ".join(f"{depth[name]:,} {name}" for name in ("experiment", "growing", "dependency")),
        ),
    ]


def as_text(report: Mapping[str, Any]) -> str:
    """The report for a terminal."""
    lines = ["What the logs hold", ""]
    facts = facts_of(report)
    width = max(len(label) for label, _ in facts)
    lines += [f"  {label:<{width}}  {value}" for label, value in facts]
    for title, heading, rows in _tables(report):
        if rows:
            lines += ["", title, *_columns([heading, *rows])]
    unused = sum(1 for entry in report["operations"] if not entry["attempts"])
    lines += ["", f"{unused} of {len(report['operations'])} operations were not called."]
    if report["unmatched"]:
        lines.append("Unmatched traffic above? A path prefix that the spec lacks is given with `--mount /prefix`.")
    lines.append("Next: apidiff plan BASE REVISION --usage LOG --integrators FILE --out DIR")
    return "\n".join(lines) + "\n"


def _tables(report: Mapping[str, Any]) -> Iterable[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    used = sorted(
        (entry for entry in report["operations"] if entry["attempts"]),
        key=lambda entry: (-entry["logical_successes"], entry["path"], entry["method"]),
    )
    yield (
        "Most used operations",
        ("operation", "calls", "attempts", "keys", "integrators", "last seen"),
        [
            (
                f"{entry['method']} {entry['path']}",
                f"{entry['logical_successes']:,}",
                f"{entry['attempts']:,}",
                f"{entry['keys']:,}",
                f"{entry['integrators']:,}",
                entry["last_seen"][:10],
            )
            for entry in used[:_SHOWN]
        ],
    )
    yield (
        "Languages by revenue",
        ("language", "revenue", "calls"),
        [
            (entry["language"], f"{entry['revenue']:,.0f}", f"{entry['logical_successes']:,}")
            for entry in report["metrics"]["languages"][:_SHOWN]
        ],
    )
    yield (
        "Unmatched traffic by shape",
        ("shape", "attempts"),
        [(entry["shape"], f"{entry['attempts']:,}") for entry in report["unmatched"][:_SHOWN]],
    )


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows as aligned columns, the first to the left and the others to the right; no control character gets through."""
    clean = [tuple("".join(mark if mark.isprintable() else "?" for mark in cell) for cell in row) for row in rows]
    widths = [max(len(row[index]) for row in clean) for index in range(len(clean[0]))]
    return [
        "  "
        + "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in clean
    ]


def as_html(report: Mapping[str, Any]) -> str:
    """The report as one self-contained page."""
    facts = "".join(f"<li>{escape(label)}<b>{escape(value)}</b></li>" for label, value in facts_of(report))
    tables = "".join(_html_table(title, heading, rows) for title, heading, rows in _tables(report) if rows)
    unused = [entry for entry in report["operations"] if not entry["attempts"]]
    listed = "".join(f"<li><code>{escape(entry['method'])} {escape(entry['path'])}</code></li>" for entry in unused)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>API usage</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{_STYLE}</style></head><body><h1>What the logs hold</h1><ul class="facts">{facts}</ul>{tables}'
        f"<h2>Operations that nobody called: {len(unused)} of {len(report['operations'])}</h2>"
        f"<details><summary>All of them</summary><ul>{listed}</ul></details></body></html>\n"
    )


def _html_table(title: str, heading: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    top = max(_number(row[1]) for row in rows) or 1
    head = "".join(f"<th{_numeric(index)}>{escape(name)}</th>" for index, name in enumerate(heading))
    body = "".join(
        "<tr>"
        + "".join(f"<td{_numeric(index)}>{_cell(index, cell)}</td>" for index, cell in enumerate(row))
        + f'<td style="width:20%"><span class="bar" style="width:{100 * _number(row[1]) / top:.1f}%"></span></td></tr>'
        for row in rows
    )
    return f"<h2>{escape(title)}</h2><table><thead><tr>{head}<th></th></tr></thead><tbody>{body}</tbody></table>"


def _cell(index: int, cell: str) -> str:
    return f"<code>{escape(cell)}</code>" if index == 0 else escape(cell)


def _numeric(index: int) -> str:
    return ' class="n"' if index else ""


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "0.0%"
