"""Bounds of time that mean the same on every machine and at every hour: a fixed piece of work is timed beside.

The same program takes three times as long on a slow or crowded machine, and so does everything else. What a test
measures is therefore divided by the pace of the moment, and its bound is in seconds of the machine on which
docs/figures.md was measured.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

REFERENCE: Final = 0.116
"""CPU seconds that `WORK` takes, start-up included, on the machine on which docs/figures.md was measured."""

TRIES: Final = 4
"""A neighbour on the same machine may come while something is measured: so often it may be measured again."""

WORK: Final = """
import json
from dataclasses import dataclass

@dataclass(frozen=True, slots=True)
class Node:
    place: str
    keys: tuple[str, ...]
    depth: int

def walk(value, place, depth, found):
    if isinstance(value, dict):
        found.append(Node(place, tuple(sorted(value)), depth))
        for key, part in value.items():
            walk(part, f"{place}/{key}", depth + 1, found)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            walk(part, f"{place}/{index}", depth + 1, found)

def tree(depth):
    if not depth:
        return {"type": "string", "enum": ["a", "b"]}
    return {"properties": {f"p{index}": tree(depth - 1) for index in range(6)}, "required": ["p0"]}

text = json.dumps(tree(5))
for _ in range(3):
    found, by_keys = [], {}
    walk(json.loads(text), "", 0, found)
    for node in found:
        by_keys.setdefault(node.keys, set()).add(node.place)
"""
"""What most of our own time goes to: small values made, sorted, kept in tables, and text put together."""


def cpu_of(*command: str | Path, cwd: Path | None = None, environment: dict[str, str] | None = None) -> float:
    """The CPU seconds of a program that must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pace() -> float:
    """How many times as long as there something takes here and now; a faster machine has time to spare."""
    return max(1.0, cpu_of(sys.executable, "-I", "-c", WORK) / REFERENCE)


def least(measure: Callable[[], float], *, bound: float) -> float:
    """The least CPU seconds that `measure` gave, at the pace of its moment; it is called until they are in `bound`."""
    best = float("inf")
    for _ in range(TRIES):
        before = pace()
        taken = measure()
        best = min(best, taken / ((before + pace()) / 2))
        if best < bound:
            break
    return best


def compiled(folder: Path) -> dict[str, str]:
    """An environment in which modules are compiled, as an installation has them, and kept in `folder`."""
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment
