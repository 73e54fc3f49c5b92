"""Reads which changes a decision is about: a change's id, a rule, or words such as `component=Customer path=/v1/*`."""

import re
from typing import Final

from apidiff.config.settings import Which
from apidiff.words.errors import ApidiffError

_NAMED: Final = re.compile(r"(?:^|\s)(rule|component|path|tag|direction)=")


def which_of(text: str) -> Which | None:
    """What a decision is about; None where it is one change, by its id.

    Errors: `rule-unknown`; `decision-unknown` for what is neither an id, a rule nor such words.
    """
    parts = _NAMED.split(text.strip())
    if len(parts) == 1:
        if not text:
            return Which()
        if "-" not in text:
            return None
        return Which(rule=_rule(text))
    if parts[0].strip():
        raise _unclear(text)
    given = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    if len(given) != len(parts) // 2 or not all(given.values()):
        raise _unclear(text)
    if given.get("direction", "request") not in ("request", "response"):
        raise _unclear(text)
    if "rule" in given:
        given["rule"] = _rule(given["rule"])
    return Which(**given)


def _rule(name: str) -> str:
    from apidiff.rules import find

    return find(name).id


def _unclear(text: str) -> ApidiffError:
    shown = re.sub(r"[^\w\s=/*{}.-]", "?", text[:80])
    return ApidiffError(
        f"`{shown}` does not say which changes are meant",
        code="decision-unknown",
        hint="Write a change's id, a rule, or `rule=…`, `component=…`, `path=/v1/*`, `tag=…` and `direction=request`.",
    )
