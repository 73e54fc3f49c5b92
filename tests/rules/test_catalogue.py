"""The catalogue judges everything that the differ may state, and keeps its own laws."""

from collections.abc import Iterator
from itertools import combinations

import pytest

from apidiff.rules import asks_where, catalogue, families, find, judge
from apidiff.rules.profiles import Profile, differences, level_of
from apidiff.rules.rule import Rule
from apidiff.rules.ways import WAYS
from apidiff.words.changes import UNCLASSIFIED, Effort, Exposed, Level
from apidiff.words.direction import Direction
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.facts import Action, Fact, Subject
from apidiff.words.within import NOWHERE, Surroundings, Within

ADDED, REMOVED, TIGHTENED, LOOSENED, REPLACED, RENAMED, MOVED = Action
EDITS = (ADDED, REMOVED, REPLACED)
MOVES = (TIGHTENED, LOOSENED)
ALL_MOVES = (TIGHTENED, LOOSENED, REPLACED)
NEUTRAL: tuple[Direction | None, ...] = (None,)
BOTH: tuple[Direction | None, ...] = (Direction.REQUEST, Direction.RESPONSE)

EMPTY = (Subject.RESPONSE, Subject.REQUEST_BODY, Subject.MEDIA_TYPE)
PROMISED = ("sunset_passed", "sunset_pending")
ANNOUNCED = ("has_sunset", "sunset_invalid", "sunset_too_soon")
PARTS = (Subject.PARAMETER, Subject.HEADER, Subject.SCHEMA, Subject.PROPERTY)
VOCABULARY: tuple[tuple[Subject, str, tuple[Action, ...], tuple[Direction | None, ...], tuple[str, ...]], ...] = (
    (Subject.OPERATION, "presence", (ADDED, REMOVED), NEUTRAL, ("deprecated", *PROMISED)),
    (Subject.OPERATION, "path", (MOVED,), NEUTRAL, ("version_prefix", "method")),
    (Subject.OPERATION, "operationId", EDITS, NEUTRAL, ()),
    (Subject.OPERATION, "tags", (ADDED, REMOVED), NEUTRAL, ()),
    (Subject.OPERATION, "stability", MOVES, NEUTRAL, ()),
    (Subject.OPERATION, "deprecated", (ADDED, REMOVED), NEUTRAL, ANNOUNCED),
    (Subject.OPERATION, "sunset", (ADDED, REMOVED, *ALL_MOVES), NEUTRAL, ("invalid",)),
    (Subject.WEBHOOK, "presence", (ADDED, REMOVED), NEUTRAL, ()),
    (Subject.CALLBACK, "presence", (ADDED, REMOVED), NEUTRAL, ()),
    (Subject.CALLBACK, "path", (MOVED,), NEUTRAL, ()),
    (Subject.LINK, "presence", (ADDED, REMOVED), NEUTRAL, ()),
    (Subject.LINK, "definition", (REPLACED,), NEUTRAL, ()),
    (Subject.PATH, "parameter-name", (RENAMED,), NEUTRAL, ()),
    (Subject.PATH, "querystring-name", (RENAMED,), NEUTRAL, ()),
    (Subject.PATH, "declaration", (ADDED, REMOVED), NEUTRAL, ()),
    *((Subject.PATH, facet, EDITS, NEUTRAL, ()) for facet in ("stray", "required")),
    *((subject, "ignored", EDITS, BOTH, ()) for subject in (Subject.PARAMETER, Subject.HEADER)),
    *((subject, "ignored", EDITS, (*BOTH, None), ()) for subject in EMPTY),
    (Subject.SERVER, "url", EDITS, NEUTRAL, ()),
    (Subject.SERVER, "variable", (ADDED, REMOVED, *MOVES), NEUTRAL, ()),
    (Subject.SERVER, "variables", EDITS, NEUTRAL, ()),
    (Subject.SERVER, "name", EDITS, NEUTRAL, ()),
    (Subject.SERVER, "unused-variable", EDITS, NEUTRAL, ()),
    (Subject.SECURITY, "requirement", ALL_MOVES, NEUTRAL, ("was_open", "declared")),
    (Subject.SECURITY, "alternative", (*EDITS, *MOVES), NEUTRAL, ("covered",)),
    (Subject.SECURITY, "scope", (ADDED, REMOVED, *MOVES), NEUTRAL, ()),
    (Subject.SECURITY_SCHEME, "presence", (ADDED, REMOVED, RENAMED), NEUTRAL, ()),
    *(
        (Subject.SECURITY_SCHEME, facet, EDITS, NEUTRAL, ())
        for facet in ("type", "in", "name", "scheme", "bearerFormat", "openIdConnectUrl", "oauth2MetadataUrl")
    ),
    *(
        (Subject.SECURITY_SCHEME, facet, EDITS, NEUTRAL, ())
        for facet in ("flow", "authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")
    ),
    (Subject.SECURITY_SCHEME, "scope", (ADDED, REMOVED), NEUTRAL, ("used",)),
    (Subject.SECURITY_SCHEME, "deprecated", (ADDED, REMOVED), NEUTRAL, ()),
    (Subject.DOCUMENT, "version", (REPLACED,), NEUTRAL, ("lowered", "stayed")),
    (Subject.DOCUMENT, "unused-media-types", EDITS, NEUTRAL, ()),
    (Subject.DOCUMENT, "reference", (ADDED, REMOVED), NEUTRAL, ()),
    (Subject.DOCUMENT, "dialect", (REPLACED,), NEUTRAL, ()),
    (Subject.DOCUMENT, "address", EDITS, NEUTRAL, ()),
    *((Subject.DOCUMENT, facet, EDITS, NEUTRAL, ()) for facet in ("contact", "license", "termsOfService", "tags")),
    (Subject.COMPONENT, "presence", (ADDED, REMOVED, RENAMED), NEUTRAL, ("example",)),
    (Subject.PARAMETER, "presence", (ADDED, REMOVED), BOTH, ("required", "has_default", *PROMISED)),
    (Subject.PARAMETER, "required", MOVES, BOTH, ("has_default",)),
    (Subject.PARAMETER, "name", (RENAMED,), BOTH, ()),
    (Subject.PARAMETER, "location", (MOVED,), BOTH, ()),
    (Subject.PARAMETER, "serialization", (REPLACED,), BOTH, ()),
    (Subject.PARAMETER, "content", (REPLACED,), BOTH, ()),
    (Subject.PARAMETER, "allowEmptyValue", MOVES, BOTH, ()),
    (Subject.REQUEST_BODY, "presence", (ADDED, REMOVED), BOTH, ("required",)),
    (Subject.REQUEST_BODY, "required", MOVES, BOTH, ()),
    (Subject.MEDIA_TYPE, "presence", (ADDED, REMOVED), BOTH, ("only", "ranged", "again")),
    (Subject.MEDIA_TYPE, "encoding", (REPLACED,), BOTH, ("plain", "widens", "narrows")),
    (
        Subject.RESPONSE,
        "presence",
        (ADDED, REMOVED),
        BOTH,
        ("success", "error", "covered", "replaced_success", "narrowed"),
    ),
    (Subject.HEADER, "presence", (ADDED, REMOVED), BOTH, ("required", *PROMISED)),
    (Subject.HEADER, "required", MOVES, BOTH, ()),
    (
        Subject.PROPERTY,
        "presence",
        (ADDED, REMOVED, RENAMED),
        BOTH,
        ("required", "closed", "read_only", "write_only", "split", *PROMISED),
    ),
    (Subject.PROPERTY, "required", MOVES, BOTH, ("undeclared", "has_default")),
    *(
        (subject, facet, (ADDED, REMOVED), BOTH, ("required",))
        for subject in (Subject.PROPERTY, Subject.SCHEMA)
        for facet in ("readOnly", "writeOnly")
    ),
    *(
        (part, "deprecated", (ADDED, REMOVED), BOTH, ("has_sunset", "sunset_invalid", "sunset_too_soon"))
        for part in PARTS
    ),
    *((part, "sunset", (ADDED, REMOVED, *ALL_MOVES), BOTH, ("invalid",)) for part in PARTS),
    (Subject.SCHEMA, "type", ALL_MOVES, BOTH, ("number", "union")),
    (Subject.SCHEMA, "wire-type", (LOOSENED,), BOTH, ()),
    (Subject.SCHEMA, "wire-list", (REPLACED,), BOTH, ()),
    (Subject.SCHEMA, "wire-null", (REPLACED,), BOTH, ()),
    (Subject.SCHEMA, "nullable", MOVES, BOTH, ()),
    (Subject.SCHEMA, "enum", MOVES, BOTH, ()),
    (Subject.SCHEMA, "enum-set", MOVES, BOTH, ()),
    (Subject.SCHEMA, "const", (REPLACED,), BOTH, ()),
    (Subject.SCHEMA, "extensible-enum", (ADDED, REMOVED, *MOVES), BOTH, ()),
    *(
        (Subject.SCHEMA, f"{side}{facet}", MOVES, BOTH, ())
        for side in ("min", "max")
        for facet in ("imum", "Length", "Items", "Properties", "Contains")
    ),
    (Subject.SCHEMA, "multipleOf", ALL_MOVES, BOTH, ()),
    (Subject.SCHEMA, "uniqueItems", MOVES, BOTH, ()),
    (Subject.SCHEMA, "pattern", ALL_MOVES, BOTH, ("undecided",)),
    (Subject.SCHEMA, "format", ALL_MOVES, BOTH, ("integer",)),
    *((Subject.SCHEMA, facet, EDITS, BOTH, ()) for facet in ("format-hint", "format-bytes")),
    *((Subject.SCHEMA, facet, EDITS, BOTH, ()) for facet in ("contentEncoding", "contentMediaType", "contentSchema")),
    *(
        (Subject.SCHEMA, facet, MOVES, BOTH, ("closed", "set", "unset", "keyword"))
        for facet in [
            "items",
            "prefixItems",
            "contains",
            "unevaluatedItems",
            "propertyNames",
            "additionalProperties",
            "unevaluatedProperties",
            "patternProperties",
            "dependentRequired",
            "dependentSchemas",
            "oneOf",
            "anyOf",
            "not",
        ]
    ),
    *((Subject.SCHEMA, facet, (ADDED, REMOVED), BOTH, ()) for facet in ("oneOf", "anyOf")),
    (Subject.SCHEMA, "overlap", (TIGHTENED, LOOSENED), BOTH, ()),
    (Subject.SCHEMA, "pattern-words", EDITS, BOTH, ()),
    (Subject.SCHEMA, "ineffective-keyword", EDITS, (*BOTH, None), ()),
    *((subject, "idle-flag", EDITS, (*BOTH, None), ()) for subject in (Subject.PARAMETER, Subject.HEADER)),
    (Subject.SCHEMA, "if", ALL_MOVES, BOTH, ("same",)),
    (Subject.SCHEMA, "discriminator", EDITS, BOTH, ()),
    *(
        (Subject.SCHEMA, facet, EDITS, BOTH, ())
        for facet in ("discriminator-mapping", "discriminator-name", "discriminator-default")
    ),
    *(
        (subject, "default", EDITS, BOTH, ())
        for subject in (Subject.SCHEMA, Subject.PROPERTY, Subject.PARAMETER, Subject.HEADER)
    ),
    *(
        (subject, facet, EDITS, (*BOTH, None), ())
        for subject in Subject
        for facet in (
            "title",
            "description",
            "summary",
            "example",
            "examples",
            "externalDocs",
            "extension",
            "unknown-key",
        )
    ),
    *((subject, "xml", EDITS, (*BOTH, None), ("same", "unnamed")) for subject in Subject),
)
SEVERITY = {Level.EDITORIAL: 0, Level.ADDITIVE: 1, Level.DANGEROUS: 2, Level.BREAKING: 3}


def facts() -> Iterator[tuple[Fact, Direction | None]]:
    """Every fact of the vocabulary, with no flag, each flag alone, each two, and all of them."""
    for subject, facet, actions, directions, flags in VOCABULARY:
        for action in actions:
            for chosen in ((), *((flag,) for flag in flags), *combinations(flags, 2), flags):
                fact = Fact(subject, facet, action, None, None, flags=dict.fromkeys(chosen, True))
                for direction in directions:
                    yield fact, direction


def surroundings_of(fact: Fact) -> tuple[Surroundings, ...]:
    """What a way to a fact may lead through, as far as rules ask: nothing, and each thing alone."""
    return (NOWHERE, *(frozenset({place}) for place in Within)) if asks_where(fact) else (NOWHERE,)


def test_every_fact_of_the_vocabulary_is_claimed_wherever_it_is() -> None:
    unclaimed = [
        (fact, direction, within)
        for fact, direction in facts()
        for within in surroundings_of(fact)
        if judge(fact, direction, within) is None
    ]
    assert unclaimed == []


def test_every_rule_can_be_reached() -> None:
    reached = {
        rule.id
        for fact, direction in facts()
        for within in surroundings_of(fact)
        if (rule := judge(fact, direction, within))
    }
    assert {rule.id for rule in catalogue()} - reached == set()


def test_a_place_that_nobody_reaches_is_named_and_harmless() -> None:
    for fact, _ in facts():
        rule = judge(fact, None)
        assert rule is not None
        if rule.neutral is None:
            assert level_of(rule, None) in (Level.ADDITIVE, Level.EDITORIAL)


def test_what_is_no_fact_of_the_vocabulary_is_claimed_by_nobody() -> None:
    assert judge(Fact(Subject.SCHEMA, "shape", REPLACED, None, None), Direction.REQUEST) is None


def test_tightened_breaks_requests_and_loosened_never_does() -> None:
    for fact, direction in facts():
        if direction is None or fact.facet in ("extensible-enum", "sunset") or fact.action not in MOVES:
            continue
        if fact.subject not in (Subject.SCHEMA, Subject.PROPERTY):
            continue
        for within in surroundings_of(fact):
            rule = judge(fact, direction, within)
            assert rule is not None
            safe = (fact.action is LOOSENED) == (direction is Direction.REQUEST)
            harmless = rule.level(direction) in (Level.ADDITIVE, Level.EDITORIAL)
            assert harmless == safe, (rule.id, direction)


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_a_rule_is_complete(rule: Rule) -> None:
    levels = [rule.request, rule.response, rule.neutral]
    bad = Level.BREAKING in levels or Level.DANGEROUS in levels
    assert rule.id == rule.id.lower().replace(" ", "-")
    assert all(rule.reason(way).endswith(".") for way in (None, *Direction) if rule.level(way))
    assert any(levels)
    assert bad or rule.strict or rule.sdk or rule.instead is None
    if bad:
        assert rule.instead is not None, "what hurts callers needs an alternative"
        assert rule.instead.kind in WAYS
    if not bad:
        assert rule.exposed_by is Exposed.NOBODY or "deprecated" in rule.id or rule.id == "sunset-added" or rule.sdk
    for example in (rule.example, rule.near_miss):
        assert example.before
        assert example.after
    words = (
        "direction",
        "name",
        "owner",
        "whole",
        "before",
        "after",
        "moved",
        "item",
        "edited",
        "other",
        "flow",
        "announced",
    )
    rule.title.format_map(dict.fromkeys(words, "x"))
    if rule.instead:
        rule.instead.summary.format(
            direction="request", name="n", owner="o", whole="w", before="b", after="a", item="i", thing="t"
        )
        assert rule.effort in Effort


def test_ids_and_aliases_are_unique() -> None:
    names = [name for rule in catalogue() for name in (rule.id, *rule.aliases)]
    assert len(names) == len(set(names))
    assert sum(len(rules) for _, rules in families()) == len(catalogue())


def test_find_knows_ids_aliases_and_the_unclassified() -> None:
    assert find("property-removed").id == "property-removed"
    assert find("tag-changed").id == "tag-added"
    assert find(UNCLASSIFIED).neutral is Level.DANGEROUS


def test_find_names_the_nearest() -> None:
    with pytest.raises(ApidiffError) as caught:
        find("property-remove")
    assert caught.value.code == "rule-unknown"
    assert caught.value.status is Exit.USAGE
    assert caught.value.hint == "did you mean 'property-removed'? `apidiff rules` lists them all"


def test_profiles_are_nested() -> None:
    for rule in catalogue():
        for direction in (Direction.REQUEST, Direction.RESPONSE, None):
            levels = [level_of(rule, direction, profile) for profile in Profile]
            if rule.level(direction) is not None:
                ranks = [SEVERITY[level] for level in levels if level is not None]
                assert ranks == sorted(ranks), (rule.id, direction, levels)


def test_strict_breaks_on_every_loosening_of_a_response() -> None:
    for rule in catalogue():
        if LOOSENED in rule.actions and rule.response is Level.DANGEROUS and rule.subject is Subject.SCHEMA:
            hint = rule.id == "content-encoding-changed"
            assert hint or level_of(rule, Direction.RESPONSE, Profile.STRICT) is Level.BREAKING, rule.id


IN_OTHER_CODE = {
    *("parameter-type-widened", "parameter-list-became-text", "parameter-null-no-longer-allowed"),
    *("integer-became-number", "integer-widened", "type-widened", "enum-dropped", "format-loosened"),
    *("format-hint-added", "format-hint-removed", "format-hint-changed"),
}


def test_a_profile_never_moves_a_request_but_what_is_the_same_in_other_code() -> None:
    for profile in Profile:
        moved = {
            rule.id for rule, direction, _, _ in differences(catalogue(), profile) if direction is Direction.REQUEST
        }
        assert moved == (IN_OTHER_CODE if profile is Profile.SDK else set())


@pytest.mark.parametrize("direction", [Direction.REQUEST, Direction.RESPONSE])
def test_what_gives_a_field_another_type_breaks_generated_clients_either_way(direction: Direction) -> None:
    """`int` is `long`, `Status` is `String`: the call compiles no more, though what is on the wire stays good."""
    types = ("number-became-integer", "integer-became-number", "integer-narrowed", "integer-widened", "type-narrowed")
    others = ("type-widened", "value-became-enum", "enum-dropped", "format-tightened", "format-loosened")
    for name in (*types, *others):
        assert level_of(find(name), direction, Profile.SDK) is Level.BREAKING, name


def test_tolerant_forgives_what_readers_skip() -> None:
    rows = [(rule.id, direction, after) for rule, direction, _, after in differences(catalogue(), Profile.TOLERANT)]
    assert rows == [
        ("header-removed-after-sunset", Direction.RESPONSE, Level.DANGEROUS),
        ("header-removed", Direction.RESPONSE, Level.DANGEROUS),
        ("property-added-to-closed-object", Direction.RESPONSE, Level.ADDITIVE),
        ("property-removed-after-sunset", Direction.RESPONSE, Level.DANGEROUS),
        ("property-removed", Direction.RESPONSE, Level.DANGEROUS),
        ("additional-properties-loosened", Direction.RESPONSE, Level.ADDITIVE),
    ]
