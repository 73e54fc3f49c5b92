"""The real specs of ../shared: they load without a warning, soon, and as every reader reads them."""

import tarfile
import time
from pathlib import Path

import orjson
import pytest

from apidiff.load import load
from apidiff.load.parse import parse
from apidiff.load.yaml12 import read_yaml
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer
from tests.pace import least

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
FILES = sorted([*SPECS.glob("*/*.json"), *SPECS.glob("*/*.yaml")])

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SPECS.is_dir(), reason="the real specs of ../shared are not here"),
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_spec_is_read_alike_by_both_readers(path):
    document = load(str(path))
    assert document.warnings == ()
    # Written again where it is JSON: YAML has no surrogate pairs, in which JSON may write what lies beyond 16 bits.
    text = path.read_text() if path.suffix == ".yaml" else orjson.dumps(document.root).decode()
    assert read_yaml(text, path.name).tree == document.root


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_line_of_a_real_spec_is_where_its_key_stands(path):
    document = load(str(path))
    lines = path.read_text().split("\n")
    for name in list(document.root["paths"])[::40]:
        line = document.line(Pointer("", ("paths", name)))
        assert line is not None
        assert name in lines[line - 1]


def test_a_spec_of_thousands_of_files(tmp_path):
    for archive in sorted(SPECS.glob("digitalocean/*.tar.gz")):
        folder = tmp_path / archive.name
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        document = load(str(folder / "specification" / "DigitalOcean-public.v2.yaml"))
        read = 0
        for path in sorted((folder / "specification").rglob("*.y*ml")):
            name = path.relative_to(folder / "specification").as_posix()
            tree = document.file(name, at=Pointer())
            assert tree == read_yaml(path.read_text(), name).tree
            read += 1
        assert len(document.files) == read - 1 > 1_700
        assert document.warnings == ()


def test_two_large_specs_load_in_a_blink():
    """It takes some 50 ms."""

    def read() -> float:
        started = time.process_time()
        for path in sorted(SPECS.glob("stripe/*.json")):
            load(str(path))
        return time.process_time() - started

    assert least(read, bound=0.1) < 0.1


def test_a_cut_spec_names_its_last_line():
    for path in sorted(SPECS.glob("*/*.json")):
        raw = path.read_bytes()
        cut = raw[: len(raw) // 2]
        with pytest.raises(ApidiffError) as caught:
            parse(cut, "cut.json")
        place, line, _ = (caught.value.at or "").split(":")
        assert (caught.value.code, place, int(line)) == ("json-invalid", "cut.json", cut.count(b"\n") + 1)
