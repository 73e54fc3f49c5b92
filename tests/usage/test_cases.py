"""Small logs in the shapes that people have, with the truth of every row: read exactly, or refused with the remedy.

The cases lie beside the repository. What `usage --format json` says of one is compared with its truth: rows, calls,
keys, owners, first and last time of each operation. A case that isn't exact has its row in `REFUSED` or `WARNED` with
the words that help its user on, or is in `WRONG`, which only gets shorter.
"""

import csv
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHARED, Run

pytestmark = pytest.mark.slow

LOGS = SHARED / "cases" / "logs"
CASES = sorted(path.parent.name for path in LOGS.glob("*/truth.json"))

REFUSED: dict[str, str] = {
    "06-azure-front-door": "Azure Front Door logs no header. Log at the origin",
    "06m-azure-front-door": "Azure Front Door logs no header. Log at the origin",
    "10-cloudfront-v2-json": "use real-time logs with cs-headers",
    "103-mount-not-named": "In apidiff.yaml: `mount: [/gateway/depot]`.",
    "105-strip-prefix": "In apidiff.yaml: `base_path: {add: /v2}`.",
    "188-nginx-all-dash": "nginx: map $http_authorization or $http_x_api_key to an id",
    "190-envoy-default-json": 'Envoy: add "api_key": "%REQ(X-CONSUMER-ID)%" to json_format',
    "191-apigw-default-json": 'add "apiKeyId":"$context.identity.apiKeyId" to the stage',
    "193-caddy-default": "Caddy: `log_append api_key_id {http.auth.user.id}`",
    "195-cloudflare-default": "Cloudflare: add a custom field to the job for a header that names the caller",
    "38-vercel-drain": "Vercel: drains have no header of the caller",
    "04-istio-text": 'add "%REQ(X-CONSUMER-ID)%" to the format',
    "04m-istio-text": 'add "%REQ(X-CONSUMER-ID)%" to the format',
    "196-kong-default": "Kong: put an authentication plugin",
    "35-uvicorn": "its lines have no time",
    "49-excel-epoch-sci": "as spreadsheets round them",
}
"""What can't be known without being told: the words in the refusal that read the log, or say who can."""

WARNED: dict[str, str] = {
    "180-two-hosts": "put `hosts: [api.example.com]` with its own into apidiff.yaml",
}
"""What is read as far as it can be: the words on standard error that say what is missing."""

WRONG: frozenset[str] = frozenset()
"""Cases read otherwise than they are, or refused without need or without a word that helps."""


@dataclass(frozen=True)
class Verdict:
    """How a case ended: `exact`, `refused`, `warned`, or `wrong` with what differs."""

    kind: str
    differences: tuple[str, ...] = ()
    said: str = ""


def judged(case: Path, run: Run) -> Verdict:
    """The verdict on one case, by what the command line answers."""
    meta = json.loads((case / "meta.json").read_text(encoding="utf-8"))
    inputs = [*meta["files"], "--spec", "spec.yaml", "--integrators", "accounts.csv", *meta["extra"], "--no-cache"]
    before = Path.cwd()
    os.chdir(case)
    try:
        ran = run("usage", *inputs, "--format", "json")
    finally:
        os.chdir(before)
    if ran.code == 3 and not ran.out:
        return Verdict("refused", said=ran.err)
    if ran.code:
        return Verdict("wrong", (f"exit {ran.code}",), ran.err)
    truth = json.loads((case / "truth.json").read_text(encoding="utf-8"))
    differences = tuple(_differences(json.loads(ran.out), truth, _owners(case)))
    if _names_nobody(truth) and not ran.err:
        differences = (*differences, "nobody to call, and not a word")
    if not differences:
        return Verdict("exact", said=ran.err)
    return Verdict("warned" if ran.err else "wrong", differences, ran.err)


def _owners(case: Path) -> dict[str, dict[str, str]]:
    with (case / "accounts.csv").open(encoding="utf-8", newline="") as file:
        return {row["api_key"]: row for row in csv.DictReader(file)}


def _differences(
    report: dict[str, Any], truth: Sequence[dict[str, Any]], owners: dict[str, dict[str, str]]
) -> Iterable[str]:
    """What the report says otherwise than the truth, in words."""
    good = [row for row in truth if not row.get("bad")]
    called = [row for row in good if row["op"]]
    wanted = {
        "rows": len(truth),
        "matched": len(called),
        "unmatched": len(good) - len(called),
        "malformed": len(truth) - len(good),
        "first": _second(row["time"] for row in good)[0],
        "last": _second(row["time"] for row in good)[1],
    }
    coverage = report["coverage"]
    yield from (f"{name}: {coverage[name]}, not {want}" for name, want in wanted.items() if coverage[name] != want)
    for operation in report["operations"]:
        name = f"{operation['method']} {operation['path']}"
        rows = [row for row in called if row["op"] == name]
        keys = {row["key"] for row in rows if row["key"]}
        first, last = _second(row["time"] for row in rows)
        facts = {
            "attempts": len(rows),
            "keys": len(keys),
            "integrators": len({owners[key]["integrator"] for key in keys if key in owners}),
            "first_seen": first,
            "last_seen": last,
        }
        yield from (
            f"{name}: {fact} {operation[fact]}, not {want}" for fact, want in facts.items() if operation[fact] != want
        )
    successful = {row["key"] for row in called if str(row["status"])[:1] in ("2", "3") and row["key"] in owners}
    revenue = sum({owners[key]["integrator"]: float(owners[key]["revenue"]) for key in successful}.values())
    found = sum(language["revenue"] for language in report["metrics"]["languages"])
    if abs(found - revenue) > 1:
        yield f"revenue of who calls: {found}, not {revenue}"


def _second(times: Iterable[str]) -> tuple[str, str]:
    """The first and the last of some times, as reports write them; "" for none."""
    ordered = sorted(times)
    return (f"{ordered[0][:19]}Z", f"{ordered[-1][:19]}Z") if ordered else ("", "")


def _names_nobody(truth: Sequence[dict[str, Any]]) -> bool:
    """Whether no call that succeeded has a key: an answer to whom a break hits would be made up."""
    return not any(row["key"] for row in truth if row["op"] and str(row["status"])[:1] in ("2", "3"))


@pytest.mark.skipif(not CASES, reason="needs the cases of ../shared")
@pytest.mark.parametrize("name", CASES)
def test_a_log_is_read_exactly_or_its_user_is_helped_on(name: str, run: Run) -> None:
    verdict = judged(LOGS / name, run)
    assert "internal-error" not in verdict.said or name in WRONG
    if name in WRONG:
        assert verdict.kind != "exact", "it is read now: take it off the list"
    elif name in REFUSED:
        assert (verdict.kind, REFUSED[name] in verdict.said) == ("refused", True), verdict
    elif name in WARNED:
        assert (verdict.kind, WARNED[name] in verdict.said) == ("warned", True), verdict
    else:
        assert (verdict.kind, verdict.differences) == ("exact", ()), verdict.said


@pytest.mark.skipif(not CASES, reason="needs the cases of ../shared")
def test_the_lists_name_cases_once() -> None:
    named = [*REFUSED, *WARNED, *WRONG]
    assert sorted(named) == sorted(set(named) & set(CASES))
