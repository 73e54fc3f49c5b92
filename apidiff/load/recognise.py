"""Tells a spec from everything else that people pass by mistake, and says what it looks like."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from apidiff.load.limits import shorten
from apidiff.words.errors import ApidiffError

_READABLE: Final = "apidiff reads OpenAPI 3.0, 3.1 and 3.2 and Swagger 2.0."
_POSTMAN: Final = "Export the API definition (OpenAPI) from Postman instead."
_GRAPHQL: Final = "Compare GraphQL schemas with a GraphQL tool."
_CONVERT: Final = "Convert it to OpenAPI first."

_Test = Callable[[Mapping[str, Any]], bool]


def _has(*keys: str) -> _Test:
    return lambda root: all(key in root for key in keys)


def _inside(outer: str, inner: str) -> _Test:
    return lambda root: isinstance(root.get(outer), Mapping) and inner in root[outer]


def _is_plan(root: Mapping[str, Any]) -> bool:
    return str(root.get("format", "")).startswith("apidiff")


_KINDS: Final[tuple[tuple[_Test, str, str], ...]] = (
    (_has("asyncapi"), "an AsyncAPI document", "AsyncAPI describes events, which apidiff does not compare."),
    (_has("arazzo"), "an Arazzo workflow description", "Give the OpenAPI spec that it names in `sourceDescriptions`."),
    (_has("overlay"), "an OpenAPI Overlay", "Apply it to its spec first, then give the result."),
    (_has("openrpc"), "an OpenRPC document", _READABLE),
    (_has("swaggerVersion"), "Swagger 1.x", "Convert it to OpenAPI 3 first: Swagger 1.x is split over many files."),
    (_has("smithy"), "a Smithy model", "Export it as OpenAPI first (the `openapi` plugin of smithy-build)."),
    (_has("__schema"), "a GraphQL introspection result", _GRAPHQL),
    (_inside("data", "__schema"), "a GraphQL introspection result", _GRAPHQL),
    (_inside("info", "_postman_id"), "a Postman collection", _POSTMAN),
    (_has("info", "item"), "a Postman collection", _POSTMAN),
    (_has("requests", "order"), "a Postman collection", _POSTMAN),
    (_has("_type", "resources"), "an Insomnia export", "Export the design document as OpenAPI from Insomnia instead."),
    (_inside("log", "entries"), "a HAR recording of traffic", "Give it with --usage; BASE and REVISION are specs."),
    (_has("rootUrl", "resources"), "a Google API discovery document", _CONVERT),
    (_has("apiVersion", "kind"), "a Kubernetes manifest", "Give the spec itself, not the resource that carries it."),
    (_has("oid", "size", "version"), "a git LFS pointer", "Fetch the file itself: `git lfs pull`."),
    (_is_plan, "an output of apidiff", "BASE and REVISION are specs; a plan goes with `track` and `gate --plan`."),
    (_has("paths"), "a spec without its version", 'Add the version at the top, for example `openapi: "3.0.3"`.'),
    (_has("$schema"), "a JSON Schema", "Put it under `components/schemas` of an OpenAPI spec."),
    (_has("type", "properties"), "a JSON Schema", "Put it under `components/schemas` of an OpenAPI spec."),
)

# Groups that skip comments are atomic: text made for it would else be matched in ever more ways.
_TEXTS: Final = (
    (re.compile(r"\s*#%RAML"), "a RAML document", _CONVERT),
    (re.compile(r"\s*FORMAT:\s*1A"), "an API Blueprint", _CONVERT),
    (re.compile(r"\s*<(?:!doctype )?html", re.IGNORECASE), "a web page", "Give the address of the spec file itself."),
    (re.compile(r"\s*<"), "an XML document", "apidiff reads no WSDL, WADL or OData; give the API's OpenAPI spec."),
    (
        re.compile(r'(?>\s+|//[^\n]*\n|/\*.*?\*/)*+(?:syntax\s*=\s*"|edition\s*=\s*")', re.DOTALL),
        "a protobuf definition",
        "Compare protobuf files with a protobuf tool, or export OpenAPI from them.",
    ),
    (
        re.compile(
            r'(?>\s+|#[^\n]*\n|""".*?""")*+'
            r"(?:(?:extend\s+)?(?:schema|type|interface|enum|scalar|input|directive)\b[^:\n]*[{@]|"
            r"(?:extend\s+)?union\s+\w+\s*=|scalar\s+\w+\s*(?:\n|$))",
            re.DOTALL,
        ),
        "a GraphQL schema",
        _GRAPHQL,
    ),
    (re.compile(r"\s*(?:diff --git|--- a/|<<<<<<< )"), "a patch or an unfinished merge", "Give the whole spec file."),
)


def looks_like(text: str) -> tuple[str, str] | None:
    """What a text is by its opening, and the remedy; None for what may be JSON or YAML."""
    return next(((kind, hint) for pattern, kind, hint in _TEXTS if pattern.match(text[:20_000])), None)


def check_spec(root: Any, where: str) -> str | None:
    """A warning for an odd version; raises `spec-not-recognised` and `spec-version-unsupported`."""
    if not isinstance(root, dict):
        kind = "a list" if isinstance(root, list) else "plain text" if isinstance(root, str) else "a single value"
        raise not_recognised(f"{kind}, where a spec is a mapping", _READABLE, where)
    if "openapi" in root:
        return _check_openapi(shorten(str(root["openapi"]).strip()[:20]), where)
    if "swagger" in root:
        return _check_swagger(shorten(str(root["swagger"]).strip()[:20]), where)
    for is_kind, kind, hint in _KINDS:
        if is_kind(root):
            raise not_recognised(f"it looks like {kind}", hint, where)
    if not root:
        raise not_recognised("an empty mapping", _READABLE, where)
    keys = ", ".join(f"`{shorten(key[:40])}`" for key in list(root)[:5])
    raise not_recognised(f"neither `openapi` nor `swagger` at its top, but {keys}", _READABLE, where)


def _check_openapi(version: str, where: str) -> str | None:
    if re.fullmatch(r"3\.[012](\.\d+)?(-\S+)?", version):
        return None
    if re.fullmatch(r"3(\.\d+)*(-\S+)?", version):
        return f"{where}: the version `openapi: {version}` is unknown here; it is read as the nearest known one"
    if version.startswith("2"):
        raise _unsupported(f"openapi {version}", where, 'Version 2 is written `swagger: "2.0"`.')
    raise _unsupported(f"openapi {version}", where)


def _check_swagger(version: str, where: str) -> str | None:
    if version in ("2", "2.0"):
        return None
    if version.startswith("3"):
        raise _unsupported(f"swagger {version}", where, f'Version 3 is written `openapi: "{version}"`.')
    raise _unsupported(f"swagger {version}", where)


def _unsupported(version: str, where: str, hint: str = f"{_READABLE} Convert the spec to one of them.") -> ApidiffError:
    return ApidiffError(f"unsupported version: {version}", code="spec-version-unsupported", at=where, hint=hint)


def not_recognised(what: str, hint: str, where: str) -> ApidiffError:
    """The refusal of something that is no spec."""
    return ApidiffError(f"not an OpenAPI or Swagger spec: {what}", code="spec-not-recognised", at=where, hint=hint)
