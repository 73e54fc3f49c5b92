"""Usage: from any log to exact evidence of who is exposed to which change.

`read/` turns files into events, `cube/` events into counts, `ask/` puts the questions of changes to them, and
`accounts/` says whose key is whose.
"""

from apidiff.usage.accounts.integrators import Integrators, read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.ask.report import usage_report
from apidiff.usage.cube.measure import how_read, measure
from apidiff.usage.options import Options
from apidiff.usage.trust import check

__all__ = [
    "Integrators",
    "Options",
    "check",
    "how_read",
    "join",
    "measure",
    "read_integrators",
    "usage_report",
]
