"""One vocabulary for schemas: Swagger 2.0, OpenAPI 3.0 and JSON Schema 2020-12 read into the same view.

A view says what a schema means, `allOf` merged, and where each part of that meaning stands in the document. It is made
for one node at a time and names its subschemas without entering them, so recursion needs no care here.
"""

from apidiff.schema.keywords import ANNOTATIONS, ASSERTIONS, BOUNDS, KNOWN, OF_TEXTS, nullable_union
from apidiff.schema.reader import Reader
from apidiff.schema.view import BOTH_FORMATS, VALUE_ASSERTIONS, Group, Place, View, canonical

__all__ = [
    "ANNOTATIONS",
    "ASSERTIONS",
    "BOTH_FORMATS",
    "BOUNDS",
    "KNOWN",
    "OF_TEXTS",
    "VALUE_ASSERTIONS",
    "Group",
    "Place",
    "Reader",
    "View",
    "canonical",
    "nullable_union",
]
