"""The folder of a spec on the web: its other files come from below its address, with the login that the user gave."""

import urllib.parse

from apidiff.load.stores import is_url, outside, read_allowed_url
from apidiff.load.web import read_url, show_url


class WebStore:
    """The folder of a web address; other files of the spec come from below it."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        self._url = url
        self._folder = urllib.parse.urlunsplit(
            (parts.scheme, parts.netloc, parts.path.rpartition("/")[0] + "/", parts.query, "")
        )
        self.entry = urllib.parse.unquote(parts.path.rpartition("/")[2])

    def read(self, name: str, *, allow_ref: bool) -> bytes:
        """The file below the folder; elsewhere only with `allow_ref`. The user's login and query go along below it."""
        if not is_url(name) and not name.startswith(("/", "../")):
            return read_url(self._address(name), by_user=True)
        if not allow_ref:
            raise outside(name, "it lies outside the spec's folder")
        return read_allowed_url(name if is_url(name) else self._elsewhere(name))

    def show(self, name: str) -> str:
        """The file's address, without login and query."""
        return show_url(self._address(name) if name else self._url)

    def spelled(self, name: str) -> str:  # noqa: ARG002 - nothing can be listed there
        """Nothing."""
        return ""

    def _address(self, name: str) -> str:
        parts = urllib.parse.urlsplit(self._folder)
        path = parts.path + urllib.parse.quote(name)
        return urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))

    def _elsewhere(self, name: str) -> str:
        parts = urllib.parse.urlsplit(self._folder)
        host = parts.netloc.rpartition("@")[2]
        return urllib.parse.urljoin(urllib.parse.urlunsplit((parts.scheme, host, parts.path, "", "")), name)
