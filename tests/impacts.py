"""Impacts one by one: what is held together, because the log says the same of it, as pairs of change and impact."""

from collections.abc import Iterable

from apidiff.usage.evidence import Impact


def each(impacts: Iterable[Impact]) -> list[tuple[str, Impact]]:
    """Each change with its impact, by integrator and then by change."""
    pairs = ((change, impact) for impact in impacts for change in impact.changes)
    return sorted(pairs, key=lambda pair: (pair[1].integrator, pair[0]))
