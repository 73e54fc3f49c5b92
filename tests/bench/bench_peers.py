"""apidiff beside other differs, at named versions, built here and run side by side on the real specs.

`python tests/bench/bench_peers.py [--build FOLDER]` needs Go and npm, and prints the table of docs/figures.md. A tool
that can't be had is said and left out. Each run is a whole process that writes all that it finds into one file; the
median of three by wall time, tools in turn, so that what else the machine does meets all of them.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench_diff import Run, compiled, diff_of, measured, pairs

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PATIENCE = 600
"""Seconds after which a run is given up."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A differ: what builds it into a folder, what compares two specs with it, and how many changes an output holds."""

    name: str
    build: Callable[[Path], None]
    command: Callable[[Path, str, str], list[str]]
    count: Callable[[bytes], int]


def nothing(_: Path) -> None:
    """What is built already."""


def oasdiff(folder: Path) -> None:
    go(folder, "install", "github.com/oasdiff/oasdiff@v1.37.0")


def libopenapi(folder: Path) -> None:
    module = folder / "libopenapi"
    module.mkdir(exist_ok=True)
    shutil.copy(HERE / "peers" / "main.go", module)
    (module / "go.mod").write_text("module peer\n\ngo 1.24\n\nrequire github.com/pb33f/libopenapi v0.42.5\n")
    go(folder, "mod", "tidy", cwd=module)
    go(folder, "build", "-o", str(folder / "bin" / "libopenapi"), ".", cwd=module)


def redocly(folder: Path) -> None:
    install = ["npm", "install", "--silent", "--no-save", "--prefix", str(folder), "@redocly/cli@2.77.0"]
    subprocess.run(install, check=True, capture_output=True)


def go(folder: Path, *arguments: str, cwd: Path | None = None) -> None:
    """Call Go with its modules and programs below a folder."""
    environment = os.environ | {"GOPATH": str(folder / "go"), "GOBIN": str(folder / "bin"), "GOFLAGS": "-modcacherw"}
    subprocess.run(["go", *arguments], cwd=cwd or folder, env=environment, check=True, capture_output=True)


TOOLS = (
    Tool(
        "apidiff",
        nothing,
        lambda _, base, revision: diff_of(base, revision),
        lambda output: len(json.loads(output)["changes"]),
    ),
    Tool(
        "oasdiff 1.37.0",
        oasdiff,
        lambda folder, base, revision: [
            str(folder / "bin" / "oasdiff"), "changelog", base, revision, "--format", "json", "--level", "INFO",
        ],
        lambda output: len(json.loads(output)),
    ),
    Tool(
        "libopenapi 0.42.5",
        libopenapi,
        lambda folder, base, revision: [str(folder / "bin" / "libopenapi"), base, revision],
        lambda output: int(output.split()[0]),
    ),
    Tool(
        "Redocly CLI 2.77.0",
        redocly,
        lambda folder, base, revision: [
            str(folder / "node_modules" / ".bin" / "redocly"), "diff", base, revision, "--format", "json",
        ],
        lambda output: len(json.loads(output)["changes"]),
    ),
)  # fmt: skip


def built(folder: Path) -> list[Tool]:
    """The tools that can be had; of the others it says why not."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for tool in TOOLS:
        try:
            tool.build(folder)
        except (OSError, subprocess.CalledProcessError) as problem:
            said = (getattr(problem, "stderr", None) or str(problem).encode()).decode(errors="replace").strip()
            say(f"left out: {tool.name}: {said.splitlines()[-1] if said else 'it cannot be built'}")
        else:
            found.append(tool)
    return found


def ran(command: list[str], environment: dict[str, str]) -> Run | None:
    """One process; None where it took too long."""
    try:
        return measured(command, environment, PATIENCE)
    except subprocess.TimeoutExpired:
        return None


def cell(tool: Tool, runs: list[Run | None]) -> str:
    """One cell of the table: changes, seconds, memory; or why there are none."""
    done = sorted((one for one in runs if one is not None), key=lambda one: one.wall)
    if len(done) < len(runs):
        return f"given up after {PATIENCE} s"
    middle = done[len(done) // 2]
    try:
        changes = tool.count(middle.output)
    except (ValueError, KeyError, IndexError):
        return f"refused (exit {middle.code})"
    memory = f"{middle.memory / 1024:.1f} GB" if middle.memory >= 1000 else f"{middle.memory:.0f} MB"
    return f"{changes:,} in {middle.wall:.1f} s, {memory}"


def say(line: str) -> None:
    """A program that prints is all this is."""
    print(line, flush=True)


def main() -> None:
    """Build, run, and print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    tools = built(options.build.resolve())
    say(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors\n")
    say(f"| pair | {' | '.join(tool.name for tool in tools)} |\n|{' --- |' * (len(tools) + 1)}")
    with tempfile.TemporaryDirectory() as folder:
        environment = compiled(Path(folder))
        for name, (base, revision) in pairs(Path(folder)).items():
            commands = [tool.command(options.build.resolve(), base, revision) for tool in tools]
            ran(commands[0], environment)
            rounds = [[ran(command, environment) for command in commands] for _ in range(options.rounds)]
            cells = [cell(tool, list(runs)) for tool, runs in zip(tools, zip(*rounds, strict=True), strict=True)]
            say(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
