"""Plans for 100,000 integrators and 1,000 changes: run as a program, it prints time and peak memory, stage by stage.

`python tests/bench/bench_plan.py [INTEGRATORS] [CHANGES]`; the bound of the design is 30 s and 1 GB.
"""

import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from apidiff.folder.plan_file import read_plan
from apidiff.folder.whole import write_folder
from apidiff.folder.written import read_previous
from apidiff.plan.make import Brief, make_plan
from apidiff.plan.policy import read
from apidiff.render.plan import render_plan
from apidiff.usage.evidence import Account, Activity, Coverage, Evidence, Exposures, Impact
from apidiff.words.changes import Change, Comparison, Effort, Level, OperationEntry, SpecHead
from apidiff.words.facts import ABSENT
from apidiff.words.operation import OperationId

START = datetime(2026, 8, 18, tzinfo=UTC)


def comparison(changes: int) -> Comparison:
    operations = tuple(
        OperationEntry(OperationId(f"GET /v1/things/{number}"), "GET", f"/v1/things/{number}", None, "both")
        for number in range(400)
    )
    made = tuple(
        Change(
            id=f"{number:012x}", rule="property-removed", level=Level.BREAKING, direction=None,
            base=f"#/components/schemas/S{number}", revision=None, before=ABSENT, after=ABSENT, why="",
            title=f"change {number}",
            operations=(operations[number % 400].id,), places=(), effort=list(Effort)[number % 4],
        )
        for number in range(changes)
    )  # fmt: skip
    head = SpecHead("a.yaml", "Bench", "1", "openapi 3.1.0", 400)
    return Comparison(head, head, operations, made)


def exposures(integrators: int, changes: tuple[Change, ...]) -> Exposures:
    draw = random.Random(7)
    activities, impacts = [], []
    for number in range(integrators):
        name = f"acct-{number:06d}"
        mine = draw.sample(changes, 3)
        last = START + timedelta(days=draw.randrange(90))
        successes = draw.randrange(1, 10_000)
        activities.append(
            Activity(
                Account(name, f"Account {number}", f"dev@{name}.example", "Owner", draw.random() * 1e5, "pro"),
                ("hb_live_…abcd",), tuple(change.operations[0] for change in mine), successes, successes + 5,
                draw.randrange(1, 90), START, last, draw.randrange(1, 9),
            )
        )  # fmt: skip
        for change in mine:
            evidence = draw.choice(list(Evidence))
            impacts.append(
                Impact(name, (change.id,), evidence, change.operations, successes, successes, 5, START, last)
            )
    return Exposures(
        Coverage(rows=1, matched=1, first=START, last=START + timedelta(days=89), days_with_data=90, span_days=90),
        tuple(activities),
        tuple(impacts),
    )


def measure(integrators: int, changes: int, folder: Path) -> Iterator[tuple[str, float, float]]:
    """Each stage with its seconds and the peak memory of the whole process until then, in MB."""
    specs = comparison(changes)
    hits = exposures(integrators, specs.changes)
    for stage in ("plan", "plan again into the same folder"):
        begin = time.perf_counter()
        previous = read_previous(folder)
        plan = make_plan(specs, hits, Brief(today=date(2026, 11, 20), policy=read(None), previous=previous.written))
        assert len(plan.integrators) == integrators
        yield f"{stage}: make it", time.perf_counter() - begin, _peak()
        write_folder(render_plan(plan), folder)
        yield f"{stage}: and write the folder", time.perf_counter() - begin, _peak()
        del plan, previous
    begin = time.perf_counter()
    assert len(read_plan(folder).integrators) == integrators
    yield "read plan.json back", time.perf_counter() - begin, _peak()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    size = [int(argument) for argument in sys.argv[1:3]]
    people, edits = (size + [100_000, 1_000][len(size) :])[:2]
    print(f"{people:,} integrators x {edits:,} changes")
    with TemporaryDirectory() as home:
        for stage, elapsed, memory in measure(people, edits, Path(home) / "plan"):
            print(f"{stage:48} {elapsed:6.1f} s {memory:6.0f} MB peak", flush=True)
