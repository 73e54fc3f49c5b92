"""Integrators: the files that CRMs write, and those that are wrong."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from apidiff.usage.accounts.headings import as_date, money, truth
from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.evidence import Account
from apidiff.words.errors import ApidiffError

Write = Callable[[str, Any], str]
ONE, TWO = "sk_live_0123456789abcdef", "sk_live_fedcba9876543210"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$1,200.00", 1200.0), ("EUR 1.200,00", 1200.0), ("1 200,50 €", 1200.5), ("", None), (" - ", None),
        ("n/a", None),
        ("1200", 1200.0), ("1.200", 1200.0), ("1,200", 1200.0), ("0.125", 0.125), ("12.5", 12.5),
        ("1.2k", 1200.0), ("3M", 3e6),
        ("(300)", -300.0), ("-45", -45.0), ("CHF 1'200.00", 1200.0), ("1.234.567,89", 1234567.89), ("£12", 12.0),
    ],
)  # fmt: skip
def test_money(text: str, amount: float | None) -> None:
    assert money(text) == amount


@pytest.mark.parametrize("text", ["a lot", "12 to 15", "=1+1", "€"])
def test_no_money(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        money(text)


def test_dates_and_yes() -> None:
    assert [as_date(text) for text in ("2025-01-31", "2025-01-31T10:00:00Z", "1/31/2025", "31.01.2025", "")] == [
        *[date(2025, 1, 31)] * 4,
        None,
    ]
    assert [truth(text) for text in ("yes", "TRUE", "1", "", "No", "-")] == [True, True, True, False, False, False]


def test_the_contract_s_columns(write: Write) -> None:
    path = write(
        "accounts.csv",
        "api_key,integrator,name,contact,owner,revenue,plan,created,pinned,excluded,region\n"
        f"{ONE},acme,Acme,api@acme.example,Ann,1200,pro,2024-05-01,yes,,eu\n"
        f"{TWO},acme,,,,,,2023-05-01,,internal,us\n",
    )
    found = read_integrators(path)
    assert found.accounts == {
        "acme": Account(
            "acme",
            "Acme",
            "api@acme.example",
            "Ann",
            1200.0,
            "pro",
            date(2023, 5, 1),
            True,
            "internal",
            {"region": "eu"},
        )
    }
    assert found.owners == {ONE: "acme", TWO: "acme"}
    assert found.created == {ONE: datetime(2024, 5, 1), TWO: datetime(2023, 5, 1)}  # noqa: DTZ001
    assert ONE not in repr(found)


def test_salesforce_headings_and_the_customer_s_own_revenue(write: Write) -> None:
    path = write(
        "report.csv",
        '"API Key","Account ID","Account Name","Account Owner","AnnualRevenue","ARR__c","Type"\r\n'
        f'"{ONE}",001,Acme,Ann,"9,000,000","$1,200.00",Customer\r\n',
    )
    found = read_integrators(path)
    assert found.accounts["001"] == Account(
        "001", "Acme", "", "Ann", 1200.0, extra={"AnnualRevenue": "9,000,000", "Type": "Customer"}
    )
    assert [warning.partition(": ")[2][:64] for warning in found.warnings] == [
        "`AnnualRevenue` is the customer's own revenue and is not taken f"
    ]
    mapped = read_integrators(path, columns={"revenue": "AnnualRevenue"})
    assert (mapped.accounts["001"].revenue, mapped.warnings) == (9e6, ())


def test_hubspot_headings_in_two_files_and_monthly_revenue(write: Write) -> None:
    keys = write(
        "keys.jsonl", [{"client_id": ONE, "Record ID": 7}, {"client_id": TWO, "Record ID": 8, "environment": "test"}]
    )
    accounts = write(
        "companies.csv",
        "Record ID;Company name;Company owner;MRR;Create Date;Parent company\n"
        "7;Acme;Ann;100;2024-01-02;\n8;Acme Labs;Bob;5;;7\n9;Idle;Cy;1;;\n",
    )
    found = read_integrators([keys, accounts])
    assert found.owners == {ONE: "7", TWO: "7"}
    assert found.accounts == {
        "7": Account("7", "Acme", "", "Ann", 1200.0, created=date(2024, 1, 2)),
        "9": Account("9", "Idle", "", "Cy", 12.0),
    }


def test_parquet(tmp_path: Any) -> None:
    import duckdb

    path = f"{tmp_path}/a.parquet"
    duckdb.execute(
        f"COPY (SELECT '{ONE}' AS api_key, 7 AS integrator, 12.5 AS revenue, true AS pinned) "
        f"TO '{path}' (FORMAT parquet)"
    )
    assert read_integrators(path).accounts == {"7": Account("7", "7", revenue=12.5, pinned=True)}


def refused(*paths: str, **columns: str) -> tuple[str, str]:
    with pytest.raises(ApidiffError) as caught:
        read_integrators(list(paths), columns=columns)
    assert ONE not in str(caught.value)
    assert caught.value.hint
    return caught.value.code, (caught.value.at or "").rpartition("/")[2]


def test_a_key_that_is_there_twice(write: Write) -> None:
    path = write("a.csv", f"api_key,integrator\n{ONE},a\n\n{TWO},b\n{ONE},c\n")
    with pytest.raises(ApidiffError) as caught:
        read_integrators(path)
    assert (caught.value.code, caught.value.message) == (
        "integrators-key-duplicate",
        f"key sk_live_…cdef is there twice: {path}:2 and {path}:5",
    )


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", f"api_key,integrator\n{ONE},\n", ("integrators-row-incomplete", "a.csv:2")),
        ("b.csv", "api_key,integrator\n,acme\n", ("integrators-row-incomplete", "b.csv:2")),
        ("c.csv", f"schlüssel,integrator\n{ONE},a\n", ("integrators-column-missing", "c.csv")),
        ("d.csv", f"api_key,kunde\n{ONE},a\n", ("integrators-column-missing", "d.csv")),
        ("e.csv", "", ("integrators-empty", "e.csv")),
        ("f.csv", "api_key,integrator\n", ("integrators-empty", "f.csv")),
        ("g.csv", f"api_key,integrator,revenue\n{ONE},a,plenty\n", ("integrators-cell-unreadable", "g.csv:2")),
        ("h.csv", f"api_key,integrator\n{ONE},a,b,c\n", ("integrators-unreadable", "h.csv:2")),
        ("i.csv", f'api_key,integrator\n{ONE},"a\n', ("integrators-unreadable", "i.csv:2")),
        ("j.jsonl", '{"api_key": "x", "integrator": "a"}\n{"api_key"\n', ("integrators-unreadable", "j.jsonl:2")),
        ("k.csv", b"api_key,integrator\nx,\xff\xfe\n", ("integrators-unreadable", "k.csv:2")),
        ("l.parquet", "nothing", ("integrators-unreadable", "l.parquet")),
    ],
)
def test_files_that_are_wrong(write: Write, name: str, content: Any, expected: tuple[str, str]) -> None:
    assert refused(write(name, content)) == expected


def test_no_file_and_no_such_field(tmp_path: Any, write: Write) -> None:
    assert refused(f"{tmp_path}/none.csv") == ("integrators-not-found", "none.csv")
    assert refused(write("a.csv", f"api_key,integrator\n{ONE},a\n"), arr="x")[0] == "integrators-column-unknown"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"{ONE},acme,Acme Corp,ann@acme.example,120000\n{TWO},globex,Globex,bob@globex.example,8000\n"),
        ("b.csv", f"acme;{ONE};ann@acme.example\nglobex;{TWO};bob@globex.example\n"),
        ("c.csv", f"{ONE}\n{TWO}\n"),
        ("d.json", f'[{{"{ONE}": "acme", "ann@acme.example": 1}}]'),
        ("e.jsonl", f'{{"{ONE}": {{"integrator": "acme"}}, "{TWO}": {{"integrator": "globex"}}}}'),
        ("f.csv", f"integrator,name,{ONE},ann@acme.example\nacme,Acme Corp,x,y\n"),
    ],
)
def test_what_stands_in_the_place_of_headings_is_not_said(write: Write, name: str, content: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        read_integrators(write(name, content))
    assert caught.value.code == "integrators-column-missing"
    said = str(caught.value)
    assert [one for one in (ONE, ONE[-6:], TWO, "ann@", "bob@", "Acme", "Globex", "120000") if one in said] == []
    assert ("integrator, name, and 2 that look like data" if name == "f.csv" else "data and no heading") in said
