"""The cube rolled up from keys to their owners: what each integrator does on each route in the look-back window."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from apidiff.usage.cube.value import NEVER, Usage
from apidiff.usage.evidence import Account
from apidiff.usage.keys import digest, digests, logged_forms
from apidiff.usage.options import Options

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from apidiff.usage.accounts.integrators import Integrators

ANONYMOUS = "anonymous"
RECENT_ACTIVITY_DAYS = 7
_WORD = 64


@dataclass(frozen=True, slots=True)
class Use:
    """What one owner did on one route, or on several together. `days` has a bit for each day with a logical success."""

    attempts: int = 0
    successes: int = 0
    week: int = 0
    first: int = NEVER
    last: int = NEVER
    last_success_day: int = NEVER
    days: int = 0

    @property
    def active_days(self) -> int:
        """How many days saw a logical success."""
        return self.days.bit_count()

    def longest_gap(self, window: int) -> int:
        """The most days from one active day to the next, 0 without any.

        Of a use on a single day of the window nobody knows the rhythm: it is at least the silence on the longer side.
        """
        if self.active_days < 2:
            day = self.days.bit_length() - 1
            return max(day, window - 1 - day) if self.days else 0
        # ones spread downwards by a day until no zero is left between them
        filled, gap = self.days // (self.days & -self.days), 1
        while filled & (filled + 1):
            filled |= filled >> 1
            gap += 1
        return gap


def together(uses: Iterable[Use]) -> Use:
    """Several uses as one."""
    attempts = successes = week = days = 0
    first = last = last_success_day = NEVER
    for use in uses:
        attempts += use.attempts
        successes += use.successes
        week += use.week
        days |= use.days
        if use.first != NEVER and (first == NEVER or use.first < first):
            first = use.first
        last = max(last, use.last)
        last_success_day = max(last_success_day, use.last_success_day)
    return Use(attempts, successes, week, first, last, last_success_day, days)


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns each key: `of_key` has a position in `accounts` for each, `unknown` says which of them are buckets.

    `key_ids` are the digests of all keys of each account, those that the logs never saw among them.
    """

    accounts: tuple[Account, ...]
    of_key: tuple[int, ...]
    unknown: tuple[bool, ...]
    unknown_keys: int
    key_ids: tuple[tuple[str, ...], ...] = ()


def owners_of(usage: Usage, integrators: "Integrators", options: Options) -> Owners:
    """The owner of each key; a key that no account claims is a bucket of its own, rows without a key are another.

    An excluded integrator keeps its place with the reason; an excluded key leaves its integrator for an excluded
    bucket.
    """
    owner_of = {
        form: integrator
        for key, integrator in integrators.owners.items()
        for form in logged_forms(key, key_hash=options.key_hash, secret=options.key_secret)
    }
    names = digests(tuple(owner_of), usage.salt, options.threads)
    by_digest = dict(integrators.key_ids) | {names[form]: integrator for form, integrator in owner_of.items()}
    left_out = {digest(key, usage.salt) for key in options.exclude_keys}
    accounts: dict[str, Account] = {}
    of_key, unknown_keys = [], 0
    for key in usage.keys:
        integrator = by_digest.get(key.digest)
        if key.digest in left_out or key.masked in options.exclude_keys:
            name = f"key-{key.digest[:12]}"
            account = Account(name, name=integrator or name, excluded="the key is left out by configuration")
        elif integrator is not None:
            account = integrators.accounts[integrator]
            if (
                any(fnmatchcase(integrator, pattern) for pattern in options.exclude_integrators)
                and not account.excluded
            ):
                account = replace(account, excluded="left out by configuration")
        elif key.digest == "":
            account = Account(ANONYMOUS, name="requests without a key")
        else:
            unknown_keys += 1
            account = Account(f"unknown-{key.digest[:12]}", name=f"unknown key {key.masked}")
        accounts.setdefault(account.integrator, account)
        of_key.append(account.integrator)
    ordered = sorted(accounts)
    position = {integrator: index for index, integrator in enumerate(ordered)}
    key_ids: list[set[str]] = [set() for _ in ordered]
    seen = {key.digest: integrator for key, integrator in zip(usage.keys, of_key, strict=True) if key.digest}
    for key_id, integrator in (by_digest | seen).items():
        if integrator in position:
            key_ids[position[integrator]].add(key_id)
    return Owners(
        accounts=tuple(accounts[integrator] for integrator in ordered),
        of_key=tuple(position[integrator] for integrator in of_key),
        unknown=tuple(integrator.startswith("unknown-") or integrator == ANONYMOUS for integrator in ordered),
        unknown_keys=unknown_keys,
        key_ids=tuple(tuple(sorted(ids)) for ids in key_ids),
    )


def window_of(usage: Usage, look_back_days: int) -> tuple[int, int]:
    """The first and the last day of the look-back window, which ends with the log's own last day."""
    last = int(usage.cube["day"].max()) if len(usage.cube) else 0
    return last - look_back_days + 1, last


def uses_of(
    frame: "pd.DataFrame",
    groups: Sequence["np.ndarray[tuple[int], np.dtype[np.int64]]"],
    *,
    first_day: int,
    last_day: int,
) -> list[tuple[tuple[int, ...], Use]]:
    """Cube rows of the window summed by group: sorted (group, use) pairs; each group is an array beside the frame."""
    import numpy as np

    days = frame["day"].to_numpy()
    keep = (days >= first_day) & (days <= last_day)
    columns = [np.asarray(group)[keep] for group in groups]
    if not keep.any():
        return []
    order = np.lexsort(columns[::-1])
    columns = [column[order] for column in columns]
    starts = starts_of(*columns)

    def part(name: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        return frame[name].to_numpy()[keep][order]

    successes, offset = part("successes"), days[keep][order] - first_day
    words = []
    for word in range((last_day - first_day) // _WORD + 1):
        inside = (offset // _WORD == word) & (successes > 0)
        bits = np.where(inside, np.uint64(1) << (offset % _WORD).astype(np.uint64), np.uint64(0))
        words.append(bits)
    recent = np.where(days[keep][order] > last_day - RECENT_ACTIVITY_DAYS, successes, 0)
    sums = [np.add.reduceat(values, starts).tolist() for values in (part("attempts"), successes, recent)]
    edges = [np.minimum.reduceat(part("first"), starts).tolist()]
    edges.append(np.maximum.reduceat(part("last"), starts).tolist())
    edges.append(np.maximum.reduceat(np.where(successes > 0, days[keep][order], NEVER), starts).tolist())
    keys = list(zip(*(column[starts].tolist() for column in columns), strict=True))
    return [
        (key, Use(*values))
        for key, values in zip(keys, zip(*sums, *edges, days_of(words, starts), strict=True), strict=True)
    ]


def starts_of(*columns: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Where rows begin that have other values than those before them."""
    import numpy as np

    changed = np.arange(len(columns[0])) == 0
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changed)


def days_of(
    words: "Iterable[np.ndarray[tuple[int], np.dtype[np.uint64]]]",
    starts: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> Iterator[int]:
    """The days of the rows from each start to the next one; of each row a word has 64 of them, the first ones first."""
    import numpy as np

    found = (np.bitwise_or.reduceat(word, starts).tolist() for word in words)
    for parts in zip(*found, strict=True):
        yield sum(part << (_WORD * index) for index, part in enumerate(parts))


def owner_of_rows(frame: "pd.DataFrame", owners: Owners) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The position of each row's owner, from the frame's `key`."""
    import numpy as np

    return np.asarray(owners.of_key, dtype=np.int64)[frame["key"].to_numpy()] if len(frame) else np.zeros(0, np.int64)


def depths_of(usage: Usage, owners: Owners) -> dict[int, int]:
    """How many operations of the whole API each owner succeeds on, whatever version it pins."""
    import numpy as np

    cube = usage.cube
    used = cube[(cube["successes"] > 0) & (cube["route"] > 0)]
    pairs = np.unique(np.stack([owner_of_rows(used, owners), used["route"].to_numpy()]), axis=1)
    names: dict[int, set[str]] = {}
    for number, route in pairs.T.tolist():
        names.setdefault(number, set()).update(usage.routes.by_number[route][:1])
    return {number: len(found) for number, found in names.items()}
