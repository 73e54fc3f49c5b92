"""The entry of the Python API: one spec or several a side, the heads, the operations and the lines."""

from pathlib import Path
from typing import Any

import pytest

from apidiff import compare


def spec(title: str, *paths: str) -> dict[str, Any]:
    tree = {path: {"get": {"operationId": path[1:], "responses": {}}} for path in paths}
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "servers": [{"url": "/v1"}], "paths": tree}


def test_the_heads_and_the_operations_of_both_sides():
    found = compare(spec("T", "/a", "/b"), spec("T", "/b", "/c"))
    assert found.base.to_dict() == {
        "source": found.base.source, "title": "T", "version": "1", "spec": "openapi 3.1.0", "operations": 2,
    }  # fmt: skip
    entries = [(entry.id, entry.present, entry.prefixes) for entry in found.operations]
    assert entries == [
        (f"GET /{name}", side, ("/v1",)) for name, side in (("a", "base"), ("b", "both"), ("c", "revision"))
    ]
    assert found.summary == {
        "breaking": 1, "dangerous": 0, "additive": 1, "editorial": 0, "unclassified": 0, "waived": 0,
        "operations": 3, "operations_broken": 1,
    }  # fmt: skip


def write(folder: Path, name: str, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return str(folder)


@pytest.mark.parametrize("lines", [False, True])
def test_several_specs_a_side_are_paired_by_their_names(tmp_path: Path, lines: bool):
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
    for side, paths in (("old", ("/a", "/b")), ("new", ("/a", "/c"))):
        for name, path in zip(("one.yaml", "two.yaml"), paths, strict=True):
            write(tmp_path / side, name, f"{head}  {path}:\n    get: {{responses: {{}}}}\n")
    found = compare(f"{tmp_path}/old/*.yaml", f"{tmp_path}/new/*.yaml", lines=lines)
    assert [(change.rule, change.base, change.revision) for change in found.changes] == [
        ("operation-removed", "two.yaml#/paths/~1b/get", None),
        ("operation-added", None, "two.yaml#/paths/~1c/get"),
    ]
