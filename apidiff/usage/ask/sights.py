"""SHELL: looks through the logs for what questions ask, and keeps the answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from apidiff.usage.ask.question import Question, Sight
from apidiff.usage.ask.rollup import Owners
from apidiff.usage.cube import relations
from apidiff.usage.cube.cache import Cache
from apidiff.usage.cube.gather import read_through
from apidiff.usage.cube.pieces import name_of
from apidiff.usage.cube.value import EPOCH, NEVER, Usage
from apidiff.usage.version import is_past

Answers = Mapping[Question, Mapping[tuple[int, int], Sight]]
"""For each question the sight of each (key, route)."""
_BATCH = 32
_figures = attrgetter(*(field.name for field in fields(Sight)))


def asked(questions: Iterable[Question], usage: Usage, *, first_day: int, revision: str = "") -> Answers:
    """The answers, from a pass over the rows of the questions' routes from `first_day` on.

    Calls that pin `revision` or a later version are left out.

    Errors: those of reading the logs again.
    """
    wanted = sorted(set(questions))
    found: dict[Question, dict[tuple[int, int], Sight]] = {question: {} for question in wanted}
    cache = Cache(usage.log, usage.routes, usage.salt)
    names = {
        question: f"2|{question.column}|{question.pattern}|{question.routes}|{first_day}|{revision}"
        for question in wanted
    }
    missing = []
    for question in wanted:
        rows = cache.answer(names[question])
        if rows is None:
            missing.append(question)
        else:
            found[question] = {(row[0], row[1]): Sight(*row[2:]) for row in rows}
    since = EPOCH + timedelta(days=first_day)
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        _answer(_rows(batch, usage, since), batch, usage, found, revision=revision)
    for question in missing:
        sights = sorted(found[question].items())
        cache.keep_answer(names[question], [[*place, *_figures(sight)] for place, sight in sights])
    return found


def by_owner(answers: Answers, owners: Owners) -> dict[Question, dict[tuple[int, int], Sight]]:
    """For each question the sight of each (owner, route)."""
    rolled: dict[Question, dict[tuple[int, int], Sight]] = {}
    for question, sights in answers.items():
        mine = rolled.setdefault(question, {})
        for (key, route), sight in sights.items():
            place = (owners.of_key[key], route)
            mine[place] = mine[place] + sight if place in mine else sight
    return rolled


def _rows(questions: Sequence[Question], usage: Usage, since: datetime) -> list[tuple[Any, ...]]:
    """The rows of `relations.sights_of`, from where the logs lie."""
    asking = [(question.column, question.pattern, question.routes) for question in questions]
    if usage.log.is_remote:
        return usage.log.remote(usage.routes, usage.salt).sights(asking, since)
    with usage.log.opened(usage.routes) as connection:
        events, keys, ids = usage.log.tables()
        sights = relations.sights_of(events, usage.routes, asking, keys=keys, ids=ids, since=since)
        asked = f"CREATE TEMP TABLE sights AS {relations.sql(sights)}"
        read_through(connection, usage.log, usage.log.readings(connection), statement=asked, report=lambda _: None)
        return connection.execute("SELECT * FROM sights").fetchall()


def _answer(
    rows: Iterable[tuple[Any, ...]],
    questions: Sequence[Question],
    usage: Usage,
    found: Mapping[Question, dict[tuple[int, int], Sight]],
    *,
    revision: str,
) -> None:
    position = {key.digest: index for index, key in enumerate(usage.keys)}
    numbers: dict[str, int] = {}
    for key, route, version, successes, failures, *sights in rows:
        if is_past(version or "", revision):
            continue
        number = numbers.get(key)
        if number is None:
            number = numbers[key] = position.get(name_of(key, usage.salt), -1)
        for index, question in enumerate(questions):
            if route in question.routes and number >= 0:
                seen, last_with, last_without, failed = sights[4 * index : 4 * index + 4]
                sight = Sight(
                    int(seen),
                    int(successes) - int(seen),
                    _microseconds(last_with),
                    _microseconds(last_without),
                    int(failed),
                    int(failures) - int(failed),
                )
                found[question][number, route] = found[question].get((number, route), Sight()) + sight


def _microseconds(moment: datetime | None) -> int:
    return NEVER if moment is None else (moment.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
