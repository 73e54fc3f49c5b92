"""The main job from the outside, on the demo: what is in the folder, the same bytes twice, and nothing private."""

import csv
import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.cli import scenario
from tests.conftest import DEMO, Run

pytestmark = pytest.mark.slow

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PUBLIC = (
    "migration-guide.md", "migration-guide.html", "overlay.yaml", "expanded.yaml", "llms.txt", "migration.json",
    "expand.overlay.yaml", "contract.overlay.yaml", "skill/", "headers", "shim/",
)  # fmt: skip
"""What other people than the API's own get to see, beside one integrator's own page and mail."""


@pytest.fixture(scope="session")
def demo_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's plan folder, made once by a process of its own."""
    folder = tmp_path_factory.mktemp("demo") / "plan"
    done = subprocess.run(
        [sys.executable, "-m", "apidiff", "demo", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["read as json", "warning", "warning"], (
        done.stderr
    )
    assert "rows can't be read" in done.stderr
    assert "rows match no operation" in done.stderr
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its name below it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_folder_holds_what_the_contract_names(demo_plan: Path) -> None:
    names = set(contents(demo_plan))
    assert names >= {
        "plan.json", "index.html", "outreach.csv", "outreach.md", "sunset-plan.md", "migration-guide.md",
    }  # fmt: skip
    data = json.loads((demo_plan / "plan.json").read_text(encoding="utf-8"))
    assert data["format"] == "apidiff-plan/1"
    assert {
        "base",
        "revision",
        "summary",
        "policy",
        "dates",
        "usage",
        "operations",
        "changes",
        "integrators",
        "timeline",
    } <= set(data)
    with (demo_plan / "outreach.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["integrator"] for row in rows] == [one["integrator"] for one in data["integrators"]]
    assert [int(row["rank"]) for row in rows] == list(range(1, len(rows) + 1))


def test_the_same_bytes_on_every_run(demo_plan: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "apidiff", "demo", tmp_path / "again"],
        env=os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland"}, capture_output=True, check=True,
    )  # fmt: skip
    first, again = contents(demo_plan), contents(tmp_path / "again")
    assert first.keys() == again.keys()
    assert [name for name in first if first[name] != again[name]] == []


@pytest.fixture(scope="session")
def secrets() -> dict[str, set[str]]:
    """What the demo's inputs hold that no output may: keys, addresses, values of queries, contacts by integrator."""
    found: dict[str, set[str]] = {"keys": set(), "addresses": set(), "values": set()}
    with (DEMO / "integrators.csv").open(encoding="utf-8", newline="") as file:
        found["keys"] |= {row["api_key"] for row in csv.DictReader(file)}
    with gzip.open(DEMO / "usage.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if not isinstance(row, dict):
                continue
            found["keys"].add(row.get("api_key") or "")
            found["addresses"].add(row.get("client_ip") or row.get("ip") or "")
            query = row.get("query") or str(row.get("path", "")).partition("?")[2]
            found["values"] |= {value for _, value in parse_qsl(query)}
    return {kind: {value for value in values if value} for kind, values in found.items()}


def test_no_raw_key_no_address_no_query_value(demo_plan: Path, secrets: dict[str, set[str]]) -> None:
    assert len(secrets["keys"]) > 100
    assert len(secrets["addresses"]) > 1
    assert len(secrets["values"]) > 5
    # Short words, numbers and days (a status, a page size) are in the specs and in counts, too.
    telling = {value for value in secrets["values"] if len(value) >= 8 and not DAY.match(value)}
    assert telling
    for name, content in contents(demo_plan).items():
        text = readable(name, content)
        for value in secrets["keys"] | secrets["addresses"] | telling:
            assert value not in text, f"{name} holds {value[:4]}…"


def readable(name: str, content: bytes) -> str:
    """The text of a file; a workbook is unpacked first."""
    if not name.endswith(".xlsx"):
        return content.decode("utf-8", "replace")
    import io
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(content))
    return "\n".join(archive.read(member).decode("utf-8", "replace") for member in archive.namelist())


def test_nobody_reads_of_another_integrator(demo_plan: Path) -> None:
    data = json.loads((demo_plan / "plan.json").read_text(encoding="utf-8"))
    contacts = {one["contact"] for one in data["integrators"] if one["contact"]}
    names = {one["name"] for one in data["integrators"] if one["name"]}
    assert len(contacts) > 50
    files = contents(demo_plan)
    for name, content in files.items():
        text = readable(name, content)
        if name.startswith(PUBLIC):
            assert [value for value in contacts | names if value in text] == [], name
        elif name.startswith("integrators/"):
            assert len([value for value in contacts if value in text]) <= 1, name


def test_without_usage_there_are_no_dates(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    ran = run("plan", files["base"], files["revision"], "--out", tmp_path / "plan")
    assert (ran.code, ran.err) == (0, "")
    data = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert set(data["dates"].values()) <= {None, ""}
    assert data["timeline"] == []
    assert "no usage evidence" in ran.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--no-usage",), "--no-usage needs --reason"),
        (("--no-usage", "--reason", " "), "--no-usage needs --reason"),
        (("--emergency",), "--emergency needs --reason"),
        (("--stale-logs", "--usage", "usage.jsonl"), "--stale-logs needs --reason"),
        (("--stale-logs", "--reason", "why not"), "--stale-logs says something of --usage"),
        (("--no-usage", "--reason", "why not", "--usage", "usage.jsonl"), "--no-usage contradicts --usage"),
        (("--policy", "forever"), "no policy is called 'forever'"),
        (("--sunset", "2026-04-01", "--no-usage", "--reason", "why not"), "months"),
    ],
)
def test_what_a_plan_refuses(tmp_path: Path, run: Run, options: tuple[str, ...], said: str) -> None:
    files = scenario.write(tmp_path)
    before = scenario.snapshot(tmp_path)
    ran = run("plan", files["base"], files["revision"], "--out", tmp_path / "plan", "--today", "2026-03-09", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert scenario.snapshot(tmp_path) == before


def test_the_plan_never_takes_the_place_of_the_working_directory(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = scenario.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = scenario.snapshot(tmp_path)
    for out in (".", "..", tmp_path):
        ran = run("plan", files["base"], files["revision"], "--out", out)
        assert (ran.code, ran.out) == (2, "")
        assert "a folder of its own" in ran.err
    assert scenario.snapshot(tmp_path) == before


def test_no_usage_with_a_reason_is_stamped_on_every_page(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    ran = run(
        "plan", files["base"], files["revision"], "--no-usage", "--reason", "the gateway is not ours",
        "--out", tmp_path / "plan", "--today", "2026-03-09",
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    for name in ("outreach.md", "sunset-plan.md", "index.html"):
        assert "the gateway is not ours" in (tmp_path / "plan" / name).read_text(encoding="utf-8"), name


def test_old_logs_set_no_date_unless_somebody_says_why(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    old = ("plan", files["base"], files["revision"], "--usage", files["usage"], "--integrators", files["integrators"])
    old = (*old, "--today", "2026-06-01", "--out", tmp_path / "plan")
    assert run(*old).code == 0
    data = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert (set(data["dates"].values()), data["timeline"]) == ({None}, [])
    ran = run(*old, "--stale-logs", "--reason", "the season is over")
    assert ran.code == 0
    data = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert all(data["dates"].values())
    for name in ("outreach.md", "sunset-plan.md", "index.html"):
        text = (tmp_path / "plan" / name).read_text(encoding="utf-8")
        assert "he logs ended 86 days before this plan: the season is over" in text, name


def test_a_new_run_keeps_what_people_wrote(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    arguments = scenario.plan_arguments(files, tmp_path / "plan")
    assert run(*arguments).code == 0
    sheet = tmp_path / "plan" / "outreach.csv"
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"status": "called", "notes": "moves in May"}
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "plan" / "our-notes.txt").write_text("ours", encoding="utf-8")
    assert run(*arguments).code == 0
    with sheet.open(encoding="utf-8", newline="") as file:
        again = list(csv.DictReader(file))
    assert (again[0]["status"], again[0]["notes"]) == ("called", "moves in May")
    assert (tmp_path / "plan" / "our-notes.txt").read_text(encoding="utf-8") == "ours"


def test_one_integrator_explained(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    arguments = scenario.plan_arguments(files, tmp_path / "plan")
    shown = run(*arguments, "--explain", "acme")
    assert shown.code == 0, shown.err
    assert shown.out.startswith("Acme: rank 1, tier call, score ")
    assert run(*arguments, "--explain", "Acme").out == shown.out
    unknown = run(*arguments, "--explain", "acmee")
    assert (unknown.code, unknown.out) == (2, "")
    assert "Did you mean 'acme'?" in unknown.err


def test_the_second_run_reads_the_cache_and_says_the_same(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    cache = tmp_path / "cache"
    first = run(*scenario.plan_arguments(files, tmp_path / "one"), "--cache", cache)
    kept = scenario.snapshot(cache)
    again = run(*scenario.plan_arguments(files, tmp_path / "two"), "--cache", cache)
    without = run(*scenario.plan_arguments(files, tmp_path / "three"), "--no-cache")
    assert (first.code, again.code, without.code) == (0, 0, 0)
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "three")
    assert scenario.snapshot(cache) == kept
    assert len(kept) > 2
    for name, content in kept.items():
        assert not [key for key in scenario.KEYS if key.encode() in (content or b"")], name


@pytest.mark.parametrize("days", [(1, 2, 3), (3, 1, 2)], ids=str)
def test_a_folder_to_which_a_file_is_added_gives_the_plan_of_all_of_it(
    tmp_path: Path, run: Run, days: tuple[int, ...]
) -> None:
    """Whatever the order in which files come, and though a failure at the end of one is answered in the next."""
    logs, cache = tmp_path / "logs", tmp_path / "cache"
    files = scenario.write(tmp_path) | {"usage": logs}
    logs.mkdir()
    (key, other) = scenario.KEYS
    for number, day in enumerate(days):
        ends = [scenario.log_row(day, key, "/pets", 503) | {"time": f"2026-03-{day:02d}T23:59:50Z"}]
        starts = [scenario.log_row(day, key, "/pets") | {"time": f"2026-03-{day:02d}T00:00:05Z"}]
        rows = [*starts, scenario.log_row(day, other, f"/pets/{day}"), scenario.log_row(day, key, "/none"), *ends]
        (logs / f"{day}.jsonl").write_text(scenario.as_jsonl(rows) + "no row\n", encoding="utf-8")
        assert run(*scenario.plan_arguments(files, tmp_path / f"grown{number}"), "--cache", cache).code == 0
    assert run(*scenario.plan_arguments(files, tmp_path / "whole"), "--no-cache").code == 0
    grown, whole = (contents(tmp_path / name) for name in (f"grown{len(days) - 1}", "whole"))
    assert grown["plan.json"] == whole["plan.json"]
    assert grown == whole
    usage = json.loads(whole["plan.json"])["usage"]
    assert (usage["rows"], usage["matched"], usage["unmatched"], usage["malformed"]) == (15, 9, 3, 3)


def test_keys_without_an_account_keep_their_names(tmp_path: Path, run: Run) -> None:
    """The same inputs give the same names; in a folder that has names already, newer logs do, too."""
    files = scenario.write(tmp_path)
    arguments = ("plan", files["base"], files["revision"], "--today", "2026-03-09", "--usage")

    def names(folder: str) -> set[str]:
        data = json.loads((tmp_path / folder / "plan.json").read_text(encoding="utf-8"))
        return {one["integrator"] for one in data["integrators"]}

    assert run(*arguments, files["usage"], "--out", tmp_path / "one").code == 0
    assert run(*arguments, f"{tmp_path}/*.jsonl", "--out", tmp_path / "two").code == 0
    assert names("one") == names("two")
    assert len(names("one")) == 2
    salt = tmp_path / "one" / ".salt"
    assert salt.stat().st_mode & 0o777 == 0o600

    files["usage"].write_text(scenario.as_jsonl(scenario.ROWS[4:]), encoding="utf-8")
    assert run(*arguments, files["usage"], "--out", tmp_path / "one").code == 0
    assert names("one") == names("two")
    assert run(*arguments, files["usage"], "--out", tmp_path / "three").code == 0
    assert names("three") & names("two") == set()


def test_what_was_decided_to_be_expanded_is_in_the_folder(demo_plan: Path) -> None:
    """The demo decides so of the name that was split; everything else breaks as it did."""
    from apidiff import compare
    from apidiff.words.changes import Level

    def breaks(base: Path, revision: Path) -> list[str]:
        found = compare(str(base), str(revision)).changes
        return [change.title for change in found if change.level is Level.BREAKING]

    expanded = demo_plan / "expanded.yaml"
    first, last = breaks(DEMO / "base.yaml", DEMO / "revision.yaml"), breaks(DEMO / "base.yaml", expanded)
    assert [title for title in first if title not in last] == [
        "response property `name` of `Customer` was split into `first_name`, `last_name`",
        "request property `name` of `Customer` was split into `first_name`, `last_name`",
    ]
    assert breaks(DEMO / "revision.yaml", expanded) == []
    for name in ("expanded.yaml", "expand.overlay.yaml", "contract.overlay.yaml"):
        text = (demo_plan / name).read_text(encoding="utf-8")
        assert text.startswith("# DRAFT: 5 of 8 breaking changes are undecided. Do not publish.\n")
    assert 'x-sunset: "2028-01-11"' in expanded.read_text(encoding="utf-8")
