"""The two specs of a comparison, and how they are read: what every walk over them shares.

Nothing here depends on what was compared already, so that a question on the side may use it as it stands.
"""

from collections.abc import Mapping

from apidiff.diff.declared import Declared
from apidiff.diff.scopes import Scopes
from apidiff.load.resolve import Side, find_or_none
from apidiff.load.unchanged import Unchanged
from apidiff.schema import Reader
from apidiff.schema.forms import Forms
from apidiff.schema.validators import Validators
from apidiff.spec import Spec
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer


class Sides:
    """Both specs with their readers and validators, and what they hold in common."""

    def __init__(
        self, base: Side, revision: Side, *, map_prefix: Mapping[str, str], declared: Declared | None = None
    ) -> None:
        self.both = (base, revision)
        self.map_prefix = map_prefix
        self.declared = declared if declared is not None else Declared()
        self.replaced: dict[OperationId, OperationId] = {}
        """Operations that are gone, and the one that takes the place of each, as declared."""
        self.readers = (Reader(base), Reader(revision))
        self.specs = (Spec(base), Spec(revision))
        self.scopes = (Scopes(base), Scopes(revision))
        self.is_scoped = any(self.scopes)
        self.forms = (Forms(base), Forms(revision))
        self.unchanged = Unchanged(base, revision, implied=[pair for side in self.forms for pair in side.implied()])
        self.validators = Validators((base, revision))
        self._components: dict[int, frozenset[str]] = {}

    def components(self, side: int) -> frozenset[str]:
        """The names of one side's components, of whatever kind."""
        if side not in self._components:
            self._components[side] = frozenset(key for _, key in self.specs[side].components)
        return self._components[side]

    def has(self, side: int, name: str, at: Pointer) -> bool:
        """Whether a side has the component, or the file, that holds a place of the other side."""
        if at.file:
            return find_or_none(self.both[side], f"{at.file}#", "") is not None
        return name in self.components(side)
