"""JSON documents out of blocks of bytes, however they are spread over them."""

import time
from itertools import chain, repeat
from typing import Any

import pytest

from apidiff.usage.read.documents import documents_of

MANY = [{"number": number, "said": 'a "quoted" \\\\ text', "in": [{"deep": number}]} for number in range(300)]


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 16])
def test_documents_are_whole_whatever_the_blocks(size: int) -> None:
    import orjson

    text = b"\n".join(orjson.dumps(one) for one in MANY)
    blocks = (text[at : at + size] for at in range(0, len(text), size))
    assert list(documents_of(blocks)) == MANY


def test_members_of_a_list_around_all_of_them() -> None:
    assert list(documents_of([b'[{"a": 1},', b' {"a": "]"}]'])) == [{"a": 1}, {"a": "]"}]


@pytest.mark.slow
@pytest.mark.timeout(100)
@pytest.mark.parametrize(("start", "part"), [(b'{"path": "', b"aaaa"), (b'{"rows": [', b"[1],")])
def test_what_never_ends_takes_its_own_length(start: bytes, part: bytes) -> None:
    began = time.process_time()
    found: list[Any] = list(documents_of(chain([start], repeat(part * 16_384, 300))))
    assert found == []
    assert time.process_time() - began < 30
