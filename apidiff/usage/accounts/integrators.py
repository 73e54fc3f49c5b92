"""Who owns which key: one file with a row a key, or one of keys and one of accounts, as CRMs export them.

Keys stay in memory and are compared by their digest; a message shows a key masked and a row by its line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from apidiff.usage.accounts import headings
from apidiff.usage.accounts.rows import Row, rows_of
from apidiff.usage.evidence import Account
from apidiff.usage.keys import masked
from apidiff.usage.names import is_name, listed
from apidiff.usage.read.aliases import plain
from apidiff.words.errors import ApidiffError, Exit

_TELLING = 2
"""So many usual headings make a line a heading, whatever else is in it."""


@dataclass(frozen=True, slots=True)
class Integrators:
    """The accounts by their id, the integrator of each key, and when each key was made (for time to first call).

    `key_ids` has the integrators of keys that are known only by their digest, as an earlier plan keeps them.
    """

    accounts: Mapping[str, Account]
    owners: Mapping[str, str] = field(repr=False)
    created: Mapping[str, datetime] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()
    key_ids: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.accounts)


def read_integrators(path: str | Sequence[str], *, columns: Mapping[str, str] | None = None) -> Integrators:
    """Key → account, from a CSV, JSON Lines or Parquet file, or from one of keys and one of accounts.

    `columns` maps fields (`headings.FIELDS`) to the file's headings; the rest are recognised. Errors:
    `integrators-not-found`, `integrators-empty`, `integrators-column-missing`, `integrators-row-incomplete`,
    `integrators-key-duplicate`, `integrators-unreadable`.
    """
    paths = [path] if isinstance(path, str) else list(path)
    mapping = dict(columns or {})
    _check(mapping)
    warnings: list[str] = []
    tables = [_Table(name, list(rows_of(name)), mapping, warnings) for name in paths]
    keyed = [table for table in tables if "api_key" in table.columns]
    plain_accounts = [table for table in tables if "api_key" not in table.columns]
    if not keyed:
        raise tables[0].missing("api_key", "the key that a row is about")
    for table in (*keyed, *plain_accounts):
        if "integrator" not in table.columns:
            raise table.missing("integrator", "the account that owns the key")
    return _joined(keyed, plain_accounts, warnings)


def _check(mapping: Mapping[str, str]) -> None:
    for name in mapping:
        if name not in headings.FIELDS:
            near = get_close_matches(name, headings.FIELDS, 1)
            raise ApidiffError(
                f"`{name}` is no field of an integrators file",
                code="integrators-column-unknown",
                at="integrator_columns",
                hint=f"Did you mean `{near[0]}`?" if near else f"The fields are {', '.join(headings.FIELDS)}.",
                status=Exit.USAGE,
            )


class _Table:
    """One file: its rows and which heading is which field."""

    def __init__(self, path: str, rows: list[Row], mapping: Mapping[str, str], warnings: list[str]) -> None:
        if not rows:
            raise ApidiffError(
                "the integrators file holds no row",
                code="integrators-empty",
                at=path,
                hint="One row a key: api_key, integrator, and where known name, contact, owner, revenue, plan.",
            )
        self.path = path
        self.rows = rows
        self.found = list(dict.fromkeys(name for _, row in rows[:1000] for name in row))
        self.columns = self._recognise(mapping)
        self.monthly = False
        if "revenue" not in self.columns:
            monthly = next((name for name in self.found if plain(name) in headings.MONTHLY), None)
            if monthly:
                self.columns["revenue"] = monthly
                self.monthly = True
        foreign = next((name for name in self.found if plain(name) in headings.NOT_OURS), None)
        if foreign and foreign not in self.columns.values():
            warnings.append(
                f"{path}: `{foreign}` is the customer's own revenue and is not taken for what it pays; "
                "map the column that is (`revenue`)"
            )

    def _recognise(self, mapping: Mapping[str, str]) -> dict[str, str]:
        spelled = {plain(name): name for name in reversed(self.found)}
        columns = {}
        for name in headings.FIELDS:
            if name in mapping and mapping[name] in self.found:
                columns[name] = mapping[name]
                continue
            heading = next((spelled[item] for item in headings.HEADINGS[name] if item in spelled), None)
            if heading and heading not in columns.values():
                columns[name] = heading
        return columns

    def missing(self, name: str, what: str) -> ApidiffError:
        """The error for a field that no heading stands for."""
        if self._is_headless():
            found = "Its first line is data and no heading: add one, such as api_key,integrator,name,contact"
        else:
            has = listed(self.found, most=40)
            found = f"Map one in apidiff.yaml: `integrator_columns: {{{name}: HEADING}}`; it has {has}"
        return ApidiffError(
            f"the integrators file has no column for `{name}`: {what}",
            code="integrators-column-missing",
            at=self.path,
            hint=f"{found}.",
        )

    def _is_headless(self) -> bool:
        """Whether what should be headings is data: then no part of it is repeated, for each could be of a customer."""
        known = {word for words in headings.HEADINGS.values() for word in words}
        return not all(map(is_name, self.found)) and sum(plain(name) in known for name in self.found) < _TELLING

    def cell(self, row: Mapping[str, str], name: str) -> str:
        """The text of a field in a row, "" where there is none."""
        return row.get(self.columns.get(name, ""), "").strip()


def _joined(keyed: Sequence[_Table], plain_accounts: Sequence[_Table], warnings: list[str]) -> Integrators:
    rows: dict[str, list[tuple[_Table, str, Mapping[str, str]]]] = {}
    owners: dict[str, str] = {}
    created: dict[str, datetime] = {}
    lines: dict[str, str] = {}
    for table in keyed:
        for at, row in table.rows:
            key, integrator = table.cell(row, "api_key"), table.cell(row, "integrator")
            if not key or not integrator:
                lacking = "no key" if not key else "no integrator"
                raise ApidiffError(
                    f"the row has {lacking}",
                    code="integrators-row-incomplete",
                    at=at,
                    hint="Every row needs a key and the integrator that owns it; remove the row or fill it in.",
                )
            if key in lines:
                raise ApidiffError(
                    f"key {masked(key)} is there twice: {lines[key]} and {at}",
                    code="integrators-key-duplicate",
                    at=at,
                    hint="A key has one owner: remove one of the two rows.",
                )
            lines[key], owners[key] = at, integrator
            made = _parsed(headings.moment, table, row, "created", at)
            if made is not None:
                created[key] = made
            rows.setdefault(integrator, []).append((table, at, row))
    for table in plain_accounts:
        for at, row in table.rows:
            integrator = table.cell(row, "integrator")
            if integrator:
                rows.setdefault(integrator, []).insert(0, (table, at, row))
    accounts = {integrator: _account(integrator, found) for integrator, found in sorted(rows.items())}
    return _rolled_up(accounts, owners, created, tuple(warnings))


def _account(integrator: str, rows: Sequence[tuple[_Table, str, Mapping[str, str]]]) -> Account:
    """One account from its rows: of every field the first that is filled in."""
    texts = {
        name: next((text for table, _, row in rows if (text := table.cell(row, name))), "")
        for name in ("name", "contact", "owner", "plan", "parent")
    }
    revenue = created = None
    pinned, excluded = False, ""
    extra: dict[str, str] = {}
    for table, at, row in rows:
        if revenue is None:
            amount = _parsed(headings.money, table, row, "revenue", at)
            revenue = amount * 12 if amount is not None and table.monthly else amount
        made = _parsed(headings.as_date, table, row, "created", at)
        created = made if created is None else min(created, made or created)
        pinned = pinned or bool(_parsed(headings.truth, table, row, "pinned", at))
        excluded = excluded or headings.reason(table.cell(row, "excluded"))
        known = {table.columns.get(name) for name in headings.FIELDS}
        for heading, text in row.items():
            if heading not in known and text.strip():
                extra.setdefault(heading, text.strip())
    if texts["parent"]:
        extra["parent"] = texts.pop("parent")
    return Account(
        integrator=integrator,
        name=texts["name"] or integrator,
        contact=texts["contact"],
        owner=texts["owner"],
        revenue=revenue,
        plan=texts["plan"],
        created=created,
        pinned=pinned,
        excluded=excluded,
        extra=extra,
    )


def _parsed(parse: Any, table: _Table, row: Mapping[str, str], name: str, at: str) -> Any:
    try:
        return parse(table.cell(row, name)) if name in table.columns else None
    except ValueError as error:
        raise ApidiffError(
            f"`{table.columns[name]}` can't be read: {error}",
            code="integrators-cell-unreadable",
            at=at,
            hint="Amounts: 1200, $1,200.00, EUR 1.200,00. Dates: 2025-01-31. Yes or no: true, false, 1, 0.",
        ) from error


def _rolled_up(
    accounts: Mapping[str, Account],
    owners: Mapping[str, str],
    created: Mapping[str, datetime],
    warnings: tuple[str, ...],
) -> Integrators:
    """The keys of a child account under its parent, where a `parent` column names one that is there."""

    def top(integrator: str) -> str:
        seen = {integrator}
        while (parent := accounts[integrator].extra.get("parent", "")) in accounts and parent not in seen:
            seen.add(parent)
            integrator = parent
        return integrator

    tops = {integrator: top(integrator) for integrator in accounts}
    return Integrators(
        accounts={integrator: account for integrator, account in accounts.items() if tops[integrator] == integrator},
        owners={key: tops[integrator] for key, integrator in owners.items()},
        created=created,
        warnings=warnings,
    )
