import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from apidiff.render.diff import render_diff
from tests.render.diff.sample import HOSTILE, NASTY, SAME, SAMPLE, many

VOID = {"meta", "br", "link", "img", "input", "hr"}
OURS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "div", "h1", "h2", "h3", "h4", "p"),
    *("b", "br", "small", "span", "code", "pre", "dl", "dt", "dd", "a", "details", "summary", "ul", "li"),
    *("table", "tr", "th", "td"),
}


class Page(HTMLParser):
    """The tags of a page, opened and closed in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag not in ("code", "span"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize("comparison", [SAMPLE, SAME, NASTY])
def test_the_page_is_whole_and_loads_nothing(comparison: Any) -> None:
    shown = render_diff(comparison, "html")
    page = Page(shown)
    assert page.tags <= OURS
    assert [value for name, value in page.attributes if name in ("src", "href")] in ([], ["#waived"])
    assert not any(name.startswith("on") or name == "style" for name, _ in page.attributes)
    style = re.search(r"<style>(.*?)</style>", shown, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert (
        "content",
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    ) in page.attributes


def test_every_change_is_shown_once_with_its_reason_place_and_alternative() -> None:
    text = Page(render_diff(SAMPLE, "html")).text
    titles = [change.title.replace("`", "") for change in SAMPLE.changes]
    assert [text.count(title) for title in titles] == [1] * len(titles)
    assert (
        "breaking response property name was removed from Customer Callers that read it find nothing. "
        'Witness: {"name":"Ada"}: every answer had it, and none needs to now '
        "Instead: Keep name beside its successor and mark it deprecated. Reaches 5 operations "
    ) in text
    assert (
        "property-removed · 9f3a1c0b7d21 · #/components/schemas/Customer/properties/name · specs/old.yaml:120" in text
    )
    assert (
        "What breaks 2 breaking changes. 6 of 8 operations break. "
        "Is it necessary An additive form is known for 1 of 2 breaks; "
        "apidiff expand specs/old.yaml specs/new.yaml proves it. "
        "Version 1.4.0 → 2.0.0: 2 breaking"
    ) in text


def test_the_counts_are_those_of_the_summary() -> None:
    shown = render_diff(SAMPLE, "html")
    assert re.findall(r'<div class="card[^"]*"><b>([\d,]+)</b>(\w+)', shown) == [
        ("2", "breaking"),
        ("2", "dangerous"),
        ("1", "additive"),
        ("1", "editorial"),
        ("6", "of"),
    ]


def test_operations_are_listed_by_how_much_of_them_breaks() -> None:
    text = Page(render_diff(SAMPLE, "html")).text
    assert (
        "operation breaking dangerous GET /v1/customers/a 1 1 GET /v1/customers/b 1 1 GET /v1/customers/c 1 0" in text
    )


def test_long_lists_are_bounded_and_say_so() -> None:
    shown = render_diff(many(3_000), "html")
    assert shown.count('<div class="change"') == 501
    assert (
        "2,500 more breaking changes are not shown here (2,500 property-removed): apidiff diff --limit 0 shows all."
        in shown
    )
    assert render_diff(many(600), "html", limit=0).count('<div class="change"') == 601


def test_values_keep_their_indent() -> None:
    assert "<pre>{\n  &quot;type&quot;: &quot;string&quot;\n}</pre>" in render_diff(SAMPLE, "html")


def test_hostile_text_stays_text() -> None:
    shown = render_diff(NASTY, "html")
    assert "<script" not in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert HOSTILE[:25] in Page(shown).text
