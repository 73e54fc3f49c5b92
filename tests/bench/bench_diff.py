"""Times `apidiff diff` as a whole process on the real specs; bench_peers.py has the same beside other tools.

`python tests/bench/bench_diff.py` prints one table: processor seconds (user and system) and peak memory of the median
of three runs, and the count of changes; then how the cost grows with a spec with shared, recursive components.
Real specs are read from `../shared/specs` beside the repository; a pair that is missing is said and skipped.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SPECS = ROOT.parent / "shared" / "specs"
PAIRS = ("stripe", "plaid", "twilio", "discord", "adyen", "slack", "digitalocean")


WATCH = (
    "import resource,subprocess,sys\n"
    "p=subprocess.run(sys.argv[1:],stderr=subprocess.DEVNULL)\n"
    "u=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "sys.stderr.write(f'{u.ru_utime+u.ru_stime} {u.ru_maxrss/1024}')\n"
    "sys.exit(p.returncode)\n"
)
"""A small process between us and what is measured: a program's peak is at least that of whom it was started by."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds of processor and of wall time, peak memory in MB, what it wrote, its exit code."""

    cpu: float
    wall: float
    memory: float
    output: bytes
    code: int


def compiled(folder: Path) -> dict[str, str]:
    """An environment in which modules are compiled once and for all, as they are wherever apidiff is installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def measured(command: list[str], environment: dict[str, str], patience: float | None = None) -> Run:
    """One process by the operating system's own accounting. Raises TimeoutExpired past so many seconds."""
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        watched = [sys.executable, "-c", WATCH, *command]
        done = subprocess.run(
            watched, cwd=ROOT, stdout=output, stderr=subprocess.PIPE, env=environment, timeout=patience, check=False
        )
        wall = time.perf_counter() - begin
        output.seek(0)
        cpu, memory = map(float, done.stderr.split()[-2:])
        return Run(cpu, wall, memory, output.read(), done.returncode)


def diff_of(base: str, revision: str) -> list[str]:
    """The command that compares two specs, with all changes as JSON."""
    return [sys.executable, "-m", "apidiff", "diff", base, revision, "--format", "json"]


def run(environment: dict[str, str], base: str, revision: str) -> Run:
    """Compare two specs once. Raises CalledProcessError where that fails."""
    done = measured(diff_of(base, revision), environment)
    if done.code:
        raise subprocess.CalledProcessError(done.code, diff_of(base, revision))
    return done


def pairs(folder: Path) -> dict[str, tuple[str, str]]:
    """The real pairs by name, archives unpacked into `folder`."""
    found: dict[str, tuple[str, str]] = {}
    for name in PAIRS:
        files = sorted((SPECS / name).glob("*")) if SPECS.is_dir() else []
        if name == "digitalocean":
            for archive in files:
                with tarfile.open(archive) as tar:
                    tar.extractall(folder / archive.name, filter="data")
            files = sorted(folder.rglob("DigitalOcean-public.v2.yaml"))
        if len(files) == 2:
            found[name] = (str(files[0]), str(files[1]))
    return found


def synthetic(size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two specs of `size` × 100 components that refer to each other in circles, with an edit in every tenth."""

    def spec(edited: bool) -> dict[str, Any]:
        count = 100 * size
        schemas = {
            f"S{n}": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "maxLength": 20 if edited and n % 10 == 0 else 40},
                    "next": {"$ref": f"#/components/schemas/S{(n * 7 + 1) % count}"},
                    "all": {"type": "array", "items": {"$ref": f"#/components/schemas/S{(n * 3 + 2) % count}"}},
                },
            }
            for n in range(count)
        }
        paths = {
            f"/things{n}": {
                "get": {
                    "responses": {
                        "200": {
                            "description": "",
                            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/S{n}"}}},
                        }
                    }
                }
            }
            for n in range(count)
        }
        info = {"title": "Synthetic", "version": "1"}
        return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}

    return spec(edited=False), spec(edited=True)


def main() -> None:
    """Print the tables."""
    say = print  # a program that prints is all this is
    header = ("pair", "cpu s", "wall s", "peak MB", "changes", "unclassified")
    say(("{:<14}" + "{:>13}" * 5).format(*header))
    with tempfile.TemporaryDirectory() as folder:
        found, environment = pairs(Path(folder)), compiled(Path(folder))
        for warm_up in list(found.values())[:1]:
            run(environment, *warm_up)
        for name in PAIRS:
            if name not in found:
                say(f"{name:<14}skipped: ../shared/specs/{name} is missing")
                continue
            runs = sorted((run(environment, *found[name]) for _ in range(3)), key=lambda one: one.cpu)
            best = runs[1]
            summary = json.loads(best.output)["summary"]
            changes = sum(summary[level] for level in ("breaking", "dangerous", "additive", "editorial", "waived"))
            row = (f"{best.cpu:.2f}", f"{best.wall:.2f}", f"{best.memory:.0f}", f"{changes:,}", summary["unclassified"])
            say(("{:<14}" + "{:>13}" * 5).format(name, *row))
        say(f"\n{'synthetic':<14}{'components':>13}{'cpu s':>13}{'peak MB':>13}{'changes':>13}")
        for size in (1, 2, 4, 8):
            files = []
            for side, spec in zip(("base", "revision"), synthetic(size), strict=True):
                path = Path(folder) / f"{side}-{size}.json"
                path.write_text(json.dumps(spec))
                files.append(str(path))
            one = run(environment, *files)
            changes = len(json.loads(one.output)["changes"])
            say(f"{f'{size}x':<14}{100 * size:>13}{one.cpu:>13.2f}{one.memory:>13.0f}{changes:>13}")


if __name__ == "__main__":
    main()
