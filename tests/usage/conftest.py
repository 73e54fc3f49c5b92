"""Logs for the usage tests: small ones written by hand, and one from the generator whose truth is known."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from apidiff.words.changes import Change, Exposure, Level, OperationEntry


@dataclass(frozen=True)
class Generated:
    """What the generator wrote: the log's folder, its operations in the order of `true_op`, keys and accounts."""

    log: Path
    operations: tuple[OperationEntry, ...]
    keys: Path
    accounts: Path


def an_operation(identity: str, operation_id: str | None = None, **more: Any) -> OperationEntry:
    method, path = identity.split(" ", 1)
    return OperationEntry(id=identity, method=method, path=path, operation_id=operation_id, present="both", **more)


def a_change(name: str, operations: Sequence[str], exposure: Exposure, **more: Any) -> Change:
    values = {
        "id": name, "rule": "a-rule", "level": Level.BREAKING, "direction": None, "base": None, "revision": None,
        "before": None, "after": None, "title": name, "why": "", "operations": tuple(operations), "places": (),
        "exposure": exposure,
    }  # fmt: skip
    return Change(**(values | more))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes a file of the test's own and gives its path; a list of objects becomes JSON Lines."""

    def write(name: str, content: Any) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content)
        else:
            path.write_text("".join(json.dumps(row) + "\n" for row in content))
        return str(path)

    return write


def generate(shared: Path, target: Path, *, rows: int, kind: str = "parquet", **more: object) -> Generated:
    """A log of the shared generator."""
    options = [text for name, value in more.items() for text in (f"--{name}", str(value))]
    command = [
        sys.executable,
        str(shared / "loggen" / "gen.py"),
        "--rows",
        str(rows),
        "--chunk",
        str(min(rows, 1_000_000)),
    ]
    subprocess.run([*command, "--out", str(target), "--format", kind, *options], check=True, capture_output=True)
    with (target.parent / "routes.csv").open() as file:
        operations = tuple(an_operation(f"{row['method']} {row['template']}") for row in csv.DictReader(file))
    return Generated(target, operations, target.parent / "keys.csv", target.parent / "accounts.csv")


@pytest.fixture(scope="session")
def generated(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Generated:
    """100,000 rows of the Stripe API as Parquet, with the columns `true_op` and `is_junk`."""
    return generate(shared, tmp_path_factory.mktemp("generated") / "log", rows=100_000, keys=500)
