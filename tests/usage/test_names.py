"""Names are repeated in messages, keys and people's addresses that stand in the place of names are not."""

import string
from random import Random

import pytest

from apidiff.usage.accounts import headings
from apidiff.usage.names import is_name, listed
from apidiff.usage.read.aliases import ALIASES

NAMES = (
    *(
        "api_key",
        "API Key",
        "apiKeyId",
        "key-hash",
        "Client ID",
        "access_token",
        "ARR",
        "ARR (EUR)",
        "AnnualRevenue",
        "MRR__c",
    ),
    *(
        "Schlüssel",
        "Kundennummer",
        "clé d'API",
        "キー",
        "ключ",
        "X-B3-TraceId",
        "http2",
        "sha256",
        "Address 1",
        "@timestamp",
    ),
    *("status.code", "Response-Code", "caller org", "HTTPStatus", "kundin", "@on", "latency_ms", "owner's name"),
)
DATA = (
    *("sk_live_51H8xQ2eZvKYlo2C", "pk_test_abc", "sk_abcdefgh", "4f1c88aa02d7", "AKIAIOSFODNN7EXAMPLE", "key_00017"),
    *(
        "ann@acme.example",
        "Ann <ann@acme.example>",
        "+49 170 1234567",
        "203.0.113.9",
        "2001:db8::1",
        "2026-03-14",
        "120000",
    ),
    *("https://acme.example/x?key=1", "eyJhbGciOiJI.abc.def", "Bearer abc", "550e8400-e29b-41d4-a716-446655440000", ""),
    *("kJhsdfKJHsdfkjXqZw", "bcdfghjklmnp", "x" * 61, "a\nb", "{}", "=1+1", "ghp_abcdefghij", "$1,200.00"),
)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_a_name(name: str) -> None:
    assert all(map(is_name, name.split(".")))


def test_short_words_that_are_parted_are_a_name() -> None:
    assert [is_name(text) for text in ("req_http_x_api_key", "reqHttpXApKeId", "req-http-x-api-key")] == [
        True,
        False,
        True,
    ]


def test_short_words_are_a_name_as_long_as_they_are_few() -> None:
    assert [is_name(text) for text in ("Http Code Api Key Tag", "Code Api Key Tag Log", "Api Key Tag")] == [
        True,
        False,
        True,
    ]


def test_a_word_has_a_vowel_for_every_five_letters() -> None:
    assert [is_name(text) for text in ("transcript", "transcripts", "transcripted")] == [True, False, True]


@pytest.mark.parametrize("text", DATA)
def test_what_is_none(text: str) -> None:
    assert not is_name(text)


def test_the_usual_headings_are_names() -> None:
    known = {word for words in (*headings.HEADINGS.values(), *ALIASES.values()) for word in words}
    assert {word for word in known if not is_name(word)} == set()


@pytest.mark.parametrize(
    "alphabet", ["0123456789abcdef", string.ascii_lowercase + "234567", string.ascii_letters + string.digits + "-_"]
)
@pytest.mark.parametrize("prefix", ["", "sk_live_", "key_", "acme-"])
def test_random_keys_are_none(alphabet: str, prefix: str) -> None:
    rng = Random(3)
    keys = [prefix + "".join(rng.choices(alphabet, k=rng.choice((16, 24, 32)))) for _ in range(500)]
    # Letters of one case may happen to be words: one key in a hundred.
    assert sum(map(is_name, keys)) < len(keys) / 100


def test_what_is_listed() -> None:
    assert listed(["time", "method"]) == "time, method"
    assert listed(["time", "4f1c88aa02d7"]) == "time, and 1 that looks like data and is not repeated"
    assert listed(["4f1c88aa02d7", "ann@acme.example"]) == "2 that look like data and are not repeated"
    assert listed([f"name {place}" for place in "abcd"], most=2) == "name a, name b and 2 more"
