"""The demo: the main job on the scenario that ships with the package (fixtures/demo, whose README tells its story).

The scenario's last day is fixed, and so is the day on which the demo's plan is made, unless the caller names another.
"""

from datetime import date
from pathlib import Path
from typing import Final

from apidiff.words.errors import ApidiffError

FILES: Final = ("base.yaml", "revision.yaml", "usage.jsonl.gz", "integrators.csv", "apidiff.yaml")
DAY: Final = date(2026, 11, 16)
"""The day after the last one of the demo's log."""

_HERE: Final = Path(__file__).resolve().parents[1]
_SHIPPED: Final = (_HERE / "_fixtures" / "demo", _HERE.parent / "fixtures" / "demo")
"""Where the scenario lies: in the wheel, and in a checkout."""


def demo_folder() -> Path:
    """The scenario's folder; it holds `FILES`.

    Errors: `demo-missing` where the installation lacks it.
    """
    for folder in _SHIPPED:
        if all((folder / name).is_file() for name in FILES):
            return folder
    raise ApidiffError(
        "the demo's files are not in this installation",
        code="demo-missing",
        at=str(_SHIPPED[0]),
        hint="install apidiff again, from a wheel or a whole checkout",
    )
