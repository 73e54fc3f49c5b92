"""Whether the documents that everybody gets to see may be published, and what people wrote that no longer fits them.

Published are the guide, the forms of it for programs, and the marked spec. None of them may be a draft, lack what only
people know, hold a key, or name a customer.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from apidiff.plan.value import Plan
from apidiff.usage.keys import OF_ENVIRONMENTS, OF_KINDS, OF_VENDORS, masked
from apidiff.words.amount import first_of
from apidiff.words.blocks import BLOCKS
from apidiff.words.escape import clip

PUBLISHED: Final = (
    "migration-guide.md", "migration-guide.html", "llms.txt", "migration.json", "skill/SKILL.md", "overlay.yaml",
)  # fmt: skip
"""What a plan holds for everybody; the rest is for the API's own people, or for one integrator."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that keeps the documents from being published: where it is, what it is, and how it is mended."""

    at: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.at}: {self.what}\n  {self.mend}"


@dataclass(frozen=True, slots=True)
class Secret:
    """What nobody else may read: the keys of all accounts, and what each account is called, by its id."""

    keys: Collection[str] = ()
    names: Mapping[str, Iterable[str]] | None = None

    def __repr__(self) -> str:
        return "Secret()"


@dataclass(frozen=True, slots=True)
class Block:
    """What people wrote under one name, and where: the file of guide/, or the line of apidiff.yaml."""

    at: str
    text: str
    is_file: bool = True

    def place(self, offset: int) -> str:
        """Where in it something is."""
        return f"{self.at}:{_line(self.text, offset)}" if self.is_file else self.at


def misfits(plan: Plan, blocks: Mapping[str, Block]) -> tuple[Hindrance, ...]:
    """What people wrote for the guide that no longer fits: blocks of no name that it knows, and names that are gone."""
    return tuple(found for name, block in blocks.items() for found in _misfits(plan, name, block))


def _misfits(plan: Plan, name: str, block: Block) -> Iterator[Hindrance]:
    if name not in BLOCKS:
        near = difflib.get_close_matches(name, BLOCKS, n=1, cutoff=0.5)
        known = ", ".join(BLOCKS)
        mend = f"Did you mean `{near[0]}`?" if near else f"The blocks are {known}."
        yield Hindrance(block.at, "the guide has no such block, so nobody reads it", mend)
        return
    if name == "replacement" and not unreplaced(plan):
        mend = "Take it out, or move what still holds to another block."
        yield Hindrance(block.at, "nothing goes away without a successor any more", mend)
    known_operations = {one.id for one in plan.routes} | {
        text for one in plan.operations for text in (one.operation.id, one.successor) if text
    }
    for found in _OPERATION.finditer(block.text):
        if known_operations and found[1] not in known_operations:
            shown = clip(found[1], 80)
            near = difflib.get_close_matches(found[1], known_operations, n=1, cutoff=0.6)
            mend = f"Did you mean `{near[0]}`?" if near else "Name an operation of the base or the revision."
            yield Hindrance(block.place(found.start()), f"`{shown}` is in neither version of the API", mend)
    changes = {planned.change.id for planned in plan.changes}
    for found in _ANCHOR.finditer(block.text):
        if found[1] not in changes:
            said = f"it links to #change-{found[1]}, which is no change of this plan any more"
            yield Hindrance(block.place(found.start()), said, "Link to another section, or take the link out.")


_OPERATION: Final = re.compile(r"`((?:GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|TRACE) /[^`\s]*)`")
_ANCHOR: Final = re.compile(r"#change-([0-9a-f]{12})\b")


def unreplaced(plan: Plan) -> bool:
    """Whether something goes away and the plan names nothing that takes its place."""
    return any(one.removed and not one.successor for one in plan.operations)


def hindrances(
    plan: Plan, files: Mapping[str, bytes], blocks: Mapping[str, Block], *, secret: Secret
) -> tuple[Hindrance, ...]:
    """Everything that keeps the plan's documents from being published, as they are in `files`."""
    found = [*_drafts(plan), *_empty(plan, blocks), *misfits(plan, blocks)]
    texts = [block for name, block in blocks.items() if name in BLOCKS]
    texts += [Block(name, files[name].decode()) for name in PUBLISHED if name in files]
    return (*found, *_keys(texts, secret.keys), *_customers(plan, texts, secret.names or {}))


def _drafts(plan: Plan) -> Iterator[Hindrance]:
    if plan.draft:
        yield Hindrance("apidiff.yaml", f"the plan is a draft: {plan.draft}", "Answer them with `apidiff decide`.")


def _empty(plan: Plan, blocks: Mapping[str, Block]) -> Iterator[Hindrance]:
    if not any(planned.change.breaks for planned in plan.changes):
        return  # a guide in which nobody has anything to do
    for name, text in BLOCKS.items():
        if name not in blocks and (name != "replacement" or unreplaced(plan)):
            mend = f"Write it there, or as `{name}:` under `guide:` in apidiff.yaml: {text[:1].lower()}{text[1:]}"
            yield Hindrance(f"guide/{name}.md", "nobody has written it yet", mend)


_KEY: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    rf"{OF_ENVIRONMENTS}(?P<named>[A-Za-z0-9]{{12,}})"
    rf"|{OF_KINDS}(?P<short>[A-Za-z0-9]{{16,}})"
    rf"|{OF_VENDORS}[A-Za-z0-9_.-]{{12,}}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r")"
)
"""What is a key by its looks, whoever it belongs to."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.+/=-]{6,}")


def _keys(texts: Iterable[Block], known: Collection[str]) -> Iterator[Hindrance]:
    """Keys of the accounts wherever they are whole, and what looks like one; shown by their public ends alone."""
    plain = {key for key in known if _TOKEN.fullmatch(key)}
    odd = [key for key in known if key not in plain and len(key) > 5]
    met: dict[str, list[str]] = {}
    for block in texts:
        spans = [(one.start(), one[0]) for one in _KEY.finditer(block.text) if _is_random(one)]
        spans += [
            (one.start(), key) for one in _TOKEN.finditer(block.text) for key in {one[0], one[0].strip(".")} & plain
        ]
        spans += [(block.text.index(key), key) for key in odd if key in block.text]
        for offset, key in sorted(set(spans)):
            met.setdefault(key, []).append(block.place(offset))
    for key, places in met.items():
        where = "Take it out" + ("" if places[0].startswith(("guide/", "apidiff")) else " of the specification")
        yield Hindrance(_listed(places), f"a whole key stands there ({masked(key)})", f"{where}, and revoke it.")


def _is_random(found: re.Match[str]) -> bool:
    """Whether the secret part mixes letters and digits as no word does."""
    text = found["named"] or found["short"] or found[0]
    return any(char.isdigit() for char in text) and any(char.isalpha() for char in text)


_WORD: Final = re.compile(r"[^\W_]+")
_FORMS: Final = frozenset(
    {"inc", "llc", "ltd", "limited", "gmbh", "ag", "sa", "sas", "sarl", "bv", "nv", "oy", "ab", "as", "co", "corp"}
    | {"corporation", "company", "plc", "kg", "ohg", "se", "spa", "srl", "pty", "pte", "kk", "group"}
)
"""Legal forms, which people leave out."""
_SHORTEST: Final = 3


def _customers(plan: Plan, texts: Iterable[Block], names: Mapping[str, Iterable[str]]) -> Iterator[Hindrance]:
    """Customers who are named, by name, id or address; a name that is made of the API's own words is none."""
    wanted = _wanted(plan, names)
    met: dict[str, list[str]] = {}
    for block in texts:
        words = [(one.start(), one[0]) for one in _WORD.finditer(block.text)]
        folded = [word.casefold() for _, word in words]
        for place, word in enumerate(folded):
            for sought, written, name in wanted.get(word, ()):
                last = place + len(sought)
                here = words[place][1]
                is_it = (
                    here == written or not here.islower() if len(sought) == 1 else tuple(folded[place:last]) == sought
                )
                if is_it:
                    met.setdefault(name, []).append(block.place(words[place][0]))
    for name, places in met.items():
        is_ours = places[0].startswith(("guide/", "apidiff"))
        mend = "Say it without the name." if is_ours else (
            "It comes from the specification, or from the reason of a decision: take it out there."
        )  # fmt: skip
        yield Hindrance(_listed(places), f"it names the customer {clip(name, 80)}", mend)


def _wanted(plan: Plan, names: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """What to look for by its first word: all its words, the first as it is written, and the customer's name."""
    own = _own_words(plan)
    found: dict[str, dict[tuple[tuple[str, ...], str], str]] = {}
    for one, called in names.items():
        for text in (one, *called):
            words = _WORD.findall(text)
            while len(words) > 1 and words[-1].casefold() in _FORMS:
                words.pop()
            folded = tuple(word.casefold() for word in words)
            if not folded or own.issuperset(folded) or not _tells(words):
                continue
            found.setdefault(folded[0], {}).setdefault((folded, words[0]), text)
    return {first: [(*key, name) for key, name in listed.items()] for first, listed in found.items()}


def _tells(words: list[str]) -> bool:
    """Whether some words can only be meant as a name: several, or one that is written as no other word is."""
    if len(words) > 1:
        return any(not word.isdigit() for word in words)
    word = words[0]
    return len(word) >= _SHORTEST and not word.isdigit() and not (word.islower() and word.isalpha())


def _own_words(plan: Plan) -> frozenset[str]:
    """The words of the API itself: its title, its paths, and the names of what changes."""
    texts = [plan.base.title, plan.revision.title, *(planned.change.name for planned in plan.changes)]
    texts += [one.path for one in plan.routes] + [one.operation.path for one in plan.operations]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _listed(places: list[str]) -> str:
    """The first places, and how many more there are."""
    return first_of(list(dict.fromkeys(places)), 3)
