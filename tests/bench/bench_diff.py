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


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds of processor and of wall time, peak memory in MB, what it wrote."""

    cpu: float
    wall: float
    memory: float
    output: bytes


def compiled(folder: Path) -> dict[str, str]:
    """An environment in which modules are compiled once and for all, as they are wherever apidiff is installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def run(environment: dict[str, str], base: str, revision: str) -> Run:
    """Compare two specs once, all changes in one file of JSON, by the operating system's own accounting."""
    code = (
        "import resource,subprocess,sys\n"
        "p=subprocess.run([sys.executable,'-m','apidiff',*sys.argv[1:]])\n"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "sys.stderr.write(f'{u.ru_utime+u.ru_stime} {u.ru_maxrss/1024}')\n"
        "sys.exit(p.returncode)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "changes.json"
        command = [sys.executable, "-c", code, "diff", base, revision, "--format", "json", "--output", str(output)]
        begin = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environment)
        wall = time.perf_counter() - begin
        cpu, memory = done.stderr.decode().split()[-2:]
        return Run(float(cpu), wall, float(memory), output.read_bytes())


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
