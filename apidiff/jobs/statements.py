"""What would be sent to the engine that holds the logs: nothing of it is run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from apidiff.jobs.plan import Job, asked_by, operations_of

if TYPE_CHECKING:
    from apidiff.usage.options import Options


def statements_of_plan(job: Job) -> str:
    """The statements of a plan as SQL, each with what the engine says that it would cost, as comments.

    Errors: those of reading the specs; `engine-not-installed`, `engine-failed`, `engine-table-missing`.
    """
    from apidiff.comparison.compare import compared
    from apidiff.usage.ask.join import foreseen
    from apidiff.usage.cube.measure import sent

    comparison, _ = compared(job.base, job.revision, judgement=job.judgement, allow_ref=job.allow_ref)
    options = asked_by(job, comparison)
    foresee = partial(foreseen, comparison.changes, comparison.operations, options)
    return sent(comparison.operations, options=options, foresee=foresee)


def statements_of_usage(specs: Sequence[str], *, options: "Options", today: date, allow_ref: bool) -> str:
    """The same of a report on usage."""
    from apidiff.usage.cube.measure import sent

    operations = [operation for spec in specs for operation in operations_of(spec, allow_ref=allow_ref)]
    return sent(operations, options=replace(options, today=today))
