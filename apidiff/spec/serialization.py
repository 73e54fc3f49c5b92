"""How a parameter is written: its style, whether it is exploded, and whether reserved characters stay as they are."""

from typing import Any, Final

from apidiff.load.resolve import Dialect

DEFAULT_STYLE: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
OF_COLLECTIONS: Final = {"ssv": "spaceDelimited", "pipes": "pipeDelimited", "tsv": "tabDelimited"}


def serialization(node: dict[str, Any], location: str, dialect: Dialect) -> tuple[str, bool, bool]:
    """Style, explode and allowReserved, defaults spelled out (OpenAPI 3.1, 4.8.12.2.1); Swagger 2.0 likewise."""
    default = DEFAULT_STYLE.get(location, "form")
    if dialect is Dialect.SWAGGER_2:
        format_ = str(node.get("collectionFormat", "csv"))
        # `csv` in a query is form without explode; it only shows for arrays
        return OF_COLLECTIONS.get(format_, default), format_ == "multi" or node.get("type") != "array", False
    style = str(node.get("style", default))
    is_reserved = node.get("allowReserved") is True and _may_be_reserved(location, style, dialect)
    return style, bool(node.get("explode", style in ("form", "cookie"))), is_reserved


def _may_be_reserved(location: str, style: str, dialect: Dialect) -> bool:
    """Where `allowReserved` counts: what is percent-encoded in 3.2 (4.12.2.3), before that in a query alone."""
    if dialect is Dialect.OPENAPI_32:
        return location in ("query", "path") or (location == "cookie" and style == "form")
    return location == "query"
