"""Compares each version of a spec in a git history with the one before it: each read once, an unchanged one never.

The versions are shared out to processes in runs; where one run ends and the next begins, a version is read twice.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Final

from apidiff.comparison.history import History, Step, Unread, Version, step_of, told
from apidiff.load import Document, load
from apidiff.load.log import Touch, touches
from apidiff.words.errors import ApidiffError

_RUN: Final = 8
"""Versions below which no process is worth its start."""

Run = tuple[list[Step], list[Unread], "Version | None", list[str], "Touch | None"]


def history(source: str, *, since: str = "", allow_ref: bool = False) -> History:
    """The history of `REV:PATH`, or of a path at HEAD.

    Errors: those of `touches`; `history-unreadable` where no commit holds a spec that can be read.
    """
    found, same = _changed(touches(source))
    workers = min(os.cpu_count() or 1, len(found) // _RUN)
    if workers < 2:
        runs = [_run(found, allow_ref)]
    else:
        size = -(-len(found) // workers)
        # each run begins with the last version of the one before
        shares = [found[max(start - 1, 0) : start + size] for start in range(0, len(found), size)]
        with ProcessPoolExecutor(workers) as pool:
            runs = list(pool.map(_run, shares, [allow_ref] * len(shares)))
        runs = _mended(runs, shares, found, allow_ref)
    steps = [step for run in runs for step in run[0]]
    unread = tuple(dict.fromkeys(one for run in runs for one in run[1]))
    first = next((run[2] for run in runs if run[2] is not None), None)
    if first is None:
        raise ApidiffError(
            f"none of {len(found):,} versions is a spec that can be read: {unread[0].why}",
            code="history-unreadable",
            at=source,
            hint="Check the path, and the newest version with `apidiff diff`.",
        )
    deprecated = next(run[3] for run in runs if run[2] is not None)
    whole = told(steps, first=first, deprecated=deprecated, source=source, since=since)
    return replace(whole, unread=tuple(one for one in unread if one.day >= since), same=same)


def _changed(all_touches: Sequence[Touch]) -> tuple[list[Touch], int]:
    """The commits that made another file of it, and how many only moved it or changed its rights."""
    found: list[Touch] = []
    for one in all_touches:
        if not found or one.blob != found[-1].blob:
            found.append(one)
    return found, len(all_touches) - len(found)


def _run(share: Sequence[Touch], allow_ref: bool) -> Run:
    """The steps between the versions of one run, what could not be read, and the first and last that could."""
    from apidiff.comparison.compare import Judgement, compare

    steps: list[Step] = []
    unread: list[Unread] = []
    first: Version | None = None
    deprecated: list[str] = []
    previous: Document | None = None
    last: Touch | None = None
    for touch in share:
        if not touch.blob:
            unread.append(Unread(touch.commit, touch.day, "the file was removed"))
            continue
        try:
            document = load(touch.source, allow_ref=allow_ref)
            version = _version(touch, document)
            if previous is None:
                alone = compare(document, document, judgement=Judgement(witnesses=False))
                first, deprecated = version, [entry.id for entry in alone.operations if entry.deprecated]
            else:
                # judged as on the day of the commit: a sunset that was ahead then had not passed
                how = Judgement(today=date.fromisoformat(touch.day), witnesses=False)
                steps.append(step_of(compare(previous, document, judgement=how), version))
            previous, last = document, touch
        except ApidiffError as problem:
            unread.append(Unread(touch.commit, touch.day, f"{problem.message} [{problem.code}]"))
    return steps, unread, first, deprecated, last


def _mended(runs: list[Run], shares: Sequence[Sequence[Touch]], found: Sequence[Touch], allow_ref: bool) -> list[Run]:
    """The runs, where one begins with a version that can't be read done again from the last before it that could."""
    last: Touch | None = None
    mended: list[Run] = []
    for run, share in zip(runs, shares, strict=True):
        begins = share[0]
        if last is not None and last != begins:
            start, end = found.index(last), found.index(share[-1])
            run = _run(found[start : end + 1], allow_ref)  # noqa: PLW2901 - the same run, from where it has to begin
        mended.append(run)
        last = run[4] or last
    return mended


def _version(touch: Touch, document: Document) -> Version:
    info = document.root.get("info")
    said = info if isinstance(info, dict) else {}
    return Version(touch.commit, touch.day, touch.path, str(said.get("version", "")), str(said.get("title", "")))
