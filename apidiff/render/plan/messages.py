"""messages/: mails for each integrator that is called or written to, as drafts that a mail program opens.

apidiff sends nothing. Each mail holds the evidence of its own integrator and of nobody else.
"""

import base64
import hashlib
import re
import textwrap
from collections.abc import Iterator, Mapping
from email.header import Header
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Final

from apidiff.folder.plan_data import refers
from apidiff.plan.value import PlannedIntegrator, Step
from apidiff.render.plan.cells import csv_table
from apidiff.render.plan.plain import by_edit, in_words, is_refused, is_removed, of_several, trace
from apidiff.render.plan.view import Hit, View
from apidiff.render.templates import fill
from apidiff.words.escape import clip, csv_cell, http_url, plain_prose, slug

WRITTEN: Final = 120
"""So many integrators, in the order of contact, get files of their own; merge.csv has all of them."""

_MET: Final = 6
"""So many changes fit into a mail that people read."""

_MERGED: Final = 3
"""So many are in merge.csv where tens of thousands of accounts have the same: the others are counted."""

_CRLF: Final = "\r\n"
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MERGE: Final = (
    "integrator", "name", "contact", "owner", "tier", "keys", "sunset", "operations", "changes", "logical_successes",
    "active_days", "last_seen", "why",
)  # fmt: skip


def messages(
    view: View, *, pages: Mapping[str, bytes] | None = None, template_dir: Path | None = None
) -> dict[str, bytes]:
    """The mails of each integrator, how to use them, and the rows for a mail merge, by file name.

    `pages` are the integrators' own pages by file name: where the guide has no address, the announcement brings one.
    """
    plan = view.plan
    files = {
        "messages/README.md": fill(
            "messages/README.md.j2",
            template_dir=template_dir,
            plan=plan,
            dated=plan.dates.sunset is not None,
            reminders=view.steps.get("reminder", ()),
            brownouts=view.steps.get("brownout", ()),
            rows=len(view.contacted),
            written=WRITTEN,
        ).encode(),
        "messages/merge.csv": _merge(view),
    }
    if plan.dates.sunset is not None:
        for one in view.contacted[:WRITTEN]:
            name = slug(one.integrator)
            page = None if http_url(plan.guide_url) else (pages or {}).get(f"integrators/{name}.md")
            for kind, text in _texts(view, one, template_dir, attached=page is not None):
                files[f"messages/{name}/{kind}.eml"] = _draft(
                    text, one.contact, page if kind == "announcement" else None
                )
    return files


def fresh_message(
    view: View, one: PlannedIntegrator, *, kind: str, reminder: Step | None = None, template_dir: Path | None = None
) -> bytes:
    """One mail of a kind (`last-call`, `thank-you`, or `reminder` with its step), made from the view's own counts."""
    shared = _shared(view, one, template_dir)
    text = fill(f"messages/{kind}.txt.j2", **shared) if reminder is None else _reminder(view, reminder, shared)
    return _draft(text, one.contact)


def _texts(
    view: View, one: PlannedIntegrator, template_dir: Path | None, *, attached: bool
) -> Iterator[tuple[str, str]]:
    if not view.to_do(one):
        kept = _items(view.hits[one.integrator])[0]
        yield (
            "announcement",
            fill(
                "messages/kept.txt.j2",
                template_dir=template_dir,
                plan=view.plan,
                one=one,
                items=kept,
                attached=attached,
            ),
        )
        return
    shared = _shared(view, one, template_dir)
    yield "announcement", fill("messages/announcement.txt.j2", **shared | {"attached": attached})
    for kind in ("last-call", "extension", "thank-you"):
        yield kind, fill(f"messages/{kind}.txt.j2", **shared)
    for place, step in enumerate(view.steps.get("reminder", ()), 1):
        yield f"reminder-{step.number or place}", _reminder(view, step, shared)
    if shared["gone"] or shared["stricter"]:
        for place, step in enumerate(view.steps.get("brownout", ()), 1):
            yield (
                f"brownout-{step.number or place}",
                fill("messages/brownout.txt.j2", step=step, window=_window(step), **shared),
            )


def _shared(view: View, one: PlannedIntegrator, template_dir: Path | None) -> dict[str, Any]:
    """What all mails to one integrator say; the evidence is filled once for all of them."""
    from markupsafe import Markup

    hits = view.to_do(one)
    items, more = _items(hits)
    refused = [hit for hit in hits if is_refused(hit)]
    shared: dict[str, Any] = {
        "plan": view.plan,
        "one": one,
        "items": items,
        "told": told_once(items),
        "more": more,
        "count": len(items) + more,
        "refused": bool(refused),
        "gone": list(dict.fromkeys(f"`{name}`" for hit in refused if is_removed(hit.planned) for name in _called(hit))),
        "stricter": [in_words(hit.planned, at) for hit, at in by_edit(tuple(refused)) if not is_removed(hit.planned)],
        "attached": False,
        "template_dir": template_dir,
    }
    evidence = fill("messages/evidence.txt.j2", **shared).strip()
    return shared | {"evidence": Markup(evidence)}  # noqa: S704 - the template has escaped it


def _items(hits: tuple[Hit, ...]) -> tuple[list[tuple[str, str]], int]:
    """What a mail lists, each thing once, in words and with what was seen; and how many more there are."""
    edits = by_edit(hits)
    return [(in_words(hit.planned, at), trace(hit)) for hit, at in edits[:_MET]], max(0, len(edits) - _MET)


def told_once(items: list[tuple[str, str]]) -> list[tuple[list[str], str]]:
    """The items with the same trace behind each other, and that trace behind the last of them."""
    found: dict[str, list[str]] = {}
    for what, seen in items:
        found.setdefault(seen, []).append(what)
    return [(what, seen if len(what) == 1 else of_several(seen)) for seen, what in found.items()]


def _called(hit: Hit) -> tuple[str, ...]:
    return hit.impact.operations or hit.planned.change.operations


def _window(step: Step) -> str:
    """When a brownout is, as a part of a sentence: `for 1 hour from 14:00 UTC`."""
    found = re.match(r"For (.{1,40}? UTC)\b", step.detail)
    return f"for {found[1]}" if found else "for a short time"


def _reminder(view: View, step: Step, shared: Mapping[str, Any]) -> str:
    assert view.plan.dates.sunset is not None
    left, total = (view.plan.dates.sunset - step.date).days, len(view.steps["reminder"])
    return fill("messages/reminder.txt.j2", step=step, total=total, days_left=left, **shared)


def _draft(text: str, contact: str, page: bytes | None = None) -> bytes:
    """The mail as a file; `X-Unsent` opens it for editing. Without a plain address in `contact` it has no recipient.

    Written by hand (RFC 5322, RFC 2046, RFC 2047): `email.message` takes a millisecond each, and there are thousands.
    """
    head, _, body = text.partition("\n\n")
    subject = clip(head.removeprefix("Subject:").strip(), 160)
    charset = "us-ascii" if subject.isascii() else "utf-8"
    lines = [f"Subject: {Header(subject, charset, header_name='Subject').encode(linesep=_CRLF)}"]
    addresses = [part.strip() for part in re.split(r"[,;]", contact)]
    if contact and all(_ADDRESS.fullmatch(address) and len(address) <= 254 for address in addresses):
        lines.append(f"To: {f',{_CRLF} '.join(addresses)}")
    lines += ["X-Unsent: 1", "MIME-Version: 1.0"]
    written = "\n".join(_wrapped(line) for line in body.strip().split("\n")).split("\n")
    plain = ['Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 8bit", "", *written]
    return (_CRLF.join([*lines, *(plain if page is None else _parts(plain, page))]) + _CRLF).encode()


def _parts(plain: list[str], page: bytes) -> list[str]:
    """A mail with the integrator's page attached; base64 keeps every line of it short."""
    boundary = f"page-{hashlib.blake2s(page, digest_size=12).hexdigest()}"
    return [
        f'Content-Type: multipart/mixed; boundary="{boundary}"', "",
        f"--{boundary}", *plain,
        f"--{boundary}",
        'Content-Type: text/markdown; charset="utf-8"; name="your-migration.md"',
        'Content-Disposition: attachment; filename="your-migration.md"',
        "Content-Transfer-Encoding: base64", "",
        *base64.encodebytes(page).decode().rstrip("\n").split("\n"),
        f"--{boundary}--",
    ]  # fmt: skip


@lru_cache(maxsize=4096)
def _wrapped(line: str) -> str:
    """The line in parts that mail may carry (RFC 5322 allows 998 octets) and that people like to read."""
    if len(line) <= 78:
        return line
    indent = re.match(r"- |\d+\. |\s*", line)
    hang = " " * len(indent.group() if indent else "")
    parts = textwrap.wrap(line, 78, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
    return "\n".join(part[at : at + 240] for part in parts for at in range(0, len(part), 240))


def _merge(view: View) -> bytes:
    """One row an integrator, for mail-merge tools."""
    sunset = view.plan.dates.sunset
    ending = (planned for planned in view.plan.changes if not planned.is_kept)
    titles = {planned.change.id: plain_prose(planned.change.title) for planned in ending}
    met = cache(partial(_met, titles, _MERGED if refers(view.plan) else _MET))

    def row(one: PlannedIntegrator) -> list[str | int]:
        return [
            *map(csv_cell, (one.integrator, one.name, one.contact, one.owner, one.tier.value, "; ".join(one.keys))),
            sunset.isoformat() if sunset else "",
            *map(csv_cell, ("; ".join(one.operations), met(one.changes))),
            one.logical_successes,
            one.active_days,
            csv_cell(one.last_seen),
            csv_cell(plain_prose(one.why)),
        ]  # fmt: skip

    return csv_table(_MERGE, map(row, view.contacted))


def _met(titles: Mapping[str, str], room: int, changes: tuple[str, ...]) -> str:
    """The titles of what meets an integrator, as many as there is room for; thousands have the same."""
    met = [titles[change] for change in changes if change in titles]
    more = [f"and {len(met) - room} more"] if len(met) > room else []
    return "; ".join([*met[:room], *more])
