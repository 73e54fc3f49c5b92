"""A small scenario for the command line: two versions of a spec, a week of logs and two accounts."""

import json
from pathlib import Path
from typing import Any

import yaml

BASE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1.0.0"},
    "paths": {
        "/pets": {"get": {"operationId": "listPets", "responses": {"200": {"description": "All pets."}}}},
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "getPet",
                "responses": {
                    "200": {
                        "description": "One pet.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    }
                },
            },
        },
    },
    "components": {
        "schemas": {
            "Pet": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}},
        }
    },
}
REVISION: dict[str, Any] = json.loads(json.dumps(BASE))
del REVISION["paths"]["/pets"]
del REVISION["components"]["schemas"]["Pet"]["properties"]["age"]
REVISION["info"]["version"] = "2.0.0"

KEYS = {"pk_live_4f1c88aa02d7": "acme", "pk_live_99b3e0cc51f2": "globex"}
INTEGRATORS = "api_key,integrator,name,contact,owner,revenue\n" + "".join(
    f"{key},{name},{name.title()},dev@{name}.example,Owner of {name},{revenue}\n"
    for (key, name), revenue in zip(KEYS.items(), (120_000, 8_000), strict=True)
)


def log_row(day: int, key: str, path: str = "/pets", status: int = 200) -> dict[str, Any]:
    """One request of a day of March 2026, at noon."""
    return {
        "time": f"2026-03-{day:02d}T12:00:00Z", "method": "GET", "path": path, "status": status, "api_key": key,
        "user_agent": "python-requests/2.31.0",
    }  # fmt: skip


ROWS = [log_row(day, key, path) for day in range(1, 8) for key in KEYS for path in ("/pets", f"/pets/{day}")]


def as_jsonl(rows: list[dict[str, Any]]) -> str:
    """The rows as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def write(folder: Path) -> dict[str, Path]:
    """Write the whole scenario and give its files by role."""
    files = {
        "base": (folder / "base.yaml", yaml.safe_dump(BASE, sort_keys=False)),
        "revision": (folder / "revision.yaml", yaml.safe_dump(REVISION, sort_keys=False)),
        "usage": (folder / "usage.jsonl", as_jsonl(ROWS)),
        "integrators": (folder / "integrators.csv", INTEGRATORS),
    }
    for path, text in files.values():
        path.write_text(text, encoding="utf-8")
    return {role: path for role, (path, _) in files.items()}


def plan_arguments(files: dict[str, Path], out: Path) -> list[object]:
    """The command line of `plan` over the scenario."""
    return [
        "plan", files["base"], files["revision"], "--usage", files["usage"], "--integrators", files["integrators"],
        "--out", out, "--today", "2026-03-09",
    ]  # fmt: skip


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder with its content, and every folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }
