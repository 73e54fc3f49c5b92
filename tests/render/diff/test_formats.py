"""What holds for all formats at once: the same counts, the same bytes on every run, and no unknown name."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apidiff import compare
from apidiff.judge.witness import NO_VALUE
from apidiff.render.diff import FORMATS, render_diff
from apidiff.words.changes import Alternative, Comparison, Waiver, Witness
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.pointer import Pointer
from tests.render.diff.sample import HOSTILE, NASTY, SAME, SAMPLE, WAIVED, change, many

DEMO = Path(__file__).resolve().parents[3] / "fixtures" / "demo"
LEVELS = ("breaking", "dangerous", "additive", "editorial")


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _sentence(line: str) -> dict[str, int]:
    """The counts of a headline: `3 breaking, 1 waived (1 unclassified); 9 of 41 operations break`."""
    found = {name: _number(count) for count, name in re.findall(r"(\d[\d,]*) (\w+)", line.partition(";")[0])}
    broken, operations = re.findall(r"([\d,]+) of ([\d,]+) operation", line)[0]
    return dict.fromkeys((*LEVELS, "waived", "unclassified"), 0) | found | {
        "operations_broken": _number(broken),
        "operations": _number(operations),
    }  # fmt: skip


def _table(comment: str) -> dict[str, int]:
    if quiet := re.search(r"^\*\*apidiff\*\*: ([^.]*)\.", comment, re.MULTILINE):
        rows = [(name, count) for count, name in re.findall(r"(\d[\d,]*) (\w+)", quiet[1])]
        return dict.fromkeys((*LEVELS, "waived", "unclassified"), 0) | {name: _number(count) for name, count in rows}
    rows = re.findall(r"^\| (?:of them )?(\w+) \| ([\d,]+) \|", comment, re.MULTILINE)
    return dict.fromkeys(("waived", "unclassified"), 0) | {name: _number(count) for name, count in rows}


def _cards(page: str) -> dict[str, int]:
    cards = re.findall(r'<div class="card[^"]*"><b>([\d,]+)</b>(\w+)(?: ([\d,]+) operations break)?', page)
    counts = {name: _number(count) for count, name, _ in cards}
    return counts | {"operations_broken": counts.pop("of"), "operations": _number(cards[-1][2])}


def _suites(xml: str) -> dict[str, int]:
    breaking, _ = ET.fromstring(xml.encode())
    return {"breaking": int(breaking.get("failures", ""))}


COUNTS: dict[str, Callable[[str], dict[str, int]]] = {
    "text": lambda shown: _sentence(shown.splitlines()[1]),
    "json": lambda shown: json.loads(shown)["summary"],
    "markdown": _table,
    "html": _cards,
    "sarif": lambda shown: json.loads(shown)["runs"][0]["properties"]["summary"],
    "junit": _suites,
    "github": lambda shown: _sentence(shown.splitlines()[-1].removeprefix("apidiff: ")),
    "gitlab": lambda shown: {"breaking": sum(one["severity"] == "critical" for one in json.loads(shown))},
}


@pytest.fixture(scope="module")
def demo() -> Comparison:
    return compare(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"), lines=True)


@pytest.mark.slow
@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("comparison", [SAMPLE, SAME, NASTY, many(1_500), "demo"])
def test_all_formats_show_the_counts_of_the_summary(
    comparison: Comparison | str, format_name: str, demo: Comparison
) -> None:
    shown = demo if isinstance(comparison, str) else comparison
    found = COUNTS[format_name](render_diff(shown, format_name))
    assert found == {name: shown.summary[name] for name in found}
    assert "breaking" in found


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_same_comparison_gives_the_same_bytes(format_name: str, demo: Comparison) -> None:
    again = compare(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"), lines=True)
    assert render_diff(demo, format_name).encode() == render_diff(again, format_name).encode()


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_break_of_the_demo_is_named(format_name: str, demo: Comparison) -> None:
    shown = render_diff(demo, format_name)
    assert shown.endswith("\n")
    breaks = [change for change in demo.changes if change.level == "breaking"]
    assert breaks
    assert [change.rule for change in breaks if change.id not in shown] == []


def test_an_unknown_format_is_refused_with_the_nearest() -> None:
    with pytest.raises(ApidiffError, match="no format 'jsn'") as refused:
        render_diff(SAME, "jsn")
    assert (refused.value.code, refused.value.status, refused.value.hint) == (
        "format-unknown",
        Exit.USAGE,
        "did you mean json? There are text, json, markdown, html, sarif, junit, github, gitlab",
    )


def test_where_no_witness_was_found_only_the_note_stands() -> None:
    found, missing, null = Witness("a", "why"), Witness(None, NO_VALUE), Witness(None, "null may come now")
    comparison = replace(
        SAMPLE, changes=tuple(change(f"{n}", name=f"{n}", witness=w) for n, w in enumerate((found, missing, null)))
    )
    lines = [line.strip() for line in render_diff(comparison, "text").splitlines()]
    assert [line.removeprefix("witness  ") for line in lines if line.startswith("witness")] == [
        '"a": why',
        NO_VALUE,
        "null: null may come now",
    ]
    assert re.findall(r"Witness: (.*)<br>", render_diff(comparison, "markdown")) == [
        '`"a"`: why',
        NO_VALUE,
        "`null`: null may come now",
    ]
    assert re.findall(r"<b>Witness:</b> (.*)</p>", render_diff(comparison, "html")) == [
        "<code>&quot;a&quot;</code>: why",
        NO_VALUE,
        "<code>null</code>: null may come now",
    ]


WORDS = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    [HOSTILE, "`", "``", "|", "\n::error::", "\ud800"]
)


@pytest.mark.slow
@given(words=st.lists(WORDS, min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_text_of_a_spec_breaks_any_format(words: list[str]) -> None:
    title, why, operation, reason, name, source = words
    comparison = replace(
        SAMPLE,
        base=replace(SAMPLE.base, title=title, source=source, version=name),
        changes=(
            change(
                title=title,
                why=why,
                operations=(operation,),
                before={name: [why]},
                base=str(Pointer("", ("components", "schemas", name))),
                witness=Witness({name: title}, why),
                alternative=Alternative("keep", reason),
            ),
            replace(WAIVED, title=name, waiver=Waiver(reason, title)),
        ),
        warnings=(reason,),
    )
    shown = {name: render_diff(comparison, name) for name in FORMATS}
    for text in shown.values():
        text.encode()
    assert len(ET.fromstring(shown["junit"].encode()).findall(".//testcase")) == 3
    assert [line.split()[0] for line in shown["github"].split("\n")[:-1]] == ["::error", "apidiff:"]
    kinds = {unicodedata.category(char) for char in shown["text"] if char != "\n"}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    assert (
        json.loads(shown["json"])["summary"]
        == comparison.summary
        == json.loads(shown["sarif"])["runs"][0]["properties"]["summary"]
    )
    assert "<script" not in shown["html"]
    assert shown["markdown"].count("<details") == shown["markdown"].count("</details>")


@pytest.mark.parametrize(("format_name", "template"), [("markdown", "comment.md.j2"), ("html", "page.html.j2")])
def test_a_template_of_the_users_own_takes_the_place_of_ours(tmp_path: Path, format_name: str, template: str) -> None:
    (tmp_path / "diff").mkdir()
    (tmp_path / "diff" / template).write_text(
        "{{ verdict }}\n{% for section in sections %}{{ section.total }}\n{% endfor %}"
    )
    assert render_diff(SAMPLE, format_name, template_dir=tmp_path) == "2 breaking changes\n2\n2\n1\n1\n"
