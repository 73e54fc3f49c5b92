"""Keys without their secrets: what may be shown of one, and the digest under which it is known everywhere else."""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final

from apidiff.words.errors import ApidiffError, Exit

OF_ENVIRONMENTS: Final = r"[A-Za-z]{2,12}[_-](?:live|test|prod|production|sandbox|dev|staging)[_-]"
OF_KINDS: Final = r"(?:sk|pk|rk|ak|api|key|access|secret|tok|token|whsec|pat|gh[oprsu]|shpat)[_-]"
OF_VENDORS: Final = r"(?:xox[abpr]-|glpat-|github_pat_|SG\.|AKIA|ASIA|AIza)"
"""Public beginnings of keys, as patterns: they say whose and which kind a key is, and nothing secret."""
_PREFIXES = re.compile(f"{OF_ENVIRONMENTS}|{OF_KINDS}|(?:client|app|re)[_-]|{OF_VENDORS}")
"""Among keys these are beginnings too, while a text has them in many other words."""

_AUTHORIZATION = re.compile(r"^(?:Bearer|Basic|Token|ApiKey|Digest|Negotiate)\s+\S", re.IGNORECASE)
_TOKEN = re.compile(r"^eyJ[A-Za-z0-9_-]{8,}\.")

_SCHEME = re.compile(
    r"(?:bearer|token|apikey|api-key|api_key|key)(?:\s+|\s*:\s*)(?:(?:token|key)=)?\"?([^\",]+?)\"?(?:,.*)?",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"/?(?:cn|o|ou|c|l|st|dc|uid|serialnumber|emailaddress|[0-9.]+)\s*=.*", re.IGNORECASE | re.DOTALL)
_COMMON_NAME = re.compile(r"(?:^|[,/;+])\s*cn\s*=\s*(?:\"([^\"]*)\"|((?:\\.|[^,/;+\\\"])+))", re.IGNORECASE)
_SALT_LENGTHS = (16, 64)
_SLOW: Final = b"apidiff-salt-2\n"
"""How a salt begins under which keys that can be guessed are hashed slowly; those of former releases were 32 bytes."""
_ROUNDS: Final = 256
"""The cost of scrypt (RFC 7914: N, beside r = 8 and p = 1): a try takes over a hundred times as long as an HMAC, while
the 5,000 keys of a large plan take about a second."""
_REMEMBERED: Final = 1 << 20
"""Keys are asked for several times a run, each time in the same order: of a cache that is too small none is found."""
_LONG_RUN = re.compile(r"[A-Za-z0-9]{20,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_MANY_CHARACTERS = 9
_SHOWN = 4
_SHORTEST = 9
_SHORTEST_BARE = 16


def masked(key: str) -> str:
    """A key as it may be shown: public prefix, `…` and the last four characters, or `…` where that is most of it."""
    if looks_secret(key) and _AUTHORIZATION.match(key):
        return key.split(None, 1)[0] + " …"
    prefix = _PREFIXES.match(key)
    hidden = len(key) - (prefix.end() if prefix else 0) - _SHOWN
    if len(key) < _SHORTEST or (prefix is None and len(key) < _SHORTEST_BARE) or hidden < _SHOWN:
        return "…"
    return (prefix[0] if prefix else "") + "…" + key[-_SHOWN:]


def looks_secret(key: str) -> bool:
    """Whether a value is an Authorization header or a signed token rather than a key's id."""
    return bool(_AUTHORIZATION.match(key) or _TOKEN.match(key))


class Form(StrEnum):
    """What holds a key: nothing, an authorization, a signed token, or the subject of a certificate."""

    PLAIN = "plain"
    AUTHORIZATION = "authorization"
    TOKEN = "token"
    SUBJECT = "subject"


def form_of(key: str) -> Form:
    """What a value is that holds a key."""
    if re.search(r"(?:^|\s)eyJ[A-Za-z0-9_-]{8,}\.", key):
        return Form.TOKEN
    if _AUTHORIZATION.match(key) or _SCHEME.fullmatch(key):
        return Form.AUTHORIZATION
    return Form.SUBJECT if _SUBJECT.fullmatch(key) and _COMMON_NAME.search(key) else Form.PLAIN


def bare(key: str) -> str:
    """A key of an accounts file as logs are read: without its scheme, of a subject the common name."""
    scheme = _SCHEME.fullmatch(key)
    if scheme and not _TOKEN.match(scheme[1]):
        return scheme[1]
    name = _COMMON_NAME.search(key) if _SUBJECT.fullmatch(key) else None
    return (name[1] or re.sub(r"\\(.)", r"\1", name[2]).strip()) if name else key


def is_test_key(key: str) -> bool:
    """Whether a key's public prefix says that it belongs to a test environment."""
    return bool(re.match(r"(?:[A-Za-z]+[_\-.])?(?:test|sandbox|dev)[_\-.]", key))


def salt_from(secret: bytes) -> bytes:
    """The salt that 32 secret bytes make, under which keys that can be guessed are hashed slowly."""
    return _SLOW + secret


def digest(key: str, salt: bytes) -> str:
    """What a key is known by under this workspace's salt, as 32 hexadecimal digits.

    It is the HMAC-SHA256 of the key; of a key that can be guessed its scrypt (RFC 7914), so that whoever has the salt
    can't try all short ones. Under a salt of a former release every key has its HMAC.
    """
    if salt.startswith(_SLOW) and is_guessable(key):
        return _slow(key, salt)
    return hmac.new(salt.removeprefix(_SLOW), key.encode(), hashlib.sha256).hexdigest()[:32]


def digests(keys: Sequence[str], salt: bytes, threads: int = 0) -> dict[str, str]:
    """The digest of each key, worked out on so many threads (0: as many as there are cores)."""
    count = threads or os.cpu_count() or 1
    with ThreadPoolExecutor(count) as pool:
        parts = pool.map(lambda start: [(key, digest(key, salt)) for key in keys[start::count]], range(count))
        return dict(chain.from_iterable(parts))


def is_guessable(key: str) -> bool:
    """Whether a key may be one of few: a name, a number, an id; a long run of many letters and digits is none."""
    return not any(
        len(set(run)) >= _MANY_CHARACTERS and not run.isalpha() and not run.isdigit() for run in _LONG_RUN.findall(key)
    )


@lru_cache(maxsize=_REMEMBERED)
def _slow(key: str, salt: bytes) -> str:
    return hashlib.scrypt(key.encode(), salt=salt, n=_ROUNDS, r=8, p=1, dklen=16).hex()


def logged_forms(key: str, *, key_hash: str, secret: str) -> tuple[str, ...]:
    """What a log may hold for a key of the integrators file: itself, or its hash where the gateway logs hashes."""
    if key_hash == "sha256":
        return (key, hashlib.sha256(key.encode()).hexdigest())
    if key_hash == "hmac":
        return (key, hmac.new(secret.encode(), key.encode(), hashlib.sha256).hexdigest())
    if key_hash:
        raise ApidiffError(
            f"`{key_hash}` is no way to hash a key",
            code="usage-key-hash-unknown",
            hint="Use sha256 or hmac, or leave it out where the log holds keys or ids.",
            status=Exit.USAGE,
        )
    return tuple(dict.fromkeys((key, bare(key))))


def salt_of(folder: Path | None) -> bytes:
    """The salt of a cache folder, made there with mode 0600 when missing; without a folder one for this run."""
    if folder is None:
        return salt_from(secrets.token_bytes(32))
    path = folder / "salt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f"salt.{os.getpid()}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(salt_from(secrets.token_bytes(32)))
            fresh.replace(path)
        salt = path.read_bytes()
    except OSError as error:
        raise ApidiffError(
            f"the cache folder can't be used: {error.strerror}",
            code="usage-cache-unusable",
            at=str(folder),
            hint="Name another folder, or turn the cache off.",
        ) from error
    if not _SALT_LENGTHS[0] <= len(salt) <= _SALT_LENGTHS[1]:
        raise ApidiffError(
            "the salt is cut off" if len(salt) < _SALT_LENGTHS[0] else "the salt is too long to be one",
            code="usage-salt-damaged",
            at=str(path),
            hint="Delete it; the cache is then built anew.",
        )
    return salt
