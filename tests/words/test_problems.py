import ast
from functools import cache
from pathlib import Path

from apidiff.words.errors import Exit
from apidiff.words.problems import PROBLEMS

PACKAGE = Path(__file__).resolve().parents[2] / "apidiff"


@cache
def _codes() -> dict[str, set[str]]:
    """The error codes that the package's calls name, and the modules that do."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                        found.setdefault(str(keyword.value.value), set()).add(path.relative_to(PACKAGE).as_posix())
    return found


def test_every_code_that_is_raised_is_explained() -> None:
    assert {code: where for code, where in _codes().items() if code not in PROBLEMS} == {}


def test_every_code_that_is_explained_is_raised() -> None:
    assert set(PROBLEMS) - set(_codes()) == set()


def test_the_texts_are_sentences() -> None:
    for code, problem in PROBLEMS.items():
        assert problem.code == code
        assert problem.status in (Exit.USAGE, Exit.INPUT, Exit.OUTSIDE)
        for text in (problem.why, problem.remedy):
            assert text.endswith(".")
            assert text[0].isupper() or text.startswith(("`", "apidiff"))
