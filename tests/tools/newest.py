"""Tries the newest of every library in a fresh environment, and says what that breaks.

    python tests/tools/newest.py                    # the newest that pyproject.toml allows, as pip installs it today
    python tests/tools/newest.py --beyond           # past our bounds as well
    python tests/tools/newest.py --lock             # what was tried becomes constraints.txt, if no test fails
    python tests/tools/newest.py -- tests/load -q   # what follows goes to pytest

It prints which package moved from which version to which, which tests fail, and which package, put back to the version
in constraints.txt, mends them. It exits as pytest does.
"""

import argparse
import json
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".venv-newest"
PYTHON = str(FOLDER / "bin" / "python")
CONSTRAINTS = ROOT / "constraints.txt"
HEADER = """\
# The exact versions that the tests ran on, of everything that the extras test, spark, clickhouse and postgres bring in.
# Written by `make lock`; `make newest` says what a newer release would break.
"""
OURS = ("apidiff", "pip", "setuptools")
"""What every environment has, and no requirement asks for."""

Versions = Mapping[str, str]


def main(arguments: list[str]) -> int:
    """Installs, compares, tests and blames; the exit code of pytest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beyond", action="store_true", help="leave out the upper bounds of pyproject.toml")
    parser.add_argument("--lock", action="store_true", help="write constraints.txt where no test fails")
    parser.add_argument("pytest", nargs="*", default=[], help="what goes to pytest")
    options = parser.parse_args(arguments)
    venv.create(FOLDER, clear=True, with_pip=True)
    install(beyond=options.beyond)
    tried, pinned = installed(), read_constraints(CONSTRAINTS.read_text(encoding="utf-8"))
    code, failed = run_tests(options.pytest or ["-q", "-n", "auto", "--dist", "loadgroup"])
    moves = moved(pinned, tried)
    mended = blame(failed, moves) if failed else []
    say("Moved", [f"{name}  {before} -> {after}" for name, before, after in moves])
    say("Held back", held_back())
    say("Failed", failed)
    if failed:
        say("Mended by", mended)
    if options.lock and code == 0:
        CONSTRAINTS.write_text(HEADER + "".join(f"{name}=={version}\n" for name, version in tried.items()))
    return code


def install(*, beyond: bool) -> None:
    """All extras: as pyproject.toml bounds them, or each name at its newest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    if not beyond:
        pip("install", "-q", "-e", f".[{','.join(extras)}]")
        return
    required = [line for lines in (project["dependencies"], *extras.values()) for line in lines]
    pip("install", "-q", *(without_bounds(line) for line in required))
    pip("install", "-q", "--no-deps", "-e", ".")


def without_bounds(requirement: str) -> str:
    """`typer>=0.27,<0.29` as `typer>=0.27`."""
    name, *bounds = requirement.split(",")
    return ",".join([name, *(bound for bound in bounds if not bound.strip().startswith("<"))])


def installed() -> dict[str, str]:
    """What the environment holds, by name, in the order of names."""
    listed = json.loads(pip("list", "--format", "json"))
    return {one["name"]: one["version"] for one in listed if one["name"] not in OURS}


def read_constraints(text: str) -> dict[str, str]:
    """The lines `name==version`."""
    lines = (line.partition("==") for line in text.splitlines() if not line.startswith("#"))
    return {name: version for name, _, version in lines}


def moved(pinned: Versions, tried: Versions) -> list[tuple[str, str, str]]:
    """The packages whose version is another one, each with both; `-` where there is none."""
    names = sorted({*pinned, *tried}, key=str.lower)
    versions = ((name, pinned.get(name, "-"), tried.get(name, "-")) for name in names)
    return [(name, before, after) for name, before, after in versions if before != after]


def held_back() -> list[str]:
    """What has a newer release that some bound, ours or another package's, keeps out."""
    listed = json.loads(pip("list", "--outdated", "--format", "json"))
    return [
        f"{one['name']}  {one['version']}, newest {one['latest_version']}" for one in listed if one["name"] not in OURS
    ]


def run_tests(arguments: Iterable[str]) -> tuple[int, list[str]]:
    """The exit code of pytest, and the tests that failed, as pytest takes them."""
    report = FOLDER / "report.xml"
    options = [f"--junit-xml={report}", "-o", "junit_family=xunit1"]
    command = [PYTHON, "-m", "pytest", *options, *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False)
    return done.returncode, read_report(report.read_text(encoding="utf-8")) if report.exists() else []


def read_report(text: str) -> list[str]:
    """The tests of a report of JUnit that failed or stopped with an error, as `identify` names them."""
    cases = ET.fromstring(text).iter("testcase")
    broken = (case for case in cases if case.find("failure") is not None or case.find("error") is not None)
    return sorted({identify(case) for case in broken})


def identify(case: ET.Element) -> str:
    """One test as pytest takes it: `tests/load/test_parse.py::test_empty[x]`, with a class in between."""
    file, name = case.get("file", ""), case.get("name", "")
    inner = case.get("classname", "").removeprefix(file.removesuffix(".py").replace("/", ".")).strip(".")
    return "::".join(part for part in (file, *inner.split("."), name) if part)


def blame(failed: list[str], moves: list[tuple[str, str, str]]) -> list[str]:
    """The packages that, put back alone to the version that is tested, let some of the failed tests pass."""
    found = []
    for name, before, after in moves:
        if "-" in (before, after):
            continue
        pip("install", "-q", "--no-deps", f"{name}=={before}")
        _, still = run_tests(["-q", "--no-header", "--tb=no", *failed])
        pip("install", "-q", "--no-deps", f"{name}=={after}")
        if mended := len(failed) - len(still):
            found.append(f"{name} {before}: {mended} of {len(failed)}")
    return found


def pip(*arguments: str) -> str:
    """What pip of the environment prints; it ends the program where pip fails, with what pip said."""
    command = [PYTHON, "-m", "pip", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"pip {arguments[0]} failed")
    return str(done.stdout)


def say(heading: str, lines: list[str]) -> None:
    """One part of what is printed last."""
    print(f"\n{heading}: {len(lines)}", *lines, sep="\n  ", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
