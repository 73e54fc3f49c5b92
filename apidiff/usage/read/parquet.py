"""What a Parquet file holds: its columns with the types of all that lies inside them, and its first rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apidiff.usage.read.files import LogFile
from apidiff.usage.read.layout import FieldPath
from apidiff.usage.read.sample import Sample, sample_of_objects
from apidiff.usage.read.values import parquet_files
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    import duckdb

_ROWS = 500


@dataclass(frozen=True, slots=True)
class Parquet:
    """The columns of a file, the types of its columns and of their members, and a sample of its rows."""

    columns: tuple[str, ...]
    types: tuple[tuple[FieldPath, str], ...]
    sample: Sample


def parquet_of(connection: "duckdb.DuckDBPyConnection", file: LogFile) -> Parquet:
    """What a Parquet file holds.

    Errors: `usage-unreadable`.
    """
    import duckdb
    import orjson

    source = parquet_files(file.path)
    try:
        relation = connection.sql(f"SELECT * FROM {source}")
        names, kinds = tuple(relation.columns), relation.types
        rows = connection.execute(f"SELECT to_json(t) FROM (SELECT * FROM {source} LIMIT {_ROWS}) AS t").fetchall()
    except duckdb.Error as error:
        raise ApidiffError(
            "the Parquet file can't be read",
            code="usage-unreadable",
            at=file.shown,
            hint="It is damaged, cut off, or no Parquet; fetch it again.",
        ) from error
    types = [pair for name, kind in zip(names, kinds, strict=True) for pair in _types((name,), kind)]
    maps = [path for path, kind in types if kind.startswith("MAP(")]
    sample = sample_of_objects((orjson.loads(row[0]) for row in rows), maps)
    for path, kind in types:
        if not kind.startswith(("STRUCT(", "MAP(")):
            sample.values.setdefault(path, [])
    return Parquet(names, tuple(types), sample)


def _types(path: FieldPath, kind: Any) -> Iterator[tuple[FieldPath, str]]:
    """The type of a column, and of every member of an object."""
    yield path, str(kind)
    if kind.id == "struct":
        for name, inner in kind.children:
            yield from _types((*path, name), inner)
