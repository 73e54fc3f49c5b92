"""Why paths match no operation: the part of them that a gateway puts on or takes off, found from their shapes.

What is named is what the spec has, or words that several operations share below them: a mount, and nobody's own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote

from apidiff.usage.route import Routes, Segment

_DEEPEST = 4
_LOOKED_AT = 500
_STARTS = 40
_SHARE = 0.5
_WORD = re.compile(r"[A-Za-z][A-Za-z_.-]{0,31}|v\d{1,3}(?:\.\d{1,3})?")
_LITERAL, _MIXED = 0, 1
Words = tuple[str, ...]
Template = tuple[Segment, ...]


def way_back(shapes: Mapping[str, int], routes: Routes) -> str:
    """The lines of apidiff.yaml that make operations of unmatched paths (by shape, `*` for what is no word), or ""."""
    asked = [(shape, count) for shape, count in shapes.items() if shape.startswith("/")]
    total = sum(count for _, count in asked)
    asked = sorted(asked, key=lambda pair: (-pair[1], pair[0]))[:_LOOKED_AT]
    templates = dict.fromkeys(tuple(route.segments) for route in routes.routes)
    starts, by_size = _starts(templates), dict[int, list[Template]]()
    for template in templates:
        by_size.setdefault(len(template), []).append(template)
    hits, reached = Counter[tuple[Words, Words]](), dict[tuple[Words, Words], set[Template]]()
    for shape, count in asked:
        parts = tuple(shape.split("/")[1:])
        for size in range(min(_DEEPEST, len(parts) - 1) + 1):
            for start in starts:
                path = (*start, *parts[size:])
                is_other = parts[:size] != start  # to take off what is put on again mends nothing
                found = _matching(path, len(start), by_size.get(len(path), ())) if is_other else None
                if found is not None:
                    hits[parts[:size], start] += count
                    reached.setdefault((parts[:size], start), set()).add(found)
    best = min(hits, key=lambda way: (-hits[way], len(way[0]) + len(way[1]), way), default=None)
    if best is None or hits[best] < total * _SHARE or not _is_shown(best[0], len(reached[best]), routes):
        return ""
    return _lines(*best)


def _starts(templates: Iterable[Sequence[Segment]]) -> list[Words]:
    """What templates begin with, the empty start first: literals that a gateway may take off."""
    counts = Counter[Words]()
    for segments in templates:
        words: Words = ()
        for segment in segments[:_DEEPEST]:
            if segment.kind != _LITERAL:
                break
            words = (*words, segment.text)
            if len(words) < len(segments):
                counts[words] += 1
    return [(), *(words for words, _ in counts.most_common(_STARTS))]


def _matching(parts: Words, start: int, templates: Iterable[Template]) -> Template | None:
    """The template of as many segments that a path matches by a literal of its own behind its start; None for none."""
    for segments in templates:
        if all(map(_is_one, segments, parts)) and any(segment.kind == _LITERAL for segment in segments[start:]):
            return segments
    return None


def _is_one(segment: Segment, part: str) -> bool:
    if segment.kind == _LITERAL:
        return segment.text == part or unquote(segment.text) == unquote(part)
    if segment.kind == _MIXED and part != "*":
        return bool(re.fullmatch(re.escape(segment.text).replace(r"\*", ".+"), part))
    return part != ""


def _is_shown(words: Words, operations: int, routes: Routes) -> bool:
    """Whether words are a gateway's: the spec has them, or more than one operation lies below them."""
    is_known = all(word in routes.words for word in words)
    return is_known or (operations > 1 and all(_WORD.fullmatch(word) for word in words))


def _lines(strip: Words, add: Words) -> str:
    taken, put = ("/" + "/".join(words) for words in (strip, add))
    if not add:
        return f"In apidiff.yaml: `mount: [{taken}]`."
    parts = ", ".join([*([f"strip: {taken}"] if strip else []), f"add: {put}"])
    return f"In apidiff.yaml: `base_path: {{{parts}}}`."
