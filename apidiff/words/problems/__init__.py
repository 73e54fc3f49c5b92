"""Every error code that apidiff gives, with its reason and its remedy: what `apidiff explain CODE` prints.

One module a family, each a table of literals; a test holds them to the codes that the package raises.
"""

from collections.abc import Mapping
from typing import Final

from apidiff.words.problems import call, plans, specs, usage
from apidiff.words.problems.problem import Problem

__all__ = ["PROBLEMS", "Problem"]

PROBLEMS: Final[Mapping[str, Problem]] = {
    problem.code: problem for family in (call, specs, usage, plans) for problem in family.PROBLEMS
}
"""Every error code, in the order of the work."""
