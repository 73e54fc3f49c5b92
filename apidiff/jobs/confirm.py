"""Confirms that integrators have moved where no log can show it: many at once, with who says so and since when."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from apidiff.load.limits import MAX_BYTES, read_at_most
from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    from apidiff.plan.value import Plan, PlannedIntegrator


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirming:
    """Whom a call means: by id or name, by owner, by tier, or by the ids and names of a CSV; and of which changes."""

    plan: Path
    names: Sequence[str] = ()
    owner: str = ""
    tier: str = ""
    file: Path | None = None
    changes: Sequence[str] = ()
    by: str = ""
    day: date = date.min


def confirm(job: Confirming) -> tuple[str, ...]:
    """The ids of the integrators that are confirmed; confirmed.csv has them then, with those that it had.

    Errors: those of reading the plan and the files, `confirmed-nobody`, `integrator-unknown`, `change-unknown`.
    """
    from apidiff.folder.confirmed import NAME, Confirmation, confirmed_csv, read_confirmed
    from apidiff.folder.plan_file import read_plan
    from apidiff.folder.whole import write_private

    plan = read_plan(job.plan)
    folder = job.plan if job.plan.is_dir() else job.plan.parent
    ending = {change.id for change in plan.ending}
    for change in job.changes:
        if change not in ending:
            raise _unknown("change", change, ending, code="change-unknown")
    people = _people(job, plan, ending)
    before = read_confirmed(folder)
    known = {(one.integrator, one.change) for one in before}
    made = [
        Confirmation(one.integrator, change, job.day, job.by)
        for one in people
        for change in (job.changes or ("",))
        if (not change or change in one.changes) and (one.integrator, change) not in known
    ]
    write_private(folder / NAME, confirmed_csv([*before, *made]))
    return tuple(dict.fromkeys(one.integrator for one in made))


def _people(job: Confirming, plan: "Plan", ending: set[str]) -> "list[PlannedIntegrator]":
    """Whom the call means, in the order of contact."""
    affected = [one for one in plan.integrators if ending.intersection(one.changes)]
    named = {word for one in affected for word in (one.integrator, one.name) if word}
    wanted = [*job.names, *(_of_file(job.file) if job.file else ())]
    for name in wanted:
        if name not in named:
            raise _unknown("integrator", name, named, code="integrator-unknown")
    chosen = [
        one
        for one in affected
        if (not wanted or one.integrator in wanted or one.name in wanted)
        and job.owner in ("", one.owner)
        and job.tier in ("", one.tier.value)
    ]
    if not chosen:
        owners = ", ".join(sorted({one.owner for one in affected if one.owner})[:12])
        raise ApidiffError(
            "nobody of the plan for whom something ends is meant",
            code="confirmed-nobody",
            hint=f"The owners are {owners or 'not known'}.",
            status=Exit.USAGE,
        )
    return chosen


def _of_file(path: Path) -> Iterable[str]:
    """The integrators of a CSV: its column `integrator`, or its only one."""
    try:
        raw = read_at_most(path)
        if len(raw) > MAX_BYTES:
            raise ValueError("too large")
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise ApidiffError(
            "the list can't be read", code="confirmed-unreadable", at=str(path), hint="Give a CSV as UTF-8."
        ) from error
    heading = [cell.strip().lower() for cell in rows[0]] if rows else []
    if "integrator" in heading:
        place = heading.index("integrator")
        return [row[place].strip() for row in rows[1:] if len(row) > place and row[place].strip()]
    if len(heading) > 1:
        raise ApidiffError(
            "no column of the list is called `integrator`",
            code="confirmed-unreadable",
            at=f"{path}:1",
            hint="Name the column with the integrators' ids `integrator`.",
        )
    return [row[0].strip() for row in rows if row and row[0].strip()]


def _unknown(what: str, name: str, known: Iterable[str], *, code: str) -> ApidiffError:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.3)
    return ApidiffError(
        f"nothing ends for the {what} `{name}` of this plan" if what == "integrator" else f"no {what} `{name}` ends",
        code=code,
        hint=f"Did you mean `{near[0]}`?" if near else "plan.json and outreach.csv name them.",
        status=Exit.USAGE,
    )
