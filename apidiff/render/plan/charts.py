"""Charts as inline SVG: bars, stacked bars and a timeline, coloured by the page's style sheet alone.

Every number that a chart draws is also written in it as text, so that nothing depends on colour or on seeing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from apidiff.plan.value import Step
from apidiff.render.templates import day
from apidiff.words.escape import clip, html

WIDE: Final = 960
NARROW: Final = 460
_ROW: Final = 30
_LETTER: Final = 7.2
"""The width of a letter of 13 px, on the safe side."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart: its label, its parts as (CSS class, size), and the text at its end."""

    label: str
    parts: tuple[tuple[str, float], ...]
    text: str

    @property
    def size(self) -> float:
        """All parts together."""
        return sum(size for _, size in self.parts)


def bars(rows: Sequence[Bar], *, title: str, label: int, width: int = NARROW) -> str:
    """Horizontal bars to one scale, each of one part or several; nothing where no row has a size."""
    largest = max((row.size for row in rows), default=0)
    if largest <= 0:
        return ""
    room = width - label - 20 - _LETTER * max(len(row.text) for row in rows)
    height = len(rows) * _ROW + 6
    out = [_open(width, height, title)]
    for place, row in enumerate(rows):
        top = place * _ROW + 4
        out.append(
            f'<text class="label" x="{label - 10}" y="{top + 15}">{html(clip(row.label, int(label / _LETTER)))}</text>'
        )
        left = float(label)
        for name, size in row.parts:
            length = room * size / largest
            if length > 0:
                out.append(
                    f'<rect class="{name}" x="{left:.1f}" y="{top}" width="{max(length, 1):.1f}" height="20" rx="2"/>'
                )
            left += length
        out.append(f'<text class="value" x="{left + 8:.1f}" y="{top + 15}">{html(row.text)}</text>')
    return "".join([*out, "</svg>"])


def timeline(steps: Sequence[Step], *, today: date, title: str) -> str:
    """The dated steps on one line, to scale; labels that would lie on each other go into lanes."""
    dated = sorted(steps, key=lambda step: step.date)
    if not dated:
        return ""
    first, last = min(today, dated[0].date), dated[-1].date
    span = max((last - first).days, 1)
    lanes: list[float] = []
    stems: list[str] = []
    marks: list[str] = []
    for step in dated:
        at = 20 + (WIDE - 40) * (step.date - first).days / span
        text = clip(step.title, 34)
        width = _LETTER * max(len(text), 15)
        left = min(max(at - width / 2, 4), WIDE - width - 4)
        lane = next((row for row, end in enumerate(lanes) if left > end + 8), len(lanes))
        lanes[lane:] = [left + width, *lanes[lane + 1 :]]
        top = 52 + lane * 42
        stems.append(f'<line class="stem" x1="{at:.1f}" y1="20" x2="{at:.1f}" y2="{top - 12}"/>')
        marks.append(
            f'<circle class="dot {html(step.kind)}" cx="{at:.1f}" cy="20" r="6"/>'
            f'<rect class="ground" x="{left:.1f}" y="{top - 14}" width="{width:.1f}" height="34"/>'
            f'<text class="step" x="{left + width / 2:.1f}" y="{top}">{html(text)}</text>'
            f'<text class="date" x="{left + width / 2:.1f}" y="{top + 15}">{html(day(step.date))}</text>'
        )
    axis = f'<line class="axis" x1="8" y1="20" x2="{WIDE - 8}" y2="20"/>'
    # Stems first: the ground of a label hides the stem that would cross it.
    return "".join([_open(WIDE, 52 + len(lanes) * 42 - 16, title), *stems, axis, *marks, "</svg>"])


def _open(width: int, height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{html(title)}</title>"
    )
