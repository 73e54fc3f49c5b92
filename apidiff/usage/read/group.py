"""SHELL: files to readings: each looked at, those of one layout together, and what is no log left out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apidiff.usage.options import Options
from apidiff.usage.read.copies import without_copies
from apidiff.usage.read.detect import layout_of, merged
from apidiff.usage.read.files import Found, LogFile, Workspace
from apidiff.usage.read.layout import Layout
from apidiff.usage.read.missing import MissingFieldsError
from apidiff.usage.read.mixed import mixed_parts
from apidiff.usage.read.parquet import parquet_of
from apidiff.usage.read.prepare import prepared
from apidiff.usage.read.raw import Reading
from apidiff.usage.read.unwrap import unwrapped
from apidiff.usage.read.w3c import with_one_heading
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    import duckdb

_MAY_HOLD = ("usage-column-missing", "usage-format-unknown", "usage-heading-missing", "usage-unreadable")
"""How a file is refused that may hold a log inside its rows."""
_ALL = 99
_NO_LOG = ("usage-format-unknown", "usage-heading-missing", "usage-log-empty")
"""How a file is refused that is probably no log of requests."""


def readings_of(
    found: Found, options: Options, workspace: Workspace, *, until: str, connection: "duckdb.DuckDBPyConnection"
) -> tuple[Reading, ...]:
    """The readings of files, the engine told as little as needed; what is not read is in `found.left_out` from now on.

    What was named is read or refused. Of a folder or a glob what is no log of requests is left out, as is the second
    file of the same content.

    Errors: those of `layout_of`, and `usage-unreadable` for damaged Parquet.
    """
    kept, copies = without_copies(found.files)
    found.left_out.extend(copies)
    laid_out, refused = list[tuple[Layout, LogFile]](), list[ApidiffError]()
    for one in kept:
        try:
            laid_out.extend(_parts(one, options, workspace, connection))
        except ApidiffError as error:
            if one.given or not _is_no_log(error):
                raise
            refused.append(error)
            found.left_out.append((one.shown, error.message))
    if refused and not laid_out:
        raise refused[0]
    groups = _grouped(laid_out)
    return tuple(Reading(layout, tuple(files), options.version_from, until) for layout, files in groups)


def _parts(
    file: LogFile, options: Options, workspace: Workspace, connection: "duckdb.DuckDBPyConnection"
) -> list[tuple[Layout, LogFile]]:
    """The layout of a file, or those of the objects and of the text in it where both are logs of requests."""
    if file.is_parquet:
        return [(layout_of(file, options, parquet=parquet_of(connection, file)), file)]
    ready = with_one_heading(prepared(file, workspace, options), workspace)
    try:
        mixed = [(layout_of(part, options), part) for part in mixed_parts(ready, workspace)]
    except ApidiffError:
        mixed = []
    return mixed or [_looked_at(ready, options, workspace)]


def _looked_at(file: LogFile, options: Options, workspace: Workspace) -> tuple[Layout, LogFile]:
    """The layout of a file, or of the log that lies inside it."""
    if options.rows or options.inside:
        inside = unwrapped(file, workspace, options)
        return layout_of(inside or file, options), inside or file
    try:
        return layout_of(file, options), file
    except ApidiffError as error:
        inside = unwrapped(file, workspace, options) if error.code in _MAY_HOLD else None
        if inside is None:
            raise
        try:
            return layout_of(inside, options), inside
        except ApidiffError as other:
            raise (other if _lacks(other) < _lacks(error) else error) from error


def _lacks(error: ApidiffError) -> int:
    """How much a file lacks that is refused: all, where it is in no known format."""
    return len(error.names) if isinstance(error, MissingFieldsError) else _ALL


def _is_no_log(error: ApidiffError) -> bool:
    """Whether a refusal says that the file tells of no requests: a log of them that lacks one thing is refused."""
    if isinstance(error, MissingFieldsError):
        return len([name for name in error.names if name != "api_key"]) > 1
    return error.code in _NO_LOG


def _grouped(laid_out: Sequence[tuple[Layout, LogFile]]) -> list[tuple[Layout, list[LogFile]]]:
    """The files by layout and packing; JSON of one format is one layout, with the fields of all its files."""
    groups: dict[tuple[str, Layout], list[LogFile]] = {}
    objects: dict[tuple[object, ...], list[tuple[Layout, LogFile]]] = {}
    for layout, file in laid_out:
        if layout.format.kind in ("json", "otlp") and not layout.types:
            alike = (file.packed, layout.format.name, layout.time_kinds, layout.array, layout.order, layout.joined)
            objects.setdefault(alike, []).append((layout, file))
        else:
            groups.setdefault((file.packed, layout), []).append(file)
    for (packed, *_), same in objects.items():
        groups.setdefault((str(packed), merged(layout for layout, _ in same)), []).extend(file for _, file in same)
    return [(layout, files) for (_, layout), files in groups.items()]
