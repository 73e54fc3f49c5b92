"""Of a folder, what is no log of requests is left out, and a log that lacks one thing is refused."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from apidiff.usage.options import Options
from apidiff.usage.read.logs import Log
from apidiff.usage.route import routes_of
from apidiff.words.errors import ApidiffError

CALL = {"time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/pets", "status": 200, "api_key": "k"}


def read(folder: Path, **files: Mapping[str, object]) -> tuple[list[str], list[tuple[str, str]]]:
    for name, row in files.items():
        (folder / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    log = Log([str(folder)], Options())
    with log.opened(routes_of(())) as connection:
        found = [Path(file.path).name for reading in log.readings(connection) for file in reading.files]
    return found, [(Path(name).name, why) for name, why in log.left_out]


def test_what_tells_of_no_requests_is_left_out(tmp_path: Path) -> None:
    event = {"time": "2026-03-14T08:26:53Z", "level": "info", "said": "started"}
    assert read(tmp_path, a=CALL, b=event) == (
        ["a.jsonl"],
        [("b.jsonl", "the log has no field for `method`, `path`, `status` and `api_key`")],
    )


@pytest.mark.parametrize("names", [("api_key",), ("time",), ("status", "api_key")])
def test_a_log_of_requests_that_lacks_something_is_refused(names: tuple[str, ...], tmp_path: Path) -> None:
    lacking = {name: value for name, value in CALL.items() if name not in names}
    with pytest.raises(ApidiffError) as caught:
        read(tmp_path, a=CALL, b=lacking)
    assert (caught.value.code, Path(caught.value.at or "").name) == ("usage-column-missing", "b.jsonl")
