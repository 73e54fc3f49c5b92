"""What a driver says of a failure is shown, without secrets and values."""

import pytest

from apidiff.usage.cube.failed import failed

URL = "trino://ann:s3cret%21@trino.example.com:443/hive/web?token=abcdefabc123&roles=reader"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("line 3:5: Column 'ts' cannot be resolved", ": line 3:5: Column 'ts' cannot be resolved"),
        ('relation "raw.access_log" does not exist\nLINE 1: SELECT', ': relation "raw.access_log" does not exist'),
        ("can't log in ann with s3cret! or s3cret%21", ": can't log in ann with … or …"),
        ("bad token abcdefabc123", ": bad token …"),
        ('invalid input syntax for type integer: "sk_live_1"', ": invalid input syntax for type integer: …"),
        ("no route to https://ann:pw@host/x", ": no route to …"),
        ("could not cast AKIA1234567890ABCD to a number", ": could not cast … to a number"),
        ("x" * 500, ": " + "x" * 240 + "…"),
        ("", ""),
    ],
)
def test_what_is_shown(said: str, shown: str) -> None:
    error = failed(ValueError(said), URL, {"raw", "access_log", "ts"})
    assert error.message == f"the engine failed (ValueError){shown}"
    assert error.code == "engine-failed"
