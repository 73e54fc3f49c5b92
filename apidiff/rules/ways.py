"""What each kind of alternative costs whoever offers the API, and where it is not advisable, as data.

What it spares integrators is the effort of the rule that names it. Where it is not advisable people say so: they decide
that the change may proceed, with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apidiff.words.changes import Effort


@dataclass(frozen=True, slots=True)
class Way:
    """The effort of the API's own people, and what speaks against it."""

    effort: Effort
    unless: str


WAYS: Final[Mapping[str, Way]] = {
    "keep-and-deprecate": Way(
        Effort.CODE,
        "the old thing is unsafe, unlawful or wrong, or costs more to run than it spares those who use it",
    ),
    "add-beside": Way(
        Effort.CODE, "the two could come to say different things, or the old one may no longer be told to anybody"
    ),
    "make-optional": Way(Effort.CODE, "nothing can stand for what is left out, or security or the law asks for it"),
    "keep-value": Way(Effort.CODE, "the value is wrong, unsafe or unlawful, and may not be taken or sent any more"),
    "keep-limit": Way(Effort.CONFIG, "the new limit guards against an attack, a cost, or data that would be wrong"),
    "accept-both": Way(Effort.CODE, "one form could be taken for the other, or the old one is unsafe"),
    "new-version": Way(Effort.REDESIGN, "two versions cost more to run than they spare callers"),
}
"""By the kind of the alternative."""
