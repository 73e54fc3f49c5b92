"""The right answers of the small pairs in ../shared/cases: the levels that their README gives, and what it says beside.

Of the pairs after the texts (`letter`) the README's last column begins with one of a few phrases, which say how bad the
whole may be; of those met in the wild (`specs`) each has its answer here. `OPEN` lists the pairs that are answered
wrongly today, and only ever gets shorter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

BREAKING: Final = frozenset({"breaking"})
WORSE: Final = frozenset({"breaking", "dangerous"})
HARMLESS: Final = frozenset({"dangerous", "additive", "editorial", "nothing"})
SAFE: Final = frozenset({"additive", "editorial", "nothing"})
ADDITIVE: Final = frozenset({"additive"})
EDITORIAL: Final = frozenset({"editorial", "nothing"})
NOTHING: Final = frozenset({"nothing"})
REFUSED: Final = frozenset({"refused"})
ANY: Final = WORSE | SAFE


@dataclass(frozen=True, slots=True)
class Answer:
    """What is right for one pair.

    `worst` are the levels that the worst change may have; `rules` the whole list of changes as `level rule direction`,
    where the README names them; `titles` expressions of which each must be in some title, `never` of which none may be
    in any; `places` beginnings of pointers of which each must be that of some change; `only` says at most how many
    changes there are, `warnings` how many of these, and `silent` that neither need be said. `shown` has the numbers, or
    lengths, among which the value must be that shows the break of a rule. `broken_in_sdk` says that generated clients
    break where callers do not.
    """

    worst: frozenset[str]
    rules: tuple[str, ...] | None = None
    titles: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    only: int | None = None
    warnings: int | None = None
    silent: bool = True
    shown: Mapping[str, range] = field(default_factory=dict)
    broken_in_sdk: bool = False


PHRASES: Final = {
    "nothing breaks": HARMLESS,
    "nothing:": EDITORIAL,
    "breaks, or is dangerous": WORSE,
    "breaking": BREAKING,
    "additive": ADDITIVE,
    "refused with a hint": REFUSED,
    "read:": BREAKING,
}
"""How the last column of the README begins, and what that allows."""

LETTER: Final = {
    "02e-case": Answer(BREAKING, rules=("breaking operation-moved -",)),
    "09f-component-anchor": Answer(
        BREAKING, titles=("`User`",), places=("#/components/schemas/User/properties/name/type",)
    ),
    "10e-anchor-file": Answer(BREAKING, places=("defs.yaml#/$defs/user/properties/name/type",)),
    "21-property-sunset": Answer(SAFE, never=("extension",)),
    "21d-sunset-dropped": Answer(BREAKING, never=("extension",)),
    "31b-schema-to-item-schema": Answer(NOTHING),
    "47-swagger2-bounds": Answer(BREAKING, shown={"maximum-decreased": range(6, 11), "minimum-increased": range(1, 3)}),
    "54c-querystring-renamed": Answer(EDITORIAL),
    "57-path-parameter-declared": Answer(EDITORIAL),
    "57c-path-parameter-undeclared": Answer(EDITORIAL),
    "58-tag-parent": Answer(EDITORIAL),
    "60-response-summary": Answer(EDITORIAL),
    "64-server-name": Answer(EDITORIAL, never=("extension",)),
    "66b-server-variable-default": Answer(HARMLESS, only=1, titles=("v1.*v2",)),
    "66c-server-variable-name": Answer(EDITORIAL),
    "b2-dynamic-dropped": Answer(BREAKING, never=("any before",)),
    "b3-dynamic-to-ref": Answer(NOTHING),
    "e1-security-uri-same": Answer(EDITORIAL),
    "e3-scheme-deprecated": Answer(HARMLESS, never=("extension", "no rule", "`o` of `o`")),
    "e7-default-mapping-ref-form": Answer(EDITORIAL, never=("extension",)),
    "f1-xml-attribute-to-node": Answer(EDITORIAL),
    "f4-xml-default-spelled": Answer(EDITORIAL),
    "f7-xml-prefix": Answer(EDITORIAL),
    "g-servers-none-to-slash": Answer(NOTHING),
    "h1-path-level-declared": Answer(EDITORIAL),
    "h3-declared-name-typo": Answer(EDITORIAL),
    "h4-required-false": Answer(EDITORIAL),
    "h5-phantom-removed": Answer(EDITORIAL),
    "h6-swagger2-declared": Answer(EDITORIAL),
    "i2-accept-enum": Answer(EDITORIAL),
    "k4-move-kebab": Answer(BREAKING, rules=("breaking operation-moved -",)),
    "m5-enum-closes": Answer(BREAKING, titles=("`r`",)),
    "m6-default-changed-enum": Answer(HARMLESS, only=1, titles=("eu.*us",)),
    "n1-witness-both-bounds": Answer(
        BREAKING, shown={"maximum-decreased": range(51, 101), "minimum-increased": range(10)}
    ),
    "n2-witness-length": Answer(
        BREAKING, shown={"max-length-decreased": range(6, 11), "min-length-increased": range(1, 3)}
    ),
    "w1-host-case": Answer(EDITORIAL),
    "w7-additional-by-ref": Answer(BREAKING, titles=("X-A", "body"), never=("`P`",)),
    "y3-path-item-titles": Answer(BREAKING, titles=("X-A", "body"), never=("`P`",)),
    "y4-path-file-titles": Answer(BREAKING, titles=("X-A", "body"), never=("`post`",)),
    "y5-operation-file-titles": Answer(BREAKING, titles=("`dry`",), never=("`createOrder`",)),
    "y6-parameter-file-titles": Answer(BREAKING, titles=("limit",), never=("`Lim`",)),
    "y9-anchor-text": Answer(BREAKING, titles=("`User`",), places=("#/components/schemas/User/required",)),
    "z2-component-parameter-narrowed": Answer(BREAKING, titles=("limit",), never=("`PageLimit`",)),
}
"""Pairs of which the README says more than a level, or that has no level in its last column."""

SPECS: Final = {
    "allof-ref-removed": Answer(
        BREAKING,
        rules=("breaking required-property-removed response",),
        titles=("`b`.*`T`",),
        never=("from `B`",),
        places=("#/components/schemas/T/allOf/1",),
    ),
    "anyof-null-dropped-once-31": Answer(
        BREAKING, rules=("breaking null-no-longer-allowed request", "additive branch-added request")
    ),
    "anyof-null-grows-request-31": Answer(ADDITIVE, rules=("additive branch-added request",)),
    "base-slash": Answer(SAFE),
    "binary-unclassified": Answer(WORSE, titles=("GET /logs",), never=("no rule",)),
    "body-root-readonly": Answer(frozenset({"editorial"}), only=1),
    "crash-parent-oneof-child-allof": Answer(
        BREAKING,
        rules=("breaking property-removed response",),
        places=("#/components/schemas/Pet/properties/tag",),
    ),
    "dangling": Answer(ANY, warnings=1),
    "disc-rename": Answer(EDITORIAL),
    "disc-subtype": Answer(BREAKING, titles=("`result`",)),
    "discriminator-implicit-anyof-branch-removed": Answer(BREAKING, titles=("Wallet",)),
    "discriminator-implicit-branch-added-response": Answer(frozenset({"dangerous"}), titles=("Wallet",)),
    "discriminator-implicit-branch-removed": Answer(BREAKING, titles=("Wallet",)),
    "discriminator-implicit-component-renamed": Answer(BREAKING, titles=("`Bank`",)),
    "discriminator-mapping-component-renamed": Answer(EDITORIAL, rules=("editorial component-renamed -",)),
    "move-sibling": Answer(BREAKING, titles=("GET .* moved to", "PUT .* moved to"), never=("was removed", "was added")),
    "moved-into-oneof": Answer(ANY, never=("`data_type` was removed",)),
    "multi-title": Answer(BREAKING, rules=("breaking number-became-integer request",), never=("`get` of",)),
    "null-204": Answer(SAFE),
    "null-body": Answer(HARMLESS),
    "nullable-branch": Answer(ANY, never=("`must` of `Filter` may no longer be null",)),
    "nullable-in-31": Answer(BREAKING, warnings=1),
    "nullable-oneof-grows": Answer(ADDITIVE, rules=("additive branch-added request",)),
    "one-branch-wrapper-keeps-siblings": Answer(frozenset({"dangerous"}), rules=("dangerous branch-added response",)),
    "oneof-last-but-one-branch-beside-type-request": Answer(
        BREAKING, titles=("no longer be `Bank`",), never=("to `Card`",)
    ),
    "oneof-second-branch-beside-type-response": Answer(
        frozenset({"dangerous"}), titles=("now also be `Bank`",), never=("from `Card`",)
    ),
    "oneof-to-array": Answer(BREAKING),
    "oneof-to-array-req": Answer(BREAKING),
    "oneof-to-string": Answer(BREAKING),
    "overlap-disc": Answer(HARMLESS),
    "param-multi": Answer(ADDITIVE, broken_in_sdk=True),
    "parent-gets-oneof-of-children": Answer(ANY, never=("removed from `Pet`",)),
    "produces-overridden-everywhere": Answer(frozenset({"additive", "editorial"}), only=1),
    "query-int-string": Answer(ADDITIVE, broken_in_sdk=True),
    "query-style-simple": Answer(WORSE | ADDITIVE),
    "rename-false": Answer(ANY, never=("renamed",)),
    "required-typo": Answer(ANY, titles=("(not|never) declared|declared by no|no property",)),
    "schemes-pointer": Answer(BREAKING, rules=("breaking server-changed -",), places=("#/schemes",)),
    "sec-anon": Answer(SAFE),
    "subtype-by-discriminator-implicit": Answer(
        BREAKING,
        rules=(
            "additive property-added response",
            "breaking required-property-added request",
            "breaking type-changed request",
            "breaking type-changed response",
        ),
    ),
    "subtype-by-discriminator-swagger2": Answer(
        BREAKING, rules=("breaking required-property-added request",), titles=("`chip`.*`Cat`",)
    ),
    "swagger2-second-body-parameter": Answer(ANY, silent=False),
    "unclassified-format": Answer(WORSE, titles=("GET /logs",), never=("no rule",)),
    "ver-word": Answer(EDITORIAL, never=("lowered",)),
    "xnull": Answer(
        BREAKING,
        rules=("breaking null-newly-allowed response",),
        places=("#/paths/~1images/get/responses/200/schema/properties/Author",),
    ),
}


def letter(readme: Path) -> dict[str, Answer]:
    """The answers of the pairs after the texts, by their names."""
    found: dict[str, Answer] = {}
    for row in readme.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
        if len(cells) != 3 or cells[0] in ("case", "---"):
            continue
        name, right = cells[0], cells[2]
        found[name] = LETTER.get(name) or Answer(next(may for text, may in PHRASES.items() if right.startswith(text)))
    return found
