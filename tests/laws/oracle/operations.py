"""Every raw difference of two operations: parameters, bodies, responses, security, and what is said of them."""

import re
from typing import Any

from apidiff.load.resolve import Side
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer
from tests.laws.oracle import servers
from tests.laws.oracle.raw import Hints, SchemaPairs, same
from tests.laws.oracle.reading import (
    EDITORIAL,
    INLINE,
    METHODS,
    OWN,
    STABILITIES,
    STYLES,
    SUNSETS,
    SWAGGER_STYLES,
    Reading,
    media_key,
    prefix_of,
    template,
)
from tests.laws.oracle.schemas import Meaning, Place, listed, mapping, text


class OperationPairs(SchemaPairs):
    """Walks pairs of operations, with all that they send and receive."""

    def __init__(self, base: Side, revision: Side, hints: Hints) -> None:
        super().__init__(base, revision, hints)
        self.readings = (Reading(base), Reading(revision))
        self._seen: set[tuple[object, ...]] = set()
        self.matched: set[tuple[str, str]] = set()
        self._kept: list[Any] = []

    def _once(self, *key: object) -> bool:
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _keys(self, base: Place, revision: Place, known: frozenset[str] | set[str]) -> None:
        """Every key of two objects that is not read elsewhere, as one value."""
        left, right = mapping(base[0]), mapping(revision[0])
        for key in sorted((left.keys() | right.keys()) - known - {OWN}):
            before, after = left.get(key, ABSENT), right.get(key, ABSENT)
            if key == "deprecated":
                before, after = before or ABSENT, after or ABSENT
            self.free(before, after, base[1], revision[1])
            if not same(before, after):
                facet = key if key in EDITORIAL else "extension"
                self.add(facet, "" if key in EDITORIAL else key, [base[1]], [revision[1]], before, after)

    def _value(self, facet: str, item: str, base: Place | None, revision: Place | None) -> None:
        """One value at an exact place."""
        before, after = base[0] if base else ABSENT, revision[0] if revision else ABSENT
        if base and revision:
            self.free(before, after, base[1], revision[1])
        if not same(before, after):
            self.add(
                facet, item, [base[1]] if base else [], [revision[1]] if revision else [], before, after, exact=True
            )

    # operations -------------------------------------------------------------------------------------------------------

    def _operations(self, left: dict[str, Any], right: dict[str, Any]) -> None:
        pairs = {name: self.hints.moved.get(name, name) for name in left}
        pairs = {one: two for one, two in pairs.items() if two in right}
        taken = set(pairs.values())
        by_template = {(op["method"], template(op["path"])): name for name, op in right.items() if name not in taken}
        by_url = {
            (op["method"], prefix_of(op) + template(op["path"])): name
            for name, op in right.items()
            if name not in taken
        }
        for name, op in left.items():
            if name not in pairs:
                heir = by_template.get((op["method"], template(op["path"]))) or by_url.get(
                    (op["method"], prefix_of(op) + template(op["path"]))
                )
                if heir is not None:
                    pairs[name] = heir
        for name, operation in left.items():
            if name not in pairs:
                self.add("presence", operation["method"], [operation["at"]], [], operation["node"], exact=True)
            else:
                self._operation(name, operation, pairs[name], right[pairs[name]])
        for name in right.keys() - set(pairs.values()):
            self.add(
                "presence", right[name]["method"], [], [right[name]["at"]], ABSENT, right[name]["node"], exact=True
            )

    def _operation(self, name: str, base: dict[str, Any], other: str, revision: dict[str, Any]) -> None:
        self.matched.add((name, other))
        if name in self.hints.moved:
            self.add("path", "moved", [base["at"]], [revision["at"]], name, other, exact=True)
        self._parameters(base, revision)
        self._security(base, revision)
        if base["servers"] is not self.readings[0].servers or revision["servers"] is not self.readings[1].servers:
            self._servers(base["servers"], revision["servers"])
        self._body(base, revision)
        self._responses(base, revision)
        self._callbacks(base, revision)
        if not self._once("operation", id(base["node"]), id(revision["node"])):
            return
        (left, at), (right, there) = (base["node"], base["at"]), (revision["node"], revision["at"])
        self._value(
            "operationId",
            "",
            *[
                (node["operationId"], where.child("operationId")) if "operationId" in node else None
                for node, where in ((left, at), (right, there))
            ],
        )
        tags = [listed(node.get("tags")) for node in (left, right)]
        for tag in {*map(str, tags[0])} ^ {*map(str, tags[1])}:
            had = tag in tags[0]
            self.add(
                "tags", tag, [at] if had else [], [] if had else [there], tag if had else ABSENT, ABSENT if had else tag
            )
        self._life((left, at), (right, there))
        known = {
            "parameters",
            "requestBody",
            "responses",
            "security",
            "servers",
            "callbacks",
            "operationId",
            "tags",
            "deprecated",
            "consumes",
            "produces",
            "schemes",
            "$ref",
            *STABILITIES,
            *SUNSETS,
        }
        self._keys((left, at), (right, there), known)

    def _life(self, base: Place, revision: Place) -> None:
        """Deprecation, sunset and stability; the first extension of each kind is heard, any other is just one."""
        was, now = base[0].get("deprecated") is True, revision[0].get("deprecated") is True
        if was != now:
            self.add("deprecated", "", [base[1]], [revision[1]], was, now)
        ends = base, revision
        sunsets, levels = ([_heard(node, keys) for node, _ in ends] for keys in (SUNSETS, STABILITIES))
        before, after = (node.get(key, ABSENT) for (node, _), key in zip(ends, sunsets, strict=True))
        if str(before) != str(after) and not (was and not now and after is ABSENT):
            self.add("sunset", "", [base[1]], [revision[1]], before, after)
        before, after = (node.get(key, "stable") for (node, _), key in zip(ends, levels, strict=True))
        if before != after:
            self.add("stability", levels[0] or levels[1], [base[1]], [revision[1]])
        for key in (*SUNSETS, *STABILITIES):
            if any(key in node and key not in heard for (node, _), *heard in zip(ends, sunsets, levels, strict=True)):
                before, after = (node.get(key, ABSENT) for node, _ in ends)
                if not same(before, after):
                    self.add("extension", key, [base[1]], [revision[1]], before, after)

    def _servers(self, base: list[Place], revision: list[Place]) -> None:
        if not self._once("servers", *(id(node) for node, _ in base), "/", *(id(node) for node, _ in revision)):
            return
        if [node for node, _ in base] == [node for node, _ in revision]:
            return
        sides = [list(places) or [servers.ROOT] for places in (base, revision)]
        offered = [set().union(*(servers.offered(node) for node, _ in side)) for side in sides]
        lost = {one for one in offered[0] if not servers.holds(offered[1], one)}
        gained = {one for one in offered[1] if not servers.holds(offered[0], one)}
        for one in lost:
            self._address(sides, 0, one)
        for one in gained:
            self._address(sides, 1, one)
        pairs, gone, come = servers.matched(*sides)
        for was, now in pairs:
            self._variables(was, now)
        while gone and come and (len(sides[0]) == len(sides[1]) or [servers.ROOT] in sides):
            if not servers.offered(gone[0][0]) <= lost or not servers.offered(come[0][0]) <= gained:
                break
            pairs.append((gone.pop(0), come.pop(0)))
        for was, now in pairs:
            if servers.ROOT not in (was, now):
                self._value("name", "", *[(n["name"], at.child("name")) if "name" in n else None for n, at in (was, now)])  # fmt: skip  # noqa: E501
                self._keys(was, now, {"url", "variables", "name"})

    def _address(self, sides: list[list[Place]], side: int, address: str) -> None:
        """An address that came or went, with the places of the servers that offer it, and what they are called."""
        mine = [place for place in sides[side] if address in servers.offered(place[0])]
        told = {address, *(servers.by_default(node) for node, _ in mine)}
        places: list[list[Pointer]] = [[], []]
        places[side] = [at for _, at in mine if at != servers.NOWHERE]
        if not places[side]:
            places[1 - side] = [at for _, at in sides[1 - side]]
        elif any(at.segments[0] in ("host", "basePath", "schemes") for at in places[side]):
            places[side] += [Pointer("", (key,)) for key in ("host", "basePath", "schemes")]
        self.add("address", "", places[0], places[1], told if side == 0 else ABSENT, ABSENT if side == 0 else told)

    def _variables(self, was: Place, now: Place) -> None:
        """The variables of two servers, by their names, or by their order where the choice is the same."""
        ends = [servers.names(node) for node, _ in (was, now)]
        names = {name: name for name in ends[0] if name in ends[1]}
        if servers.shape(was[0]) == servers.shape(now[0]) and len(ends[0]) == len(ends[1]):
            names = dict(zip(*ends, strict=True))
        for one, two in names.items():
            sides = [
                (mapping(mapping(node.get("variables")).get(name)), at.child("variables", name))
                for (node, at), name in ((was, one), (now, two))
            ]
            before, after = (side[0].get("default", ABSENT) for side in sides)
            choices = [servers.values(node, name) for (node, _), name in ((was, one), (now, two))]
            is_choice = all(len(few) > 1 or few == [servers.ANY] for few in choices)
            if is_choice and ABSENT not in (before, after) and not same(before, after):
                self.add("variables", one, [sides[0][1]], [sides[1][1]], before, after)
            if sides[0][0] and sides[1][0]:
                self._keys(sides[0], sides[1], {"default", "enum"})
        held = [mapping(node.get("variables")) for node, _ in (was, now)]
        for name in sorted({*held[0], *held[1]} - {*ends[0], *ends[1]}):
            before, after = (variables.get(name, ABSENT) for variables in held)
            if not same(before, after):
                self.add("unused-variable", name, [was[1]], [now[1]], before, after)

    def _security(self, base: dict[str, Any], revision: dict[str, Any]) -> None:
        was, now = self.readings[0].security(base), self._by_old_names(self.readings[1].security(revision))
        opens = [not side or any(not scopes for scopes, _ in side) for side in (was, now)]
        if opens[0] != opens[1]:
            self.add("requirement", "", [at for _, at in was][:1], [at for _, at in now][:1], exact=True)
            return
        sets = [{frozenset(_credentials(scopes)) for scopes, _ in side} for side in (was, now)]
        gone = [entry for entry in was if entry[0] and frozenset(_credentials(entry[0])) not in sets[1]]
        come = [entry for entry in now if entry[0] and frozenset(_credentials(entry[0])) not in sets[0]]
        for one in list(gone):
            likes = [[other for other in side if other[0].keys() == one[0].keys()] for side in (gone, come)]
            if len(likes[0]) == len(likes[1]) == 1 and not opens[0]:
                (two,) = likes[1]
                kept = any(_credentials(scopes) <= _credentials(one[0]) for scopes in self._spread(now))
                if not kept or _credentials(two[0]) <= _credentials(one[0]):
                    gone.remove(one)
                    come.remove(two)
                    self._scopes(one, two)
        for scopes, at in gone:
            self.add("alternative", "", [at], [], scopes)
        for scopes, at in come:
            self.add("alternative", "", [], [at], ABSENT, scopes)

    @staticmethod
    def _spread(side: list[Any]) -> list[dict[str, list[str]]]:
        return [scopes for scopes, _ in side] or [{}]

    def _by_old_names(self, side: list[Any]) -> list[Any]:
        """Alternatives with the schemes that only have another name by the name before."""
        names = self.hints.schemes
        return [({names.get(name, name): scopes for name, scopes in asked.items()}, at) for asked, at in side]

    def _scopes(self, was: Any, now: Any) -> None:
        for scheme in sorted(was[0]):
            for scope in sorted({*was[0][scheme]} ^ {*now[0][scheme]}):
                had = scope in was[0][scheme]
                ends = ([was[1].child(scheme)], []) if had else ([], [now[1].child(scheme)])
                self.add("scope", scope, *ends, *((scope, ABSENT) if had else (ABSENT, scope)), exact=True)

    # parameters -------------------------------------------------------------------------------------------------------

    def _sent(self, base: dict[str, Any], revision: dict[str, Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """The parameters that are sent, those of the path by their variable; what is said of any other is added."""
        (left, left_names, left_strays), (right, right_names, right_strays) = (
            _by_segment(operation) for operation in (base, revision)
        )
        if _has_moved(base, revision):
            both = [name for name in left_names if name in right_names]
            is_as_long = len(left_names) == len(right_names)
            left = _by_name(left, left_names, both, turned=not is_as_long)
            right = _by_name(right, right_names, both, turned=not is_as_long)
        shared = min(len(left_names), len(right_names))
        for key in [key for key in left.keys() ^ right.keys() if key[0] == "path" and int(key[1]) < shared]:
            self._declaration(left.pop(key, None), right.pop(key, None))
        for name in left_strays.keys() | right_strays.keys():
            strays = [side.get(name) for side in (left_strays, right_strays)]
            bare = [{**one["node"], "schema": _without_defaults(one["node"].get("schema"))} for one in strays if one]
            if len(bare) == 2 and same(*bare):
                continue
            self._value("stray", name, *[(one["node"], one["site"]) if one else None for one in strays])
        ignored = [self._ignored(i, side) for i, side in enumerate((left, right))]
        for name in ignored[0].keys() | ignored[1].keys():
            ends = [side.get(name) for side in ignored]
            self._value("ignored", name, *[(one["node"], one["site"]) if one else None for one in ends])
            for side in (left, right):  # what one side ignores, the other does not lose
                side.pop(("header", name), None)
        return left, right

    def _parameters(self, base: dict[str, Any], revision: dict[str, Any]) -> None:
        left, right = self._sent(base, revision)
        heirs = {parameter[place]: key for place in ("at", "site") for key, parameter in right.items()}
        pairs = {}
        for key, parameter in left.items():
            sites = set().union(*(self.hints.parameters.get(parameter[place], ()) for place in ("at", "site")))
            heir = next((heirs[site] for site in sorted(sites) if site in heirs), None)
            if key in right:
                pairs[key] = key
            elif heir is not None and heir not in left:
                pairs[key] = heir
                other = right[heir]
                facet, what = ("location", "in") if parameter["in"] != other["in"] else ("name", "name")
                self.add(
                    facet,
                    parameter["in"],
                    [parameter["site"], parameter["at"]],
                    [other["site"], other["at"]],
                    parameter[what],
                    other[what],
                    exact=True,
                )
        for key, parameter in left.items():
            if key not in pairs and not (key[0] == "path" and _has_moved(base, revision)):
                self.add("presence", parameter["in"], [parameter["site"]], [], parameter["node"], exact=True)
        for key, parameter in right.items():
            if key not in pairs.values():
                self.add("presence", parameter["in"], [], [parameter["site"]], ABSENT, parameter["node"], exact=True)
        for key, heir in pairs.items():
            one, two = left[key], right[heir]
            if one["in"] == two["in"] == "path" and one["name"] != two["name"]:
                self.add("parameter-name", "", [one["at"]], [two["at"]], one["name"], two["name"], exact=True)
            self._parameter(one, two)

    def _ignored(self, side: int, parameters: dict[Any, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """The header parameters that OpenAPI 3 says to ignore, taken out of the others."""
        if self.readings[side].swagger:
            return {}
        names = [name for name in ("accept", "authorization", "content-type") if ("header", name) in parameters]
        return {name: parameters.pop(("header", name)) for name in names}

    def _declaration(self, was: dict[str, Any] | None, now: dict[str, Any] | None) -> None:
        """A variable of the path that is declared now, or was, with what that asks of a text."""
        one = was or now or {}
        sites = [[one["site"]] if end else [] for end in (was, now)]
        nodes = [one["node"] if end else ABSENT for end in (was, now)]
        self.add("declaration", one["name"], sites[0], sites[1], nodes[0], nodes[1], exact=True)
        places = self._parameter_schema(1, now) if now else []
        if not places:
            return
        meaning = self.schemas[1].read(places)
        kinds = meaning.kinds()
        if kinds is not None and "string" not in kinds:
            names = sorted(meaning.types or ())
            self.add("type", "", [], meaning.at, "string", names[0] if len(names) == 1 else names or ABSENT)
        elif meaning.listed is not None:
            self.add("enum-set", "", [], meaning.at, ABSENT, list((meaning.values() or meaning.listed).values()))
        else:
            for keyword in ("minLength", "maxLength", "pattern", "format"):
                limit = meaning.limits.get(keyword)
                if limit is None or (keyword == "minLength" and limit < 2):
                    continue
                if keyword == "format" and not set(limit) <= CHECKED:
                    continue
                self.add(keyword, "", [], meaning.at, ABSENT, limit)

    def _parameter(self, one: dict[str, Any], two: dict[str, Any]) -> None:
        if not self._once("parameter", id(one["node"]), id(two["node"])):
            return
        (left, at), (right, there) = (one["node"], one["at"]), (two["node"], two["at"])
        if one["in"] == two["in"] == "path":
            ends = [
                (n["required"], p.child("required")) if "required" in n else None
                for n, p in ((left, at), (right, there))
            ]
            self._value("required", "", ends[0], ends[1])
        for flag in ("required", "allowEmptyValue"):
            was, now = (
                node.get(flag) is True or (flag == "required" and side["in"] == "path")
                for node, side in ((left, one), (right, two))
            )
            if was != now and (flag == "required" or {one["in"], two["in"]} & {"query", "formData"}):
                self.add(flag, "", [at], [there], was, now)
            elif was != now:
                self._idle_flag(flag, (left, at), (right, there))
        sides = [self._parameter_schema(i, p) for i, p in enumerate((one, two))]
        names = [next(iter(mapping(node.get("content"))), ABSENT) for node in (left, right)]
        if names[0] != names[1]:
            self.add("content", "", [at], [there], names[0], names[1])
        elif names[0] is not ABSENT:
            ends = (
                (left["content"][names[0]], at.child("content", names[0])),
                (right["content"][names[1]], there.child("content", names[1])),
            )
            self._encodings(*ends, [self.schemas[i].read(s).properties if s else {} for i, s in enumerate(sides)])
            self._keys(*ends, {"schema", "encoding"})
            self._idle_styles(one, two, [self._written(side, parameter) for side, parameter in enumerate((one, two))])
        else:
            self._serialization(one, two, sides)
        if not any(self._written(side, parameter)[2] for side, parameter in enumerate((one, two))):
            self._idle_flag("allowReserved", (left, at), (right, there))
        if sides[0] and sides[1]:
            self.schema(sides[0], sides[1])
        elif sides[0] or sides[1]:
            self._silent(sides[0], sides[1])
        known = {
            "name",
            "in",
            "required",
            "schema",
            "content",
            "style",
            "explode",
            "allowReserved",
            "allowEmptyValue",
            "collectionFormat",
            "$ref",
        }
        if self.readings[0].swagger or self.readings[1].swagger:
            known |= INLINE - {"x-nullable"}
        self._keys((left, at), (right, there), known)

    def _idle_flag(self, flag: str, base: Place, revision: Place) -> None:
        """What says nothing where the parameter is."""
        if (base[0].get(flag) is True) != (revision[0].get(flag) is True):
            ends = [(node[flag], at.child(flag)) if flag in node else None for node, at in (base, revision)]
            self._value("idle-flag", flag, ends[0], ends[1])

    def _parameter_schema(self, side: int, parameter: dict[str, Any]) -> list[Place]:
        node, at = parameter["node"], parameter["at"]
        if self.readings[side].swagger:
            return [(self.readings[side].inline(parameter), at)]
        content = mapping(node.get("content"))
        if content:
            name = next(iter(content))
            return (
                [(content[name]["schema"], at.child("content", name, "schema"))]
                if "schema" in mapping(content[name])
                else []
            )
        return [(node["schema"], at.child("schema"))] if "schema" in node else []

    def _serialization(self, one: dict[str, Any], two: dict[str, Any], schemas: list[list[Place]]) -> None:
        """How two parameters are written, as far as a value that both allow shows it; the rest has no effect."""
        plain = [self._written(side, parameter) for side, parameter in enumerate((one, two))]
        kinds = [self._plain_types(side, schema) if schema else None for side, schema in enumerate(schemas)]
        held = [None if types is None else types & {"array", "object"} for types in kinds]
        is_apart = None not in held and bool(held[0]) != bool(held[1])
        if is_apart:
            held = [set(), set()]  # a list or object against a plain value: that is another edit
        seen = plain
        if all(self._is_unreserved(side, schema) for side, schema in enumerate(schemas)):
            seen = [(style, explode, False) for style, explode, _ in plain]
        looks = [_look(p["in"], wire, kind) for p, wire, kind in zip((one, two), seen, held, strict=True)]
        if plain[0] != plain[1] and looks[0] != looks[1]:
            self.add("serialization", "", [one["at"]], [two["at"]])
        elif not is_apart:
            self._idle_styles(one, two, plain)

    def _idle_styles(self, one: dict[str, Any], two: dict[str, Any], plain: list[tuple[str, bool, bool]]) -> None:
        """What two parameters say otherwise of their form where it shows nowhere."""
        if self.readings[0].swagger != self.readings[1].swagger:
            return
        keys = {"style": 0, "explode": 1, "allowReserved": 2}
        changed = [key for key, index in keys.items() if plain[0][index] != plain[1][index]]
        if self.readings[0].swagger:
            formats = {parameter["node"].get("collectionFormat", "csv") for parameter in (one, two)}
            changed = ["collectionFormat"] if len(formats) > 1 else []
        for key in changed:
            ends = [(p["node"][key], p["at"].child(key)) if key in p["node"] else None for p in (one, two)]
            self._value("idle-flag", key, ends[0], ends[1])

    def _is_unreserved(self, side: int, schema: list[Place]) -> bool:
        """Whether nothing in the texts of a schema, or of its items, may be percent-encoded (RFC 3986, 2.3)."""
        meaning = self.schemas[side].read(schema) if schema else None
        if meaning and meaning.types == {"array"} and ("items", "") in meaning.holds:
            meaning = self.schemas[side].read(meaning.holds["items", ""])
        if meaning is None or meaning.unions:
            return False
        if meaning.listed is not None:
            texts = [value if isinstance(value, str) else text(value) for value in meaning.listed.values()]
            return all(re.fullmatch(r"[\w.~-]*", one, re.ASCII) for one in texts)
        formats = meaning.limits.get("format", frozenset())
        plain = {"integer", "number", "boolean"}
        return bool(meaning.types and meaning.types <= plain) or bool(formats & {"date", "uuid", "ipv4"})

    def _written(self, side: int, parameter: dict[str, Any]) -> tuple[str, bool, bool]:
        """Style, explode and allowReserved, defaults spelled out."""
        node, where = parameter["node"], parameter["in"]
        if self.readings[side].swagger:
            form = node.get("collectionFormat", "csv")
            style = SWAGGER_STYLES.get(form, STYLES.get(where, "form"))
            return style, form == "multi" or node.get("type") != "array", False
        style = node.get("style", STYLES.get(where, "form"))
        places = {"query"}
        if self.readings[side].root.get("openapi", "").startswith("3.2"):
            places |= {"path", "cookie"} if style == "form" else {"path"}
        is_reserved = node.get("allowReserved") is True and where in places
        return style, bool(node.get("explode", style in ("form", "cookie"))), is_reserved

    def _plain_types(self, side: int, schema: list[Place]) -> frozenset[str] | None:
        """The types of a schema, or of the branches of its union; None where any type goes."""
        meaning = self.schemas[side].read(schema)
        if meaning.types is not None or not meaning.unions:
            return meaning.kinds()
        found = [self.schemas[side].read([branch]).kinds() for branch in meaning.unions[0][1]]
        return None if None in found else frozenset().union(*(types for types in found if types is not None))

    # bodies and responses ---------------------------------------------------------------------------------------------

    def _body(self, base: dict[str, Any], revision: dict[str, Any]) -> None:
        was, now = self.readings[0].body(base), self.readings[1].body(revision)
        if was is None or now is None:
            if (body := was or now) is not None:
                self.add("presence", "", [body["site"]] if was else [], [body["site"]] if now else [], exact=True)
            return
        swagger = self.readings[0].swagger or self.readings[1].swagger
        context = (id(base["node"]), id(revision["node"])) if swagger else ()
        self._bodies(was, now, context)

    def _bodies(self, was: dict[str, Any], now: dict[str, Any], context: tuple[int, ...]) -> None:
        if not self._once("body", id(was["node"]), id(now["node"]), *context):
            return
        self._kept += [was["node"], now["node"]]
        if was["required"] != now["required"]:
            self.add("required", "", was["at"], now["at"], was["required"], now["required"])
        self._contents(was["media"], now["media"])
        forms = [{p["name"]: p for p in side.get("form", ())} for side in (was, now)]
        for name in forms[0].keys() & forms[1].keys():
            one, two = forms[0][name], forms[1][name]
            was_empty, now_empty = (side["node"].get("allowEmptyValue") is True for side in (one, two))
            if was_empty != now_empty:
                self.add("allowEmptyValue", "", [one["at"]], [two["at"]], was_empty, now_empty)
            self._serialization(one, two, [[(self.readings[i].inline(p), p["at"])] for i, p in enumerate((one, two))])
        if not forms[0] and not forms[1]:
            self._keys(
                (was["node"], was["at"][0]),
                (now["node"], now["at"][0]),
                {"content", "required", "$ref", "in", "name", "schema", "type", "properties"},
            )

    def _contents(self, was: dict[str, Any], now: dict[str, Any]) -> None:
        was, now = _aligned(was, now)
        gone, come = [name for name in was if name not in now], [name for name in now if name not in was]
        covers = {name: cover for name in gone if (cover := _media_cover(name, now))}
        covered = {name: cover for name in come if (cover := _media_cover(name, was))}
        pairs = [(name, name) for name in was if name in now] + [*covers.items()]
        pairs += [(cover, name) for name, cover in covered.items() if cover not in gone]
        if len(gone) == len(come) == 1 and not covers and not covered:
            pairs.append((gone[0], come[0]))
        for name in gone:
            self.add("presence", was[name][0], [was[name][2]], [], was[name][0], exact=True)
        for name in come:
            self.add("presence", now[name][0], [], [now[name][2]], ABSENT, now[name][0], exact=True)
        for one, two in pairs:
            self._media(was[one], now[two])

    def _media(self, was: Any, now: Any) -> None:
        (_, left, at, one, example), (_, right, there, two, other) = was, now
        meanings = [
            side if isinstance(side, Meaning) else self.schemas[i].read(side) if side else None
            for i, side in enumerate((one, two))
        ]
        if meanings[0] and meanings[1]:
            if isinstance(one, Meaning) or isinstance(two, Meaning):
                self._queue.append((meanings[0], meanings[1]))
            else:
                self.schema(one, two)
        elif one or two:
            self._silent(one, two)
        if self._once("example", *(end and end[1] for end in (example, other))):
            self._value("example", "", example, other)
        if (left or right) and self._once("media", id(left), id(right)):
            self._encodings((left, at), (right, there), [meaning.properties if meaning else {} for meaning in meanings])
            self._keys((left, at), (right, there), {"schema", "encoding", "$ref", "example"})

    def _encodings(self, base: Place, revision: Place, fields: list[dict[str, Any]]) -> None:
        """How each field is written, but of those that only one side has."""
        encodings = [mapping(mapping(node).get("encoding")) for node, _ in (base, revision)]
        for name in sorted(encodings[0].keys() | encodings[1].keys()):
            if (name in fields[0]) == (name in fields[1]):
                ends = [
                    (side[name], where.child("encoding", name)) if side.get(name) else None
                    for side, (_, where) in zip(encodings, (base, revision), strict=True)
                ]
                self._value("encoding", name, ends[0], ends[1])

    def _silent(self, one: list[Place], two: list[Place]) -> None:
        """A schema against none, which allows all: another type, unless it allows all as well."""
        side, places = (0, one) if one else (1, two)
        if self.schemas[side].read(places).is_free:
            nothing: list[Place] = [({}, places[0][1])]
            self.schema(one or nothing, two or nothing)
        else:
            self._value("type", "", one[0] if one else None, two[0] if two else None)

    def _responses(self, base: dict[str, Any], revision: dict[str, Any]) -> None:
        was, now = self.readings[0].responses(base), self.readings[1].responses(revision)
        swagger = self.readings[0].swagger or self.readings[1].swagger
        context = (id(base["node"]), id(revision["node"])) if swagger else ()
        for status, response in was.items():
            if status in now:
                self._response(response, now[status], context)
            else:
                self.add("presence", status, [response["site"]], [], response["node"], exact=True)
                if (cover := _cover(status, now, was)) is not None:
                    self._response(response, now[cover], context)
        for status, response in now.items():
            if status not in was:
                self.add("presence", status, [], [response["site"]], ABSENT, response["node"], exact=True)
                if (cover := _cover(status, was, now)) is not None:
                    self._response(was[cover], response, context)
        gone, come = (
            [one for one in mine if one[0] == "2" and one not in other and _cover(one, other, mine) is None]
            for mine, other in ((was, now), (now, was))
        )
        if len(gone) == len(come) == 1 and was[gone[0]]["media"].keys() & now[come[0]]["media"].keys():
            self._response(was[gone[0]], now[come[0]], context)  # one success in the place of another
        ends = [(mapping(op["node"].get("responses")), op["at"].child("responses")) for op in (base, revision)]
        self._keys(ends[0], ends[1], {key for node, _ in ends for key in node if not key.startswith("x-")})

    def _response(self, was: dict[str, Any], now: dict[str, Any], context: tuple[int, ...]) -> None:
        if not self._once("response", id(was["node"]), id(now["node"]), *context):
            return
        self._contents(was["media"], now["media"])
        self._value("ignored", "", was["unsent"], now["unsent"])
        for name in sorted(was["headers"].keys() | now["headers"].keys()):
            ends = [side["headers"].get(name) for side in (was, now)]
            if ends[0] and ends[1]:
                headers = []
                for reading, end in zip(self.readings, ends, strict=True):
                    node, at = reading.end(*end)
                    headers.append({"node": node, "at": at, "site": end[1], "in": "header", "name": name})
                self._parameter(headers[0], headers[1])
            else:
                place = ends[0] or ends[1]
                node = self.readings[0 if ends[0] else 1].end(*place)[0] if place else None
                self.add(
                    "presence",
                    place[1].last if place else "",
                    [ends[0][1]] if ends[0] else [],
                    [ends[1][1]] if ends[1] else [],
                    *((node, ABSENT) if ends[0] else (ABSENT, node)),
                    exact=True,
                )
        for name in sorted(was["links"].keys() | now["links"].keys()):
            sites = [side["links"].get(name) for side in (was, now)]
            ends = [reading.end(*site) if site else None for reading, site in zip(self.readings, sites, strict=True)]
            if ends[0] and ends[1]:
                self._link(name, ends[0], ends[1])
            else:
                values = [end[0] if end else ABSENT for end in ends]
                places = [[site[1]] if site else [] for site in sites]
                self.add("presence", name, *places, *values, exact=True)
        self._value("example", "", was["examples"], now["examples"])
        known = {"content", "headers", "links", "$ref", "schema", "examples"}
        self._keys((was["node"], was["at"]), (now["node"], now["at"]), known)

    def _link(self, name: str, was: Place, now: Place) -> None:
        if self._once("link", id(was[0]), id(now[0])):
            bare = [{k: v for k, v in place[0].items() if k not in ("description", "summary")} for place in (was, now)]
            if not same(bare[0], bare[1]):
                self.add("definition", "", [was[1]], [now[1]], bare[0], bare[1], exact=True)
            self._keys(was, now, {*bare[0], *bare[1]})

    def _callbacks(self, base: dict[str, Any], revision: dict[str, Any]) -> None:
        sides = [reading.callbacks(op) for reading, op in zip(self.readings, (base, revision), strict=True)]
        for name in sorted(sides[0].keys() | sides[1].keys()):
            if name not in sides[0] or name not in sides[1]:
                ends = [
                    [op["at"].child("callbacks", name)] if name in side else []
                    for side, op in zip(sides, (base, revision), strict=True)
                ]
                self.add("presence", name, ends[0], ends[1], exact=True)
                continue
            was, now = sides[0][name], sides[1][name]
            found = [
                {
                    name: operation | {"is_callback": True}
                    for expression, item in mapping(node).items()
                    if not expression.startswith("x-")
                    for name, operation in reading.path_item(expression, item, at.child(expression)).items()
                }
                for reading, (node, at) in zip(self.readings, (was, now), strict=True)
            ]
            if self._once("callback", id(was[0]), id(now[0])):
                matched = set(self.matched)
                self._operations(found[0], found[1])
                self.matched = matched
                for expression in was[0].keys() & now[0].keys():
                    if not expression.startswith("x-"):
                        ends = [
                            reading.end(side[0][expression], side[1].child(expression))
                            for reading, side in zip(self.readings, (was, now), strict=True)
                        ]
                        self._keys(
                            ends[0], ends[1], {*METHODS, "parameters", "servers", "$ref", "additionalOperations"}
                        )
                self._keys(was, now, {key for key in (*was[0], *now[0]) if not key.startswith("x-")})


def _media_cover(name: str, others: dict[str, Any]) -> str | None:
    kind = media_key(name)
    keys = {media_key(other): other for other in reversed(others)}
    covers = (keys.get(cover) for cover in (kind, f"{kind.split('/', maxsplit=1)[0]}/*", "*/*"))
    return next((cover for cover in covers if cover not in (None, name)), None)


def _aligned(was: dict[str, Any], now: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Contents by name where one type is spelled twice, the revision's in the base's spelling where there is one."""
    if all(media_key(entry[0]) == key for side in (was, now) for key, entry in side.items()):
        return was, now
    left, right = ({entry[0]: entry for entry in side.values()} for side in (was, now))
    for form in (lambda name: media_key(name, exact=True), media_key):
        for name in [name for name in left if name not in right]:
            heir = next((other for other in right if other not in left and form(other) == form(name)), None)
            if heir is not None:
                right = {name if key == heir else key: entry for key, entry in right.items()}
    return left, right


def _heard(node: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((key for key in keys if node.get(key)), "")


def _cover(status: str, others: dict[str, Any], mine: dict[str, Any]) -> str | None:
    for name in (f"{status[0]}XX", "default"):
        if name != status and name in others and not (name == "default" and status.startswith("2") and name in mine):
            return name
    return None


def _look(where: str, wire: tuple[str, bool, bool], kinds: set[str] | None) -> tuple[Any, ...]:
    """What shows of style and explode: in a path always, elsewhere of lists and objects (OpenAPI 3.1, 4.8.12.3)."""
    style, explode, reserved = wire
    delimited = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
    legal = {"query": {"form", "deepObject"}, "cookie": {"form", "cookie"}, "path": {"simple", "label", "matrix"}}
    if style not in legal.get(where, {"simple"}) and (style not in delimited or where == "cookie"):
        return style, explode, reserved, "illegal"
    if kinds is None:
        return wire
    if not kinds:
        return (style if where == "path" else "", reserved)
    if style == "cookie" and explode:
        return style, reserved
    if kinds == {"array"} and style in ("form", "simple", "cookie", *delimited):
        is_apart = explode and style != "simple"
        return ("" if is_apart else delimited.get(style, ","), reserved)
    return style, explode or style == "deepObject", reserved


def _credentials(asked: dict[str, list[str]]) -> set[tuple[str, str]]:
    """What a caller has to bring, one by one: each scheme, and each scope of it."""
    return {(name, scope) for name, scopes in asked.items() for scope in ("", *scopes)}


CHECKED = frozenset({"date", "date-time", "uuid", "email"})
"""The formats of the grammar that a program can check."""


def _by_segment(operation: dict[str, Any]) -> tuple[dict[Any, Any], list[str], dict[str, Any]]:
    """Parameters by key, those of the path by their variable; the variables; what is declared for none."""
    names = list(dict.fromkeys(re.findall(r"\{[+#./;]*([^{}?&*][^{}*]*)\*?\}", operation["path"])))
    keyed = {key: one for key, one in operation["parameters"].items() if key[0] not in ("path", "body", "formData")}
    own = {one["name"]: one for (place, _), one in operation["parameters"].items() if place == "path"}
    taken = {name: own.pop(name) for name in names if name in own}
    for name, one in list(own.items()):
        free = [other for other in names if other not in taken]
        alike = [other for other in free if _letters(other) == _letters(name)]
        if not alike and len(free) == len(own) == 1:
            alike = free
        if alike:
            taken[alike[0]] = one
            del own[name]
    return {**{("path", str(names.index(name))): one for name, one in taken.items()}, **keyed}, names, own


def _has_moved(base: dict[str, Any], revision: dict[str, Any]) -> bool:
    return template(base["path"]) != template(revision["path"])


def _by_name(parameters: dict[Any, Any], names: list[str], both: list[str], *, turned: bool) -> dict[Any, Any]:
    """Parameters with those of the path by their place in it, first those that the other path has by name as well.

    The rest is counted from the end where it is `turned`: what goes from a path mostly stands in front.
    """
    rest = [name for name in names if name not in both]
    mine = [*both, *(reversed(rest) if turned else rest)]
    return {
        ("path", str(mine.index(names[int(key[1])]))) if key[0] == "path" else key: one
        for key, one in parameters.items()
    }


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())


def _without_defaults(value: Any) -> Any:
    """A value without the flags of schemas that are written out and not set."""
    if isinstance(value, list):
        return [_without_defaults(one) for one in value]
    if not isinstance(value, dict):
        return value
    flags = ("deprecated", "readOnly", "writeOnly", "nullable", "uniqueItems")
    return {key: _without_defaults(one) for key, one in value.items() if one is not False or key not in flags}
