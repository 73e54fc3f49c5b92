"""A time as a log writes it, made a UTC timestamp: SQL for the ways that the first rows have, then for all others.

The quick ways are for nearly every row of nearly every log; what they leave is taken apart by the patterns of `times`.
"""

from collections.abc import Sequence

from apidiff.usage.read.times import MINUTES_EAST, MONTH_FIRST, SLASHED, WAYS, Way

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_NUMBER = "try_cast({t} AS DOUBLE)"
_EPOCH = (
    f"CASE WHEN {_NUMBER} BETWEEN 1e8 AND 1e20 THEN make_timestamp(CAST(CASE "
    f"WHEN {_NUMBER} < 1e11 THEN round({_NUMBER} * 1e6) WHEN {_NUMBER} < 1e13 THEN {_NUMBER} * 1e3 "
    f"WHEN {_NUMBER} BETWEEN 1e14 AND 1e16 THEN {_NUMBER} WHEN {_NUMBER} > 1e17 THEN {_NUMBER} / 1e3 END AS BIGINT)) "
    "END"
)
"""Seconds, or thousandths of them; numbers of 14 and 17 digits are dates without punctuation."""
_ALL_DIGITS = (
    "length(regexp_replace(split_part({t}, 'E+', 1), '\\D', '', 'g')) > try_cast(split_part({t}, 'E+', 2) AS INTEGER)"
)
_TEXT_EPOCH = f"CASE WHEN NOT contains({{t}}, 'E+') OR {_ALL_DIGITS} THEN {_EPOCH} END"
"""A spreadsheet's `1.77236E+09` has lost its seconds."""
_DOTNET = "make_timestamp(try_cast(regexp_extract({t}, '^\\\\?/Date\\((\\d{{9,14}})', 1) AS BIGINT) * 1000)"
_ISO = (
    "CASE WHEN {t} LIKE '%Z' THEN try_cast({t} AS TIMESTAMP) "
    "WHEN right({t}, 1) BETWEEN '0' AND '9' THEN try_cast({t} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END"
)
"""Names of zones are left to `times`: the engine takes BST for Bangladesh."""
_CLF = (
    "CASE WHEN {t} LIKE '%/%/%:% %' THEN try_strptime(ltrim({t}, '['), '%d/%b/%Y:%H:%M:%S %z') AT TIME ZONE 'UTC' END"
)
COMBINED = (
    # a cast of rearranged pieces takes half the time of strptime
    "CASE WHEN r_time LIKE '[__/___/____:__:__:__' AND r_zone LIKE '_____]' THEN try_cast(concat("
    f"substring(r_time, 9, 4), '-', (strpos('{_MONTHS}', substring(r_time, 5, 3)) + 2) // 3, '-', "
    "substring(r_time, 2, 2), ' ', substring(r_time, 14, 8)) "
    "AS TIMESTAMP) - CASE WHEN r_zone = '+0000]' THEN INTERVAL 0 MINUTE ELSE to_minutes(CAST("
    "try_cast(substring(r_zone, 1, 3) AS INTEGER) * 60 + "
    "try_cast(substring(r_zone, 1, 1) || substring(r_zone, 4, 2) AS INTEGER) AS BIGINT)) END END"
)
"""The time of a combined line, which stands in two columns: `[14/Mar/2026:09:26:53` and `+0100]`."""


def moment_sql(kind: str, ways: tuple[str, ...], *, zone: str = "", order: str = "", form: str = "") -> str:
    """A timestamp of `r_time`, which is of the engine's type `kind`.

    `ways` are those of the first rows; `zone` is what times without an offset are in, UTC where it is empty; `order`
    says what comes first in slashed dates, and `form` is a user's own format.
    """
    if kind.startswith("TIMESTAMP WITH"):
        return "r_time AT TIME ZONE 'UTC'"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return _local("r_time::TIMESTAMP", zone)
    if kind.startswith(("BIGINT", "INTEGER", "UBIGINT", "DOUBLE", "FLOAT", "DECIMAL", "UINTEGER", "HUGEINT")):
        return f"coalesce({_EPOCH.format(t='r_time')}, {_taken_apart(WAYS[2:3], 'r_time::VARCHAR', zone=zone)})"
    if kind != "VARCHAR":
        return "NULL::TIMESTAMP"
    if form:
        return _strptime(form, zone)
    quick = {"epoch": _TEXT_EPOCH, "clf": _CLF} | ({} if zone else {"iso": _ISO})
    first = [quick[way].format(t="r_time") for way in ways if way in quick]
    rest = [quick[way].format(t="r_time") for way in ("iso", "epoch") if way in quick and way not in ways]
    slow = _taken_apart((*WAYS, *([SLASHED] if order else [])), "r_time", zone=zone, order=order)
    return f"coalesce({', '.join((*first, *rest, slow, _DOTNET.format(t='r_time')))})"


def _strptime(form: str, zone: str) -> str:
    text = "'" + form.replace("'", "''") + "'"
    parsed = f"try_strptime(r_time, {text})"
    return f"{parsed} AT TIME ZONE 'UTC'" if "%z" in form.lower() else _local(parsed, zone)


def _local(moment: str, zone: str) -> str:
    """A time without an offset, in UTC."""
    return f"(timezone('{zone}', {moment}) AT TIME ZONE 'UTC')" if zone else moment


def _taken_apart(ways: Sequence[Way], text: str, *, zone: str, order: str = "") -> str:
    """A time by the parts of the first pattern that matches, null where none does."""
    found = ", ".join(_parts(way, text, order) for way in ways)
    return f"list_transform([coalesce({found})], lambda f: {_zoned('f.moment', 'f.zone', zone)})[1]"


def _parts(way: Way, text: str, order: str) -> str:
    """The parts of a time as a struct: `moment`, as the clock on the spot shows it, and `zone` or the empty text."""
    names = ", ".join(f"'{name}'" for name in way.parts)
    pattern = "'^\\s*\\[?(?:" + way.pattern.replace("'", "''") + ")\\]?\\s*$'"
    parts = set(way.parts)
    month, day = (f"(strpos('{_MONTHS.lower()}', lower(p.mon)) + 2) // 3" if "mon" in parts else "p.m"), "p.d"
    if way is SLASHED:
        month, day = ("p.one", "p.two") if order == MONTH_FIRST else ("p.two", "p.one")
    year = "CASE WHEN length(p.y) = 2 THEN '20' ELSE '' END, p.y"
    moment = f"try_cast(concat({year}, '-', {month}, '-', {day}, {_clock(parts)}) AS TIMESTAMP)"
    zone = " || ".join(f"p.{name}" for name in ("zone", "named") if name in parts) or "''"
    found = f"CASE WHEN p.y <> '' THEN {{'moment': {moment}, 'zone': {zone}}} END"
    return f"list_transform([regexp_extract({text}, {pattern}, [{names}])], lambda p: {found})[1]"


def _clock(parts: set[str]) -> str:
    if "h" not in parts:
        return "' 00:00:00'"
    hour = "p.h"
    if "ap" in parts:
        half = "CASE WHEN lower(p.ap) = 'p' THEN 12 ELSE 0 END"
        hour = f"CASE WHEN p.ap = '' THEN p.h ELSE (CAST(p.h AS INTEGER) % 12 + {half})::VARCHAR END"
    # a leap second is the last of its minute
    second = "CASE p.s WHEN '' THEN '00' WHEN '60' THEN '59' ELSE p.s END"
    return f"' ', {hour}, ':', p.min, ':', {second}, CASE WHEN p.frac = '' THEN '' ELSE '.' || p.frac END"


def _zoned(moment: str, named: str, zone: str) -> str:
    """A moment with its offset or zone taken into account."""
    hours = f"try_cast(regexp_extract({named}, '([+-]\\d\\d):?(\\d\\d)?$', 1) AS INTEGER)"
    minutes = f"try_cast(regexp_replace({named}, '^.*([+-])\\d\\d:?(\\d\\d)$', '\\1\\2') AS INTEGER)"
    has_minutes = f"regexp_matches({named}, '[+-]\\d\\d:?\\d\\d$')"
    offset = f"{hours} * 60 + CASE WHEN {has_minutes} THEN {minutes} ELSE 0 END"
    east = " ".join(f"WHEN '{name}' THEN {offset}" for name, offset in MINUTES_EAST.items())
    return (
        f"CASE WHEN {named} = '' THEN {_local(moment, zone)} "
        f"WHEN upper({named}) IN ('Z', 'UTC', 'GMT', 'UT') THEN {moment} "
        f"WHEN regexp_matches({named}, '\\d$') THEN {moment} - to_minutes(CAST({offset} AS BIGINT)) "
        f"WHEN contains({named}, '/') THEN try_cast(concat(strftime({moment}, '%Y-%m-%d %H:%M:%S.%f'), ' ', {named}) "
        f"AS TIMESTAMPTZ) AT TIME ZONE 'UTC' "
        f"ELSE {moment} - to_minutes(CAST(CASE {named} {east} END AS BIGINT)) END"
    )
