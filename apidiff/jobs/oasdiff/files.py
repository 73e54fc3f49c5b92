"""Reads oasdiff's files: which of the three kinds each is, and what it says in our words."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from apidiff.config.settings import WaiverEntry
from apidiff.jobs.oasdiff.checks import VERSION, checks, said_in
from apidiff.load.limits import MAX_BYTES, read_at_most, shorten
from apidiff.load.parse import decode
from apidiff.load.yaml12 import read_yaml
from apidiff.words.changes import Level, Waiver
from apidiff.words.errors import ApidiffError

LEVELS: Final = {
    "err": Level.BREAKING,
    "error": Level.BREAKING,
    "warn": Level.DANGEROUS,
    "warning": Level.DANGEROUS,
    "info": Level.ADDITIVE,
    "none": Level.EDITORIAL,
}
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_NAMED: Final = ("err-ignore", "warn-ignore", "severity-levels")
OPTIONS: Final = {
    "fail-on": "`apidiff diff --fail-on breaking` (ERR) or `dangerous` (WARN)",
    "format": "`apidiff diff --format`",
    "allow-external-refs": "`apidiff diff --allow-ref`; without it nothing outside the spec's folder is read",
    "level": "`apidiff diff --verbose` shows every level",
    "lang": "reports are in English",
    "color": "the variable NO_COLOR",
    "match-path": "`only: {paths: [...]}`, with shell patterns in the place of regular expressions",
    "unmatch-path": "`ignore: {paths: [...]}`, with shell patterns in the place of regular expressions",
    "filter-extension": "`exempt: {x-internal: true}`, by the name and the value of an extension of the base",
    "prefix-base": "`map_prefix: {OLD: NEW}`",
    "prefix-revision": "`map_prefix: {OLD: NEW}`",
    "strip-prefix-base": "`map_prefix: {OLD: NEW}`",
    "strip-prefix-revision": "`map_prefix: {OLD: NEW}`",
    "composed": "a folder or a glob in the place of a spec stands for all specs in it",
    "flatten-allof": "it is not needed: an allOf is always compared by what it lets through",
    "flatten-params": "it is not needed: parameters of a path are always those of its operations",
    "include-path-params": "it is not needed: names of path parameters never make another path",
    "case-insensitive-headers": "it is not needed: names of headers are always compared so",
    "exclude-elements": "descriptions, titles and examples are editorial, and stop nothing",
    "exclude-extensions": "extensions are editorial, and stop nothing",
    "attributes": "`apidiff diff --format json` has the operations' own places",
    "deprecation-days-beta": "the notice that is due is a policy of `apidiff plan`",
    "deprecation-days-stable": "the notice that is due is a policy of `apidiff plan`",
    "template": "`apidiff diff --template-dir`",
}
"""What each of oasdiff's options is here."""


@dataclass(slots=True)
class Found:
    """What the files say: levels by id with their place, and by rule with the ids that set them; waivers; and notes.

    The notes name what has no counterpart.
    """

    said: dict[str, tuple[Level, str]] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    waivers: list[WaiverEntry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_file(path: Path, found: Found, *, owner: str, expires: str | None) -> None:
    """Adds what one file says. Errors: `import-unreadable`."""
    text = _text(path)
    lines = _bare(text.splitlines())
    settings = _settings(path, text)
    if settings is not None:
        _read_settings(path, settings, found, owner=owner, expires=expires)
    elif all(_is_severity(line) for line in lines if line) and any(lines):
        _read_levels(path, lines, found)
    else:
        _read_ignored(path, text.splitlines(), found, owner=owner, expires=expires)


def _bare(lines: list[str]) -> list[str]:
    """Lines without their comments."""
    return [line.split("#")[0].strip() for line in lines]


def _text(path: Path) -> str:
    try:
        return decode(read_at_most(path, MAX_BYTES), path.as_posix())
    except (OSError, ValueError) as problem:
        said = problem.strerror if isinstance(problem, OSError) and problem.strerror else "no file name"
        raise _unreadable(path, f"cannot read the file: {said}", "Check the path; it counts from here.") from None


def _unreadable(path: Path, message: str, hint: str) -> ApidiffError:
    return ApidiffError(message, code="import-unreadable", at=path.as_posix(), hint=hint)


def _settings(path: Path, text: str) -> dict[str, Any] | None:
    """The options of a configuration, None for a file of another kind."""
    if path.suffix == ".hcl":
        raise _unreadable(path, "HCL is not read", "Write the configuration as YAML, JSON or TOML.")
    if path.suffix == ".toml":
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise _unreadable(path, f"no TOML: {problem}", "Mend the file.") from None
    if path.suffix not in (".yaml", ".yml", ".json"):
        return None
    tree = read_yaml(text, path.as_posix(), typed=False).tree
    if not isinstance(tree, dict):
        raise _unreadable(path, "a configuration is a mapping of options", "Check that this is oasdiff's file.")
    return tree


def _is_severity(line: str) -> bool:
    words = line.split()
    return len(words) == 2 and words[1].lower() in LEVELS and "/" not in words[0]


def _read_settings(path: Path, settings: dict[str, Any], found: Found, *, owner: str, expires: str | None) -> None:
    for name, value in settings.items():
        if name in _NAMED:
            inner = path.parent / str(value)
            lines = _text(inner).splitlines()
            if name == "severity-levels":
                _read_levels(inner, _bare(lines), found)
            else:
                _read_ignored(inner, lines, found, owner=owner, expires=expires)
        else:
            said = OPTIONS.get(name, "nothing here has this name")
            found.notes.append(f"{path.as_posix()}: {shorten(name)}: {said}")


def _read_levels(path: Path, lines: list[str], found: Found) -> None:
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        where, words = f"{path.as_posix()}:{number}", line.split()
        level = LEVELS.get(words[1].lower()) if len(words) == 2 else None
        check = checks().get(words[0])
        if level is None:
            found.notes.append(f"{where}: no id and level: {shorten(line)}")
        elif check is None:
            found.notes.append(f"{where}: {shorten(words[0])}: no check of oasdiff {VERSION} is called so")
        elif not check.rule:
            found.notes.append(f"{where}: {check.id}: {check.why}")
        else:
            found.said[check.id] = (level, where)


def settle(found: Found) -> None:
    """Makes levels of rules of the levels of ids: the worst that any of a rule's ids has, said or by itself.

    A rule is lowered only where all of its ids are: one narrow id silences no break of another.
    """
    order = list(Level)
    by_rule: dict[str, list[str]] = {}
    for check in checks().values():
        by_rule.setdefault(check.rule, []).append(check.id)
    for rule in sorted({checks()[name].rule for name in found.said}):
        ids = by_rule[rule]
        given = {name: found.said[name][0] for name in ids if name in found.said}
        usual = {name: Level(checks()[name].level) for name in ids}
        worst = min((given.get(name, usual[name]) for name in ids), key=order.index)
        if worst is not min(usual.values(), key=order.index):
            found.levels[rule] = worst
            found.ids[rule] = list(given)
        for name, level in given.items():
            if level is not worst:
                holds = next(one for one in ids if given.get(one, usual[one]) is worst)
                found.notes.append(f"{found.said[name][1]}: {name}: {rule} stays {worst.value}, for it is {holds}, too")


def _read_ignored(path: Path, lines: list[str], found: Found, *, owner: str, expires: str | None) -> None:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where, check = f"{path.as_posix()}:{number}", said_in(line)
        operation = next(_operations(line), "")
        if check is None:
            found.notes.append(f"{where}: no words of a check of oasdiff {VERSION}: {shorten(line)}")
        elif not check.rule:
            found.notes.append(f"{where}: {check.id}: {check.why}")
        elif not operation and "security" not in line.lower():
            found.notes.append(f"{where}: {check.id}: what no operation uses breaks nobody here, and needs no waiver")
        else:
            reason = f"ignored in oasdiff: {shorten(line.strip())}"
            found.waivers.append(
                WaiverEntry(Waiver(reason, owner, expires), rule=check.rule, operation=operation or "*")
            )


def _operations(line: str) -> Iterator[str]:
    """The operation that a line names: a method, and the path behind it."""
    words = line.replace(",", " ").split()
    for method, path in pairwise(words):
        if method.lower() in _METHODS and path.startswith("/"):
            yield f"{method.upper()} {path}"
