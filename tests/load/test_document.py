"""Documents of one file and of many: what they give, refuse and say."""

import json
import os
from pathlib import Path

import pytest

from apidiff.load import Document, load
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.pointer import Pointer
from apidiff.words.pointer import parse as pointer

SPEC = """openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /users:
    get:
      responses:
        200: {description: OK}
"""
AT = pointer("#/paths/~1users/get")


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`spec/api.yaml` below the working directory, with a secret file outside its folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "api.yaml").write_text(SPEC)
    (tmp_path / "secret.yaml").write_text("secret: 1")
    return tmp_path / "spec" / "api.yaml"


def refusal(document: Document, name: str) -> tuple[str, str | None, str]:
    with pytest.raises(ApidiffError) as caught:
        document.file(name, at=AT)
    assert caught.value.hint
    assert caught.value.status is Exit.INPUT
    return caught.value.code, caught.value.at, caught.value.message


def test_a_file_gives_its_value_and_its_lines(spec):
    document = load("spec/api.yaml")
    assert document.source == "spec/api.yaml"
    assert document.entry == "api.yaml"
    assert document.root["paths"] == {"/users": {"get": {"responses": {"200": {"description": "OK"}}}}}
    assert (document.files, document.warnings) == ((), ())
    assert document.line(pointer("#/paths/~1users/get/responses/200")) == 7
    assert document.line(Pointer("other.yaml")) is None
    assert document.where(AT) == "spec/api.yaml:5 (#/paths/~1users/get)"
    assert document.where(Pointer()) == "spec/api.yaml:1"


def test_other_files_are_read_once_and_by_one_name(spec):
    (spec.parent / "models").mkdir()
    (spec.parent / "models" / "user.json").write_text('{"type": "object",\n"title": "User"}')
    document = load("spec/api.yaml")
    user = document.file("models/user.json", at=AT)
    assert user == {"type": "object", "title": "User"}
    assert document.file("./models/../models/user.json", at=AT) is user
    assert document.files == ("models/user.json",)
    assert document.file("api.yaml", at=AT) is document.root
    assert document.file("", at=AT) is document.root
    assert document.where(pointer("models/user.json#/title")) == "spec/models/user.json:2 (#/title)"


def test_files_may_refer_to_each_other_and_to_themselves(spec):
    (spec.parent / "a.yaml").write_text("next: {$ref: b.yaml}")
    (spec.parent / "b.yaml").write_text("next: {$ref: a.yaml}")
    document = load("spec/api.yaml")
    assert document.file("a.yaml", at=AT)["next"]["$ref"] == "b.yaml"
    assert document.file("b.yaml", at=AT)["next"]["$ref"] == "a.yaml"
    assert document.files == ("a.yaml", "b.yaml")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/etc/passwd", "it lies outside the spec's folder"),
        ("../secret.yaml", "it lies outside the spec's folder"),
        ("x/../../secret.yaml", "it lies outside the spec's folder"),
        ("linked.yaml", "it lies outside the spec's folder"),
        ("linked-folder/secret.yaml", "it lies outside the spec's folder"),
        ("https://example.com/a.yaml", "it is a URL"),
        ("file:///etc/passwd", "it is a URL"),
        ("//example.com/a.yaml", "it is a URL"),
    ],
)
def test_nothing_outside_the_folder_is_read(spec, name, why):
    (spec.parent / "linked.yaml").symlink_to("../secret.yaml")
    (spec.parent / "linked-folder").symlink_to("..")
    code, at, message = refusal(load("spec/api.yaml"), name)
    assert (code, at) == ("reference-outside", "spec/api.yaml:5 (#/paths/~1users/get)")
    assert message.endswith(f"`: {why}")


@pytest.mark.parametrize("name", ["../secret.yaml", "linked.yaml"])
def test_what_the_user_allows_is_read(spec, name):
    (spec.parent / "linked.yaml").symlink_to("../secret.yaml")
    document = load("spec/api.yaml", allow_ref=True)
    assert document.file(name, at=AT) == {"secret": 1}
    assert document.file(str(spec.parent.parent / "secret.yaml"), at=AT) == {"secret": 1}


@pytest.mark.parametrize("name", ["file:///etc/passwd", "ftp://example.com/a", "//example.com/a.yaml"])
def test_only_web_addresses_can_be_allowed(spec, name):
    assert refusal(load("spec/api.yaml", allow_ref=True), name)[0] == "reference-outside"


def test_links_within_the_folder_are_followed(spec):
    (spec.parent / "real.yaml").write_text("a: 1")
    (spec.parent / "link.yaml").symlink_to("real.yaml")
    assert load("spec/api.yaml").file("link.yaml", at=AT) == {"a": 1}


def test_a_linked_spec_has_the_folder_that_the_user_names(spec):
    (spec.parent.parent / "link.yaml").symlink_to("spec/api.yaml")
    assert load("link.yaml").file("secret.yaml", at=AT) == {"secret": 1}


def test_a_missing_file_names_the_nearest(spec):
    (spec.parent / "user.yaml").write_text("a: 1")
    document = load("spec/api.yaml")
    with pytest.raises(ApidiffError) as caught:
        document.file("users.yaml", at=AT)
    assert str(caught.value) == (
        "spec/api.yaml:5 (#/paths/~1users/get): no file `users.yaml` [reference-not-found]\n  Did you mean `user.yaml`?"
    )


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "folder", "\ud800", "loop.yaml", "pipe"])
def test_names_that_are_no_files(spec, name):
    (spec.parent / "folder").mkdir()
    (spec.parent / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(spec.parent / "pipe")
    code, _, message = refusal(load("spec/api.yaml"), name)
    assert code == "reference-not-found"
    assert len(message) < 300
    assert message.isprintable()


def test_where_a_file_is_missing_costs_nothing_until_somebody_asks(spec, monkeypatch):
    document, read = load("spec/api.yaml"), []
    monkeypatch.setattr("apidiff.load.document.lines_of", lambda *_, **__: read.append(1) or (1, {}))
    with pytest.raises(ApidiffError) as caught:
        document.file("missing.yaml", at=AT)
    assert read == []
    assert (caught.value.at, read) == ("spec/api.yaml:1 (#/paths/~1users/get)", [1])


def test_a_broken_file_of_the_spec_is_named(spec):
    (spec.parent / "user.yaml").write_text("a: 1\nb: [\n")
    code, at, _ = refusal(load("spec/api.yaml"), "user.yaml")
    assert (code, at) == ("yaml-invalid", "spec/user.yaml:3:1")


def test_warnings_gather_from_every_file(spec):
    (spec.parent / "user.yaml").write_text("a: 1\na: 2\n")
    document = load("spec/api.yaml")
    document.file("user.yaml", at=AT)
    assert document.warnings == ("spec/user.yaml:2: the key `a` is written twice; the last one counts",)


def test_a_value_in_memory_is_a_document():
    tree = {"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {200: {"x": (1, 2)}}}}}}
    document = Document.parsed(tree)
    assert document.source == "<dict>"
    assert document.root == json.loads(json.dumps(tree))
    assert tree["paths"]["/a"]["get"]["responses"] == {200: {"x": (1, 2)}}, "the caller's value is left as it was"
    assert (document.files, document.warnings, document.entry) == ((), (), "")
    assert document.line(AT) is None
    assert document.where(AT) == "<dict> (#/paths/~1users/get)"
    assert refusal(document, "a.yaml")[0] == "reference-outside"


SIGNS = [
    ({"asyncapi": "2.6.0"}, "it looks like an AsyncAPI document"),
    ({"data": {"__schema": {}}}, "it looks like a GraphQL introspection result"),
    ({"info": {"_postman_id": "x"}, "item": []}, "it looks like a Postman collection"),
    ({"$schema": "https://json-schema.org/draft/2020-12/schema"}, "it looks like a JSON Schema"),
    ({"type": "object", "properties": {}}, "it looks like a JSON Schema"),
    ({"apiVersion": "v1", "kind": "ConfigMap"}, "it looks like a Kubernetes manifest"),
    ({"log": {"entries": []}}, "it looks like a HAR recording of traffic"),
    ({"swaggerVersion": "1.2"}, "it looks like Swagger 1.x"),
    ({"format": "apidiff-plan/1"}, "it looks like an output of apidiff"),
    ({"info": {}, "paths": {}}, "it looks like a spec without its version"),
    ({"overlay": "1.0.0"}, "it looks like an OpenAPI Overlay"),
    ({"id": "1", "requests": [], "order": []}, "it looks like a Postman collection"),
    ({"name": 1, "b": 2}, "neither `openapi` nor `swagger` at its top, but `name`, `b`"),
    ({}, "an empty mapping"),
    ([], "a list, where a spec is a mapping"),
    (1, "a single value, where a spec is a mapping"),
]


@pytest.mark.parametrize(("tree", "what"), SIGNS)
def test_what_is_no_spec_is_told_apart(tree, what):
    with pytest.raises(ApidiffError) as caught:
        Document.parsed(tree)
    assert (caught.value.code, caught.value.message) == (
        "spec-not-recognised",
        f"not an OpenAPI or Swagger spec: {what}",
    )
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#%RAML 1.0\ntitle: x", "a RAML document"),
        ("FORMAT: 1A\n\n# API", "an API Blueprint"),
        ("<!DOCTYPE html><html></html>", "a web page"),
        ('<?xml version="1.0"?><definitions/>', "an XML document"),
        ('// c\nsyntax = "proto3";\nmessage A {}', "a protobuf definition"),
        ("# c\ntype Query {\n  a: Int\n}", "a GraphQL schema"),
        ("extend type Query {\n  a: Int\n}", "a GraphQL schema"),
        ("union Pet = Cat | Dog\n", "a GraphQL schema"),
        ("scalar Date\n", "a GraphQL schema"),
        ("version: https://git-lfs.github.com/spec/v1\noid: sha256:1\nsize: 1", "a git LFS pointer"),
        ("diff --git a/x b/x\n--- a/x\n", "a patch or an unfinished merge"),
    ],
)
def test_other_formats_are_told_apart_by_their_text(tmp_path, text, what):
    (tmp_path / "api.yaml").write_text(text)
    with pytest.raises(ApidiffError) as caught:
        load(str(tmp_path / "api.yaml"))
    assert caught.value.message == f"not an OpenAPI or Swagger spec: it looks like {what}"


@pytest.mark.parametrize("version", ["3.0.0", "3.0.3", "3.1.1", "3.2.0", 3.1, "3.1.0-rc1", " 3.0.1 "])
def test_versions_that_are_read(version):
    assert Document.parsed({"openapi": version}).warnings == ()


@pytest.mark.parametrize("version", ["2.0", 2.0, 2])
def test_swagger_2_is_read(version):
    assert Document.parsed({"swagger": version}).warnings == ()


@pytest.mark.parametrize("version", ["3.7.0", "3", 3])
def test_unknown_minor_versions_are_read_with_a_warning(version):
    assert len(Document.parsed({"openapi": version}).warnings) == 1


@pytest.mark.parametrize(
    "tree", [{"openapi": "4.0"}, {"openapi": "2.0"}, {"openapi": None}, {"swagger": "1.2"}, {"swagger": "3.0"}]
)
def test_unsupported_versions_are_refused(tree):
    with pytest.raises(ApidiffError) as caught:
        Document.parsed(tree)
    assert caught.value.code == "spec-version-unsupported"
    assert caught.value.hint


@pytest.mark.parametrize(
    ("version", "read"),
    [("1.10", "1.1"), ("1.0", ""), ("'1.10'", ""), ("1", ""), ("1.0.0", ""), ("+1.5", "1.5"), ("2024.10", "2024.1")],
)
@pytest.mark.parametrize("form", ["info: {{title: T, version: {}}}", "info:\n  title: T\n  version: {}  # v"])
def test_a_version_that_yaml_reads_as_another_number_is_said(tmp_path, version, read, form):
    text = f"openapi: 3.1.0\npaths: {{}}\n{form.format(version)}\n"
    (tmp_path / "api.yaml").write_text(text)
    line = text[: text.index("version")].count("\n") + 1
    said = f"{tmp_path}/api.yaml:{line}: `version: {version}` is a number in YAML and read as {read}; quote it"
    assert load(f"{tmp_path}/api.yaml").warnings == ((said,) if read else ())
