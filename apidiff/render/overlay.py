"""Overlays as files: YAML that every tool reads alike, or JSON."""

from collections.abc import Mapping
from typing import Any

import orjson

from apidiff.expand.yaml_text import whole


def encoded(overlay: Mapping[str, Any], *, as_json: bool = False) -> bytes:
    """An overlay as a file."""
    if as_json:
        return orjson.dumps(overlay, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return whole(dict(overlay)).encode()
