"""The small pairs of ../shared/cases, each with the answer that its README calls right.

What is answered wrongly today stands in `wrong.txt`, one name a line; a pair that is answered rightly and still stands
there fails, so that the list only gets shorter.
"""

import re
from pathlib import Path
from typing import Any, Final

import pytest

from apidiff import compare
from apidiff.words.changes import Change, Comparison, Level
from apidiff.words.errors import ApidiffError
from tests.cases.answers import REFUSED, SPECS, Answer, letter
from tests.conftest import SHARED

CASES: Final = SHARED / "cases"
IS_HERE: Final = (CASES / "letter" / "README.md").is_file()
WRONG: Final = frozenset(Path(__file__).with_name("wrong.txt").read_text(encoding="utf-8").split())
ANSWERS: Final[dict[str, Answer]] = (
    {f"specs/{name}": answer for name, answer in SPECS.items()}
    | {f"letter/{name}": answer for name, answer in letter(CASES / "letter" / "README.md").items()}
    if IS_HERE
    else {}
)
ENTRIES: Final = ("api.yaml", "root.yaml")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not IS_HERE, reason="the small pairs of ../shared/cases are not here"),
]


def source(folder: Path, side: str) -> str:
    """One side of a pair: a file, or the entry of a folder."""
    found = [folder / f"{side}.yaml", folder / f"{side}.json", *(folder / side / name for name in ENTRIES)]
    return str(next(path for path in found if path.is_file()))


def compared(name: str, **how: Any) -> Comparison:
    return compare(source(CASES / name, "old"), source(CASES / name, "new"), **how)


def said(comparison: Comparison) -> list[Change]:
    """The changes that the README speaks of: not that the version stayed."""
    return [change for change in comparison.changes if change.rule != "version-not-raised"]


def worst(changes: list[Change]) -> str:
    return next((level.value for level in Level if any(change.level is level for change in changes)), "nothing")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xfail(strict=True) if name in WRONG else ()) for name in ANSWERS]
)
def test_a_small_pair_is_answered_rightly(name: str) -> None:
    answer = ANSWERS[name]
    if answer.worst == REFUSED:
        with pytest.raises(ApidiffError) as refused:
            compared(name)
        assert refused.value.hint
        return
    comparison = compared(name)
    changes = said(comparison)
    assert worst(changes) in answer.worst, [change.title for change in changes]
    if answer.rules is not None:
        ends = [f"{change.level} {change.rule} {change.direction or '-'}" for change in changes]
        assert sorted(ends) == sorted(answer.rules)
    titles = [change.title for change in changes]
    for text in answer.titles:
        assert any(re.search(text, title) for title in titles), (text, titles)
    for text in answer.never:
        assert not any(re.search(text, title) for title in titles), (text, titles)
    for place in answer.places:
        assert any((change.base or change.revision or "").startswith(place) for change in changes), place
    assert answer.only is None or len(changes) <= answer.only, titles
    assert answer.warnings is None or len(comparison.warnings) == answer.warnings
    assert answer.silent or changes or comparison.warnings
    assert not [change.title for change in changes if not is_shown_alone(change, answer)]
    if answer.broken_in_sdk:
        assert worst(said(compared(name, profile="sdk"))) == "breaking"


def is_shown_alone(change: Change, answer: Answer) -> bool:
    """Whether the value that shows a break is one that the other edits of the same place let through."""
    wanted = answer.shown.get(change.rule)
    if wanted is None or change.witness is None:
        return wanted is None
    sent = str(change.witness.value).rpartition("=")[2]  # `n=5` where it is a parameter
    return (len(sent) if "length" in change.rule else int(sent)) in wanted


def test_every_pair_has_an_answer_and_every_answer_a_pair() -> None:
    folders = {
        f"{kind}/{path.name}" for kind in ("letter", "specs") for path in (CASES / kind).iterdir() if path.is_dir()
    }
    assert set(ANSWERS) == folders
    assert folders >= WRONG
