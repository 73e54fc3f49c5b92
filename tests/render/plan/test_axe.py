"""Both pages through axe-core, the rules that browsers' own tools use: wide and narrow, light and dark.

axe-core is not part of this repository: `npm install --no-save axe-core` puts it where the tests look, or `APIDIFF_AXE`
names its axe.min.js. Without it, or without a browser, these tests say that they are skipped.
"""

import json
import os
import re
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.render.plan.test_page import BROWSER, _run

AXE = Path(os.environ.get("APIDIFF_AXE") or ROOT / "node_modules" / "axe-core" / "axe.min.js")
ASK = """
addEventListener('load', function () {
  axe.run().then(function (found) {
    document.title = 'AXE' + JSON.stringify({
      passes: found.passes.length,
      violations: found.violations.map(function (one) { return [one.id, one.nodes.length, one.nodes[0].html]; }),
    });
  });
});
"""
LOOKS = {
    "wide": ["--window-size=1280,1000"],
    "dark": ["--window-size=1280,1000", "--blink-settings=preferredColorScheme=0"],
    "narrow": ["--window-size=390,900"],
}


@pytest.mark.slow
@pytest.mark.skipif(not BROWSER, reason="no browser is installed")
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm install --no-save axe-core)")
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["index.html", "migration-guide.html"])
def test_axe_finds_nothing(name: str, look: str, folder: dict[str, bytes], tmp_path: Path) -> None:
    # the policy would refuse what is asked here
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", folder[name].decode())
    asked = page.replace("</body>", f"<script>{AXE.read_text()}</script><script>{ASK}</script></body>")
    done = _run(asked, tmp_path, *LOOKS[look])
    title = re.search(r"<title>AXE(.*?)</title>", done.stdout)
    assert title is not None
    found = json.loads(unescape(title[1]))
    assert (found["violations"], found["passes"] > 10) == ([], True)
