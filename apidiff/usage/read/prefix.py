"""SHELL: what a log daemon writes before a line (syslog, journald, a container's runtime), taken off again.

It is taken off where most of the first lines have it, and counted; line numbers stay what they were.
"""

import re
from contextlib import suppress
from dataclasses import replace

from apidiff.usage.read.sources import LogFile, Workspace, first_lines, open_log

_TAG = r"[\w./@-]+(?:\[\d+\])?: "
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)"
_PREFIX = re.compile(
    "|".join(
        (
            # RFC 5424: <134>1 2026-03-14T08:26:53.5Z host nginx 772 access [origin ip="10.0.0.1"]
            rf'<\d{{1,3}}>1 (?:{_STAMP}|-) \S+ \S+ \S+ \S+ (?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+) (?:\ufeff)?',
            # RFC 3164 and journalctl: <134>Mar 14 08:26:53 host caddy[772]:
            rf"(?:<\d{{1,3}}>)?[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \S+ {_TAG}",
            # rsyslog's own and journalctl -o short-iso: 2026-03-14T08:26:53.5+00:00 host nginx:
            rf"(?:<\d{{1,3}}>)?{_STAMP} \S+ {_TAG}",
            # a container's runtime: 2026-03-14T08:26:53.5Z stdout F
            rf"{_STAMP} (?:stdout|stderr) [FP] ",
        )
    )
)


def unprefixed(file: LogFile, workspace: Workspace) -> LogFile:
    """A copy of a file without prefixes, line by line, or the file itself where most of its first lines have none."""
    lines = [line for line in first_lines(file) if line.strip()]
    if not lines or sum(bool(_PREFIX.match(line)) for line in lines) * 2 < len(lines):
        return file
    target = workspace.folder / f"stripped-{len(list(workspace.folder.iterdir()))}.log"
    count = 0
    with open_log(file) as source, target.open("wb") as copy, suppress(EOFError):  # what a cut archive still gives
        for line in source:
            text = line.decode("utf-8", "surrogateescape")
            end = _PREFIX.match(text)
            count += end is not None
            copy.write(line if end is None else text[end.end() :].encode("utf-8", "surrogateescape"))
    return replace(file, path=str(target), size=target.stat().st_size, prefixes=count)
