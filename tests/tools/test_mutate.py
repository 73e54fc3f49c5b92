"""Which mistakes are made in a module, which tests are asked about each, and what is said of it."""

from pathlib import Path

import pytest

from tests.tools.mutate import Mistake, chosen, mistakes, stages, verdict

SOURCE = b'''"""A room: 1 < 2."""

LIMIT: int = 3


def told(rows: "list[int] | None", most: int = 4) -> str:
    """Says how many, and not whose."""
    if rows is None or not rows and most != 1:
        return "none" + f"{1 + 1}"
    return "many" if len(rows) - 1 > LIMIT else "few"
'''


def test_every_mistake_that_can_be_made():
    made = [
        (
            one.line(SOURCE),
            one.before,
            one.after,
            one.put_into(SOURCE).splitlines()[one.line(SOURCE) - 1].strip().decode(),
        )
        for one in mistakes(SOURCE)
    ]
    assert made == [
        (8, "is", "is not", "if rows is not None or not rows and most != 1:"),
        (8, "or", "and", "if rows is None and not rows and most != 1:"),
        (8, "not ", "", "if rows is None or rows and most != 1:"),
        (8, "and", "or", "if rows is None or not rows or most != 1:"),
        (8, "!=", "==", "if rows is None or not rows and most == 1:"),
        (8, "1", "2", "if rows is None or not rows and most != 2:"),
        (10, "-", "+", 'return "many" if len(rows) + 1 > LIMIT else "few"'),
        (10, "1", "2", 'return "many" if len(rows) - 2 > LIMIT else "few"'),
        (10, ">", ">=", 'return "many" if len(rows) - 1 >= LIMIT else "few"'),
    ]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of one room with a module, and tests that know it from near and from far."""
    files = {
        "apidiff/__init__.py": "",
        "apidiff/room/__init__.py": "",
        "apidiff/room/told.py": SOURCE.decode(),
        "tests/room/test_told.py": "from apidiff.room.told import told\ndef test_few(): assert told([1]) == 'few'\n",
        "tests/room/test_other.py": "def test_nothing(): pass\n",
        "tests/far/test_far.py": "from apidiff.room import told\ndef test_none(): assert told.told(None) == 'none2'\n",
        "pyproject.toml": '[tool.pytest.ini_options]\nmarkers = ["slow", "corpus", "bench"]\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_near_tests_are_asked_before_far_ones(tree: Path):
    (tree / "apidiff/room/deep").mkdir()
    told, room, far = "tests/room/test_told.py", "tests/room", "tests/far/test_far.py"
    quick, slow = ["-m", "not slow and not corpus and not bench"], ["-m", "slow and not corpus and not bench"]
    assert [stages(tree, Path("apidiff/room", name)) for name in ("told.py", "deep/untold.py")] == [
        [[told, "-m", "not corpus and not bench"], [far, *quick], [room, *quick], [room, *slow]],
        [[room, *quick], [room, *slow]],
    ]


def test_a_seed_gives_the_same_mistakes_again(tree: Path):
    first = chosen(tree, "apidiff/room", seed=7, count=3)
    assert (first == chosen(tree, "apidiff/room", seed=7, count=3), len(first)) == (True, 3)
    assert len(chosen(tree, "apidiff/room", seed=7, count=99)) == len(mistakes(SOURCE))


@pytest.mark.slow
def test_what_a_test_notices_is_caught_and_the_tree_is_left_as_it_was(tree: Path):
    module = Path("apidiff/room/told.py")
    said = {
        (one.before, one.after): verdict(tree, module, one, minutes=2)
        for one in (mistakes(SOURCE)[0], mistakes(SOURCE)[8])
    }
    assert said == {("is", "is not"): "caught", (">", ">="): "survived"}
    assert (tree / module).read_bytes() == SOURCE


def test_tests_that_take_too_long_say_nothing(tree: Path):
    assert verdict(tree, Path("apidiff/room/told.py"), Mistake(0, 0, "", ""), minutes=0) == "no verdict"
