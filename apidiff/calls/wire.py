"""Writes the values of parameters as their style says (OpenAPI 3.1, 4.8.12.3; Swagger 2.0, collectionFormat)."""

import json
from typing import Any, Final
from urllib.parse import quote

from apidiff.calls.value import flat, plain
from apidiff.spec import Parameter

_BETWEEN: Final = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}


def pairs(parameter: Parameter, value: Any) -> tuple[tuple[str, str], ...]:
    """A query, header or cookie parameter as name and text, once or, where its items are sent one by one, often."""
    style, explode, _ = parameter.serialization
    name = parameter.name
    if parameter.content is not None:
        return ((name, value if isinstance(value, str) else json.dumps(value)),)
    if isinstance(value, list):
        if explode and style in ("form", "cookie"):
            return tuple((name, plain(one)) for one in value)
        if style == "deepObject":
            return tuple(flat(name, value))
        return ((name, _BETWEEN.get(style, ",").join(map(plain, value))),)
    if isinstance(value, dict):
        if style == "deepObject":
            return tuple(flat(name, value))
        if explode and style == "form":
            return tuple((key, plain(one)) for key, one in value.items())
        return ((name, _object(value, explode=explode)),)
    return ((name, plain(value)),)


def in_path(parameter: Parameter, value: Any) -> str:
    """A path parameter as it stands in the path."""
    style, explode, _ = parameter.serialization
    items = value if isinstance(value, list) else [value]
    if isinstance(value, dict):
        text = quote(_object(value, explode=explode), safe=",=")
        return {"label": f".{text}", "matrix": f";{parameter.name}={text}"}.get(style, text)
    texts = [quote(plain(one), safe="") for one in items]
    if style == "label":
        return "".join(f".{text}" for text in texts) if explode else f".{','.join(texts)}"
    if style == "matrix":
        name = parameter.name
        return "".join(f";{name}={text}" for text in texts) if explode else f";{name}={','.join(texts)}"
    return ",".join(texts)


def _object(value: dict[str, Any], *, explode: bool) -> str:
    between = "=" if explode else ","
    return ",".join(f"{key}{between}{plain(one)}" for key, one in value.items())
