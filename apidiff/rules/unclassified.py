"""The rule of what no rule claims: the classifier names it, so that `explain` and every report can say what it is."""

from apidiff.rules.rule import Rule
from apidiff.rules.terms import DANGEROUS, operation
from apidiff.words.changes import UNCLASSIFIED, Exposed
from apidiff.words.facts import Action, Subject

RULE = Rule(
    id=UNCLASSIFIED,
    subject=Subject.DOCUMENT,
    also=tuple(subject for subject in Subject if subject is not Subject.DOCUMENT),
    facets=(UNCLASSIFIED,),
    actions=(Action.REPLACED,),
    request=DANGEROUS,
    response=DANGEROUS,
    neutral=DANGEROUS,
    title="`{name}` of {owner} differs, and no rule says what that means",
    why="The two specs differ here in a way that no rule claims. Whether it hurts anybody is for a person to judge.",
    exposed_by=Exposed.CALLED,
    example=operation("{parameters: {page: 1}}", "{parameters: {page: 2}}"),
    near_miss=operation("{x-page: 1}", "{x-page: 2}"),
)
