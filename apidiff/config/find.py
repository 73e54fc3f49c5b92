"""Finds apidiff.yaml; what reads it is imported only where there is one to read."""

from pathlib import Path
from typing import Final

from apidiff.config.settings import Config

NAMES: Final = ("apidiff.yaml", "apidiff.yml")
"""The files that are looked for in the working directory."""


def is_at_revision(path: Path) -> bool:
    """Whether a configuration is that of a git revision: what a pull request edits is not what it is judged by."""
    if ":" not in str(path):
        return False
    from apidiff.load.git import is_revision

    return is_revision(str(path))


def load_config(path: Path | None, *, cwd: Path) -> Config:
    """The settings of a file, or of `REV:PATH`; without one, of `apidiff.yaml` in `cwd`; without that, the defaults.

    Errors: those of `read_config`, and of git.
    """
    if path is not None and is_at_revision(path):
        from apidiff.config.read import read_config_at

        return read_config_at(str(path))
    found = path or next((cwd / name for name in NAMES if (cwd / name).is_file()), None)
    if found is None:
        return Config()
    from apidiff.config.read import read_config

    return read_config(found, cwd=cwd)
