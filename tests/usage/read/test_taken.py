"""Keys that are a piece of something: what is taken out, and that nothing else of it is kept."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.cube.measure import measure
from apidiff.usage.keys import Form, bare, form_of
from apidiff.usage.options import KeySource, Options
from apidiff.usage.read.taken import key_sql
from tests.usage.conftest import an_operation

Write = Callable[..., str]


def token(**claims: Any) -> str:
    """A token as issuers sign them; the signature is made up."""
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2ln"
    )


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def taken(
    value: str, source: KeySource | None = None, *, query: str = "", path: str = "/", host: str = ""
) -> str | None:
    import duckdb

    columns = {"v": value, "query": query, "path": path, "host": host}
    names = ", ".join(f"?::VARCHAR AS {name}" for name in columns)
    statement = f"SELECT {key_sql('v', source, query='query', path='path', host='host')} FROM (SELECT {names})"
    row = duckdb.connect().execute(statement, list(columns.values())).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("value", "key", "form"),
    [
        ("k_1", "k_1", Form.PLAIN),
        ("abc==", "abc==", Form.PLAIN),
        ("two words", "two words", Form.PLAIN),
        ("Bearer k_1", "k_1", Form.AUTHORIZATION),
        ("bearer  k_1", "k_1", Form.AUTHORIZATION),
        ("ApiKey k_1", "k_1", Form.AUTHORIZATION),
        ('Token token="k_1", nonce="x"', "k_1", Form.AUTHORIZATION),
        (basic("user_1:secret"), "user_1", Form.AUTHORIZATION),
        (basic("user_1"), "user_1", Form.AUTHORIZATION),
        ('Digest username="user_1", realm="x"', "user_1", Form.AUTHORIZATION),
        ("Basic not!base64", "Basic not!base64", Form.AUTHORIZATION),
        (f"Bearer {token(azp='k_1', sub='someone')}", "k_1", Form.TOKEN),
        (token(client_id="k_1", sub="someone"), "k_1", Form.TOKEN),
        (token(sub="k_1"), "k_1", Form.TOKEN),
        ("CN=k_1,O=X,C=GB", "k_1", Form.SUBJECT),
        ("/C=GB/O=X/CN=k_1", "k_1", Form.SUBJECT),
        ("O=X, CN=k\\,1", "k,1", Form.SUBJECT),
        ('O="X, Y", CN="k, 1"', "k, 1", Form.SUBJECT),
        ("AWS4-HMAC-SHA256 Credential=AKIA1/20260314/eu/api/aws4_request, Signature=f", "AKIA1", Form.PLAIN),
    ],
)
def test_what_a_key_is_by_itself(value: str, key: str, form: Form) -> None:
    assert (taken(value), form_of(value)) == (key, form)
    if form is Form.SUBJECT or value.lower().startswith(("bearer  ", "apikey", "token")):
        assert bare(value) == key


def test_a_token_without_a_claim_stays_what_it_is_for_masking() -> None:
    for value in (token(iss="x"), "Bearer eyJhbGciOiJI.abc.def"):
        assert taken(value) == value


@pytest.mark.parametrize(
    ("value", "source", "key"),
    [
        (f"Bearer {token(azp='k', sub='s_1')}", KeySource(claim="sub"), "s_1"),
        (token(realm={"client": "k_1"}), KeySource(claim="realm.client"), "k_1"),
        (token(**{"https://api.example/key": "k_1"}), KeySource(claim="https://api.example/key"), "k_1"),
        (token(azp="k"), KeySource(claim="sub"), None),
        ("no token", KeySource(claim="sub"), None),
        ("CN=c,OU=u,O=k_1", KeySource(part="o"), "k_1"),
        (basic("user_1:x"), KeySource(part="user"), "user_1"),
        ("Key v1.k_1.sig", KeySource(pattern=r"^Key v\d\.([^.]+)\."), "k_1"),
        ("else", KeySource(pattern=r"^Key v\d\.([^.]+)\."), None),
        ("", KeySource(query="api-key"), "k 1"),
        ("", KeySource(query="api-key", pattern="^(.)"), "k"),
        ("", KeySource(query="key"), None),
        ("", KeySource(host=1), "acme"),
        ("", KeySource(host=9), None),
        ("", KeySource(path=2), "tenant_1"),
        ("", KeySource(path=9), None),
    ],
)
def test_where_a_user_says_that_a_key_stands(value: str, source: KeySource, key: str | None) -> None:
    found = taken(value, source, query="a=1&api-key=k%201", path="/v1/tenant_1/pets", host="Acme.api.example:443")
    assert found == key


def row(**more: Any) -> dict[str, Any]:
    return {"time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/v1/pets", "status": 200} | more


PETS = [an_operation("GET /v1/pets")]


@pytest.mark.slow
def test_keys_of_accounts_are_found_in_whatever_holds_them(write: Write) -> None:
    held = [f"Bearer {token(azp='k_1')}", "Bearer k_1", basic("k_1:pass"), "CN=k_1,O=X", "k_1"]
    path = write("log.jsonl", [row(authorization=value) for value in held])
    accounts = read_integrators(write("accounts.csv", "api_key,integrator\nBearer k_1,acme\n"))
    usage = measure([path], PETS, options=Options())
    tokens, subjects = usage.coverage.warnings
    assert tokens == (
        "keys are a claim of tokens, which are read and not verified: the first there is of azp, client_id, clientId, "
        "appid, cid, sub; another one with `api_key: {from: authorization, claim: NAME}` in apidiff.yaml"
    )
    assert subjects.startswith("keys are the common names (CN) of subjects; another part with `api_key: {from: auth")
    assert (usage.coverage.keys, len(usage.keys)) == (1, 1)
    assert join(usage, (), accounts, operations=PETS, options=Options()).coverage.unknown_keys == 0


@pytest.mark.slow
def test_a_query_parameter_is_the_key_where_nothing_else_is(write: Write) -> None:
    line = (
        '192.0.2.1 - - [14/Mar/2026:08:26:53 +0000] "GET /v1/pets?limit=1&api_key=secret_{} HTTP/1.1" 200 5 "-" "c"\n'
    )
    usage = measure([write("a.log", "".join(line.format(number) for number in range(3)))], PETS, options=Options())
    assert usage.coverage.keys == 3
    assert usage.coverage.warnings == ("no field holds a key: the query parameter `api_key` is taken for it",)
    assert not any("secret_1" in str(value) for value in (usage.coverage, usage.keys, usage.cube))


@pytest.mark.slow
def test_rows_of_other_hosts_are_not_ours(write: Write) -> None:
    hosts = ["api.pets.example", "API.pets.example:443", "staging.pets.example", "", "eu.pets.example"]
    path = write("log.jsonl", [row(host=host, api_key="k") for host in hosts])

    def counts(*names: str) -> tuple[int, int, int]:
        coverage = measure([path], PETS, options=Options(hosts=names)).coverage
        return coverage.rows, coverage.matched, coverage.unmatched

    assert counts("api.pets.example") == (5, 3, 2)
    assert counts("*.pets.example") == (5, 5, 0)
    assert counts("api.pets.example:443") == (5, 2, 3)
    usage = measure([path], PETS, options=Options(hosts=("api.pets.example",)))
    assert usage.coverage.unmatched_shapes == (("another host", 2),)
    (warning,) = measure([path], PETS, options=Options()).coverage.warnings
    assert warning.startswith("the first rows are of 4 hosts, and all count as calls of this API; to leave out")
