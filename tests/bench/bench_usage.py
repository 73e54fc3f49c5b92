"""How fast logs become a cube, beside what DuckDB needs to read and add up the same columns; prints a table.

    python tests/bench/bench_usage.py --data DIR [--rows 20000000] [--text-rows 5000000] [--rounds 3]

Logs come from the shared generator and stay in DIR. Every figure is the best of the rounds, floor and ours in turn,
each in a process of its own; `ratio` is ours over the floor. The floor reads the same columns on the same threads. From
Parquet it also makes the same groups, since the generator tells each row's operation there; from text it has fewer of
them, by method, which favours the floor.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT.parent / "shared" / "loggen" / "gen.py"
_JSON = "read_json('{log}', format = 'newline_delimited', columns = {columns}, ignore_errors = true)"
_FLOOR = {
    "parquet": (
        "SELECT api_key, true_op, api_version, user_agent, ts::DATE, count(*), "
        "count(*) FILTER (status < 400), min(ts), max(ts), min(path), min(method) FROM '{log}/*.parquet' GROUP BY ALL"
    ),
    "jsonl": (
        "SELECT api_key_id, method, stripe_version, user_agent, time::TIMESTAMP::DATE, count(*), "
        "count(*) FILTER (status::INTEGER < 400), min(time::TIMESTAMP), max(time::TIMESTAMP), min(request_uri) FROM "
        + _JSON.replace(
            "{columns}",
            "{{time: 'VARCHAR', method: 'VARCHAR', request_uri: 'VARCHAR', status: 'VARCHAR', api_key_id: 'VARCHAR', "
            "user_agent: 'VARCHAR', stripe_version: 'VARCHAR'}}",
        )
        + " GROUP BY ALL"
    ),
    "nginx": (
        "SELECT key, agent, strptime(day || ' ' || zone, '[%d/%b/%Y:%H:%M:%S %z]')::DATE, count(*), "
        "count(*) FILTER (status::INTEGER < 400), min(day), max(day), min(request) FROM read_csv('{log}', delim = ' ', "
        "quote = '\"', escape = '\\', header = false, auto_detect = false, columns = {{"
        "ip: 'VARCHAR', ident: 'VARCHAR', key: 'VARCHAR', day: 'VARCHAR', zone: 'VARCHAR', request: 'VARCHAR', "
        "status: 'VARCHAR', "
        "bytes: 'VARCHAR', referer: 'VARCHAR', "
        "agent: 'VARCHAR'}}, null_padding = true, strict_mode = false) GROUP BY ALL"
    ),
}


def made(data: Path, kind: str, rows: int) -> Path:
    """A log of the generator, made once."""
    folder = data / f"{kind}-{rows}"
    log = folder / ("log" if kind == "parquet" else f"log.{kind}")
    if not (folder / "routes.csv").exists():
        command = [sys.executable, str(GENERATOR), "--rows", str(rows), "--out", str(log), "--format", kind]
        subprocess.run([*command, "--chunk", str(min(rows, 1_000_000))], check=True, capture_output=True)
    return log


def floor(kind: str, log: Path) -> None:
    """DuckDB's own reading and adding up of the same columns."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"CREATE TEMP TABLE result AS {_FLOOR[kind].format(log=log)}")


def ours(what: str, log: Path) -> None:
    """Our cube alone (mapping and adding up), or everything that `measure` does."""
    from apidiff.usage.cube.gather import gather
    from apidiff.usage.cube.measure import measure
    from apidiff.usage.options import Options
    from apidiff.usage.read.logs import Log
    from apidiff.usage.route import routes_of
    from apidiff.words.changes import OperationEntry

    with (log.parent / "routes.csv").open() as file:
        names = [(row["method"], row["template"]) for row in csv.DictReader(file)]
    operations = [OperationEntry(f"{method} {path}", method, path, None, "both") for method, path in names]
    if what == "measure":
        measure([str(log)], operations, options=Options())
        return
    routes = routes_of(operations)
    source = Log([str(log)], Options())
    with source.opened(routes) as connection:
        gather(connection, source, routes, report=lambda share: None)


def timed(what: str, kind: str, log: Path) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and peak megabytes of one piece of work in a process of its own, start-up left out."""
    code = [sys.executable, __file__, "--one", what, kind, str(log)]
    done = subprocess.run(code, check=True, capture_output=True, text=True, cwd=ROOT)
    wall, cpu, peak = json.loads(done.stdout)
    return wall, cpu, peak


def one(what: str, kind: str, log: Path) -> None:
    """Runs in the child: does the work and prints its figures."""
    sys.path.insert(0, str(ROOT))
    import duckdb
    import ibis
    import pandas as pd

    del ibis, pd
    duckdb.connect().execute("SELECT 1")
    wall, cpu = time.perf_counter(), time.process_time()
    floor(kind, log) if what == "floor" else ours(what, log)
    figures = (
        time.perf_counter() - wall,
        time.process_time() - cpu,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )
    print(json.dumps(figures))


def bench(data: Path, sizes: Sequence[tuple[str, int]], rounds: int) -> list[tuple[str, ...]]:
    """The table's rows: kind, rows, what, wall seconds, CPU seconds, ratio of each to the floor, peak megabytes."""
    table = []
    for kind, rows in sizes:
        log = made(data, kind, rows)
        best: dict[str, tuple[float, float, int]] = {}
        for _ in range(rounds):
            for what in ("floor", "cube", "measure"):
                wall, cpu, peak = timed(what, kind, log)
                known = best.get(what, (wall, cpu, peak))
                best[what] = min(wall, known[0]), min(cpu, known[1]), max(peak, known[2])
        for what, (wall, cpu, peak) in best.items():
            ratios = f"{wall / best['floor'][0]:.2f}", f"{cpu / best['floor'][1]:.2f}"
            table.append((kind, f"{rows:,}", what, f"{wall:.2f}", f"{cpu:.2f}", *ratios, str(peak)))
    return table


def main() -> None:
    """The command line."""
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--text-rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sizes = [("parquet", given.rows // 20), ("parquet", given.rows)]
    sizes += [("jsonl", given.text_rows), ("nginx", given.text_rows)]
    heading = ("kind", "rows", "what", "wall s", "CPU s", "wall ratio", "CPU ratio", "peak MB")
    table = [heading, *bench(given.data, sizes, given.rounds)]
    widths = [max(len(row[index]) for row in table) for index in range(len(heading))]
    for row in table:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    main()
