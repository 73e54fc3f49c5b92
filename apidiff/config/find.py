"""Finds apidiff.yaml; what reads it is imported only where there is one to read."""

from pathlib import Path
from typing import Final

from apidiff.config.settings import Config

NAMES: Final = ("apidiff.yaml", "apidiff.yml")
"""The files that are looked for in the working directory."""


def load_config(path: Path | None, *, cwd: Path) -> Config:
    """The settings of a file; without one, of `apidiff.yaml` in `cwd`; without that, the defaults.

    Errors: those of `read_config`.
    """
    found = path or next((cwd / name for name in NAMES if (cwd / name).is_file()), None)
    if found is None:
        return Config()
    from apidiff.config.read import read_config

    return read_config(found, cwd=cwd)
