"""The formats of `apidiff diff`, by name, over one view of the comparison.

Each is imported when it is asked for: the start of `apidiff diff` pays for one of them only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from apidiff.render.names import check_name
from apidiff.words.changes import Comparison, Level


@dataclass(frozen=True, slots=True)
class _Options:
    verbose: bool
    limit: int | None
    colour: bool
    width: int | None
    template_dir: Path | None
    fail_on: Level
    passes_unused: bool


_Renderer: TypeAlias = Callable[[Comparison, _Options], str]


def _text(comparison: Comparison, options: _Options) -> str:
    from apidiff.render.diff import text

    return text.render(
        comparison,
        verbose=options.verbose,
        limit=_bound(options.limit, text.LIMIT),
        colour=options.colour,
        width=options.width,
    )


def _json(comparison: Comparison, _: _Options) -> str:
    from apidiff.render.diff import json

    return json.render(comparison)


def _markdown(comparison: Comparison, options: _Options) -> str:
    from apidiff.render.diff import markdown

    return markdown.render(comparison, limit=options.limit or None, template_dir=options.template_dir)


def _html(comparison: Comparison, options: _Options) -> str:
    from apidiff.render.diff import html

    return html.render(comparison, limit=_bound(options.limit, html.LIMIT), template_dir=options.template_dir)


def _sarif(comparison: Comparison, options: _Options) -> str:
    from apidiff.render.diff import sarif
    from apidiff.rules import catalogue, unclassified

    rules = {rule.id: rule for rule in (*catalogue(), unclassified.RULE)}
    return sarif.render(comparison, rules=rules, verbose=options.verbose, limit=_bound(options.limit, sarif.LIMIT))


def _junit(comparison: Comparison, options: _Options) -> str:
    from apidiff.render.diff import junit

    return junit.render(
        comparison,
        limit=_bound(options.limit, junit.LIMIT),
        fail_on=options.fail_on,
        passes_unused=options.passes_unused,
    )


def _github(comparison: Comparison, options: _Options) -> str:
    from apidiff.render.diff import github

    limit = _bound(options.limit, github.LIMIT)
    return github.render(comparison, limit=limit, passes_unused=options.passes_unused)


def _gitlab(comparison: Comparison, options: _Options) -> str:
    from apidiff.render.diff import gitlab

    limit = _bound(options.limit, gitlab.LIMIT)
    return gitlab.render(comparison, limit=limit, passes_unused=options.passes_unused)


def _bound(limit: int | None, own: int) -> int | None:
    """None asks for the format's own bound, 0 for none."""
    return own if limit is None else limit or None


_RENDERERS: Final[Mapping[str, _Renderer]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
}
FORMATS: Final = tuple(_RENDERERS)
"""The names that `--format` takes."""


def render_diff(
    comparison: Comparison,
    format_name: str,
    *,
    verbose: bool = False,
    limit: int | None = None,
    colour: bool = False,
    width: int | None = None,
    template_dir: Path | None = None,
    fail_on: Level = Level.BREAKING,
    passes_unused: bool = False,
) -> str:
    """The comparison in one of `FORMATS`, ending in a line end.

    `limit` bounds the changes shown in each level: None for the format's own bound, 0 for none; what is left out is
    counted in the output. `verbose` is for text and sarif, `colour` and `width` are for text, `template_dir` for
    markdown and html, and `fail_on` says which level junit counts as failed, beside breaking. With `passes_unused` a
    break that nobody was seen to use in complete logs is no failure in junit, a warning in github, and minor in gitlab.

    Errors: `format-unknown`, and those of `apidiff.render.templates.fill`.
    """
    check_name(format_name, FORMATS, kind="format", code="format-unknown")
    return _RENDERERS[format_name](
        comparison, _Options(verbose, limit, colour, width, template_dir, fail_on, passes_unused)
    )


def encode_diff(comparison: Comparison, format_name: str, **options: Any) -> bytes:
    """`render_diff`, with its options, as UTF-8; JSON comes from its encoder as bytes and is never text."""
    if format_name == "json":
        from apidiff.render.diff import json

        return json.encoded(comparison)
    return render_diff(comparison, format_name, **options).encode()
