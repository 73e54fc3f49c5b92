"""`apidiff expand` from the outside: what it writes, proves, leaves out and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import DEMO, Run
from tests.expand.proving import applied, breaks

BASE, REVISION = DEMO / "base.yaml", DEMO / "revision.yaml"
TOKENS, CHEQUE = "a7c045732189", "39c3caef4f21"
DAY = ("--today", "2026-11-20")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_demo_is_expanded_and_every_other_line_stays(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "expanded.yaml"
    ran = run("expand", BASE, REVISION, "--output", out, "--sunset", "2028-01-10", *DAY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[:5] == [
        "All 8 breaks are undone.",
        "  base to expanded: no break, and no new one",
        "  revision to expanded: no break",
        "  by a validator: none of the 2 values that showed breaks shows one any more",
        "  the official JSON Schema of its version has nothing against it that it has not against these two",
    ]
    assert f"  {TOKENS}  operation POST /v1/tokens was removed\n" in ran.out
    assert breaks(str(BASE), str(out)) == breaks(str(REVISION), str(out)) == []
    kept = set(out.read_text().splitlines())
    assert [line.strip() for line in REVISION.read_text().splitlines() if line not in kept] == [
        'schema: {$ref: "#/components/schemas/Customer"}',
        'schema: {$ref: "#/components/schemas/Customer"}',
        "schema: {type: string, enum: [card, bank_transfer, wallet]}",
        "schema: {type: integer, minimum: 1, maximum: 100, default: 50}",
        "required: [id, first_name, last_name, email, created_at]",
    ]
    again = tmp_path / "again.yaml"
    run("expand", BASE, REVISION, "--output", again, "--sunset", "2028-01-10", *DAY)
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.slow
def test_overlays_lead_there_and_back(tmp_path: Path, run: Run) -> None:
    out, there, back = (tmp_path / name for name in ("e.yaml", "there.yaml", "back.json"))
    assert run("expand", BASE, REVISION, "-o", out, "--overlay", there, "--rollback", back, *DAY).code == 0
    assert applied(load(there), load(REVISION)) == load(out)
    assert applied(json.loads(back.read_text()), load(out)) == load(REVISION)
    assert (load(there)["overlay"], load(there)["info"]["version"]) == ("1.0.0", "3.0.0")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "undone"),
    [
        (["--only", TOKENS], 1),
        (["--only", "property-split", "component:Payout"], 3),
        (["--only", "tag:payments"], 2),
        (["--except", TOKENS, CHEQUE], 6),
        (["--only", "property-split", "--except", "component:Customer"], 0),
    ],
)
def test_only_and_except_choose(words: list[str], undone: int, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "e.yaml"
    ran = run("expand", BASE, REVISION, "-o", out, *words, *DAY)
    assert ran.code == 1
    assert len(breaks(str(BASE), str(out))) == 8 - undone
    assert f"Left ({8 - undone}): each is a break still\n" in ran.out
    if not undone:
        assert out.read_bytes() == REVISION.read_bytes()


def test_what_was_decided_is_heeded(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "e.yaml"
    ran = run("expand", BASE, REVISION, "-o", out, "--config", DEMO / "apidiff.yaml", *DAY)
    assert ran.code == 1
    assert breaks(str(BASE), str(out)) == ["operation `POST /v1/tokens` was removed"]
    assert "it was decided to proceed: card numbers must not pass" in ran.out
    assert "(Ines Okafor, payments security)\n" in ran.out


def test_json_stays_json(tmp_path: Path, run: Run) -> None:
    ends = [tmp_path / f"{name}.json" for name in ("base", "revision", "expanded")]
    for path, end in zip(ends, (BASE, REVISION), strict=False):
        path.write_text(json.dumps(load(end), indent=4, default=str) + "\n")
    assert run("expand", ends[0], ends[1], "-o", ends[2], *DAY).code == 0
    tree = json.loads(ends[2].read_text())
    assert ends[2].read_text() == json.dumps(tree, indent=4) + "\n"


FILES = {
    "openapi.yaml": (
        'openapi: 3.0.3\ninfo: {title: A, version: "1"}\npaths:\n  /a:\n    get:\n      responses:\n        "200":\n'
        "          description: OK\n          content:\n            application/json:\n"
        "              schema: {$ref: 'models/a.yaml#/A'}\n"
    ),
    "models/a.yaml": (
        "A:\n  type: object # ours\n  properties:\n    b: {type: string}\n    c: {$ref: '#/C'}\nC: {type: string}\n"
    ),
}
LESS = "A:\n  type: object # ours\n  properties:\n    b: {type: string}\n"


@pytest.fixture
def several(tmp_path: Path) -> tuple[Path, Path]:
    for side in ("base", "revision"):
        for name, text in FILES.items():
            path = tmp_path / side / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    (tmp_path / "revision/models/a.yaml").write_text(LESS)
    return tmp_path / "base/openapi.yaml", tmp_path / "revision/openapi.yaml"


def test_of_several_files_the_one_changes_in_which_the_edit_stands(
    several: tuple[Path, Path], tmp_path: Path, run: Run
) -> None:
    ran = run("expand", *several, "-o", tmp_path / "out", *DAY)
    assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "out/openapi.yaml").read_text() == FILES["openapi.yaml"]
    made = (tmp_path / "out/models/a.yaml").read_text()
    assert made.startswith(LESS + "    c:\n      allOf:\n")
    assert yaml.safe_load(made)["C"] == {"type": "string"}
    assert breaks(str(several[0]), str(tmp_path / "out/openapi.yaml")) == []


def test_an_overlay_is_of_one_file(several: tuple[Path, Path], tmp_path: Path, run: Run) -> None:
    ran = run("expand", *several, "-o", tmp_path / "out", "--overlay", tmp_path / "o.yaml", *DAY)
    assert (ran.code, "[expand-several-files]" in ran.err) == (2, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([BASE, REVISION, "--only", "0123456789ab"], 3, "[decision-unknown]"),
        ([BASE, REVISION, "--only", "property-splitt"], 2, "property-split"),
        ([BASE, REVISION, "--sunset", "soon"], 2, "YYYY-MM-DD"),
        ([BASE, DEMO], 2, "[expand-several]"),
        ([BASE, REVISION, "-o", "no/such/folder/e.yaml"], 3, "[output-unwritable]"),
    ],
)
def test_what_can_not_be_done_is_refused(arguments: list[object], code: int, says: str, run: Run) -> None:
    ran = run("expand", *arguments, *DAY)
    assert (ran.code, says in ran.err) == (code, True), ran.err


def test_no_file_is_written_twice_or_over_the_base(tmp_path: Path, run: Run) -> None:
    base = tmp_path / "base.yaml"
    base.write_bytes((DEMO / "base.yaml").read_bytes())
    for named in (("--output", tmp_path / "e.yaml", "--overlay", f"{tmp_path}/./e.yaml"), ("--rollback", base)):
        assert run("expand", base, DEMO / "revision.yaml", *named).code == 2
    assert [one.name for one in tmp_path.iterdir()] == ["base.yaml"]
    assert base.read_bytes() == (DEMO / "base.yaml").read_bytes()


def test_without_a_break_there_is_nothing_to_do(tmp_path: Path, run: Run) -> None:
    ran = run("expand", BASE, BASE, "-o", tmp_path / "e.yaml", *DAY)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "No break to undo: no caller has to change anything.")
    assert (tmp_path / "e.yaml").read_bytes() == BASE.read_bytes()


def test_nothing_is_written_where_one_of_the_outputs_cannot_be(tmp_path: Path, run: Run) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for output, said in (
        (("--overlay", tmp_path / "folder"), "Is a directory"),
        (("--rollback", tmp_path / "none" / "back.yaml"), "No such file or directory"),
        (("--shim", tmp_path / "file"), "Not a directory"),
        (("--shim", tmp_path / "file" / "shim"), "Not a directory"),
    ):
        ran = run("expand", BASE, REVISION, "-o", tmp_path / "e.yaml", "--only", TOKENS, *output, *DAY)
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith(f"error: {output[1]}: cannot be written: {said} [output-unwritable]\n")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
