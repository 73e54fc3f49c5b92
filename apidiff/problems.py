"""Every error code that apidiff gives, with its reason and its remedy at leisure: what `apidiff explain CODE` prints.

The message of an error says what is wrong with this input; the text here says why it is refused at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apidiff.errors import Exit


@dataclass(frozen=True, slots=True)
class Problem:
    """One error code: why it stops the run, what to do about it, and the exit code that it ends in."""

    code: str
    why: str
    remedy: str
    status: Exit = Exit.INPUT


_ALL: Final = (
    # The call
    Problem(
        "format-unknown",
        "The format that was asked for is none of those that the command writes.",
        "Take one of the formats that the message lists.",
        Exit.USAGE,
    ),
    Problem(
        "output-format-unknown",
        "The format that was asked for is none of those that this report has.",
        "Take one of the formats that the message lists.",
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
        "output-unwritable",
        "A result is written whole, beside its target and then moved there; that failed, so nothing was written.",
        "Name a file in a folder that exists, that you may write to, and that has room.",
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
    # Specs
    Problem(
        "spec-not-found",
        "There is no file, URL or git object where the spec should be.",
        "Check the path from the working directory; a git revision is written `REV:PATH`.",
    ),
    Problem(
        "spec-is-folder", "A spec is one entry file, which may refer to others; this is a folder.", "Name its file."
    ),
    Problem(
        "spec-unreadable",
        "The file is there, and the system refused to hand it over.",
        "Check its permissions, and that its name is spelled as the system spells it.",
    ),
    Problem(
        "spec-empty", "An empty file holds no API, and no difference to anything.", "Give the file that holds the spec."
    ),
    Problem(
        "spec-not-text",
        "A spec is JSON or YAML in UTF-8, UTF-16 or UTF-32; these bytes are none of them.",
        "Unpack it if it is packed, and save it as UTF-8.",
    ),
    Problem(
        "spec-not-plain",
        "A spec given as a Python value may hold only what JSON can: mappings, lists, text, finite numbers, "
        "booleans and None.",
        "Convert the rest first, for example dates to text.",
    ),
    Problem(
        "spec-not-recognised",
        "The document could be read, and has neither `openapi` nor `swagger` with a version at its top.",
        "Give the entry file of the spec, and not one of the files that it refers to.",
    ),
    Problem(
        "spec-version-unsupported",
        "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are compared; others may mean other things by the same words.",
        "Convert the spec to one of them.",
    ),
    Problem(
        "spec-too-large",
        "Limits on size keep a mistaken or hostile file from taking all memory; honest specs are far below them.",
        "Check that this is the right file; split the spec if it is.",
    ),
    Problem(
        "spec-too-deep",
        "Limits on nesting keep a hostile file from exhausting the stack; honest specs are far below them.",
        "Move inner schemas to the components, and refer to them.",
    ),
    Problem(
        "json-invalid",
        "The file starts as JSON, and breaks the grammar of JSON at the place that the message names.",
        "Mend it there: a missing comma, quote or bracket often lies just before.",
    ),
    Problem(
        "yaml-invalid",
        "The file is no YAML 1.2 at the place that the message names.",
        "Mend it there: indentation by tabs, and colons in unquoted text, are the usual reasons.",
    ),
    Problem(
        "reference-unresolved",
        "A `$ref` names a part of a document that is not there. What it stands for is unknown, and any verdict on it "
        "would be a guess.",
        "Add what it names, or correct the reference.",
    ),
    Problem(
        "reference-circular",
        "A `$ref` leads to a `$ref` that leads back to it, without a schema anywhere between. Schemas may contain "
        "themselves; this circle contains nothing.",
        "Point one of the references of the circle at a schema.",
    ),
    Problem(
        "reference-not-found",
        "A `$ref` names a file that is not there.",
        "The path counts from the file that holds the reference: correct it, or add the file.",
    ),
    Problem(
        "reference-outside",
        "A `$ref` leads to a URL, or out of the spec's own folder. A spec from a stranger could read any file, or call "
        "any server, from your machine.",
        "Copy what it names beside the spec, or allow it with `--allow-ref`.",
    ),
    Problem(
        "revision-unknown",
        "There is no commit, branch or tag of that name. A shallow clone, as CI makes it, lacks most of them.",
        "Check the name; in CI, fetch it first: `git fetch --depth=1 origin REV`.",
    ),
    Problem(
        "revision-path-unknown",
        "The revision is known, and holds no such file.",
        "The path counts from the top of the repository; `REV:./api.yaml` counts from the working directory.",
    ),
    Problem(
        "git-failed",
        "Reading a revision needs git, which is missing or did not answer.",
        "Install git, or give the spec as a path.",
        Exit.OUTSIDE,
    ),
    Problem(
        "url-failed",
        "The server could not be reached, or did not answer with a spec.",
        "Try the URL in a browser; behind a login or a proxy, download the file and give its path.",
        Exit.OUTSIDE,
    ),
    Problem(
        "url-refused",
        "Only http and https are followed, and never to another place than the one that was named.",
        "Download the file and give its path.",
        Exit.OUTSIDE,
    ),
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
        "usage-too-large",
        "What the logs ask for does not fit into the memory of this machine. Nothing was left out to make it fit.",
        "Read the logs in parts, as Parquet, or where they lie (`--engine`).",
    ),
    Problem(
        "usage-log-empty",
        "A log without a row that can be read says nothing about anybody. That nobody called would be a guess.",
        "Check that it is the right log, in a format that is known or mapped under `columns` in apidiff.yaml.",
    ),
    Problem(
        "usage-format-unknown",
        "The first lines are in none of the formats that are recognised.",
        "Name it with `--log-format`, or map its columns under `columns` in apidiff.yaml.",
    ),
    Problem(
        "usage-column-missing",
        "Without its time, method, path, status or key, a row can't be tied to an operation and an integrator.",
        "Map the column under `columns` in apidiff.yaml, or have the gateway log it.",
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
    # Documents
    Problem(
        "template-missing",
        "A template includes or extends another one that is neither in your folder nor among ours.",
        "Correct the name; templates may include only those of apidiff and of `--template-dir`.",
    ),
    Problem(
        "template-broken",
        "A template of yours can't be filled. Nothing was written.",
        "Compare it with the one that apidiff ships, at the line that the message names.",
    ),
    Problem(
        "template-dir-missing",
        "`--template-dir` names a folder whose templates take the place of ours, and it is not there.",
        "Give a folder with copies of the templates to change.",
        Exit.USAGE,
    ),
    Problem(
        "template-unknown",
        "Your folder holds a template that no document is made from, so it would be ignored in silence.",
        "Name it as the one that it replaces; a file that others include starts with an underscore.",
        Exit.USAGE,
    ),
    Problem(
        "header-value-unsafe",
        "A value for an HTTP header holds a line end or a character outside ASCII, and could bring in another header.",
        "Write URLs percent-encoded, and keep line ends out of the texts of the policy.",
    ),
    Problem(
        "outreach-unreadable",
        "A new run keeps what people wrote into outreach.csv, and would lose it where the file can't be read.",
        "Mend the file, or move it out of the plan folder.",
    ),
)

PROBLEMS: Final[Mapping[str, Problem]] = {problem.code: problem for problem in _ALL}
"""Every error code, in the order of the work."""
