"""Versions that callers pin: which are past a revision, which may be shown, and where one stands."""

from apidiff.usage.version import past, shown


def test_what_is_past_a_revision() -> None:
    versions = ("2026-01-01", "2026-02-01", "2026-03-01", "2", "v2.1", "10", "", "main")
    assert past(versions, "2026-02-01") == {1, 2}
    assert past(versions, "2.1") == {4, 5}
    assert past(versions, "v2") == {3, 4, 5}
    assert past(versions, "main") == past(versions, "") == frozenset()


def test_what_does_not_look_like_a_version_is_not_shown() -> None:
    assert [shown(text) for text in ("", "2026-01-01", "v2.1+b", "x" * 40, "x" * 41, "a b", "a@b")] == [
        "", "2026-01-01", "v2.1+b", "x" * 40, "other", "other", "other",
    ]  # fmt: skip
