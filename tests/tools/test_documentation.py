"""The documentation's site builds strictly, every link in it leads somewhere, and it has what the code has."""

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from apidiff.cli.app import COMMANDS
from apidiff.plan.policy import presets
from apidiff.rules import catalogue
from apidiff.usage.read.formats import FORMATS
from apidiff.words.problems import PROBLEMS
from tests.conftest import ROOT
from tests.tools import documentation

pytest.importorskip("mkdocs", reason="needs mkdocs, which comes with the extra `test`")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("documentation"),
    pytest.mark.skipif(
        not documentation.IN_CI["GitHub"].exists(),
        reason="needs the whole checkout; the sdist does not hold the action",
    ),
]


class Page(HTMLParser):
    """What a page of the site is linked by, and what it links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors, self.links, self.loaded = {"", "__skip"}, [], []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors.update(filter(None, (given.get("id"), given.get("name"))))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif given.get("src") or (tag == "link" and given.get("rel") == "stylesheet"):
            self.loaded.append(given.get("src") or given.get("href"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make site` builds it."""
    folder = tmp_path_factory.mktemp("documentation")
    assert documentation.main([str(folder)]) == 0
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def targets(site: Path, page: Path, link: str) -> tuple[Path, str]:
    """The file and the anchor that a link on a page leads to."""
    parts = urlsplit(link)
    path = site / parts.path.lstrip("/") if parts.path.startswith("/") else page.parent / unquote(parts.path)
    path = page if not parts.path else path
    return (path / "index.html" if path.is_dir() else path).resolve(), unquote(parts.fragment)


def broken(site: Path, pages: dict[Path, Page]) -> Iterator[str]:
    for path, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme:
                continue
            file, anchor = targets(site, path, link)
            if not file.exists() or (file in pages and anchor not in pages[file].anchors):
                yield f"{path.relative_to(site)}: {link}"


def test_every_link_leads_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    assert sorted(broken(site.resolve(), {path.resolve(): page for path, page in pages.items()})) == []


def test_a_reader_asks_nobody_else(pages: dict[Path, Page]) -> None:
    assert [source for page in pages.values() for source in page.loaded if urlsplit(source).netloc] == []


def test_it_has_what_the_code_has(site: Path, pages: dict[Path, Page]) -> None:
    anchors = {
        folder.name: set().union(*(page.anchors for path, page in pages.items() if folder in path.parents))
        for folder in (site / "reference" / "rules", site / "reference" / "problems")
    }
    assert {rule.id for rule in catalogue()} - anchors["rules"] == set()
    assert set(PROBLEMS) - anchors["problems"] == set()
    assert set(COMMANDS) - {path.name for path in (site / "reference" / "commands").iterdir()} == set()
    for part, names in (("log-formats", [one.name for one in FORMATS]), ("policies", list(presets()))):
        text = (site / "reference" / part / "index.html").read_text(encoding="utf-8")
        assert [name for name in names if f"<code>{name}</code>" not in text] == []


def test_what_people_wrote_is_on_it() -> None:
    """A page that is added to docs/ has its place in the order of the site."""
    named = {name for group in documentation.WRITTEN.values() for name in group}
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")} - named == set()


def test_a_link_that_leads_nowhere_stops_it(tmp_path: Path) -> None:
    from mkdocs.__main__ import cli
    from mkdocs.exceptions import Abort

    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text("# Here\n\n[gone](nowhere.md)\n")
    shutil.copy(documentation.CONFIGURATION, tmp_path)
    with pytest.raises(Abort):
        cli(["build", "-f", str(tmp_path / "mkdocs.yml"), "-d", str(tmp_path / "site")], standalone_mode=False)
