"""What the log leaves open, and what would decide it."""

from dataclasses import replace

from apidiff.plan.doubts import doubt_sentences, doubts
from apidiff.plan.value import Tier
from apidiff.usage.evidence import Evidence
from tests.render.plan.sample import impact, integrators


def test_nothing_is_open_without_impacts() -> None:
    assert doubts(()) == {"impacts": 0, "probable": 0, "decided_by": {}}
    assert doubt_sentences(doubts(())) == ()


def test_the_most_useful_remedy_is_named() -> None:
    one, *_ = integrators()
    hits = [
        impact("a", n, Evidence.PROBABLE, 3, "")._replace(raise_with=remedy)
        for n, remedy in enumerate(["log query strings", "ask them", "log query strings"])
    ]
    sure = impact("a", 3, Evidence.CONFIRMED, 3, "")
    people = [
        replace(one, impacts=(*hits[:2], sure)),
        replace(one, impacts=(hits[2],)),
        replace(one, impacts=tuple(hits), tier=Tier.EXCLUDED),
    ]
    found = doubts(people)
    assert found == {"impacts": 4, "probable": 3, "decided_by": {"log query strings": 2, "ask them": 1}}
    assert doubt_sentences(found) == (
        (
            "3 of 4 pairs of account and change (75%) are only probable; "
            "of most of them, 2, the remedy is: log query strings"
        ),
    )
