"""A shim as files: fixed code for each language with the table as one literal, and what people have to know of it."""

import json
from typing import Final

from apidiff.expand.shim.value import Shim
from apidiff.render.templates import SHIPPED, fill
from apidiff.words.direction import Direction
from apidiff.words.escape import visible

ASGI: Final = "apidiff_shim_asgi.py"
EXPRESS: Final = "apidiff-shim-express.js"
README: Final = "README.md"
_CODE: Final = {ASGI: ("asgi.py", 'json.loads("{}")', "json.loads"), EXPRESS: ("express.js", 'JSON.parse("{}")', "JSON.parse")}  # fmt: skip  # noqa: E501


def shim_files(shim: Shim, base: str, revision: str, *, draft: str = "") -> dict[str, bytes]:
    """The files of a shim by their names; `base` and `revision` are what the two versions are called.

    The table is text of JSON in ASCII, quoted once more: no name of a spec stands in code or in a comment.
    """
    table = json.dumps(shim.table, separators=(",", ":"))
    files = {}
    for name, (template, empty, reads) in _CODE.items():
        code = _code(template)
        assert code.count(empty) == 1
        head, line = code[: code.index(empty)].rsplit("\n", 1)
        sign = "#" if name == ASGI else "//"
        stamp = f"{sign} DRAFT: {visible(draft)}. Do not deploy.\n" if draft else ""
        made = f"{reads}({json.dumps(table)})"
        files[name] = f"{head}\n{stamp}{line}{made}{code[code.index(empty) + len(empty) :]}".encode()
    asked = [one for one in shim.served if one.asks]
    may = [one for one in shim.served if one.may_ask]
    replaced = [one for one in shim.served if one.change.direction is Direction.RESPONSE and one.replaces]
    said = fill(
        "shim/README.md.j2",
        shim=shim,
        asked=asked,
        may=may,
        replaced=replaced,
        base=base,
        revision=revision,
        draft=draft,
    )
    return {README: said.encode(), **files}


def _code(name: str) -> str:
    """The fixed code of one language."""
    folder = next(folder for folder in SHIPPED if (folder / "shim" / name).is_file())
    return (folder / "shim" / name).read_text("utf-8")
