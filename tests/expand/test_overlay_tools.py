"""Our overlays, applied by implementations that are not ours: there to the expanded spec, and back to the revision.

`npm install openapi-overlays-js` brings `overlayjs`, `pip install oas-patch "jsonpath-ng<1.7"` brings `oas-patch` (with
a later jsonpath-ng it can't update an item of a list). Where one is not on the PATH its test is skipped, and says so.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import DEMO, Run
from tests.render.plan.servers import need

pytestmark = pytest.mark.slow


def overlayjs(spec: Path, overlay: Path) -> list[str]:
    return [need("overlayjs"), "--openapi", str(spec), "--overlay", str(overlay)]


def oas_patch(spec: Path, overlay: Path) -> list[str]:
    return [need("oas-patch"), "overlay", str(spec), str(overlay)]


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("tool", [overlayjs, oas_patch], ids=lambda tool: tool.__name__)
def test_another_tool_goes_there_and_back(tool: Callable[[Path, Path], list[str]], tmp_path: Path, run: Run) -> None:
    tool(tmp_path, tmp_path)  # it is there, or this is skipped
    expanded, there, back = (tmp_path / name for name in ("expanded.yaml", "there.yaml", "back.yaml"))
    revision = DEMO / "revision.yaml"
    assert run("expand", DEMO / "base.yaml", revision, "-o", expanded, "--overlay", there, "--rollback", back).code == 0
    for spec, overlay, wanted in ((revision, there, expanded), (expanded, back, revision)):
        done = subprocess.run(tool(spec, overlay), capture_output=True, text=True, timeout=120, check=True)
        assert yaml.safe_load(done.stdout) == load(wanted)
