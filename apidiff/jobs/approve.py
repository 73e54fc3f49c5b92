"""Approves changes: finds them in a plan or in two specs, and writes waivers that hold for their values alone."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from apidiff.words.changes import Waiver
from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    from apidiff.config import Config
    from apidiff.words.changes import Change


def changes_of_plan(plan: Path) -> "tuple[Change, ...]":
    """The changes of a plan folder. Errors: those of reading it."""
    from apidiff.folder.plan_file import read_plan

    return tuple(one.change for one in read_plan(plan).changes)


def changes_of_specs(base: str, revision: str, settings: "Config", *, today: date) -> "tuple[Change, ...]":
    """The changes between two specs. Errors: those of reading them."""
    from apidiff import compare
    from apidiff.jobs.plan import judgement_of

    return tuple(compare(base, revision, judgement=judgement_of(settings, today=today)).changes)


def approve(
    changes: "Sequence[Change]", names: Sequence[str], *, waiver: Waiver, file: Path
) -> "tuple[str, tuple[Change, ...]]":
    """The text of a configuration with the changes approved, and these.

    Errors: `approval-unknown` for an id that no break has, `config-invalid`.
    """
    from apidiff.config import WaiverEntry
    from apidiff.config.amend import text_of
    from apidiff.config.approvals import approved
    from apidiff.words.changes import ENDANGERING

    known = {change.id: change for change in changes if change.level in ENDANGERING}
    for name in names:
        if name not in known:
            ids = ", ".join(list(known)[:5])
            raise ApidiffError(
                f"there is no break {name[:60]!r} to approve",
                code="approval-unknown",
                hint=f"The reports print the id of each change: {ids}." if ids else "Nothing breaks.",
                status=Exit.USAGE,
            )
    found = tuple(known[name] for name in dict.fromkeys(names))
    entries = [WaiverEntry(waiver, change=change.id, values=change.values) for change in found]
    return approved(text_of(file), entries), found
