"""The pages of engines say what the registry says: `APIDIFF_REWRITE=1 pytest tests/usage/cube/test_engine_pages.py`."""

import os
import tomllib
from urllib.parse import urlsplit

import pytest

from apidiff.usage.cube.engines import ENGINES, EngineEntry, engine_called
from apidiff.usage.cube.statement import DIALECTS
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "engines"
_INDEX = """# Logs in an engine

Where logs outgrow one machine, the plan is made where they lie. Only SELECT is sent, with routes and questions in it as
literals; nothing is written there, and what comes back are counts by key, operation, version, client and day.

```sh
apidiff plan old.yaml new.yaml --engine URL --table NAME --integrators accounts.csv --out plan
apidiff plan old.yaml new.yaml --engine URL --table NAME --out plan --print-sql   # what would be sent, and its cost
```

A plan reads the log three times at most: for the cube with what the changes ask, for failures, and for the successes
after them; once more where callers name fields in query strings, or where slashes that stand twice count for nothing.
It reads no further back than `look_back_days` and a day, by a condition on the time's column as it lies there (none
where a time is in several columns) and on the one that `partition` names. So rows of before are in no count, while
files count all. Rows whose time can't be read are counted, unless they lie in a partition that is not read. Logs that
ended earlier are read once more, from where their own look-back begins. `usage`, `snapshot` and what follows a plan
read the table whole.

Keys come back as they are logged, over the connection that the engine's client makes, and are hashed here.

| engine | URL | install | run in tests |
| --- | --- | --- | --- |
"""


def index() -> str:
    """The page with all of them."""
    rows = [
        f"| [{one.title}]({one.name}.md) | `{one.url}` | `{one.install}` | {one.tested or 'no: only parsed'} |"
        for one in ENGINES
    ]
    return _INDEX + "\n".join(rows) + "\n"


def page(one: EngineEntry) -> str:
    """The page of one."""
    tested = (
        f"Run: {one.tested}." if one.tested else "Its statements are parsed as its own SQL; none has been run on it."
    )
    facts = {
        "Client": one.client,
        "Credentials": one.credentials,
        "Rights": one.rights,
        "Cost": one.cost,
        "Partitions": one.partition,
        "In our tests": tested,
    }
    command = f"{one.install}\napidiff plan old.yaml new.yaml --engine '{one.url}' --table '{one.table}' --out plan"
    lines = "\n".join(f"- **{name}**: {text}" for name, text in facts.items())
    common = "What holds for all of them: [Logs in an engine](index.md)."
    return f"# {one.title}\n\n```sh\n{command}\n```\n\n{lines}\n\n{common}\n"


def test_the_pages_are_fresh() -> None:
    made = {"index.md": index()} | {f"{one.name}.md": page(one) for one in ENGINES}
    if os.environ.get("APIDIFF_REWRITE") == "1":
        FOLDER.mkdir(exist_ok=True)
        for name, text in made.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()} == made


@pytest.mark.parametrize("one", ENGINES, ids=lambda one: one.name)
def test_what_the_registry_says_is_there(one: EngineEntry) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert not one.extra or any(line.startswith(one.client) for line in extras[one.extra])
    assert urlsplit(one.url.split(",")[0]).scheme in one.schemes
    assert all(engine_called(scheme) is one for scheme in one.schemes)


def test_each_dialect_has_its_engine() -> None:
    schemes = {scheme for one in ENGINES for scheme in one.schemes} | {"databricks", "clickhouse"}
    assert set(DIALECTS) <= schemes
