"""The plan's dates: announcement, sunset, and every dated step between and around them.

Months are calendar months in UTC, clamped; people's tasks fall on working days, the sunset on a Tuesday to Thursday
after the window; no call is after the changelog, and there are never fewer than two reminders. The announcement, the
brownouts and the sunset stay clear of peak weeks. A step that is not on the day of the policy says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from apidiff.plan.policy import FEWEST_REMINDERS, FLOOR_MONTHS, Brownout, Policy
from apidiff.plan.value import Dates, Step
from apidiff.plan.workdays import ONE, Calendar, add_months
from apidiff.words.errors import ApidiffError, Exit

ORDER: Final = (
    *("review", "evidence", "call", "changelog", "block-new-keys", "reminder", "check-in", "brownout"),
    *("go-no-go", "sunset", "retrospective"),
)
TEXTS: Final = {
    "review": (
        "Avoidance review",
        "Answer for each break: expand, or proceed with a reason.{then}",
        "API product manager",
    ),
    "evidence": ("Evidence run", "Plan again on logs up to this day.", "API team"),
    "call": ("{calls} done", "Nobody of tier call learns it from the changelog.", "account owners"),
    "changelog": (
        "Public changelog",
        "Changelog, migration guide, headers and e-mails on the same day.",
        "DevRel",
    ),
    "block-new-keys": (
        "Block new keys",
        "Keys that never used the old operations are refused them.",
        "API team",
    ),
    "reminder": ("Reminder {number} of {count}", "To everybody not migrated, with fresh counts.", "DevRel"),
    "check-in": (
        "Check-in with tiers call and personal-email",
        "Who has not moved, and what is in the way; offer more time in writing.",
        "account owners",
    ),
    "brownout": (
        "Brownout {number}: {hours}",
        "For {hours} from 14:00 UTC {gone}the application may refuse what gets stricter{alone}.",
        "API team",
    ),
    "go-no-go": (
        "Go or no-go",
        "`apidiff gate` passes: {days} days without a success by tiers that matter, or consent; else a later date.",
        "API product manager",
    ),
    "sunset": ("Sunset", "From 00:00 UTC only the new version holds{gone}.", "API team"),
    "retrospective": (
        "Retrospective",
        "Who met the removal without a warning? The target is nobody.",
        "API product manager",
    ),
}
"""Each kind of step: its title and what it is, which guides and mails show to anybody, and the role that does it."""
_ALONE: Final = "; no gateway can, for no operation goes away"
DECIDING_DAYS: Final = 5
"""The working days that people get for open decisions, or half of those that are left before the changelog."""
CHECK_IN_DAYS: Final = 60
GO_DAYS: Final = 3
RETROSPECTIVE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """The dates that the user asks for, None for those of the policy, and the reason of an emergency, or ""."""

    announce: date | None = None
    sunset: date | None = None
    emergency: str = ""
    is_announced: bool = False
    """Whether the announcement was made, so that no calendar moves it."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A day, and why it is not another, or ""."""

    day: date
    moved: str = ""


def schedule(
    policy: Policy,
    wish: Wish,
    *,
    today: date,
    calendar: Calendar,
    calls: int,
    is_open: bool = False,
    removes: bool = True,
) -> tuple[Dates, tuple[Step, ...]]:
    """The dates and the steps in their order; with open decisions (`is_open`) calls start after these.

    `removes` says whether an operation goes away, which a gateway can refuse.

    Errors: `announce-past`, `announce-too-soon`, `sunset-too-soon`, `policy-refuses`.
    """
    if policy.refuses and not wish.emergency:
        raise _wrong(
            f"policy {policy.name} allows no such break: {policy.refuses}",
            code="policy-refuses",
            hint="Expand instead.",
        )
    announce = _announcement(policy, wish, today, calendar)
    days = calendar.working_days(today, announce.day - ONE)
    if calls and not days:
        raise _wrong(
            f"no working day is left for {calls} calls before the changelog of {announce.day}",
            code="announce-too-soon",
            hint=f"Announce on {calendar.quiet_after(announce.day + timedelta(days=policy.lead_days))} or later.",
        )
    sunset = _sunset(policy, wish, announce.day, calendar)
    steps = [
        *_before(days, announce, calls, is_open=is_open),
        *_between(policy, announce.day, sunset, calendar, removes=removes),
    ]
    ordered = sorted(steps, key=lambda step: (step.date, ORDER.index(step.kind), step.number))
    return Dates(announce.day, announce.day, sunset.day), tuple(ordered)


def standing_wish(wish: Wish, announced: Dates) -> Wish:
    """The wish of a plan that was announced already: the announcement stays, and the sunset only moves later.

    Errors: `announce-moved`, `sunset-earlier`.
    """
    if wish.announce is not None and wish.announce != announced.announce:
        raise _wrong(
            f"the plan in this folder was announced on {announced.announce}",
            code="announce-moved",
            hint="Leave --announce out to keep it; or plan into another folder.",
        )
    if wish.sunset is not None and announced.sunset is not None and wish.sunset < announced.sunset:
        raise _wrong(
            f"the sunset was announced for {announced.sunset}, and {wish.sunset} is earlier",
            code="sunset-earlier",
            hint=f"Keep {announced.sunset}, or name a later day: an announced sunset only ever moves later.",
        )
    return replace(wish, announce=announced.announce, is_announced=True)


def call_days(
    today: date, announce: date, calls: int, calendar: Calendar, *, is_open: bool = False
) -> tuple[date, ...]:
    """The day by which each call is due, the most important first, spread over the days before the changelog.

    None is on the day of the review or before it.
    """
    days = calendar.working_days(today, announce - ONE)
    days = days[_review(days, is_open) + 1 :] if len(days) > 1 else days
    if not days:
        return (announce,) * calls
    return tuple(days[min(len(days) - 1, place * len(days) // max(calls, 1))] for place in range(calls))


def _review(days: Sequence[date], is_open: bool) -> int:
    """The place, among the working days before the changelog, of the day by which every break is decided."""
    return max(0, min(DECIDING_DAYS, len(days) // 2) - 1) if is_open else 0


def _announcement(policy: Policy, wish: Wish, today: date, calendar: Calendar) -> _Placed:
    if wish.announce is None:
        wanted = today + timedelta(days=policy.lead_days)
        found = calendar.quiet_after(wanted)
        return _Placed(found, calendar.moved(wanted, found, is_public=True))
    if wish.is_announced:
        return _Placed(wish.announce)
    if wish.announce < today:
        raise _wrong(
            f"the announcement on {wish.announce} is past", code="announce-past", hint=f"Announce after {today}."
        )
    found = calendar.after(wish.announce)
    return _Placed(found, calendar.moved(wish.announce, found) or calendar.asked(found))


def _sunset(policy: Policy, wish: Wish, announce: date, calendar: Calendar) -> _Placed:
    months, weekdays = policy.window_months, policy.sunset_weekdays
    if wish.sunset is not None:
        floor = announce if wish.emergency else add_months(announce, min(months, max(FLOOR_MONTHS, 0)))
        if wish.sunset < floor:
            raise _wrong(
                f"the sunset on {wish.sunset} is less than {FLOOR_MONTHS} months after the announcement on {announce}",
                code="sunset-too-soon",
                hint=f"The earliest is {floor}; sooner takes --emergency with a --reason.",
            )
        found = calendar.after(wish.sunset, weekdays=weekdays)
        how = "as announced" if wish.is_announced else "as asked for"
        return _Placed(found, calendar.moved(wish.sunset, found, weekdays=weekdays) or calendar.asked(found, how=how))
    wanted = _rounded(add_months(announce, months), policy.rounding)
    found = calendar.quiet_after(wanted, weekdays=weekdays)
    return _Placed(found, calendar.moved(wanted, found, is_public=True, weekdays=weekdays))


def _rounded(day: date, rounding: str) -> date:
    """The next first day of a quarter, or the next 15th of a quarter's first month."""
    if not rounding:
        return day
    wanted = 1 if rounding == "quarter" else 15
    for months in range(13):
        first = add_months(day.replace(day=1), months)
        candidate = first.replace(day=wanted)
        if first.month % 3 == 1 and candidate >= day:
            return candidate
    return day


def _step(kind: str, at: date | _Placed, *, number: int = 0, **words: object) -> Step:
    placed = at if isinstance(at, _Placed) else _Placed(at)
    title, detail, who = (text.format_map({"number": number, **words}) for text in TEXTS[kind])
    return Step(f"{kind}-{number}" if number else kind, kind, placed.day, title, detail, who, number, placed.moved)


def _before(days: Sequence[date], announce: _Placed, calls: int, *, is_open: bool) -> list[Step]:
    """What happens before anybody outside hears of it."""
    place = _review(days, is_open)
    first = days[place] if days else announce.day
    second = days[min(place + 1, len(days) - 1)] if days else announce.day
    then = " Calls start when each has one." if is_open and calls else ""
    steps = [_step("review", first, then=then), _step("evidence", second)]
    if calls:
        steps.append(_step("call", days[-1], calls="1 call" if calls == 1 else f"{calls} calls"))
    return [*steps, _step("changelog", announce)]


def _between(policy: Policy, announce: date, sunset: _Placed, calendar: Calendar, *, removes: bool) -> list[Step]:
    """What happens from the announcement on."""

    def task(wanted: date) -> _Placed:
        found = calendar.before(wanted, not_before=announce)
        return _Placed(found, calendar.moved(wanted, found))

    def before(days: int) -> _Placed:
        return task(sunset.day - timedelta(days=days))

    steps = []
    if policy.block_new_keys_days is not None:
        blocked = task(announce + timedelta(days=policy.block_new_keys_days))
        steps.append(_step("block-new-keys", min(blocked, before(1), key=lambda placed: placed.day)))
    reminders = _reminders(policy, announce, sunset.day, calendar)
    steps += [_step("reminder", day, number=n, count=len(reminders)) for n, day in enumerate(reminders, start=1)]
    steps.append(_step("check-in", before(CHECK_IN_DAYS)))
    placed = _brownouts(policy.brownouts, announce, sunset.day, calendar)
    for number, (brownout, day) in enumerate(zip(policy.brownouts, placed, strict=True), start=1):
        hours = "1 hour" if brownout.hours == 1 else f"{brownout.hours} hours"
        said = {"gone": "what goes away answers 410; ", "alone": ""} if removes else {"gone": "", "alone": _ALONE}
        steps.append(_step("brownout", day, number=number, hours=hours, **said))
    steps.append(_step("go-no-go", before(GO_DAYS), days=policy.gate_days))
    steps.append(_step("sunset", sunset, gone=": what was removed answers 410" if removes else ""))
    wanted = sunset.day + timedelta(days=RETROSPECTIVE_DAYS)
    last = calendar.before(wanted, not_before=sunset.day + ONE)
    return [*steps, _step("retrospective", _Placed(last, calendar.moved(wanted, last)))]


def _brownouts(brownouts: Sequence[Brownout], announce: date, sunset: date, calendar: Calendar) -> list[_Placed]:
    """The days of the rehearsals, in their order: one that peak weeks push back pushes those before it, too.

    They stay as far from each other as the policy has them, or a week.
    """
    found: dict[Brownout, _Placed] = {}
    latest, later = sunset, 0
    for brownout in sorted(brownouts, key=lambda one: one.days):
        wanted = sunset - timedelta(days=brownout.days)
        latest = min(wanted, latest - timedelta(days=min(7, brownout.days - later)))
        day = calendar.quiet_before(latest, not_before=announce)
        found[brownout] = _Placed(day, calendar.moved(wanted, day, is_public=True))
        latest, later = day, brownout.days
    return [found[brownout] for brownout in brownouts]


def _reminders(policy: Policy, announce: date, sunset: date, calendar: Calendar) -> list[_Placed]:
    """The days of the reminders, after the announcement; where a short window leaves too few, spread over it."""
    wanted = sorted(sunset - timedelta(days=days) for days in policy.reminders)
    found = {calendar.before(day, not_before=announce): day for day in wanted}
    days = [
        _Placed(day, calendar.moved(asked, day)) for day, asked in sorted(found.items()) if announce < day <= sunset
    ]
    if len(days) >= FEWEST_REMINDERS:
        return days
    working = calendar.working_days(announce, sunset) or [announce]
    span = len(working) - 1
    spread = [working[span * place // FEWEST_REMINDERS] for place in range(1, FEWEST_REMINDERS + 1)]
    return [_Placed(day, "the window is too short for the days of the policy") for day in spread]


def _wrong(message: str, *, code: str, hint: str) -> ApidiffError:
    return ApidiffError(message, code=code, hint=hint, status=Exit.USAGE)
