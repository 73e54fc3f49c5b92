"""Every raw difference of two specs: what stands above and beside the operations, and the components."""

from typing import Any

from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer
from tests.laws.oracle.operations import OperationPairs
from tests.laws.oracle.raw import Difference, same
from tests.laws.oracle.reading import FLOWS, METHODS, prefix_of, template
from tests.laws.oracle.schemas import Place, listed, mapping


class SpecPairs(OperationPairs):
    """Walks two specs."""

    def differences(self) -> list[Difference]:
        """All of them."""
        left, right = self.readings
        self._document()
        self._operations(left.operations, right.operations)
        self._operations(left.webhooks, right.webhooks)
        self._path_items()
        self._root_servers()
        self._schemes()
        self.run()
        self._components()
        self.run()
        self.referred()
        return self.found

    # document ---------------------------------------------------------------------------------------------------------

    def _document(self) -> None:
        left, right = (reading.root for reading in self.readings)
        at = Pointer("", ("info",))
        infos = [mapping(root.get("info")) for root in (left, right)]
        for key in sorted({"version", "contact", "license", "termsOfService"} & (infos[0].keys() | infos[1].keys())):
            self._value(key, "", *[(info[key], at.child(key)) if key in info else None for info in infos])
        self._keys((infos[0], at), (infos[1], at), {"version", "contact", "license", "termsOfService"})
        ends = [
            (root.get("openapi") or root.get("swagger"), Pointer("", ("openapi" if "openapi" in root else "swagger",)))
            for root in (left, right)
        ]
        self._value("dialect", "", ends[0], ends[1])
        for key, facet in (("jsonSchemaDialect", "dialect"), ("$self", "address")):
            self._value(
                facet, key, *[(root[key], Pointer("", (key,))) if key in root else None for root in (left, right)]
            )
        tags = [
            {
                str(tag.get("name")): (tag, Pointer("", ("tags", str(i))))
                for i, tag in enumerate(listed(root.get("tags")))
            }
            for root in (left, right)
        ]
        for name in sorted(tags[0].keys() | tags[1].keys()):
            self._value("tags", name, tags[0].get(name), tags[1].get(name))
        known = {
            *(
                "openapi",
                "swagger",
                "info",
                "paths",
                "webhooks",
                "components",
                "definitions",
                "parameters",
                "responses",
            ),
            *("securityDefinitions", "security", "servers", "host", "basePath", "schemes", "consumes", "produces"),
            *("tags", "jsonSchemaDialect", "$self"),
        }
        self._keys((left, Pointer()), (right, Pointer()), known)
        for holder in ("paths", "webhooks", "components"):
            sides = [mapping(root.get(holder)) for root in (left, right)]
            plain = {key for side in sides for key in side if not key.startswith("x-")}
            self._keys((sides[0], Pointer("", (holder,))), (sides[1], Pointer("", (holder,))), plain)

    def _path_items(self) -> None:
        """What stands beside the operations of a path, for every pair of paths that share an operation."""
        for section in ("paths", "webhooks"):
            sides = [mapping(reading.root.get(section)) for reading in self.readings]
            pairs = {(path, path) for path in sides[0].keys() & sides[1].keys() if not path.startswith("x-")}
            for one, two in sorted(
                pairs
                | (
                    {(a.partition(" ")[2], b.partition(" ")[2]) for a, b in self.matched}
                    if section == "paths"
                    else set()
                )
            ):
                if one in sides[0] and two in sides[1]:
                    ends = [
                        reading.end(side[path], Pointer("", (section, path)))
                        for reading, side, path in zip(self.readings, sides, (one, two), strict=True)
                    ]
                    self._keys(ends[0], ends[1], {*METHODS, "parameters", "servers", "$ref", "additionalOperations"})

    def _root_servers(self) -> None:
        left, right = self.readings
        moved = [
            (left.operations[a], right.operations[b])
            for a, b in self.matched
            if a in left.operations and b in right.operations
        ]
        prefixes = [(prefix_of(a), prefix_of(b)) for a, b in moved]
        ends = [
            (one + template(a["path"]), two + template(b["path"]))
            for (one, two), (a, b) in zip(prefixes, moved, strict=True)
        ]
        if (
            moved
            and all(template(a["path"]) != template(b["path"]) for a, b in moved)
            and all(one == two for one, two in ends)
        ):
            return
        self._servers(left.servers, right.servers)

    # components -------------------------------------------------------------------------------------------------------

    def _schemes(self) -> None:
        left, right = (reading.schemes() for reading in self.readings)
        old = self.hints.schemes
        for name, heir in old.items():
            self.add("presence", heir, [left[heir][1]], [right[name][1]], heir, name, exact=True)
        right = {old.get(name, name): place for name, place in right.items()}
        for name in sorted(left.keys() | right.keys()):
            was, now = left.get(name), right.get(name)
            if was is None or now is None:
                self._value("presence", name, was, now)
                continue
            old, new = _scheme(*was), _scheme(*now)
            if old["type"] != new["type"]:
                self.add("type", "", [was[1]], [now[1]], old["type"], new["type"])
                continue
            facets = ("in", "name", "scheme", "bearerFormat", "openIdConnectUrl", "oauth2MetadataUrl")
            for facet in facets:
                before, after = old.get(facet, ABSENT), new.get(facet, ABSENT)
                if not same(before, after):
                    self.add(facet, "", [was[1]], [now[1]], before, after)
            for flow in sorted(old["flows"].keys() | new["flows"].keys()):
                one, two = old["flows"].get(flow), new["flows"].get(flow)
                if one is None or two is None:
                    self._value("flow", flow, one, two)
                else:
                    self._flow(flow, one, two, swagger=one[1] == was[1] or two[1] == now[1])
            self._keys(was, now, {"type", *facets, "flows", "flow", "scopes", "authorizationUrl", "tokenUrl"})

    def _flow(self, flow: str, one: Place, two: Place, *, swagger: bool) -> None:
        urls = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")
        for url in urls:
            before, after = one[0].get(url, ABSENT), two[0].get(url, ABSENT)
            if not same(before, after):
                self.add(url, flow, [one[1]], [two[1]], before, after)
        scopes = [mapping(side[0].get("scopes")) for side in (one, two)]
        for scope in sorted(scopes[0].keys() | scopes[1].keys()):
            ends = [
                [place[1].child("scopes", scope)] if scope in side else []
                for side, place in zip(scopes, (one, two), strict=True)
            ]
            if ends[0] and ends[1]:
                if not same(scopes[0][scope], scopes[1][scope]):
                    self.add("description", scope, ends[0], ends[1], scopes[0][scope], scopes[1][scope], exact=True)
            else:
                self.add(
                    "scope", scope, ends[0], ends[1], *((scope, ABSENT) if ends[0] else (ABSENT, scope)), exact=True
                )
        if not swagger:
            self._keys(one, two, {*urls, "scopes"})

    def _components(self) -> None:
        left, right = (reading.components() for reading in self.readings)
        for key in sorted(left.keys() | right.keys()):
            was, now = left.get(key), right.get(key)
            if was is None or now is None:
                self.add(
                    "presence",
                    key[0],
                    [was[1]] if was else [],
                    [now[1]] if now else [],
                    key[1] if was else ABSENT,
                    key[1] if now else ABSENT,
                    exact=True,
                )
            elif key[0] == "schemas":
                self.schema([was], [now])
            else:
                self._component(key[0], was, now)

    def _component(self, section: str, was: Place, now: Place) -> None:
        ends = [reading.end(*place) for reading, place in zip(self.readings, (was, now), strict=True)]
        if section in ("parameters", "headers"):
            both = [
                {"node": node, "at": at, "site": at, "in": node.get("in", "header"), "name": node.get("name", at.last)}
                for node, at in ends
            ]
            if not self.readings[0].swagger or both[0]["in"] not in ("body", "formData"):
                self._parameter(both[0], both[1])
        elif section == "responses":
            self._response(
                *[
                    reading.response(node, at, at, {"node": {}, "at": at})
                    for reading, (node, at) in zip(self.readings, ends, strict=True)
                ],
                (),
            )
        elif section == "requestBodies":
            self._bodies(
                *[
                    {
                        "node": node,
                        "at": [at],
                        "site": at,
                        "required": node.get("required") is True,
                        "media": reading.media(node, at),
                    }
                    for reading, (node, at) in zip(self.readings, ends, strict=True)
                ],
                (),
            )
        elif section == "links":
            self._link(was[1].last, ends[0], ends[1])
        elif section == "callbacks":
            pass
        else:
            self._value("example" if section == "examples" else "extension", section, ends[0], ends[1])


def _scheme(node: dict[str, Any], at: Pointer) -> dict[str, Any]:
    found = {
        key: node[key]
        for key in ("type", "in", "name", "scheme", "bearerFormat", "openIdConnectUrl", "oauth2MetadataUrl")
        if key in node
    }
    found["flows"] = {name: (flow, at.child("flows", name)) for name, flow in mapping(node.get("flows")).items()}
    if found.get("type") == "basic":
        found |= {"type": "http", "scheme": "basic"}
    if isinstance(node.get("flow"), str):
        found["flows"] = {FLOWS.get(node["flow"], node["flow"]): (node, at)}
    if isinstance(found.get("scheme"), str):
        found["scheme"] = found["scheme"].lower()
    return {"type": None} | found
