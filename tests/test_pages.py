"""The README and docs/ are executed: commands run, outputs are what they print, configuration and Python are read.

`APIDIFF_REWRITE=1 pytest tests/test_pages.py` writes the outputs anew; review them as a git diff.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from apidiff.cli import main
from apidiff.jobs.demo import demo_folder
from tests.conftest import Run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    ROOT / "README.md",
    *(ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
)
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
FILES = {
    "old.yaml": "base.yaml",
    "new.yaml": "revision.yaml",
    "accounts.csv": "integrators.csv",
    "logs/usage.jsonl.gz": "usage.jsonl.gz",
}
"""What the pages call the files of a project, and what they are in the demo."""
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")


@dataclass(frozen=True)
class Block:
    """One code block of a page."""

    page: Path
    language: str
    text: str
    line: int


def blocks(*languages: str) -> list[Block]:
    """The blocks in one of these languages, in order."""
    texts = ((page, page.read_text(encoding="utf-8")) for page in PAGES)
    found = (
        Block(page, match[2], textwrap.dedent(match[3]), text.count("\n", 0, match.start()) + 1)
        for page, text in texts
        for match in FENCE.finditer(text)
    )
    return [block for block in found if block.language in languages]


def parameters(found: list[Block]) -> list[object]:
    """Blocks as test parameters, named by page and line."""
    return [pytest.param(block, id=f"{block.page.name} line {block.line}") for block in found]


def to_run() -> list[Block]:
    """The blocks of commands, the longest first, without those whose every command is in one before."""
    seen: set[str] = set()
    kept = []
    for block in sorted(blocks("sh"), key=lambda block: -len(block.text)):
        if not seen.issuperset(commands(block.text)):
            seen.update(commands(block.text))
            kept.append(block)
    return kept


@pytest.fixture(scope="session")
def demo_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan folder of the demo, which `track` and `gate` follow."""
    folder = tmp_path_factory.mktemp("pages") / "plan"
    assert main(["demo", str(folder)]) == 0
    return folder


@pytest.fixture
def project(tmp_path: Path, demo_plan: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the files that the pages name."""
    for name, source in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(demo_folder() / source, tmp_path / name)
    shutil.copytree(demo_plan, tmp_path / "plan")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def commands(text: str) -> Iterator[str]:
    """The lines of a block that call apidiff, continued lines joined."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip().startswith("apidiff "):
            yield line.strip()


def prepare(text: str, project: Path) -> None:
    """What a block asks for beside the project's files: a spec with a history, another tool's settings."""
    if "apidiff history" in text:
        for name, source in (
            ("openapi.yaml", "old.yaml"),
            ("openapi.yaml", "new.yaml"),
            ("api/openapi.yaml", "new.yaml"),
        ):
            (project / name).parent.mkdir(exist_ok=True)
            shutil.copy(project / source, project / name)
            identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
            for arguments in (["init", "-q", "-b", "main"], ["add", name], [*identity, "commit", "-q", "-m", name]):
                subprocess.run(["git", *arguments], cwd=project, check=True)
    if "apidiff import oasdiff" in text:
        (project / ".oasdiff.yaml").write_text("fail-on: ERR\nerr-ignore: err-ignore.txt\n")
        (project / "err-ignore.txt").write_text("POST /v1/tokens api removed without deprecation\n")
        (project / "severity-levels.txt").write_text("webhook-removed warn\n")


@pytest.mark.parametrize("block", parameters(to_run()))
def test_commands_run(block: Block, project: Path, run: Run) -> None:
    prepare(block.text, project)
    for command in commands(block.text):
        arguments = [
            part
            for word in shlex.split(command, comments=True)[1:]
            for part in (sorted(map(str, Path().glob(word))) if "*" in word else [word])
        ]
        ran = run(*arguments)
        assert ran.code in (0, 1), f"{command}\n{ran.err}"


@pytest.mark.parametrize("block", parameters(blocks("console")))
def test_outputs_are_what_the_commands_print(block: Block, project: Path, run: Run) -> None:
    command, _, expected = block.text.partition("\n")
    assert command.startswith("$ apidiff "), command
    ran = run(*shlex.split(command)[2:])
    assert ran.code in (0, 1), ran.err
    printed = "\n".join(line.rstrip() for line in ran.out.splitlines()) + "\n"
    if expected.endswith("\n…\n"):
        printed = "\n".join([*printed.split("\n")[: expected.count("\n") - 1], "…", ""])
    if os.environ.get("APIDIFF_REWRITE") == "1":
        page = block.page.read_text(encoding="utf-8")
        block.page.write_text(page.replace(block.text, f"{command}\n{printed}"), encoding="utf-8")
        return
    assert expected == printed


@pytest.mark.parametrize("block", parameters(blocks("python")))
def test_python_runs(block: Block, project: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", block.text], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", parameters(blocks("yaml")))
def test_yaml_is_read(block: Block, project: Path, run: Run) -> None:
    data = yaml.safe_load(block.text)
    assert isinstance(data, dict | list)
    if block.text.startswith("# apidiff.yaml"):
        (project / "apidiff.yaml").write_text(block.text, encoding="utf-8")
        ran = run("diff", "old.yaml", "new.yaml")
        assert ran.code == 0, ran.err
    for command in commands(block.text.replace("- apidiff ", "apidiff ").replace("run: ", "")):
        help_of = run(shlex.split(command)[1], "--help").out
        for option in re.findall(r"--[a-z-]+", command):
            assert option in help_of, f"{command} has no {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A link into the repository names a file that is there."""
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_first_command_works_on_a_fresh_clone(tmp_path: Path) -> None:
    """The environment is made, the package is installed and the demo runs, with nothing but Python."""
    command = next(block.text for block in blocks("sh") if "apidiff demo" in block.text)
    clone = tmp_path / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if listed.returncode != 0:
        pytest.skip("needs the git checkout to know which files belong to the tree")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
    # A `python3` of its own: that of the tests may sit in a virtual environment.
    venv.create(tmp_path / "python", symlinks=os.name != "nt")
    environment = {**os.environ, "PATH": f"{tmp_path / 'python' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        ["sh", "-ec", command], cwd=clone, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (clone / "apidiff-demo" / "plan.json").is_file()
