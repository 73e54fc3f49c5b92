"""The action and the template, whole, on a real git repository against a stand-in for each platform's interface.

The stand-in is a server that keeps comments as the platform does: it lists them in pages, says who asks, and lets the
body be written. `gh` is a small program that asks it as GitHub's own does, its `--jq` by jq itself.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.conftest import ROOT

ACTION = ROOT / ".github" / "actions" / "apidiff" / "action.yml"
TEMPLATE = ROOT / "docs" / "gitlab" / "apidiff.yml"
ME = 7
LIMIT = 65_536
"""The longest body of a comment that GitHub takes, in characters."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ACTION.exists(), reason="needs the whole checkout; the sdist does not hold the action"),
    pytest.mark.skipif(shutil.which("jq") is None, reason="needs jq"),
]

GH = """\
#!{python}
import json, os, subprocess, sys, urllib.request
words, method, body, query, path = sys.argv[2:], "GET", None, None, None
while words:
    word = words.pop(0)
    if word == "--method": method = words.pop(0)
    elif word == "--jq": query = words.pop(0)
    elif word == "-F": body = open(words.pop(0).removeprefix("body=@"), encoding="utf-8").read()
    elif not word.startswith("-"): path = word
data = None if body is None else json.dumps({{"body": body}}).encode()
asked = urllib.request.Request(os.environ["PLATFORM"] + "/" + path, data, method=method)
with urllib.request.urlopen(asked) as answer:
    text = answer.read()
if query: sys.stdout.write(subprocess.check_output(["jq", "-r", query], input=text.decode(), text=True))
"""


class Platform(ThreadingHTTPServer):
    """Comments by id, as (author, body), in the order in which they were written."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.comments: dict[int, tuple[int, str]] = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def ours(self) -> list[str]:
        return [body for author, body in self.comments.values() if author == ME]


class Answers(BaseHTTPRequestHandler):
    server: Platform

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.endswith("/user"):
            return self.answer({"login": f"user{ME}", "id": ME})
        asked = parse_qs(parts.query)
        page, size = int(asked.get("page", ["1"])[0]), int(asked.get("per_page", ["1000"])[0])
        listed = [
            {"id": key, "body": body, "user": {"login": f"user{author}"}, "author": {"id": author}}
            for key, (author, body) in self.server.comments.items()
        ]
        return self.answer(listed[(page - 1) * size : page * size])

    def write(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        last = self.path.rpartition("/")[2]
        key = int(last) if last.isdigit() else len(self.server.comments) + 1
        self.server.comments[key] = (ME, body)
        self.answer({"id": key})

    do_POST = do_PUT = do_PATCH = write  # noqa: N815 - the names by which a method is looked for

    def answer(self, value: Any) -> None:
        text = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that is overridden
        """Nothing."""


class Desk:
    """A repository whose base branch and merge request are written, and both platforms' jobs, run on them."""

    def __init__(self, folder: Path, platform: Platform) -> None:
        self.folder, self.platform, self.temporary = folder / "repository", platform, folder / "temporary"
        programs = folder / "bin"
        for made in (self.folder, self.temporary, programs):
            made.mkdir()
        texts = {
            "gh": GH.format(python=sys.executable),
            "pip": "#!/bin/sh\n",
            "apidiff": f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec {sys.executable} -m apidiff "$@"\n',
        }
        for name, text in texts.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CI_", "GITHUB_"))}
        self.environment = kept | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PLATFORM": platform.url,
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        self.call("git", "init", "-q")

    def call(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment | more, capture_output=True, text=True, check=False
        )

    def base(self, **files: str) -> str:
        """A commit of the base branch; its hash."""
        self.write(**files)
        self.call("git", "add", "-A")
        self.call("git", "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "-m", "base")
        return self.call("git", "rev-parse", "HEAD").stdout.strip()

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"{name}.yaml").write_text(text)

    def github(self, start: str, **given: str) -> subprocess.CompletedProcess[str]:
        (step,) = (one for one in yaml.safe_load(ACTION.read_text())["runs"]["steps"] if one.get("name") == "Compare")
        settings = dict.fromkeys(step["env"], "") | {
            "SPEC": "api.yaml", "START": start, "FAIL_ON": "breaking", "COMMENT": "true", "PULL_REQUEST": "3",
            "AUDIENCE": "internal",
            "RUNNER_TEMP": str(self.temporary), "GITHUB_STEP_SUMMARY": str(self.temporary / "summary.md"),
            "GITHUB_OUTPUT": str(self.temporary / "output"), "GITHUB_REPOSITORY": "o/r",
        }  # fmt: skip
        return self.call("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], **settings | given)

    def gitlab(self, start: str, **given: str) -> subprocess.CompletedProcess[str]:
        job = yaml.safe_load(TEMPLATE.read_text())["apidiff"]
        names = {"CONFIG": "APIDIFF_CONFIG", "FAIL_ON": "APIDIFF_FAIL_ON", "USAGE": "APIDIFF_USAGE"}
        settings = job["variables"] | {
            "APIDIFF_SPEC": "api.yaml", "APIDIFF_TOKEN": "t", "CI_API_V4_URL": self.platform.url,
            "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_DIFF_BASE_SHA": start,
        }  # fmt: skip
        given = {names[name]: value for name, value in given.items()}
        return self.call("bash", "-eo", "pipefail", "-c", "\n".join(job["script"]), **settings | given)

    def run(self, host: str, start: str, **given: str) -> subprocess.CompletedProcess[str]:
        return self.github(start, **given) if host == "github" else self.gitlab(start, **given)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Platform() as platform:
        thread = threading.Thread(target=platform.serve_forever, daemon=True)
        thread.start()
        yield Desk(tmp_path, platform)
        platform.shutdown()
        thread.join()


def spec(*paths: str, version: str = "1.0.0") -> str:
    answer = {"responses": {"200": {"description": "OK"}}}
    return yaml.safe_dump(
        {
            "openapi": "3.1.0",
            "info": {"title": "Things", "version": version},
            "paths": {path: {"get": answer} for path in paths},
        }
    )


HOSTS = pytest.mark.parametrize("host", ["github", "gitlab"])


@HOSTS
def test_one_comment_follows_the_request_and_nobody_else_s_is_touched(desk: Desk, host: str) -> None:
    start = desk.base(api=spec("/a", "/b"))
    desk.write(api=spec("/a"))
    first = desk.run(host, start)
    assert (first.returncode, len(desk.platform.ours)) == (1, 1), first.stderr
    mark = desk.platform.ours[0].partition("\n")[0]
    desk.platform.comments = {
        **dict.fromkeys(range(1, 121), (8, f"{mark}\nsomebody else's")),
        200: (ME, f"about {mark}"),
        201: (ME, desk.platform.ours[0]),
    }
    before = dict(desk.platform.comments)
    desk.write(api=spec("/a", "/b", "/c", version="1.1.0"))
    second = desk.run(host, start)
    assert second.returncode == 0, second.stderr
    changed = {key for key, comment in desk.platform.comments.items() if before.get(key) != comment}
    assert changed == {201}
    assert "GET /b" in before[201][1]
    assert "GET /b" not in desk.platform.comments[201][1]


@HOSTS
def test_an_approval_counts_from_the_base_and_a_fork_s_own_does_not(desk: Desk, host: str) -> None:
    start = desk.base(api=spec("/a", "/b"), apidiff="{}\n")
    desk.write(api=spec("/a"))
    waiver = {"rule": "operation-removed", "operation": "GET /b", "reason": "nobody calls it", "owner": "ana"}
    approved = yaml.safe_dump({"waivers": [waiver | {"expires": "2099-12-31"}]})
    desk.write(apidiff=approved)
    fork = desk.run(host, start, CONFIG="BASE:apidiff.yaml")
    assert fork.returncode == 1, fork.stderr
    (comment,) = desk.platform.ours
    assert "GET /b" in comment
    assert "proposed" in fork.stderr
    desk.write(api=spec("/a", "/b"))
    start = desk.base(apidiff=approved)
    desk.write(api=spec("/a"))
    merged = desk.run(host, start, CONFIG="BASE:apidiff.yaml")
    assert merged.returncode == 0, merged.stderr


@HOSTS
def test_five_hundred_breaks_fit_into_a_comment(desk: Desk, host: str) -> None:
    paths = [f"/things/{'long-' * 20}{number}" for number in range(500)]
    start = desk.base(api=spec("/a", *paths))
    desk.write(api=spec("/a"))
    done = desk.run(host, start)
    assert done.returncode == 1, done.stderr
    (comment,) = desk.platform.ours
    assert "500" in "".join(comment.splitlines()[:4])
    assert len(comment) <= LIMIT


@HOSTS
def test_a_snapshot_on_another_branch_says_whom_it_hits(desk: Desk, host: str, tmp_path: Path) -> None:
    row = {"time": "2026-03-01T12:00:00Z", "method": "GET", "path": "/b", "status": 200, "api_key": "key_1"}
    (tmp_path / "log.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "was.yaml").write_text(spec("/a", "/b"))
    made = ["snapshot", str(tmp_path / "log.jsonl"), "--spec", str(tmp_path / "was.yaml"), "--no-cache"]
    desk.call("git", "checkout", "-q", "--orphan", "nightly")
    done = desk.call("apidiff", *made, "--today", "2026-03-02", "--output", "usage.snapshot")
    assert done.returncode == 0, done.stderr
    desk.base()
    remote = tmp_path / "remote"
    desk.call("git", "clone", "-q", "--bare", ".", str(remote))
    desk.call("git", "remote", "add", "origin", remote.as_uri())
    desk.call("git", "checkout", "-q", "--orphan", "main")
    desk.call("git", "rm", "-rfq", ".")
    desk.call("git", "branch", "-D", "nightly")
    start = desk.base(api=spec("/a", "/b"))
    desk.write(api=spec("/a"))
    hit = desk.run(host, start, USAGE="nightly:usage.snapshot", FAIL_ON="breaking-used")
    assert (hit.returncode, hit.stderr) == (1, "stopped: of 1 breaking change 1 is used\n")
    (comment,) = desk.platform.ours
    assert "1 breaking change, 1 of them in use" in comment


HOSTILE = (
    "/<script>alert(1)</script>",
    "/x\n::set-output name=next-version::9",
    "/@everyone/![x](https://evil.example/x.png)",
    "/`$(touch pwned)`/'; touch pwned; '",
    "/| a | b |</details><h1>owned",
)


@HOSTS
def test_hostile_names_stay_names(desk: Desk, host: str) -> None:
    start = desk.base(api=spec("/a", *HOSTILE))
    desk.write(api=spec("/a"))
    done = desk.run(host, start)
    assert done.returncode == 1, done.stderr
    (comment,) = desk.platform.ours
    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", comment, flags=re.DOTALL)
    assert not re.search(r"<script|<h1|!\[|@everyone", bare)
    assert not [line for line in done.stdout.splitlines() if line.startswith("::") and not line.startswith("::error ")]
    assert not (desk.folder / "pwned").exists()


def test_a_push_writes_no_comment(desk: Desk) -> None:
    start = desk.base(api=spec("/a", "/b"))
    desk.write(api=spec("/a"))
    done = desk.github(start, PULL_REQUEST="")
    assert (done.returncode, done.stdout.count("::error "), desk.platform.comments) == (1, 1, {})
