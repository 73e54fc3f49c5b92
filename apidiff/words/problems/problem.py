"""What an error code is: why it stops the run, what to do about it, and the exit code that it ends in."""

from dataclasses import dataclass

from apidiff.words.errors import Exit


@dataclass(frozen=True, slots=True)
class Problem:
    """One error code, explained at leisure; an error's own message says what is wrong with this input."""

    code: str
    why: str
    remedy: str
    status: Exit = Exit.INPUT
