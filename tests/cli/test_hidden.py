"""Characters that nobody sees, in every text that strangers write: no command and no format lets one through."""

import io
import json
import unicodedata
import zipfile
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli import scenario
from tests.conftest import Run

pytestmark = pytest.mark.slow

HIDDEN = "\u202e\u2066\u200b\u200d\u2060\ufeff\u00ad\u061c\u2028\x7f\x85\x9b\U000e0041\ue000"
"""Bidirectional marks, widths of nothing, a soft hyphen, line ends of Unicode, controls, a tag, a private character."""
NAMED = f"a{HIDDEN}b"


def poisoned(spec: dict[str, Any], *, is_base: bool) -> dict[str, Any]:
    """The spec of the scenario with hidden characters in names, values, texts, paths and what moved."""
    spec = json.loads(json.dumps(spec))
    spec["info"] |= {"title": f"Pets {NAMED}", "description": NAMED}
    pet = spec["components"]["schemas"]["Pet"]
    pet["properties"][f"kind{NAMED}"] = {"type": "string", "enum": [f"x{NAMED}", "y"][not is_base :], "default": "y"}
    pet["properties"]["note"] = {"type": "string", "description": NAMED, "example": f"{NAMED}{is_base}"}
    if is_base:
        pet["properties"][NAMED] = {"type": "string"}
    get = spec["paths"]["/pets/{id}"]["get"]
    get |= {"summary": NAMED, "tags": [NAMED], "x-owner": f"{NAMED}{is_base}"}
    odd = f"[[a]{NAMED}" if is_base else "[a--b]"  # of such patterns Python warns, and warnings are errors here
    get["parameters"] = [
        {"name": f"q{NAMED}", "in": "query", "required": not is_base, "schema": {"type": "string", "pattern": odd}},
        {"name": "sort", "in": "query", "schema": {"enum": [NAMED, f"{NAMED}2"][: 1 + is_base]}},
    ]
    if is_base:
        spec["paths"][f"/odd{NAMED}"] = {"get": {"deprecated": True, "responses": {"200": {"description": NAMED}}}}
    return spec


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("hidden")
    made = scenario.write(folder)
    made["base"].write_text(yaml.safe_dump(poisoned(scenario.BASE, is_base=True), allow_unicode=False))
    made["revision"].write_text(yaml.safe_dump(poisoned(scenario.REVISION, is_base=False), allow_unicode=False))
    made["usage"].write_text(
        scenario.as_jsonl([row | {"user_agent": f"agent{NAMED}/1.0"} for row in scenario.ROWS])
        + scenario.as_jsonl([scenario.log_row(3, f"pk_live_{NAMED}", f"/odd{NAMED}")])
    )
    made["integrators"].write_text(scenario.INTEGRATORS.replace("Acme", f"Ac{NAMED}me").replace("Owner", NAMED))
    waiver = {
        "rule": "property-removed", "operation": "GET /pets/{id}", "reason": NAMED, "owner": NAMED,
        "expires": "2099-12-31",
    }  # fmt: skip
    (folder / "apidiff.yaml").write_text(yaml.safe_dump({"waivers": [waiver]}))
    return made | {"config": folder / "apidiff.yaml"}


def hidden(content: bytes) -> set[str]:
    """The characters of a text that show nothing, or show something else than they are; line ends are none."""
    text = content.decode().replace("\r\n", "\n").replace("@\u2060", "@")
    return {f"U+{ord(char):04X}" for char in text if unicodedata.category(char) in ("Cc", "Cf", "Co", "Zl", "Zp")} - {
        "U+000A",
        "U+0009",
    }


def shown(name: str, content: bytes) -> bytes:
    """What a reader of the file reads: a mail without its transfer encoding, a workbook's sheets."""
    if name.endswith(".eml"):
        mail = message_from_bytes(content, policy=policy.default)
        return "\n".join(
            [mail["Subject"], *(part.get_content() for part in mail.walk() if not part.is_multipart())]
        ).encode()
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return b"".join(book.read(one) for one in book.namelist())
    return content


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "html", "sarif", "junit", "github", "gitlab"])
def test_diff(files: dict[str, Path], run: Run, format_: str) -> None:
    for extra in ([], ["--config", files["config"]]):
        ran = run("diff", files["base"], files["revision"], "--format", format_, *extra)
        assert (ran.code, hidden(ran.out.encode()), hidden(ran.err.encode())) == (0, set(), set())
        assert "a\\u202e" in ran.out.replace("\\\\", "\\"), ran.out


@pytest.mark.parametrize("format_", ["text", "json", "html"])
def test_usage(files: dict[str, Path], run: Run, format_: str) -> None:
    ran = run(
        "usage", files["usage"], "--spec", files["base"], "--integrators", files["integrators"], "--format", format_
    )  # fmt: skip
    assert (ran.code, hidden(ran.out.encode()), hidden(ran.err.encode())) == (0, set(), set())


def test_plan_track_and_gate(files: dict[str, Path], run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    ran = run(*scenario.plan_arguments(files, folder), "--config", files["config"])
    assert (ran.code, hidden(ran.out.encode()), hidden(ran.err.encode())) == (0, set(), set())
    written = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = {name: hidden(shown(name, content)) for name, content in written.items() if not name.endswith(".salt")}
    assert {name: one for name, one in found.items() if one} == {}
    assert NAMED in json.dumps(json.loads(written["plan.json"])["changes"], ensure_ascii=False)
    given = ["--usage", files["usage"], "--integrators", files["integrators"]]
    for command in (["track", folder], ["gate", files["base"], files["revision"], "--plan", folder]):
        for format_ in ("text", "json", "markdown", "html" if command[0] == "track" else "github"):
            ran = run(*command, *given, "--format", format_)
            assert (ran.code in {0, 1}, hidden(ran.out.encode()), hidden(ran.err.encode())) == (True, set(), set())
