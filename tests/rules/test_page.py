"""The page of the rules that is checked in says what the rules say."""

from pathlib import Path

from apidiff import rules
from apidiff.render.rules import render_rules

PAGE = Path(rules.__file__).with_name("CATALOGUE.md")


def test_the_page_is_fresh() -> None:
    fresh = render_rules(rules.catalogue(), "markdown")
    remedy = "run: apidiff rules --format markdown --output apidiff/rules/CATALOGUE.md"
    assert PAGE.read_text(encoding="utf-8") == fresh, remedy
