"""The one error that users see: what is wrong, where, and what to do about it."""

from collections.abc import Callable
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command (contract, "Commands")."""

    OK = 0
    FOUND = 1
    USAGE = 2
    INPUT = 3
    OUTSIDE = 4


class ApidiffError(Exception):
    """A problem that the user can mend.

    `code` is a kebab-case name (`reference-unresolved`), `at` says where (`spec.yaml:12`, a JSON Pointer, or both),
    `hint` is the remedy, and `status` the exit code. Secrets and raw log values never go into any of them.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        at: str | None = None,
        hint: str | None = None,
        status: Exit = Exit.INPUT,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self._at: str | Callable[[], str] | None = at
        self.hint = hint
        self.status = status

    @property
    def at(self) -> str | None:
        """The place, worked out when it is first asked for where that takes time."""
        if callable(self._at):
            self._at = self._at()
        return self._at

    @at.setter
    def at(self, place: str | Callable[[], str] | None) -> None:
        self._at = place

    @property
    def has_place(self) -> bool:
        """Whether it is known where, or how to find out."""
        return bool(self._at)

    def __str__(self) -> str:
        where = f"{self.at}: " if self.at else ""
        hint = f"\n  {self.hint}" if self.hint else ""
        return f"{where}{self.message} [{self.code}]{hint}"
