"""Deprecation policies as values: the presets that ship (policies.yaml) and the user's own.

A window under six months or fewer than two reminders is refused: shorter takes an emergency with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any, Final

from apidiff.load.parse import parse
from apidiff.words.errors import ApidiffError, Exit

DEFAULT: Final = "house"
FLOOR_MONTHS: Final = 6
FEWEST_REMINDERS: Final = 2
ROUNDINGS: Final = ("", "quarter", "mid-quarter")


@dataclass(frozen=True, slots=True)
class Brownout:
    """A rehearsal of the sunset: how many days before it, and for how long."""

    days: int
    hours: int


@dataclass(frozen=True, slots=True)
class Policy:
    """How a deprecation goes.

    `window_months` are calendar months from announcement to sunset; `reminders` days before the sunset, the first
    one first; `block_new_keys_days` days after the announcement, None for never; `after` is the status afterwards;
    `rounding` puts the sunset on a quarter's first day, or on the 15th of its first month; `refuses` says why this
    policy allows no break of what is stable; `vendor` names the fields that `source` says itself, the others are ours.
    """

    name: str
    title: str = ""
    source: str = ""
    checked: str = ""
    vendor: tuple[str, ...] = ()
    window_months: int = 12
    reminders: tuple[int, ...] = (180, 90, 30, 7, 1)
    brownouts: tuple[Brownout, ...] = ()
    block_new_keys_days: int | None = None
    after: int = 410
    rounding: str = ""
    sunset_weekdays: tuple[int, ...] = (1, 2, 3)
    lead_days: int = 21
    gate_days: int = 30
    requires_consent: bool = False
    refuses: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The policy as plan.json and the documents show it."""
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "checked": self.checked,
            "published_by_vendor": list(self.vendor),
            "window_months": self.window_months,
            "reminders_days_before": list(self.reminders),
            "brownouts": [{"days_before": one.days, "hours": one.hours} for one in self.brownouts],
            "block_new_keys_after_days": self.block_new_keys_days,
            "status_after_sunset": self.after,
            "sunset_rounding": self.rounding or "next Tuesday to Thursday",
            "requires_consent": self.requires_consent,
            "gate_days_without_success": self.gate_days,
        }


@cache
def presets() -> Mapping[str, Policy]:
    """The policies that ship, by name."""
    content = resources.files("apidiff.plan").joinpath("policies.yaml").read_bytes()
    return {name: _made(name, entry) for name, entry in parse(content, "policies.yaml").tree.items()}


def read(policy: str | Mapping[str, Any] | None, *, emergency: str = "", at: str = "") -> Policy:
    """The policy that a preset's name, or fields over the preset that `based_on` names, stand for; else the default.

    `emergency` is the reason why the floor does not hold. Errors: `policy-unknown`, `policy-invalid`,
    `policy-too-short`.
    """
    if policy is None or isinstance(policy, str):
        found = _preset(policy or DEFAULT, at)
    else:
        given = dict(policy)
        base = _preset(str(given.pop("based_on", DEFAULT)), at)
        found = _over(base, given, at)
    if not emergency:
        check(found, at=at)
    return found


def check(policy: Policy, *, at: str = "") -> None:
    """Refuse a policy below the floor (`policy-too-short`)."""
    if policy.window_months < FLOOR_MONTHS or len(set(policy.reminders)) < FEWEST_REMINDERS:
        reminders = len(set(policy.reminders))
        raise ApidiffError(
            f"policy {policy.name}: a window of {policy.window_months} months with {reminders} reminders "
            f"is below the floor of {FLOOR_MONTHS} months and {FEWEST_REMINDERS} reminders",
            code="policy-too-short",
            at=at or None,
            hint="Plan a longer window, or say --emergency with a --reason.",
            status=Exit.USAGE,
        )


def _preset(name: str, at: str) -> Policy:
    found = presets().get(name)
    if found is not None:
        return found
    nearest = get_close_matches(name, presets(), n=1, cutoff=0.0)[0]
    raise ApidiffError(
        f"no policy is called {name!r}",
        code="policy-unknown",
        at=at or None,
        hint=f"Did you mean {nearest!r}? There are: {', '.join(presets())}.",
        status=Exit.USAGE,
    )


def _over(base: Policy, given: Mapping[str, Any], at: str) -> Policy:
    known = {field.name for field in fields(Policy)}
    for name in given:
        if name not in known:
            nearest = get_close_matches(str(name), known, n=1, cutoff=0.0)[0]
            raise _invalid(f"a policy has no field {name!r}", f"Did you mean {nearest!r}?", at)
    made = _made(str(given.get("name", f"{base.name}, changed")), given, at=at)
    changes = {name: getattr(made, name) for name in given if name != "name"}
    return replace(base, name=made.name, **changes)


def _made(name: str, entry: Mapping[str, Any], *, at: str = "policies.yaml") -> Policy:
    values = {key: value for key, value in entry.items() if key != "name"}
    for key in ("reminders", "vendor", "sunset_weekdays"):
        if key in values:
            values[key] = _listed(key, values[key], at)
    if "reminders" in values:
        values["reminders"] = tuple(sorted(set(values["reminders"]), reverse=True))
    if "brownouts" in values:
        values["brownouts"] = tuple(_brownout(one, at) for one in _listed("brownouts", values["brownouts"], at))
    for key in ("window_months", "after", "lead_days", "gate_days", "block_new_keys_days"):
        if values.get(key) is not None:
            values[key] = _whole(key, values[key], at)
    _check_words(values, at)
    if values.get("rounding", "") not in ROUNDINGS:
        raise _invalid(
            f"rounding {values['rounding']!r} is not known", "Use quarter or mid-quarter, or leave it out.", at
        )
    if not values.get("sunset_weekdays", (1,)) or any(day not in range(5) for day in values.get("sunset_weekdays", ())):
        raise _invalid("sunset_weekdays are no working days", "Use numbers from 0 (Monday) to 4 (Friday).", at)
    if "checked" in values:
        values["checked"] = str(values["checked"])
    return Policy(name=name, **values)


def _check_words(values: Mapping[str, Any], at: str) -> None:
    """Refuse texts that are none, and a flag that is neither true nor false."""
    for key in ("title", "source", "refuses"):
        if not isinstance(values.get(key, ""), str):
            raise _invalid(f"{key} is no text", "Write it as text.", at)
    if not isinstance(values.get("requires_consent", False), bool):
        raise _invalid("requires_consent is neither true nor false", "Write true or false.", at)


def _brownout(entry: Any, at: str) -> Brownout:
    if not isinstance(entry, Mapping) or set(entry) != {"days", "hours"}:
        raise _invalid("a brownout is no mapping of days and hours", "Write it as {days: 14, hours: 3}.", at)
    return Brownout(_whole("brownouts", entry["days"], at), _whole("brownouts", entry["hours"], at))


def _listed(key: str, value: Any, at: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise _invalid(f"{key} is no list", "Write it as [180, 90, 30].", at)
    if key in ("reminders", "sunset_weekdays"):
        return tuple(_whole(key, item, at) for item in value)
    return tuple(value)


def _whole(key: str, value: Any, at: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _invalid(f"{key} holds what is no whole number", "Write days and months as whole numbers.", at)
    return value


def _invalid(message: str, hint: str, at: str) -> ApidiffError:
    return ApidiffError(message, code="policy-invalid", at=at or None, hint=hint, status=Exit.USAGE)
