"""SHELL: what a file turns out to be: a log, an archive with logs in it (in which lie more), or neither."""

import os
import re
import shutil
import tarfile
import zipfile
from pathlib import Path, PurePath
from typing import IO

from apidiff.usage.read import packing
from apidiff.usage.read.files import Found, LogFile, Workspace, empty_log
from apidiff.words.escape import visible

_OTHERS = frozenset({
    "asc", "bak", "bmp", "c", "cfg", "conf", "cpp", "crc", "css", "doc", "docx", "exe", "gif", "go", "h", "htm",
    "html", "ico", "idx", "ini", "jar", "java", "jpeg", "jpg", "js", "key", "lock", "md", "md5", "ods", "pdf",
    "pem", "php", "pid", "png", "ppt", "pptx", "proto", "py", "pyc", "rb", "rs", "rst", "sh", "sha1", "sha256",
    "sig", "so", "sock", "sql", "svg", "swp", "tf", "tmp", "toml", "ts", "war", "wasm", "webp", "xls", "xlsx",
    "xml", "yaml", "yml",
})  # fmt: skip
"""Endings of what is no log, whatever is in it."""
_PACKED_ENDING = re.compile(r"\.(?:gz|zst|bz2|xz|zip|tar|tgz)$")
_HEAD = 1 << 12
_BLOCK = 1 << 20
_DEEPEST = 4
"""How many archives may lie in each other."""


def shown_as(path: Path) -> str:
    """What messages call a file: bytes that are no UTF-8 and controls are written out."""
    return visible(os.fsencode(path).decode("utf-8", "backslashreplace"))


def is_no_log_by_name(name: str) -> str:
    """Why a file is no log, going by its name alone; "" where it may be one."""
    if name.startswith((".", "_")):
        return "hidden"
    ending = PurePath(_PACKED_ENDING.sub("", name.lower())).suffix[1:]
    return f"a .{ending} file" if ending in _OTHERS else ""


class Inspector:
    """Looks into files, and adds what it finds to `found`; what has to be unpacked lies in the workspace."""

    def __init__(self, workspace: Workspace, found: Found) -> None:
        self._workspace = workspace
        self._found = found

    def inspect(self, path: Path, shown: str, *, given: bool, depth: int = 0) -> None:
        """Adds a file as what its bytes are.

        Errors: `usage-unreadable`, `usage-not-a-log` where the file was `given`, `usage-log-empty` for an archive.
        """
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        packed = packing.kind_of(head)
        inner = packing.head_of(path, packed, shown) if packed in packing.STREAMS else head
        kinds = (packed, packing.kind_of(inner))
        if "tar" in kinds and depth < _DEEPEST:
            self._tar(path, packed, shown, depth=depth)
        elif packed == "zip" and depth < _DEEPEST:
            self._zip(path, shown, depth=depth)
        elif packed in packing.STREAMS and kinds[1] and depth < _DEEPEST:
            self.inspect(self._unpacked(path, packed, shown), shown, given=given, depth=depth + 1)
        elif packed != "parquet" and (error := packing.refused(inner, shown)):
            if given:
                raise error
            self._found.left_out.append((shown, error.message))
        else:
            encoding = "" if packed == "parquet" else packing.encoding_of(inner)
            size = path.stat().st_size
            self._found.files.append(LogFile(self._readable(path), shown, size, packed, encoding, given))

    def _readable(self, path: Path) -> str:
        """The path, or that of a link to it where its name is no UTF-8, which the engine can't open."""
        try:
            str(path).encode()
        except UnicodeEncodeError:
            link = self._workspace.fresh("link")
            link.symlink_to(path.absolute())
            return str(link)
        return str(path)

    def _unpacked(self, path: Path, packed: str, shown: str) -> Path:
        target = self._workspace.fresh("unpacked")
        try:
            with path.open("rb") as stream, target.open("wb") as file:
                for block in packing.blocks(packing.unpacked(stream, packed, shown), _BLOCK):
                    file.write(block)
        except packing.DAMAGE as error:
            raise packing.unreadable(shown, error) from error
        return target

    def _tar(self, path: Path, packed: str, shown: str, *, depth: int) -> None:
        members = 0
        try:
            with path.open("rb") as stream:
                inner = packing.unpacked(stream, packed, shown)
                with tarfile.open(fileobj=inner, mode="r|") as archive:
                    for member in archive:
                        content = archive.extractfile(member) if member.isreg() and member.size else None
                        if content is not None:
                            members += 1
                            self._member(content, member.name, shown, depth=depth)
        except (tarfile.TarError, *packing.DAMAGE) as error:
            raise packing.unreadable(shown, error) from error
        if not members:
            raise empty_log(shown)

    def _zip(self, path: Path, shown: str, *, depth: int) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.infolist() if not member.is_dir() and member.file_size]
                if any(member.filename == "[Content_Types].xml" for member in members):
                    raise packing.no_log(shown, "an Excel or Word file", "Save the sheet as CSV.")
                if any(member.flag_bits & 1 for member in members):
                    raise packing.no_log(shown, "an archive with a password", "Unpack it first.")
                for member in members:
                    with archive.open(member) as content:
                        self._member(content, member.filename, shown, depth=depth)
        except (zipfile.BadZipFile, NotImplementedError, *packing.DAMAGE) as error:
            raise packing.unreadable(shown, error) from error
        if not members:
            raise empty_log(shown)

    def _member(self, content: IO[bytes], name: str, archive: str, *, depth: int) -> None:
        """Adds one file of an archive, whose neighbours need not be logs."""
        shown = f"{archive}: {visible(name)}"
        if reason := next(filter(None, map(is_no_log_by_name, PurePath(name).parts)), ""):
            self._found.left_out.append((shown, reason))
            return
        target = self._workspace.fresh("member")
        with target.open("wb") as file:
            shutil.copyfileobj(content, file, _BLOCK)
        self.inspect(target, shown, given=False, depth=depth + 1)
