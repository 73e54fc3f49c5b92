"""Errors of specs: finding, reading and resolving them."""

from typing import Final

from apidiff.words.errors import Exit
from apidiff.words.problems.problem import Problem

PROBLEMS: Final = (
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
        "history-unreadable",
        "No commit that touched the file holds a spec that can be read.",
        "Check the path, and the newest version by itself with `apidiff diff`.",
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
)
