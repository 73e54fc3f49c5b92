"""The page in a browser: no message, no request, and its table answers to search, filter, sort and the panel."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from apidiff.render.plan import render_plan
from tests.render.plan.sample import Made, sample

BROWSER = next((one for one in ("chromium", "chromium-browser", "google-chrome") if shutil.which(one)), "")
ASK = """
addEventListener('load', function () {
  var out = {}, find = document.getElementById('find'), tier = document.getElementById('tier');
  function rows() {
    return Array.prototype.filter.call(document.querySelectorAll('#people tbody tr'), function (row) {
      return row.offsetHeight > 0;
    }).map(function (row) { return row.cells[1].firstChild.textContent; });
  }
  function type(field, text) { field.focus(); field.value = text; field.dispatchEvent(new Event('input')); }
  out.all = rows();
  type(find, 'bolt'); out.found = rows(); out.count = document.getElementById('count').textContent;
  type(find, ''); type(tier, 'call'); out.called = rows(); type(tier, '');
  var heads = document.querySelectorAll('#people thead button');
  heads[1].focus(); document.activeElement.click(); out.byName = rows();
  out.sorted = heads[1].parentNode.getAttribute('aria-sort');
  document.querySelector('#people button.name').focus(); document.activeElement.click();
  var panel = document.getElementById('panel');
  out.panel = [panel.open, panel.querySelector('h3').textContent, panel.querySelectorAll('li').length > 0];
  panel.querySelector('button').click(); out.closed = !panel.open;
  document.title = JSON.stringify(out);
});
"""


def _run(page: str, tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
        "--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom", *more, path.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=200)


@pytest.mark.slow
@pytest.mark.skipif(not BROWSER, reason="no browser is installed")
def test_the_table_is_searched_filtered_sorted_and_opened(folder: dict[str, bytes], tmp_path: Path) -> None:
    page = folder["index.html"].decode()
    # the policy would refuse the questions of this test
    asked = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace(
        "</body>", f"<script>{ASK}</script></body>"
    )
    done = _run(asked, tmp_path)
    title = re.search(r"<title>(\{.*?\})</title>", done.stdout)
    assert title is not None
    out: dict[str, Any] = json.loads(title[1].replace("&amp;", "&"))
    names = [one.name or ", ".join(one.keys) for one in sample().integrators]
    assert out["all"] == names
    assert out["found"] == [name for name in names if "bolt" in name.lower()]
    assert out["count"] == f"{len(out['found'])} of {len(names)} accounts"
    assert out["called"] == [one.name for one in sample().integrators if one.tier.value == "call"]
    assert (out["byName"], out["sorted"]) == (sorted(names, key=str.lower), "ascending")
    assert out["panel"] == [True, min(names, key=str.lower), True]
    assert out["closed"] is True


@pytest.mark.slow
@pytest.mark.skipif(not BROWSER, reason="no browser is installed")
def test_the_page_says_nothing_on_the_console_and_its_policy_lets_its_script_run(
    folder: dict[str, bytes], tmp_path: Path
) -> None:
    done = _run(folder["index.html"].decode(), tmp_path)
    assert not re.findall(r"CONSOLE.*", done.stderr)
    assert '<div id="tools" class="tools">' in done.stdout


def test_without_anybody_there_is_no_script() -> None:
    page = render_plan(sample(integrators=(), usage=None), samples=Made())["index.html"].decode()
    assert "<script" not in page
