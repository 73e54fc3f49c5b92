"""The shim from the outside: `expand --shim`, what a plan has of it, and its log as `track` reads it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import DEMO, Run
from tests.expand.shim.served import Client, Request, Server, Spec, ask
from tests.expand.shim.test_shim import module

NAMES = ["README.md", "apidiff-shim-express.js", "apidiff_shim_asgi.py"]
START = datetime(2026, 11, 1, tzinfo=UTC)


def test_expand_writes_it_beside_the_spec(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "shim"
    ran = run("expand", DEMO / "base.yaml", DEMO / "revision.yaml", "--shim", out, "--only", "property-split")
    assert ran.code == 1
    assert sorted(path.name for path in out.iterdir()) == NAMES
    assert f"Written: {out}\n" in ran.out
    table = module((out / "apidiff_shim_asgi.py").read_bytes()).TABLE
    assert (table["fill"], len(table["rules"])) == ([], 8)


@pytest.mark.slow
def test_a_plan_has_the_shim_of_what_was_decided(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "plan"
    arguments = ("plan", DEMO / "base.yaml", DEMO / "revision.yaml", "--out", out, "--config", DEMO / "apidiff.yaml")
    assert run(*arguments, "--today", "2026-11-20").code == 0
    assert sorted(path.name for path in (out / "shim").iterdir()) == NAMES
    for name in NAMES:
        assert "DRAFT: 5 of 8 breaking changes are undecided. Do not deploy." in (out / "shim" / name).read_text().replace("*", "")  # fmt: skip  # noqa: E501
    table = module((out / "shim" / "apidiff_shim_asgi.py").read_bytes()).TABLE
    steps = [step[:2] for shape in table["shapes"] for step in shape.get("s", ())]
    assert steps == [["split", "daa2112d9572"], ["join", "8ea3b99ddf50"]]


def things(size: str, name: str, path: str) -> dict[str, Any]:
    """A spec with a parameter, a property and an address that change."""
    schema = {
        "type": "object",
        "properties": {name: {"type": "string", "format": "date-time"}, "id": {"type": "string"}},
    }
    body = {"content": {"application/json": {"schema": schema}}}
    answers = {
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}}
    }
    parameters = [{"name": size, "in": "query", "schema": {"type": "integer", "maximum": 9}}]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": {
            "/things": {"post": {"operationId": "makeThing", "parameters": parameters, "requestBody": body, **answers}},
            path: {"get": {"operationId": "listRooms", **answers}},
        },
    }


OLD, NEW = things("page_size", "createdAt", "/rooms"), things("pageSize", "created_at", "/halls")


@pytest.mark.slow
def test_track_reads_its_log(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has moved and who has not, told by the edge alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APIDIFF_KEY_SECRET", "of the edge")
    Path("old.json").write_text(json.dumps(OLD))
    Path("new.json").write_text(json.dumps(NEW))
    Path("accounts.csv").write_text("api_key,integrator\nkey_of_old_12345678,old\nkey_of_moved_1234567,moved\n")
    assert run("expand", "old.json", "new.json", "--shim", "shim").code == 0
    edge = module(Path("shim/apidiff_shim_asgi.py").read_bytes())
    lines: list[str] = []
    app = edge.ApidiffShim(Server(Spec(NEW)), log=lines.append, secret="of the edge")

    def logged(start: datetime, spec_of: dict[str, dict[str, Any]]) -> list[str]:
        """The log of thirty days, on each of which everybody makes the same calls."""
        lines.clear()
        for key, spec in spec_of.items():
            for _, request in Client(Spec(spec), key).requests():
                if request.method == "POST" and not request.query:
                    continue  # who leaves the parameter out is no witness of the old one
                assert ask(app, request).status == 200
        days = [(start + timedelta(days=day)).isoformat() for day in range(30)]
        Path("edge.jsonl").write_text("\n".join(json.dumps(json.loads(line) | {"time": day}) for day in days for line in lines))  # fmt: skip  # noqa: E501
        return ["--usage", "edge.jsonl", "--key-hash", "hmac", "--integrators", "accounts.csv"]

    before = logged(START, {"key_of_old_12345678": OLD, "key_of_moved_1234567": OLD})
    assert run("plan", "old.json", "new.json", *before, "--out", "plan", "--today", "2026-12-02").code == 0
    after = logged(START + timedelta(days=80), {"key_of_old_12345678": OLD, "key_of_moved_1234567": NEW})
    report = json.loads(run("track", "plan", *after, "--today", "2027-02-20", "--format", "json").out)
    assert {one["integrator"]: {each["state"] for each in one["changes"]} for one in report["integrators"]} == {
        "old": {"not started"}, "moved": {"migrated"},
    }  # fmt: skip
    assert {len(one["changes"]) for one in report["integrators"]} == {3}


def test_a_log_has_no_key_and_no_value(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "shim"
    run("expand", DEMO / "base.yaml", DEMO / "revision.yaml", "--shim", out)
    lines: list[str] = []
    made = module((out / "apidiff_shim_asgi.py").read_bytes())
    app = made.ApidiffShim(
        Server(Spec(yaml.safe_load((DEMO / "revision.yaml").read_text()))),
        fill=dict.fromkeys(made.TABLE["fill"]), log=lines.append, secret="s",
    )  # fmt: skip
    secret = "sk_live_of_somebody"
    headers = (("authorization", f"Bearer {secret}"), ("content-type", "application/json"), ("user-agent", secret))
    ask(app, Request("POST", "/v1/customers", "", headers, json.dumps({"name": secret, "email": secret}).encode()))
    ask(app, Request("GET", f"/v1/customers/{secret}", f"limit={secret}&{secret}=1", headers))
    ask(app, Request("GET", "/v1/payments", f"method={secret}&cursor={secret}", headers))
    assert len(lines) == 3
    assert not any("live" in line or "somebody" in line for line in lines)
    assert [json.loads(line)["path"] for line in lines] == [
        "/v1/customers",
        "/v1/customers/{customer_id}",
        "/v1/payments",
    ]


def test_what_can_not_be_kept_is_open_again(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom it meets has to hear of it: the plan is a draft, and says of what was proved alone that it is kept."""
    monkeypatch.chdir(tmp_path)
    one, two = (things("page_size", "createdAt", "/rooms") for _ in range(2))
    for spec, properties in (
        (one, {"at": {"type": "string"}, "of": {"type": "string"}}),
        (two, {"at": {"type": "integer"}}),
    ):
        content = spec["paths"]["/rooms"]["get"]["responses"]["200"]["content"]
        content["application/json"] = {"schema": {"type": "object", "properties": properties}}
    Path("old.json").write_text(json.dumps(one))
    Path("new.json").write_text(json.dumps(two))
    Path("apidiff.yaml").write_text("decisions: {property-removed: expand, type-changed: expand}")
    ran = run("plan", "old.json", "new.json", "--out", "plan", "--today", "2026-11-20")
    page = " ".join(Path("plan/index.html").read_text().split())
    assert "DRAFT: 2 of 4 breaking changes are undecided\n" in ran.out
    assert ran.err.count("was decided to be expanded, and can't be: callers of the base rely on `string` there") == 2
    assert '<b>2 of 4 breaks can be avoided, as the proof shows.</b> Here is the spec: <a href="expanded.yaml">' in page
    assert "No middleware can serve them: the server has to." in page
    assert not [breaks for breaks in json.loads(Path("plan/plan.json").read_text())["changes"] if breaks.get("decision") and breaks["rule"] == "type-changed"]  # fmt: skip  # noqa: E501
