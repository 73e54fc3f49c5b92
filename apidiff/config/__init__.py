"""apidiff.yaml: what users set once for an API, read and checked as a whole before anything runs.

Unknown keys are refused, for a misspelt setting that is ignored does harm in silence.
"""

from apidiff.config.find import load_config
from apidiff.config.settings import (
    Answer,
    Config,
    Consent,
    DecisionEntry,
    Exclude,
    Freeze,
    Peak,
    Selection,
    Tiers,
    WaiverEntry,
    Weights,
    Which,
)

__all__ = [
    "Answer",
    "Config",
    "Consent",
    "DecisionEntry",
    "Exclude",
    "Freeze",
    "Peak",
    "Selection",
    "Tiers",
    "WaiverEntry",
    "Weights",
    "Which",
    "load_config",
]
