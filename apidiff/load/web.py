"""Files from the web: http and https only, bounded in size and time, and never led into a private network."""

import base64
import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from typing import IO, Any, Final

from apidiff.load.limits import URL_SECONDS
from apidiff.load.parse import check_size
from apidiff.words.errors import ApidiffError, Exit

_CHUNK: Final = 1 << 16
_PORTS: Final = {"http": 80, "https": 443}
_STATUS_HINTS: Final = {
    401: "The address needs a login: download the file and give its path, or write user:password@ before the host.",
    403: "The address refuses you: download the file and give its path.",
    404: "Check the address; for a file on GitHub, take its raw address.",
    410: "The file is gone: check the address.",
    429: "The server asks for patience: run again later, or download the file and give its path.",
}


def read_url(url: str, *, by_user: bool) -> bytes:
    """The content of an http or https address, at most `MAX_BYTES` of it within `URL_SECONDS`.

    `by_user` says that the user typed the address, who may then name a private host; redirects and references may not.
    Raises `url-failed` and `url-refused` (exit 4).
    """
    shown = show_url(url)
    parts = _split(url, shown)
    if not by_user:
        _check_public(parts.hostname or "", shown)
    request = urllib.request.Request(_without_user(parts), headers={"User-Agent": "apidiff", "Accept": "*/*"})  # noqa: S310
    if parts.username is not None:
        login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        # Unredirected: a login is for the host that the user named, and for no other.
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    try:
        with _opener(parts).open(request, timeout=URL_SECONDS / 2) as response:
            return _read(response, shown)
    except urllib.error.HTTPError as problem:
        problem.close()
        hint = _STATUS_HINTS.get(problem.code, "Try again, or download the file and give its path.")
        raise _failed(shown, f"the server answered {problem.code}", hint) from None
    except (OSError, ValueError, http.client.HTTPException) as problem:
        # URLError, timeouts, TLS and protocol errors; their text may repeat the address, so only its kind is said.
        raise _failed(shown, _reason(problem), "Check the address and your connection, then run again.") from None


def show_url(url: str) -> str:
    """A URL without the login and the query values that it may carry."""
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "the URL"
    return urllib.parse.urlunsplit((parts.scheme, host, parts.path, "…" if parts.query else "", ""))


def is_private(host: str) -> bool:
    """Whether a host is, or resolves to, an address that the public internet does not reach."""
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        pass  # A name, and no address.
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False  # Opening it will fail, and say so.
    return any(not ipaddress.ip_address(address.partition("%")[0]).is_global for address in found)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to the server that the user named, or to a public host.

    Another port of a private host is another server: whoever answers on one must not choose what is asked of the next.
    """

    max_redirections = 5

    def __init__(self, named: urllib.parse.SplitResult) -> None:
        self.named = named

    def redirect_request(  # noqa: PLR0917 - urllib calls it so
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        shown = show_url(newurl)
        try:
            parts = _split(newurl, shown)
            if not _is_same_server(self.named, parts):
                _check_public(parts.hostname or "", shown)
        except ApidiffError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _is_same_server(named: urllib.parse.SplitResult, parts: urllib.parse.SplitResult) -> bool:
    """Whether both are one port of one host; https in the place of http counts, each at its default port."""
    if named.hostname != parts.hostname:
        return False
    ports = [one.port or _PORTS[one.scheme] for one in (named, parts)]
    return ports[0] == ports[1] or ports == [_PORTS["http"], _PORTS["https"]]


def _opener(named: urllib.parse.SplitResult) -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(named),
    ):
        opener.add_handler(handler)
    return opener


def _split(url: str, shown: str) -> urllib.parse.SplitResult:
    try:
        parts = urllib.parse.urlsplit(url)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        raise _failed(shown, "not an address", "Check the address.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _refused(shown, "only http and https addresses are read")
    return parts


def _without_user(parts: urllib.parse.SplitResult) -> str:
    path = urllib.parse.quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = urllib.parse.quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, query, ""))


def _check_public(host: str, shown: str) -> None:
    if is_private(host):
        raise _refused(shown, "a redirect or reference into a private network")


def _read(response: Any, shown: str) -> bytes:
    until = time.monotonic() + URL_SECONDS
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        check_size(size, shown)
        if time.monotonic() > until:
            raise _failed(shown, f"not read within {URL_SECONDS:.0f} seconds", "Download the file and give its path.")
    expected = response.headers.get("Content-Length")
    if expected is not None and expected.isdigit() and int(expected) > size:
        raise _failed(shown, f"cut off after {size:,} of {int(expected):,} bytes", "Run again.")
    return b"".join(chunks)


def _reason(problem: Exception) -> str:
    cause = problem.reason if isinstance(problem, urllib.error.URLError) else problem
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, socket.gaierror):
        return "no such host"
    if isinstance(cause, ConnectionRefusedError):
        return "nothing listens there"
    return f"the connection failed ({type(cause).__name__})"


def _failed(shown: str, message: str, hint: str) -> ApidiffError:
    return ApidiffError(message, code="url-failed", at=shown, hint=hint, status=Exit.OUTSIDE)


def _refused(shown: str, message: str) -> ApidiffError:
    hint = "Download the file and give its path."
    return ApidiffError(message, code="url-refused", at=shown, hint=hint, status=Exit.OUTSIDE)
