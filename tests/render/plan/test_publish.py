"""`--publish`: what may not be published is named with its place and its remedy, and what may be is let through."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from apidiff.folder.workplace import _PUBLIC
from apidiff.plan.value import Plan
from apidiff.render.plan import render_plan
from apidiff.render.plan.publish import PUBLISHED, Block, Secret, hindrances, misfits
from apidiff.words.blocks import BLOCKS
from tests.render.plan.sample import CARD, CHANGES, REFUND, Made, sample

pytestmark = pytest.mark.slow

WRITTEN = {name: f"Something about {name}.\n" for name in BLOCKS}
NOBODY = Secret()
PEOPLE = Secret(
    ("sk_live_9f8e7d6c5b4a3210", "0123-4567-89"),
    {"acct_77": ("Acme GmbH", "dev@acme.example"), "bolt": ("Bolt", ""), "pay": ("Payments Charges", "")},
)
KEY = "sk_live_9f8e7d6c5b4a3210"


def found(written: Mapping[str, str], *, secret: Secret = NOBODY, plan: Plan | None = None) -> list[tuple[str, str]]:
    """What keeps the sample from being published: where and what."""
    plan = plan or sample(draft="")
    files = render_plan(
        plan, samples=Made(), written={f"guide/{name}.md": text.encode() for name, text in written.items()}
    )
    blocks = {name: Block(f"guide/{name}.md", text) for name, text in written.items()}
    return [(one.at, one.what) for one in hindrances(plan, files, blocks, secret=secret)]


def test_a_whole_guide_may_be_published() -> None:
    assert found(WRITTEN, secret=PEOPLE) == []


def test_a_draft_may_not() -> None:
    assert found(WRITTEN, plan=sample()) == [
        ("apidiff.yaml", "the plan is a draft: 5 of 6 breaking changes are undecided")
    ]


def test_blocks_that_nobody_has_written() -> None:
    empty = "nobody has written it yet"
    assert found({}) == [(f"guide/{name}.md", empty) for name in BLOCKS]
    plain = sample(draft="", operations=tuple(replace(one, removed=False) for one in sample().operations))
    assert found({}, plan=plain) == [(f"guide/{name}.md", empty) for name in BLOCKS if name != "replacement"]
    calm = sample(draft="", changes=tuple(one for one in sample().changes if not one.change.breaks), operations=())
    assert found({}, plan=calm) == []


@pytest.mark.parametrize(
    "key", [KEY, "0123-4567-89", "AKIAIOSFODNN7EXAMPLE", "shop_live_Zx81kQpw02Lm", "ghp_16C7e42F292c6912E7"]
)
def test_whole_keys(key: str) -> None:
    (one,) = found(WRITTEN | {"why": f"First.\n\nAs with {key}, say.\n"}, secret=PEOPLE)
    assert one[0].startswith("guide/why.md:3, migration-guide.md:")
    assert one[1].startswith("a whole key stands there (")
    assert key not in one[1]


@pytest.mark.parametrize(
    "text",
    ["sk_live_…3210", "sk_live_xxxxxxxxxxxxxxxx", "api_version_of_customers", "client_reference_id", "key-value"],
)
def test_what_only_looks_like_a_key(text: str) -> None:
    assert found(WRITTEN | {"why": f"As with {text}.\n"}, secret=PEOPLE) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We heard that from ACME GmbH.", "Acme GmbH"),
        ("Acme asked for it.", "Acme GmbH"),
        ("Account acct_77 asked for it.", "acct_77"),
        ("Write to dev@acme.example.", "dev@acme.example"),
        ("As Bolt does.", "Bolt"),
    ],
)
def test_customers(text: str, name: str) -> None:
    told = found(WRITTEN | {"contact": f"\n{text}\n"}, secret=PEOPLE)
    assert (told[0][0].partition(",")[0], f"it names the customer {name}") in {
        (at.partition(",")[0], what) for at, what in told
    }
    assert told[0][0].startswith("guide/contact.md:2, migration-guide.md:")


@pytest.mark.parametrize("text", ["bolt it on", "payments and charges", "the acmes"])
def test_words_that_name_nobody(text: str) -> None:
    assert found(WRITTEN | {"contact": text}, secret=PEOPLE) == []


def test_a_customer_in_the_words_of_the_specification() -> None:
    changes = (replace(CHANGES[2], why="Because Acme GmbH wanted it."), *CHANGES[3:])
    plan = sample(
        draft="",
        changes=tuple(replace(one, change=change) for one, change in zip(sample().changes, changes, strict=False)),
    )
    told = found(WRITTEN, plan=plan, secret=PEOPLE)
    assert {what for _, what in told} == {"it names the customer Acme GmbH"}
    assert told[0][0].startswith("migration-guide.md:")


def test_what_people_wrote_and_what_no_longer_fits() -> None:
    plan = sample(draft="")
    blocks = {
        "whi": "x",
        "why": f"`{REFUND}` and\n`GET /v1/refundz/{{id}}`, [this](#change-aaaa00000001), [that](#change-bbbb00000001).",
        "contact": f"`{CARD}`",
    }
    made = {name: Block(f"guide/{name}.md", text) for name, text in blocks.items()}
    assert [(one.at, one.what, one.mend) for one in misfits(plan, made)] == [
        ("guide/whi.md", "the guide has no such block, so nobody reads it", "Did you mean `why`?"),
        ("guide/why.md:2", "`GET /v1/refundz/{id}` is in neither version of the API", f"Did you mean `{REFUND}`?"),
        (
            "guide/why.md:2",
            "it links to #change-bbbb00000001, which is no change of this plan any more",
            "Link to another section, or take the link out.",
        ),
    ]
    kept = sample(operations=tuple(replace(one, removed=False) for one in plan.operations))
    said = {"replacement": Block("apidiff.yaml:4", "Ask us.", is_file=False)}
    assert [(one.at, one.what) for one in misfits(kept, said)] == [
        ("apidiff.yaml:4", "nothing goes away without a successor any more")
    ]


def test_everything_that_is_published_is_in_the_folder(folder: dict[str, bytes]) -> None:
    assert set(PUBLISHED) <= set(folder)
    assert [name for name in PUBLISHED if not name.startswith(_PUBLIC)] == []  # and everybody may read it there
