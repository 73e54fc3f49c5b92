import re

import pytest
from markdown_it import MarkdownIt

from apidiff.render.diff import markdown
from tests.render.diff.sample import NASTY, SAME, SAMPLE, many

GITHUB = MarkdownIt("commonmark", {"html": True}).enable("table")


def test_the_comment_shows_every_change_once() -> None:
    shown = markdown.render(SAMPLE)
    assert shown.splitlines()[:24] == [
        "<!-- apidiff:diff:payments-632e1c -->",
        "## apidiff: 2 breaking changes",
        "**Hit:** 6 of 8 operations break; who calls them is known with `--usage`<br>",
        (
            "**Instead:** Keep `name` beside its successor and mark it deprecated. "
            "An additive way is known for 1 of 2: `apidiff expand` writes it, and proves it"
        ),
        "",
        "| change | reaches | instead |",
        "| --- | --- | --- |",
        (
            "| response property `name` was removed from `Customer` | `GET /v1/customers/a` and 4 more | "
            "Keep `name` beside its successor and mark it deprecated. |"
        ),
        "| query parameter `currency` of `GET /v1/charges` became required | `GET /v1/charges` |  |",
        "| response value `held` was added to `Status` | `GET /v1/customers/a` and 1 more |  |",
        "| `x-odd` changed, and no rule says what that means |  |  |",
        "",
        "**Waiting:** 2 breaks for another way, or for an approval",
        "",
        (
            "Payments 1.4.0 → 1.5.0: 6 of 8 operations break. "
            "1.4.0 → 2.0.0: 2 breaking changes; the revision says 1.5.0."
        ),
        "",
        "| level | changes | |",
        "| --- | ---: | --- |",
        "| breaking | 2 | a caller that worked can fail |",
        "| dangerous | 2 | a correct but strict caller can fail |",
        "| additive | 1 | safe: nothing that worked can fail |",
        "| editorial | 1 | nothing that a program sees |",
        "| waived | 1 | let pass, with a reason and an owner |",
        "| of them unclassified | 1 | no rule claims them: read them yourself |",
    ]
    titles = [change.title for change in SAMPLE.changes]
    details = shown[shown.index("<details>") :]
    assert [details.count(title) for title in titles] == [1] * 7
    assert (
        "- response property `name` was removed from `Customer`<br>\n"
        "  Reaches `GET /v1/customers/a`, `GET /v1/customers/b`, `GET /v1/customers/c` and 2 more.<br>\n"
        "  Callers that read it find nothing.<br>\n"
        '  Witness: `{"name":"Ada"}`: every answer had it, and none needs to now<br>\n'
        "  **Instead:** Keep `name` beside its successor and mark it deprecated.<br>\n"
        "  <sub>`property-removed` `9f3a1c0b7d21` `#/components/schemas/Customer/properties/name` "
        "`specs/old.yaml:120`</sub>\n"
    ) in shown


def test_what_breaks_nothing_is_one_quiet_line() -> None:
    shown = markdown.render(SAME).splitlines()
    assert (len(shown), shown[1].partition(". ")[0]) == (2, "**apidiff**: no change")


def test_a_bot_finds_its_comment_again_after_the_changes_changed() -> None:
    marks = {markdown.render(comparison).splitlines()[0] for comparison in (SAMPLE, SAME, many(3))}
    assert marks == {"<!-- apidiff:diff:payments-632e1c -->"}


@pytest.mark.parametrize("count", [1, 120, 140, 3_000])
def test_it_fits_and_says_what_it_left_out(count: int) -> None:
    shown = markdown.render(many(count))
    assert len(shown) <= 64_000
    listed = len(re.findall(r"`0{6}[0-9a-f]{6}` `#", shown))
    said = re.search(r"_([\d,]+) (?:more )?breaking changes? (?:is|are) not shown here", shown)
    assert listed + (int(said.group(1).replace(",", "")) if said else 0) == count
    assert f"| breaking | {count:,} |" in shown
    assert shown.count("<details") == shown.count("</details>") == 3


def test_very_long_texts_fit_too() -> None:
    long = "x" * 5_000
    comparison = many(500, why=long, rule=long[:60], operations=(long,) * 9)
    assert len(markdown.render(comparison)) <= 64_000


def test_a_limit_bounds_each_level() -> None:
    shown = markdown.render(many(30), limit=4)
    assert shown.count("`property-removed`") == 4
    assert "_26 more breaking changes are not shown here: `apidiff diff` shows all of them_" in shown


def test_hostile_text_stays_text() -> None:
    page = GITHUB.render(markdown.render(NASTY))
    ours = "h p table thead tbody tr th td details summary b ul li br code sub strong em"
    assert set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", page)) <= set(ours.split())
    assert "@everyone" not in re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL)
    assert page.count("<!--") == 1
