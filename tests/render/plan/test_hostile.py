"""Text that strangers control, in every field that they control: it shows as text, and does nothing, in every file."""

import csv
import email
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from icalendar import Calendar
from markdown_it import MarkdownIt

from apidiff.plan.value import Plan
from apidiff.render.plan import render_plan
from apidiff.words.changes import Alternative, Waiver, Witness
from apidiff.words.operation import OperationId
from tests.render.plan.sample import TIMELINE, Made, sample

pytestmark = pytest.mark.slow

HOSTILE = {
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+SUM(1)*cmd",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "markdown": "](javascript:alert(1)) ![x](http://evil.example/p.png) **b** | c | <!-- `` ` ```",
    "heading": "\n\n# Injected\n\n- [x] done\n\n---\n",
    "fence": "```\n\n# Out\n\n~~~~\n",
    "crlf": "x\r\nBcc: evil@evil.example\r\n\r\nbody",
    "calendar": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\\;,",
    "bidi": "abc\u202edef\u2066\u0000\x1b[31m",
    "jinja": "{{ 7 * 7 }}{% for x in y %}{{ plan.__class__ }}",
    "config": '"; return 200 "x"; } server { #${x}%{y}`',
    "long": "W" * 5_000 + "é" * 5_000,
    "surrogate": "a\ud800b",
}


def planted(value: Any, text: str) -> Any:
    """What a change holds of a spec (a value, a list of values, a schema) with `text` in place of every string."""
    if isinstance(value, str):
        return text
    if isinstance(value, list):
        return [planted(one, text) for one in value]
    return value


def poisoned(text: str) -> Plan:
    """The sample with hostile names, titles, contacts, notes, parameters, values, paths and steps."""
    plan = sample()
    people = tuple(
        replace(
            one, name=text, owner=text, contact=text, keys=(text,), plan=text, languages=(text, "python"), why=text,
            next_action=text, channel=text, status=text, promised_date=text, confirmed_migrated_at=text, notes=text,
            integrator=f"{one.integrator}{text}", flags=(text,), operations=(*one.operations, text), effort=text,
            impacts=tuple(
                hit._replace(seen=text, raise_with=text, operations=(*hit.operations, text)) for hit in one.impacts
            ),
        )
        for one in plan.integrators
    )  # fmt: skip
    changes = tuple(
        replace(
            planned,
            change=replace(
                planned.change, places=(f"x: {text}",), why=text, name=text,
                title=f"property `{text}` of `{text}` was removed {text}",
                before=planted(planned.change.before, text), after=planted(planned.change.after, text),
                renamed_to=planned.change.renamed_to and text, alternative=Alternative("x", text),
                witness=Witness({text: text}, text), waiver=planned.change.waiver and Waiver(text, text, text),
                exposure=replace(planned.change.exposure, names=(text,), values=(text,) * (number % 2)),
            ),
            decision=planned.decision and replace(planned.decision, reason=text, owner=text),
        )
        for number, planned in enumerate(plan.changes)
    )  # fmt: skip
    operations = tuple(
        replace(
            one, successor=OperationId(text) if one.successor else None, operation=replace(one.operation, summary=text)
        )
        for one in plan.operations
    )
    odd = replace(
        operations[0].operation, id=f"GET /{text}", path=f"/{text}", parameters=((text, text),), scheme="bearer"
    )
    return replace(
        plan,
        base=replace(plan.base, title=text, version=text, source=text),
        revision=replace(plan.revision, title=f"{text}2", version=text),
        policy={text: text, "list": [text]},
        cost={text: text},
        integrators=people,
        changes=changes,
        operations=(*operations, replace(operations[0], operation=odd)),
        timeline=tuple(replace(step, title=text, detail=text, who=text) for step in TIMELINE),
        draft=text,
        stamp=text,
        guide_url=text,
        languages=((text, 0.5), ("python", 0.5)),
        coverage_of_revenue=(text,),
        usage=replace(plan.usage, unmatched_shapes=((text, 3),), warnings=(text,), malformed_samples=((text, text),)),
    )


@pytest.fixture(scope="module", params=HOSTILE)
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    text = HOSTILE[request.param]
    return render_plan(poisoned(text), samples=Made(text))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets |= {value or "" for name, value in attrs if name in ("href", "src", "action")}


def test_pages_hold_no_foreign_element(files: dict[str, bytes]) -> None:
    for name in ("index.html", "migration-guide.html"):
        reader = _Reader()
        reader.feed(files[name].decode())
        assert reader.tags.isdisjoint({"img", "iframe", "link", "form", "object", "base"}), name
        ours = {"index.html": 3}  # two that run, known to the policy by their hashes, and one of data
        assert files[name].decode().lower().count("<script") == ours.get(name, 0), name
        assert reader.attributes <= {
            "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "viewbox", "role", "xmlns",
            "tabindex", "aria-label", "aria-labelledby", "type", "hidden", "autocomplete", "value", "scope", "colspan",
            "data-sort", "data-t", "data-e", "data-h", "data-s", "data-k", "data-l", "data-w", "data-c", "data-v",
            "data-label", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "width", "height",
        }, name  # fmt: skip
        assert all(target.startswith("#") or target in files for target in reader.targets), name


def test_markdown_keeps_its_shape(files: dict[str, bytes]) -> None:
    parser = MarkdownIt("commonmark").enable("table")
    calm = render_plan(replace(sample(), guide_url=""))
    for name in ("outreach.md", "sunset-plan.md", "migration-guide.md", "messages/README.md", "headers/README.md"):
        tokens = parser.parse(files[name].decode())
        headings = [
            tokens[place + 1].content
            for place, token in enumerate(tokens)
            if token.type == "heading_open" and token.level == 0
        ]
        assert not [heading for heading in headings if heading.startswith(("Injected", "Out"))], name
        extra = 1 if name == "sunset-plan.md" else 0
        assert len(headings) == len(_headings(parser, calm[name])) + extra, name
        parts = [part for token in tokens for part in (token, *(token.children or ()))]
        assert not [part for part in parts if part.type == "image"], name
        links = {str(part.attrs["href"]) for part in parts if part.type == "link_open"}
        assert all(link.startswith("#change-") for link in links), (name, links)
        for part in parts:
            if part.type in ("html_block", "html_inline"):
                assert part.content.startswith(("<details>", "</details>", "<a id=", "</a>")), (name, part.content)


def _headings(parser: MarkdownIt, text: bytes) -> list[str]:
    return [token.tag for token in parser.parse(text.decode()) if token.type == "heading_open" and token.level == 0]


def test_no_cell_is_a_formula(files: dict[str, bytes]) -> None:
    for name in ("outreach.csv", "messages/merge.csv"):
        rows = list(csv.reader(io.StringIO(files[name].decode(), newline="")))
        assert len({len(row) for row in rows}) == 1
        for cell in (cell for row in rows for cell in row):
            assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n", "|", "%", "-")), (name, cell)


def test_no_cell_of_the_workbook_is_a_formula(files: dict[str, bytes]) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(files["outreach.xlsx"])).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(files["outreach.xlsx"])) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_mails_have_our_headers_alone(files: dict[str, bytes]) -> None:
    mails = [name for name in files if name.endswith(".eml")]
    assert mails
    for name in mails:
        mail = email.message_from_bytes(files[name], policy=default)
        assert set(mail.keys()) <= {
            "Subject", "To", "X-Unsent", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
        }, name  # fmt: skip
        assert mail["To"] is None
        assert all(len(line) <= 998 for line in files[name].split(b"\r\n")), name
        kinds = [part.get_content_type() for part in mail.walk()]
        # without an address of the guide the announcement brings the page
        assert kinds in (["text/plain"], ["multipart/mixed", "text/plain", "text/markdown"]), name


def test_the_calendar_has_its_events_alone(files: dict[str, bytes]) -> None:
    assert len(Calendar.from_ical(files["sunset.ics"]).walk("VEVENT")) == len(TIMELINE)


def test_data_files_parse(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith(".json"):
            json.loads(content)
        if name.endswith(".yaml"):
            yaml.safe_load(content)
        assert b"\x1b" not in content or name.endswith(".xlsx"), name
        assert name == "plan.json" or "\u202e" not in content.decode("utf-8", "ignore"), name


def test_configuration_stays_configuration(files: dict[str, bytes], tmp_path: Path) -> None:
    made = json.loads(files["headers/headers.json"])
    assert len(made["rules"]) + len(made["left_out"]) == len(sample().operations) + 1
    compile(files["headers/apidiff_headers_asgi.py"], "asgi", "exec")
    for name in (name for name in files if name.startswith("headers/nginx/") or name == "headers/gone/nginx.conf"):
        (tmp_path / name.rpartition("/")[2].replace("nginx.conf", "apidiff-gone.conf")).write_bytes(files[name])
    if program := shutil.which("nginx") or shutil.which("/usr/sbin/nginx"):
        config = tmp_path / "nginx.conf"
        config.write_text(
            f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ include {tmp_path}/apidiff-http.conf; "
            f"server {{ include {tmp_path}/apidiff-server.conf; include {tmp_path}/apidiff-gone.conf; }} }}"
        )
        done = subprocess.run([program, "-t", "-c", str(config), "-p", str(tmp_path)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    if program := shutil.which("node"):
        script = tmp_path / "a.js"
        script.write_bytes(files["headers/apidiff-headers-express.js"])
        subprocess.run([program, "--check", str(script)], check=True)


def test_file_names_stay_in_the_folder(files: dict[str, bytes]) -> None:
    for name in files:
        assert all(part not in ("", ".", "..") and len(part) < 120 for part in name.split("/")), name
        assert name.isascii(), name
