"""Samples as complete programs, in the languages that integrators use.

Each runs as it stands with what comes with the language: the address and the credentials are read from the
environment (`API_URL` leads to a sandbox), and a refused call or a missing field ends it with an error.
"""

from collections.abc import Mapping
from typing import Final

from apidiff.render.plan.languages.compiled import CSHARP, GO, JAVA
from apidiff.render.plan.languages.language import Language
from apidiff.render.plan.languages.scripts import CURL, NODE, PHP, PYTHON, RUBY

__all__ = ["CURL", "LANGUAGES", "Language", "languages"]

LANGUAGES: Final[Mapping[str, Language]] = {
    "python": PYTHON, "node": NODE, "ruby": RUBY, "php": PHP, "java": JAVA, "go": GO, "csharp": CSHARP,
}  # fmt: skip
_ALIASES: Final = {
    "javascript": "node", "typescript": "node", "js": "node", "nodejs": "node", "node.js": "node", "axios": "node",
    "golang": "go", "kotlin": "java", "scala": "java", "okhttp": "java", "jvm": "java", "guzzle": "php",
    ".net": "csharp", "dotnet": "csharp", "c#": "csharp", "net": "csharp",
}  # fmt: skip


def languages(names: tuple[str, ...], *, most: int = 3) -> tuple[Language, ...]:
    """The languages of the logs that we can write, in the logs' order; Python and Node.js where the logs name none."""
    known = dict.fromkeys(_ALIASES.get(name.lower(), name.lower()) for name in names)
    found = [LANGUAGES[name] for name in known if name in LANGUAGES]
    return tuple(found[:most]) or (LANGUAGES["python"], LANGUAGES["node"])
