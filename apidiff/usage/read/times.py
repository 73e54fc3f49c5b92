"""Times as logs write them, as data: a pattern for each way, whose named groups are the parts of a time.

A pattern holds for Python, which looks at the first rows, and for the engine, which reads all of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_MON = r"(?P<mon>(?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Za-z]*"
_CLOCK = r"(?P<h>\d{1,2}):(?P<min>\d\d)(?::(?P<s>\d\d)(?:[.,:](?P<frac>\d{1,9}))?)?"
_AMPM = r"(?: ?(?P<ap>[AaPp])\.?[Mm]\.?)?"
_OFFSET = r"(?P<zone>[+-]\d\d(?::?\d\d)?|[Zz]|UTC|GMT|UT)"
_ZONE = r"(?P<zone>(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?|Z|[A-Z]{1,4}T|UTC?|[A-Z][a-z]+(?:/[A-Za-z_]+)+)"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to write a time; the named groups of its pattern are the parts."""

    name: str
    pattern: str
    example: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that it has."""
        return tuple(re.compile(self.pattern).groupindex)


WAYS: tuple[Way, ...] = (
    Way(
        "iso",
        rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:[Tt_]| - |, | ){_CLOCK}{_AMPM}(?: ?{_OFFSET}"
        rf"(?: [A-Z]{{3,4}})?(?:\[[A-Za-z_/]+\])?(?: m=[+-][\d.]+)?| {_ZONE.replace('zone', 'named')})?",
        "2026-03-14 08:26:53,250 +0000 UTC",
    ),
    Way("day", r"(?P<y>\d{4})[-/.](?P<m>\d\d)[-/.](?P<d>\d\d)", "2026-03-14"),
    Way(
        "basic",
        r"(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)[Tt ]?(?P<h>[0-2]\d):?(?P<min>[0-5]\d):?(?P<s>[0-5]\d)"
        rf"(?:[.,]?(?P<frac>\d{{1,9}}))?{_OFFSET}?",
        "20260314T082653Z",
    ),
    Way(
        "clf",
        rf"(?P<d>\d{{1,2}})[/ -]{_MON}[/ -](?P<y>\d{{4}}|\d\d)(?::| - | ){_CLOCK}{_AMPM}(?: ?{_ZONE})?",
        "14/Mar/2026:08:26:53 +0000",
    ),
    Way(
        "rfc1123",
        rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? (?P<d>\d{{1,2}})[ -]{_MON}[ -](?P<y>\d{{4}}|\d\d) {_CLOCK}"
        rf"(?: {_ZONE})?(?: \([A-Za-z ]+\))?",
        "Sat, 14 Mar 2026 08:26:53 GMT",
    ),
    Way(
        "ctime",
        rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?{_MON} +(?P<d>\d{{1,2}}) {_CLOCK}(?: {_ZONE})? (?P<y>\d{{4}})",
        "Sat Mar 14 08:26:53 2026",
    ),
    Way(
        "month-first",
        rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?{_MON} +(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})"
        rf"(?: @ |, | at | ){_CLOCK}{_AMPM}(?: {_ZONE})?(?: \([A-Za-z ]+\))?",
        "Mar 14, 2026 @ 08:26:53.250",
    ),
    Way(
        "dotted", rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}}),? {_CLOCK}(?: ?{_ZONE})?", "14.03.2026 08:26:53"
    ),
)
"""What tells its parts by itself. A month's name may be longer, a fraction begins with a point or a comma."""

SLASHED = Way(
    "slashed",
    rf"(?P<one>\d{{1,2}})[/-](?P<two>\d{{1,2}})[/-](?P<y>\d{{4}}),? {_CLOCK}{_AMPM}(?: ?{_ZONE})?",
    "03/14/2026 08:26:53 AM",
)
"""A day and a month of which one has to say which is which."""
MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
ORDERS = (MONTH_FIRST, DAY_FIRST)

_EPOCH = re.compile(r"\d{9,19}([.,]\d+)?|\\?/Date\(\d{9,14}([+-]\d{4})?\)\\?/")
ROUNDED = r"(\d([.,]\d+)?)E\+(\d\d)"
"""A number as spreadsheets show it: with fewer digits than it has."""
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
MINUTES_EAST = {
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
    "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "JST": 540,
}  # fmt: skip
"""Minutes east of Greenwich, of names that mean one zone (RFC 5322, 4.3, and Europe's), as BST and IST don't."""
_COMPILED = {way.name: re.compile(way.pattern) for way in (*WAYS, SLASHED)}


def way_of(value: Any) -> str:
    """The way in which a value is a time: its name, `epoch`, `rounded` where digits were lost, "" where it is none."""
    text = _bare(value)
    if is_rounded(text):
        return "rounded"
    for name, pattern in _COMPILED.items():
        if pattern.fullmatch(text):
            return name
    is_number = _EPOCH.fullmatch(text) or (_SCIENTIFIC.fullmatch(text) and 1e8 <= float(text) < 1e20)
    return "epoch" if is_number else ""


def _bare(value: Any) -> str:
    text = str(value).strip()
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def is_rounded(text: str) -> bool:
    """Whether a number is a spreadsheet's with fewer digits than it had (`1.77236E+09`)."""
    found = re.fullmatch(ROUNDED, text)
    return found is not None and len(re.sub(r"\D", "", found[1])) <= int(found[3])


def has_no_offset(value: Any) -> bool:
    """Whether a time says neither its offset nor its zone."""
    text = _bare(value)
    name = way_of(text)
    if name in ("", "epoch", "rounded"):
        return False
    found = _COMPILED[name].fullmatch(text)
    assert found is not None
    parts = found.groupdict()
    return not parts.get("zone") and not parts.get("named")


def order_of(values: Iterable[Any]) -> str:
    """Which of day and month comes first in slashed dates, "" where no value tells or they contradict each other."""
    found = set()
    for value in values:
        parts = _COMPILED["slashed"].fullmatch(str(value).strip())
        if parts and int(parts["one"]) > 12:
            found.add(DAY_FIRST)
        elif parts and int(parts["two"]) > 12:
            found.add(MONTH_FIRST)
    return found.pop() if len(found) == 1 else ""


def ways_of(values: Iterable[Any]) -> tuple[str, ...]:
    """The ways in which some values are times, in the order in which they come."""
    found = dict.fromkeys(way_of(value) for value in values if value not in (None, ""))
    found.pop("", None)
    return tuple(found)
