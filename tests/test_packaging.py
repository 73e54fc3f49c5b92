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


def test_the_wheel_runs_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    where = subprocess.run(
        [installed / "python", "-c", "import apidiff; print(apidiff.__file__)"],
        cwd=tmp_path, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)
    demo = subprocess.run(
        [installed / "apidiff", "demo", "folder"],
        cwd=tmp_path, env=environment, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert demo.returncode == 0, demo.stderr
    assert json.loads((tmp_path / "folder" / "plan.json").read_text())["format"] == "apidiff-plan/1"
