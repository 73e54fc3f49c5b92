"""The options that several commands share."""

import os
from datetime import date
from pathlib import Path

import pytest
import typer

from apidiff.cli.options import check_output, parse_day, parse_prefixes, parse_profile, parse_selection
from apidiff.config import Selection


def test_a_selection_is_told_by_its_form() -> None:
    words = ["/v1/*", "tag:Billing", "GET /v1/users", "POST /v1/*"]
    assert parse_selection(words) == Selection(
        paths=("/v1/*",), tags=("Billing",), operations=("GET /v1/users", "POST /v1/*")
    )
    assert parse_selection(None) is None


def test_no_report_goes_over_a_file_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("usage.jsonl").write_text("{}")
    Path("old.txt").write_text("an older report")
    check_output(None, "usage.jsonl")
    for free in ("new.txt", "old.txt", os.devnull, "x" * 10_000):
        check_output(Path(free), "usage.jsonl", "-", "main:openapi.yaml", "https://example.com/a.yaml", "*.jsonl")
    for name in ("usage.jsonl", "./usage.jsonl", str(tmp_path / "usage.jsonl")):
        with pytest.raises(typer.BadParameter, match="is a file that is read, and would be lost"):
            check_output(Path(name), "nowhere.yaml", "usage.jsonl")


def test_prefixes() -> None:
    assert parse_prefixes(["/v1=/v2", "/api="]) == {"/v1": "/v2", "/api": ""}
    with pytest.raises(typer.BadParameter, match="OLD=NEW"):
        parse_prefixes(["/v1"])


def test_a_day() -> None:
    assert parse_day("2026-03-09") == date(2026, 3, 9)
    with pytest.raises(typer.BadParameter, match="YYYY-MM-DD"):
        parse_day("9.3.2026")


def test_a_profile() -> None:
    assert parse_profile("sdk") == "sdk"
    with pytest.raises(typer.BadParameter, match="is none of tolerant, standard, strict, sdk"):
        parse_profile("sdks")
