"""Days of an engine's table that are kept between runs: the next run asks for those only that may still change.

What is kept holds keys as digests and masks, clients as families and versions as they may be shown, as the pieces of
files do (`cube.pieces`). The day before the first one that is asked for is asked for too: where it is not what was
kept, another table has the name by now, or rows came later than they may, and nothing that was kept is used.
"""

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apidiff.usage.cube.asides import Asked
from apidiff.usage.cube.cache import fingerprint_of_shape, new_entry, write, write_frame
from apidiff.usage.cube.drivers import rows_of
from apidiff.usage.cube.pieces import STOOD_FOR, Facts, client_out, client_told, facts_of
from apidiff.usage.cube.value import NOTHING
from apidiff.usage.keys import digests
from apidiff.usage.options import Options
from apidiff.usage.read.values import parquet_files
from apidiff.usage.version import kept_version

if TYPE_CHECKING:
    import pyarrow as pa

    from apidiff.usage.cube.engine import Remote

Rows = list[tuple[Any, ...]]
_DAY = 4
"""Where the day is in a row of the cube, behind `key`, `route`, `detail` and `agent`."""
_BEGIN, _OVER = 2, 3
"""Where the days are on which a row of attempts began and from which on it is over, behind `key` and `route`."""
_FIRST = date(1970, 1, 1).toordinal()
_PASSWORD = re.compile(r"(?<=://)([^:/@]*):[^/@]*@")


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rows of the days from `since` on and before `until`.

    Attempts have to be looked for again from the day `opened` on; of `every` so many moments one was looked at.
    """

    rows: Rows
    until: date
    since: date
    opened: date = date.max
    every: int = 0


class Days:
    """A table, and what is kept of its days; without a folder nothing is, and rows are as the engine gives them.

    Days are kept from `late_days` before today on: up to then rows may come late. `facts` are what may be shown of the
    keys in whose place a digest stands.
    """

    def __init__(self, remote: "Remote", options: Options, salt: bytes) -> None:
        self._remote, self._options, self._salt = remote, options, salt
        self._home: Path | None = None
        self.facts: dict[str, Facts] = {}
        self._until = options.today - timedelta(days=options.late_days) if options.today else date.min
        if options.cache is not None and options.today is not None:
            where = replace(options, engine=_without_secrets(options.engine))
            routes = remote.routes
            shape = fingerprint_of_shape(where, routes, salt, "days", routes.ignores_slashes, remote.columns)
            self._home = options.cache / f"days-{shape}"

    @property
    def fields(self) -> frozenset[str]:
        """The canonical fields that the table has."""
        return self._remote.fields

    def expect(self, questions: Iterable[Asked]) -> None:
        """See `Remote.expect`."""
        self._remote.expect(questions)

    def told(self) -> Iterator[tuple[str, str, str]]:
        """See `Remote.told`."""
        return self._remote.told()

    def sights(self, questions: Sequence[Asked], since: datetime) -> Rows:
        """The rows of `Remote.sights`: from the cube, or of all days."""
        return self._remote.sights(questions, since)

    def shapes(self, **asked: Any) -> Rows:
        """The rows of `Remote.shapes`."""
        return self._remote.shapes(**asked)

    def cube(self) -> "pa.Table":
        """The columns of `Remote.cube`."""
        return self._remote.cube() if self._home is None else self._remote.cube(self._counts)

    def _counts(self) -> "pa.Table":
        name = f"cube-{_name_of(self._remote.bits, self._salt)}"
        since, kept = self._remote.since, self._kept(name)
        table = None if kept is None or kept.since > since else self._continued(kept, since)
        if table is None:
            if self._home is not None:
                shutil.rmtree(self._home, ignore_errors=True)
            found = self._remote.counts()
            table = _table(self._named(rows_of(found)), found.schema)
        rows = rows_of(table)
        if not (self._options.partition and any(row[_DAY] is None for row in rows)):
            # rows without a time are asked for each time, and those of older partitions could not be
            over = [row for row in rows if row[_DAY] is not None and row[_DAY] < self._until]
            self._keep(name, _Kept(over, self._until, since))
        elif self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
        return table

    def _continued(self, kept: _Kept, since: date) -> "pa.Table | None":
        """The cube of the days that were kept and of those since then; None where the last one is not what it was."""
        seam = kept.until - timedelta(days=1)
        if seam < since:
            return None
        found = self._remote.between(seam).counts()
        fresh = self._named(rows_of(found))
        before = Counter(row for row in kept.rows if row[_DAY] == seam)
        if before != Counter(row for row in fresh if row[_DAY] == seam):
            return None
        return _table([row for row in kept.rows if since <= row[_DAY] < seam] + fresh, found.schema)

    def attempts(self, rows: int) -> "pa.Table":
        """What `Remote.attempts` says of a log with about so many rows.

        A row of failures may go on for days: it is kept once it is over, and until then looked for from where it began.
        Those that began before the first day that is read are counted anew from that day on.
        """
        every, since, kept = self._remote.step(rows), self._remote.since, self._kept("attempts")
        if self._home is None:
            return self._remote.attempts(every)
        if kept is None or kept.every != every or kept.since > since or kept.opened <= since:
            found, schema = self._attempts(self._remote, every)
        else:
            fresh, schema = self._attempts(self._remote.between(kept.opened), every)
            found = [*self._kept_attempts(kept, since), *(row for row in fresh if row[_OVER] >= _number(kept.until))]
        end = _number(self._until)
        begun = [_day(row[_BEGIN]) for row in found if row[_OVER] >= end]
        over = [row for row in found if row[_OVER] < end]
        self._keep("attempts", _Kept(over, self._until, since, min([self._until, *begun]), every))
        return _table([(*row[:_BEGIN], *row[_OVER + 1 :]) for row in found], schema.remove(_OVER).remove(_BEGIN))

    def _kept_attempts(self, kept: _Kept, since: date) -> Rows:
        """The attempts that were kept, as they are where nothing before a day is read."""
        first = _number(since)
        rows = [row for row in kept.rows if row[_BEGIN] >= first]
        cut = [row[_OVER] for row in kept.rows if row[_BEGIN] < first <= row[_OVER]]
        if not cut:
            return rows
        end = max([*cut, *(row[_OVER] for row in rows if row[_BEGIN] == first)]) + 1
        again, _ = self._attempts(self._remote.between(since, _day(end)), kept.every)
        return [row for row in rows if row[_BEGIN] > first] + [row for row in again if row[_BEGIN] == first]

    def _attempts(self, remote: "Remote", every: int) -> "tuple[Rows, pa.Schema]":
        found = remote.attempts(every, daily=True)
        return [(name, *row[1:]) for name, row in self._with_names(rows_of(found))], found.schema

    def _named(self, rows: Rows) -> Rows:
        """Rows of the cube with what may be kept of keys, versions and clients in their place."""
        agents: dict[str | None, str] = {}
        excluded = self._options.exclude_user_agents
        found = []
        for name, (_, route, detail, agent, *rest) in self._with_names(rows):
            if agent not in agents:
                agents[agent] = client_out(client_told(_said(agent), excluded))
            found.append((name, route, kept_version(_said(detail)) if route > 0 else detail, agents[agent], *rest))
        return found

    def _with_names(self, rows: Rows) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Each row with what stands for its key, "" where it has none."""
        keys = sorted({key for key, *_ in rows if _said(key)})
        names = digests(keys, self._salt, self._options.threads)
        self.facts |= {name: facts_of(key) for key, name in names.items()}
        return ((f"{STOOD_FOR}{names[row[0]]}" if row[0] in names else "", row) for row in rows)

    def _kept(self, name: str) -> _Kept | None:
        """What is kept under a name; None where nothing is, or of later days."""
        if self._home is None:
            return None
        entry = self._home / name
        try:
            meta = json.loads((entry / "kept.json").read_text())
            until, since, opened = (date.fromisoformat(meta[name]) for name in ("until", "since", "opened"))
            every = int(meta["every"])
            if until > self._until:
                return None
            keys = {f"{STOOD_FOR}{key}": (masked, test, secret) for key, masked, test, secret in _read(entry, "keys")}
            rows = [tuple(row) for row in _read(entry, "rows")]
        except Exception:  # noqa: BLE001 - whatever is wrong with an entry, it is built anew
            return None
        if not {row[0] for row in rows} <= keys.keys() | {""}:
            return None
        self.facts |= {name.removeprefix(STOOD_FOR): facts for name, facts in keys.items()}
        return _Kept(rows, until, since, opened, every)

    def _keep(self, name: str, kept: _Kept) -> None:
        """Keeps rows of days that are over; what can't be written is not kept."""
        import duckdb

        if self._home is None:
            return
        keys = sorted({row[0].removeprefix(STOOD_FOR) for row in kept.rows if row[0]})
        days = {name: getattr(kept, name).isoformat() for name in ("until", "since", "opened")}
        meta = days | {"every": kept.every}
        with suppress(OSError, duckdb.Error), new_entry(self._home / name) as entry:
            _write(entry, "keys", [(key, *self.facts[key]) for key in keys])
            _write(entry, "rows", kept.rows)
            write(entry / "kept.json", json.dumps(meta).encode())


def _table(rows: Rows, schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa

    return (
        pa.table([list(column) for column in zip(*rows, strict=True)], schema=schema) if rows else schema.empty_table()
    )


def _number(day: date) -> int:
    return day.toordinal() - _FIRST


def _day(number: int) -> date:
    return date.fromordinal(_FIRST + number)


def _said(text: str | None) -> str:
    """A text, "" where it is one of those that stand for none."""
    return "" if text is None or text.lower() in NOTHING else text


def _name_of(bits: dict[Asked, int], salt: bytes) -> str:
    """What stands for the questions of a cube: it shows neither the names nor the values asked about."""
    return hashlib.blake2b(repr(sorted(bits.items())).encode(), key=salt, digest_size=12).hexdigest()


def _without_secrets(url: str) -> str:
    """The URL of an engine without a password: with another one the table is the same."""
    return _PASSWORD.sub(r"\1@", url)


def _read(entry: Path, name: str) -> Rows:
    import duckdb

    with closing(duckdb.connect()) as connection:
        return connection.execute(f"SELECT * FROM {parquet_files(str(entry / f'{name}.parquet'))}").fetchall()


def _write(entry: Path, name: str, rows: Rows) -> None:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=[f"c{place}" for place in range(len(rows[0]))] if rows else ["c0"])
    for column in frame.columns[: _DAY + 1]:
        frame[column] = frame[column].astype(object)
    write_frame(entry / f"{name}.parquet", frame)
