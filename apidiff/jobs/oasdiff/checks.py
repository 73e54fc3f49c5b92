"""oasdiff's checks beside our rules: what each is called here, or why nothing is.

The table is that of oasdiff 1.37.0 (Apache-2.0): its ids with their levels and the words that its ignore files repeat.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

VERSION: Final = "1.37.0"
_TABLE: Final = Path(__file__).with_name("checks.tsv")
_VALUE: Final = re.compile(r"%[a-z]")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its id, its level as ours, our rule or "", why there is none, and what it says."""

    id: str
    level: str
    rule: str
    why: str
    says: str

    @property
    def words(self) -> tuple[str, ...]:
        """What it always says, without the values."""
        return tuple(part for part in _VALUE.split(self.says.lower()) if part.strip())

    def is_said(self, line: str) -> bool:
        """Whether a line in small letters holds what it says."""
        if not self.words or not all(part in line for part in self.words):
            return False
        return re.search(".*?".join(map(re.escape, _VALUE.split(self.says.lower()))), line) is not None


@lru_cache(maxsize=1)
def checks() -> dict[str, Check]:
    """All checks by id."""
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return {row[0]: Check(row[0], row[1], "" if row[2] == "-" else row[2], row[3], row[4]) for row in rows}


def said_in(line: str) -> Check | None:
    """The check whose words a line of an ignore file repeats: of several the one that says most; None for none."""
    small = line.lower()
    found = [check for check in checks().values() if check.is_said(small)]
    return max(found, key=lambda check: (sum(map(len, check.words)), check.id), default=None)
