"""The words of a change: what a person calls the thing, where it is, and what the rule's sentences say of it.

Whatever a spec's text brings into a sentence stays on one line and ends somewhere.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Final

import orjson

from apidiff.diff.graph import LEFT_OUT
from apidiff.judge.apart import places
from apidiff.rules.rule import Rule
from apidiff.words.amount import per_cent
from apidiff.words.changes import Level
from apidiff.words.direction import Direction
from apidiff.words.escape import visible
from apidiff.words.facts import ABSENT, Action, Fact, Subject
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer

SHORT: Final = 60
_WRITTEN_OUT: Final = (str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"}), str.maketrans({" ": "␣"}))
LOCATIONS: Final = frozenset({"query", "header", "path", "cookie"})


def path_words(labels: Iterable[str]) -> str:
    """Labels as a person reads them: `response 200 application/json data[].name`."""
    words: list[str] = []
    inside = ""
    for label in labels:
        if label.startswith((".", "[", LEFT_OUT)):
            inside += label
        elif label:
            words.append(label)
    return " ".join([*words, inside.lstrip(".")] if inside else words)


def field_path(labels: tuple[str, ...]) -> str:
    """The dotted path to a field of a body, "" where the labels lead to none, or not all of them are known."""
    if LEFT_OUT in labels:
        return ""
    return "".join(label for label in labels if label.startswith((".", "["))).lstrip(".")


class Words(dict[str, str]):
    """The words that the templates of a rule stand for, each made when a template first asks for it.

    `ways` are the shortest ways to the edit, `operations` the ids of those that it reaches.
    """

    def __init__(
        self,
        fact: Fact,
        direction: Direction | None,
        ways: list[tuple[int, tuple[str, ...]]],
        operations: tuple[OperationId, ...],
    ) -> None:
        super().__init__()
        self.fact = fact
        self.direction = direction
        self.ways = ways
        self.labels = ways[0][1] if ways else ()
        self.operations = operations

    def __missing__(self, word: str) -> str:
        text = self[word] = _MADE[word](self)
        return text

    def ends(self) -> tuple[str, str]:
        """Both values at once, for what tells them apart is sought in both."""
        self["before"], self["after"] = ends = _ends(self.fact)
        return ends

    def of_title(self) -> "Words":
        """What a headline calls the thing: a parameter by its own name, and else a whole component by its own.

        Whoever calls knows the one from what it sends, and never the component that it may be written as.
        """
        fact = self.fact
        if fact.subject is not Subject.SCHEMA or not fact.owner:
            return self
        users = _clean(_users(self.operations))
        name = _clean(_parameter_alone(self.labels))
        if name and all(_parameter_alone(labels) == name for _, labels in self.ways[1:]):
            words = Words(fact, self.direction, self.ways, self.operations)
            words.update(name=name, owner=users, whole=f"{_place(fact, self.labels)} `{name}` of {users}")
            return words
        if fact.name:
            return self
        name = _clean(fact.owner)
        words = Words(fact, self.direction, [], self.operations)
        words.update(name=name, owner=users, whole=f"`{name}` of {users}")
        return words


@cache
def headline(template: str) -> str:
    """The title of a rule, with what callers know a thing by in the place of its bare name."""
    template = template.replace("{direction} `{name}`", "{said}")
    return PARAMETER_NAMED.sub("{place} ", template)


PARAMETER_NAMED: Final = re.compile(r"(?<!path )\bparameter (?=`\{name\}`|\{before\} )")
"""The word before a parameter's name; a path parameter says where it is already."""
PLACES: Final = {"query": "query parameter", "path": "path parameter", "header": "header", "cookie": "cookie"}


def _place(fact: Fact, labels: tuple[str, ...]) -> str:
    """Where a parameter or a header is sent, as callers say it; "" for what is neither."""
    way = (*labels, *own_label(fact))
    at = next((index for index, label in enumerate(way) if is_parameter(label)), None)
    location = str(fact.flags.get("location") or "") if at is None else way[at].partition(" ")[0]
    is_answered = any(label.startswith("response ") for label in labels[:at])
    place = PLACES.get(location, "")
    return f"response {place}" if place and is_answered else place


def _parameter_alone(labels: tuple[str, ...]) -> str:
    """The parameter that an edit is in, with the way from there; "" where it is in something else."""
    at = next((index for index, label in enumerate(labels) if is_parameter(label)), None)
    if at is None or not all(label.startswith(("[", ".")) for label in labels[at + 1 :]):
        return ""
    return labels[at].partition(" ")[2] + "".join(labels[at + 1 :])


def _said(words: Words) -> str:
    """What is sent or received, as callers say it: a parameter or a header by its place, a body as one."""
    name = words["name"]
    if place := _place(words.fact, words.labels):
        return f"{place} `{name}`"
    if _is_body(words.fact, words.labels) and name == "body":
        return f"the {words['direction']} body"
    return f"{words['direction']} `{name}`"


def _is_body(fact: Fact, labels: tuple[str, ...]) -> bool:
    """Whether it is the whole of a body, which has no name."""
    return bool(labels) and not fact.name and not field_path((*labels, *own_label(fact)))


EDITED: Final[Mapping[Action, str]] = {Action.ADDED: "was added", Action.REMOVED: "was removed"}
_MADE: Final[Mapping[str, Callable[[Words], str]]] = {
    "direction": lambda words: words.direction or "",
    "name": lambda words: _clean(_name(words.fact, words.labels)),
    "owner": lambda words: _clean(_owner(words.fact, words.operations)),
    "before": lambda words: words.ends()[0],
    "after": lambda words: words.ends()[1],
    "whole": lambda words: _whole(words.fact, words.labels, words.operations),
    "moved": lambda words: _moved(words.fact.before, words.fact.after),
    "edited": lambda words: EDITED.get(words.fact.action, "changed"),
    "item": lambda words: _clean(words.fact.item),
    "other": lambda words: code(words.fact.flags.get("other", "")),
    "announced": lambda words: f", announced for `{day}`" if (day := words.fact.flags.get("announced")) else "",
    "flow": lambda words: f"flow {code(flow)} of " if (flow := words.fact.flags.get("flow")) else "",
    "thing": lambda words: _thing(words.labels),
    "said": _said,
    "place": lambda words: _place(words.fact, words.labels) or "parameter",
}


def _thing(labels: tuple[str, ...]) -> str:
    """What could come beside the edited thing: a parameter, a header or a property."""
    if not labels or not is_parameter(labels[-1]):
        return "property"
    return "header" if labels[-1].startswith("header ") else "parameter"


def _owner(fact: Fact, operations: tuple[OperationId, ...]) -> str:
    """What holds the edited thing; what operations are made of has its users, wherever it is written."""
    owner = "" if operations and fact.subject in OF_OPERATIONS else fact.owner
    if not owner and not operations:
        owner = _component(fact)
    return f"`{owner}`" if owner else _users(operations)


OF_OPERATIONS: Final = frozenset(
    {Subject.PARAMETER, Subject.HEADER, Subject.REQUEST_BODY, Subject.RESPONSE, Subject.MEDIA_TYPE}
)


def _name(fact: Fact, labels: tuple[str, ...]) -> str:
    """What the edited thing is called, from the parameter or the body that leads to it where no component holds it."""
    holder = next((label.partition(" ")[2] for label in labels if is_parameter(label)), "")
    inner = fact.name or field_path((*labels, *own_label(fact)))
    if not inner:
        return holder or ("body" if labels else _component(fact) or (fact.base or fact.revision or Pointer()).last)
    if fact.owner or fact.subject not in (Subject.SCHEMA, Subject.PROPERTY):
        return inner
    if inner.startswith("["):
        return f"{holder or 'body'}{inner}"
    return f"{holder}.{inner}" if holder else inner


def _component(fact: Fact) -> str:
    """The component that holds an edit which no operation reaches: nobody calls it anything else."""
    segments = (fact.base or fact.revision or Pointer()).segments
    if segments[:1] == ("components",):
        return segments[2] if len(segments) > 2 else ""
    return segments[1] if segments[:1] in (("parameters",), ("responses",)) and len(segments) > 1 else ""


def _whole(fact: Fact, labels: tuple[str, ...], operations: tuple[OperationId, ...]) -> str:
    """A thing with what holds it, where its name alone says too little: a status, a media type, a field."""
    kind, name = KINDS.get(fact.subject), _name(fact, labels)
    if fact.subject is Subject.DOCUMENT and fact.facet in IN_INFO:
        return f"`{fact.facet}` of `info`"
    if fact.subject is Subject.DOCUMENT and fact.facet == "tags":
        return f"tag `{_clean(name)}`"
    if kind is None:
        return f"`{_clean(name)}`"
    own = "" if operations and fact.subject in OF_OPERATIONS else fact.owner
    holder = own or ("" if operations else _component(fact))
    is_held = holder not in ("", name) and fact.subject is not Subject.COMPONENT
    owner = f"`{_clean(holder)}`" if is_held else _users(operations)
    if fact.subject is Subject.REQUEST_BODY:
        return f"the request body of {owner}"
    if fact.subject in SENT:
        if name == "body" and _is_body(fact, labels):
            answered = any(label.startswith("response ") for label in labels)
            return f"the {'response' if answered else 'request'} body of {owner}"
        kind = _place(fact, labels) or kind
    return f"{kind} `{_clean(name)}` of {owner}".lstrip()


SENT: Final = frozenset({Subject.SCHEMA, Subject.PROPERTY, Subject.PARAMETER, Subject.HEADER})
IN_INFO: Final = frozenset({"contact", "license", "termsOfService"})
KINDS: Final = {
    Subject.SCHEMA: "",
    Subject.PROPERTY: "",
    Subject.COMPONENT: "",
    Subject.PARAMETER: "parameter",
    Subject.REQUEST_BODY: "",
    Subject.HEADER: "header",
    Subject.RESPONSE: "response",
    Subject.MEDIA_TYPE: "media type",
    Subject.LINK: "link",
}


def _users(operations: tuple[OperationId, ...]) -> str:
    if not operations:
        return "the spec"
    return f"`{operations[0]}`" + (f" and {len(operations) - 1} more" if len(operations) > 1 else "")


def _value(fact: Fact, value: Any) -> str:
    if value is ABSENT and fact.facet in ("type", "format", "pattern"):
        return "any"
    return "none" if value == [] and fact.facet == "type" else code(value)


def _ends(fact: Fact) -> tuple[str, str]:
    """Both values; of two that are too long to be shown whole, the place in which they differ."""
    was, now = _value(fact, fact.before), _value(fact, fact.after)
    is_alike = any(isinstance(fact.before, kind) and isinstance(fact.after, kind) for kind in (dict, list))
    is_long = is_alike and (_is_cut(was) or _is_cut(now))
    if fact.before == fact.after or not (is_long or _read_alike(was, now)):
        return was, now
    first, *more = places(fact.before, fact.after)
    before, after = _from_difference(first.before, first.after)
    if not first.path:
        return code(before), code(after)
    rank = f", the first of {len(more) + 1} places" if more else ""
    return f"{code(before)} (at `{_clean(first.path)}`{rank})", code(after)


def _is_cut(shown: str) -> bool:
    return shown.endswith("…`")


def _from_difference(before: Any, after: Any) -> tuple[Any, Any]:
    """Two texts from shortly before they first differ, with white space written out where nothing else tells them."""
    if not (isinstance(before, str) and isinstance(after, str)):
        return before, after
    differ = (i for i, (one, two) in enumerate(zip(before, after, strict=False)) if one != two)
    start = max(0, next(differ, min(len(before), len(after))) - SHORT // 3)
    one, two = (f"…{text[start:]}" if start else text for text in (before, after))
    for written in _WRITTEN_OUT:
        if not _read_alike(code(one), code(two)):
            break
        one, two = one.translate(written), two.translate(written)
    return one, two


def _read_alike(one: str, two: str) -> bool:
    """Whether two values look the same in a sentence, as far as both are shown."""
    shown = [_sentence(value) for value in (one, two)]
    end = min(map(len, shown)) - len("…`") if all(map(_is_cut, shown)) else None
    return shown[0][:end] == shown[1][:end]


def _moved(before: Any, after: Any) -> str:
    """How a limit moved, as a person says it."""
    was, now = _limit(before), _limit(after)
    if before is ABSENT:
        return f"is now {now}, where there was none"
    if after is ABSENT:
        return f"was {was}, and is gone"
    ends = [next(iter(end.values())) if isinstance(end, dict) else end for end in (before, after)]
    if ends[0] == ends[1] or not all(isinstance(end, (int, float)) for end in ends):
        return f"went from {was} to {now}"
    return f"{'fell' if ends[1] < ends[0] else 'rose'} from {was} to {now}"


def _limit(value: Any) -> str:
    """A limit in words; `{exclusiveMaximum: 5}` leaves the number itself out."""
    if isinstance(value, dict) and len(value) == 1:
        return f"{code(next(iter(value.values())))} (exclusive)"
    return code(value)


def _clean(text: str) -> str:
    """Text of a spec on one line: nothing in it hides, spaces of every width are one, and it ends somewhere."""
    short = text if len(text) <= 200 else f"{text[:199]}…"
    return short if short.isprintable() else "".join([c if c.isprintable() else " " for c in visible(short)])


def code(value: Any) -> str:
    """A value as inline code, shortened; a list of values as several."""
    if value is ABSENT:
        return "nothing"
    if isinstance(value, list) and value and not any(isinstance(item, (dict, list)) for item in value):
        shown = ", ".join(code(item) for item in value[:5])
        return shown if len(value) <= 5 else f"{shown} and {len(value) - 5} more"
    if isinstance(value, str):
        text = _clean(value)
    else:
        try:
            text = _clean(orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode())
        except TypeError:
            text = _clean(str(value))
    text = text.replace("`", "'") or '""'
    return f"`{text if len(text) <= SHORT else text[: SHORT - 1] + '…'}`"


def fill(template: str, words: Mapping[str, str]) -> str:
    """A template of a rule as a sentence."""
    return _sentence(template.format_map(words)) if "{" in template else _fixed(template)


def _sentence(text: str) -> str:
    return " ".join(text.split())


_fixed = cache(_sentence)
"""Of templates that say the same of every edit: there are as many as the catalogue has."""


@lru_cache(maxsize=10_000)
def is_parameter(label: str) -> bool:
    """Whether a label of a way names a parameter (`query limit`)."""
    return label.partition(" ")[0] in LOCATIONS and " " in label


def own_label(fact: Fact) -> tuple[str, ...]:
    """The last step to a property or a parameter that was compared from what holds it."""
    if fact.subject is Subject.PARAMETER and fact.facet == "presence" and "location" in fact.flags:
        return (f"{fact.flags['location']} {fact.name}",)
    if fact.subject is not Subject.PROPERTY or fact.facet not in ("presence", "required", "readOnly", "writeOnly"):
        return ()
    return (f".{fact.own_name}",)


HARMLESS: Final = {
    Direction.REQUEST: "Whatever callers sent before still works.",
    Direction.RESPONSE: "Nothing comes that could not come before.",
    None: "It reaches no operation that is in both specs.",
}
"""Why an edit hurts nobody in this direction, where its rule speaks of the other one."""


def is_harmless_side(rule: Rule, direction: Direction | None, level: Level) -> bool:
    """Whether an edit is safe in this direction, and its rule's texts are about the one in which it is not."""
    safe = (Level.ADDITIVE, Level.EDITORIAL)
    sides = (rule.request, rule.response, rule.neutral)
    return level in safe and rule.level(direction) in (*safe, None) and any(side and side not in safe for side in sides)


def basis(fact: Fact) -> tuple[str, float | None]:
    """How it is known what a thing became, in a few words, and how alike the two are where that is all there is."""
    if fact.flags.get("declared"):
        return "declared", None
    if (likeness := fact.flags.get("likeness")) is not None:
        return "likeness", likeness
    if fact.flags.get("split"):
        return "its parts carry its name", None
    return str(fact.flags.get("matched_by", "")), None


def guesses(fact: Fact) -> list[str]:
    """What led to taking one thing for another's heir: a guess is said as one."""
    if fact.flags.get("declared"):
        heirs = fact.flags.get("renamed_to")
        named = " and ".join(f"`{name}`" for name in visible(heirs).replace("`", "").split(", ")) if heirs else ""
        return [f"{named} take{'' if ', ' in heirs else 's'} its place."] if heirs else []
    if (likeness := fact.flags.get("likeness")) is not None:
        return [f"Taken for a rename, for the two are {per_cent(likeness)} alike."]
    if (reason := fact.flags.get("matched_by")) is not None:
        return [f"Matched by {reason}."]
    if (what := fact.flags.get("cut")) is not None:
        return [CUT[what]]
    return []


CUT: Final = {
    "names": "More names came and went than are looked through for each other's, so it may be there under another one.",
    "branches": "More branches came and went than are compared with each other, so another one may allow the same.",
    "parts": "The schema is made of more others than are read, so what some of them say is not compared.",
    "shared": "More unions differ than are tried with values, so what meets two branches of one is not said.",
    "alike": "There are more edits of this kind here than are said one by one: this one stands for all the others.",
    "pairs": "More things meet here than are compared with each other, so what differs below may not be said.",
}
"""What a bound of the comparison left undone."""
