"""Keys are never shown, and user agents say what calls."""

import hashlib
import hmac
import stat
from pathlib import Path

import pytest

from apidiff.usage.cube.agents import Client, client_of
from apidiff.usage.keys import digest, digests, is_test_key, logged_forms, masked, salt_from, salt_of
from apidiff.words.errors import ApidiffError


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("sk_live_0123456789abcdef", "sk_live_…cdef"),
        ("hb_test_0123456789abcdef", "hb_test_…cdef"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIA…MPLE"),
        ("0123456789abcdef0123", "…0123"),
        ("0123456789abcdef", "…cdef"),
        ("0123456789abcde", "…"),
        ("sk_test_1234", "…"),
        ("key_000012", "…"),
        ("12345678", "…"),
        ("", "…"),
        ("Bearer eyJhbGciOiJI.abc.def", "Bearer …"),
        ("Basic dXNlcjpwYXNz", "Basic …"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl", "…dXJl"),
    ],
)
def test_masks(key: str, shown: str) -> None:
    assert masked(key) == shown


def test_salt_is_private_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    salt = salt_of(folder)
    assert salt == salt_of(folder)
    assert stat.S_IMODE((folder / "salt").stat().st_mode) == 0o600
    assert len({digest("key", salt), digest("key", salt_of(None)), digest("other", salt)}) == 3
    (folder / "salt").write_bytes(b"short")
    with pytest.raises(ApidiffError, match="salt is cut off"):
        salt_of(folder)


@pytest.mark.parametrize(
    ("key", "is_slow"),
    [
        ("42", True),
        ("key_000012", True),
        ("0015g0000002524AAA", True),
        ("acme-production-eu-7", True),
        ("00000000000000000000000000012", True),
        ("internationalisationservice", True),
        ("Zoë's key", True),
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", False),
        ("AKIAIOSFODNN7EXAMPLE", False),
        ("7d444840-9dc0-11d1-b245-5ffdce74fad2", False),
        ("acme:9f86d081884c7d659a2feaa0c55ad015", False),
    ],
)
def test_keys_that_can_be_guessed_are_slow_to_try(key: str, is_slow: bool) -> None:
    secret = bytes(range(32))
    quick = hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()[:32]
    slow = hashlib.scrypt(key.encode(), salt=b"apidiff-salt-2\n" + secret, n=256, r=8, p=1, dklen=16).hex()
    assert digest(key, salt_from(secret)) == (slow if is_slow else quick)
    assert digest(key, secret) == quick  # a folder of a former release is read as it was written


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_many_keys_are_hashed_on_several_threads(threads: int) -> None:
    salt = salt_from(bytes(range(32)))
    keys = [f"key_{number}" for number in range(7)] + ["9f86d081884c7d659a2feaa0c55ad015"]
    assert digests(keys, salt, threads) == {key: digest(key, salt) for key in keys}
    assert digests([], salt, threads) == {}


def test_hashes_of_keys() -> None:
    sha256 = "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"
    assert logged_forms("key", key_hash="", secret="") == ("key",)
    assert logged_forms("key", key_hash="sha256", secret="") == ("key", sha256)
    assert len(logged_forms("key", key_hash="hmac", secret="x")[1]) == 64
    with pytest.raises(ApidiffError, match="no way to hash"):
        logged_forms("key", key_hash="md5", secret="")


def test_test_keys() -> None:
    assert [is_test_key(key) for key in ("sk_test_12", "test_12", "hb_sandbox_9", "sk_live_12", "contest_1")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "client"),
    [
        ("Stripe/v1 PythonBindings/7.8.0", Client("stripe", "python", "sdk")),
        ("Stripe/v1 .NetBindings/39.126.0", Client("stripe", "csharp", "sdk")),
        ("OpenAI/Python 1.54.3", Client("openai", "python", "sdk")),
        ("twilio-python/8.10.0 (Linux x86_64) Python/3.11", Client("twilio", "python", "sdk")),
        ("Plaid Node v21.0.0", Client("plaid", "javascript", "sdk")),
        ("datadog-api-client-python/2.20", Client("datadog", "python", "sdk")),
        ("OpenAPI-Generator/1.0.0/go", Client("openapi-generator", "go", "sdk")),
        ("speakeasy-sdk/python 0.1.3 2.721.3 1.0.0 griddy-nfl", Client("speakeasy", "python", "sdk")),
        ("acme-sdk-ruby/1.2", Client("acme", "ruby", "sdk")),
        ("python-requests/2.31.0", Client("python library", "python", "library")),
        (
            "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
            Client("javascript library", "javascript", "library"),
        ),
        ("Java-http-client/17.0.9", Client("java library", "java", "library")),
        ("Go-http-client/2.0", Client("go library", "go", "library")),
        ("curl/8.4.0", Client("curl", "", "tool")),
        ("PostmanRuntime/7.36.0", Client("postman", "", "tool")),
        ("claude-code/1.0.44 (cli)", Client("claude", "", "agent")),
        ("Mozilla/5.0 (compatible; ChatGPT-User/1.0; +https://openai.com/bot)", Client("chatgpt", "", "agent")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0 Safari/537.36", Client("browser", "javascript", "browser")),
        ("UptimeRobot/2.0", Client("monitor", "", "bot")),
        ("acme-billing/3.2", Client("acme-billing", "", "other")),
        ("Hello, world", Client("other", "", "other")),
        ("", Client("", "", "other")),
        ("-", Client("", "", "other")),
    ],
)
def test_user_agents(agent: str, client: Client) -> None:
    assert client_of(agent) == client
