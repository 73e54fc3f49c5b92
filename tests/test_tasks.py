"""The task file: what CONTRIBUTING.md names is there and says what it does, and its set-up is that of the README."""

import re
import shutil
import subprocess

import pytest

from tests.conftest import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TASKS = set(re.findall(r"^([a-z]+):(?!=).*## ", MAKEFILE, re.MULTILINE))


def test_the_page_names_tasks_that_are_there():
    named = set(re.findall(r"`make ([a-z]+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert named <= TASKS
    assert TASKS - named <= {"help"}


def test_the_set_up_is_that_of_the_readme():
    install = re.search(r"pip (install -q -c .*)", MAKEFILE)
    assert install is not None
    assert install[1] in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_every_task_says_what_it_would_do():
    done = subprocess.run(
        ["make", "-n", *sorted(TASKS), "VERSION=9.9.9"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
