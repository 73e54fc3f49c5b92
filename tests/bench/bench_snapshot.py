"""What a usage snapshot costs: its size, the time to make it, and that of a diff which says who uses what breaks.

    python -m tests.bench.bench_snapshot --data DIR [--rows 20000000] [--rounds 5]

Logs come from the shared generator and stay in DIR; the specs are the Stripe pair of `../shared/specs`. Of the diffs,
with the snapshot and without it in turn, the best of the rounds is printed: the wall says nothing beside other work.
"""

import argparse
import sys
from pathlib import Path

from tests.bench.bench_diff import SPECS, Run, compiled, measured
from tests.bench.bench_usage import made
from tests.pace import pace

PAIR = ("stripe-2020-01-07.json", "stripe-2021-06-07.json")


def apidiff(environment: dict[str, str], *arguments: object) -> Run:
    """One command, which must succeed."""
    done = measured([sys.executable, "-m", "apidiff", *map(str, arguments)], environment)
    if done.code:
        raise SystemExit(f"apidiff {arguments[0]} ended with {done.code}")
    return done


def main() -> None:
    """Make the snapshot once, and compare the pair in turn; print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    asked.data.mkdir(parents=True, exist_ok=True)
    environment = compiled(asked.data)
    log = made(asked.data.resolve(), "parquet", asked.rows)
    base, revision = (SPECS / "stripe" / name for name in PAIR)
    snapshot = log.parent / "usage.snapshot"
    accounts = log.parent / "accounts.csv", log.parent / "keys.csv"
    done = apidiff(
        environment, "snapshot", log, "--spec", base, "--integrators", *accounts, "-o", snapshot, "--no-cache"
    )
    print(f"{asked.rows:,} rows: {snapshot.stat().st_size / 1e3:,.0f} KB, made in {done.wall:.0f} s", flush=True)
    asked_for = {
        f"{form}{', ' + said if said else ''}": ("diff", base, revision, "--format", form, *usage)
        for form in ("json", "text")
        for said, usage in (("", ()), ("with the snapshot", ("--usage", snapshot)))
    }
    runs: dict[str, list[Run]] = {name: [] for name in asked_for}
    for _ in range(asked.rounds):
        for name, command in asked_for.items():
            runs[name].append(apidiff(environment, *command))
    print(f"pace of this machine: {pace():.1f}\n{'diff':<26}{'cpu s':>8}{'wall s':>8}{'peak MB':>9}")
    for name, found in runs.items():
        best = min(found, key=lambda run: run.wall)
        print(f"{name:<26}{best.cpu:>8.2f}{best.wall:>8.2f}{best.memory:>9.0f}", flush=True)


if __name__ == "__main__":
    main()
