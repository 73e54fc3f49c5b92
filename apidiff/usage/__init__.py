"""Usage: from any log to exact evidence of who is exposed to which change.

`read` and `sources` touch files, `route` and `plan` are the relational plan, `measure` makes the cube, `join` the
impacts.
"""

from apidiff.usage.integrators import Integrators, read_integrators
from apidiff.usage.join import join, operation_uses
from apidiff.usage.measure import measure
from apidiff.usage.options import Options
from apidiff.usage.report import usage_report

__all__ = ["Integrators", "Options", "join", "measure", "operation_uses", "read_integrators", "usage_report"]
