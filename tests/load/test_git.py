"""Specs at a git revision, in real repositories."""

import gc
import shutil
import subprocess
from pathlib import Path

import pytest

from apidiff.load import load
from apidiff.load.git import is_revision
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer

AT = Pointer()


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two revisions of `api/openapi.yaml` with `api/models/user.yaml`; the working copy has neither."""
    tmp_path = tmp_path_factory.mktemp("repository")
    api = tmp_path / "api"
    (api / "models").mkdir(parents=True)
    git(tmp_path, "init", ".")
    for version in ("1", "2"):
        (api / "openapi.yaml").write_text(f"openapi: 3.0.0\ninfo: {{title: Shop, version: '{version}'}}\n")
        (api / "models" / "user.yaml").write_text(f"title: User {version}\n")
        (tmp_path / "shared.yaml").write_text("shared: true\n")
        (tmp_path / "v.txt").write_text(version)
        for link, target in (("link.yaml", "models/user.yaml"), ("out.yaml", "../../secret"), ("gone.yaml", "nothing")):
            (api / link).unlink(missing_ok=True)
            (api / link).symlink_to(target)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-m", version)
        git(tmp_path, "tag", f"v{version}")
    for path in (api / "openapi.yaml", api / "models" / "user.yaml"):
        path.unlink()
    return tmp_path


@pytest.fixture
def repository(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory is the repository."""
    monkeypatch.chdir(made)
    return made


def refusal(source: str) -> ApidiffError:
    with pytest.raises(ApidiffError) as caught:
        load(source)
    assert caught.value.hint
    assert caught.value.status == 3
    return caught.value


@pytest.mark.parametrize(
    ("revision", "version"), [("v1", "1"), ("HEAD", "2"), ("HEAD~1", "1"), ("main", "2"), ("main^", "1")]
)
def test_every_file_comes_from_the_revision(repository, revision, version):
    document = load(f"{revision}:api/openapi.yaml")
    assert document.source == f"{revision}:api/openapi.yaml"
    assert document.root["info"]["version"] == version
    assert document.file("models/user.yaml", at=AT) == {"title": f"User {version}"}
    assert document.file("link.yaml", at=AT) == {"title": f"User {version}"}
    assert document.where(Pointer("models/user.yaml", ("title",))) == f"{revision}:api/models/user.yaml:1 (#/title)"


def test_dot_paths_count_from_the_working_directory(repository, monkeypatch):
    monkeypatch.chdir(repository / "api")
    assert load("v1:./openapi.yaml").root["info"]["version"] == "1"
    assert load("v1:../api/openapi.yaml").root["info"]["version"] == "1"
    assert load("v1:api/openapi.yaml").root["info"]["version"] == "1"


@pytest.mark.parametrize("name", ["../shared.yaml", "../../secret", "/etc/passwd", "https://example.com/a.yaml"])
def test_references_stay_in_the_folder(repository, name):
    with pytest.raises(ApidiffError) as caught:
        load("v1:api/openapi.yaml").file(name, at=AT)
    assert (caught.value.code, caught.value.at) == ("reference-outside", "v1:api/openapi.yaml:1")


def test_allowed_references_stay_in_the_repository(repository):
    document = load("v1:api/openapi.yaml", allow_ref=True)
    assert document.file("../shared.yaml", at=AT) == {"shared": True}
    for name in ("../../secret", "/etc/passwd"):
        with pytest.raises(ApidiffError) as caught:
            document.file(name, at=AT)
        assert caught.value.code == "reference-outside"


@pytest.mark.parametrize(
    "name", ["nope.yaml", "models", "out.yaml", "gone.yaml", "models/user.yaml/x", "a b", "\ud800"]
)
def test_missing_files_of_the_revision(repository, name):
    document = load("v1:api/openapi.yaml")
    with pytest.raises(ApidiffError) as caught:
        document.file(name, at=AT)
    assert (caught.value.code, caught.value.message) == (
        "reference-not-found",
        f"no file `{name}` in v1".replace("\ud800", "�"),
    )
    assert document.file("models/user.yaml", at=AT) == {"title": "User 1"}, "the next file is read as usual"


@pytest.mark.parametrize("revision", ["nope", "v3", "--help", "HEAD~9", "v1..v2", "-", "a\0b"])
def test_an_unknown_revision(repository, revision):
    problem = refusal(f"{revision}:api/openapi.yaml")
    assert (problem.code, problem.message) == ("revision-unknown", f"unknown revision `{revision}`")


def test_an_unknown_path_names_the_file_of_that_name(repository):
    assert str(refusal("v1:openapi.yaml")) == (
        "v1:openapi.yaml: no such file in v1 [revision-path-unknown]\n"
        "  Did you mean `v1:api/openapi.yaml`? Paths count from the repository's top folder."
    )
    assert refusal("v1:api/nope.yaml").code == "revision-path-unknown"
    assert refusal("v1:api").code == "spec-is-folder"
    assert refusal("v1:/etc/passwd").code == "revision-path-unknown"
    assert refusal("v1:../../x").code == "revision-path-unknown"


def test_a_process_that_ended(repository):
    document = load("v1:api/openapi.yaml")
    process = document._store._batch._process
    process.terminate()
    process.wait()
    with pytest.raises(ApidiffError) as caught:
        document.file("models/user.yaml", at=AT)
    assert (caught.value.code, caught.value.status) == ("git-failed", 4)


def test_without_a_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert refusal("HEAD:api.yaml").code == "spec-not-found"


def test_without_git(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ApidiffError) as caught:
        load("HEAD:api.yaml")
    assert (caught.value.code, caught.value.status) == ("git-failed", 4)


def test_a_broken_spec_names_its_revision(made, tmp_path, monkeypatch):
    repository = shutil.copytree(made, tmp_path / "copy", symlinks=True)
    monkeypatch.chdir(repository)
    (repository / "api" / "openapi.yaml").write_text("a: [\n")
    git(repository, "commit", "-am", "broken")
    assert refusal("HEAD:api/openapi.yaml").at == "HEAD:api/openapi.yaml:2:1"


def test_the_process_ends_with_the_document(repository):
    document = load("v1:api/openapi.yaml")
    process = document._store._batch._process  # the one place where a process could be left behind
    assert process.poll() is None
    del document
    gc.collect()
    assert process.poll() == 0


def test_what_reads_as_a_revision(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a:b").write_text("")
    sources = [
        "HEAD:a.yaml",
        "origin/main:a.yaml",
        "a:b",
        "C:\\a.yaml",
        "C:/a.yaml",
        ":a.yaml",
        "HEAD:",
        "a.yaml",
        "x://a",
    ]
    assert [source for source in sources if is_revision(source)] == ["HEAD:a.yaml", "origin/main:a.yaml", ":a.yaml"]
