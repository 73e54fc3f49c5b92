"""What may be repeated of the names that a file gives: headings and fields, never what stands in their place.

A table without a heading has keys and addresses in its first line, and some write keys as the names of JSON.
"""

import re
import unicodedata
from collections.abc import Sequence

from apidiff.usage.accounts.headings import HEADINGS
from apidiff.usage.read.aliases import ALIASES, plain
from apidiff.words.amount import first_of

_USUAL = frozenset(word for words in (*HEADINGS.values(), *ALIASES.values()) for word in words)
_LONGEST = 60
_DIGITS = 3
_WORDS = 9
_SECRET = re.compile(
    r"[A-Za-z]{2,12}[_-](?:live|test|prod|production|sandbox|dev|staging)[_-]\w"
    r"|(?:sk|pk|rk|ak|pat|gh[oprsu]|shpat|re|whsec)[_-]\w"
    r"|xox[abpr]-|glpat-|github_pat_|SG\.|AKIA|ASIA|AIza|eyJ|(?:Bearer|Basic|Digest|ApiKey)\s"
)
"""What keys and tokens begin with, and headings don't."""
_ALLOWED = re.compile(r"@?[\w .:/#$%&*()\[\]+'’-]*")
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+|[a-zA-Z]")
_VOWELS = frozenset("aeiouy")
_CLUSTERS = {is_long: re.compile(rf"[^aeiouy]{{{5 - is_long}}}", re.IGNORECASE) for is_long in (False, True)}
_LONGEST_WORD = 18
_SNAKE = re.compile(r"[a-z]+(?:[_-][a-z]+)+")
_LONG, _WORD = 12, 3.4
"""From how many letters on a name has words of at least that length on average."""


def is_name(text: str) -> bool:
    """Whether a text looks like the name of a column or field: words, with a number at most behind one."""
    name = text.strip()
    if plain(name) in _USUAL:
        return True
    if not name or len(name) > _LONGEST or not _ALLOWED.fullmatch(name) or _SECRET.match(name):
        return False
    # Digits before letters are those of a key or a date; a heading is numbered behind its words.
    if sum(map(str.isdigit, name)) > _DIGITS or name[0].isdigit() or re.search(r"\d[^\W\d_]", name):
        return False
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = _PIECE.findall(bare)
    if not 0 < len(words) <= _WORDS or not all(map(_is_word, words)):
        return False
    letters = sum(map(len, words))
    # Letters picked at random change case all the time.
    return letters < _LONG or letters / len(words) >= _WORD or bool(_SNAKE.fullmatch(bare))


def _is_word(word: str) -> bool:
    """Whether letters can be spoken, or are so few that they are an abbreviation."""
    if not word.isascii() or len(word) <= 4:
        return True
    vowels = sum(letter in _VOWELS for letter in word.lower())
    return vowels >= len(word) / 5 and len(word) <= _LONGEST_WORD and not _CLUSTERS[len(word) > _LONG].search(word)


def listed(names: Sequence[str], *, most: int = 30) -> str:
    """The names that look like names, in their order, and how many are left out because they don't."""
    shown = [name for name in names if all(map(is_name, name.split(".")))]
    hidden = len(names) - len(shown)
    said = first_of(shown, most)
    if not hidden:
        return said
    looks = "that looks like data and is" if hidden == 1 else "that look like data and are"
    return f"{said}{', and ' if said else ''}{hidden} {looks} not repeated"
