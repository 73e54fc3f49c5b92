"""The next version number as advice: what the changes ask for, in the notation that the spec already uses.

A version that is neither semantic, nor a number, nor a date is left as it is, and the advice says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from apidiff.words.amount import counted
from apidiff.words.changes import Comparison

_NUMBERS: Final = re.compile(
    r"(?P<prefix>[vV]?)(?P<core>\d{1,9}(?:\.\d{1,9}){0,2})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)
_STAGE: Final = re.compile(r"(?P<head>[vV]?\d{1,9}(?:\.\d{1,9})*(?:alpha|beta|rc|a|b))(?P<number>\d{0,9})")
_DATE: Final = re.compile(r"(?P<year>\d{4})(?P<mark>[-./]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})(?:[.-].+)?")


_PRINTABLE: Final = re.compile(r"[vV]?\d[0-9A-Za-z.+_-]{0,99}")
"""What may be handed to a script as a version: one word that begins with a number."""


class Bump(IntEnum):
    """What changes ask of a version number, smallest first."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Version:
    """A version of one to three numbers as it was written: `v1`, `1.4`, `2.0.0-rc.1`."""

    prefix: str
    numbers: tuple[int, ...]
    pre: tuple[str, ...] = ()

    def __str__(self) -> str:
        pre = f"-{'.'.join(self.pre)}" if self.pre else ""
        return f"{self.prefix}{'.'.join(map(str, self.numbers))}{pre}"

    @property
    def core(self) -> tuple[int, int, int]:
        """Major, minor and patch, zeros for those not written."""
        major, minor, patch, *_ = (*self.numbers, 0, 0)
        return major, minor, patch

    @property
    def order(self) -> tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]:
        """A key that sorts by precedence (Semantic Versioning 2.0.0, 11): a pre-release before its release."""
        parts = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in self.pre)
        return self.core, not self.pre, parts


def bump_of(summary: Mapping[str, int]) -> Bump:
    """What the counts of `Comparison.summary` ask for; a dangerous change is no break, so a minor version."""
    if summary["breaking"]:
        return Bump.MAJOR
    if summary["dangerous"] or summary["additive"]:
        return Bump.MINOR
    return Bump.PATCH if summary["editorial"] else Bump.NONE


def next_version(current: str, summary: Mapping[str, int], *, today: date | None = None) -> str:
    """The version that the revision should have, written as `current` is; `current` where nothing follows from it.

    - 0.y.z promises nothing between minors: a break raises y, all else z.
    - A pre-release is raised to its next one while its release covers the change (`2.0.0-rc.1` -> `2.0.0-rc.2`),
      else it starts over on the release that does (`1.1.0-rc.1` -> `2.0.0-rc.1`).
    - `v1` and `1.4` keep their parts: only a change that they can say raises them.
    - A date is replaced on a break only: by `today`, or by the day after where that is not later or not given.
    """
    bump = bump_of(summary)
    text = current.strip()
    if bump is Bump.NONE:
        return text
    if is_date(text):
        return _next_date(text, today) if bump is Bump.MAJOR else text
    if version := parse(text):
        return str(_raised(version, bump))
    if (stage := _STAGE.fullmatch(text)) and bump is Bump.MAJOR:
        return f"{stage['head']}{int(stage['number'] or 1) + 1}"
    return text


def printable(version: str) -> str:
    """The version, or "" for a text that is none: what a spec says of itself must not become a script's output."""
    return version if _PRINTABLE.fullmatch(version) else ""


def parse(text: str) -> Version | None:
    """The version of one to three numbers that the text is, or None, without its build metadata."""
    found = _NUMBERS.fullmatch(text.strip())
    if found is None:
        return None
    pre = tuple(found["pre"].split(".")) if found["pre"] else ()
    return Version(found["prefix"], tuple(map(int, found["core"].split("."))), pre)


def is_date(text: str) -> bool:
    """Whether the version is a day: `2024-09-30`, `20240930`, `2024.09.30`, `2024-09-30.acacia`."""
    return _day(text) is not None


def advice(comparison: Comparison) -> str:
    """One sentence: `1.4.0 -> 2.0.0: 7 breaking changes; the revision says 1.5.0`."""
    summary = comparison.summary
    current, said = comparison.base.version.strip(), comparison.revision.version.strip()
    reason = _reason(summary)
    if not current:
        return f"The base has no version: {reason}"
    if parse(current) is None and not is_date(current) and not _STAGE.fullmatch(current):
        return f"{current} is no semantic version, number or date, so none follows from it: {reason}"
    asked = next_version(current, summary)
    wanted = "a later date" if is_date(current) and asked != current else asked
    step = f"{current} stays" if asked == current else f"{current} -> {wanted}"
    if said == asked:
        return f"{step}: {reason}, as the revision says"
    enough = ", which is enough" if _is_enough(asked, said, current) else ""
    return f"{step}: {reason}; the revision says {said or 'nothing'}{enough}"


def is_announced(comparison: Comparison) -> bool:
    """Whether the revision's version is raised as far as these changes ask for, so that its callers are warned."""
    current, said = comparison.base.version.strip(), comparison.revision.version.strip()
    asked = next_version(current, comparison.summary)
    return asked != current and (said == asked or _is_enough(asked, said, current))


def _is_enough(asked: str, said: str, current: str) -> bool:
    """Whether a version that is not quite the one asked for says as much."""
    if is_date(current) and is_date(said):
        return asked == current or (_day(said) or date.min) > (_day(current) or date.min)
    wanted, given = parse(asked), parse(said)
    if wanted is None or given is None or is_date(said):
        return False
    # A pre-release of a big enough release announces it.
    return given.order >= wanted.order or (bool(given.pre) and given.core >= wanted.core)


def _reason(summary: Mapping[str, int]) -> str:
    for level in ("breaking", "dangerous", "additive", "editorial"):
        if count := summary[level]:
            return counted(count, f"{level} change")
    return "no change"


def _raised(version: Version, bump: Bump) -> Version:
    core, needed = version.core, bump
    if core[0] == 0 and bump is not Bump.NONE and len(version.numbers) > 1:
        needed = Bump.MINOR if bump is Bump.MAJOR else Bump.PATCH
    if version.pre and needed <= _announced(core):
        return replace(version, pre=_next_pre(version.pre))
    major, minor, patch = core
    raised = {
        Bump.MAJOR: (major + 1, 0, 0),
        Bump.MINOR: (major, minor + 1, 0),
        Bump.PATCH: (major, minor, patch + 1),
    }[needed]
    return replace(version, numbers=raised[: len(version.numbers)], pre=_first_pre(version.pre))


def _announced(core: tuple[int, int, int]) -> Bump:
    """The bump that a release of these numbers is: 2.0.0 is a major one, 2.1.0 a minor one."""
    return Bump.PATCH if core[2] else Bump.MINOR if core[1] else Bump.MAJOR


def _next_pre(pre: tuple[str, ...]) -> tuple[str, ...]:
    at = next((index for index in reversed(range(len(pre))) if pre[index].isdigit()), None)
    return (*pre, "1") if at is None else (*pre[:at], str(int(pre[at]) + 1), *pre[at + 1 :])


def _first_pre(pre: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("1" if part.isdigit() else part for part in pre)


def _day(text: str) -> date | None:
    found = _DATE.fullmatch(text.strip())
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def _next_date(text: str, today: date | None) -> str:
    found, day = _DATE.fullmatch(text.strip()), _day(text)
    assert found is not None
    assert day is not None
    later = today if today is not None and today > day else day + timedelta(days=1)
    return later.isoformat().replace("-", found["mark"])
