"""A file of text and objects is two, and one of almost nothing but one of them is one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apidiff.usage.read.files import LogFile, Workspace
from apidiff.usage.read.mixed import mixed_parts

Write = Callable[[str, Any], str]
OBJECT, TEXT = '{"path": "/pets"}', "GET /pets 200"


@pytest.mark.parametrize(
    ("objects", "parts"), [(0, 0), (2, 0), (3, 2), (50, 2), (97, 2), (98, 0), (99, 0), (100, 0)]
)  # fmt: skip
def test_a_few_lines_of_another_kind_are_no_log_of_their_own(write: Write, objects: int, parts: int) -> None:
    path = write("a.log", "".join(f"{line}\n" for line in [OBJECT] * objects + [TEXT] * (100 - objects)))
    workspace = Workspace()  # its folder is gone with it
    found = mixed_parts(LogFile(path, "a.log", Path(path).stat().st_size), workspace)
    texts = [OBJECT + "\n"] * objects + [TEXT + "\n"] * (100 - objects)
    expected = ["".join(text if text.startswith(mark) else "\n" for text in texts) for mark in ("{", "G")]
    assert [Path(one.path).read_text(encoding="utf-8") for one in found] == expected[:parts]
