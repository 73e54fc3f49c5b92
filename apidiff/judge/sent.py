"""Writes a value that shows a break as it is sent: in a URL, a header, a cookie or the field of a form."""

from typing import Any
from urllib.parse import quote

from apidiff.judge.wording import is_parameter
from apidiff.schema.texts import text_of

PLAIN = (str, int, float, bool)


def as_sent(value: Any, labels: tuple[str, ...], delimiter: str) -> Any:
    """A plain value, or a list of them, as a parameter or a field writes it; what is written in parts stays JSON.

    `labels` lead from the operation to the schema of the value, `delimiter` stands between the items of a list.
    """
    at = next((index for index, label in enumerate(labels) if is_parameter(label)), None)
    if at is None:  # the field of a form
        inner = [label for label in labels if label.startswith((".", "["))]
        location, name, below = "form", inner[0].removeprefix(".") if inner else "", inner[1:]
    else:
        location, _, name = labels[at].partition(" ")
        below = [label for label in labels[at + 1 :] if label]
    items = value if isinstance(value, list) else [value]
    if not name or any(label != "[]" for label in below) or not all(isinstance(item, PLAIN) for item in items):
        return value
    texts = [text_of(item) for item in items]
    if location == "header":
        return f"{name}: {','.join(texts)}"
    texts = [quote(text, safe="") for text in texts]
    if location == "path":
        return (delimiter or ",").join(texts)
    if not delimiter:
        return "&".join(f"{quote(name, safe='')}={text}" for text in texts)
    return f"{quote(name, safe='')}={quote(delimiter, safe=',').join(texts)}"
