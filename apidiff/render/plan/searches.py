"""What to search one's code for: for each break the signs of its old form, as texts and as patterns.

The patterns are read alike by grep -P, ripgrep -P, Python and JavaScript. One that is sure finds the old form and no
new one; another finds the places to look at. Nothing in them is a spec's own pattern: names and paths are quoted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from apidiff.diff.moves import PARAMETER, template
from apidiff.diff.names import words
from apidiff.render.plan.plain import in_words
from apidiff.render.plan.view import View
from apidiff.words.changes import Change, Exposed, OperationEntry
from apidiff.words.direction import Direction
from apidiff.words.operation import OperationId

NEAR: Final = 5
"""So many lines from a hit on, and two before it, but none past an empty one, are its call: where `near` has to be, and
`unless` must not."""


@dataclass(frozen=True, slots=True)
class Search:
    """One sign of an old form: the plain text of it, its pattern, and why it is looked for.

    A hit counts where `near` is found in its call, and `unless` is not; "" asks for nothing.
    """

    text: str
    pattern: str
    because: str
    near: str = ""
    unless: str = ""
    missing: str = ""
    """What a call lacks, in plain words; "" where `unless` is about something else."""
    beyond: str = ""
    """Which numbers under the text are meant (`above 100`), "" for all."""
    is_sure: bool = True


def searches(view: View) -> tuple[Search, ...]:
    """The signs of everything that ends, each once."""
    found: dict[tuple[str, str, str], Search] = {}
    paths = _Paths([*view.plan.routes, *(one.operation for one in view.plan.operations)])
    for planned in view.breaking:
        if planned.ends:
            why = in_words(planned)
            for one in _signs(planned.change, why, paths):
                if len(one.text.strip("/")) > 1:
                    found.setdefault((one.pattern, one.near, one.unless), one)
    return tuple(found.values())


def _signs(change: Change, why: str, paths: "_Paths") -> Iterator[Search]:
    exposure = change.exposure
    name = exposure.names[0] if exposure.names else change.name
    last = name.rpartition(".")[2].removesuffix("[]")
    if change.subject in ("operation", "path"):
        for operation in change.operations[:1]:
            yield paths.search(operation, why)
    elif exposure.kind in (Exposed.LEFT_OUT_PARAMETER, Exposed.LEFT_OUT_FIELD) and last:
        for operation in change.operations[:_SHOWN]:
            yield replace(paths.search(operation, why, unless=_anywhere(last)), missing=last)
    elif "value-removed" in change.rule:
        for value in exposure.values:
            yield Search(value, f"(?<![\\w-]){_quoted(value)}(?![\\w-])", why)
    elif exposure.beyond and last:
        number = _beyond(exposure.beyond)
        pattern = f"(?:{_key(last, ',')}){number}" if number else _sent(last)
        yield Search(last, pattern, why, beyond=exposure.beyond, is_sure=bool(number))
    elif change.subject in _NAMED and last:
        is_answer = change.direction is Direction.RESPONSE
        ends = any(word in change.rule for word in ("removed", "renamed", "split", "moved", "no-longer-accepted"))
        yield Search(last, _read(last) if is_answer else _sent(last), why, is_sure=ends)


_SHOWN: Final = 10
_LEAST: Final = 2
_NAMED: Final = ("parameter", "property", "schema", "header")
"""Things whose name stands in the code of who uses them."""
_START: Final = r"(?<![A-Za-z0-9_-])"
_END: Final = r"(?![A-Za-z0-9_-])"


def _quoted(text: str) -> str:
    """A text as a pattern that every engine reads alike."""
    return re.sub(r"[.^$*+?()\[\]{}|\\/-]", lambda found: f"\\{found[0]}", text).replace(r"\/", "/").replace(r"\-", "-")


def _forms(name: str) -> str:
    """A name of several words in every way in which clients write it; one of a single word as it is."""
    parts = words(name)
    if len(parts) < 2 or "".join(parts) != re.sub(r"[^A-Za-z0-9]", "", name).lower():
        return _quoted(name)
    first, *others = parts
    return _either(first) + "".join(f"[_-]?{_either(part)}" for part in others)


def _either(word: str) -> str:
    return f"[{word[0]}{word[0].upper()}]{_quoted(word[1:])}" if word[0].isalpha() else _quoted(word)


def _anywhere(name: str) -> str:
    """A name as a word of its own."""
    return f"{_START}{_forms(name)}{_END}"


def _is_plain(name: str) -> bool:
    """Whether a name is one common word, which code holds for many other reasons."""
    return len(words(name)) < 2 and name.isidentifier()


def _sent(name: str) -> str:
    """A name where something is sent under it: in a query, as a text, or as a key."""
    if not _is_plain(name):
        return _anywhere(name)
    return f"[?&]{name}=|[\"'`]{name}[\"'`]|(?<![\\w.$-]){name}\\s*[:=](?!=)"


def _key(name: str, also: str) -> str:
    """The same up to the value that follows."""
    form = _forms(name)
    return f"[?&]{form}=|[\"'`]{form}[\"'`]\\s*[:=>{also}]+\\s*[\"'`]?|(?<![\\w.$-]){form}\\s*[:=]\\s*[\"'`]?"


def _read(name: str) -> str:
    """A name where something is read by it."""
    if not _is_plain(name):
        return f"{_START}(?:[gs]et_?|has_?)?{_forms(name)}{_END}"
    return f"\\.{name}(?![\\w(-])|[\"'`]{name}[\"'`]|[{{,]\\s*{name}\\s*[,:}}=]"


def _beyond(said: str) -> str:
    """A pattern of the whole numbers beyond a limit (`above 100`, `below 1`), "" where it is no whole number."""
    side, _, text = said.partition(" ")
    if not re.fullmatch(r"\d{1,15}", text):
        return ""
    made = [*_above(text)] if side == "above" else [*_below(text), r"-\d+"]
    return f"(?:{'|'.join(made)})(?![\\d.])" if made else ""


def _above(limit: str) -> Iterator[str]:
    yield f"[1-9]\\d{{{len(limit)},}}"
    for place, digit in enumerate(limit):
        if digit != "9":
            rest = len(limit) - place - 1
            yield f"{limit[:place]}[{int(digit) + 1}-9]" + (f"\\d{{{rest}}}" if rest else "")


def _below(limit: str) -> Iterator[str]:
    if len(limit) > 1:
        yield f"\\d{{1,{len(limit) - 1}}}"
    for place, digit in enumerate(limit):
        least = 1 if place == 0 and len(limit) > 1 else 0
        if int(digit) > least:
            rest = len(limit) - place - 1
            yield f"{limit[:place]}[{least}-{int(digit) - 1}]" + (f"\\d{{{rest}}}" if rest else "")


_VERSION: Final = re.compile(r"/(?:api/)?v\d[\w.-]*(?=/)")
"""What clients often keep in the address of the server."""
_VALUE: Final = r"(?:\$?\{[^}\n]*\}|[^/\s\"'`?#]+|[\"'`]\s*[+,][^/\n]*?)"
"""What stands in code where a path has a parameter: a value, a placeholder, or a text that is joined with others."""
_AFTER: Final = r"(?![\w-])(?!/[\w{$%:<\"'`])"
"""No longer path goes on."""


class _Paths:
    """The paths of both versions, for patterns that tell an old one from what stays."""

    def __init__(self, entries: Iterable[OperationEntry]) -> None:
        known = {one.id: one for one in entries}
        self._staying: dict[str, set[str]] = {}
        for one in known.values():
            if one.present != "base":
                self._staying.setdefault(template(one.path), set()).add(one.method)

    def search(self, operation: OperationId, why: str, *, unless: str = "") -> Search:
        """The calls of one operation; where its path stays for others, by the method beside it."""
        path = operation.path.rstrip("/") or "/"
        literals = [part.rstrip("/") for part in PARAMETER.split(path) if len(part.strip("/")) > _LEAST]
        text = next(reversed(literals), path)
        others = self._staying.get(template(operation.path), set()) - {operation.method}
        near, but = "", unless
        if others and operation.method != "GET":
            near = _method(operation.method)
        elif others and not unless:
            but = "|".join(_method(one) for one in sorted(others) if one not in ("HEAD", "OPTIONS"))
        return Search(text, self._pattern(path), why, near, but)

    def _pattern(self, path: str) -> str:
        version = _VERSION.match(path)
        rest = path[version.end() :] if version else path
        if not rest.strip("/") or rest.startswith("/{"):
            version, rest = None, path
        own = f"{path.removesuffix(rest)}{rest}"
        before = {
            one[: -len(shape)].rsplit("/", 1)[-1]
            for shape in [template(rest)]
            for one in self._staying
            if one.endswith(shape) and one != template(own)
        }
        guards = "".join(f"(?<!/{_quoted(one)})" for one in sorted(before) if one and "{" not in one)
        head = f"(?:{_quoted(version[0])})?" if version and version[0] else ""
        return f"{guards}{head}{self._literal(rest)}{'' if rest.endswith('}') else _AFTER}"

    @staticmethod
    def _literal(path: str) -> str:
        return _VALUE.join(_quoted(part) for part in PARAMETER.split(path))


def _method(method: str) -> str:
    """A method as clients write it: `requests.delete(`, `method: "DELETE"`, `HttpMethod.Delete`."""
    return f"(?<![A-Za-z])(?:{method.lower()}|{method}|{method.capitalize()})(?![a-z])"
