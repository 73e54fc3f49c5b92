"""Bytes to values: encodings, JSON, YAML 1.2, and the errors of each with their places."""

import json
import tracemalloc
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apidiff.load.lines import find_line, json_lines
from apidiff.load.parse import lines_of, parse, plain
from apidiff.load.yaml12 import read_yaml, resolve_scalar
from apidiff.words.errors import ApidiffError


def tree(text: str | bytes, name: str = "spec.yaml") -> object:
    return parse(text.encode() if isinstance(text, str) else text, name).tree


def refusal(text: str | bytes, name: str = "spec.yaml") -> tuple[str, str | None, str]:
    with pytest.raises(ApidiffError) as caught:
        tree(text, name)
    assert caught.value.hint, "every refusal names a remedy"
    return caught.value.code, caught.value.at, caught.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", ['{"a": "é"}', "a: é\n"])
def test_reads_every_unicode_encoding(text, encoding):
    assert tree(text.encode(encoding)) == {"a": "é"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a: 1\nb: \xff\n", ("spec-not-text", "spec.yaml:2", "not UTF-8 text: byte 9 cannot be read")),
        (b"\x1f\x8b\x08\x00abc", ("spec-not-text", "spec.yaml:1", "not UTF-8 text: byte 2 cannot be read")),
        (b"a: \x00b\n", ("spec-not-text", "spec.yaml", "not text: it holds zero bytes")),
        (b"", ("spec-empty", "spec.yaml", "the file is empty")),
        (b"\xef\xbb\xbf \n\t\n", ("spec-empty", "spec.yaml", "the file is empty")),
    ],
)
def test_refuses_what_is_no_text(raw, expected):
    assert refusal(raw) == expected


def test_content_decides_between_json_and_yaml():
    assert tree('{"a": 1}', "spec.yaml") == {"a": 1}
    assert tree("a: 1", "spec.json") == {"a": 1}
    assert tree("{a: 1, b: [x, y,]}", "-") == {"a": 1, "b": ["x", "y"]}
    assert tree('{"a": 1, # one\n}', "spec.yaml") == {"a": 1}
    assert refusal('{"a": 1, # one\n}', "-")[0] == "json-invalid"


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ('{"a": 1,}', "spec.json:1:8", "not valid JSON: trailing comma is not allowed"),
        ('{\n "a": [1, 2\n', "spec.json:3:1", "not valid JSON: unexpected end of data"),
        ('{"a": NaN}', "spec.json:1:7", "not valid JSON: NaN and Infinity are no JSON numbers"),
        ('{"a": -Infinity}', "spec.json:1:8", "not valid JSON: NaN and Infinity are no JSON numbers"),
        ('{"a": "\\ud800"}', "spec.json:1:8", "not valid JSON: no low surrogate in string"),
    ],
)
def test_broken_json_is_refused_with_its_place(text, at, said):
    assert refusal(text, "spec.json") == ("json-invalid", at, said)


def test_integers_past_64_bits_are_exact_in_json_and_yaml():
    number = 18446744073709552000123
    assert tree(f'{{"a": {number}, "b": -{number}}}') == tree(f"a: {number}\nb: -{number}\n")
    assert tree("a: 0x" + "f" * 5000) == read_yaml("a: 0x" + "f" * 5000, "x").tree == {"a": "0x" + "f" * 5000}
    assert tree("a: 1" + "0" * 50) == tree('{"a": 1' + "0" * 50 + "}") == {"a": 10**50}


@pytest.mark.parametrize("text", ['{"a": %s}' % ("9" * 5000), "a: " + "9" * 5000])
def test_a_number_of_thousands_of_digits_is_refused(text):
    code, at, _ = refusal(text, "spec.json")
    assert (code, at) in {("json-invalid", "spec.json:1:7"), ("yaml-invalid", "spec.json:1")}


def test_duplicate_keys_are_warned_of_with_their_line_and_the_last_counts():
    as_json = parse(b'{\n "a": 1,\n "b" : {"c": 1,\n  "c": 2},\n "a": 3}', "s.json")
    as_yaml = parse(b"a: 1\nb: {c: 1,\n  c: 2}\na: 3\n", "s.yaml")
    assert as_json.tree == as_yaml.tree == {"a": 3, "b": {"c": 2}}
    assert as_json.warnings == (
        "s.json:4: the key `c` is written twice; the last one counts",
        "s.json:5: the key `a` is written twice; the last one counts",
    )
    assert as_yaml.warnings == (
        "s.yaml:3: the key `c` is written twice; the last one counts",
        "s.yaml:4: the key `a` is written twice; the last one counts",
    )


@pytest.mark.parametrize("colon", [":", " :", "\t:", "\n :"])
def test_a_duplicate_is_seen_however_colons_are_written(colon):
    once = f'{{"a"{colon} 1, "b"{colon} "says \\" : x"'
    assert parse(f"{once}}}".encode(), "s.json").warnings == ()
    warnings = parse(f'{once}, "a"{colon} 3}}'.encode(), "s.json").warnings
    assert [warning.partition(": ")[2] for warning in warnings] == ["the key `a` is written twice; the last one counts"]


def test_a_number_and_its_text_are_one_key():
    parsed = parse(b"responses:\n  200: a\n  '200': b\n", "s.yaml")
    assert parsed.tree == {"responses": {"200": "b"}}
    assert parsed.warnings == ("s.yaml:3: the key `200` is written twice; the last one counts",)


def test_odd_spacing_in_json_is_no_duplicate():
    assert parse(b'{"a" : {"b"\n: 1}, "c" :"\\":"}', "s.json").warnings == ()


def test_keys_become_text_everywhere():
    text = "200: {true: a, null: b, 1.5: c}\nx: [{404: d}]\n"
    expected = {"200": {"true": "a", "null": "b", "1.5": "c"}, "x": [{"404": "d"}]}
    assert tree(text) == read_yaml(text, "x").tree == expected


def test_yaml_is_read_by_version_1_2():
    text = "a: yes\nb: on\nc: 2020-01-01\nd: 1:30\ne: 0o17\nf: 017\ng: ~\nh: 1e3\ni: TRUE\nj: 1_000\nk:\n"
    expected = {
        "a": "yes",
        "b": "on",
        "c": "2020-01-01",
        "d": "1:30",
        "e": 15,
        "f": "017",
        "g": None,
        "h": 1e3,
        "i": True,
        "j": "1_000",
        "k": None,
    }
    assert tree(text) == read_yaml(text, "x").tree == expected


def test_merge_keys_and_tags():
    text = """
base: &base {a: 1, b: 2}
other: &other {b: 3, c: 4}
one: {<<: *base, b: 9}
many:
  d: 5
  <<: [*base, *other]
quoted: {"<<": 1}
text: !!str 5
local: !thing {a: 1}
binary: !!binary aGk=
"""
    assert tree(text) == {
        "base": {"a": 1, "b": 2},
        "other": {"b": 3, "c": 4},
        "one": {"a": 1, "b": 9},
        "many": {"b": 2, "c": 4, "a": 1, "d": 5},
        "quoted": {"<<": 1},
        "text": "5",
        "local": {"a": 1},
        "binary": "aGk=",
    }


def test_a_tag_of_a_program_is_never_followed():
    text = """
run: !!python/object/apply:os.system ["exit 1"]
made: !!python/object/new:type
  args: [a]
local: [!thing {a: 1}, !thing/of b]
json: [!!str 1, !!int 2, !!map {}, !!seq [], !!timestamp 2026-01-01]
"""
    read = parse(text.encode(), "s.yaml")
    assert read.tree == {
        "run": ["exit 1"],
        "made": {"args": ["a"]},
        "local": [{"a": 1}, "b"],
        "json": ["1", 2, {}, [], "2026-01-01"],
    }
    said = "is not followed; its value is plain data"
    assert read.warnings == (
        f"s.yaml:2: the tag `!!python/object/apply:os.system` {said}",
        f"s.yaml:3: the tag `!!python/object/new:type` {said}",
        f"s.yaml:5: the tag `!thing` {said}",
        f"s.yaml:5: the tag `!thing/of` {said}",
    )
    many = parse(("a:\n" + "- !mine 1\n" * 100).encode(), "s.yaml")
    assert many.tree == {"a": [1] * 100}
    assert many.warnings == tuple(f"s.yaml:{line}: the tag `!mine` {said}" for line in range(2, 22))


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("a: 1\nb: [\n c: d\n", "spec.yaml:4:1", "not valid YAML: did not find expected ',' or ']'"),
        ("a:\n\tb: 1\n", "spec.yaml:2:1", "not valid YAML: found character that cannot start any token"),
        ("a: b: c\n", "spec.yaml:1:5", "not valid YAML: mapping values are not allowed in this context"),
        ("a: 1\nb: *nope\n", "spec.yaml:2", "undefined alias *nope"),
        ("a: .nan\n", "spec.yaml:1", ".nan is no JSON number"),
        ("a: 1\nb: {x: -.INF}\n", "spec.yaml:2", "-.INF is no JSON number"),
        ("a: {{ name }}\n", "spec.yaml:1", "a mapping or list cannot be a key"),
        ("a: 1\n<<: 5\n", "spec.yaml:2", "a merge key takes a mapping"),
        ("a: 1\n<<: [5]\n", "spec.yaml:2", "a merge key takes a mapping"),
        ('a: "\n', "spec.yaml:2:1", "not valid YAML: found unexpected end of stream"),
        ("a: \x01\n", "spec.yaml:1", "not valid YAML: control characters are not allowed"),
    ],
)
def test_broken_yaml_is_refused_with_its_place(text, at, said):
    code, place, message = refusal(text)
    assert (code, place) == ("yaml-invalid", at)
    assert message.startswith(said)


def test_text_that_only_looks_like_anchors_tags_and_numbers():
    text = "a: R &D and *stars* !important <<x\nb: contact.info\nc: 'nan .nan'\nd: see .infinite\n"
    assert tree(text) == {
        "a": "R &D and *stars* !important <<x",
        "b": "contact.info",
        "c": "nan .nan",
        "d": "see .infinite",
    }


def test_further_documents_are_said_to_be_left_out():
    parsed = parse(b"a: 1\n---\nb: 2\n", "s.yaml")
    assert parsed.tree == {"a": 1}
    assert parsed.warnings == ("s.yaml: the file holds more than one document; only the first is read",)


SCALARS = [
    "",
    "~",
    "-0",
    "+1",
    "0b1",
    "0b102",
    "5.",
    ".5",
    "+.5",
    "1e",
    "1e400",
    "1e-400",
    "00",
    "00.5",
    "12e03",
    "-0o7",
]
SCALARS += [
    "+0x1f",
    "0x",
    "nan",
    "inf",
    "=",
    ".",
    "++1",
    "1 2",
    "tRue",
    "18446744073709551615",
    "0O17",
    "08",
    "1.0",
    "-",
]


@pytest.mark.parametrize("scalar", [scalar for scalar in SCALARS if scalar != "-"])
def test_both_yaml_readers_agree_on_a_scalar(scalar):
    text = f"[{scalar or '~'}]" if scalar != "=" else '["="]'
    fast, exact = parse(text.encode(), "s.yaml").tree, read_yaml(text, "s.yaml").tree
    assert [(type(one), one) for one in fast] == [(type(one), one) for one in exact]


@given(st.text("0123456789+-.eExob_:~aft ", max_size=8))
def test_both_yaml_readers_agree_on_number_like_text(scalar):
    import ryaml

    text = f"a: {scalar}\n"
    try:
        fast = ryaml.loads(text)
    except ValueError:
        return
    try:
        exact = read_yaml(text, "s.yaml").tree
    except ApidiffError:
        assert "." in scalar
        return
    assert repr(exact) == repr(fast) or json.dumps(exact) == json.dumps(fast)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.slow
@given(JSON.filter(lambda value: isinstance(value, (dict, list))))
def test_json_text_gives_its_value_by_every_reader(value):
    text = json.dumps(value, indent=1)
    assert tree(text, "s.json") == plain(value, "x") == value


def test_plain_data_from_python_values():
    value = {200: (1, 2), None: date(2026, 1, 2), True: 2**70}
    assert plain(value, "<dict>") == {"200": [1, 2], "null": "2026-01-02", "true": 2**70}


@pytest.mark.parametrize("value", [{"a": float("nan")}, {"a": {1}}, {"a": b"x"}, {(1, 2): 3}])
def test_values_that_are_no_json_are_refused(value):
    with pytest.raises(ApidiffError) as caught:
        plain(value, "<dict>")
    assert (caught.value.code, caught.value.at) == ("spec-not-plain", "<dict>")


def test_a_value_that_holds_itself_is_refused():
    value: dict[str, object] = {}
    value["self"] = value
    with pytest.raises(ApidiffError) as caught:
        plain(value, "<dict>")
    assert caught.value.code == "spec-not-plain"


JSON_TEXT = '{\n "a": {\n  "b": [\n   1,\n   {"c":\n null}, "x", []\n  ]\n },\n "d/e": true\n}'
YAML_TEXT = "a:\n  b:\n    - 1\n    - c:\n        null\n    - x\n    - []\nd/e: true\n"


@pytest.mark.parametrize(
    ("segments", "in_json", "in_yaml"),
    [
        ((), 1, 1),
        (("a",), 2, 1),
        (("a", "b"), 3, 2),
        (("a", "b", "0"), 4, 3),
        (("a", "b", "1"), 5, 4),
        (("a", "b", "1", "c"), 5, 4),
        (("a", "b", "2"), 6, 6),
        (("a", "b", "3"), 6, 7),
        (("d/e",), 9, 8),
        (("a", "nowhere", "at", "all"), 2, 1),
    ],
)
def test_lines(segments, in_json, in_yaml):
    assert find_line(lines_of(JSON_TEXT.encode(), "s", is_json=True), segments) == in_json
    assert find_line(lines_of(YAML_TEXT.encode(), "s", is_json=False), segments) == in_yaml


def test_lines_of_merged_and_aliased_entries_are_found():
    lines = lines_of(b"x: &x\n  a: 1\ny:\n  <<: *x\n  b: 2\nz: *x\n", "s", is_json=False)
    assert [find_line(lines, path) for path in (("y", "a"), ("y", "b"), ("z",), ("z", "a"))] == [2, 5, 6, 2]


def test_json_lines_agree_with_yaml_lines_on_compact_text():
    text = json.dumps({"paths": {f"/p{i}": {"get": {"tags": ["a", i]}} for i in range(50)}}, indent=2)
    assert json_lines(text)[0] == read_yaml(text, "s").lines


_TEXTS = st.text(alphabet='ab"\\{}[]:, \n\té\u2028', max_size=5)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), _TEXTS),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
        max_leaves=12,
    ),
    st.sampled_from([None, 0, 2]),
    st.sampled_from([(",", ":"), (" , ", " \n:\n"), (",\n", ": ")]),
    st.booleans(),
)
def test_json_lines_are_those_that_counting_gives(value, indent, separators, is_ascii):
    """Each value is written alone, and its line is that of the text before it."""
    written: list[str] = []
    expected = _counted(value, written, separators, is_ascii)
    assert json_lines("".join(written)) == (expected, ())
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=is_ascii)
    assert _names(json_lines(text)[0]) == _names(expected)


def _counted(value: object, written: list[str], separators: tuple[str, str], is_ascii: bool, line: int = 0):
    """Writes a value as JSON, and says on which lines it and all in it stand."""
    at = line or 1 + sum(part.count("\n") for part in written)
    inside = {}
    if isinstance(value, (dict, list)):
        items = list(value.items() if isinstance(value, dict) else enumerate(value))
        written.append("{" if isinstance(value, dict) else "[")
        for place, (key, held) in enumerate(items):
            if place:
                written.append(separators[0])
            here = 0
            if isinstance(value, dict):
                here = 1 + sum(part.count("\n") for part in written)
                written += [json.dumps(key, ensure_ascii=is_ascii), separators[1]]
            inside[str(key)] = _counted(held, written, separators, is_ascii, here)
        written.append("}" if isinstance(value, dict) else "]")
    else:
        written.append(json.dumps(value, ensure_ascii=is_ascii))
    return at, inside


def _names(lines):
    """What the lines are of."""
    return {name: _names(inner) for name, inner in lines[1].items()}


@pytest.mark.parametrize("scalar", ["0777.0", "1.5e3"])
def test_floats(scalar):
    assert resolve_scalar(scalar) == float(scalar)


def test_many_values_need_no_more_than_their_room():
    text = ("- 1\n" * 100_000).encode()
    tracemalloc.start()
    parse(text, "s.yaml")
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()
