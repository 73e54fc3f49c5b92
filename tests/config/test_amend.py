"""Decisions are written into apidiff.yaml, and every other byte of it stays."""

import pytest
import yaml

from apidiff.config.amend import amended
from apidiff.config.settings import Answer, DecisionEntry
from apidiff.words.errors import ApidiffError

EXPAND = DecisionEntry("x", Answer.EXPAND)
PROCEED = DecisionEntry("x", Answer.PROCEED, "why: not", "Kim")

FILE = """# ours
mount: [ /gw ]   # kept as it is
decisions:
    9f3a1c0b7d21: expand # the name

    # about the token
    a7c045732189:
        answer: proceed
        reason: the law
        owner: Ines
# about freezes
freezes:
- {from: 2026-12-15, to: 2027-01-05}
"""


def test_new_ones_come_last_and_old_ones_stay_where_they_are() -> None:
    made = amended(FILE, {"123456789012": EXPAND, "9f3a1c0b7d21": PROCEED, "component=User path=/v1/*": EXPAND})
    assert made == FILE.replace(
        "    9f3a1c0b7d21: expand # the name\n",
        "    9f3a1c0b7d21: # the name\n      answer: proceed\n      reason: 'why: not'\n      owner: Kim\n",
    ).replace(
        "        owner: Ines\n",
        "        owner: Ines\n    '123456789012': expand\n    component=User path=/v1/*: expand\n",
    )
    assert yaml.safe_load(made)["decisions"]["9f3a1c0b7d21"] == {
        "answer": "proceed",
        "reason": "why: not",
        "owner": "Kim",
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "decisions:\n  ab: expand\n"),
        ("# ours\n", "# ours\ndecisions:\n  ab: expand\n"),
        ("mount: /a", "mount: /a\ndecisions:\n  ab: expand\n"),
        ("decisions:\n# more\nmount: /a\n", "decisions:\n  ab: expand\n# more\nmount: /a\n"),
        ("decisions: {}\nmount: /a\n", "decisions:\n  ab: expand\nmount: /a\n"),
        ("decisions:\r\n  ab: proceed # x\r\n", "decisions:\r\n  ab: expand # x\r\n"),
        (
            "decisions:\n  ab:\n    answer: expand\n    reason: |\n      long\n      text\n\nmount: /a\n",
            "decisions:\n  ab: expand\n\nmount: /a\n",
        ),
    ],
)
def test_files_of_every_shape(before: str, after: str) -> None:
    assert amended(before, {"ab": EXPAND}) == after


@pytest.mark.parametrize("text", ["{decisions: {}}", "decisions: {ab: expand}\n", "decisions: [ab]\n", "- a\n"])
def test_what_holds_no_block_is_refused(text: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        amended(text, {"cd": EXPAND})
    assert caught.value.code == "config-invalid"
