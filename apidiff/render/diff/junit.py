"""The comparison as JUnit XML, for CI systems that list failed tests: one case a change that can break a caller."""

import re
from collections.abc import Callable
from typing import Final
from xml.etree import ElementTree as ET

from apidiff.render.diff import places, usage, view
from apidiff.words.amount import counted
from apidiff.words.changes import ENDANGERING, Change, Comparison, Level
from apidiff.words.escape import clip, visible

LIMIT: Final = 2_000
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 (2.2) has no way to write."""


def render(
    comparison: Comparison, *, limit: int | None = LIMIT, fail_on: Level = Level.BREAKING, passes_unused: bool = False
) -> str:
    """A suite for each of the levels breaking and dangerous.

    Breaking changes fail. Dangerous ones pass with their text, and fail where `fail_on` is dangerous, so that the
    report agrees with the exit code; with `passes_unused` so does a break that nobody was seen to use.
    A waived change is a skipped case with the reason. A level without changes is one case that passes, since many
    systems take a report without cases for an error.
    """
    root = ET.Element("testsuites", name="apidiff")
    for level in ENDANGERING:
        fails = level is Level.BREAKING or fail_on is level

        def stops(change: Change, fails: bool = fails) -> bool:
            return fails and change.waiver is None and not (passes_unused and change.is_unused)

        _suite(root, comparison, level, limit, stops=stops)
    for name in ("tests", "failures", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(
    root: ET.Element, comparison: Comparison, level: Level, limit: int | None, *, stops: Callable[[Change], bool]
) -> None:
    changes = [change for change in comparison.changes if change.level is level]
    suite = ET.SubElement(root, "testsuite", name=_xml(f"{level.value} changes of {view.versions(comparison)}"))
    for change in changes[:limit]:
        _case(suite, comparison, change, fails=stops(change))
    if not changes:
        ET.SubElement(suite, "testcase", name=f"no {level.value} change", classname="apidiff", time="0")
    if rest := changes[limit:] if limit is not None else []:
        name = counted(len(rest), f"more {level.value} change")
        case = ET.SubElement(suite, "testcase", name=name, classname="apidiff", time="0")
        if any(map(stops, rest)):
            ET.SubElement(case, "failure", message=f"{name}: run apidiff diff --format json", type=level.value)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))


def _case(suite: ET.Element, comparison: Comparison, change: Change, *, fails: bool) -> None:
    found = places.place(comparison, change)
    case = ET.SubElement(
        suite,
        "testcase",
        name=_xml(f"{clip(change.title, 300)} [{change.id}]"),
        classname=_xml(f"apidiff.{change.rule}"),
        time="0",
    )
    if file := places.artifact(comparison, found):
        case.set("file", _xml(file))
        if found.line:
            case.set("line", str(found.line))
    if change.waiver is not None:
        ET.SubElement(case, "skipped", message=_xml(view.reason(change.waiver)))
    elif fails:
        failure = ET.SubElement(case, "failure", message=_xml(clip(change.title, 300)), type=_xml(change.rule))
        failure.text = _details(comparison, change, found)
    else:
        ET.SubElement(case, "system-out").text = _details(comparison, change, found)


def _details(comparison: Comparison, change: Change, found: places.Place) -> str:
    used = usage.said(change, comparison)
    lines = [
        change.why,
        f"where: {found.pointer} {found.file_line}".rstrip(),
        *([f"reaches: {view.reach(change, 20)}"] if change.operations else []),
        *([f"usage: {used}"] if used else []),
        *([f"instead: {change.alternative.summary}"] if change.alternative else []),
        f"explain: apidiff explain {change.rule}",
    ]
    return "\n".join(_xml(line) for line in lines)


def _xml(text: str) -> str:
    return _FORBIDDEN.sub("�", visible(text))
