"""The documents of a plan agree with it, with each other, and with what each of them may say."""

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from apidiff.config.settings import Answer
from apidiff.plan.value import COLUMNS, KEPT, Dates, Decision
from apidiff.render.plan import render_answer, render_plan
from apidiff.render.templates import fill
from apidiff.words.errors import ApidiffError
from tests.render.plan.sample import CARD, CHANGES, SUMMARY, Made, sample

PUBLIC = ("migration-guide", "llms.txt", "overlay.yaml", "headers/")
PAGES = (".md", ".html", ".eml", "llms.txt")


def test_the_same_plan_gives_the_same_bytes(folder: dict[str, bytes]) -> None:
    assert render_plan(sample(), samples=Made()) == folder
    assert all(content for content in folder.values())


def test_every_page_says_draft_and_the_stamp() -> None:
    stamped = render_plan(sample(stamp="no usage evidence: the logs are gone"))
    for name, content in stamped.items():
        if name.endswith(PAGES) and not name.startswith("guide/"):
            text = content.decode()
            assert "DRAFT" in text, name
            assert "o usage evidence: the logs are gone" in text, name


def test_a_decided_plan_says_no_draft() -> None:
    for name, content in render_plan(sample(draft="")).items():
        assert b"DRAFT" not in content, name


def test_the_list_has_the_contracts_columns_and_rows(folder: dict[str, bytes]) -> None:
    rows = list(csv.reader(io.StringIO(folder["outreach.csv"].decode(), newline="")))
    contract = [
        "rank", "tier", "score", "integrator", "name", "owner", "contact", "keys", "evidence", "operations", "changes",
        "logical_successes", "active_days", "attempts", "retry_loop", "first_seen", "last_seen", "depth", "revenue",
        "plan", "languages", "agent_share", "effort", "why", "next_action", "due", "channel", "status", "promised_date",
        "confirmed_migrated_at", "notes",
    ]  # fmt: skip
    assert [column for column in rows[0] if column in contract] == contract
    assert tuple(rows[0][-4:]) == KEPT
    assert [len(row) for row in rows] == [len(COLUMNS)] * 8
    said = dict(zip(rows[0], rows[4], strict=True)) | {"why": ""}
    assert {column: said[column] for column in contract} == {
        "rank": "4", "tier": "email", "score": "72.0", "integrator": "loop", "name": "Loop Agent", "owner": "Ana Ruiz",
        "contact": "dev@loop.example", "keys": "sk_live_…loop", "evidence": "probable",
        "operations": "GET /v1/customers; GET /v1/customers/{id}", "changes": "aaaa00000001", "logical_successes": "3",
        "active_days": "3", "attempts": "200003", "retry_loop": "yes", "first_seen": "2026-08-25",
        "last_seen": "2026-11-19", "depth": "experiment", "revenue": "", "plan": "enterprise",
        "languages": "python; node", "agent_share": "0.97", "effort": "code", "why": "", "next_action": "call",
        "due": "2027-01-04", "channel": "phone", "status": "", "promised_date": "", "confirmed_migrated_at": "",
        "notes": "",
    }  # fmt: skip
    assert folder["outreach.csv"].endswith(b'"\r\n')


def test_public_documents_name_no_integrator(folder: dict[str, bytes]) -> None:
    private = {
        text
        for one in sample().integrators
        for text in (one.name, one.contact, one.owner, *one.keys, f"{one.logical_successes:,} logical")
        if text
    }
    public = {name: content.decode() for name, content in folder.items() if name.startswith(PUBLIC)}
    assert public
    for name, text in public.items():
        assert not [secret for secret in private if secret in text], name


def test_every_break_has_before_and_after_in_the_guide(folder: dict[str, bytes]) -> None:
    guide = folder["migration-guide.md"].decode()
    for planned in sample().changes:
        is_break = planned.change.level == "breaking" and planned.change.waiver is None
        assert guide.count(f'id="change-{planned.change.id}"') == is_break
    assert guide.count("<details><summary>curl</summary>") == guide.count("```diff") == 6
    assert guide.count("After: nothing takes its place; remove the call.") == 4  # in curl and three languages
    assert guide.count("curl --fail-with-body -sS -X POST") == 11
    assert '-   "name": "old"\n+   "name": "new"\n' in guide


def test_each_operation_shows_its_headers(folder: dict[str, bytes]) -> None:
    text = folder["sunset-plan.md"].decode()
    for planned in sample().operations:
        assert f"### `{planned.operation.id}`" in text
    assert text.count("\nSunset: Tue, 11 Jan 2028 00:00:00 GMT\n") == len(sample().operations)


def test_a_plan_without_usage_has_no_dates_anywhere() -> None:
    bare = sample(
        dates=Dates(), usage=None, timeline=(), integrators=(), languages=(), coverage_of_revenue=(),
        operations=tuple(replace(one, headers={}, use=None) for one in sample().operations),
        stamp="no usage evidence: new API",
    )  # fmt: skip
    for name, content in render_plan(bare).items():
        assert b"2028" not in content.replace(b"2028-01-01", b""), name


class _Page(HTMLParser):
    """What a browser would take from a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}
        if tag not in ("meta", "br", "link", "hr", "img", "input", "rect", "circle", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


@pytest.mark.parametrize("name", ["index.html"])
def test_pages_are_self_contained_and_well_formed(folder: dict[str, bytes], name: str) -> None:
    parsed = _Page()
    parsed.feed(folder[name].decode())
    assert parsed.open == []
    assert parsed.tags.isdisjoint({"iframe", "link", "img", "form", "object", "embed"})
    assert not [one for one in parsed.attributes if one.startswith("on") or one == "style"]
    assert all(link.startswith(("#", "https://developer.example.com/")) or link in folder for link in parsed.links)
    text = folder[name].decode()
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in text
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    assert f"script-src {' '.join(f'&#39;sha256-{one}&#39;' for one in hashes)}" in text
    assert len(hashes) == 2


def test_the_markdown_parses_without_stray_html(folder: dict[str, bytes]) -> None:
    allowed = ("<details>", "</details>", '<a id="change-', "</a>")
    for name in (name for name in folder if name.endswith(".md") and not name.startswith("guide/")):
        for token in MarkdownIt("commonmark").enable("table").parse(folder[name].decode()):
            for part in (token, *(token.children or ())):
                if part.type in ("html_block", "html_inline"):
                    assert part.content.startswith(allowed), (name, part.content)


def _terminal(width: int, **more: object) -> str:
    from rich.console import Console

    out = io.StringIO()
    render_answer(sample(**more), Console(file=out, width=width, force_terminal=False, color_system=None))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_answer_fits_a_screen(width: int) -> None:
    lines = _terminal(width).splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) <= 40
    assert "\x1b" not in "".join(lines)


def test_the_answer_says_all_five_things() -> None:
    text = _terminal(120)
    for said in (
        "6 breaking changes in 6 operations of 42",
        "3 of 6 breaking changes have an additive form; 5 decisions open",
        "5 integrators and 1 unknown key, worth 960 k a year; 4 beyond doubt",
        "Acme GmbH, Month End Ltd",
        "2028-01-11",
    ):
        assert said in text


def test_the_users_template_comes_first(tmp_path) -> None:
    (tmp_path / "migration-guide.md.j2").write_text("# {{ plan.revision.title }} <b>\n")
    hostile = replace(sample().revision, title="<i>Pay</i>")
    files = render_plan(sample(revision=hostile), template_dir=tmp_path)
    assert files["migration-guide.md"] == b"# &lt;i&gt;Pay&lt;/i&gt; <b>\n"


def test_words_of_ones_own_survive_every_run(tmp_path) -> None:
    (tmp_path / "_guide_intro.md.j2").write_text("Ask *Devi*, {{ plan.base.title }}.\n")
    (tmp_path / "_guide_help.md.j2").write_text("Office hours: Tuesdays.\n")
    guide = render_plan(sample(), template_dir=tmp_path)["migration-guide.md"].decode()
    assert guide.index("**In short.**") < guide.index("\nAsk *Devi*, Payments.\n") < guide.index("## Am I affected?")
    assert guide.index("## Help") < guide.index("\nOffice hours: Tuesdays.\n") < guide.index("## Changes to this guide")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ plan.nothing }}", "template-broken"),
        ("{% if %}", "template-broken"),
        ("{{ plan.__class__.__mro__ }}", "template-broken"),
        ("{% include '../../etc/passwd' %}", "template-missing"),
    ],
)
def test_a_broken_template_is_named(tmp_path, text: str, code: str) -> None:
    (tmp_path / "migration-guide.md.j2").write_text(text)
    with pytest.raises(ApidiffError) as caught:
        render_plan(sample(), template_dir=tmp_path)
    assert caught.value.code == code


def test_unknown_templates_are_refused(tmp_path) -> None:
    (tmp_path / "migration-giude.md.j2").write_text("x")
    with pytest.raises(ApidiffError) as caught:
        render_plan(sample(), template_dir=tmp_path)
    assert (caught.value.code, "migration-guide.md.j2" in (caught.value.hint or "")) == ("template-unknown", True)
    with pytest.raises(ApidiffError) as caught:
        render_plan(sample(), template_dir=tmp_path / "none")
    assert caught.value.code == "template-dir-missing"


def test_templates_escape_what_they_print() -> None:
    assert "{{" not in fill("_style.html.j2")


def test_what_is_kept_ends_for_nobody() -> None:
    keep = Decision(CHANGES[0].id, Answer.EXPAND)
    plan = sample(
        changes=tuple(replace(one, decision=keep) if one.change.id == keep.change else one for one in sample().changes)
    )
    files = {name: content.decode("utf-8", "replace") for name, content in render_plan(plan).items()}
    (only,) = (name for name in files if name.startswith("messages/loop/"))
    assert (only, "nothing of yours breaks" in " ".join(files[only].split())) == (
        "messages/loop/announcement.eml",
        True,
    )
    assert "Nothing that you use of Payments 1.4.0 ends" in files["integrators/loop.md"]
    assert "name of Customer" not in files["messages/acme/announcement.eml"]
    assert CARD in files["messages/acme/announcement.eml"]
    guide = files["migration-guide.md"]
    assert "5 changes in Payments 2.0.0 can break code that works with 1.4.0; for 1 more the old form stays" in guide
    assert guide.count("**Nothing breaks:**") == guide.count("it goes on working until ") == 1
    assert guide.count(" at least. Move before then, when it suits you.") == 1
    assert files["llms.txt"].count("- action: none needed, the old form stays\n") == 1


def test_a_plan_without_a_break_says_so() -> None:
    calm = sample(
        changes=sample().changes[-1:], operations=(), integrators=(), timeline=(), dates=Dates(), draft="",
        coverage_of_revenue=(), languages=(), summary=SUMMARY | {
            "breaking": 0, "operations_broken": 0, "avoidable": 0, "undecided": 0, "integrators_affected": 0,
            "revenue_affected": 0.0, "evidence": {"confirmed": 0, "probable": 0, "possible": 0},
        },
    )  # fmt: skip
    files = {name: content.decode("utf-8", "replace") for name, content in render_plan(calm).items()}
    assert "Nothing in Payments 2.0.0 breaks code that works with 1.4.0." in files["migration-guide.md"]
    assert "Am I affected" not in files["migration-guide.md"]
    assert "<p>Nothing breaks.</p>" in files["index.html"]
    assert not [name for name in files if name.startswith(("headers/", "integrators/")) or name.endswith(".eml")]
