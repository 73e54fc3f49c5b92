"""How a thing says that it goes, and when, and what takes its place: in the words that each version has for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from apidiff.load.resolve import Dialect
from apidiff.spec.parts import METHODS

CHANGE: Final = "x-apidiff-change"
REPLACEMENT: Final = "x-apidiff-replacement"


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of everything that is kept for a while: in which dialect, and until when."""

    dialect: Dialect
    sunset: date | None = None

    def said(self, change: str, replacement: str | None, *, has_flag: bool) -> dict[str, Any]:
        """The words themselves; `has_flag` where the version knows `deprecated` of such a thing."""
        flag = {"deprecated": True} if has_flag else {"x-deprecated": True}
        until = {"x-sunset": self.sunset.isoformat()} if self.sunset else {}
        heir = {REPLACEMENT: str(replacement)} if replacement else {}
        return flag | until | heir | {CHANGE: change}

    def schema(self, node: Any, change: str, replacement: str | None) -> Any:
        """A schema that says it: beside a `$ref` only where OpenAPI heeds what stands there (3.1 and later)."""
        said = self.said(change, replacement, has_flag=self.dialect is not Dialect.SWAGGER_2)
        if not isinstance(node, dict):
            return node
        if "$ref" in node and not self.dialect.is_json_schema:
            return {"allOf": [node], **said}
        return _with(node, said)

    def holder(self, node: Any, change: str, replacement: str | None) -> Any:
        """A parameter or a header that says it."""
        if not isinstance(node, dict) or "$ref" in node:
            return node
        return _with(node, self.said(change, replacement, has_flag=self.dialect is not Dialect.SWAGGER_2))

    def operation(self, node: Any, change: str, replacement: str | None) -> Any:
        """An operation that says it; its id gets a name of its own, for the successor has the old one."""
        if not isinstance(node, dict):
            return node
        return _with(node, self.said(change, replacement, has_flag=True))

    def path(self, node: Any, change: str, replacement: str | None) -> Any:
        """A path item all of whose operations say it."""
        if not isinstance(node, dict):
            return node
        return {
            key: self.operation(value, change, replacement) if key in METHODS else value for key, value in node.items()
        }

    def other(self, node: Any, change: str, replacement: str | None) -> Any:
        """What no version has the word `deprecated` for: a response, a media type, a scheme."""
        if not isinstance(node, dict) or "$ref" in node:
            return node
        return _with(node, self.said(change, replacement, has_flag=False))


def _with(node: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """A thing with these words; a sunset that was announced already stays, for it only ever moves later."""
    return {**node, **{key: value for key, value in said.items() if key != "x-sunset" or key not in node}}
