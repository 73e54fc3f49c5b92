"""What an operation is called: its method and its path template, as one text that every stage can take apart."""

import re
from urllib.parse import quote

PARAMETER = re.compile(r"\{[^{}/]*\}")
"""A parameter of a path template, or of a piece of it."""
_WEBHOOK = "webhook "


def bare(template: str) -> str:
    """A path template, or the id of an operation, without the names of its parameters: `GET /users/{}`."""
    return PARAMETER.sub("{}", template)


def apart(base: str, revision: str) -> tuple[list[str], list[str]]:
    """The segments of two paths before those at the end that are the same."""
    old, new = base.split("/"), revision.split("/")
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


class OperationId(str):
    """`GET /v1/users`, or `webhook POST orderPaid`: a plain text to JSON and to people, and a method and a path to us.

    The path of a webhook is its name (OpenAPI 3.1, 4.8.1). Where several specs have the operation the file of each is
    in front: `v1/openapi.yaml#GET /users`.
    """

    __slots__ = ()

    @classmethod
    def of(cls, method: str, path: str) -> "OperationId":
        """The id of the operation that a method has on a path."""
        return cls(f"{method.upper()} {path}")

    @classmethod
    def webhook(cls, method: str, name: str) -> "OperationId":
        """The id of what a webhook sends."""
        return cls(f"{_WEBHOOK}{method.upper()} {name}")

    def within(self, file: str) -> "OperationId":
        """The id of this operation in one of several specs."""
        return OperationId(f"{quote(file, safe='/')}#{self}") if self else self

    @property
    def file(self) -> str:
        """The file in front, "" where there is none."""
        file, mark, _ = self.partition("#")
        return file if mark and " " not in file else ""

    @property
    def plain(self) -> "OperationId":
        """The id without the file."""
        return OperationId(self[len(file) + 1 :]) if (file := self.file) else self

    @property
    def is_webhook(self) -> bool:
        """Whether it is the API that calls."""
        return self.plain.startswith(_WEBHOOK)

    @property
    def method(self) -> str:
        """The method, in upper case; "" for a text that is no id."""
        method, space, _ = self.plain.removeprefix(_WEBHOOK).partition(" ")
        return method if space else ""

    @property
    def path(self) -> str:
        """The path template as the spec writes it, or the webhook's name."""
        return self.plain.removeprefix(_WEBHOOK).partition(" ")[2]

    @property
    def order(self) -> tuple[str, str]:
        """The order of reports: by path, then by method; webhooks, whose paths have no slash in front, come last."""
        return self.partition(" ")[2], self
