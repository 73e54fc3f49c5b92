"""Puts what a workplace holds into the place of what a folder holds, and mends what a killed run left half done.

A journal in the workplace names what is exchanged before the first of it is moved. While it is there the exchange is
not over: whoever comes next finishes or undoes it.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from apidiff.folder.workplace import PATIENCE_SECONDS, clear, left_in, locked, sync, undisturbed
from apidiff.words.errors import ApidiffError

_JOURNAL: Final = "journal"
_DONE: Final = "done"
"""What the journal is called when the exchange is over and only its leftovers are there."""


@dataclass(frozen=True, slots=True)
class _Exchange:
    """The names that come into the folder, and those that it had before."""

    new: frozenset[str]
    old: frozenset[str]

    @property
    def names(self) -> list[str]:
        return sorted(self.new | self.old)


def exchange(work: Path, out: Path, names: Iterable[str]) -> None:
    """Puts each item of `work/new` into the place of the old one, which goes; whatever stops it, all are put back."""
    wanted = sorted(set(names))
    plan = _Exchange(
        new=frozenset(name for name in wanted if os.path.lexists(work / "new" / name)),
        old=frozenset(name for name in wanted if os.path.lexists(out / name)),
    )
    (work / "old").mkdir(mode=0o700)
    _keep(work, plan)
    try:
        _forward(work, out, plan)
    except BaseException:
        _back(work, out, plan)
        _finish(work)
        raise
    _finish(work)


def is_over(work: Path) -> bool:
    """Whether nothing in a workplace is needed any more: its exchange is done, undone, or was never begun."""
    return not (work / _JOURNAL).exists()


def recover(folder: Path) -> tuple[str, ...]:
    """Mends what a killed run left of a plan folder, and says what it did; nothing where nothing was left.

    Errors: `folder-interrupted` where that would lose what people wrote since, or the folder cannot be written.
    """
    for work in left_in(folder.absolute().parent):
        # In it a folder was made that was not there before.
        _settle(work, None)
    if not left_in(folder):
        return ()
    with locked(folder, seconds=PATIENCE_SECONDS) as mine:
        if not mine:
            raise busy(folder)
        return tuple(said for work in left_in(folder) for said in _settle(work, folder))


def busy(folder: Path) -> ApidiffError:
    """The error for a folder in which another run is at work."""
    return ApidiffError(
        "another run is exchanging the files of this folder",
        code="folder-busy",
        at=str(folder),
        hint="wait until it is done, or end it if it hangs; then run this again",
    )


def _settle(work: Path, out: Path | None) -> tuple[str, ...]:
    with locked(work) as dead:
        if not dead:
            return ()
        if is_over(work):
            if (work / _DONE).exists() or not _has_entries(work / "old"):
                clear(work)
                return ()
            return (f"{work}: an interrupted run has left what it moved out of the way: look whether it is needed",)
        if out is None:
            return ()  # It is another folder's.
        try:
            with undisturbed():
                said = _mended(work, out, _read(work))
                _finish(work)
                clear(work)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise _stuck(
                work, f"the folder is left half exchanged by a run that was ended, and cannot be mended: {reason}"
            ) from error
        return (f"{out}: {said}",)


def _mended(work: Path, out: Path, plan: _Exchange) -> str:
    """Finishes or undoes an exchange, so that nothing written since it was stopped is lost; what was done in words."""
    pending = [name for name in plan.names if _is_pending(work, name, plan)]
    if not pending:
        return "a run was ended just after it had exchanged all files; they are as it wrote them"
    since = (work / _JOURNAL).stat().st_mtime_ns
    is_new_edited = any(_is_edited(out / name, since) for name in plan.new - set(pending))
    is_old_edited = any(_is_edited(out / name, since) for name in plan.old & set(pending))
    if is_new_edited and is_old_edited:
        raise _stuck(
            work, "a run was ended while it exchanged files, and since then both old and new ones were written into"
        )
    if is_new_edited:
        _forward(work, out, plan)
        return "a run was ended while it exchanged files; the rest is exchanged now, for new ones were written into"
    _back(work, out, plan)
    return "a run was ended while it exchanged files; all are put back as they were before it"


def _forward(work: Path, out: Path, plan: _Exchange) -> None:
    """Moves what is not moved yet."""
    for name in plan.names:
        is_there = name in plan.old and os.path.lexists(out / name)
        if is_there and _is_pending(work, name, plan) and not os.path.lexists(work / "old" / name):
            _move(out / name, work / "old" / name)
        if os.path.lexists(work / "new" / name):
            _move(work / "new" / name, out / name)
    for folder in (out, work / "old", work / "new"):
        sync(folder)


def _back(work: Path, out: Path, plan: _Exchange) -> None:
    """Moves back what was moved; it may be stopped and begun again at any place."""
    for name in reversed(plan.names):
        if name in plan.new and not os.path.lexists(work / "new" / name) and os.path.lexists(out / name):
            _move(out / name, work / "new" / name)
        if os.path.lexists(work / "old" / name):
            _move(work / "old" / name, out / name)
    sync(out)


def _is_pending(work: Path, name: str, plan: _Exchange) -> bool:
    """Whether the item is not exchanged, or only half."""
    if name in plan.new:
        return os.path.lexists(work / "new" / name)
    return not os.path.lexists(work / "old" / name)


def _move(source: Path, target: Path) -> None:
    if os.path.lexists(target):
        # Renaming would write over it in silence, and it is none of those that were exchanged.
        raise FileExistsError(17, f"{target.name} is there again, and the earlier one in {source.parent}")
    source.rename(target)


def _is_edited(path: Path, since: int) -> bool:
    """Whether somebody wrote into a file since; our own folders are nobody's to write into."""
    return path.is_file() and path.stat().st_mtime_ns > since


def _keep(work: Path, plan: _Exchange) -> None:
    part = work / f"{_JOURNAL}.part"
    part.write_text(
        json.dumps({name: sorted(names) for name, names in asdict(plan).items()}), "utf-8", "surrogateescape"
    )
    sync(part)
    part.rename(work / _JOURNAL)
    sync(work)
    sync(work.parent)


def _read(work: Path) -> _Exchange:
    try:
        data = json.loads((work / _JOURNAL).read_bytes())
        return _Exchange(_names(data, "new"), _names(data, "old"))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _stuck(work, "the journal of a run that was ended cannot be read") from error


def _names(data: Mapping[str, Any], side: str) -> frozenset[str]:
    """Names of items of one folder: a journal that leads elsewhere is none of ours."""
    names: Sequence[Any] = data[side]
    if not isinstance(names, list) or not all(isinstance(name, str) and _is_plain(name) for name in names):
        raise ValueError(side)
    return frozenset(names)


def _is_plain(name: str) -> bool:
    return name not in ("", ".", "..") and Path(name).name == name


def _finish(work: Path) -> None:
    (work / _JOURNAL).rename(work / _DONE)
    sync(work)


def _has_entries(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _stuck(work: Path, message: str) -> ApidiffError:
    return ApidiffError(
        message,
        code="folder-interrupted",
        at=str(work),
        hint="`old` in it is what was there before, `new` what was to come: put back what you need, then delete it",
    )
