"""The gate's verdict, as text, JSON, Markdown and annotations of GitHub Actions, all from the same value."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from apidiff.follow.gate import Cleared, Kind, Obstacle, Verdict
from apidiff.render.diff.github import LIMIT, annotation
from apidiff.render.diff.json import dumps
from apidiff.render.names import check_name
from apidiff.render.plan.view import counted
from apidiff.render.templates import day, fill
from apidiff.words.escape import clip, plain_prose, sentence, visible

FORMAT: Final = "apidiff-gate/1"
_SHOWN: Final = 5
"""So many obstacles of a kind are shown, those of the most revenue; the others are counted."""


def render_verdict(verdict: Verdict, format_name: str = "text", *, whole: bool = False) -> str:
    """The verdict as `text`, `json`, `markdown` or `github`: five obstacles of each kind, or with `whole` all of them.

    JSON has all in any case.

    Errors: `format-unknown`.
    """
    renderers: dict[str, Callable[[Verdict], str]] = {
        "text": lambda one: "\n".join(_lines(one, whole=whole)) + "\n",
        "json": _json,
        "markdown": lambda one: fill(
            "gate.md.j2", verdict=one, headline=_headline(one), shown=None if whole else _SHOWN
        ),
        "github": lambda one: "\n".join(_annotations(one, whole=whole)) + "\n",
    }
    check_name(format_name, renderers, kind="format", code="format-unknown")
    return renderers[format_name](verdict)


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict as data; dates as ISO 8601, None where no day is known."""
    return {
        "format": FORMAT,
        "passes": verdict.passes,
        "today": verdict.today.isoformat(),
        "sunset": _iso(verdict.sunset),
        "earliest": _iso(verdict.earliest),
        "base": verdict.base.to_dict(),
        "revision": verdict.revision.to_dict(),
        "kinds": {kind.name: len(kind.obstacles) for kind in verdict.kinds},
        "obstacles": [_obstacle(one) for kind in verdict.kinds for one in kind.obstacles],
        "cleared": [_cleared(one) for one in verdict.cleared],
        "notes": list(verdict.notes),
    }


def _iso(value: object) -> str | None:
    return None if value is None else str(value)


def _obstacle(one: Obstacle) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "message": one.message,
        "remedy": one.remedy,
        "changes": list(one.changes),
        "integrator": one.integrator or None,
        "earliest": _iso(one.earliest),
    }


def _cleared(one: Cleared) -> dict[str, Any]:
    return {"change": one.change, "title": one.title, "how": one.how, "detail": one.detail}


def _json(verdict: Verdict) -> str:
    return dumps(verdict_data(verdict), indent=True) + "\n"


def _headline(verdict: Verdict) -> str:
    if verdict.passes:
        if not verdict.cleared:
            return "The gate is open: nothing breaks."
        return f"The gate is open: {counted(len(verdict.cleared), 'break')} may go."
    count = counted(len(verdict.obstacles), "thing stands", "things stand")
    when = f" It can't open before {verdict.earliest}." if verdict.earliest else ""
    return f"The gate is shut: {count} in the way.{when}"


def _lines(verdict: Verdict, *, whole: bool) -> Iterator[str]:
    title = clip(verdict.base.title or "API", 60)
    yield f"{title} {clip(verdict.base.version, 20)} → {clip(verdict.revision.version, 20)}"
    yield _headline(verdict)
    if len(verdict.kinds) < len(verdict.obstacles):
        yield "  " + " · ".join(f"{kind.name} {len(kind.obstacles)}" for kind in verdict.kinds)
    for kind in verdict.kinds:
        yield ""
        yield from _kind(kind, whole=whole)
    if verdict.cleared:
        yield ""
    for cleared in verdict.cleared:
        yield f"✓ {cleared.how}: {plain_prose(cleared.title)} ({visible(cleared.detail)})"
    if verdict.notes:
        yield ""
    for note in verdict.notes:
        yield f"  note: {visible(note)}"


def _kind(kind: Kind, *, whole: bool) -> Iterator[str]:
    """The obstacles of a kind: what would clear them once, where it is the same for all."""
    shown = kind.obstacles if whole else kind.obstacles[:_SHOWN]
    if len(kind.obstacles) == 1:
        (one,) = shown
        yield f"✗ {one.kind}: {plain_prose(one.message)}"
        yield f"  {plain_prose(one.remedy)}"
        if one.earliest:
            yield f"  Not before {day(one.earliest)}."
        return
    yield f"✗ {kind.name}, {len(kind.obstacles)}:"
    remedies = {one.remedy for one in kind.obstacles}
    for one in shown:
        when = f"; not before {day(one.earliest)}" if one.earliest else ""
        yield f"  - {plain_prose(one.message)}{when}"
        if len(remedies) > 1:
            yield f"    {plain_prose(one.remedy)}"
    if len(kind.obstacles) > len(shown):
        yield f"  and {len(kind.obstacles) - len(shown)} more (--all)"
    if len(remedies) == 1:
        yield f"  {plain_prose(shown[0].remedy)}"


def _annotations(verdict: Verdict, *, whole: bool) -> Iterator[str]:
    """One annotation each, as many as GitHub shows; the last line, which is none, has the answer."""
    shown = [one for kind in verdict.kinds for one in (kind.obstacles if whole else kind.obstacles[:_SHOWN])]
    for one in shown[:LIMIT]:
        yield annotation(
            "error", f"{plain_prose(sentence(one.message))} {plain_prose(one.remedy)}", title=f"gate: {one.kind}"
        )
    yield f"apidiff: {_headline(verdict)}"
