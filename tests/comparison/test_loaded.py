"""A spec that is new or gone is compared with nothing, and a name that is misspelt is an error."""

import subprocess
from pathlib import Path

import pytest

from apidiff import Comparison, compare
from apidiff.words.errors import ApidiffError

SPEC = "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {/a: {get: {responses: {'200': {description: A.}}}}}\n"
GONE = "it does not exist, and is compared as nothing: all of it is"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose commit has `old.yaml`, whose index `staged.yaml` and whose folder `new.yaml`."""

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments], cwd=tmp_path, check=True
        )

    monkeypatch.chdir(tmp_path)
    git("init", "--quiet")
    (tmp_path / "old.yaml").write_text(SPEC)
    git("add", ".")
    git("commit", "--quiet", "--message", "old")
    (tmp_path / "staged.yaml").write_text(SPEC)
    git("add", "staged.yaml")
    (tmp_path / "new.yaml").write_text(SPEC)
    return tmp_path


def found(comparison: Comparison) -> tuple[list[str], tuple[str, ...]]:
    rules = sorted({change.rule for change in comparison.changes if change.operations})
    return rules, comparison.warnings


def test_a_new_spec_breaks_nothing(repository: Path) -> None:
    comparison = compare("HEAD:new.yaml", "new.yaml")
    assert found(comparison) == (["operation-added"], (f"HEAD:new.yaml: {GONE} new",))
    assert (comparison.base.source, comparison.revision.source) == ("HEAD:new.yaml", "new.yaml")
    assert found(compare("HEAD:./new.yaml", "new.yaml"))[0] == ["operation-added"]
    assert found(compare("/dev/null", "new.yaml")) == (["operation-added"], ())


def test_one_that_is_gone_breaks_all_of_it(repository: Path) -> None:
    (repository / "old.yaml").unlink()
    comparison = compare("HEAD:old.yaml", "old.yaml")
    assert found(comparison) == (["operation-removed"], (f"old.yaml: {GONE} gone",))
    assert found(compare("HEAD:old.yaml", "/dev/null")) == (["operation-removed"], ())


def test_what_is_staged_is_a_version_of_its_own(repository: Path) -> None:
    (repository / "staged.yaml").write_text(SPEC.replace("/a:", "/b:"))
    assert found(compare(":staged.yaml", "staged.yaml"))[0] == [
        "operation-added",
        "operation-removed",
        "version-not-raised",
    ]
    assert found(compare("HEAD:staged.yaml", ":staged.yaml")) == (
        ["operation-added"],
        (f"HEAD:staged.yaml: {GONE} new",),
    )


@pytest.mark.parametrize(
    ("base", "revision", "code"),
    [
        ("HEAD:nwe.yaml", "new.yaml", "revision-path-unknown"),
        ("old.yml", "old.yaml", "spec-not-found"),
        ("HEAD:none.yaml", "none.yaml", "revision-path-unknown"),
        ("nowhere:new.yaml", "new.yaml", "revision-unknown"),
        ("/dev/null", "/dev/null", "spec-not-found"),
        ("/dev/null", "none.yaml", "spec-not-found"),
    ],
)
def test_what_nobody_can_mean_is_an_error(repository: Path, base: str, revision: str, code: str) -> None:
    with pytest.raises(ApidiffError) as refused:
        compare(base, revision)
    assert refused.value.code == code


def test_a_folder_or_glob_of_a_revision_stands_for_its_specs(repository: Path) -> None:
    specs = repository / "specs" / "v1.2"
    specs.mkdir(parents=True)
    for name in ("a", "b"):
        (specs / f"{name}.yaml").write_text(SPEC.replace("/a:", f"/{name}:").replace("title: A", f"title: {name}"))
    (specs / "part.yaml").write_text("type: object\n")
    (specs / ".hidden.yaml").write_text(SPEC)
    subprocess.run(["git", "add", "specs"], check=True)
    (specs / "b.yaml").unlink()
    removed = (["operation-removed"], ())
    for base, revision in (
        (":specs/", "specs/"),
        (":./specs", "specs"),
        (":specs/v1.2", "specs/v1.2"),
        (":specs/*/*.yaml", "specs/*/*.yaml"),
        (":specs/**/*.yaml", "specs/**/*.yaml"),
        (":**/[ab].yaml", "specs/**/[ab].yaml"),
    ):
        assert found(compare(base, revision)) == removed, base
    assert found(compare(":.", ".")) == (["operation-added", "operation-removed"], ())  # old.yaml is in both
    for base in (":spec/", ":specs/*.yml", ":specs/v1.2/part.*"):
        with pytest.raises(ApidiffError) as refused:
            compare(base, "specs")
        assert refused.value.code in ("revision-path-unknown", "spec-not-found"), base
