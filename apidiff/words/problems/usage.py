"""Errors of usage logs and of the integrators file."""

from typing import Final

from apidiff.words.errors import Exit
from apidiff.words.problems.problem import Problem

PROBLEMS: Final = (
    # Usage
    Problem(
        "usage-not-found",
        "No file matches what was given as usage log.",
        "Name a file, a folder or a glob; quote a glob that the shell should leave alone.",
    ),
    Problem(
        "usage-unreadable",
        "The log could not be opened or unpacked to its end.",
        "Check its permissions, and that it was copied whole.",
    ),
    Problem(
        "usage-not-a-log",
        "The first bytes are those of something else: a document, a program, a database, an error page, a packing that "
        "is not read here. What was guessed out of it would be noise.",
        "Convert or unpack it in the way that the message names, or name the log in its place.",
    ),
    Problem(
        "usage-too-large",
        "What the logs ask for does not fit into the memory of this machine. Nothing was left out to make it fit.",
        "Read the logs in parts, as Parquet, or where they lie (`--engine`).",
    ),
    Problem(
        "usage-too-wide",
        "A table of thousands of columns is no log of calls, and reading it would take longer with each of them than "
        "with the one before.",
        "Export the columns of the time, method, path, status and key.",
    ),
    Problem(
        "usage-log-empty",
        "A log without a row that can be read says nothing about anybody. That nobody called would be a guess.",
        "Check that it is the right log, in a format that is known or mapped under `columns` in apidiff.yaml.",
    ),
    Problem(
        "usage-without-match",
        "No row calls an operation of the spec. It is another API's log, or a gateway puts a prefix on the paths; "
        "nobody would be found, and that would look like nobody being hit.",
        "Put the `mount` or `base_path` that the message names into apidiff.yaml, or give the spec that was called.",
    ),
    Problem(
        "usage-without-keys",
        "No successful call says who made it. Whom a break hits can't be known, and a date would rest on nobody.",
        "Have the gateway log a key, its id or its hash, or map the field that holds it.",
    ),
    Problem(
        "usage-format-unknown",
        "The first lines are in none of the formats that are recognised.",
        "Name it with `--log-format`, or map its columns under `columns` in apidiff.yaml.",
    ),
    Problem(
        "usage-format-string",
        "`log_format` is a server's own format string or a pattern, and this one holds nothing that names a field.",
        "Copy the string from the server's configuration, between single quotes.",
    ),
    Problem(
        "usage-heading-missing",
        "A table without headings does not say which column is which, and a guess could take a path for a key.",
        "Put a line with the names of the columns first, such as `time,method,path,status,api_key`.",
    ),
    Problem(
        "usage-column-missing",
        "Without its time, method, path, status or key, a row can't be tied to an operation and an integrator.",
        "Map the column under `columns` in apidiff.yaml, or have the gateway log it.",
    ),
    Problem(
        "usage-time-ambiguous",
        "A date such as 3/4/2026 is in March or in April, and no first row tells. A guess could move a sunset.",
        "Write `time: {order: month-first}` or `time: {order: day-first}` in apidiff.yaml.",
    ),
    Problem(
        "usage-column-unknown",
        "`columns` in apidiff.yaml maps the names of a log to fields, and there is no field of this name.",
        "Take the nearest one that the message names.",
    ),
    Problem(
        "usage-key-hash-unknown",
        "Keys can be joined by themselves, or by a hash of one of the known kinds.",
        "Take `sha256` or `hmac`.",
    ),
    Problem(
        "usage-cache-unusable",
        "The folder for what was computed from the logs can't be used.",
        "Name another folder, or run without a cache.",
    ),
    Problem(
        "usage-salt-damaged",
        "Keys are hashed with a salt from a file, and this file does not hold one. With another salt every integrator "
        "would look new.",
        "Restore the file; remove it only if the cache may start over.",
    ),
    Problem(
        "usage-no-readable-row",
        "Not one row of the logs could be read. That nobody called would be a guess.",
        "Look at the reasons and line numbers above; name the format with `--log-format`, or map the columns.",
    ),
    # Snapshots
    Problem(
        "snapshot-unreadable",
        "The file of the usage snapshot could not be opened.",
        "Check the file and its permissions.",
    ),
    Problem(
        "snapshot-damaged",
        "A usage snapshot is sealed, and every number in it is checked: this one was cut off, altered, or made by "
        "something else. Half of it would say that nobody is hit who is in the other half.",
        "Make it anew with `apidiff snapshot`, and copy it as a binary file.",
    ),
    Problem(
        "snapshot-unknown-format",
        "The snapshot says that it is of a format that this version of apidiff does not know.",
        "Make it with the version that reads it, or read it with the version that made it.",
    ),
    Problem(
        "snapshot-too-large",
        "The snapshot, or what it would become unpacked, is larger than any that apidiff makes.",
        "Make it anew with `apidiff snapshot`; of very many accounts, one for each part of them.",
    ),
    Problem(
        "snapshot-of-another-spec",
        "No operation of the specs that are compared was counted in the snapshot. That nobody is hit would be a guess.",
        "Make one with `apidiff snapshot --spec` and the base of the comparison.",
    ),
    Problem(
        "snapshot-among-logs",
        "A snapshot has its accounts in it, as pseudonyms that only stand for themselves. Calls of an account could "
        "not be told to be the same in two of them, nor in one and in logs.",
        "Give the one snapshot, or the logs and `--integrators`.",
        Exit.USAGE,
    ),
    # Integrators
    Problem(
        "integrators-not-found",
        "The file that says who owns which key is not there.",
        "Name a CSV, JSON Lines or Parquet file with one row a key.",
    ),
    Problem(
        "integrators-unreadable",
        "The file of the integrators is in no form that is known.",
        "Save it as CSV in UTF-8, as JSON Lines or as Parquet.",
    ),
    Problem(
        "integrators-empty",
        "The file of the integrators holds no row, so every key would be unknown.",
        "One row a key: `api_key`, `integrator`, and where known `name`, `contact`, `owner`, `revenue`, `plan`.",
    ),
    Problem(
        "integrators-column-missing",
        "Without its key and its integrator a row can't say who owns what.",
        "Map the headings in apidiff.yaml.",
    ),
    Problem(
        "integrators-column-unknown",
        "apidiff.yaml maps the headings of the file to fields, and there is no field of this name.",
        "Take the nearest one that the message names.",
        Exit.USAGE,
    ),
    Problem(
        "engine-not-installed",
        "`--engine` counts logs where they lie, through the driver of that engine, which is not installed here.",
        "Install what the message names; the extras `spark`, `clickhouse` and `postgres` of apidiff bring theirs.",
        Exit.OUTSIDE,
    ),
    Problem(
        "engine-failed",
        "The engine refused or broke off the work. Its own words are not repeated: they could hold values of the log.",
        "Check the URL, the table's name and what you may read, and ask the engine's own console.",
        Exit.OUTSIDE,
    ),
    Problem(
        "engine-table-missing",
        "The engine answers, and has no table of this name, or shows none to this user.",
        "Name the table as the engine does, with its schema or database.",
        Exit.OUTSIDE,
    ),
    Problem(
        "engine-option-unknown",
        "Something is set that says how files are written, and that no table is asked by. Left out in silence it would "
        "give another answer than the same rows as files.",
        "Make a view that has the value as a column of its own, and name the view with `--table`.",
        Exit.USAGE,
    ),
    Problem(
        "integrators-row-incomplete",
        "A row has a key without an integrator, or an integrator without a key. Its calls would be nobody's.",
        "Fill it in, or remove the row.",
    ),
    Problem(
        "integrators-key-duplicate",
        "A key stands in two rows. It has one owner, and choosing one of two would call the wrong people.",
        "Remove one of the two rows that the message names.",
    ),
    Problem(
        "integrators-cell-unreadable",
        "An amount, a date or a yes-or-no could not be read. Taking it for nothing would change the order of contact.",
        "Amounts as 1200 or $1,200.00, dates as 2025-01-31, yes or no as true, false, 1 or 0.",
    ),
)
