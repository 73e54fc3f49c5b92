"""The comparison for a terminal: counts first, then every break by level and root cause, and what to run next.

Plain text is the same bytes everywhere; colour and wrapping are added only where the caller says so.
"""

import io
import re
import textwrap
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final, TextIO, TypeAlias

from apidiff.comparison.semver import advice
from apidiff.render.diff import commands, places, usage, view
from apidiff.words.changes import ENDANGERING, Change, Comparison, Level
from apidiff.words.escape import clip, visible

LIMIT: Final = 50
"""Changes shown in each level, unless the caller says otherwise."""
_LABEL: Final = 9
_NARROWEST: Final = 40
_CODE: Final = re.compile(r"(`[^`]+`)")


class Style(StrEnum):
    """What a piece of text is; the value is how rich paints it."""

    PLAIN = ""
    HEAD = "bold"
    DIM = "dim"
    NAME = "cyan"
    BREAKING = "bold red"
    DANGEROUS = "yellow"
    ADDITIVE = "green"


Line: TypeAlias = tuple[tuple[str, Style], ...]
_LEVEL_STYLE: Final[Mapping[Level, Style]] = {
    Level.BREAKING: Style.BREAKING,
    Level.DANGEROUS: Style.DANGEROUS,
    Level.ADDITIVE: Style.ADDITIVE,
    Level.EDITORIAL: Style.DIM,
}
_BLANK: Final[Line] = ()


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to paint what goes to `stream`: a terminal, and neither NO_COLOR (no-color.org) nor a dumb one."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def render(
    comparison: Comparison,
    *,
    verbose: bool = False,
    limit: int | None = LIMIT,
    colour: bool = False,
    width: int | None = None,
) -> str:
    """The report. `verbose` shows additive and editorial changes one by one, `limit` bounds each level.

    `width` wraps the sentences (None: one line each, for files, pipes and grep).
    """
    lines = list(_report(comparison, verbose=verbose, limit=limit, width=width and max(width, _NARROWEST)))
    return _painted(lines) if colour else "".join("".join(text for text, _ in line) + "\n" for line in lines)


def _report(comparison: Comparison, *, verbose: bool, limit: int | None, width: int | None) -> Iterator[Line]:
    yield (view.versions(comparison), Style.HEAD), *_sources(comparison)
    yield ((f"{view.headline(comparison)}; {view.broken(comparison)}", Style.PLAIN),)
    yield ((visible(advice(comparison)), Style.DIM),)
    if comparison.usage:
        yield ((usage.basis(comparison), Style.PLAIN),)
        yield ((usage.counts(comparison), Style.PLAIN),)
    unfolded = view.LEVELS if verbose else ENDANGERING
    for section in view.sections(comparison, limit=limit, levels=unfolded):
        yield _BLANK
        yield from _section(comparison, section, width)
    if folded := () if verbose else view.sections(comparison, levels=(Level.ADDITIVE, Level.EDITORIAL)):
        yield _BLANK
        for section in folded:
            counts = f"{section.total:,}: {view.by_rule(section.shown)}"
            yield (f"{section.level.value:<10}", _LEVEL_STYLE[section.level]), (counts, Style.DIM)
    if passed := view.waived(comparison):
        yield _BLANK
        yield (("Waived", Style.HEAD), (f" ({len(passed):,})", Style.PLAIN))
        yield from _waived(passed, limit)
    yield _BLANK
    if comparison.summary[Level.BREAKING.value]:
        yield (("First: ", Style.HEAD), (commands.first(comparison), Style.PLAIN))
    yield (("Next: ", Style.HEAD), (_next(comparison), Style.PLAIN))


def _sources(comparison: Comparison) -> Line:
    base, revision = (clip(head.source, 200) for head in (comparison.base, comparison.revision))
    return ((f"  ({base} -> {revision})", Style.DIM),)


def _section(comparison: Comparison, section: view.Section, width: int | None) -> Iterator[Line]:
    style = _LEVEL_STYLE[section.level]
    meaning = f" ({section.total:,}): {view.MEANING[section.level]}"
    yield (section.level.value.capitalize(), style), (meaning, Style.PLAIN)
    for group in section.groups:
        yield _BLANK
        yield (("  ", Style.PLAIN), *_prose(group.cause, Style.HEAD))
        for row in group.rows:
            yield from _change(comparison, row, width)
    if section.more:
        yield _BLANK
        more = f"  and {section.more:,} more {section.level.value} ({section.left_out}): --limit 0 shows all"
        yield ((more, Style.DIM),)


def _change(comparison: Comparison, row: view.Row, width: int | None) -> Iterator[Line]:
    change = row.change
    level = f"    {change.level.value}  "
    first, *rest = _wrapped(visible(change.title), width, len(level))
    yield (level, _LEVEL_STYLE[change.level]), *_prose(first, Style.PLAIN)
    yield from (((" " * len(level), Style.PLAIN), *_prose(line, Style.PLAIN)) for line in rest)
    found = places.place(comparison, change)
    where = f"{visible(found.pointer)}  {visible(found.file_line)}".rstrip()
    yield from _labelled("where", where, Style.DIM, width)
    if change.operations:
        yield from _labelled("reaches", view.reach(change), Style.PLAIN, width)
    if used := usage.said(change, comparison):
        yield from _labelled("usage", used, Style.PLAIN, width)
    if row.others:
        ids = ", ".join(other.id for other in row.others[: view.SHOWN_OPERATIONS])
        more = len(row.others) - view.SHOWN_OPERATIONS
        others = f"{row.also} ({ids}{f' and {more:,} more' if more > 0 else ''})"
        yield from _labelled("also", others, Style.PLAIN, width)
    yield from _labelled("why", visible(change.why), Style.DIM, width)
    if change.witness:
        value = view.witness_value(change.witness)
        note = visible(change.witness.note)
        yield from _labelled("witness", f"{value}: {note}" if value else note, Style.DIM, width)
    if change.alternative:
        yield from _labelled("instead", visible(change.alternative.summary), Style.PLAIN, width)
    yield from _labelled("id", f"{change.id}  {change.rule}", Style.DIM, width)


def _labelled(label: str, text: str, style: Style, width: int | None) -> Iterator[Line]:
    indent = " " * 6
    for number, line in enumerate(_wrapped(text, width, len(indent) + _LABEL)):
        yield ((f"{indent}{label if number == 0 else '':<{_LABEL}}", Style.DIM), *_prose(line, style))


def _wrapped(text: str, width: int | None, indent: int) -> list[str]:
    if width is None:
        return [text]
    return textwrap.wrap(text, width - indent, break_long_words=False, break_on_hyphens=False) or [""]


def _prose(text: str, style: Style) -> Line:
    """The text with the names between backticks set off, the backticks kept so that colour adds no meaning."""
    return tuple((part, Style.NAME if part.startswith("`") else style) for part in _CODE.split(text) if part)


def _waived(changes: tuple[Change, ...], limit: int | None) -> Iterator[Line]:
    for change in changes[:limit]:
        assert change.waiver is not None
        yield (
            (f"    {change.level.value}  ", _LEVEL_STYLE[change.level]),
            *_prose(visible(change.title), Style.PLAIN),
            (f": {view.reason(change.waiver)}  {change.id}", Style.DIM),
        )
    if limit is not None and len(changes) > limit:
        yield ((f"    and {len(changes) - limit:,} more waived: --limit 0 shows all", Style.DIM),)


def _next(comparison: Comparison) -> str:
    worst = next(iter(view.sections(comparison, fold=False)), None)
    if worst is None or worst.level in (Level.ADDITIVE, Level.EDITORIAL):
        return "nothing to do, no caller has to change anything"
    if worst.level is Level.DANGEROUS:
        return f"apidiff explain {worst.shown[0].rule}"
    return f"apidiff plan {commands.named(comparison)} --usage LOG --integrators FILE --out plan"


def _painted(lines: list[Line]) -> str:
    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard", no_color=False, highlight=False)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    return out.getvalue()
