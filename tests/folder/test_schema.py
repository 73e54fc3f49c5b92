"""plan.schema.json names what plan.json says, and what the list of contacts says is named in it."""

import json
from importlib import resources

from apidiff.folder.plan_data import plan_json
from apidiff.plan.value import COLUMNS
from tests.render.plan.sample import sample

SCHEMA = json.loads(resources.files("apidiff.folder").joinpath("plan.schema.json").read_bytes())


def test_it_names_every_column_and_what_stands_beside_them() -> None:
    written = json.loads(plan_json(sample()))["integrators"][0]
    described = SCHEMA["$defs"]["integrator"]
    assert list(described["properties"]) == list(written)
    assert list(written)[: len(COLUMNS)] == list(COLUMNS)
    assert set(described["required"]) <= set(written)
