r"""Text from specs, logs and account files made safe for Markdown, HTML, CSV, HTTP headers and file names.

Nothing that a stranger wrote reaches a document except through one of these functions. Control and bidirectional
characters are shown as `\u202e`, so that no text can hide what it says.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import quote, urlsplit

from apidiff.words.errors import ApidiffError

LONGEST = 2_000
"""More characters than any honest name or sentence has; what is longer is cut, with an ellipsis."""

_LINE_END: Final = re.compile(r"[ \t]*[\t\n\v\f\r\x85\u2028\u2029]\s*")
_FORMULA: Final = tuple("=+-@\t\r\n|%＝＋－＠")
_CODE_SPAN: Final = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_MARKDOWN: Final = re.compile(
    r"[\\`*\[\]|~]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore inside a word is no emphasis
    r"|(?<=:)/(?=/)"  # no bare URL becomes a link
    r"|(?<=\bwww)\."
    r"|^(?:[#+=-]|\d+(?=[.)](?:\s|$)))"  # no heading, list or underline at the start of a line
)
_MENTION: Final = re.compile(r"(?<![\w.+-])@(?=\w)")
_SHOWN: Final = 80
_PLAIN_BYTES: Final = bytes(range(0x7F))
"""Every character of ASCII but DEL: encoders escape the other controls, and the line ends stand between values."""

_Escape: TypeAlias = Callable[[object], str]
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")


def visible(text: object, *, lines: bool = False) -> str:
    """The text with every control and bidirectional character written out, and cut at `LONGEST` characters.

    Line ends and tabs become one space, or stay where `lines` is set.
    """
    raw = str(text)
    if raw.isascii() and raw.isprintable() and len(raw) <= LONGEST:
        return raw
    raw = raw if len(raw) <= LONGEST else raw[: LONGEST - 1] + "…"
    if not lines:
        raw = _LINE_END.sub(" ", raw)
    kept = "\n\t" if lines else ""
    return "".join(char if char in kept or not is_hidden(char) else _named(char) for char in raw)


def is_hidden(char: str) -> bool:
    """Whether a character shows nothing, or changes how others show: controls, formats, and what has no meaning."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def visible_json(encoded: bytes) -> bytes:
    """JSON in UTF-8 with its hidden characters as JSON's own escapes: the same values, whoever looks at the file."""
    # most reports hold a few such characters or none: what is left of megabytes is looked at one by one
    rest = encoded.translate(None, _PLAIN_BYTES)
    found = [char for char in set(rest.decode()) if is_hidden(char)] if rest else []
    if not found:
        return encoded
    characters = re.compile(f"[{''.join(map(re.escape, sorted(found)))}]")
    return characters.sub(lambda match: json.dumps(match.group()).strip('"'), encoded.decode()).encode()


def clip(text: object, length: int) -> str:
    """The visible text, cut at `length` characters with an ellipsis."""
    shown = visible(text)
    return shown if len(shown) <= length else shown[: length - 1].rstrip() + "…"


def _named(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) > 0xFF else f"\\x{ord(char):02x}"


def md(text: object) -> str:
    """Plain text as Markdown that shows exactly that text, on one line, in a paragraph as in a table cell."""
    shown = _entities(visible(text).strip())
    # GitHub notifies whom a comment mentions; a word joiner after the sign shows the same and mentions nobody.
    shown = _MENTION.sub("@\u2060", shown)
    return _MARKDOWN.sub(lambda match: _escaped(match.group()), shown)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped(token: str) -> str:
    return f"{token}\\" if token.isdigit() else f"\\{token}"


def code(text: object) -> str:
    """Text as inline code: the fence is longer than any run of backticks inside; nothing for an empty text."""
    shown = visible(text)
    if not shown.strip():
        return ""
    runs = [len(run) for run in re.findall(r"`+", shown)]
    fence = "`" * next(size for size in range(1, len(shown) + 2) if size not in runs)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: object) -> str:
    """A sentence of ours that marks names with backticks (`Change.title`, `Change.why`), as Markdown.

    The marked names stay inline code, everything between them is escaped.
    """
    return _prose(visible(text).strip())


# the title of a change is said to every integrator that it hits
@lru_cache(maxsize=4096)
def _prose(text: str) -> str:
    return _by_span(text, plain=md, marked=code)


def cell(text: object) -> str:
    """A sentence as one cell of a Markdown table: as `prose`, and no pipe ends the cell, inside code neither."""
    return _by_span(visible(text).strip(), plain=md, marked=code_cell) or " "


def code_cell(text: object) -> str:
    """Inline code for a cell of a Markdown table (GFM: a pipe ends the cell even inside code)."""
    return code(text).replace("|", "\\|")


def fenced(text: object, language: str = "") -> str:
    """Text as a code block, with a fence longer than any run of backticks inside."""
    shown = "\n".join(visible(line, lines=True) for line in str(text).replace("\r\n", "\n").split("\n"))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    return f"{fence}{language}\n{shown}\n{fence}"


def sentence(text: object) -> str:
    """The text with a capital and a full stop, for `prose`: titles of changes and summaries come without."""
    shown = visible(text).strip()
    first = shown[:1] if shown.startswith("apidiff") else shown[:1].upper()
    return f"{first}{shown[1:]}{'' if not shown or shown[-1] in '.!?:' else '.'}"


def html(text: object) -> str:
    """Plain text for an HTML element or a quoted attribute."""
    return _entities(visible(text)).replace('"', "&quot;").replace("'", "&#39;")


def html_prose(text: object) -> str:
    """A sentence of ours as HTML: the names that it marks with backticks become `<code>`."""
    return _by_span(visible(text).strip(), plain=html, marked=lambda name: f"<code>{html(name)}</code>")


def plain_prose(text: object) -> str:
    """A sentence of ours for mails and cells that know no markup: one line, without the backticks."""
    return _plain_prose(visible(text).strip())


@lru_cache(maxsize=4096)
def _plain_prose(text: str) -> str:
    return _by_span(text, plain=visible, marked=visible)


def _by_span(text: str, *, plain: _Escape, marked: _Escape) -> str:
    """`text` with `plain` over what lies between its code spans and `marked` over what lies in them."""
    out: list[str] = []
    end = 0
    for span in _CODE_SPAN.finditer(text):
        out.extend((keeping_ends(text[end : span.start()], plain), marked(_unpadded(span.group(2)))))
        end = span.end()
    out.append(keeping_ends(text[end:], plain))
    return "".join(out)


def keeping_ends(text: str, escape: _Escape) -> str:
    """`escape` strips; one space at either end stays, to part the text from its neighbours."""
    if not text.strip():
        return text[:1] and " "
    return f"{' ' * text[0].isspace()}{escape(text.strip())}{' ' * text[-1].isspace()}"


def _unpadded(span: str) -> str:
    return span[1:-1] if len(span) > 2 and span[0] == span[-1] == " " and span.strip() else span


def md_link(url: object) -> str:
    """An http(s) URL as a Markdown autolink, or nothing where it is none."""
    address = http_url(url)
    return f"<{address}>" if address else ""


def csv_cell(value: object) -> str:
    """A text cell that no spreadsheet takes for a formula: what looks like one gets a leading apostrophe (OWASP)."""
    raw = str(value)
    if raw[:1].isalnum() and raw.isascii() and raw.isprintable():
        return raw
    raw = raw.replace("\r\n", "\n")
    text = "".join(char if char in "\n\t" or char.isprintable() else _named(char) for char in raw)
    return f"'{text}" if text.lstrip(" '\u00a0").startswith(_FORMULA) or text.startswith(("\t", "\n")) else text


def csv_text(cell_text: str) -> str:
    """The inverse of `csv_cell`, so that a cell read back and written again does not grow."""
    if cell_text.startswith("'") and csv_cell(cell_text[1:]) == cell_text:
        return cell_text[1:]
    return cell_text


def header_value(text: object) -> str:
    """The value of an HTTP header, refused where it could end the header or leave ASCII.

    Errors: `header-value-unsafe`.
    """
    value = str(text)
    if not value.isascii() or not value.isprintable():
        raise ApidiffError(
            f"a header value holds a control or non-ASCII character: {clip(value, _SHOWN)!r}",
            code="header-value-unsafe",
            hint="write URLs percent-encoded, and keep line ends out of the guide's URL and the policy's texts",
        )
    return value


def http_url(text: object) -> str:
    """The text as an http(s) URL safe in a link of any format, or "" where it is none."""
    raw = str(text).strip()
    try:
        parts = urlsplit(raw)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or not raw.isprintable():
        return ""
    return quote(raw, safe="%/:?#[]@!$&*+,;=~-._")


def slug(text: object, *, length: int = 60) -> str:
    """A file name of lower-case letters, digits and hyphens, legal on every system.

    A short hash keeps apart what would become the same.
    """
    raw = str(text)
    plain = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if raw and name == raw and len(name) <= length and not _RESERVED.fullmatch(name):
        return name
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{name[:length].rstrip('-')}-{digest}".lstrip("-")
