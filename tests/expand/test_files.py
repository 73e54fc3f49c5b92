"""Specs of several files: what is kept stands in the file in which it stood, and the folder is a spec of its own."""

import difflib
from pathlib import Path

import pytest

from apidiff.comparison.compare import Judgement
from apidiff.jobs.expand import Expanded, Request, expand, folder_name
from tests.expand.proving import TODAY, breaks

Files = dict[str, str]

OK = "responses:\n  '200': {description: OK}\n"
BODY = "requestBody:\n  content:\n    application/json:\n      schema: {$ref: ../models/order.yaml}\n"
LIMIT = "parameters:\n  - $ref: ../parts/parameters.yaml#/limit\n"
LATER = "    '202':\n      $ref: \"../parts/later.yaml\"\n"
LIST = "    get:\n      $ref: ./operations/list-orders.yaml\n"
NAME = "  name:\n    type: string\n"
USERS, OLD = (f"  {path}:\n    $ref: paths/users.yaml\n" for path in ("/users", "/old/users"))
BASE: Files = {
    "api.yaml": "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n"
    + USERS
    + OLD
    + f"  /orders:\n{LIST}    post:\n      $ref: operations/create-order.yaml\n",
    "paths/users.yaml": """\
parameters:
  - $ref: ../parts/parameters.yaml#/limit

# who there is
get:
  operationId: listUsers
  responses:
    '200':
      $ref: "../parts/responses.yaml#/Users"
"""
    + LATER,
    "operations/list-orders.yaml": f"operationId: listOrders\n{LIMIT}{OK}",
    "operations/create-order.yaml": f"operationId: createOrder\n{BODY}{OK}",
    "models/order.yaml": "type: object\nproperties:\n  by: {$ref: user.yaml}\n",
    "models/user.yaml": f"# a user\ntype: object\nproperties:\n  id: {{type: string}}\n{NAME}",
    "parts/parameters.yaml": "limit:\n  name: limit\n  in: query\n  schema: {$ref: number.yaml}\n",
    "parts/number.yaml": "type: integer\n",
    "parts/responses.yaml": """\
Users:
  description: Users
  content:
    application/json:
      schema:
        type: array
        items: {$ref: ../models/user.yaml}
""",
    "parts/later.yaml": "description: Not yet\n",
}


def without(name: str, text: str, *gone: str) -> Files:
    """The base without a text in one file, and without other files."""
    assert text in BASE[name]
    return {one: held for one, held in BASE.items() if one not in gone} | {name: BASE[name].replace(text, "")}


def marked(indent: str = "", flag: str = "deprecated") -> str:
    """What says of a thing that it goes, whichever change it is for."""
    return f"{indent}description: Deprecated.\n{indent}{flag}: true\n{indent}x-apidiff-change: CHANGE\n"


CASES: dict[str, tuple[Files, int, Files]] = {
    "an operation in a file of its own": (
        without("api.yaml", LIST, "operations/list-orders.yaml"),
        1,
        {"api.yaml": LIST, "operations/list-orders.yaml": BASE["operations/list-orders.yaml"] + marked()},
    ),
    "an operation whose file was left there": (
        without("api.yaml", LIST),
        1,
        {"api.yaml": LIST, "operations/list-orders.yaml": marked()},
    ),
    "a path in a file of its own, listed twice": (
        without("api.yaml", USERS + OLD, "paths/users.yaml", "parts/responses.yaml", "parts/later.yaml"),
        1,
        {
            "api.yaml": USERS + OLD,
            "paths/users.yaml": BASE["paths/users.yaml"] + marked("  "),
            "parts/responses.yaml": BASE["parts/responses.yaml"],
            "parts/later.yaml": BASE["parts/later.yaml"],
        },
    ),
    "one of two paths that share a file": (
        without("api.yaml", OLD),
        1,
        {
            "api.yaml": OLD.replace("users.yaml", "usersBefore.yaml"),
            "paths/usersBefore.yaml": BASE["paths/users.yaml"].replace("listUsers", "listUsersDeprecated")
            + marked("  "),
        },
    ),
    "a parameter in a file": (
        without("operations/list-orders.yaml", LIMIT),
        1,
        {
            "operations/list-orders.yaml": "parameters:\n  - name: limit\n    in: query\n"
            "    schema:\n      $ref: ../parts/number.yaml\n" + marked("    ")
        },
    ),
    "a response in a file of its own": (
        without("paths/users.yaml", LATER, "parts/later.yaml"),
        1,
        {"paths/users.yaml": LATER, "parts/later.yaml": BASE["parts/later.yaml"]},
    ),
    "a property of a schema in a file": (
        without("models/user.yaml", NAME),
        1,
        {"models/user.yaml": NAME + marked("    ")},
    ),
    "a body whose schema had a file of its own": (
        without("operations/create-order.yaml", BODY, "models/order.yaml"),
        1,
        {"operations/create-order.yaml": BODY, "models/order.yaml": BASE["models/order.yaml"]},
    ),
}


def put(folder: Path, files: Files) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder / "api.yaml"


def written(made: Expanded) -> Files:
    return {folder_name(name, made.revision.entry).as_posix(): text.decode() for name, text in made.files.items()}


@pytest.mark.parametrize(("revision", "number", "expected"), CASES.values(), ids=CASES)
def test_what_went_comes_back_where_it_was(revision: Files, number: int, expected: Files, tmp_path: Path) -> None:
    """Every file is as it was, but for the lines that come in; the folder is what the proof says of it."""
    old, new = put(tmp_path / "old", BASE), put(tmp_path / "new", revision)
    made = expand(Request(base=str(old), revision=str(new), how=Judgement(today=TODAY), decisions={}))
    assert (len(made.expansion.undone), made.expansion.left) == (number, ())
    files = written(made)
    out = put(tmp_path / "out", revision | files)
    assert breaks(str(old), str(out)) == breaks(str(new), str(out)) == []
    change = made.expansion.undone[0].id
    added: Files = {}
    for name, text in files.items():
        ends = revision.get(name, ""), text.replace(change, "CHANGE")
        lines = list(difflib.ndiff(*(one.splitlines(keepends=True) for one in ends)))
        assert [line for line in lines if line[0] == "-"] == []
        added[name] = "".join(line[2:] for line in lines if line[0] == "+")
    assert {name: text for name, text in added.items() if text} == expected
