"""What a log daemon writes before a line: syslog, journald, a container's runtime."""

import re
from collections.abc import Sequence

_TAG = rb"[\w./@-]+(?:\[\d+\])?: "
_DATE, _CLOCK, _ZONE = rb"\d{4}-\d\d-\d\d", rb"\d\d:\d\d:\d\d(?:[.,]\d+)?", rb"(?:Z|[+-]\d\d:?\d\d)"
_STAMP = rb"%bT%b%b" % (_DATE, _CLOCK, _ZONE)
_DATA = rb'(?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+)'
PREFIX = re.compile(
    b"|".join(
        (
            # RFC 5424: <134>1 2026-03-14T08:26:53.5Z host nginx 772 access [origin ip="10.0.0.1"]
            rb'<\d{1,3}>1 (?:%b|-) \S+ \S+ \S+ \S+ (?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+) (?:\xef\xbb\xbf)?'
            % _STAMP,
            # RFC 3164 and journalctl: <134>Mar 14 08:26:53 host caddy[772]:
            rb"(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \S+ %b" % _TAG,
            # rsyslog's own and journalctl -o short-iso: 2026-03-14T08:26:53.5+00:00 host nginx:
            rb"(?:<\d{1,3}>)?%b \S+ %b" % (_STAMP, _TAG),
            # a container's runtime: 2026-03-14T08:26:53.5Z stdout F
            rb"%b (?:stdout|stderr) [FP] " % _STAMP,
            # CloudWatch's export, and whatever else puts the time before a line with a time of its own
            rb"%b[ \t]+(?=\{|\S+ \S+ [^\[]{0,200}\[\d\d/[A-Z][a-z]{2}/\d{4}:)" % _STAMP,
            # kubectl logs --prefix, the mark of RFC 7464, Docker Compose, a Procfile's runner, stern
            rb"\[pod/\S+\] |\x1e",
            rb"(?:\d\d:\d\d:\d\d )?[\w.-]+ +\| ?",
            rb"[a-z0-9-]+ [a-z0-9-]+ (?=\d{1,3}(?:\.\d{1,3}){3} )",
            # kubetail
            rb"\[[\w./-]+(?: [\w./-]+)?\] (?=\d{1,3}(?:\.\d{1,3}){3} )",
            # any words before a whole object
            rb"(?:[^\s{\"]{1,120}[ \t]+(?:\|[ \t]+)?){1,6}(?=\{\".*\}(?: \[\])?\s*$)",
        )
    )
)
"""The prefix of a line, as bytes."""


PARTIAL = re.compile(rb"%b (stdout|stderr) ([FP]) " % _STAMP)
"""What a container's runtime writes, with whether a line goes on in the next (P) or ends (F)."""
TIMED = re.compile(rb"(?:<\d{1,3}>(?:1 )?)?\[?(%b[T ]%b%b?)\]?\s.*" % (_DATE, _CLOCK, _ZONE), re.DOTALL)
"""A prefix that begins with a time."""
NOTHING_MORE = re.compile(rb"(?<=\}) \[\](?=\s*$)")
"""What Monolog writes behind an object, where it has nothing more to say."""


def have_prefixes(lines: Sequence[str]) -> bool:
    """Whether most lines have a prefix."""
    some = [line for line in lines if line.strip()]
    return bool(some) and sum(bool(PREFIX.match(line.encode())) for line in some) * 2 >= len(some)
