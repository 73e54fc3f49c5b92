"""How a thing says that it goes, and when, and what takes its place: in the words that each version has for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from apidiff.load.resolve import Dialect
from apidiff.spec.parts import METHODS

CHANGE: Final = "x-apidiff-change"
REPLACEMENT: Final = "x-apidiff-replacement"
KEPT: Final = "x-apidiff-kept"
"""A list beside keywords that have no word for it: what of them goes (`enum: cheque`, `maximum: 500`), and when."""
NEWLINE: Final = "\n"
PARAGRAPH: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of everything that is kept for a while: in which dialect, and until when."""

    dialect: Dialect
    sunset: date | None = None

    def said(self, change: str, replacement: str | None, *, has_flag: bool) -> dict[str, Any]:
        """The words themselves; `has_flag` where the version knows `deprecated` of such a thing."""
        flag = {"deprecated": True} if has_flag else {"x-deprecated": True}
        return flag | self._until(change, replacement)

    def kept(self, keyword: str, value: Any, change: str, replacement: str | None) -> dict[str, Any]:
        """An entry of `KEPT`: a value of a list, or a limit, null for none."""
        return {keyword: value} | self._until(change, replacement)

    def _until(self, change: str, replacement: str | None) -> dict[str, Any]:
        until = {"x-sunset": self.sunset.isoformat()} if self.sunset else {}
        heir = {REPLACEMENT: str(replacement)} if replacement else {}
        return until | heir | {CHANGE: change}

    def schema(self, node: Any, change: str, replacement: str | None) -> Any:
        """A schema that says it: beside a `$ref` only where OpenAPI heeds what stands there (3.1 and later)."""
        has_flag = self.dialect is not Dialect.SWAGGER_2
        if not isinstance(node, dict):
            return node
        if "$ref" in node and not self.dialect.is_json_schema:
            return self._with({"allOf": [node]}, change, replacement, has_flag=has_flag, is_alike=True)
        return self._with(node, change, replacement, has_flag=has_flag, is_alike=True)

    def holder(self, node: Any, change: str, replacement: str | None) -> Any:
        """A parameter or a header that says it."""
        if not isinstance(node, dict) or "$ref" in node:
            return node
        return self._with(node, change, replacement, has_flag=self.dialect is not Dialect.SWAGGER_2)

    def operation(self, node: Any, change: str, replacement: str | None) -> Any:
        """An operation that says it; its id gets a name of its own, for the successor has the old one."""
        if not isinstance(node, dict):
            return node
        return self._with(node, change, replacement, has_flag=True)

    def path(self, node: Any, change: str, replacement: str | None) -> Any:
        """A path item all of whose operations say it."""
        if not isinstance(node, dict):
            return node
        return {
            key: self.operation(value, change, replacement) if key in METHODS else value for key, value in node.items()
        }

    def scheme(self, node: Any, change: str, replacement: str | None) -> Any:
        """A security scheme that says it (OpenAPI 3.2 has the word for it)."""
        if not isinstance(node, dict) or "$ref" in node:
            return node
        return self._with(node, change, replacement, has_flag=self.dialect is Dialect.OPENAPI_32)

    def other(self, node: Any, change: str, replacement: str | None) -> Any:
        """A response, for which no version has the word `deprecated`."""
        if not isinstance(node, dict) or "$ref" in node:
            return node
        return self._with(node, change, replacement, has_flag=False)

    def media(self, node: Any, change: str, replacement: str | None) -> Any:
        """A media type, which has no description either."""
        if not isinstance(node, dict) or "$ref" in node:
            return node
        return {**node, **self.said(change, replacement, has_flag=False)}

    def _with(
        self, node: Mapping[str, Any], change: str, replacement: str | None, *, has_flag: bool, is_alike: bool = False
    ) -> dict[str, Any]:
        """A thing with these words; a sunset that was announced already stays, for it only ever moves later."""
        said = self.said(change, replacement, has_flag=has_flag)
        said |= {"x-sunset": node["x-sunset"]} if "x-sunset" in node else {}
        told = _told(said.get("x-sunset"), replacement, is_alike=is_alike)
        about = node.get("description")
        if isinstance(about, str) and about.strip():
            told = f"{about.rstrip()}{PARAGRAPH if NEWLINE in about else ' '}{told}"
        return {**node, "description": told, **said}


def _told(sunset: Any, replacement: str | None, *, is_alike: bool) -> str:
    """What people read: until when it works, and what to use; `is_alike` where that says the same."""
    parts = [f"works until {sunset}"] if isinstance(sunset, str) else []
    if replacement:
        names = [f"`{name}`" for name in replacement.split(", ")]
        says = f", which {'say' if len(names) > 1 else 'says'} the same" if is_alike else ""
        parts.append(f"use {' and '.join(names)}{says}")
    return f"Deprecated: {'; '.join(parts)}." if parts else "Deprecated."
