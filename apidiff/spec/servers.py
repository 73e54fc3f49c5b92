"""The addresses at which a spec says that its API answers: each server's URL with its variables, as a set.

Two URLs are one address where RFC 3986, 6.2 says so (letter case of scheme and host, default ports, escapes, dots in a
path) and a last slash counts for nothing, for paths are put behind it. A variable that is free stands as a hole that
any text fills.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, Final
from urllib.parse import unquote

from apidiff.load.resolve import Side
from apidiff.schema import Place
from apidiff.spec.text import mapping_of, server_url, text_of, url_path
from apidiff.words.pointer import Pointer

HOLE: Final = "\ue000"
MOST: Final = 256
"""The most addresses that a server is taken apart into; beyond it, its variables count as free."""
MOST_OF_ALL: Final = 8_192
"""The most that those of a list are taken apart into together."""
MOST_WIDE: Final = 64
"""The addresses with variables that may be anything for which every other address is looked through."""
MOST_PATHS: Final = 20
"""The most paths that a server is taken to have; beyond it, its variables count as free."""
PARTS: Final = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(.*)", re.DOTALL)
"""RFC 3986, appendix B."""
ESCAPE: Final = re.compile("%[0-9A-Fa-f]{2}")
NAME: Final = re.compile(r"{([^{}]*)}")
PORTS: Final = {"http": ":80", "https": ":443", "ws": ":80", "wss": ":443"}
WEB: Final = frozenset({"http", "https"})
PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True)
class Server:
    """One server: its URL as it is written, and where it stands."""

    node: dict[str, Any]
    place: Place | None
    """None for the server that goes without saying."""
    most: int = MOST
    """So many addresses it is taken apart into."""

    @cached_property
    def url(self) -> str:
        """Its URL with its variables at their defaults."""
        return server_url(self.node)

    @cached_property
    def template(self) -> str:
        """Its URL as it is written."""
        return str(self.node["url"])

    @cached_property
    def default(self) -> str:
        """The address that it has where nobody chooses."""
        return normal(self.url)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables in its URL, in their order."""
        return tuple(dict.fromkeys(NAME.findall(self.template)))

    def values(self, name: str) -> tuple[str, ...] | None:
        """What a variable may be, None where that is anything."""
        variable = mapping_of(self.node, "variables").get(name)
        if not isinstance(variable, dict) or not isinstance(listed := variable.get("enum"), list) or not listed:
            return None
        default = [variable["default"]] if "default" in variable else []
        return tuple(dict.fromkeys(map(str, (*listed, *default))))

    @cached_property
    def shape(self) -> str:
        """Its URL with a hole for each variable that leaves a choice, whatever it is called."""
        if not self.variables:
            return self.default
        values = {name: self.values(name) or () for name in self.variables}
        return normal(self._filled({name: few[0] if len(few) == 1 else HOLE for name, few in values.items()}))

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Every address that it offers."""
        return frozenset(self._taken_apart({}) if self.variables else (self.default,))

    def written(self, address: str) -> str:
        """One of its addresses as people read it: a variable that is free in it stands there by its name."""
        parts = address.split(HOLE)
        names = [name for name in NAME.findall(self.template) if len(self.values(name) or ()) != 1]
        if len(names) != len(parts) - 1:  # some have a value in this one: those left are the free ones
            names = [name for name in names if self.values(name) is None]
        return "".join(part + name for part, name in zip(parts, (*(f"{{{name}}}" for name in names), ""), strict=False))

    @property
    def paths(self) -> frozenset[str]:
        """The paths of its addresses, with `{variable}` where a variable may be anything, or very many things."""
        paths = {_path_alone(address) for address in self.addresses}
        return frozenset(paths if len(paths) <= MOST_PATHS else {_path_alone(self.shape)})

    def addresses_with(self, name: str, value: str | None) -> frozenset[str]:
        """Those with a variable at one value; None stands for any."""
        return frozenset(self._taken_apart({name: (HOLE if value is None else value,)}))

    def _taken_apart(self, fixed: dict[str, tuple[str, ...]]) -> Iterator[str]:
        choices = [fixed.get(name) or self.values(name) or (HOLE,) for name in self.variables]
        count = 1
        for values in choices:
            count *= len(values)
        if count > self.most:
            choices = [values if len(values) == 1 else (HOLE,) for values in choices]
        for chosen in product(*choices):
            yield normal(self._filled(dict(zip(self.variables, chosen, strict=True))))

    def _filled(self, values: dict[str, str]) -> str:
        return NAME.sub(lambda found: values[found[1]], self.template)


ROOT: Final = Server({"url": "/"}, None)
"""The server of a spec that names none (OpenAPI 3.1, 4.8.1.1; Swagger 2.0, `basePath`)."""


def servers_of(places: Iterable[Place]) -> tuple[Server, ...]:
    """The servers that stand at some places, else the one that goes without saying."""
    places = list(places)
    most = min(MOST, max(1, MOST_OF_ALL // max(1, len(places))))
    return tuple(Server(node, (node, at), most) for node, at in places) or (ROOT,)


def normal(url: str) -> str:
    """A URL in the form that all of its equals have (RFC 3986, 6.2.2 and 6.2.3), without a last slash."""
    found = PARTS.fullmatch(url.strip())
    scheme, authority, path, rest = found.groups() if found else (None, None, url, "")
    text = ""
    if scheme is not None:
        scheme = scheme.lower()
        text = f"{scheme}:"
    if authority is not None:
        user, at, host = authority.rpartition("@")
        text += f"//{user}{at}{host.lower().removesuffix(PORTS.get(scheme or '', ':')).removesuffix(':')}"
    return text + _path(path) + rest


def _path_alone(address: str) -> str:
    return url_path(address.replace(HOLE, "{variable}"))


def _path(path: str) -> str:
    """A path with its escapes as short as may be, without dots, and without a last slash."""
    path = ESCAPE.sub(lambda found: text if (text := unquote(found[0])) in PLAIN else found[0].upper(), path)
    if path.startswith("/") and "/." in path:
        kept: list[str] = []
        for part in path.split("/"):
            if part == "..":
                kept = kept[:-1] or [""]
            elif part != ".":
                kept.append(part)
        path = "/".join(kept)
    return path.rstrip("/")


class Addresses:
    """The addresses that a list of servers offers."""

    def __init__(self, servers: Iterable[Server]) -> None:
        self.all = frozenset(address for server in servers for address in server.addresses)
        wide = [address for address in self.all if HOLE in address]
        self._wide = [
            re.compile(".*".join(map(re.escape, address.split(HOLE))), re.DOTALL)
            for address in sorted(wide)[:MOST_WIDE]
        ]
        parts = [_parts(address) for address in self.all]
        self.hosts = {(scheme, host) for scheme, host, _ in parts}
        """Where they are, whatever their paths."""
        self._paths = {path for _, host, path in parts if host is not None}
        self._of_web = {(host, path) for scheme, host, path in parts if scheme in WEB}
        self._of_any_scheme = {(host, path) for scheme, host, path in parts if scheme is None}

    def __sub__(self, other: "Addresses") -> frozenset[str]:
        """Those that the other list does not offer."""
        return frozenset(address for address in self.all if address not in other)

    def __contains__(self, address: str) -> bool:
        if address in self.all or any(wide.fullmatch(address) for wide in self._wide):
            return True
        scheme, host, path = _parts(address)
        if scheme is None and host is None:  # it is where the document is, and so may any host be
            return path[:1] in ("", "/") and path in self._paths
        if scheme is None:
            return (host, path) in self._of_web
        return scheme in WEB and (host, path) in self._of_any_scheme


def _parts(address: str) -> tuple[str | None, str | None, str]:
    """Scheme, host, and path with what follows it."""
    found = PARTS.fullmatch(address)
    scheme, host, path, rest = found.groups() if found else (None, None, address, "")
    return scheme, host, f"{path}{rest}"


def addresses_of(side: Side, holder: dict[str, Any], pointer: Pointer) -> tuple[Place, ...]:
    """The servers that host, base path and schemes are (Swagger 2.0); an operation only has schemes of its own."""
    root = side.root
    if not (holder is root and ("host" in root or "basePath" in root)) and "schemes" not in holder:
        return ()
    host, path, schemes = text_of(root, "host"), text_of(root, "basePath"), holder.get("schemes")
    at = Pointer("", ("basePath" if "basePath" in root else "host",))
    if not host:
        urls = [(path or "/", at)] if holder is root and path else []
    elif isinstance(schemes, list) and schemes:
        where = [pointer.child("schemes", index) for index in range(len(schemes))] if len(schemes) > 1 else [at]
        urls = [(f"{scheme}://{host}{path}", place) for scheme, place in zip(schemes, where, strict=True)]
    else:
        urls = [(f"//{host}{path}", at)]
    found = []
    for index, (url, place) in enumerate(urls):
        made = side.make(("server", id(holder), index), {"url": url}, [])
        found.append((made, place))
    return tuple(found)
