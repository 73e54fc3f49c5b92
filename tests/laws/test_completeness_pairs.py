"""Completeness as a law for the real pairs: every raw difference has its fact, and every fact its raw difference.

The raw differences are found by `tests/laws/oracle`, which reads both specs without the engine and brings into one form
only what is declared equal (`oracle/equal.py`). A fact explains a difference where it stands at the same place, speaks
of the same thing and names the same values; so the facts, applied to the base, give the revision.
"""

import tarfile
from collections import Counter
from pathlib import Path

import pytest

from apidiff.diff import differences
from apidiff.judge.classify import classify
from apidiff.load import load
from apidiff.load.resolve import Side
from tests.laws.oracle.account import account

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
PAIRS = {
    "adyen": ("adyen-management-v1.json", "adyen-management-v3.json"),
    "digitalocean": ("digitalocean-2024-06-01.tar.gz", "digitalocean-2026-08-07.tar.gz"),
    "discord": ("discord-2024-09-25.json", "discord-2026-07-18.json"),
    "plaid": ("plaid-2024-04-17.yaml", "plaid-2026-06-10.yaml"),
    "slack": ("slack-web-2018-05-21.json", "slack-web-2020-10-06.json"),
    "stripe": ("stripe-2020-01-07.json", "stripe-2021-06-07.json"),
    "twilio": ("twilio-api-v2010-2020-12-01.json", "twilio-api-v2010-2026-04-14.json"),
}

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SPECS.is_dir(), reason="the real specs of ../shared are not here"),
]


def _entry(pair: str, name: str, folder: Path) -> str:
    if not name.endswith(".tar.gz"):
        return str(SPECS / pair / name)
    with tarfile.open(SPECS / pair / name) as packed:
        packed.extractall(folder / name, filter="data")
    return str(folder / name / "specification" / "DigitalOcean-public.v2.yaml")


@pytest.mark.parametrize("pair", PAIRS)
def test_the_facts_turn_one_spec_into_the_other(pair: str, tmp_path: Path, cases: Counter[str]) -> None:
    documents = [load(_entry(pair, name, tmp_path)) for name in PAIRS[pair]]
    for one, two in (documents, documents[::-1]):
        found = differences(Side(one, name="base"), Side(two, name="revision"))
        books = account(found)
        assert books.faults() == []
        changes = classify(found, witnesses=False)
        assert [change.title for change in changes if change.is_unclassified] == []
        assert len({change.id for change in changes}) == len(changes)
        cases["real pairs whose books are even"] += 1
        cases[f"{pair}, both ways: raw differences, each explained"] += len(books.differences)
        cases[f"{pair}, both ways: facts, none of them invented"] += books.facts
