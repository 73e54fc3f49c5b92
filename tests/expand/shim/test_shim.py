"""The shim in front of servers of the revision: clients of the base fail without it and not with it."""

import importlib.util
import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from apidiff.comparison.compare import Judgement, compared
from apidiff.expand.shim.make import shim
from apidiff.expand.shim.value import Shim
from apidiff.load import Document
from apidiff.render.shim import ASGI, EXPRESS, shim_files
from tests.conftest import DEMO
from tests.expand.shim.served import Answer, Client, Request, Server, Spec, ask, failures
from tests.render.plan.servers import need

TODAY = date(2026, 11, 20)
OPERATION = """
parameters:
  - {name: team, in: path, required: true, schema: {type: string}}
  - {name: page_size, in: query, schema: {type: integer, maximum: 9}}
  - {name: X-Tone, in: header, schema: {type: string, enum: [quite-loud, low]}}
  - {name: trace, in: query, schema: {type: string}}
  - {name: order, in: query, schema: {type: string, enum: [in-turn, back], default: back}}
requestBody:
  content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
responses:
  '200': {description: OK, content: {application/json: {schema: {type: object, required: [all], properties: {all: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}
"""  # noqa: E501
THING = """
type: object
required: [name, createdAt, state]
properties:
  name: {type: string}
  createdAt: {type: string, format: date-time}
  state: {type: string, enum: [in-progress, done]}
  size: {type: integer, default: 3}
  count: {type: integer}
  inner: {$ref: '#/components/schemas/Thing'}
  more: {type: object, additionalProperties: {$ref: '#/components/schemas/Thing'}}
"""
LIST = """
parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 90}}, {name: PAGING, in: query, schema: {type: string}}]
responses:
  '200': {description: OK, content: {application/json: {schema: {type: object, required: [data], properties: {data: {type: array, items: {type: object, required: [id], properties: {id: {type: string}}}}}}}}}
"""  # noqa: E501


def base() -> dict[str, Any]:
    """A spec with one of each kind."""
    listed = {}
    for name in ("offset", "starting_after"):
        operation = yaml.safe_load(LIST.replace("PAGING", name))
        if name != "offset":
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            schema["properties"]["has_more"] = {"type": "boolean"}
        listed[f"/by-{name}"] = {"get": operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "security": [{"key": []}],
        "paths": {
            "/teams/{team}/things": {"post": {"operationId": "makeThing", **yaml.safe_load(OPERATION)}},
            **listed,
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Thing": yaml.safe_load(THING)},
        },
    }


def revision() -> dict[str, Any]:
    """Every kind of change at once."""
    made = base()
    made["info"]["version"] = "2.0.0"
    operation = made["paths"].pop("/teams/{team}/things")["post"]
    made["paths"]["/groups/{team}/things"] = {"post": operation}
    names = operation["parameters"]
    names[1]["name"] = "pageSize"
    names[2]["schema"]["enum"] = ["QUITE_LOUD", "low"]
    names[3] |= {"required": True}
    names[4] |= {"required": True}
    names[4]["schema"]["enum"] = ["IN_TURN", "back"]
    thing = made["components"]["schemas"]["Thing"]
    thing["required"] = ["first_name", "last_name", "created_at", "state", "size", "count"]
    thing["properties"] = {
        "first_name": {"type": "string"}, "last_name": {"type": "string"},
        "created_at": thing["properties"].pop("createdAt"), **thing["properties"],
    }  # fmt: skip
    del thing["properties"]["name"]
    thing["properties"]["state"]["enum"] = ["IN_PROGRESS", "done"]
    for path in ("/by-offset", "/by-starting_after"):
        made["paths"][path]["get"]["parameters"][0]["schema"]["maximum"] = 40
    return made


def made_of(one: Any, two: Any) -> tuple[Shim, dict[str, bytes]]:
    ends = [Document.parsed(end) if isinstance(end, dict) else end for end in (one, two)]
    comparison, found = compared(*ends, judgement=Judgement(today=TODAY))
    made = shim(found[0], comparison.changes, frozenset(change.id for change in comparison.changes if change.breaks))
    return made, shim_files(made, comparison.base.version, comparison.revision.version)


def module(code: bytes) -> Any:
    spec = importlib.util.spec_from_loader("apidiff_shim_asgi", loader=None)
    assert spec is not None
    made = importlib.util.module_from_spec(spec)
    exec(compile(code, ASGI, "exec"), made.__dict__)
    return made


def kinds(made: Shim) -> dict[str, str]:
    """The change of each rule and direction, whose ids tests do not know."""
    return {f"{one.change.rule} {one.change.direction} {one.change.name}": one.change.id for one in made.served}


@pytest.fixture(scope="module")
def demo() -> tuple[Shim, dict[str, bytes]]:
    return made_of(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"))


FILL = {"39c3caef4f21": lambda _: "bank_transfer", "d6b5d980fb4c": lambda _: "EUR"}
IN_JS = "{'39c3caef4f21': () => 'bank_transfer', 'd6b5d980fb4c': () => 'EUR'}"


def demo_specs() -> tuple[Spec, Spec]:
    one, two = (Spec(yaml.safe_load((DEMO / name).read_text())) for name in ("base.yaml", "revision.yaml"))
    return one, two


def test_the_demo_is_served_but_for_what_its_server_can_not_do(demo: tuple[Shim, dict[str, bytes]]) -> None:
    one, two = demo_specs()
    assert failures(Server(one), Client(one)) == {}
    assert sum(failures(Server(two), Client(one)).values()) == 38
    shimmed = module(demo[1][ASGI]).ApidiffShim(Server(two), fill=FILL)
    assert failures(shimmed, Client(one)) == {"POST /v1/tokens": 2}
    assert failures(shimmed, Client(two)) == {}
    assert {one.change.id: one.why for one in demo[0].unserved} == {
        "53f875956bea": "the new server does not send it, and nothing says from what it could be made",
        "a7c045732189": "the new server has nothing that does what it did",
    }


def filled(made: Shim) -> dict[str, Any]:
    """The functions that somebody wrote who knows what this API means."""
    known = kinds(made)
    return {
        known["property-split request name"]: lambda whole: (
            dict(zip(["first_name", "last_name"], whole.split("_"), strict=False)) | {"last_name": "b"}
        ),
        known["property-split response name"]: lambda parts: "_".join(parts.values()),
        known["parameter-became-required request trace"]: lambda _: "none",
        known["property-became-required request count"]: len,
    }


def test_every_kind_is_served() -> None:
    made, files = made_of(base(), revision())
    assert (made.unserved, made.narrower) == ((), {})
    one, two = Spec(base()), Spec(revision())
    assert failures(Server(one), Client(one)) == {}
    assert failures(Server(two), Client(one)) == {
        "POST /teams/{team}/things": 7, "GET /by-offset": 1, "GET /by-starting_after": 1,
    }  # fmt: skip
    shimmed = module(files[ASGI]).ApidiffShim(Server(two), fill=filled(made))
    assert failures(shimmed, Client(one)) == {}
    told = module(files[ASGI]).ApidiffShim(
        Server(two), fill=filled(made), old=lambda held: "old" in held["authorization"]
    )
    assert failures(told, Client(one, "old")) == failures(told, Client(two, "new")) == {}


def test_what_only_people_know_is_asked_before_anything_starts() -> None:
    made, files = made_of(base(), revision())
    with pytest.raises(ValueError, match=f"fill has no function for {', '.join(sorted(filled(made)))}"):
        module(files[ASGI]).ApidiffShim(None)
    with pytest.raises(ValueError, match="the log needs a secret"):
        module(files[ASGI]).ApidiffShim(None, fill=filled(made), log="x")
    left = module(files[ASGI]).ApidiffShim(Server(Spec(revision())), fill=dict.fromkeys(filled(made)))
    assert failures(left, Client(Spec(base()))) == {"POST /teams/{team}/things": 7}


def test_a_body_changes_in_nothing_but_the_steps() -> None:
    made, files = made_of(base(), revision())
    shimmed = module(files[ASGI]).ApidiffShim(server := Server(Spec(revision())), fill=filled(made))
    sent = b'{ "createdAt" : "2026" ,"big":12345678901234567890, "exact":1.10,"name":"a_b", "u":"\\u00e9\xc3\xa9",\n"x":{"createdAt":1}, "state":"in-progress"}'  # noqa: E501
    request = Request("POST", "/teams/a%2Fb/things", "page_size=2&x&y=%20+&page_size=3", JSON, sent)
    ask(shimmed, request)
    met = server.met[-1][0]
    assert (met.path, met.query) == ("/groups/a%2Fb/things", "pageSize=2&x&y=%20+&pageSize=3&trace=none&order=back")
    assert met.body == (
        b'{ "created_at" : "2026" ,"big":12345678901234567890, "exact":1.10,"first_name":"a","last_name":"b", '
        b'"u":"\\u00e9\xc3\xa9",\n"x":{"createdAt":1}, "state":"IN_PROGRESS","count":7,"size":3}'
    )
    assert dict(met.headers)["content-length"] == str(len(met.body))


JSON = (("content-type", "application/json"),)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ((("content-type", "text/plain"),), b'{"createdAt": 1}'),
        ((*JSON, ("content-encoding", "gzip")), b'{"createdAt": 1}'),
        ((("content-type", "application/json; charset=latin-1"),), b'{"createdAt": 1}'),
        (JSON, b'{"createdAt": 1'),
        (JSON, b'{"createdAt": "\xff"}'),
        (JSON, b'["createdAt"]'),
        (JSON, b'{"createdAt": 1, "pad": "' + b" " * 1_000_000 + b'"}'),
        (JSON, b""),
    ],
    ids=["text", "gzip", "latin", "cut", "no text", "list", "large", "empty"],
)
def test_what_is_not_for_it_passes_as_it_is(headers: tuple[tuple[str, str], ...], body: bytes) -> None:
    made, files = made_of(base(), revision())
    shimmed = module(files[ASGI]).ApidiffShim(server := Server(Spec(revision())), fill=filled(made))
    ask(shimmed, Request("POST", "/teams/1/things", "trace=a&order=back", headers, body))
    assert server.met[-1][0].body == body
    assert [pair for pair in server.met[-1][0].headers if pair[0] != "content-length"] == list(headers)


def test_streams_pass_as_they_come() -> None:
    made, files = made_of(base(), revision())
    sent: list[dict] = []
    parts = [b'{"all": [{"created_at": "2026"}', b"]}"]

    async def app(scope: dict, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": parts[0], "more_body": True})
        assert len(sent) == 2  # the first part is out before the second is made
        await send({"type": "http.response.body", "body": parts[1]})

    async def send(message: dict) -> None:
        sent.append(message)

    import asyncio

    scope = {"type": "http", "method": "POST", "path": "/teams/1/things", "query_string": b"", "headers": []}
    asyncio.run(module(files[ASGI]).ApidiffShim(app, fill=filled(made))(scope, None, send))
    assert b"".join(one.get("body", b"") for one in sent) == b"".join(parts)


REPLAY = """
const http = require('http'), fs = require('fs');
const [file, cases, port] = process.argv.slice(2);
const shim = require(file);
const all = JSON.parse(fs.readFileSync(cases));
let waiting = [];
const met = [];
const app = (req, res) => {
  const parts = [];
  req.on('data', (part) => parts.push(part));
  req.on('end', () => {
    met.push([req.method, req.url, Buffer.concat(parts).toString('latin1'), req.headers['x-tone'] || '']);
    const answer = waiting.shift() || {status: 599, headers: {}, body: ''};
    res.writeHead(answer.status, answer.headers);
    const body = Buffer.from(answer.body, 'latin1');
    if (body.length > 3) res.write(body.subarray(0, 3)); // in parts, as frameworks do
    res.end(body.subarray(Math.min(3, body.length > 3 ? 3 : 0)));
  });
};
const lines = [];
const server = http.createServer(shim(app, {fill: FILL, log: (line) => lines.push(line), secret: 'x'}));
server.listen(0, '127.0.0.1', async () => {
  const told = [];
  for (const one of all) {
    waiting = one.answers;
    met.length = 0;
    told.push(await new Promise((resolve) => {
      const req = http.request(
        {port: server.address().port, method: one.method, path: one.path, headers: one.headers},
        (res) => {
          const parts = [];
          res.on('data', (part) => parts.push(part));
          res.on('end', () => resolve([[...met], res.statusCode, res.headers['content-length'] || '', Buffer.concat(parts).toString('latin1')]));
        },
      );
      req.end(Buffer.from(one.body, 'latin1'));
    }));
  }
  console.log(JSON.stringify({told, lines: lines.map((line) => ({...JSON.parse(line), time: ''}))}));
  server.close();
});
"""  # noqa: E501


def replayed(
    tmp_path: Path, files: dict[str, bytes], fill: dict[str, Any], in_js: str, ends: tuple[Spec, Spec]
) -> None:
    """Every call of a client through the shim for ASGI, then the same through that for Express: all is the same."""
    one, two = ends
    server, lines = Server(two), list[dict]()
    shimmed = module(files[ASGI]).ApidiffShim(
        server, fill=fill, log=lambda line: lines.append(json.loads(line) | {"time": ""}), secret="x"
    )
    cases, wanted = [], []
    for _, request in Client(one).requests():
        server.met.clear()
        got = ask(shimmed, request)
        met = [_as_met(asked) for asked, _ in server.met]
        wanted.append([met, got.status, got.header("content-length"), got.body.decode("latin-1")])
        answers = [
            {"status": one.status, "headers": dict(one.headers), "body": one.body.decode("latin-1")}
            for _, one in server.met
        ]
        path = request.path + (f"?{request.query}" if request.query else "")
        headers = dict(request.headers) | ({"content-length": str(len(request.body))} if request.body else {})
        cases.append(
            {
                "method": request.method,
                "path": path,
                "headers": headers,
                "body": request.body.decode("latin-1"),
                "answers": answers,
            }
        )
    (tmp_path / EXPRESS).write_bytes(files[EXPRESS])
    (tmp_path / "replay.js").write_text(REPLAY.replace("FILL", in_js))
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    command = [need("node"), str(tmp_path / "replay.js"), str(tmp_path / EXPRESS), str(tmp_path / "cases.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    made = json.loads(done.stdout)
    for case, told, want in zip(cases, made["told"], wanted, strict=True):
        assert told == want, case["path"]
    assert made["lines"] == lines


def _as_met(asked: Request) -> list[str]:
    query = f"?{asked.query}" if asked.query else ""
    return [asked.method, asked.path + query, asked.body.decode("latin-1"), dict(asked.headers).get("x-tone", "")]


def test_express_does_what_asgi_does_for_the_demo(demo: tuple[Shim, dict[str, bytes]], tmp_path: Path) -> None:
    replayed(tmp_path, demo[1], FILL, IN_JS, demo_specs())


def test_express_does_what_asgi_does_for_every_kind(tmp_path: Path) -> None:
    made, files = made_of(base(), revision())
    known = kinds(made)
    in_js = f"""{{
      '{known["property-split request name"]}': (whole) => ({{first_name: whole.split('_')[0], last_name: 'b'}}),
      '{known["property-split response name"]}': (parts) => Object.values(parts).join('_'),
      '{known["parameter-became-required request trace"]}': () => 'none',
      '{known["property-became-required request count"]}': (held) => Object.keys(held).length,
    }}"""
    replayed(tmp_path, files, filled(made), in_js, (Spec(base()), Spec(revision())))


def test_names_of_a_spec_stay_in_the_table() -> None:
    """A hostile name is a text of JSON in both languages, and nothing else."""
    one, two = base(), revision()
    hostile = "'\"\\\n\u2028*/ */ ]); throw 1 // </script> ${1} \u202e"
    for spec in (one, two):
        for item in spec["paths"].values():
            for operation in item.values():
                operation["parameters"].append({"name": hostile, "in": "query", "schema": {"type": "string"}})
    two["paths"]["/by-offset"]["get"]["parameters"][-1]["name"] = hostile + "2"
    two["paths"]["/by-offset"]["get"]["parameters"][-1]["required"] = True
    two["info"]["version"] = "2*/"
    _, files = made_of(one, two)
    clean, _ = made_of(base(), revision())
    del clean
    table = next(line for line in files[ASGI].decode().splitlines() if line.startswith("TABLE = "))
    assert files[ASGI].decode().replace(table, "") == module_code("asgi.py", 'TABLE = json.loads("{}")')
    table = next(line for line in files[EXPRESS].decode().splitlines() if line.startswith("const TABLE = "))
    assert files[EXPRESS].decode().replace(table, "") == module_code("express.js", 'const TABLE = JSON.parse("{}");')
    assert module(files[ASGI]).TABLE["shapes"]
    node = need("node")
    done = subprocess.run([node, "--check", "-"], input=files[EXPRESS], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def module_code(name: str, table: str) -> str:
    return (DEMO.parents[1] / "templates" / "shim" / name).read_text().replace(table, "")


def test_an_answer_is_kept_whole(demo: tuple[Shim, dict[str, bytes]]) -> None:
    """A digest of what was goes; an answer that fails stays as it is."""

    async def app(scope: dict, receive: Any, send: Any) -> None:
        headers = [
            (b"content-type", b"application/json"),
            (b"digest", b"x"),
            (b"x-own", b"1"),
            (b"content-length", b"40"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"first_name":"Ada","last_name":"Byron"}'})

    told = ask(module(demo[1][ASGI]).ApidiffShim(app, fill=FILL), Request("GET", "/v1/customers/1"))
    body = b'{"first_name":"Ada","last_name":"Byron","name":"Ada Byron"}'
    assert told == Answer(200, (JSON[0], ("x-own", "1"), ("content-length", str(len(body)))), body)
