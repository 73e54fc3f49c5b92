"""What people wrote for the guide stays, byte for byte, and only what they wrote is shown."""

from pathlib import Path

import pytest

from apidiff.folder.guide import blocks, read_guide, starters
from apidiff.words.errors import ApidiffError


def test_what_is_there_stays_and_a_block_that_nobody_began_says_what_belongs_there(tmp_path: Path) -> None:
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "why.md").write_bytes(b"<!-- ours -->\r\nBecause.\r\n")
    (tmp_path / "guide" / "flow.png").write_bytes(b"\x89PNG")
    found = read_guide(tmp_path)
    assert found == {"guide/flow.png": b"\x89PNG", "guide/why.md": b"<!-- ours -->\r\nBecause.\r\n"}
    assert blocks(found) == {"why": "Because."}
    made = starters(found, {"why": "Why.", "contact": "Where to ask."})
    assert made == found | {"guide/contact.md": b"<!-- Where to ask. -->\n"}
    assert blocks(made) == {"why": "Because."}


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert read_guide(tmp_path) == {}


def test_what_can_not_be_read_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "guide").mkdir()
    with (tmp_path / "guide" / "film.mov").open("wb") as file:
        file.truncate(30_000_000)
    with pytest.raises(ApidiffError) as caught:
        read_guide(tmp_path)
    assert caught.value.code == "guide-unreadable"
