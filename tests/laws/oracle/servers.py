"""What lists of servers offer, taken apart with the standard library's own URL tools: an oracle of addresses."""

import re
from itertools import product
from posixpath import normpath
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from apidiff.words.pointer import Pointer
from tests.laws.oracle.schemas import Place, listed, mapping

ANY: Final = "any"
"""Stands in an address for a variable that is free; no generated address has the word."""
PORTS: Final = {"http": 80, "https": 443}


def names(server: dict[str, Any]) -> list[str]:
    """The variables of a server's URL, in their order."""
    return list(dict.fromkeys(re.findall(r"{(.*?)}", server["url"])))


def values(server: dict[str, Any], name: str) -> list[str]:
    """What a variable may be."""
    variable = mapping(mapping(server.get("variables")).get(name))
    few = [str(value) for value in listed(variable.get("enum"))]
    return list(dict.fromkeys([*few, str(variable["default"])])) if few and "default" in variable else few or [ANY]


def offered(server: dict[str, Any]) -> set[str]:
    """Every address of a server."""
    return {
        address(filled(server, dict(zip(names(server), few, strict=True))))
        for few in product(*(values(server, name) for name in names(server)))
    }


def filled(server: dict[str, Any], chosen: dict[str, str]) -> str:
    """A server's URL with its variables at some values."""
    url = str(server["url"])
    for name, value in chosen.items():
        url = url.replace(f"{{{name}}}", value)
    return url


def shape(server: dict[str, Any]) -> str:
    """A server's URL with its choices left open."""
    few = {name: values(server, name) for name in names(server)}
    return address(filled(server, {name: one[0] if len(one) == 1 else ANY for name, one in few.items()}))


def by_default(server: dict[str, Any]) -> str:
    """The address where nobody chooses."""
    variables = mapping(server.get("variables"))
    return address(filled(server, {name: str(mapping(one).get("default", "")) for name, one in variables.items()}))


def address(url: str) -> str:
    """A URL as all its equals are written."""
    parts = urlsplit(url)
    host, port = (parts.hostname or ""), parts.port
    path = quote(unquote(parts.path), safe="/~{}=,;:@!$&'()*+.")
    path = normpath(path) if path.startswith("/") else path
    where = f"//{host}" + (f":{port}" if port and port != PORTS.get(parts.scheme) else "") if parts.netloc else ""
    return f"{parts.scheme}:{where}{path}".removeprefix(":").rstrip("/")


def holds(addresses: set[str], one: str) -> bool:
    """Whether an address is among those offered, by itself, by a free variable, or wherever the document is."""
    if one in addresses:
        return True
    if any(re.fullmatch(re.escape(other).replace(ANY, ".*"), one) for other in addresses if ANY in other):
        return True
    ends = {(urlsplit(other).scheme, urlsplit(other).netloc, urlsplit(other).path) for other in addresses}
    scheme, host, path = urlsplit(one)[:3]
    if not scheme and not host:
        return path[:1] != "." and any(netloc and path == other for _, netloc, other in ends)
    if not scheme:
        return bool({("http", host, path), ("https", host, path)} & ends)
    return scheme in PORTS and ("", host, path) in ends


def matched(base: list[Place], revision: list[Place]) -> tuple[list[tuple[Place, Place]], list[Place], list[Place]]:
    """The servers that are each other's, and those that are not."""
    gone, come, pairs = list(base), list(revision), []
    for key in (by_default, shape):
        for one in list(gone):
            for two in come:
                if key(one[0]) == key(two[0]):
                    pairs.append((one, two))
                    gone.remove(one)
                    come.remove(two)
                    break
    return pairs, gone, come


NOWHERE: Final = Pointer("", ("nowhere",))
ROOT: Final[Place] = ({"url": "/"}, NOWHERE)
"""The server of a spec that names none."""
