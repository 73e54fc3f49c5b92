"""The image, built and run by a real builder: a user without rights compares what is mounted for reading alone."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

BASE = os.environ.get("APIDIFF_IMAGE_BASE", "")
DOCKERFILE = ROOT / ".github" / "image" / "Dockerfile"
TAG = "localhost/apidiff:tested"
Runs = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("image"),
    pytest.mark.skipif(not DOCKERFILE.exists(), reason="needs the whole checkout; the sdist has no image"),
    pytest.mark.skipif(not BASE, reason="needs APIDIFF_IMAGE_BASE, the name of a base image that a builder here has"),
]


def called(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def image() -> Iterator[Runs]:
    """The image, as what runs a command in it with a folder mounted at /specs for reading alone."""
    given = ("--build-arg", f"BASE={BASE}", "--file", DOCKERFILE, "--tag", TAG, ".")
    if shutil.which("docker") and called("docker", "info").returncode == 0:
        built = called("docker", "build", *given)
        assert built.returncode == 0, built.stderr
        rights = ("--rm", "--read-only", "--tmpfs", "/tmp")
        yield lambda folder, *words: called(
            "docker", "run", *rights, "--volume", f"{folder}:/specs:ro", "--entrypoint", words[0], TAG, *words[1:]
        )
    elif shutil.which("buildah"):
        built = called("buildah", "bud", *given)
        assert built.returncode == 0, built.stderr
        name = called("buildah", "from", TAG).stdout.strip()
        yield lambda folder, *words: called("buildah", "run", "--volume", f"{folder}:/specs:ro", name, "--", *words)
        called("buildah", "rm", name)
    else:
        pytest.skip("needs a builder: docker with its daemon, or buildah")


def test_it_compares_what_is_mounted(image: Runs, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures" / "demo", tmp_path / "specs")
    done = image(tmp_path / "specs", "apidiff", "diff", "base.yaml", "revision.yaml", "--fail-on", "breaking")
    assert (done.returncode, "8 breaking, 1 dangerous" in done.stdout) == (1, True)


def test_it_reads_a_revision_of_somebody_s_repository(image: Runs, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    shutil.copy(ROOT / "fixtures" / "demo" / "base.yaml", folder / "api.yaml")
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    shutil.copy(ROOT / "fixtures" / "demo" / "revision.yaml", folder / "api.yaml")
    done = image(folder, "apidiff", "diff", "HEAD:api.yaml", "api.yaml")
    assert (done.returncode, "8 breaking, 1 dangerous" in done.stdout) == (0, True)


def test_its_user_has_no_rights(image: Runs, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    wrote = "touch /specs/x /opt/apidiff/x 2>/dev/null; ls /specs /opt/apidiff | grep -c '^x$'"
    assert image(folder, "sh", "-c", f"id -u; {wrote}").stdout.split() == ["10001", "0"]
