"""Reads specs from files, URLs, standard input and git revisions into documents.

A document is plain data: which of its parts refer to which is for `resolve` to find out.
"""

from apidiff.load.document import Document
from apidiff.load.sources import load, load_all

__all__ = ["Document", "load", "load_all"]
