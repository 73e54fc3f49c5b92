"""JSON Pointers (RFC 6901) by segments, so that `User.name` is never mistaken for the start of `User.nameFull`."""

from typing import NamedTuple


class Pointer(NamedTuple):
    """A place in a spec: the file inside a multi-file spec (`""` for the entry file) and the segments below its root.

    A named tuple, for a comparison makes hundreds of thousands of them.
    """

    file: str = ""
    segments: tuple[str, ...] = ()

    def child(self, segment: str | int, *more: str | int) -> "Pointer":
        """The place below this one."""
        # past the constructor of a named tuple, which takes longer than all the rest
        if more or not isinstance(segment, str):
            return _new(Pointer, (self[0], (*self[1], str(segment), *map(str, more))))
        return _new(Pointer, (self[0], (*self[1], segment)))

    @property
    def last(self) -> str:
        """The last segment, or the empty string at the root."""
        return self.segments[-1] if self.segments else ""

    def __str__(self) -> str:
        text = "/".join(self.segments)
        if "~" in text or text.count("/") >= len(self.segments) > 0:  # few but path templates need it
            text = "/".join([escape(segment) for segment in self.segments])
        return f"{self.file}#/{text}" if self.segments else f"{self.file}#"


_new = tuple.__new__


def escape(segment: str) -> str:
    """One segment as RFC 6901, section 3, writes it."""
    return segment.replace("~", "~0").replace("/", "~1")


def unescape(segment: str) -> str:
    """The inverse of `escape` (RFC 6901, section 4)."""
    return segment.replace("~1", "/").replace("~0", "~")


def parse(text: str) -> Pointer:
    """The pointer that `file#/a/b` writes; a fragment without a leading slash keeps its text as one segment."""
    file, _, fragment = text.partition("#")
    if not fragment:
        return Pointer(file)
    return Pointer(file, tuple(unescape(part) for part in fragment.removeprefix("/").split("/")))
