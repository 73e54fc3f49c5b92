"""OpenTelemetry's own export (OTLP as JSON, a line an export): its server spans, which lie three levels down.

Spans of other kinds are what the service itself called or did; they are no requests to the API, and are passed over.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

SPAN_FIELDS = ("startTimeUnixNano",)
"""What is taken from a span itself; everything else is an attribute."""

_SERVER = ("2", "SPAN_KIND_SERVER")
_VALUES = ("stringValue", "intValue", "doubleValue", "boolValue")
_PLAIN = ", ".join(f"{name} VARCHAR" for name in _VALUES)
_VALUE = f"STRUCT({_PLAIN}, arrayValue STRUCT(values STRUCT(stringValue VARCHAR)[]))"
_SPAN = f'STRUCT(kind VARCHAR, startTimeUnixNano VARCHAR, attributes STRUCT("key" VARCHAR, "value" {_VALUE})[])'
EXPORT = f"STRUCT(scopeSpans STRUCT(spans {_SPAN}[])[])[]"
"""The type of `resourceSpans`, as DuckDB names it."""


def server_spans(exports: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The server spans of exports: their fields and attributes by name."""
    for export in exports:
        for resource in _objects(export.get("resourceSpans")):
            for scope in _objects(resource.get("scopeSpans")):
                for span in _objects(scope.get("spans")):
                    if str(span.get("kind")) in _SERVER:
                        yield {name: span[name] for name in SPAN_FIELDS if name in span} | dict(_attributes(span))


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _attributes(span: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for attribute in _objects(span.get("attributes")):
        value = attribute.get("value")
        if isinstance(value, dict):
            yield str(attribute.get("key")), next(iter(value.values()), None)


def spans_sql(exports: str) -> str:
    """The server spans of a table of exports, as SQL: `span`, and its attributes as `names` and `texts`.

    A line that is no export stays as a row of nulls.
    """
    texts = ", ".join(f'a."value".{name}' for name in _VALUES)
    return (
        '(SELECT span, list_transform(span.attributes, lambda a: a."key") AS names, '
        f'list_transform(span.attributes, lambda a: coalesce({texts}, a."value".arrayValue.values[1].stringValue)) '
        "AS texts FROM (SELECT unnest(CASE WHEN resourceSpans IS NULL THEN [NULL] ELSE flatten(flatten(list_transform("
        f"resourceSpans, lambda r: list_transform(r.scopeSpans, lambda s: s.spans)))) END) AS span FROM {exports}) "
        f"WHERE span IS NULL OR span.kind IN {_SERVER})"
    )
