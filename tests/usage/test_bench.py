"""The bench itself, small: it runs, it prints a table, and the cube is what it measures."""

import importlib.util
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[1] / "bench" / "bench_usage.py"


@pytest.mark.corpus
def test_the_bench_measures_columns_and_text(shared: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("bench_usage", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = module.bench(tmp_path, [("parquet", 2_000), ("nginx", 2_000)], rounds=1)
    assert [row[:3] for row in table] == [
        (kind, "2,000", what) for kind in ("parquet", "nginx") for what in ("floor", "cube", "measure")
    ]
    assert all(float(row[3]) > 0 for row in table)
