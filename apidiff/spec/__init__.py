"""The parts of a spec above its schemas, whatever the dialect: operations, parameters, bodies, responses, security.

Invariant: what a dialect says in its own way (Swagger 2.0 forms, path-level parameters, root-level security and media
types) is resolved here, so that nothing after this package asks which dialect it was.
"""

from apidiff.spec.document import PARAMETER_SCHEMA_KEYS, Spec
from apidiff.spec.media import is_xml, media_key
from apidiff.spec.parts import (
    METHODS,
    STABILITY_KEYS,
    SUNSET_EXTENSIONS,
    Body,
    Media,
    Operation,
    Parameter,
    Response,
    sunset_of,
)
from apidiff.spec.servers import Addresses, Server, servers_of
from apidiff.spec.text import server_url

__all__ = [
    "METHODS",
    "PARAMETER_SCHEMA_KEYS",
    "STABILITY_KEYS",
    "SUNSET_EXTENSIONS",
    "Addresses",
    "Body",
    "Media",
    "Operation",
    "Parameter",
    "Response",
    "Server",
    "Spec",
    "is_xml",
    "media_key",
    "server_url",
    "servers_of",
    "sunset_of",
]
