"""Reads apidiff.yaml into settings: one function for each group of keys, each value checked where it stands."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from apidiff.config import logs
from apidiff.config.decisions import which_of
from apidiff.config.settings import (
    Answer,
    Config,
    Consent,
    DecisionEntry,
    Exclude,
    Freeze,
    Owned,
    Peak,
    Selection,
    Tiers,
    WaiverEntry,
    Weights,
    Which,
)
from apidiff.config.value import Value
from apidiff.load.limits import read_at_most
from apidiff.load.parse import check_size, decode
from apidiff.load.yaml12 import read_yaml
from apidiff.rules.profiles import Profile
from apidiff.words.blocks import BLOCKS
from apidiff.words.changes import Level, Waiver
from apidiff.words.errors import ApidiffError
from apidiff.words.operation import OperationId
from apidiff.words.renames import Rename, Renamed

_SELECTS: Final = ("paths", "tags", "operations")


class _KeyHash(StrEnum):
    SHA256 = "sha256"
    HMAC = "hmac"


def read_config(path: Path, *, cwd: Path) -> Config:
    """The settings of a file, which messages name as seen from `cwd`.

    Raises `config-not-found`, `config-unreadable`, `config-invalid`, `config-key-unknown`, `rule-unknown` and
    `yaml-invalid`, with file and line.
    """
    shown = path.relative_to(cwd) if path.is_relative_to(cwd) else path
    return _settings(_read(cwd / path, shown), shown)


def read_config_at(source: str) -> Config:
    """The settings of `REV:PATH`.

    Errors: those of `read_config`, `revision-unknown`, `git-failed`.
    """
    from apidiff.load.git import GitStore

    try:
        raw = GitStore(source).read_entry()
    except ApidiffError as problem:
        if problem.code not in ("revision-path-unknown", "spec-is-folder"):
            raise
        hint = "Check the path: it counts from the repository's top folder. A first one has to be merged before."
        raise ApidiffError(
            "no such configuration in the revision", code="config-not-found", at=source, hint=hint
        ) from None
    check_size(len(raw), source)
    return _settings(decode(raw, source), Path(source))


def _settings(text: str, shown: Path) -> Config:
    read = read_yaml(text, shown.as_posix(), typed=False)
    if read.warnings:
        place, _, message = read.warnings[0].partition(": ")
        raise ApidiffError(
            message.partition(";")[0], code="config-invalid", at=place, hint="Keep one of them; leave a tag out."
        )
    root = Value(read.tree, shown.as_posix(), read.lines).keys(_SETTINGS)
    given = {key: value for key, value in root.mapping().items() if not value.is_missing}
    settings = {_FIELDS.get(key, key): _SETTINGS[key](value) for key, value in given.items()}
    settings |= settings.pop("time", {})
    if source := logs.key_among_columns(root.get("columns")):
        settings.setdefault("key_source", source)
    return Config(source=shown, lines=read.lines, **settings)


def _read(path: Path, shown: Path) -> str:
    at = shown.as_posix()
    try:
        raw = read_at_most(path)
    except FileNotFoundError:
        hint = "Check the path of --config; without it, apidiff.yaml in the working directory is read if it is there."
        raise ApidiffError("no such configuration", code="config-not-found", at=at, hint=hint) from None
    except (OSError, ValueError) as problem:
        said = problem.strerror if isinstance(problem, OSError) and problem.strerror else "no file name"
        message = f"cannot read the configuration: {said}"
        raise ApidiffError(
            message, code="config-unreadable", at=at, hint="Check the file and its permissions."
        ) from None
    check_size(len(raw), at)
    return decode(raw, at)


def _rule(value: Value) -> str:
    """A rule's id or earlier name, as it is written: a rule that was split passes its name on to each of its parts."""
    from apidiff.rules import find

    name = value.text()
    try:
        find(name)
    except ApidiffError as problem:
        raise value.error(problem.message, problem.hint or "", code=problem.code) from None
    return name


def _levels(value: Value) -> Mapping[str, Level]:
    return {_rule(replace(level, raw=name)): level.choice(Level) for name, level in value.mapping().items()}


def _waiver(value: Value) -> WaiverEntry:
    value.keys(("change", "values", "rule", "operation", "reason", "owner", "expires"))
    change, rule, operation = value.get("change"), value.get("rule"), value.get("operation")
    if change.is_missing == rule.is_missing or rule.is_missing != operation.is_missing:
        hint = "Name the change by its id (`change:`), or by `rule:` and `operation:` (`GET /users/{id}`)."
        raise value.error("it does not say what it waives", hint)
    if change.is_missing and not value.get("values").is_missing:
        raise value.error("`values` are those of one change", "Name the change by its id (`change:`), too.")
    expires = value.get("expires")
    return WaiverEntry(
        Waiver(
            value.get("reason").text(),
            value.get("owner").text(),
            None if expires.is_missing else expires.date().isoformat(),
        ),
        change=change.text(""),
        rule="" if rule.is_missing else _rule(rule),
        operation=operation.text(""),
        values=value.get("values").text(""),
        at=value.at,
    )


def _decisions(value: Value) -> Mapping[str, DecisionEntry]:
    return {change: _decision(change, entry) for change, entry in value.mapping().items()}


def _decision(change: str, value: Value) -> DecisionEntry:
    if isinstance(value.raw, str):  # `9f3a1c0b7d21: expand` says it all
        value = replace(value, raw={"answer": value.raw})
    value.keys(("answer", "reason", "owner"))
    answer = value.get("answer").choice(Answer)
    needed = None if answer is Answer.PROCEED else ""
    reason, owner = value.get("reason").text(needed), value.get("owner").text(needed)
    return DecisionEntry(change, answer, reason, owner, _which(change, value), at=value.at)


def _which(key: str, value: Value) -> Which | None:
    try:
        return which_of(key)
    except ApidiffError as problem:
        raise ApidiffError(
            problem.message, code=problem.code, at=value.at, hint=problem.hint, status=problem.status
        ) from None


def _consent(value: Value) -> Consent:
    value.keys(("integrator", "change", "reason", "by", "date"))
    return Consent(
        value.get("integrator").text(),
        value.get("reason").text(),
        value.get("by").text(),
        value.get("date").date(),
        change=value.get("change").text(""),
        at=value.at,
    )


def _freeze(value: Value) -> Freeze:
    value.keys(("from", "to", "reason"))
    first, last = value.get("from").date(), value.get("to").date()
    if last < first:
        raise value.error("it ends before it begins", "Exchange `from` and `to`.")
    return Freeze(first, last, value.get("reason").text(""))


def _peak(value: Value) -> Peak:
    value.keys(("from", "to", "reason"))
    return Peak(_day_of_year(value.get("from")), _day_of_year(value.get("to")), value.get("reason").text(""))


def _day_of_year(value: Value) -> tuple[int, int]:
    """The month and the day, of every year."""
    text = value.text()
    try:
        if re.fullmatch(r"\d\d-\d\d", text):
            day = date.fromisoformat(f"2028-{text}")  # a leap year
            return day.month, day.day
    except ValueError:
        pass
    raise value.error("no day of a year", "Write a month and a day of every year as MM-DD: 11-20.")


def _country(value: Value) -> str:
    text = value.text().upper()
    if not re.fullmatch(r"[A-Z]{2}(?:-[A-Z0-9]{1,4})?", text):
        raise value.error("no country", "Write its code in ISO 3166, such as `US`, or with a part of it `DE-BY`.")
    return text


def _weights(value: Value) -> Weights:
    entries = value.keys(("value", "usage", "depth", "recency", "effort")).mapping()
    weights = Weights(**{name: weight.number(0, 1000) for name, weight in entries.items()})
    if not weights.value + weights.usage + weights.depth + weights.recency + weights.effort:
        raise value.error("all weights are zero", "Give at least one of them a weight.")
    return weights


def _tiers(value: Value) -> Tiers:
    entries = value.keys(("call", "call_share", "revenue_share")).mapping()
    read: dict[str, Any] = {
        name: entry.integer(0, 100_000) if name == "call" else entry.number(0, 1)
        for name, entry in entries.items()
        if not entry.is_missing
    }
    return Tiers(**read)


def _exclude(value: Value) -> Exclude:
    value.keys(("keys", "integrators", "user_agents", "operations"))
    names = ("keys", "integrators", "user_agents", "operations")
    return Exclude(*(value.get(name).texts() for name in names))


def _selection(value: Value) -> Selection:
    return _selected(value.keys(_SELECTS))


def _selected(value: Value) -> Selection:
    """The operations that a mapping selects, whatever else it says."""
    return Selection(*(value.get(name).texts() for name in _SELECTS))


def _integrator_columns(value: Value) -> Mapping[str, str]:
    from apidiff.usage.accounts.headings import FIELDS

    return {field: column.text() for field, column in value.keys(FIELDS).mapping().items()}


def _prefix(value: Value) -> str:
    text = value.text("")
    if text and not text.startswith("/"):
        raise value.error("a path prefix starts with a slash", "Write it as in `/api/v2`.")
    return text.rstrip("/")


def _prefixes(value: Value) -> Mapping[str, str]:
    return {_prefix(replace(revision, raw=base)): _prefix(revision) for base, revision in value.mapping().items()}


def _owned(value: Value) -> Owned:
    which = _selected(value.keys((*_SELECTS, "owner")))
    owners = value.get("owner").texts()
    if not which or not all(owners) or not owners:
        raise value.error(
            "it does not say whose which operations are", "Name `paths:`, `tags:` or `operations:`, and the `owner:`."
        )
    return Owned(which, owners)


def _exempt(value: Value) -> Mapping[str, tuple[str, ...]]:
    """The values of each extension, small letters."""
    found = {}
    for name, said in value.mapping().items():
        if not name.startswith("x-"):
            raise said.error(f"`{name}` is no extension", "Name one that begins with `x-`: `x-internal: true`.")
        found[name] = tuple(text.lower() for text in said.texts())
    return found


def _rename(value: Value) -> Rename:
    """What went, by its kind, and what it is now: one name, or the names of its parts."""
    value.keys((*Renamed, "to"))
    operation, new = value.get("operation"), value.get("to")
    inner = [kind for kind in (Renamed.PARAMETER, Renamed.PROPERTY) if not value.get(kind).is_missing]
    if len(inner) > 1 or (not inner and operation.is_missing):
        hint = "Name one `property:`, `parameter:` or `operation:`; beside the first two `operation:` says where it is."
        raise value.error("it does not say what was renamed", hint)
    if not new.texts() or not all(new.texts()):
        raise new.error("it is missing", "Write what it is called now, or a list of the parts of a split.")
    where = "" if operation.is_missing else _operation(operation)
    if not inner:
        return Rename(Renamed.OPERATION, where, new.items(_operation), at=value.at)
    return Rename(inner[0], value.get(inner[0]).text(), new.texts(), where, at=value.at)


def _operation(value: Value) -> str:
    """An operation's id, the method in capitals."""
    method, _, path = value.text().partition(" ")
    if not path.strip():
        raise value.error("no operation", "Write its method and its path, as in `GET /v1/users/{id}`.")
    return OperationId.of(method, path.strip())


def _policy(value: Value) -> str | Mapping[str, Any]:
    if isinstance(value.raw, dict):
        fields: dict[str, Any] = value.plain()
        return fields
    return value.text()


def _version(value: Value) -> str:
    entries = value.keys(("header", "query", "path")).mapping()
    if len(entries) != 1:
        raise value.error("it names no single place", "Write one of `header: NAME`, `query: NAME` or `path: NUMBER`.")
    ((kind, where),) = entries.items()
    return f"{kind}:{where.integer(1, 20)}" if kind == "path" else f"{kind}:{where.text()}"


_SETTINGS: Final[Mapping[str, Callable[[Value], Any]]] = {
    "levels": _levels,
    "profile": lambda value: value.choice(Profile),
    "waivers": lambda value: value.items(_waiver),
    "decisions": _decisions,
    "only": _selection,
    "ignore": _selection,
    "map_prefix": _prefixes,
    "exempt": _exempt,
    "owners": lambda value: value.items(_owned),
    "renames": lambda value: value.items(_rename),
    "policy": _policy,
    "holidays": lambda value: value.items(Value.date),
    "countries": lambda value: value.items(_country),
    "freezes": lambda value: value.items(_freeze),
    "peaks": lambda value: value.items(_peak),
    "year_end": lambda value: value.one_of(("quiet", "open")) == "quiet",
    "weights": _weights,
    "tiers": _tiers,
    "consents": lambda value: value.items(_consent),
    "guide_url": Value.url,
    "guide": lambda value: {name: text.text("") for name, text in value.keys(BLOCKS).mapping().items()},
    "problem_url": Value.url,
    "columns": logs.columns,
    "api_key": logs.key_source,
    "hosts": logs.hosts,
    "base_path": logs.base_path,
    "slashes": logs.ignores_slashes,
    "rows": Value.text,
    "inside": Value.text,
    "integrator_columns": _integrator_columns,
    "log_format": logs.log_format,
    "time": logs.times,
    "mount": lambda value: value.items(_prefix),
    "exclude": _exclude,
    "version": _version,
    "retry_gap_seconds": lambda value: value.integer(0, 86_400),
    "min_calls": lambda value: value.integer(1, 1_000_000_000),
    "min_share": lambda value: value.number(0, 1),
    "look_back_days": lambda value: value.integer(1, 3_660),
    "recent_days": lambda value: value.integer(1, 3_660),
    "partition": Value.text,
    "late_days": lambda value: value.integer(0, 3_660),
    "key_hash": lambda value: value.choice(_KeyHash).value,
}
"""Every key of the file, with what reads it."""

_FIELDS: Final = {"version": "version_from", "api_key": "key_source", "slashes": "ignore_slashes"}
"""Keys whose field of `Config` has another name."""
