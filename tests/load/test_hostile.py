"""Files made to exhaust a reader: each is refused in a moment, or read as what it is."""

import io
import json
import os
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apidiff.load import Document, load, yaml12
from apidiff.load.limits import MAX_DEPTH
from apidiff.load.stores import NoStore
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer
from tests.pace import least

FUZZ_EXAMPLES = int(os.environ.get("APIDIFF_FUZZ_EXAMPLES", "300"))


def refusal(raw: bytes | str) -> tuple[str, str | None]:
    """The refusal of a file, which must come within a second of work, whatever else the machine does."""
    raw = raw.encode() if isinstance(raw, str) else raw
    refused = []

    def read() -> float:
        started = time.process_time()
        with pytest.raises(ApidiffError) as caught:
            load("-", stdin=io.BytesIO(raw))
        refused.append(caught.value)
        return time.process_time() - started

    # only what is slow is held to the pace of the moment, for that takes longer than most of these refusals
    if read() >= 1:
        assert least(read, bound=1) < 1
    error = refused[0]
    assert error.hint
    return error.code, error.at


def laughs(levels: int, *, mapping: bool = False) -> str:
    lines = ["openapi: 3.0.0", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        below = ", ".join(f"k{i}: *a{level - 1}" if mapping else f"*a{level - 1}" for i in range(10))
        lines.append(f"a{level}: &a{level} " + ("{" + below + "}" if mapping else f"[{below}]"))
    return "\n".join(lines)


@pytest.mark.parametrize("mapping", [True, False])
@pytest.mark.parametrize("levels", [7, 20, 200])
def test_a_billion_laughs(levels, mapping):
    assert refusal(laughs(levels, mapping=mapping)) == ("aliases-unbounded", "standard input:8")


def test_quadratic_aliases():
    text = "openapi: 3.0.0\na: &a [" + "1," * 10_000 + "]\nb:\n" + "- *a\n" * 10_000
    code, at = refusal(text)
    assert (code, at) == ("aliases-unbounded", "standard input:202")


def test_laughing_merge_keys():
    lines = ["openapi: 3.0.0", "a0: &a0 {" + ", ".join(f"k{i}: 1" for i in range(1000)) + "}"]
    lines += [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 50)}]}}" for i in range(1, 5)]
    assert refusal("\n".join(lines))[0] == "aliases-unbounded"


def test_a_few_aliases_are_no_bomb():
    text = "openapi: 3.0.0\nx-a: &a {type: string}\npaths: {}\nx-b: [" + "*a, " * 1000 + "]"
    assert Document("s", text.encode(), NoStore("s")).root["x-b"] == [{"type": "string"}] * 1000


@pytest.mark.parametrize("text", ["openapi: 3.0.0\na: &a\n  b: *a\n", "openapi: 3.0.0\na: &a [1, [*a]]\n"])
def test_an_alias_inside_its_own_anchor(text):
    assert refusal(text)[0] == "aliases-unbounded"


DEPTHS = {
    "json arrays": lambda n: '{"openapi": "3.0.0", "a": ' + "[" * n + "]" * n + "}",
    "json objects": lambda n: '{"openapi": "3.0.0", "a": ' + '{"a":' * n + "1" + "}" * n + "}",
    "yaml flow": lambda n: "openapi: 3.0.0\na: " + "[" * n + "]" * n,
    "yaml flow mappings": lambda n: "openapi: 3.0.0\na: " + "{a: " * n + "1" + "}" * n,
    "yaml flow in flow": lambda n: "{openapi: 3.0.0, a: " + "[" * n + "]" * n + "}",
    "yaml flow, spaced": lambda n: "openapi: 3.0.0\na: " + "[ " * n + "] " * n,
    "yaml flow on lines": lambda n: "openapi: 3.0.0\na: " + "[\n " * n + "] " * n,
    "yaml flow pairs": lambda n: "openapi: 3.0.0\na: " + "[a: " * (n // 2) + "1" + "]" * (n // 2),
    "yaml dashes": lambda n: "openapi: 3.0.0\na:\n " + "- " * n + "1",
}


@pytest.mark.parametrize("make", DEPTHS.values(), ids=DEPTHS)
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 1_000, pytest.param(10_000, marks=pytest.mark.slow), 1_000_000])
def test_deep_nesting_is_refused(make, depth):
    assert refusal(make(depth))[0] == "spec-too-deep"


@pytest.mark.parametrize("make", DEPTHS.values(), ids=DEPTHS)
def test_nesting_up_to_the_limit_is_read(make):
    assert Document("s", make(MAX_DEPTH - 1).encode(), NoStore("s")).root["openapi"] == "3.0.0"


def test_deep_yaml_blocks_are_refused():
    text = "openapi: 3.0.0\n" + "\n".join(" " * i + "a:" for i in range(2_000))
    assert refusal(text)[0] == "spec-too-deep"


@pytest.mark.parametrize("parser", [yaml.SafeLoader, yaml.CSafeLoader])
@pytest.mark.parametrize(("depth", "code"), [(MAX_DEPTH + 1, "spec-too-deep"), (MAX_DEPTH - 1, "yaml-invalid")])
def test_depth_is_measured_whatever_the_parser_calls_it(parser, depth, code, monkeypatch):
    """A parser that gives up with words of its own, and before the first event of what is nested."""
    nested = "openapi: 3.0.0\na: " + "[" * depth

    class GivesUp(parser):
        def __init__(self, stream):
            super().__init__(stream)
            self.is_whole = len(stream) > len(nested)

        def check_event(self, *choices):
            if self.is_whole:
                raise yaml.MarkedYAMLError(problem="no", problem_mark=yaml.Mark("", len(nested), 1, 0, None, None))
            return super().check_event(*choices)

    monkeypatch.setattr(yaml12, "_LOADER", GivesUp)
    assert refusal(f"{nested}&b 1")[0] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": ' + '[{"a": ' * 150, "spec-too-deep"),
        ('{"a": "' + '\\"[' * 300 + '"', "json-invalid"),
        ('{"a": [' + "[]," * 300, "json-invalid"),
        ("{a: " + "[" * 300, "spec-too-deep"),
        ("a: " + "[" * 300 + "@", "spec-too-deep"),
        ("a: " + "[" * 200 + "@", "yaml-invalid"),
    ],
)
def test_depth_comes_before_what_else_is_wrong(text, code):
    assert refusal(text)[0] == code


def test_aliases_that_nest_deeply_are_refused():
    deep = "[" * 200 + "]" * 200
    text = f"openapi: 3.0.0\na: &a {deep}\nb: &b " + "[" * 200 + "*a" + "]" * 200
    assert refusal(text) == ("spec-too-deep", "standard input:3")


def test_deep_values_in_memory_are_refused():
    tree: dict[str, object] = {}
    for _ in range(100_000):
        tree = {"a": tree}
    with pytest.raises(ApidiffError) as caught:
        Document.parsed({"openapi": "3.0.0", "a": tree})
    assert caught.value.code == "spec-too-deep"
    while tree:  # taken apart by hand: the interpreter would recurse
        tree = tree.pop("a")  # type: ignore[assignment]


@pytest.mark.parametrize(
    "opening",
    [
        "[",
        "{",
        '["',
        '{"a":',
        "- ",
        "? ",
        "!a ",
        "&a ",
        "[a, ",
        '"\\',
        "|\n",
        "%",
        "*",
        '"""',
        '"""a',
        "/*",
        "/**/",
        "#\n",
    ],
)
def test_long_runs_of_openings_end_soon(opening):
    refusal(opening * 200_000)


def test_too_many_values_are_refused():
    assert refusal('{"openapi": "3.0.0", "a": [' + "1," * 10_000_000 + "1]}")[0] == "spec-too-large"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@given(data=st.data())
@settings(max_examples=FUZZ_EXAMPLES, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_bytes_a_document_or_a_refusal(data):
    """Mutated small specs: cut, spliced, repeated, with bytes of every kind in them."""
    raw = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        kind = data.draw(st.sampled_from(["insert", "cut", "repeat", "token", "swap"]))
        if kind == "insert":
            raw[at:at] = data.draw(st.binary(max_size=6))
        elif kind == "cut":
            del raw[at : at + data.draw(st.integers(1, 30))]
        elif kind == "repeat":
            raw[at:at] = raw[at : at + data.draw(st.integers(1, 40))] * data.draw(st.integers(1, 50))
        elif kind == "token":
            raw[at:at] = data.draw(st.sampled_from(TOKENS))
        else:
            raw[at : at + 4] = bytes(reversed(raw[at : at + 4]))
    try:
        document = Document("spec", bytes(raw), NoStore("spec"))
    except ApidiffError as problem:
        refused = problem
    else:
        refused = None
    if refused is not None:
        assert refused.hint
        return
    json.dumps(document.root, allow_nan=False)
    assert document.line(Pointer("", ("paths", "/a"))) is not None


SEEDS = (
    (
        b'{"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": '
        b'{"description": "\\u00e9", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}'
        b'}}}}, "components": {"schemas": {"A": {"maximum": 18446744073709551616, "example": [1, -2.5e3, null]}}}}'
    ),
    b"""openapi: 3.1.0
info: {title: A, version: '1'}
paths:
  /a: &a
    get:
      responses:
        200:
          description: |
            text: with colon
        default: {<<: *b}
  /b: *a
""",
    b"""swagger: "2.0"
x-base: &b {type: string, enum: [yes, no, 1, 0x1F, .5, ~]}
definitions:
  A:
    <<: *b
    properties:
    - a
    - !!str 5
    - ? complex
      : value
""",
    "openapi: 3.0.0\npaths: {}\n".encode("utf-16"),
)
TOKENS = (
    *(
        b"[",
        b"]",
        b"{",
        b"}",
        b":",
        b",",
        b'"',
        b"'",
        b"\n",
        b"\t",
        b"- ",
        b"? ",
        b"<<: ",
        b"&a ",
        b"*a",
        b"!!int ",
        b"!",
    ),
    *(b"%YAML 1.1\n", b"---\n", b"...\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b".nan", b"1e999", b"9" * 400),
    *(b"|", b">", b"#", b"\\u", b"\\ud800", b"\xc2\x85", b"\xe2\x80\xa8", b"null", b"~", b"0x", b"  "),
)


def test_a_folder_of_hostile_links(folder):
    (folder / "api.yaml").write_text("openapi: 3.0.0\n")
    (folder / "passwd.yaml").symlink_to("/etc/passwd")
    (folder / "up").symlink_to("../..")
    document = load(str(folder / "api.yaml"))
    for name in ("passwd.yaml", "up/etc/passwd", "../../../../../../etc/passwd", "/etc/passwd", "/proc/self/environ"):
        with pytest.raises(ApidiffError) as caught:
            document.file(name, at=Pointer())
        assert caught.value.code == "reference-outside"
