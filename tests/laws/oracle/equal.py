"""What the law of completeness takes for the same contract in other words; any other difference must have its fact."""

from typing import Final

EQUAL: Final = {
    "the order of keys, and of `required`, `enum`, `tags`, `parameters`, `security`, branches": "sets, by the standard",
    "`allOf` merged, a single `oneOf` or `anyOf` unwrapped": "the same conjunction (JSON Schema 2020-12 Core, 10.2.1)",
    "`anyOf` that becomes `oneOf`, or back, where no value meets two branches": "the same values",
    "`$ref` or what it names": "a reference is a way to write (a component that comes or goes is a difference)",
    "`nullable`, a type list, a null branch, a null in `enum`": "the same values, said in 3.0 and in 3.1",
    "`nullable: true` beside a composition and no type": "meant as null, though the standard gives it no meaning there",
    "`const`, a one-value `enum`, a union of constants; bare types in a union or a list": "the same values",
    "`exclusiveMinimum: true` or a number; for whole numbers also `> 0` and `>= 1`": "the same values",
    "defaults written out: `minLength: 0`, `uniqueItems: false`, `required: false`, …": "the same meaning",
    "keywords about another type than the schema's, properties of what is no object": "no value meets them",
    "listed values that other keywords refuse, and bounds beside a list": "the list says what is allowed",
    "`additionalProperties: true` or `{}`, and other subschemas that allow all": "the same values; their texts differ",
    "`example: x` and `examples: [x]`": "OpenAPI 3.1 renames the keyword",
    "the `example` of a media type, and its entry in the `examples` of a Swagger 2.0 response": "the same example",
    "what is said below a type that shares no value with the other side's": "the type's own edit takes all with it",
    "what is below a thing that came or went, or below the parts of a split property": "it came or went with it",
    "what stands beside `$ref` in OpenAPI 3.0, on one side only": "ignored, by the standard",
    "in XML: a default written out, `nodeType` for `attribute` and `wrapped`, the name by place": "3.2, 4.26",
    "`$defs` and `definitions` in a schema, paths without an operation": "nothing uses them",
    "a second annotation of a kind in an `allOf`": "the first is heard, by readers and here",
    "headers by case; media types by case, order, quotes, and the charset of what is no text": "RFC 9110, 8.3",
    "style and explode of plain values outside a path, of lists where they join alike, of deep objects": "on the wire",
    "a path parameter without `required`, one declared for no segment: said, and no more": "the template decides",
    "what another type asks of the texts of a parameter that it lets through": "it came with the type",
    "one address in two ways: case of host, default port, escapes, dots, a last slash, a variable": "RFC 3986, 6.2",
    "no server, an empty list, and `/`; an address of a server that another one offers": "the same addresses",
    "a path that went from the servers' URLs into the paths, or back": "the same on the wire",
    "a sunset that goes with the deprecation": "the operation stays, as its own edit says",
    "the API's security, in a callback": "what it asks of its callers it does not ask of itself",
    "`x-apidiff-waivers`": "what lets changes pass is no part of the API",
}
"""What is declared equal, and why."""
