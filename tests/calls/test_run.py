"""The samples of the guide, run as the guide prints them, against servers made from both specs.

The old program works on the base; on the revision it fails as the guide says; the new one works there.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from apidiff.calls.samples import Samples
from apidiff.calls.value import Exchange, Outcome
from apidiff.comparison.compare import Judgement, compared
from apidiff.render.plan.languages import CURL, LANGUAGES, Language
from apidiff.words.changes import Change
from tests.calls.server import SpecServer, served
from tests.conftest import DEMO

SECRETS = {"API_TOKEN": "the-secret", "API_USER": "user", "API_PASSWORD": "the-secret"}
COMMANDS = {
    "curl": ["sh"],
    "Python": [sys.executable, "-I"],
    "Node.js": ["node"],
    "Java": ["java"],
    "Ruby": ["ruby"],
    "PHP": ["php"],
}
PROGRAMS = {"Node.js": "node", "Java": "java", "Ruby": "ruby", "PHP": "php", "curl": "curl"}
QUICK = (CURL, LANGUAGES["python"], LANGUAGES["node"])
EXPECTED = {Outcome.GONE: ("404", "405"), Outcome.REFUSED: ("422",), Outcome.UNAUTHORIZED: ("401",)}


@dataclass
class Ran:
    code: int
    text: str


@dataclass
class Bench:
    """Both specs, served, and a folder to write programs to."""

    folder: Path
    base: str
    old: str
    new: str
    """The revision, with as little in its answers as it may send, and with all of it."""
    servers: tuple[SpecServer, ...] = ()

    def run(self, language: Language, exchange: Exchange, server: str) -> Ran:
        path = self.folder / language.file
        path.write_text(language.program(exchange) + "\n")
        keys = {one.name.replace("-", "_").upper(): "the-secret" for one in exchange.call.credentials if one.name}
        done = subprocess.run(
            [*COMMANDS[language.title], str(path)],
            env={**os.environ, **SECRETS, **keys, "API_URL": server, "NO_PROXY": "*", "no_proxy": "*"},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout + done.stderr)


def benches(base: dict[str, Any], revision: dict[str, Any], folder: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        kinds = ((base, True), (revision, False), (revision, True))
        servers = tuple(SpecServer(document, full=full) for document, full in kinds)
        yield Bench(folder, *(stack.enter_context(served(one)) for one in servers), servers=servers)


def installed(language: Language) -> bool:
    return language.title == "Python" or shutil.which(PROGRAMS[language.title]) is not None


def tried(bench: Bench, language: Language, change: Change, samples: Samples) -> str:
    """What was seen of one sample in one language, after checking it; `-` where there is nothing to run."""
    sample = samples.of(change)
    if sample.before is None or not language.can_write(sample.before.call):
        return "-"
    shown = f"{change.title}\n{language.program(sample.before)}"
    bench.servers[0].offered = sample.before.answer or None
    works = bench.run(language, sample.before, bench.base)
    assert works.code == 0, f"the old one fails on the base: {shown}\n{works.text}"
    fails = bench.run(language, sample.before, bench.old)
    if sample.outcome in EXPECTED:
        assert fails.code != 0, f"the old one works on the revision: {shown}"
        assert any(status in fails.text for status in EXPECTED[sample.outcome]), f"{shown}\n{fails.text}"
    elif sample.outcome is Outcome.IGNORED:
        assert fails.code == 0, f"{shown}\n{fails.text}"
    if sample.after is not None:
        bench.servers[2].offered = sample.after.answer or None
        again = bench.run(language, sample.after, bench.new)
        assert again.code == 0, f"the new one fails on the revision: {language.program(sample.after)}\n{again.text}"
    return f"{sample.outcome} {'fails' if fails.code else 'runs'}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    documents = [yaml.safe_load((DEMO / name).read_text()) for name in ("base.yaml", "revision.yaml")]
    yield from benches(documents[0], documents[1], tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def breaks() -> tuple[tuple[Change, ...], Samples]:
    comparison, found = compared(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"), judgement=Judgement())
    return tuple(change for change in comparison.changes if change.breaks), Samples(found)


@pytest.mark.slow
@pytest.mark.parametrize("language", QUICK, ids=lambda one: one.title)
def test_every_sample_of_the_demo(language: Language, demo: Bench, breaks: tuple[tuple[Change, ...], Samples]) -> None:
    if not installed(language):
        pytest.skip(f"{language.title} is not installed")
    changes, samples = breaks
    seen = Counter(tried(demo, language, change, samples) for change in changes)
    # curl reads no field, so that it runs on where one is missing
    reading = "runs" if language is CURL else "fails"
    assert seen == {"refused fails": 4, "gone fails": 2, f"other answer {reading}": 2}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["java", "ruby", "php"])
def test_other_languages(name: str, demo: Bench, breaks: tuple[tuple[Change, ...], Samples]) -> None:
    """A request with a body, a refused one and, but for Java, which needs a library for it, a field that is missing."""
    language = LANGUAGES[name]
    if not installed(language):
        pytest.skip(f"{language.title} is not installed")
    changes, samples = breaks
    rules = ("property-split", "maximum-decreased") if name != "java" else ("maximum-decreased",)
    seen = {tried(demo, language, change, samples) for change in changes if change.rule in rules}
    assert seen == ({"refused fails"} if name == "java" else {"refused fails", "other answer fails"})
