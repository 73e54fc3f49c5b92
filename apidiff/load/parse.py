"""Bytes to one value: JSON by orjson, YAML by ryaml, and by the exact reader what those two refuse or read otherwise.

Whatever comes out is plain JSON data: mappings with text keys, lists, text, finite numbers, booleans and null, at most
`MAX_DEPTH` levels deep.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from apidiff.load.limits import (
    FAST_YAML_BYTES,
    FAST_YAML_FLOW,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_VALUES,
    MAX_WARNINGS,
    TOO_DEEP,
    TOO_LARGE,
    shorten,
)
from apidiff.load.lines import Lines, json_lines
from apidiff.words.errors import ApidiffError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DIGITS_AS_ZEROS: Final = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else byte for byte in range(256))
# Anchors, tags, merge keys and what is no JSON number: ryaml expands, keeps or reads them in its own way.
_NOT_FOR_RYAML: Final = (
    ("&", re.compile(r"&(?<![^\s\[{,:]&)\w")),
    ("!", re.compile(r"!(?<![^\s\[{,:]!)[\w!<]")),
    ("<<", re.compile(r"<<\s*:")),
    (".", re.compile(r"\.(?:inf|Inf|INF|nan|NaN|NAN)(?![\w.])")),
)
_SPACED_COLON: Final = re.compile(rb'"[ \t\r\n]+:')
_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_NOT_FINITE: Final = re.compile(r"-?(?:NaN|Infinity)")
# YAML's flow style ({openapi: 3.1.0, ...}) opens like JSON, which however begins every object with a quote.
_JSON_START: Final = re.compile(r'\s*[\[{]\s*["\[{\]}]')
_JSON_HINTS: Final = (
    ("trailing comma", "Remove the comma after the last entry."),
    ("unexpected end of data", "The file is cut off: a closing bracket or quote is missing."),
    ("number is infinity", "Quote the number if it is meant as text."),
    ("surrogate", "Write the character itself, or both halves of its \\u escape."),
    ("control character", "Write the control character as an escape (\\n, \\t)."),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file's value, whether it is JSON, and warnings such as `spec.yaml:12: the key ... is written twice`."""

    tree: Any
    is_json: bool
    warnings: tuple[str, ...] = ()


def parse(raw: bytes, where: str) -> Parsed:
    """The value of a file; `where` names it in messages.

    The content says whether it is JSON or YAML. Broken JSON is read as YAML only if its name says so: YAML allows a
    last comma and comments. Raises `spec-empty`, `spec-not-text`, `json-invalid`, `yaml-invalid`, `spec-too-deep`,
    `spec-too-large`, `aliases-unbounded`.
    """
    check_size(len(raw), where)
    text = decode(raw, where)
    start = text.lstrip()[:1]
    if not start:
        raise ApidiffError("the file is empty", code="spec-empty", at=where, hint="Give the file that holds the spec.")
    if start in "{[":
        try:
            return _parse_json(text, where)
        except ApidiffError as problem:
            is_yaml = where.endswith((".yaml", ".yml")) or not _JSON_START.match(text)
            if problem.code != "json-invalid" or not is_yaml:
                raise
            try:
                return _parse_yaml(text, where)
            except ApidiffError as as_yaml:
                raise (problem if as_yaml.code == "yaml-invalid" else as_yaml) from None
    return _parse_yaml(text, where)


def lines_of(raw: bytes, where: str, *, is_json: bool) -> Lines:
    """The line of each value of a file that `parse` has read."""
    text = decode(raw, where)
    if is_json:
        return json_lines(text)[0]
    from apidiff.load.yaml12 import read_yaml

    return read_yaml(text, where).lines


_VERSION: Final = re.compile(r"""\bversion["']?\s*:[ \t]+([-+]?[\d.][\w.+-]*)[ \t]*(?=[,}#\r\n]|$)""")


def odd_version(parsed: Parsed, raw: bytes, where: str) -> str | None:
    """A warning where the version of the API is a number that reads otherwise than it is written (`1.10`)."""
    info = parsed.tree.get("info") if isinstance(parsed.tree, dict) else None
    version = info.get("version") if isinstance(info, dict) else None
    if parsed.is_json or isinstance(version, bool) or not isinstance(version, (int, float)):
        return None
    text = decode(raw, where)
    for found in _VERSION.finditer(text, max(text.find("info"), 0)):
        written = found[1]
        if written != str(version) and _is_number(written, version):
            line = text.count("\n", 0, found.start()) + 1
            return f"{where}:{line}: `version: {shorten(written)}` is a number in YAML and read as {version}; quote it"
    return None


def _is_number(text: str, number: float) -> bool:
    try:
        return float(text) == number
    except ValueError:
        return False


def check_size(size: int, where: str) -> None:
    """Refuses what is larger than `MAX_BYTES`."""
    if size > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        raise ApidiffError(message, code="spec-too-large", at=where, hint=TOO_LARGE)


def decode(raw: bytes, where: str) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32, with or without a byte order mark."""
    encoding = "utf-8"
    for mark, name in _BOMS:
        if raw.startswith(mark):
            raw, encoding = raw[len(mark) :], name
            break
    else:
        # RFC 4627, section 3: the first two characters of a JSON text are ASCII, so its zeros tell the encoding.
        if raw[:2].count(0) == 1 and len(raw) % 2 == 0:
            encoding = "utf-16-be" if raw[0] == 0 else "utf-16-le"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        message = f"not {encoding.upper()} text: byte {problem.start + 1} cannot be read"
        hint = "Save the file as UTF-8; if it is packed (.gz, .zip), unpack it first."
        raise ApidiffError(message, code="spec-not-text", at=f"{where}:{line}", hint=hint) from None


def _parse_json(text: str, where: str) -> Parsed:
    raw = text.encode()
    # each value takes two characters at least, so that most files need no counting
    if len(raw) > 2 * MAX_VALUES and raw.count(b",") + raw.count(b"{") + raw.count(b"[") > MAX_VALUES:
        message = f"it holds more than {MAX_VALUES:,} values"
        raise ApidiffError(message, code="spec-too-large", at=where, hint=TOO_LARGE)
    try:
        tree = orjson.loads(raw)
    except orjson.JSONDecodeError as problem:
        raise _json_error(problem, where) from None
    # orjson makes floats of integers past 64 bits; few specs have any, so look for long runs of digits first.
    if _has_digits(raw, 19):
        tree = json.loads(text)
    return Parsed(tree, True, tuple(_json_warnings(tree, raw, text, where)))


def _has_digits(raw: bytes, number: int) -> bool:
    """Whether that many digits stand in a row; far faster than a regular expression."""
    return b"0" * number in raw.translate(_DIGITS_AS_ZEROS)


def _json_warnings(tree: Any, raw: bytes, text: str, where: str) -> Iterator[str]:
    """Warnings on duplicate keys, which the parser drops in silence: the text then has more keys than the value."""
    written = _written(tree, where)
    # without a blank before a colon in the text there is none in the value's own strings either
    is_spaced = b'" :' in raw
    if written is not None and _keys(written, spaced=is_spaced) == _keys(raw, spaced=is_spaced):
        return
    for key, line in json_lines(text)[1][:MAX_WARNINGS]:
        yield f"{where}:{line}: the key `{shorten(key)}` is written twice; the last one counts"


def _keys(raw: bytes, *, spaced: bool) -> int:
    """How many keys a JSON text writes; those that its strings quote count as well."""
    return raw.count(b'":') + (len(_SPACED_COLON.findall(raw)) if spaced else 0)


def _json_error(problem: orjson.JSONDecodeError, where: str) -> ApidiffError:
    said = problem.msg.partition(": line ")[0]
    at = f"{where}:{problem.lineno}:{problem.colno}"
    if _is_deep(problem.doc[: problem.pos]):
        return _too_deep(where)
    if _NOT_FINITE.match(problem.doc, problem.pos):
        said = "NaN and Infinity are no JSON numbers"
    hint = next((hint for part, hint in _JSON_HINTS if part in said), "Mend the JSON and run again.")
    return ApidiffError(f"not valid JSON: {said}", code="json-invalid", at=at, hint=hint)


def _is_deep(text: str) -> bool:
    """Whether more than `MAX_DEPTH` brackets are open where a JSON text ends; those in its strings are no brackets."""

    def opened(text: str) -> int:
        return text.count("[") + text.count("{") - text.count("]") - text.count("}")

    return opened(text) > MAX_DEPTH and opened(_JSON_STRING.sub("", text)) > MAX_DEPTH


def _parse_yaml(text: str, where: str) -> Parsed:
    if "\0" in text:
        hint = "Give the spec as JSON or YAML text."
        raise ApidiffError("not text: it holds zero bytes", code="spec-not-text", at=where, hint=hint)
    if _suits_ryaml(text) and (tree := _by_ryaml(text)) is not None:
        return Parsed(tree, False)
    from apidiff.load.yaml12 import read_yaml

    read = read_yaml(text, where)
    return Parsed(read.tree, False, read.warnings)


def _by_ryaml(text: str) -> Any:
    """The value of a YAML text by the fast reader, None where the exact one has to say what it is or what is wrong."""
    from ryaml import loads  # type: ignore[attr-defined]

    try:
        tree = loads(text)
    except (ValueError, RecursionError):
        return None
    try:
        orjson.dumps(tree)
    except TypeError:
        return _with_text_keys(tree)
    return tree


def _with_text_keys(tree: Any) -> Any:
    """A value with its keys made text (`200:` is "200"), None where two of one mapping would be the same."""
    try:
        written = orjson.dumps(tree, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        return None
    tree = orjson.loads(written)
    # Shorter where two keys became one (200 and "200").
    return tree if len(orjson.dumps(tree)) == len(written) else None


def _suits_ryaml(text: str) -> bool:
    """Whether ryaml reads the text as the exact reader does, and within bounds."""
    if len(text) > FAST_YAML_BYTES or text.count("[") + text.count("{") > FAST_YAML_FLOW:
        return False
    if _has_digits(text.encode(), 39):
        return False  # It makes floats or text of integers past 128 bits.
    return not any(mark in text and pattern.search(text) for mark, pattern in _NOT_FOR_RYAML)


def plain(tree: Any, where: str) -> Any:
    """A copy of a Python value as plain JSON data: keys become text, tuples lists, dates ISO text.

    Raises `spec-not-plain` for any other type, for cycles and for what is no JSON number, and `spec-too-deep`.
    """
    try:
        copy = json.loads(json.dumps(tree, allow_nan=False, default=_iso))
    except RecursionError:
        raise _too_deep(where) from None
    except (TypeError, ValueError) as problem:
        hint = "Give mappings, lists, text, finite numbers, booleans and None."
        raise ApidiffError(f"not plain JSON data: {problem}", code="spec-not-plain", at=where, hint=hint) from None
    _check_depth(copy, where)
    return copy


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} inside")


def _written(tree: Any, where: str) -> bytes | None:
    """A value as compact JSON, None where integers past 64 bits keep orjson from writing it; refuses deep nesting."""
    try:
        return orjson.dumps(tree, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        _check_depth(tree, where)
        return None


def _check_depth(tree: Any, where: str) -> None:
    level = [tree]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for node in level
            if isinstance(node, (dict, list))
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return
    raise _too_deep(where)


def _too_deep(where: str) -> ApidiffError:
    message = f"it is nested more than {MAX_DEPTH} levels deep"
    return ApidiffError(message, code="spec-too-deep", at=where, hint=TOO_DEEP)
