"""What changes ask of query strings: the patterns find what stops working, and nothing else."""

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apidiff.usage.ask.question import questions_of
from apidiff.words.changes import Exposed, Exposure
from tests.usage.conftest import a_change

LIST = "GET /v1/charges"


def is_found(query: str, exposure: Exposure) -> bool:
    (question,) = questions_of(a_change("any", [LIST], exposure), {1}, "query")
    assert (question.column, question.routes) == ("query", (1,))
    return re.search(question.pattern, query) is not None


def sent(*values: str, beyond: str = "", name: str = "limit") -> Exposure:
    return Exposure(Exposed.SENT_VALUE, "query", (name,), values, beyond)


@given(st.integers(0, 10**12), st.integers(-(10**6), 10**13), st.sampled_from(["", ".0", ".5"]))
def test_numbers_beyond_a_bound_are_told_from_those_within(bound: int, whole: int, rest: str) -> None:
    number = float(f"{whole}{rest}")
    assert is_found(f"a=1&limit={whole}{rest}&b=2", sent(beyond=f"above {bound}")) == (number > bound)
    assert is_found(f"limit={whole}{rest}", sent(beyond=f"below {bound}")) == (number < bound)


@given(st.integers(0, 300), st.integers(-50, 400))
def test_small_numbers_too(bound: int, number: int) -> None:
    assert is_found(f"limit={number}", sent(beyond=f"above {bound}")) == (number > bound)
    assert is_found(f"limit={number}", sent(beyond=f"below {bound}")) == (number < bound)


@pytest.mark.parametrize("query", ["limit=00101", "limit=7,200", "limit%5B%5D=101", "x=1&limit=100.5"])
def test_numbers_as_clients_write_them(query: str) -> None:
    assert is_found(query, sent(beyond="above 100"))


@pytest.mark.parametrize("query", ["limit=0100", "limit=100", "limit=99", "limits=500", "page=500&limit=1", "limit="])
def test_what_is_within_or_of_another_name_is_not_found(query: str) -> None:
    assert not is_found(query, sent(beyond="above 100"))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8))
def test_any_listed_value_is_found_as_it_is_encoded(value: str) -> None:
    assert is_found(f"method={quote(value, safe='')}", sent(value, name="method"))


def test_a_value_of_which_nothing_is_known_asks_for_the_name() -> None:
    assert sent().is_vague
    assert not sent("a").is_vague
    assert not sent(beyond="above 3").is_vague
    assert is_found("limit=3", sent())
    assert not is_found("limited=3", sent())
