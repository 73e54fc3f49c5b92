"""Writes what oasdiff's files say into apidiff.yaml; what stands there already stays, comments included."""

from collections.abc import Sequence
from pathlib import Path

from apidiff.config.amend import text_of
from apidiff.config.approvals import approved
from apidiff.config.levels import levelled
from apidiff.config.settings import Config
from apidiff.jobs.oasdiff.files import Found, read_file, settle


def imported(
    files: Sequence[Path], settings: Config, *, into: Path, owner: str, expires: str | None
) -> tuple[str, Found]:
    """The new text of a configuration, and what was found; a level or waiver that is there already is not touched.

    Errors: `import-unreadable`, `config-invalid`.
    """
    found = Found()
    for file in files:
        read_file(file, found, owner=owner, expires=expires)
    settle(found)
    known = {(one.rule, one.operation) for one in settings.waivers}
    fresh = {(one.rule, one.operation): one for one in found.waivers if (one.rule, one.operation) not in known}
    found.waivers = list(fresh.values())
    for rule in sorted(found.levels.keys() & settings.levels.keys()):
        said = settings.levels[rule]
        if said is not found.levels[rule]:
            found.notes.append(f"{rule}: {said.value} stays, as {into.as_posix()} has it")
        del found.levels[rule]
    text = text_of(into)
    if found.levels:
        text = levelled(text, found.levels)
    if found.waivers:
        text = approved(text, found.waivers)
    return text, found
