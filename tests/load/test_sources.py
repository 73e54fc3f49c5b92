"""What users write for a spec: paths, standard input, globs, folders, and what goes wrong with each."""

import io
import os
import threading
from pathlib import Path

import pytest

from apidiff.load import limits, load, load_all, parse
from apidiff.words.errors import ApidiffError

SPEC = 'openapi: 3.0.3\ninfo: {title: Shop, version: "1"}\npaths: {}\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(SPEC)
    return tmp_path


def refusal(source: str) -> str:
    with pytest.raises(ApidiffError) as caught:
        load(source)
    assert caught.value.status == 3
    return str(caught.value)


def test_standard_input():
    document = load("-", stdin=io.BytesIO(SPEC.encode()))
    assert (document.source, document.entry, document.root["info"]["title"]) == ("-", "", "Shop")


def test_standard_input_that_is_broken():
    with pytest.raises(ApidiffError) as caught:
        load("-", stdin=io.BytesIO(b"a: 1\nb: [\n"))
    assert caught.value.at == "standard input:3:1"


def test_a_pipe_is_read(folder):
    os.mkfifo(folder / "pipe")
    writer = threading.Thread(target=lambda: (folder / "pipe").write_text(SPEC))
    writer.start()
    assert load("pipe").root["info"]["title"] == "Shop"
    writer.join()


def test_a_missing_file_names_the_nearest():
    assert refusal("openapi.yml") == "openapi.yml: no such file [spec-not-found]\n  Did you mean `openapi.yaml`?"


def test_a_missing_folder_is_said():
    assert refusal("nope/a.yaml") == (
        "nope/a.yaml: no such file [spec-not-found]\n"
        "  There is no folder `nope` either; paths count from the working directory."
    )


def test_a_file_as_a_folder():
    assert refusal("openapi.yaml/a.yaml").startswith("openapi.yaml/a.yaml: no such file [spec-not-found]")


def test_a_folder_names_a_file_of_it():
    assert refusal(".") == (
        ".: a folder, where a spec is a file [spec-is-folder]\n"
        "  Give the spec's entry file, for example `openapi.yaml`."
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file(folder):
    (folder / "openapi.yaml").chmod(0)
    assert refusal("openapi.yaml").startswith("openapi.yaml: cannot read the spec: Permission denied")


@pytest.mark.parametrize("source", ["", "a\0b", "x" * 5000])
def test_what_is_no_file_name(source):
    assert "spec-unreadable" in refusal(source) or "spec-is-folder" in refusal(source)


def test_a_file_past_the_limit_is_refused(folder):
    with (folder / "big.yaml").open("wb") as file:
        file.truncate(limits.MAX_BYTES + 10)
    assert refusal("big.yaml").startswith("big.yaml: the file is larger than 100 MB [spec-too-large]")
    assert "spec-too-large" in refusal("/dev/zero")


def test_a_name_with_a_colon_is_a_path_when_it_exists(folder):
    (folder / "v1:api.yaml").write_text(SPEC)
    assert load("v1:api.yaml").entry == "v1:api.yaml"


def test_a_windows_path_is_a_path():
    assert refusal("C:\\specs\\api.yaml").startswith("C:\\specs\\api.yaml: no such file [spec-not-found]")


def test_globs_and_folders_give_their_specs_in_order(folder):
    for name in (
        "specs/b.yaml",
        "specs/a/deep.json",
        "specs/c.yml",
        "specs/.hidden/x.yaml",
        "specs/node_modules/y.yaml",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SPEC)
    assert [document.source for document in load_all("specs/.hidden/*")] == ["specs/.hidden/x.yaml"]
    (folder / "specs" / "fragment.yaml").write_text("description: refers to openapi\n")
    (folder / "specs" / "other.yaml").write_text("a: 1\n")
    (folder / "specs" / "broken.txt").write_text("openapi: [")
    expected = ["specs/a/deep.json", "specs/b.yaml", "specs/c.yml"]
    assert [document.source for document in load_all("specs")] == expected
    assert [document.source for document in load_all("specs/**/*")] == expected
    assert [document.source for document in load_all(str(folder / "specs" / "*.y*ml"))] == [
        str(folder / "specs" / name) for name in ("b.yaml", "c.yml")
    ]
    assert [document.source for document in load_all(["openapi.yaml", "specs/c.yml", "specs"])] == [
        "openapi.yaml",
        "specs/c.yml",
        "specs/a/deep.json",
        "specs/b.yaml",
    ]


def test_a_broken_spec_in_a_folder_is_not_passed_over(folder):
    (folder / "specs").mkdir()
    (folder / "specs" / "a.yaml").write_text("openapi: [")
    with pytest.raises(ApidiffError) as caught:
        load_all("specs")
    assert (caught.value.code, caught.value.at) == ("yaml-invalid", "specs/a.yaml:2:1")


@pytest.mark.parametrize("source", ["*.nothing", "empty"])
def test_a_glob_or_folder_without_a_spec_is_refused(folder, source):
    (folder / "empty").mkdir()
    with pytest.raises(ApidiffError) as caught:
        load_all(source)
    assert (caught.value.code, caught.value.at) == ("spec-not-found", source)


def test_a_file_name_with_brackets_is_that_file(folder):
    (folder / "a[1].yaml").write_text(SPEC)
    assert [document.source for document in load_all("a[1].yaml")] == ["a[1].yaml"]


def test_reading_does_not_wait_for_the_yaml_library(folder):
    """A JSON spec must not cost the import of PyYAML, nor of the network."""
    import subprocess
    import sys

    (folder / "a.json").write_text('{"openapi": "3.0.0"}')
    code = "import sys, apidiff.load as l; l.load('a.json'); print({'yaml', 'urllib.request'} & set(sys.modules))"
    root = Path(parse.__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.stdout == "set()\n"
