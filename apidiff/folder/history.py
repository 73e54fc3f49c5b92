"""track-history.json: what earlier runs of `track` saw, kept beside the plan.

Of each integrator and change only the last state, the day of the first migration and the last old use are kept, so the
file grows with the plan and not with the number of runs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from apidiff.words.errors import ApidiffError
from apidiff.words.escape import visible_json

NAME: Final = "track-history.json"
FORMAT: Final = "apidiff-track-history/1"


class State(StrEnum):
    """How far an integrator is with a change (contract, `track`), the one that needs most attention first."""

    REGRESSED = "regressed"
    NOT_STARTED = "not started"
    PARTLY = "partly"
    FAILING = "failing"
    SILENT = "silent"
    UNVERIFIABLE = "unverifiable"
    MIGRATED = "migrated"


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of `track` found: its day, the window, and how many integrators stood where.

    `left` are those not migrated, `revenue_left` their revenue a year; `sunset` is the plan's on that day.
    """

    day: date
    first: date
    last: date
    states: Mapping[State, int]
    left: int
    revenue_left: float
    sunset: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """The run as JSON has it; every state is there."""
        return {
            "day": self.day.isoformat(),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "states": {state.value: self.states.get(state, 0) for state in State},
            "left": self.left,
            "revenue_left": self.revenue_left,
            "sunset": _text(self.sunset),
        }


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier runs saw of one integrator and change; `migrated_on` is the day of the first run that saw it so."""

    state: State
    migrated_on: date | None = None
    last_old: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The runs in the order of their days, the past of each (integrator, change), and the mails that were written.

    `mails` has the day of each by integrator and name (`reminder-2`, `thank-you`).
    """

    runs: tuple[Run, ...] = ()
    past: Mapping[tuple[str, str], Past] = field(default_factory=dict)
    mails: Mapping[tuple[str, str], date] = field(default_factory=dict)

    def before(self, day: date) -> tuple[Run, ...]:
        """The runs of earlier days."""
        return tuple(run for run in self.runs if run.day < day)


def read_history(folder: Path) -> History:
    """The history in a plan folder; an empty one where `track` has not run yet.

    Errors: `history-unreadable`: a run is never forgotten because its file is broken.
    """
    path = folder / NAME
    try:
        data = json.loads(path.read_bytes())
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        mails = {(str(who), str(name)): date.fromisoformat(day) for who, name, day in data.get("mails", ())}
        return History(tuple(map(_run, data["runs"])), dict(map(_past, data["integrators"])), mails)
    except FileNotFoundError:
        return History()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ApidiffError(
            "the history of earlier runs cannot be read",
            code="history-unreadable",
            at=str(path),
            hint="Restore the file; without it, who went back to the old thing can't be told. Else move it away.",
        ) from error


def history_json(history: History) -> bytes:
    """The file's content: a line for each run, for each integrator and change, and for each mail."""
    runs = [run.to_dict() for run in history.runs]
    pairs = [
        [integrator, change, past.state.value, _text(past.migrated_on), _text(past.last_old)]
        for (integrator, change), past in sorted(history.past.items())
    ]
    mails = [[integrator, name, _text(day)] for (integrator, name), day in sorted(history.mails.items())]
    lines = [",\n".join(f"    {json.dumps(row)}" for row in rows) for rows in (runs, pairs, mails)]
    named = zip(("runs", "integrators", "mails"), lines, strict=True)
    lists = ",\n".join(f'  "{name}": [\n{line}\n  ]' for name, line in named)
    text = f'{{\n  "format": "{FORMAT}",\n{lists}\n}}\n'
    return visible_json(text.encode())


def _run(data: Mapping[str, Any]) -> Run:
    day, first, last = (date.fromisoformat(data[name]) for name in ("day", "first", "last"))
    return Run(
        day,
        first,
        last,
        states={State(name): int(count) for name, count in data["states"].items()},
        left=int(data["left"]),
        revenue_left=float(data["revenue_left"]),
        sunset=_day(data["sunset"]),
    )


def _past(row: list[Any]) -> tuple[tuple[str, str], Past]:
    integrator, change, state, migrated_on, last_old = row
    return (str(integrator), str(change)), Past(State(state), _day(migrated_on), _day(last_old))


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
