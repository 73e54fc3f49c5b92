"""apidiff.yaml: every setting, and every way to get it wrong."""

import datetime as dt
from pathlib import Path

import pytest

from apidiff.config import (
    Answer,
    Config,
    Consent,
    DecisionEntry,
    Exclude,
    Freeze,
    Peak,
    Selection,
    Tiers,
    WaiverEntry,
    Weights,
    load_config,
)
from apidiff.rules.profiles import Profile
from apidiff.usage.options import KeySource
from apidiff.words.changes import Level, Waiver
from apidiff.words.errors import ApidiffError
from apidiff.words.renames import Rename, Renamed

WHOLE = """# Settings of the shop's API
levels:
  tag-changed: breaking
  operation-removed: dangerous
profile: strict
waivers:
  - change: 112345e00012
    reason: agreed with everybody
    owner: pat@shop.example
    expires: 2027-01-31
  - {rule: operation-removed, operation: "DELETE /carts/{id}", reason: never shipped, owner: kim}
decisions:
  123456789012: expand
  9f3a1c0b7d21: {answer: proceed, reason: the law asks for it, owner: kim}
only: {paths: [/v1/*], tags: public}
ignore:
  operations: [GET /health]
map_prefix: {/v1: /v2/, "": /api}
renames:
  - {property: Customer.name, to: [first_name, last_name]}
  - {parameter: sort, operation: get /v1/customers, to: order_by}
  - {operation: GET /v1/clients, to: GET /v1/customers}
policy: {name: ours, window: {months: 12}, reminders: [90, 30], brownouts: false, note: "12"}
holidays: [2026-12-25, 2027-01-01]
freezes:
  - {from: 2026-12-15, to: 2027-01-05, reason: the season}
countries: [US, de-by]
peaks:
  - {from: 06-28, to: 07-02, reason: quarter's end}
year_end: open
weights: {value: 40, effort: 2.5}
tiers: {call: 5, call_share: 0.5, revenue_share: 0.8}
consents:
  - {integrator: acme, reason: signed, by: kim, date: 2026-11-01, change: 9f3a1c0b7d21}
guide_url: https://shop.example/guide?v=2
guide: {why: "Less to know, *more* to do.", contact: ""}
problem_url: https://shop.example/problems
columns: {api_key: consumer.id, time: ts}
integrator_columns: {integrator: Account ID}
log_format: "$remote_addr - $key_id [$time_local] \\"$request\\" $status"
hosts: [API.shop.example, "*.eu.shop.example:8443"]
base_path: {strip: /gateway/, add: /v2}
rows: payload.entries
inside: body
slashes: ignore
api_key: {from: authorization, claim: azp}
mount: [/gw/, /edge]
exclude:
  keys: [sk_live_1234567890, 00123]
  user_agents: [UptimeRobot*]
version: {query: api-version}
retry_gap_seconds: 30
min_calls: 3
min_share: 0.01
look_back_days: 120
recent_days: 14
late_days: 3
key_hash: sha256
"""


@pytest.fixture
def config(tmp_path: Path):
    """Reads a text as apidiff.yaml."""

    def read(text: str) -> Config:
        (tmp_path / "apidiff.yaml").write_text(text)
        return load_config(None, cwd=tmp_path)

    return read


def test_every_setting(config):
    assert config(WHOLE) == Config(
        source=Path("apidiff.yaml"),
        levels={"tag-changed": Level.BREAKING, "operation-removed": Level.DANGEROUS},
        profile=Profile.STRICT,
        waivers=(
            WaiverEntry(Waiver("agreed with everybody", "pat@shop.example", "2027-01-31"), change="112345e00012"),
            WaiverEntry(Waiver("never shipped", "kim"), rule="operation-removed", operation="DELETE /carts/{id}"),
        ),
        decisions={
            "123456789012": DecisionEntry("123456789012", Answer.EXPAND),
            "9f3a1c0b7d21": DecisionEntry("9f3a1c0b7d21", Answer.PROCEED, "the law asks for it", "kim"),
        },
        only=Selection(paths=("/v1/*",), tags=("public",)),
        ignore=Selection(operations=("GET /health",)),
        map_prefix={"/v1": "/v2", "": "/api"},
        renames=(
            Rename(Renamed.PROPERTY, "Customer.name", ("first_name", "last_name")),
            Rename(Renamed.PARAMETER, "sort", ("order_by",), "GET /v1/customers"),
            Rename(Renamed.OPERATION, "GET /v1/clients", ("GET /v1/customers",)),
        ),
        policy={"name": "ours", "window": {"months": 12}, "reminders": [90, 30], "brownouts": False, "note": 12},
        holidays=(dt.date(2026, 12, 25), dt.date(2027, 1, 1)),
        freezes=(Freeze(dt.date(2026, 12, 15), dt.date(2027, 1, 5), "the season"),),
        countries=("US", "DE-BY"),
        peaks=(Peak((6, 28), (7, 2), "quarter's end"),),
        year_end=False,
        weights=Weights(value=40, effort=2.5),
        tiers=Tiers(5, 0.5, 0.8),
        consents=(Consent("acme", "signed", "kim", dt.date(2026, 11, 1), "9f3a1c0b7d21"),),
        guide_url="https://shop.example/guide?v=2",
        guide={"why": "Less to know, *more* to do.", "contact": ""},
        problem_url="https://shop.example/problems",
        columns={"api_key": "consumer.id", "time": "ts"},
        integrator_columns={"integrator": "Account ID"},
        log_format='$remote_addr - $key_id [$time_local] "$request" $status',
        hosts=("api.shop.example", "*.eu.shop.example:8443"),
        base_path=("/gateway", "/v2"),
        rows="payload.entries",
        inside="body",
        ignore_slashes=True,
        key_source=KeySource(field="authorization", claim="azp"),
        mount=("/gw", "/edge"),
        exclude=Exclude(keys=("sk_live_1234567890", "00123"), user_agents=("UptimeRobot*",)),
        version_from="query:api-version",
        retry_gap_seconds=30,
        min_calls=3,
        min_share=0.01,
        look_back_days=120,
        recent_days=14,
        late_days=3,
        key_hash="sha256",
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("columns: {api_key: {from: authorization, claim: azp}}", KeySource(field="authorization", claim="azp")),
        ("api_key: {from: dn, part: cn}", KeySource(field="dn", part="cn")),
        ("api_key: {query: api_key}", KeySource(query="api_key")),
        ("api_key: {host: 1}", KeySource(host=1)),
        ("api_key: {path: 2, pattern: '^t-(.+)$'}", KeySource(path=2, pattern="^t-(.+)$")),
        ("api_key: {pattern: 'Key ([^ ]+)'}", KeySource(pattern="Key ([^ ]+)")),
    ],
)
def test_where_a_key_stands(config, text, source):
    assert config(text) == Config(source=Path("apidiff.yaml"), key_source=source)


def test_a_format_goes_by_its_name_too(config):
    assert config("log_format: nginx").log_format == "nginx"


def test_places_of_settings(config):
    settings = config(WHOLE)
    assert [waiver.at for waiver in settings.waivers] == ["apidiff.yaml:7", "apidiff.yaml:11"]
    assert settings.decisions["123456789012"].at == "apidiff.yaml:13"
    assert settings.place("policy", "reminders") == "apidiff.yaml:23"
    assert Config().place("policy") == ""


@pytest.mark.parametrize("text", ["", "# nothing\n", "levels:\nwaivers: []\nprofile: ~\npolicy: ''\n".replace("~", "")])
def test_an_empty_file_changes_nothing(config, text):
    assert config(text) == Config(source=Path("apidiff.yaml"))


def test_without_a_file_the_defaults_hold(tmp_path):
    assert load_config(None, cwd=tmp_path) == Config()


def test_another_file_can_be_named(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "ours.yaml").write_text("policy: house\n")
    (tmp_path / "apidiff.yaml").write_text("policy: zalando\n")
    assert load_config(Path("sub/ours.yaml"), cwd=tmp_path).policy == "house"
    assert load_config(tmp_path / "sub" / "ours.yaml", cwd=tmp_path).source == Path("sub/ours.yaml")
    assert load_config(None, cwd=tmp_path).policy == "zalando"


def test_keys_to_exclude_are_in_no_message(config):
    assert "sk_live" not in repr(config(WHOLE))
    with pytest.raises(ApidiffError) as caught:
        config("exclude: {keys: [sk_live_1234567890, {sk_live_1234567890: 1}]}")
    assert "sk_live" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ApidiffError) as caught:
        load_config(Path("nope.yaml"), cwd=tmp_path)
    assert (caught.value.code, caught.value.at) == ("config-not-found", "nope.yaml")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ApidiffError) as caught:
        load_config(tmp_path, cwd=tmp_path)
    assert caught.value.code == "config-unreadable"


WRONG = [
    ("level: {}", 1, "config-key-unknown", "unknown key `level`", "Did you mean `levels`?"),
    ("exclude:\n  key: [a]", 2, "config-key-unknown", "unknown key `key` in `exclude`", "Did you mean `keys`?"),
    ("tiers:\n  zzz: 1", 2, "config-key-unknown", "unknown key `zzz` in `tiers`", "The keys here are"),
    (
        "waivers:\n- {chnge: a}",
        2,
        "config-key-unknown",
        "unknown key `chnge` in `waivers[0]`",
        "Did you mean `change`?",
    ),
    ("columns:\n  apikey: k", 2, "config-key-unknown", "unknown key `apikey` in `columns`", "Did you mean `api_key`?"),
    ("columns:\n  path: {from: authorization}", 2, "config-invalid", "`columns.path`: a mapping, where", "Write one"),
    ("api_key: {from: a, query: b}", 1, "config-invalid", "`api_key`: it names no single key", "Write where it"),
    ("api_key: {claim: azp, part: cn}", 1, "config-invalid", "`api_key`: it names no single key", "Write where it"),
    ("api_key: {}", 1, "config-invalid", "`api_key`: it names no single key", "Write where it stands"),
    ("api_key: {part: xx}", 1, "config-invalid", "`api_key.part`: no such name", "It is one of `user`"),
    ("api_key: {host: 0}", 1, "config-invalid", "`api_key.host`: no number in its range", "from 1 to 20"),
    ("api_key: {pattern: '^a'}", 1, "config-invalid", "`api_key.pattern`: no pattern with one group", "Put brackets"),
    ("api_key: {pattern: '(a)(b)'}", 1, "config-invalid", "`api_key.pattern`: no pattern with one group", "brackets"),
    ("api_key: {pattern: '('}", 1, "config-invalid", "`api_key.pattern`: no pattern with one group", "Put brackets"),
    ("hosts: [https://a.example]", 1, "config-invalid", "`hosts[0]`: no host", "Write a name such as"),
    ("base_path: {strip: api}", 1, "config-invalid", "`base_path.strip`: a path prefix starts with", "Write it"),
    ("base_path: {}", 1, "config-invalid", "`base_path`: it says neither `strip` nor `add`", "Write `{strip:"),
    ("slashes: both", 1, "config-invalid", "`slashes`: no such name", "It is one of `ignore`, `keep`"),
    ("- a", 1, "config-invalid", "a list, where a mapping belongs", "Write"),
    ("nonsense", 1, "config-invalid", "a single value, where a mapping belongs", "Write"),
    ("a: [", 2, "yaml-invalid", "not valid YAML", "Look"),
    ("policy: a\n\npolicy: b", 3, "config-invalid", "the key `policy` is written twice", "Keep one"),
    (
        "policy: !!python/name:os.system a",
        1,
        "config-invalid",
        "the tag `!!python/name:os.system` is not",
        "leave a tag",
    ),
    ("policy: a\n---\npolicy: b", None, "config-invalid", "the file holds more than one document", "Keep one"),
    ("levels:\n  operation-removd: breaking", 2, "rule-unknown", "`levels.operation-removd`: no rule", "did you mean"),
    (
        "levels:\n  tag-changed: bad",
        2,
        "config-invalid",
        "`levels.tag-changed`: no such name",
        "It is one of `breaking`",
    ),
    ("profile: strikt", 1, "config-invalid", "`profile`: no such name", "Did you mean `strict`?"),
    ("log_format: ngnx", 1, "config-invalid", "`log_format`: no such name", "Did you mean `nginx`?"),
    (
        "log_format: '[no variable]'",
        1,
        "usage-format-string",
        "`log_format`: the format string can't be read",
        "Give",
    ),
    ("waivers:\n- reason: a", 2, "config-invalid", "`waivers[0]`: it does not say what it waives", "Name the change"),
    ("waivers:\n- {rule: tag-changed, reason: a}", 2, "config-invalid", "`waivers[0]`: it does not say", "Name the"),
    ("waivers:\n- {change: a, owner: b}", 2, "config-invalid", "`waivers[0].reason`: it is missing", "Add it"),
    ("waivers:\n- {change: a, reason: b, owner: ''}", 2, "config-invalid", "`waivers[0].owner`: it is missing", "Add"),
    (
        "waivers:\n- change: a\n  reason: b\n  owner: c\n  expires: 2026-02-30",
        *(5, "config-invalid", "`waivers[0].expires`: no date", "Write a day of the calendar as YYYY-MM-DD"),
    ),
    ("decisions:\n  a: maybe", 2, "config-invalid", "`decisions.a.answer`: no such name", "It is one of `expand`"),
    ("decisions:\n  a: proceed", 2, "config-invalid", "`decisions.a.reason`: it is missing", "Add it"),
    ("decisions:\n  a: {answer: proceed, reason: b}", 2, "config-invalid", "`decisions.a.owner`: it is missing", "Add"),
    ("holidays: [31.12.2026]", 1, "config-invalid", "`holidays[0]`: no date", "Write a day"),
    ("freezes: [{from: 2026-02-01, to: 2026-01-01}]", 1, "config-invalid", "`freezes[0]`: it ends before", "Exchange"),
    ("countries: [Germany]", 1, "config-invalid", "`countries[0]`: no country", "Write its code in ISO 3166"),
    ("peaks: [{from: 02-30, to: 03-01}]", 1, "config-invalid", "`peaks[0].from`: no day of a year", "Write a month"),
    ("year_end: never", 1, "config-invalid", "`year_end`: no such name", "It is one of `quiet`, `open`."),
    ("weights: {value: -1}", 1, "config-invalid", "`weights.value`: no number in its range", "from 0 to 1000"),
    ("weights: {value: much}", 1, "config-invalid", "`weights.value`: no number in its range", "from 0 to 1000"),
    ("weights: {value: .nan}", 1, "config-invalid", "`weights.value`: no number in its range", "from 0 to 1000"),
    ("weights: {value: 0, usage: 0, depth: 0, recency: 0, effort: 0}", 1, "config-invalid", "`weights`: all", "Give"),
    ("tiers: {call: 2.5}", 1, "config-invalid", "`tiers.call`: no whole number", "Write a whole number"),
    ("tiers: {revenue_share: 95}", 1, "config-invalid", "`tiers.revenue_share`: no number in its range", "from 0 to 1"),
    ("guide_url: shop.example", 1, "config-invalid", "`guide_url`: no web address", "https://"),
    ("guide_url: https://me:pw@shop.example/", 1, "config-invalid", "`guide_url`: no web address", "without spaces"),
    ('guide_url: "https://a.example/\\r\\nX: y"', 1, "config-invalid", "`guide_url`: no web address", "https://"),
    ("mount: [api]", 1, "config-invalid", "`mount[0]`: a path prefix starts with a slash", "Write it"),
    (
        "renames:\n  - {to: name}",
        2,
        "config-invalid",
        "`renames[0]`: it does not say what was renamed",
        "Name one `prop",
    ),
    ("renames:\n  - {property: A.b}", 2, "config-invalid", "`renames[0].to`: it is missing", "Write what"),
    (
        "renames:\n  - {operation: users, to: GET /v1/users}",
        2,
        "config-invalid",
        "`renames[0].operation`: no operation",
        "Wr",
    ),
    (
        "renames:\n  - {property: A.b, parameter: c, to: d}",
        2,
        "config-invalid",
        "`renames[0]`: it does not say",
        "Name",
    ),
    (
        "renames:\n  - {proprety: A.b, to: d}",
        2,
        "config-key-unknown",
        "unknown key `proprety` in `renames[0]`",
        "Did you",
    ),
    ("map_prefix:\n  v1: /v2", 2, "config-invalid", "`map_prefix.v1`: a path prefix starts with a slash", "Write it"),
    ("version: {header: a, query: b}", 1, "config-invalid", "`version`: it names no single place", "Write one of"),
    ("version: {path: first}", 1, "config-invalid", "`version.path`: no number in its range", "from 1 to 20"),
    ("min_calls: [1]", 1, "config-invalid", "`min_calls`: a list, where a text belongs", "Write one value"),
    ("only: {paths: {a: b}}", 1, "config-invalid", "`only.paths`: a mapping, where a list belongs", "dash"),
    ("policy: {window: .inf}", 1, "config-invalid", "`policy.window`: no number that data can hold", "Quote it"),
    ("key_hash: md5", 1, "config-invalid", "`key_hash`: no such name", "It is one of `sha256`, `hmac`"),
]


@pytest.mark.parametrize(("text", "line", "code", "message", "hint"), WRONG)
def test_what_is_wrong_is_named_with_its_place(config, text, line, code, message, hint):
    with pytest.raises(ApidiffError) as caught:
        config(text)
    problem = caught.value
    assert problem.code == code
    assert (problem.at or "").split(":")[:2] == ["apidiff.yaml", *([str(line)] if line else [])]
    assert problem.message.startswith(message)
    assert problem.hint is not None
    assert hint in problem.hint
    assert problem.status == 3
