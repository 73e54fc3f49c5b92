"""Samples drawn from real pairs of specs, run like those of the demo; `APIDIFF_SAMPLES` says how many."""

import json
import os
import random
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from werkzeug.datastructures import MultiDict
from werkzeug.test import encode_multipart

from apidiff.calls.samples import Samples
from apidiff.calls.value import Exchange, Outcome
from apidiff.comparison.compare import Judgement, compared
from tests.calls.server import SpecServer
from tests.calls.test_run import EXPECTED, QUICK, benches, installed, tried

PAIRS = (
    ("stripe/stripe-2020-01-07.json", "stripe/stripe-2021-06-07.json"),
    ("twilio/twilio-api-v2010-2020-12-01.json", "twilio/twilio-api-v2010-2026-04-14.json"),
    ("adyen/adyen-management-v1.json", "adyen/adyen-management-v3.json"),
    ("discord/discord-2024-09-25.json", "discord/discord-2026-07-18.json"),
)
DRAWN = int(os.environ.get("APIDIFF_SAMPLES", "24"))


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.suffix == ".json" else yaml.safe_load(path.read_text())


def _said(exchange: Exchange, server: SpecServer) -> int:
    """The status of the answer to a call, asked without a program."""
    call, headers = exchange.call, {name.lower(): value for name, value in exchange.call.headers}
    for one in call.credentials:
        basic = "Basic dXNlcjp0aGUtc2VjcmV0" if one.kind == "basic" else "Bearer the-secret"
        headers |= {one.name.lower(): "the-secret"} if one.kind == "header" else {"authorization": basic}
    body = call.text.encode()
    headers |= {"content-type": call.content_type} if call.text else {}
    if call.is_multipart:
        boundary, body = encode_multipart(MultiDict(call.fields))
        headers["content-type"] += f"; boundary={boundary}"
    return server.answer(call.method, call.target, headers, body)[0]


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].partition("/")[0])
def test_every_break_of_real_specs(pair: tuple[str, str], shared: Path) -> None:
    """Up to 300 of each, asked of the servers themselves: what is shown as valid is, and as refused is."""
    base, revision = (shared / "specs" / name for name in pair)
    comparison, found = compared(str(base), str(revision), judgement=Judgement())
    samples = Samples(found)
    old, new = (SpecServer(_read(path), full=True) for path in (base, revision))
    wrong: list[str] = []
    for change in [one for one in comparison.changes if one.breaks][:300]:
        sample = samples.of(change)
        for exchange, server in ((sample.before, old), (sample.after, new)):
            server.offered = exchange.answer or None if exchange else None
            if exchange is not None and _said(exchange, server) >= 400:
                wrong.append(f"{change.rule} {change.places[:1]}: {exchange.call.target} {exchange.call.text[:200]}")
        new.offered = None
        if sample.before and sample.outcome in EXPECTED and _said(sample.before, new) < 400:
            # a removed path that a template of the revision takes in is answered by another operation
            wrong += [] if sample.outcome is Outcome.GONE else [f"not refused: {change.rule} {change.places[:1]}"]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].partition("/")[0])
def test_samples_of_real_specs(pair: tuple[str, str], shared: Path, tmp_path: Path) -> None:
    base, revision = (shared / "specs" / name for name in pair)
    comparison, found = compared(str(base), str(revision), judgement=Judgement())
    samples = Samples(found)
    breaks = [change for change in comparison.changes if change.breaks and samples.of(change).before]
    drawn = random.Random(7).sample(breaks, min(DRAWN // len(PAIRS), len(breaks)))
    spoken = [one for one in QUICK if installed(one)]
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    with closing(benches(_read(base), _read(revision), tmp_path)) as served:
        bench = next(served)
        for number, change in enumerate(drawn):
            language = spoken[number % len(spoken)]
            try:
                seen[f"{language.title} {tried(bench, language, change, samples)}"] += 1
            except AssertionError as error:
                wrong.append(f"{change.rule} {change.places[:1]}: {str(error)[:700]}")
    print(dict(seen))
    assert not wrong, f"{len(wrong)} of {len(drawn)}:\n" + "\n---\n".join(wrong)
