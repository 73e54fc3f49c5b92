"""The wheel, built through the sdist as a release is: its members are those of the tree, and it runs without it."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
NEWEST = (3, 13)
"""The newest Python that is promised; the oldest is what the tests run on in CI."""


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, unpacked."""
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, "sdist", folder)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="session")
def wheel(sdist: Path) -> Path:
    """The wheel, built from the unpacked sdist."""
    build(sdist, "wheel", sdist.parent)
    return next(sdist.parent.glob("*.whl"))


def build(source: Path, target: str, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
    )


def tracked(folder: str) -> list[str]:
    """The files of the tree below a folder, as git would see them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", folder],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_the_sdist_holds_what_a_developer_works_with(sdist: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("needs the git checkout to know which files belong to the tree")
    hosted = (".ci/", ".github/", ".pre-commit-hooks.yaml")
    expected = {name for name in tracked(".") if not name.startswith(hosted)}
    assert {name for name in expected if not (sdist / name).is_file()} == set()


def test_members_are_those_of_the_tree(wheel: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("needs the git checkout to know which files belong to the tree")
    expected = {
        *tracked("apidiff"),
        *(f"apidiff/_templates/{name.removeprefix('templates/')}" for name in tracked("templates")),
        *(f"apidiff/_fixtures/{name.removeprefix('fixtures/')}" for name in tracked("fixtures/demo")),
    }
    members = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert members == expected
    assert "apidiff/py.typed" in members


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment that holds the wheel, sees our dependencies, and not the checkout.

    A path file names this environment's site-packages; the path files in there, an editable install's among them, are
    not read through it.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=True)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True, capture_output=True
    )
    site = json.loads(
        subprocess.run(
            [python, "-c", "import json, sysconfig; print(json.dumps(sysconfig.get_path('purelib')))"],
            check=True, capture_output=True, text=True,
        ).stdout
    )  # fmt: skip
    dependencies = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "dependencies.pth").write_text("\n".join(sorted(dependencies)))
    return programs


def interpreters() -> list[Path]:
    """The newest Python that is promised, wherever it is installed, unless the tests themselves run on it."""
    if sys.version_info[:2] == NEWEST:
        return []
    name = f"python{NEWEST[0]}.{NEWEST[1]}"
    folders = [
        *os.environ["PATH"].split(os.pathsep),
        *Path.home().glob(f".pyenv/versions/{NEWEST[0]}.{NEWEST[1]}.*/bin"),
    ]
    found = (Path(folder, name) for folder in folders)
    return [
        one
        for one in found
        if one.is_file() and subprocess.run([one, "-V"], check=False, capture_output=True).returncode == 0
    ]


@pytest.fixture(scope="session")
def elsewhere(wheel: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an empty environment on the newest Python, into which the wheel was installed.

    Where there is no such Python it is `installed`: that it can be installed on this one is the README's own test.
    """
    python = next(iter(interpreters()), None)
    if python is None:
        folder: Path = request.getfixturevalue("installed")
        return folder
    home = tmp_path_factory.mktemp("newest")
    subprocess.run([python, "-m", "venv", home], check=True)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [programs / "python", "-m", "pip", "install", "-q", "--no-compile", "-c", ROOT / "constraints.txt", wheel]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return programs


@pytest.mark.timeout(300)
def test_the_wheel_runs_without_the_checkout(elsewhere: Path, tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    where = subprocess.run(
        [elsewhere / "python", "-c", "import apidiff; print(apidiff.__file__)"],
        cwd=tmp_path, env=variables, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(elsewhere.parent)
    demo = subprocess.run(
        [elsewhere / "apidiff", "demo", "folder"],
        cwd=tmp_path, env=variables, check=False, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert demo.returncode == 0, demo.stderr
    assert json.loads((tmp_path / "folder" / "plan.json").read_text())["format"] == "apidiff-plan/1"


@pytest.mark.parametrize(("shell", "said"), [("bash", "_APIDIFF_COMPLETE=complete_bash"), ("zsh", "#compdef apidiff")])
def test_a_shell_completes_it(installed: Path, tmp_path: Path, shell: str, said: str) -> None:
    """The script is what the shell asks for, and asked as it asks, the program names its commands."""
    variables = os.environ | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1", "HOME": str(tmp_path)}
    script = subprocess.run(
        [installed / "apidiff", "--show-completion", shell], env=variables, capture_output=True, text=True, check=False
    )
    assert said in script.stdout, script.stderr
    asked = variables | {"_APIDIFF_COMPLETE": f"complete_{shell}", "COMP_WORDS": "apidiff exp", "COMP_CWORD": "1"}
    asked |= {"_TYPER_COMPLETE_ARGS": "apidiff exp"}
    named = subprocess.run([installed / "apidiff"], env=asked, capture_output=True, text=True, check=False).stdout
    assert ("expand" in named, "explain" in named, "diff" in named) == (True, True, False)
