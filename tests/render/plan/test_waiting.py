"""Open decisions come first on every page: by component, the most revenue first; then those that go ahead."""

import re
from dataclasses import replace

from apidiff.config.settings import Answer
from apidiff.plan.opened import open_groups
from apidiff.plan.value import Decision, Plan
from apidiff.render.plan import render_plan
from tests.render.plan.sample import sample


def decided() -> Plan:
    """The sample with its first two breaks answered, the first to be kept."""
    base = sample()
    first, second, *others = base.changes
    answers = (
        replace(first, decision=Decision(first.change.id, Answer.EXPAND)),
        replace(second, decision=Decision(second.change.id, Answer.PROCEED, "it leaks", "Ana")),
    )
    return replace(base, changes=(*answers, *(replace(one, decision=None) for one in others)))


def test_open_ones_are_first_and_the_kept_ones_last() -> None:
    plan = decided()
    open_ = [one.change.id for group in open_groups(plan) for one in group.changes]
    assert open_
    files = {name: content.decode("utf-8", "replace") for name, content in render_plan(plan).items()}
    necessary = files["sunset-plan.md"].partition("## 1. Is it necessary?")[2].partition("## 2.")[0]
    breaks = [one.change.id for one in plan.changes if one.change.breaks]
    assert re.findall(r"\(`(\w{12})`\)", necessary) == [*open_, breaks[1], breaks[0]]
    waiting = files["index.html"].partition('id="decisions"')[2].partition("<h2")[0]
    shown = re.findall(r'<td data-label="id" class="id"><code>(\w{12})</code>', waiting)
    assert shown == [one for one in open_ if one in shown]
    assert open_groups(plan)[0].component in waiting or "In the operations themselves" in waiting
