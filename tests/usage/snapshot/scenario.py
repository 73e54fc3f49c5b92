"""A spec whose parameters are of all kinds, and a log in which accounts use them in all the ways that clients do."""

import copy
import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

Spec = dict[str, Any]
TODAY = date(2026, 4, 2)
FIRST = date(2026, 1, 2)
DAYS = 90
KEYS = {f"live_key_{name}_8c1f20ab44": name for name in ("amber", "birch", "cedar", "dogwood", "elm", "fir", "gum")}
ACCOUNTS = "api_key,integrator,name,contact,revenue,excluded\n" + "".join(
    f"{key},{name},{name.title()} Ltd,d@{name}.example,{1_500 * 7**place % 90_000},{'test' if name == 'gum' else ''}\n"
    for place, (key, name) in enumerate(KEYS.items())
)


def parameter(name: str, schema: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


def operation(*parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
    return {
        "parameters": list(parameters),
        "responses": {"200": {"description": "Orders.", "content": content}},
        **more,
    }


BASE: Spec = {
    "openapi": "3.0.3",
    "info": {"title": "Orders", "version": "1.0.0"},
    "paths": {
        "/orders": {
            "get": operation(
                parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000}),
                parameter("price", {"type": "number", "maximum": 5_000_000}),
                parameter("state", {"type": "string", "enum": ["open", "paid", "sent off", "gone"]}),
                parameter("with", {"type": "array", "items": {"type": "string", "enum": ["lines", "buyer", "notes"]}}),
                parameter("text", {"type": "string"}),
                parameter("made", {"type": "object", "properties": {"gte": {"type": "integer"}}}, style="deepObject"),
            ),
            "post": operation(
                requestBody={
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
                }
            ),
        },
        "/orders/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": operation(
                parameter("text", {"type": "string"}),
                parameter("fields", {"type": "array", "items": {"type": "string"}}, explode=False),
            ),
        },
    },
    "components": {
        "schemas": {
            "Order": {
                "type": "object",
                "properties": {"note": {"type": "string"}, "buyer": {"$ref": "#/components/schemas/Buyer"}},
            },
            "Buyer": {"type": "object", "properties": {"name": {"type": "string"}, "mail": {"type": "string"}}},
        }
    },
}
LIST = ("paths", "/orders", "get")


def at(spec: Spec, *path: Any) -> Any:
    for part in path:
        spec = spec[part]
    return spec


def _set(path: tuple[Any, ...], name: str, value: Any) -> Callable[[Spec], None]:
    def edit(spec: Spec) -> None:
        at(spec, *path)[name] = value

    return edit


def _drop(path: tuple[Any, ...], name: Any) -> Callable[[Spec], None]:
    def edit(spec: Spec) -> None:
        del at(spec, *path)[name]

    return edit


def _add(name: str, *, required: bool) -> Callable[[Spec], None]:
    def edit(spec: Spec) -> None:
        at(spec, *LIST, "parameters").append(parameter(name, {"type": "string"}, required=required))

    return edit


PARAMETERS = (*LIST, "parameters")
ORDER = ("components", "schemas", "Order")
EDITS: dict[str, Callable[[Spec], None]] = {
    "a smaller maximum": _set((*PARAMETERS, 0, "schema"), "maximum", 100),
    "an odd maximum": _set((*PARAMETERS, 0, "schema"), "maximum", 137),
    "a larger minimum": _set((*PARAMETERS, 0, "schema"), "minimum", 20),
    "a maximum of millions": _set((*PARAMETERS, 1, "schema"), "maximum", 1_000_000),
    "an odd maximum of thousands": _set((*PARAMETERS, 1, "schema"), "maximum", 12_345),
    "a listed value gone": _set((*PARAMETERS, 2, "schema"), "enum", ["open", "sent off", "gone"]),
    "a value with a space gone": _set((*PARAMETERS, 2, "schema"), "enum", ["open", "paid", "gone"]),
    "a value of a list gone": _set((*PARAMETERS, 3, "schema", "items"), "enum", ["lines", "notes"]),
    "a free text with a pattern": _set((*PARAMETERS, 4, "schema"), "pattern", "^[a-z]+$"),
    "a listed parameter gone": _drop(PARAMETERS, 3),
    "a deep object gone": _drop(PARAMETERS, 5),
    "a text gone": _drop(PARAMETERS, 4),
    "a parameter that is needed": _set((*PARAMETERS, 2), "required", True),
    "a new parameter that is needed": _add("region", required=True),
    "a new one that some send already": _add("trace", required=True),
    "a new one that one account sends already": _add("rare", required=True),
    "an operation gone": _drop(("paths", "/orders/{id}"), "get"),
    "a path gone": _drop(("paths",), "/orders/{id}"),
    "a body that is needed": _set(("paths", "/orders", "post", "requestBody"), "required", True),
    "a body gone": _drop(("paths", "/orders", "post"), "requestBody"),
    "a field gone": _drop((*ORDER, "properties"), "note"),
    "a field inside gone": _drop(("components", "schemas", "Buyer", "properties"), "mail"),
    "a field that is needed": _set(ORDER, "required", ["note"]),
    "a new field that is needed": lambda spec: at(spec, *ORDER).update(
        required=["tag"], properties=at(spec, *ORDER)["properties"] | {"tag": {"type": "string"}}
    ),
}
"""What a later revision may change, each by a name."""


def revision(edit: str) -> Spec:
    spec = copy.deepcopy(BASE)
    EDITS[edit](spec)
    spec["info"]["version"] = "2.0.0"
    return spec


def _query(draw: random.Random, name: str) -> str:
    """A query string as clients write them."""
    small, large = draw.choice([1, 10, 20, 99, 100, 101, 137, 138, 500, 1000]), draw.randrange(1, 4_000_000)
    state = draw.choice(["open", "paid", "sent+off", "sent%20off", "gone", "PAID"])
    parts = [
        *draw.choices(["", f"limit={small}", f"limit=0{small}", f"limit%5B%5D={small}"], [4, 4, 1, 1]),
        *draw.choices(["", f"price={large}", f"price={large}.75", f"price=-{small}"], [5, 3, 1, 1]),
        *draw.choices(["", f"state={state}"], [2, 1]),
        *draw.choices(["", "with=lines,notes", "with[]=buyer&with[]=lines", "with=buyer"], [6, 2, 1, 1]),
        *draw.choices(["", f"text={quote(draw.choice(['a secret', 'j@b.example', 'x']))}"], [4, 1]),
        *draw.choices(["", f"made[gte]={large}", f"made%5Bgte%5D={large}"], [4, 1, 1]),
        *draw.choices(["", "trace=1"], [3, 1]),
        *draw.choices(["", "fields=note,buyer"], [2, name in ("amber", "elm")]),
        *(["rare=1"] if name == "elm" and draw.random() < 0.5 else []),
    ]
    draw.shuffle(parts)
    return "&".join(part for part in parts if part)


def rows(seed: int = 1) -> list[dict[str, Any]]:
    """The log: each account has its ways, some call no more, some fail, and some only read."""
    draw = random.Random(seed)
    found = []
    for day in range(DAYS):
        for key, name in KEYS.items():
            if name == "birch" and day > 40:
                continue  # it has gone, and nobody knows whether it will come back
            for _ in range(draw.choice([0, 1, 2])):
                method, path = draw.choice(
                    [("GET", "/orders"), ("GET", "/orders"), ("GET", "/orders/7"), ("POST", "/orders")]
                )
                query = _query(draw, name) if method == "GET" and name != "fir" else ""
                body = draw.choice(["note,buyer.name", "buyer,buyer.mail", ""]) if method == "POST" else ""
                moment = f"{FIRST + timedelta(days=day)}T{draw.randrange(24):02d}:{draw.randrange(60):02d}:00Z"
                found.append(
                    {
                        "time": moment, "method": method, "path": path, "query": query, "api_key": key,
                        "status": 400 if name == "cedar" else draw.choice([200, 200, 200, 404]),
                        "request_fields": body,
                        "response_fields": draw.choice(["note buyer buyer.mail", "buyer.name", ""]),
                    }
                )  # fmt: skip
    return found


def write(folder: Path, seed: int = 1) -> dict[str, Path]:
    """The scenario's files by name."""
    files = {"base": folder / "base.json", "usage": folder / "usage.jsonl", "integrators": folder / "accounts.csv"}
    files["base"].write_text(json.dumps(BASE), encoding="utf-8")
    files["usage"].write_text("".join(json.dumps(row) + "\n" for row in rows(seed)), encoding="utf-8")
    files["integrators"].write_text(ACCOUNTS, encoding="utf-8")
    return files
