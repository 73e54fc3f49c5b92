"""Finds and fills the Jinja2 templates: the user's own first, then those in the wheel, then the checkout's.

Every value that a template prints is escaped for the format that the template's name ends in (`.md.j2`, `.html.j2`,
`.txt.j2`), so that a template, the user's own included, cannot forget it. Where the user has templates, all run in a
sandbox.
"""

import difflib
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from apidiff.words import escape
from apidiff.words.amount import per_cent
from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    from jinja2 import Environment

_BLANK_LINES: Final = re.compile(r"\n{3,}")
_HERE: Final = Path(__file__).resolve().parents[1]
SHIPPED: Final = (_HERE / "_templates", _HERE.parent / "templates")
"""Where our own templates lie: in the wheel, and in a checkout."""

_REPEATED: Final = 2_048
"""So many texts are kept in their escaped form: the same names and titles are said to every integrator."""

_FORMATS: Final[Mapping[str, tuple[Callable[[object], str], Callable[[object], str]]]] = {
    ".md.j2": (escape.md, escape.prose),
    ".html.j2": (escape.html, escape.html_prose),
    ".txt.j2": (escape.visible, escape.plain_prose),
}


def fill(name: str, *, template_dir: Path | None = None, **values: Any) -> str:
    """The template of that name filled with `values`; `name` is its path below the template folder.

    Errors: `template-missing`, `template-broken` (with the template's file and line).
    """
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
    from jinja2.exceptions import SecurityError

    suffix = next(suffix for suffix in _FORMATS if name.endswith(suffix))
    try:
        text = _environment(suffix, template_dir).get_template(name).render(values)
    except TemplateNotFound as error:
        raise ApidiffError(
            f"there is no template {error.name}",
            code="template-missing",
            at=str(template_dir) if template_dir else None,
            hint="a template may include or extend only those of apidiff and of --template-dir",
        ) from error
    except TemplateSyntaxError as error:
        raise _broken(f"{error.filename or name}:{error.lineno}", error.message or "syntax error") from error
    except SecurityError as error:
        raise _broken(name, "it asks for something that templates may not reach") from error
    except (TemplateError, TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
        raise _broken(name, escape.clip(error, 200)) from error
    # Blocks that print nothing leave their blank lines behind.
    return text if suffix == ".html.j2" else _BLANK_LINES.sub("\n\n", text).strip("\n") + "\n"


def check_template_dir(template_dir: Path) -> None:
    """Refuses a template folder that is missing or holds a template that nothing would read.

    Errors: `template-dir-missing`, `template-unknown` (with the nearest known name).
    """
    if not template_dir.is_dir():
        raise ApidiffError(
            "this is no folder",
            code="template-dir-missing",
            at=str(template_dir),
            hint="--template-dir takes a folder with copies of the templates to change",
            status=Exit.USAGE,
        )
    known = {
        path.relative_to(root).as_posix() for root in SHIPPED if root.is_dir() for path in sorted(root.rglob("*.j2"))
    }
    for path in sorted(template_dir.rglob("*.j2")):
        name = path.relative_to(template_dir).as_posix()
        if name not in known and not path.name.startswith("_"):
            nearest = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)
            raise ApidiffError(
                f"no document is made from a template {name}",
                code="template-unknown",
                at=str(path),
                hint=f"did you mean {nearest[0]}? A file that others include starts with an underscore"
                if nearest
                else None,
                status=Exit.USAGE,
            )


def _broken(at: str, message: str) -> ApidiffError:
    return ApidiffError(
        f"the template cannot be filled: {message}",
        code="template-broken",
        at=at,
        hint="compare it with the one that apidiff ships",
    )


@lru_cache(maxsize=16)
def _environment(suffix: str, template_dir: Path | None) -> "Environment":
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    plain, sentence = _FORMATS[suffix]
    folders = [*([template_dir] if template_dir else []), *SHIPPED]
    # what we ship is trusted as all our code is: to watch it costs a third of the time that documents take
    environment = (SandboxedEnvironment if template_dir else Environment)(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        finalize=_escaper(plain),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {**_FILTERS, "prose": _marked(sentence)}
    if suffix == ".html.j2":
        environment.filters |= {"lines": _marked(lambda value: "\n".join(map(plain, str(value).split("\n"))))}
    if suffix == ".md.j2":
        environment.filters |= {
            "code": _marked(escape.code),
            "cell": _marked(escape.cell),
            "code_cell": _marked(escape.code_cell),
            "fenced": _marked(escape.fenced),
            "link": _marked(escape.md_link),
        }
    return environment


def _escaper(plain: Callable[[object], str]) -> Callable[[object], object]:
    """What a template's `{{ … }}` goes through: text of ours that is marked as safe passes, the rest is escaped."""
    from markupsafe import Markup

    @lru_cache(maxsize=_REPEATED)
    def escaped(text: str) -> Markup:
        return Markup(escape.keeping_ends(text, plain))  # noqa: S704 - `plain` is the escape

    def finalize(value: object) -> object:
        return value if isinstance(value, Markup) else escaped("" if value is None else str(value))

    return finalize


def _marked(function: Callable[..., str]) -> Callable[..., object]:
    """A filter whose result is safe as it is."""
    from markupsafe import Markup

    @lru_cache(maxsize=_REPEATED)
    def of_text(text: str) -> Markup:
        return Markup(function(text))  # noqa: S704 - the function escapes

    def apply(value: object, *args: Any) -> object:
        if type(value) is str and not args:
            return of_text(value)
        return Markup(function("" if value is None else value, *args))  # noqa: S704 - the function escapes

    return apply


def day(value: object) -> str:
    """A date as people read it, without the doubt which number is the month: `Tue 11 Jan 2028`; `–` for none."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10]) if value else None
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        return "–"
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def number(value: object) -> str:
    """A count with a thin separator between thousands: `1,234`; `–` for none."""
    if not isinstance(value, int | float):
        return "–"
    return f"{value:,.0f}"


def percent(value: object) -> str:
    """A share of 0 to 1 as per cent; a dash where there is none."""
    if not isinstance(value, int | float):
        return "–"
    return per_cent(value)


def _json(value: object) -> str:
    """A JSON value for a reader, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return text if len(text) <= escape.LONGEST else f"{text[: escape.LONGEST]}\n…"


# Names of our own: strftime asks the locale.
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "day": day,
    "number": number,
    "percent": percent,
    "clip": escape.clip,
    "sentence": escape.sentence,
    "url": escape.http_url,
    "slug": escape.slug,
    "tojson_pretty": _json,
}
