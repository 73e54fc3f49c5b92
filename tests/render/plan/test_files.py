"""Mails, workbook and examples, read back by the programs that they are for."""

import email
import io
from dataclasses import replace
from email.policy import default

import pytest

from apidiff.config.settings import Answer
from apidiff.plan.value import COLUMNS, Decision
from apidiff.render.plan import render_plan
from tests.render.plan.sample import Made, sample

KINDS = ["announcement", "brownout-1", "extension", "last-call", "reminder-1", "reminder-2", "thank-you"]


def test_each_contacted_integrator_gets_every_message(folder: dict[str, bytes]) -> None:
    """But for who only reads what changes: no call of theirs is refused, so that no brownout is theirs to know of."""
    assert [name for name in folder if name.startswith("messages/") and name.endswith(".eml")] == [
        f"messages/{one}/{kind}.eml"
        for one in ("acme", "bolt", "loop", "monthend")
        for kind in KINDS
        if (one, kind) != ("loop", "brownout-1")
    ]


def test_a_mail_is_a_draft_with_its_own_evidence(folder: dict[str, bytes]) -> None:
    mail = email.message_from_bytes(folder["messages/acme/reminder-2.eml"], policy=default)
    assert dict(mail.items()) == {
        "Subject": "Reminder 2 of 2: Payments changes on Tue 11 Jan 2028", "To": "dev@acme.example", "X-Unsent": "1",
        "Content-Type": 'text/plain; charset="utf-8"', "Content-Transfer-Encoding": "8bit", "MIME-Version": "1.0",
    }  # fmt: skip
    text = " ".join(mail.get_content().split())
    assert "32 days are left" in text
    assert "with key sk_live_…acme" in text
    assert "called the removed operation 118 times." in text.lower()
    assert not [other for other in ("bolt", "Bolt", "monthend", "Month End", "Loop") if other in text]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("…",), "with 1 key of yours."),
        (("…", "…"), "with 2 keys of yours."),
        (("…", "sk_live_…acme"), "with keys sk_live_…acme and 1 more."),
        ((), "with your account."),
    ],
)
def test_a_mail_names_no_key_of_which_nothing_may_be_shown(keys: tuple[str, ...], said: str) -> None:
    plan = sample()
    people = tuple(replace(one, keys=keys) for one in plan.integrators)
    written = render_plan(replace(plan, integrators=people))
    text = email.message_from_bytes(written["messages/acme/reminder-2.eml"], policy=default).get_content()
    assert said in " ".join(text.split())


@pytest.mark.parametrize("kind", [*KINDS, "kept"])
def test_a_mail_is_short_and_names_no_field_of_a_log(kind: str) -> None:
    decided = Decision("", Answer.EXPAND)
    kept = tuple(replace(one, decision=replace(decided, change=one.change.id)) for one in sample().changes)
    plan = sample(changes=kept) if kind == "kept" else sample()
    name = f"messages/acme/{'announcement' if kind == 'kept' else kind}.eml"
    mail = email.message_from_bytes(render_plan(plan, samples=Made())[name], policy=default)
    lines = [line for line in mail.get_content().splitlines() if not line.startswith(("- ", "  "))]
    assert len(" ".join(lines).split()) < 200
    assert "data[]" not in mail.get_content()


def test_the_page_is_attached_where_the_guide_has_no_address() -> None:
    files = render_plan(sample(guide_url=""), samples=Made())
    mail = email.message_from_bytes(files["messages/acme/announcement.eml"], policy=default)
    text, page = mail.iter_parts()
    assert "is on the page attached" in text.get_content()
    assert page.get_content_type() == "text/markdown"
    assert page.get_content().encode().replace(b"\r\n", b"\n") == files["integrators/acme.md"]
    assert all(len(line) <= 998 for line in files["messages/acme/announcement.eml"].split(b"\r\n"))
    reminder = email.message_from_bytes(files["messages/acme/reminder-1.eml"], policy=default)
    assert not reminder.is_multipart()
    assert "the page that came with our announcement" in " ".join(reminder.get_content().split())


def test_an_integrators_guide_holds_its_changes_alone(folder: dict[str, bytes]) -> None:
    text = folder["integrators/bolt.md"].decode()
    assert '+   "name": "new"' in text
    assert not [other for other in ("currency", "acme", "Acme", "refunds", "first_name") if other in text]


def test_the_workbook_has_the_list(folder: dict[str, bytes]) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(folder["outreach.xlsx"])).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "DRAFT: 5 of 6 breaking changes are undecided"
    assert rows[1] == COLUMNS
    places = [COLUMNS.index(column) for column in ("rank", "tier", "score", "integrator", "revenue")]
    assert [tuple(row[place] for place in places) for row in rows[2:]] == [
        (1, "call", 93.0, "acme", 240_000), (2, "call", 86.0, "monthend", 240_000),
        (3, "personal-email", 79.0, "bolt", 240_000), (4, "email", 72.0, "loop", None),
        (5, "notice", 65.0, "trial", 240_000), (6, "unknown", 58.0, "key-9f3a", None),
        (7, "excluded", 51.0, "monitor", 240_000),
    ]  # fmt: skip


def test_the_workbook_has_the_same_bytes_every_time(folder: dict[str, bytes]) -> None:
    assert render_plan(sample(), samples=Made())["outreach.xlsx"] == folder["outreach.xlsx"]
