"""Errors of the call itself: formats, names, the configuration, waivers, and where results go."""

from typing import Final

from apidiff.words.errors import Exit
from apidiff.words.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "format-unknown",
        "The format that was asked for is none of those that the command writes.",
        "Take one of the formats that the message lists.",
        Exit.USAGE,
    ),
    Problem(
        "import-unreadable",
        "A file of another tool's settings could not be read.",
        "Check that the file is there, and that it is one of the kinds that `apidiff import --help` lists.",
    ),
    Problem(
        "selection-unmatched",
        "A word of `--only`, `--ignore` or `--map-prefix` names no operation, path or tag of either spec. With a "
        "misspelt one nothing would be looked at, and the check would be green.",
        "Take the nearest name, which the message has; `*` stands for any part of a path.",
        Exit.USAGE,
    ),
    Problem(
        "name-unknown",
        "`apidiff explain` knows rules by id or earlier name, and errors by code; this is neither.",
        "`apidiff rules` lists the rules; the code of an error stands in brackets at the end of its message.",
        Exit.USAGE,
    ),
    Problem(
        "profile-unknown",
        "The profiles are named sets of levels, and there is none of this name.",
        "Take `standard`, `strict` or `tolerant`, and `sdk` beside it for generated clients.",
        Exit.USAGE,
    ),
    Problem(
        "rule-unknown",
        "A rule is known by its id, and by the ids that it had earlier; this is neither.",
        "`apidiff rules` lists them all.",
        Exit.USAGE,
    ),
    Problem(
        "expand-several",
        "One spec is expanded at a time, and these are several: a folder, or a pattern that several files match.",
        "Name the entry file of one spec on each side.",
        Exit.USAGE,
    ),
    Problem(
        "expand-several-files",
        "An Overlay is of one document, and what undoes the breaks is in several files of the spec.",
        "Bundle the spec into one file first, or take the expanded files: `--output FOLDER`.",
        Exit.USAGE,
    ),
    Problem(
        "output-unwritable",
        "A result is written whole, beside its target and then moved there; that failed, so nothing was written.",
        "Name a file in a folder that exists, that you may write to, and that has room.",
    ),
    Problem(
        "system-refused",
        "The operating system refused something that every run needs: a name is too long, a disk is full, a folder may "
        "not be read, or too many files are open. What was to be written is whole or not there.",
        "Mend what the message says, or name another file or folder.",
    ),
    Problem(
        "memory-short",
        "There is less memory than the documents or the logs need. Nothing was written.",
        "Allow more (`ulimit -v`, the container's limit), or give less at a time.",
    ),
    Problem(
        "demo-missing",
        "The demo's specs, logs and accounts ship with apidiff, and this installation lacks them.",
        "Install apidiff again, from a wheel or from a whole checkout.",
    ),
    Problem(
        "config-not-found",
        "The configuration that was named is not there. Running without it would judge by other levels than yours.",
        "Check the path of `--config`; without it, apidiff.yaml in the working directory is read if it is there.",
    ),
    Problem(
        "config-unreadable",
        "The configuration is there, and the system refused to hand it over.",
        "Check the file and its permissions.",
    ),
    Problem(
        "config-invalid",
        "A setting in apidiff.yaml is not what it has to be. Half a configuration does other things than you meant.",
        "Mend it at the line that the message names.",
    ),
    Problem(
        "config-key-unknown",
        "apidiff.yaml holds a key that nothing reads. A misspelt setting that is ignored does harm in silence.",
        "Take the nearest key, which the message names, or remove it.",
    ),
    Problem(
        "waiver-invalid",
        "A waiver in the spec (`x-apidiff-waivers`) does not say what may pass, why, or who answers for it.",
        "Give `reason`, `owner`, and either `change` or `rule` (at the root of the spec with `operation`).",
    ),
)
