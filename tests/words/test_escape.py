"""Hostile text shows as itself in every format, and ends no cell, span, header or name."""

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from apidiff.words.errors import ApidiffError
from apidiff.words.escape import (
    cell,
    clip,
    code,
    code_cell,
    csv_cell,
    csv_text,
    fenced,
    header_value,
    html,
    html_prose,
    http_url,
    md,
    plain_prose,
    prose,
    slug,
    visible,
    visible_json,
)

MARKDOWN = MarkdownIt("commonmark").enable("table")
NASTY = st.text(st.sampled_from("ab1 `*_[]()<>#+-.!|~&\\@\"'=:/\n\r\t\x00\u202e\u2028é1."), max_size=30)


def shown(markdown: str) -> str:
    """What a reader sees of a paragraph of Markdown."""
    tokens = MARKDOWN.parse(markdown)
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"]), markdown
    children = tokens[1].children if tokens else []
    assert {child.type for child in children or ()} <= {"text", "text_special", "code_inline"}, markdown
    return "".join(child.content for child in children or ())


@given(NASTY)
def test_markdown_shows_exactly_the_text(text: str) -> None:
    assert shown(md(text)).replace("\u2060", "") == visible(text).strip()


@given(NASTY)
def test_inline_code_shows_exactly_the_text(text: str) -> None:
    expected = visible(text)
    assert shown(code(text)) == (expected if expected.strip() else "")


@given(NASTY, NASTY)
def test_a_cell_never_ends_its_row(first: str, second: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {cell(first)} | {code_cell(second)} |\n\nafter"
    kinds = [token.type for token in MARKDOWN.parse(table)]
    assert (kinds.count("td_open"), kinds.count("tr_open"), kinds[-3]) == (2, 2, "paragraph_open")


@given(NASTY)
def test_a_fence_holds_what_is_in_it(text: str) -> None:
    tokens = MARKDOWN.parse(fenced(text, "json") + "\n\nafter")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("property `name` was removed from `Customer`", "property `name` was removed from `Customer`"),
        ("property `a|b` <b>", "property `a|b` &lt;b&gt;"),
        ("a * b", "a \\* b"),
        ("snake_case stays, _this_ does not", "snake_case stays, \\_this\\_ does not"),
        ("one ` backtick", "one \\` backtick"),
        ("see https://evil.example", "see https:\\//evil.example"),
        ("1. no list", "1\\. no list"),
        ("ask @team, mail a@b.example", "ask @\u2060team, mail a@b.example"),
        ("", ""),
    ],
)
def test_prose_keeps_our_code_spans(text: str, expected: str) -> None:
    assert prose(text) == expected


def test_prose_in_the_other_formats() -> None:
    text = "`a|b` <i>\u202e"
    assert cell(text) == r"`a\|b` &lt;i&gt;\\u202e"
    assert html_prose(text) == "<code>a|b</code> &lt;i&gt;\\u202e"
    assert plain_prose(text) == "a|b <i>\\u202e"
    assert html("<a href='\"&") == "&lt;a href=&#39;&quot;&amp;"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n", "|", "%", "＝", "＋", " =", "'="])
def test_no_cell_is_a_formula(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    assert csv_cell(text) == f"'{text}"
    assert csv_text(csv_cell(text)) == text


@given(NASTY)
def test_cells_survive_a_round_trip(text: str) -> None:
    once = csv_cell(text)
    row = io.StringIO(newline="")
    csv.writer(row).writerow([once])
    assert next(csv.reader(io.StringIO(row.getvalue(), newline=""))) == [once]
    assert csv_cell(csv_text(once)) == once


@pytest.mark.parametrize("text", ["a\r\nSet-Cookie: x", "a\nb", "a\x00", "é", "\x7f"])
def test_a_header_value_is_refused_where_it_could_end_the_header(text: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        header_value(text)
    assert caught.value.code == "header-value-unsafe"


def test_a_plain_header_value_stays() -> None:
    assert header_value("@1799625600") == "@1799625600"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://d.example/a b", "https://d.example/a%20b"),
        ("https://d.example/a?b=(c)", "https://d.example/a?b=%28c%29"),
        ('https://d.example/"><script>', "https://d.example/%22%3E%3Cscript%3E"),
        ("javascript:alert(1)", ""),
        ("//d.example", ""),
        ("http://[", ""),
    ],
)
def test_only_web_addresses_become_links(text: str, expected: str) -> None:
    assert http_url(text) == expected


def test_file_names_are_plain_and_apart() -> None:
    assert slug("acct-17") == "acct-17"
    assert slug("../../etc/passwd").startswith("etc-passwd-")
    assert slug("Acme") != slug("acme") == "acme"
    assert slug("con") != "con"
    assert len(slug("x" * 500)) <= 70
    assert slug("")
    assert slug("日本")


def test_long_text_is_cut() -> None:
    assert clip("a" * 50, 10) == "a" * 9 + "…"
    assert len(visible("é" * 5_000)) == 2_000


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text('\x7f\u202e\u00ad\U000e0041\ue000\u2028]^-\\"a'))
def test_json_keeps_its_values_and_hides_nothing(text: str) -> None:
    written = json.dumps({text: [text]}, ensure_ascii=False).encode()
    safe = visible_json(written)
    assert json.loads(safe) == json.loads(written)
    assert not {unicodedata.category(char) for char in safe.decode()} & {"Cc", "Cf", "Co", "Zl", "Zp"}
