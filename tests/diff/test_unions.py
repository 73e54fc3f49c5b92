"""No branch comes or goes in silence, also where another one allows all that it does."""

from tests.diff.saying import answer, said, spec

NAME, SHORT, CAT = {"type": "string"}, {"type": "string", "maxLength": 5}, {"type": "object", "required": ["meow"]}
AT = "#/paths/~1a/get/responses/200/content/application~1json/schema/anyOf"


def test_a_branch_that_another_one_covers():
    base, revision = (spec(answer({"anyOf": branches})) for branches in ([CAT, NAME], [SHORT, CAT, NAME]))
    assert said(base, revision) == [f"additive covered-branch-added: - -> {AT}/0"]
    assert said(revision, base) == [f"additive covered-branch-removed: {AT}/0 -> -"]
