"""Reads texts and mappings out of nodes that may hold anything, and what URLs say."""

from typing import Any
from urllib.parse import urlsplit


def url_path(url: str) -> str:
    """The path of a URL without its last slash; "" where it can't be told."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""


def server_url(server: dict[str, Any]) -> str:
    """A server's URL with its variables at their defaults."""
    url = str(server["url"])
    for name, variable in mapping_of(server, "variables").items():
        if isinstance(variable, dict):
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url


def text_of(node: dict[str, Any], key: str) -> str:
    """The text under a key, "" where there is none."""
    value = node.get(key)
    return value if isinstance(value, str) else ""


def mapping_of(node: Any, key: str) -> dict[str, Any]:
    """The mapping under a key, an empty one where there is none."""
    value = node.get(key) if isinstance(node, dict) else None
    return value if isinstance(value, dict) else {}
