"""Breaks plan folders in the ways that editors, spreadsheets, merges, other versions and killed runs do."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2**70,
        -(2**70),
        1e308,
        -1e308,
        0.5,
        "",
        " ",
        "x",
        "x" * 5000,
        "\0",
        "\ud800",
        "é\u202e",
    ),
    *([], {}, [[]], [None], [{}], {"": None}, {"a": {"a": {}}}, ["x"] * 50, "2026-03-14", "2026-02-30", "0001-01-01"),
    *("9999-12-31", "290000-01-01", "2026-03-14T08:26:53Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
    *(
        "breaking",
        "call",
        "email",
        "confirmed",
        "request",
        "apidiff-plan/1",
        "apidiff-plan/2",
        "GET /pets",
        "/",
        "{",
        "*",
    ),
    *("../../x", "=1+1", "<script>", "{{ 7 }}", "%s", "\r\n", "NaN", "infinity", "migrated", "GET", "acme", "12", "-1"),
)
"""What may stand at any place of a JSON file."""
_CELLS = (
    "",
    '"',
    ",",
    ";",
    "\t",
    "\r",
    "\n",
    "\0",
    "\ufeff",
    "2026-02-30",
    "=1+1",
    "é",
    "x" * 5000,
    "a,b",
    '"a\nb"',
    "-",
)
Break = Callable[[Path, random.Random], None]


def broken(folder: Path, rng: random.Random) -> str:
    """Breaks files of a folder in a few places; which of them, in words."""
    done = []
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        name, breaks = rng.choice(_BREAKS)
        breaks(folder, rng)
        done.append(name)
    return " and ".join(done)


def _json(name: str) -> Break:
    def breaks(folder: Path, rng: random.Random) -> None:
        path = folder / name
        try:
            data = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return
        places = list(_places(data))
        if not places:
            return
        for _ in range(rng.choice((1, 1, 1, 3))):
            holder, key = rng.choice(places)
            _change(holder, key, rng)
        path.write_bytes(json.dumps(data).encode("utf-8", "surrogatepass"))

    return breaks


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a value: its holder, and its name or number there."""
    waiting = [data]
    while waiting:
        holder = waiting.pop()
        names = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for name in names:
            yield holder, name
            waiting.append(holder[name])


def _change(holder: Any, key: Any, rng: random.Random) -> None:
    """A value replaced, taken out, written twice, or put under another name; what went with an earlier edit stays."""
    try:
        match rng.randrange(6):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, holder[key])
            case 2 if isinstance(holder, dict):
                holder[rng.choice(("", "x", "format", f"{key} ", str(key).upper()))] = holder.pop(key)
            case 3 if isinstance(holder, list):
                rng.shuffle(holder)
            case 4:
                holder[key] = [holder[key]]
            case _:
                holder[key] = rng.choice(VALUES)
    except (KeyError, IndexError):
        return


def _bytes(name: str) -> Break:
    def breaks(folder: Path, rng: random.Random) -> None:
        path = folder / name
        if not path.is_file():
            return
        content = path.read_bytes()
        place = rng.randrange(len(content) + 1)
        match rng.randrange(6):
            case 0:
                content = content[:place]
            case 1:
                content = content[place:]
            case 2:
                content = content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]
            case 3:
                content = content[:place] + rng.choice((b"\0", b"\n", b"\xff", b'"', b"[" * 5000)) + content[place:]
            case 4:
                content = content.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-8-sig", "utf-32")))
            case _:
                content = b""
        path.write_bytes(content)

    return breaks


def _cells(folder: Path, rng: random.Random) -> None:
    path = folder / "outreach.csv"
    if not path.is_file():
        return
    lines = path.read_text("utf-8", "replace").split("\r\n")
    place = rng.randrange(len(lines))
    cells = lines[place].split('","')
    match rng.randrange(5):
        case 0:
            cells[rng.randrange(len(cells))] = rng.choice(_CELLS)
        case 1:
            rng.shuffle(cells)
        case 2:
            cells = cells[: rng.randrange(len(cells) + 1)]
        case 3:
            lines.insert(place, rng.choice(lines))
        case _:
            cells *= 3
    lines[place] = '","'.join(cells)
    path.write_text(rng.choice(("\r\n", "\n", "\r")).join(lines), "utf-8")


def _gone(folder: Path, rng: random.Random) -> None:
    path = folder / rng.choice((".salt", "plan.json", "outreach.csv", "outreach.xlsx", "track-history.json"))
    if path.is_file():
        path.unlink()
        if rng.random() < 0.3:
            path.mkdir()


def _half_done(folder: Path, rng: random.Random) -> None:
    """What a killed run may leave, the journal of it broken now and then."""
    work = folder / ".apidiff-abcdefgh"
    if work.exists():
        return
    (work / "old").mkdir(parents=True)
    (work / "new").mkdir()
    names = [path.name for path in sorted(folder.iterdir()) if path.is_file()]
    for name in rng.sample(names, min(3, len(names))):
        (folder / name).rename(work / rng.choice(("old", "new")) / name)
    journal: Any = {"new": names, "old": names}
    if rng.random() < 0.5:
        _change(journal, rng.choice(("new", "old")), rng)
    (work / rng.choice(("journal", "journal", "done"))).write_text(json.dumps(journal))


_BREAKS: tuple[tuple[str, Break], ...] = (
    *((("plan.json", _json("plan.json")),) * 12),
    *((("track-history.json", _json("track-history.json")),) * 3),
    ("bytes of plan.json", _bytes("plan.json")),
    ("bytes of track-history.json", _bytes("track-history.json")),
    ("bytes of outreach.csv", _bytes("outreach.csv")),
    ("bytes of outreach.xlsx", _bytes("outreach.xlsx")),
    ("bytes of .salt", _bytes(".salt")),
    ("outreach.csv", _cells),
    ("outreach.csv", _cells),
    ("a file gone", _gone),
    ("half an exchange", _half_done),
)
