"""What `expand` undid and what it left, as text: the figure first, then what the proof showed, then break by break."""

from collections.abc import Iterator
from pathlib import Path

from apidiff.expand.make import Expansion, Left
from apidiff.words.changes import Change
from apidiff.words.escape import clip, plain_prose

_SHOWN = 50
_WIDE = 160


def expanded_text(
    base: str, made: Expansion, written: tuple[Path, ...], *, spec: Path | None = None, whole: bool = False
) -> str:
    """The report, with what to run next; `spec` is the expanded one among what was written."""
    total = len(made.undone) + len(made.left)
    lines = [headline(len(made.undone), total), *_proof(made, total)]
    if made.undone:
        lines += ["", f"Undone ({len(made.undone):,})", *_listed(map(_undone, made.undone), whole=whole)]
    if made.left:
        lines += ["", f"Left ({len(made.left):,}): each is a break still", *_listed(map(_left, made.left), whole=whole)]
    if written:
        lines += ["", f"Written: {', '.join(clip(path.as_posix(), 200) for path in written)}"]
    lines += ["", f"Next: {_next(base, made, spec)}"]
    return "\n".join(lines) + "\n"


def headline(undone: int, total: int) -> str:
    """How many of the breaks are undone."""
    if not total:
        return "No break to undo: no caller has to change anything."
    if undone == total:
        return "The one break is undone." if total == 1 else f"All {total:,} breaks are undone."
    return f"{undone:,} of {total:,} breaks {'is' if undone == 1 else 'are'} undone."


def _proof(made: Expansion, total: int) -> Iterator[str]:
    """What was shown, each in a line."""
    if not made.undone:
        return
    left = f"{len(made.left):,} of the {total:,} breaks" if made.left else "no break"
    yield f"  base to expanded: {left}, and no new one"
    yield "  revision to expanded: no break"
    if made.witnessed:
        values = "the value" if made.witnessed == 1 else f"none of the {made.witnessed:,} values"
        still = "shows none any more" if made.witnessed == 1 else "shows one any more"
        yield f"  by a validator: {values} that showed breaks {still}"
    yield "  the official JSON Schema of its version has nothing against it that it has not against these two"


def _listed(rows: Iterator[str], *, whole: bool) -> list[str]:
    found = list(rows)
    shown = found if whole else found[:_SHOWN]
    more = [f"  and {len(found) - len(shown):,} more (--all)"] if len(found) > len(shown) else []
    return [*shown, *more]


def _undone(change: Change) -> str:
    return f"  {change.id}  {clip(plain_prose(change.title), _WIDE)}"


def _left(left: Left) -> str:
    return (
        f"  {left.change.id}  {clip(plain_prose(left.change.title), _WIDE)}\n      {clip(plain_prose(left.why), _WIDE)}"
    )


def _next(base: str, made: Expansion, spec: Path | None) -> str:
    if not made.undone:
        return "nothing to do" if not made.left else f"apidiff explain {made.left[0].change.rule}"
    if spec is None:
        return "give --output FILE to have the expanded spec written, --overlay FILE for what it adds"
    source = clip(base, 200)
    import shlex

    return f"apidiff diff {shlex.quote(source)} {shlex.quote(clip(spec.as_posix(), 200))}"
