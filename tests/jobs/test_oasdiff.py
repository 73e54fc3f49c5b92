"""oasdiff's settings as ours: every check has a rule or a reason, and what its files say is written or named."""

from pathlib import Path

import pytest

from apidiff.jobs.oasdiff.checks import checks, said_in
from apidiff.rules import find
from tests.conftest import ROOT, Run


def test_each_check_has_a_rule_or_a_reason() -> None:
    assert len(checks()) == 786  # `oasdiff checks changelog` of 1.37.0
    for check in checks().values():
        assert bool(check.rule) != bool(check.why), check.id
        assert check.level in ("breaking", "dangerous", "additive"), check.id
        assert check.words, check.id
        if check.rule:
            assert find(check.rule).id == check.rule, check.id


def test_the_page_names_each_check_without_a_rule() -> None:
    page = (ROOT / "docs" / "oasdiff.md").read_text(encoding="utf-8")
    assert [check.id for check in checks().values() if not check.rule and f"`{check.id}`" not in page] == []


def test_what_a_check_says_is_known_again() -> None:
    """Each message, its values filled in, leads to a check of the same rule: some say the same."""
    for check in checks().values():
        filled = check.says.replace("%s", "`x`").replace("%v", "1").replace("%d", "2")
        found = said_in(f"GET /a {filled}")
        assert found is not None, check.id
        assert len(found.words) >= 1
        assert found.rule == check.rule or len("".join(found.words)) >= len("".join(check.words)), check.id


SEVERITIES = """\
# ours
api-security-removed                          warn
api-global-security-removed                   warn
request-parameter-enum-value-added            err   # for SDKs
request-read-only-property-enum-value-removed none
content-schema-invented                       err
response-body-content-schema-added            warn
half
"""
IGNORED = """\
GET /a api path removed without deprecation
POST /v1/{id} deleted the `query` request parameter `limit`
in components removed the schema `Rules`
something else
"""


def test_files_become_levels_and_waivers(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "apidiff.yaml").write_text(
        "# kept\nlevels:\n  tag-removed: dangerous  # kept, too\nwaivers:\n"
        "  - {rule: operation-removed, operation: GET /a, reason: r, owner: o}\nprofile: sdk\n"
    )
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "levels.txt").write_text(SEVERITIES.replace("half\n", ""))
    (tmp_path / "conf" / "ignored.txt").write_text(IGNORED)
    (tmp_path / "conf" / ".oasdiff.yaml").write_text(
        "severity-levels: levels.txt\nerr-ignore: ignored.txt\nfail-on: ERR\nnews: 1\n"
    )
    done = run("import", "oasdiff", "conf/.oasdiff.yaml", "--owner", "ana", "--expires", "2099-01-01")
    assert (done.code, done.err) == (0, "")
    assert (
        (tmp_path / "apidiff.yaml").read_text()
        == """\
# kept
levels:
  tag-removed: dangerous  # kept, too
  security-alternative-removed: dangerous
waivers:
  - {rule: operation-removed, operation: GET /a, reason: r, owner: o}
  - rule: parameter-removed
    operation: POST /v1/{id}
    reason: 'ignored in oasdiff: POST /v1/{id} deleted the `query` request parameter `limit`'
    owner: ana
    expires: '2099-01-01'
profile: sdk
"""
    )
    narrow, wide = "request-read-only-property-enum-value-removed", "request-body-enum-value-removed"
    without = "response-body-content-schema-added"
    assert done.out.splitlines() == [
        "apidiff.yaml: 1 level and 1 waiver from oasdiff",
        "  security-alternative-removed: dangerous  (api-global-security-removed, api-security-removed)",
        "  parameter-removed of POST /v1/{id} passes",
        "Not taken over:",
        "  conf/levels.txt:6: content-schema-invented: no check of oasdiff 1.37.0 is called so",
        f"  conf/levels.txt:7: {without}: {checks()[without].why}",
        "  conf/ignored.txt:3: api-schema-removed: what no operation uses breaks nobody here, and needs no waiver",
        "  conf/ignored.txt:4: no words of a check of oasdiff 1.37.0: something else",
        "  conf/.oasdiff.yaml: fail-on: `apidiff diff --fail-on breaking` (ERR) or `dangerous` (WARN)",
        "  conf/.oasdiff.yaml: news: nothing here has this name",
        f"  conf/levels.txt:5: {narrow}: enum-value-removed stays breaking, for it is {wide}, too",
    ]
    again = run("import", "oasdiff", "conf/.oasdiff.yaml")
    assert again.out.splitlines()[0] == "apidiff.yaml: 0 levels and 0 waivers from oasdiff"


@pytest.mark.parametrize("name", ["gone.txt", "conf.hcl", "list.yaml", "broken.toml"])
def test_what_can_not_be_read_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conf.hcl").write_text("format = 1\n")
    (tmp_path / "list.yaml").write_text("- a\n")
    (tmp_path / "broken.toml").write_text("a = \n")
    done = run("import", "oasdiff", name)
    assert (done.code, "[import-unreadable]" in done.err, name in done.err) == (3, True, True)
    assert not (tmp_path / "apidiff.yaml").exists()


def test_levels_of_toml_and_without_a_configuration(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "oasdiff.toml").write_text('severity-levels = "levels.txt"\n')
    (tmp_path / "levels.txt").write_text("webhook-removed info\n")
    assert run("import", "oasdiff", "oasdiff.toml").code == 0
    assert (tmp_path / "apidiff.yaml").read_text() == "levels:\n  webhook-removed: additive\n"
