"""Serves callers of the former version in front of the new one. Made by apidiff; a new plan writes it anew.

    app = ApidiffShim(app, fill={...}, log="uses.jsonl", secret=os.environ["APIDIFF_KEY_SECRET"])

As the last line, around everything else. README.md beside it says what it serves, what `fill` needs, and what no shim
can serve. What is not JSON, is compressed, is a stream or is larger than `bound` bytes passes as it is, and so does
every byte of a body that nothing here is about.
"""

import hashlib
import hmac
import json
import re
from datetime import datetime, timezone
from urllib.parse import quote, quote_plus, unquote, unquote_plus

TABLE = json.loads("{}")

_DIGESTS = {b"content-md5", b"digest", b"content-digest", b"repr-digest"}
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCALAR = re.compile(r"[^ \t\r\n,\]}]+")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;\s*charset=\"?utf-?8\"?\s*)?", re.IGNORECASE)
_SCHEME = re.compile(r"(?:bearer|token|apikey|basic)\s+(.+)", re.IGNORECASE)


class ApidiffShim:
    """An ASGI application around another one.

    `fill` has a function for each change of which only you know the rule, by its id; None leaves such a change out.
    `old` is given the headers of a request by their names in lower case, and says whether its caller is an old one:
    without it all are. `log` is a file, or a function that is given each line; it needs `secret`, under which keys are
    hashed.
    """

    def __init__(self, app, fill=None, old=None, log=None, secret="", bound=1_000_000):
        self.app = app
        self.old = old
        self.fill = dict(fill or {})
        self.bound = bound
        missing = [one for one in TABLE["fill"] if one not in self.fill]
        if missing:
            raise ValueError(f"fill has no function for {', '.join(missing)}: README.md says what each is for")
        if log is not None and not secret:
            raise ValueError("the log needs a secret, under which keys are hashed")
        self.secret = secret.encode()
        self.write = log if callable(log) or log is None else _appended(log)

    async def __call__(self, scope, receive, send):
        found = find(scope["method"], _raw_path(scope)) if scope["type"] == "http" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        await _Call(self, scope, *found).run(receive, send)


class _Call:
    """One request to something that has changed."""

    def __init__(self, shim, scope, route, values, before):
        self.shim, self.route, self.values, self.before = shim, route, values, before
        self.uses, self.fields, self.query = set(), set(), []
        self.scope = dict(scope)
        self.headers = [(name.lower(), value) for name, value in scope["headers"]]
        plain = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
        self.is_old = shim.old is None or bool(shim.old(plain))
        self.key = self._key(plain)
        self.pairs = _pairs(scope.get("query_string", b"").decode("latin-1"))

    async def run(self, receive, send):
        if not self.is_old and self.shim.write is None:
            await self.shim.app(self.scope, receive, send)
            return
        self._parameters()
        receive = await self._body(receive)
        paging = self._paging()
        send = self._logged(send)
        if not self.is_old:
            await self.shim.app(self.scope, receive, send)
            return
        self._address()
        if paging:
            await self._paged(paging, receive, send)
        else:
            await self.shim.app(self.scope, receive, self._answer(send))

    # what is sent -----------------------------------------------------------------------------------------------------

    def _parameters(self):
        for step in self.route["parameters"]:
            kind, change, place, name = step[:4]
            held = self._held(place, name)
            self._note(place, name, step)
            if not self.is_old:
                continue
            if kind == "rename":
                self._renamed(change, place, name, step[4], step[5])
            elif kind == "value":
                self._revalued(change, place, name, step)
            elif kind == "default" and not held:
                value = _given(self.shim.fill, change, step[4:], None)
                if value is not None:
                    self._add(place, name, _plain(value))
                    self.uses.add(change)

    def _note(self, place, name, step):
        """Keep for the log what of the table is in the query: a name, and a value only where the table has it."""
        if place != "query":
            return
        known = {step[4]} if step[0] == "value" else set()
        names = [name] + ([step[5]] if step[0] == "rename" and step[4] == "query" else [])
        for one in names:
            for value in self._held(place, one):
                said = f"{quote_plus(one)}={quote_plus(value) if value in known else ''}"
                if said not in self.query:
                    self.query.append(said)

    def _held(self, place, name):
        if place == "query":
            return [unquote_plus(value) for key, value in self.pairs if key is not None and unquote_plus(key) == name]
        if place == "path":
            return [unquote(self.values[name])]
        return [value.decode("latin-1") for key, value in self.headers if key == name.lower().encode("latin-1")]

    def _add(self, place, name, text):
        if place == "query":
            self.pairs.append((quote_plus(name), quote_plus(text)))
        else:
            self.headers.append((name.lower().encode("latin-1"), text.encode("latin-1", "replace")))

    def _renamed(self, change, place, name, to_place, to_name):
        held = self._held(place, name)
        if not held or self._held(to_place, to_name):
            return
        self.uses.add(change)
        if place == to_place == "query":
            self.pairs = [
                (quote_plus(to_name), value) if key is not None and unquote_plus(key) == name else (key, value)
                for key, value in self.pairs
            ]
            return
        if place == "query":
            self.pairs = [(key, value) for key, value in self.pairs if key is None or unquote_plus(key) != name]
        else:
            self.headers = [pair for pair in self.headers if pair[0] != name.lower().encode("latin-1")]
        for text in held:
            self._add(to_place, to_name, text)

    def _revalued(self, change, place, name, step):
        was = step[4]
        if was not in self._held(place, name):
            return
        self.uses.add(change)
        value = _given(self.shim.fill, change, step[5:], was)
        if value is None:
            return
        text = _plain(value)
        if place == "query":
            self.pairs = [
                (key, quote_plus(text))
                if key is not None and unquote_plus(key) == name and unquote_plus(held) == was
                else (key, held)
                for key, held in self.pairs
            ]
        elif place == "path":
            self.values[name] = quote(text, safe="")
        else:
            own = name.lower().encode("latin-1")
            sent = text.encode("latin-1", "replace")
            self.headers = [(key, sent if key == own else held) for key, held in self.headers]

    def _address(self):
        """Where the request goes now."""
        if self.route["change"]:
            self.uses.add(self.route["change"])
        path = "".join("/" + one for one in [*self.before, *map(self._segment, self.route["to"])])
        if path != _raw_path(self.scope):
            self.scope["raw_path"] = path.encode("latin-1", "replace")
            self.scope["path"] = unquote(path)
        self.scope["query_string"] = _query(self.pairs)
        self.scope["headers"] = self.headers

    def _segment(self, one):
        return one if isinstance(one, str) else one[0] + self.values[one[2]] + one[1]

    async def _body(self, receive):
        shape = self.route["body"]
        if shape is None or not _is_plain_json(self.headers, self.shim.bound):
            return receive
        parts, size, is_whole = [], 0, False
        while not is_whole and size <= self.shim.bound:
            message = await receive()
            if message["type"] != "http.request":
                return _again([*parts, message], receive)
            parts.append(message)
            size += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
        if size > self.shim.bound:
            return _again(parts, receive)
        body = b"".join(one.get("body", b"") for one in parts)
        made = rewritten(body, shape, self.shim.fill, self.uses, self.fields)
        if not self.is_old:
            made = None
        if made is not None and made != body:
            self.headers = [
                pair for pair in self.headers if pair[0] not in (*_DIGESTS, b"content-length", b"transfer-encoding")
            ]
            self.headers.append((b"content-length", str(len(made)).encode()))
        return _again([{"type": "http.request", "body": body if made is None else made, "more_body": False}], receive)

    # what comes back --------------------------------------------------------------------------------------------------

    def _answer(self, send):
        """A `send` that gives the former names back."""
        held = []

        async def flush():
            for message in held:
                await send(message)
            held.clear()

        async def answered(message):
            if message["type"] == "http.response.start":
                shape = self._shape(message["status"])
                headers = message.get("headers", [])
                if shape is None or self.scope["method"] == "HEAD" or not _is_plain_json(headers, self.shim.bound):
                    await send(message)
                else:
                    held.append(message)
                return
            if not held:
                await send(message)
                return
            held.append(message)
            start, parts = held[0], held[1:]
            if any(part["type"] != "http.response.body" for part in parts):
                await flush()
                return
            size = sum(len(part.get("body", b"")) for part in parts)
            is_open = message.get("more_body", False)
            has_length = any(name.lower() == b"content-length" for name, _ in start.get("headers", []))
            if size > self.shim.bound or (is_open and not has_length):
                await flush()
            elif not is_open:
                body = b"".join(part.get("body", b"") for part in parts)
                held.clear()
                made = rewritten(body, self._shape(start["status"]), self.shim.fill, set(), set())
                await _whole(send, start, body, made)

        return answered

    def _shape(self, status):
        answers, text = self.route["answers"], str(status)
        return next((answers[one] for one in (text, text[0] + "XX", "default") if one in answers), None)

    # paging -----------------------------------------------------------------------------------------------------------

    def _paging(self):
        """The page that is asked for, where it is larger than the new server gives, and how the next one is asked."""
        for one in self.route["paging"]:
            held = self._held("query", one["limit"])
            if len(held) == 1 and held[0].isascii() and held[0].isdigit() and len(held[0]) < 10:
                self.query.append(f"{quote_plus(one['limit'])}={held[0]}")
                if one["most"] < int(held[0]) <= one["was"]:
                    self.uses.add(one["change"])
                    return {**one, "wanted": int(held[0])}
        return None

    async def _paged(self, paging, receive, send):
        """Several calls whose pages are put together."""
        first, pages, count, cursor = None, [], 0, None
        while True:
            start, body = await self._page(paging, receive, paging["wanted"] - count, cursor, count)
            page = _page_of(start, body, paging, self.shim.bound)
            if page is None:
                await _whole(send, start, body, None)  # what is no page is the answer, as it came
                return
            first = first or (start, body)
            pages.append(page)
            count += page[1]
            cursor = page[2]
            if not page[1] or count >= paging["wanted"] or cursor is None:
                break
        merged = _merged(first[1].decode(), pages, paging).encode()
        shape = self._shape(first[0]["status"])
        made = None if shape is None else rewritten(merged, shape, self.shim.fill, set(), set())
        await _whole(send, first[0], first[1], merged if made is None else made)

    async def _page(self, paging, receive, left, cursor, count):
        own = {paging["limit"], *([] if cursor is None else [paging["cursor"]])}
        pairs = [(key, value) for key, value in self.pairs if key is None or unquote_plus(key) not in own]
        pairs.append((quote_plus(paging["limit"]), str(min(left, paging["most"]))))
        if cursor is not None:
            pairs.append((quote_plus(paging["cursor"]), quote_plus(_next_of(cursor, paging, self, count))))
        start, parts = {}, []

        async def kept(message):
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        nothing = {"type": "http.request", "body": b"", "more_body": False}
        await self.shim.app({**self.scope, "query_string": _query(pairs)}, _again([nothing], receive), kept)
        return start, b"".join(parts)

    # the log ----------------------------------------------------------------------------------------------------------

    def _key(self, headers):
        """The key of the caller under the secret; nothing else of it is kept."""
        if self.shim.write is None:
            return ""
        sent = self.scope.get("query_string", b"").decode("latin-1")
        query = dict(pair for pair in _pairs(sent) if pair[0] is not None)
        for place, name in TABLE["keys"]:
            held = headers.get(name.lower(), "") if place == "header" else unquote_plus(query.get(quote_plus(name), ""))
            if held:
                scheme = _SCHEME.fullmatch(held)
                return hmac.new(self.shim.secret, (scheme[1] if scheme else held).encode(), hashlib.sha256).hexdigest()
        return ""

    def _logged(self, send):
        """A `send` that writes the line once the status is known."""
        if self.shim.write is None:
            return send

        async def logged(message):
            if message["type"] == "http.response.start":
                line = {
                    "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
                    "method": self.scope["method"],
                    "path": self.route["path"],
                    "status": message["status"],
                    "api_key": self.key,
                    "query": "&".join(self.query),
                    "request_fields": sorted(self.fields),
                    "uses": sorted(self.uses),
                }
                self.shim.write(json.dumps(line))
            await send(message)

        return logged


# requests -------------------------------------------------------------------------------------------------------------


def find(method, path):
    """What the table has for a request, the texts of its path's parameters, and what stands before the spec's path.

    None where nothing is to be done.
    """
    segments = path[1:].split("/")
    for methods, pattern, route, before in TABLE["routes"]:
        if method not in methods or len(pattern) != len(segments):
            continue
        values = []
        for piece, text in zip(pattern, segments):
            if isinstance(piece, str):
                if unquote(text) != piece:
                    break
            else:
                inner = text[len(piece[0]) : len(text) - len(piece[1])]
                if not inner or not (text.startswith(piece[0]) and text.endswith(piece[1])):
                    break
                values.append(inner)
        else:
            return None if route is None else (TABLE["rules"][route], values, segments[:before])
    return None


def _raw_path(scope):
    raw = scope.get("raw_path")
    return raw.decode("latin-1").split("?")[0] if raw else quote(scope["path"], safe="/:@!$&'()*+,;=-._~")


def _pairs(query):
    """The parts of a query as they are: key and value, or None and a part that has no `=`."""
    if not query:
        return []
    return [tuple(part.split("=", 1)) if "=" in part else (None, part) for part in query.split("&")]


def _query(pairs):
    return "&".join(value if key is None else f"{key}={value}" for key, value in pairs).encode("latin-1", "replace")


def _is_plain_json(headers, bound):
    held = {name.lower(): value for name, value in headers}
    length = held.get(b"content-length", b"0")
    return (
        _JSON.fullmatch(held.get(b"content-type", b"").decode("latin-1").strip()) is not None
        and held.get(b"content-encoding", b"identity") == b"identity"
        and length.isdigit()
        and int(length) <= bound
    )


def _again(messages, receive):
    """A `receive` that gives these first."""
    waiting = list(messages)

    async def received():
        return waiting.pop(0) if waiting else await receive()

    return received


async def _whole(send, start, body, made):
    """An answer with its body as it came, or as it was made."""
    if made is not None and made != body:
        headers = [pair for pair in start.get("headers", []) if pair[0].lower() not in (*_DIGESTS, b"content-length")]
        start = {**start, "headers": [*headers, (b"content-length", str(len(made)).encode())]}
    await send(start)
    await send({"type": "http.response.body", "body": body if made is None else made})


def _appended(path):
    file = open(path, "a", encoding="utf-8", buffering=1)
    return lambda line: file.write(line + "\n")


def _plain(value):
    return value if isinstance(value, str) else json.dumps(value)


def _given(fill, change, known, value):
    """The value that the table knows, else the one that a function gives; None where it gives none."""
    if known:
        return known[0]
    make = fill.get(change)
    return None if make is None else make(value)


# bodies ---------------------------------------------------------------------------------------------------------------


def rewritten(body, shape, fill, uses, fields):
    """A JSON text with the steps of a shape done, every other byte as it was; None where it is no such text."""
    try:
        text = body.decode("utf-8")
        json.loads(text)
        edits = []
        _value(text, _SPACE.match(text, 0).end(), shape, (fill, uses, fields, ""), edits)
        return _edited(text, 0, len(text), edits).encode("utf-8")
    except (UnicodeError, ValueError, RecursionError):
        return None


def _value(text, at, number, how, edits):
    """The end of a value; what is to be done in it is added to the edits, in the order of the text."""
    if number is None:
        return _skipped(text, at)
    shape = TABLE["shapes"][number]
    if text[at] == "{":
        return _object(text, at, shape, how, edits)
    if text[at] == "[":
        at, inner = _SPACE.match(text, at + 1).end(), shape.get("i")
        how = (*how[:3], (how[3][:-1] if how[3] else "") + "[].")
        while text[at] != "]":
            at = _SPACE.match(text, _value(text, at, inner, how, edits)).end()
            if text[at] == ",":
                at = _SPACE.match(text, at + 1).end()
        return at + 1
    end = _skipped(text, at)
    fill, uses = how[:2]
    for kind, change, was, *known in shape.get("s", ()):
        if kind == "value" and _is_same(json.loads(text[at:end]), was):
            uses.add(change)
            value = _given(fill, change, known, was)
            if value is not None:
                edits.append((at, end, json.dumps(value)))
            break
    return end


def _object(text, at, shape, how, edits):
    fill, uses, fields, above = how
    named, rest, members, start = shape.get("p", {}), shape.get("v"), {}, at
    noted = shape.get("n", ())
    at = _SPACE.match(text, at + 1).end()
    while text[at] != "}":
        key_end = _STRING.match(text, at).end()
        name = json.loads(text[at:key_end])
        value = _SPACE.match(text, _SPACE.match(text, key_end).end() + 1).end()
        inner = []
        if name in noted:
            fields.add(above + name)
        end = _value(text, value, named.get(name, rest), (fill, uses, fields, above + name + "."), inner)
        members[name] = (at, key_end, value, end, inner)
        at = _SPACE.match(text, end).end()
        if text[at] == ",":
            at = _SPACE.match(text, at + 1).end()
    done = {name: list(member[4]) for name, member in members.items()}
    added = []
    for step in shape.get("s", ()):
        _STEPS[step[0]](text, step, members, done, added, fill, uses)
    for inner in done.values():
        edits.extend(inner)
    if added:
        place = max(member[3] for member in members.values()) if members else start + 1
        edits.append((place, place, ("," if members else "") + ",".join(added)))
    return at + 1


def _rename(text, step, members, done, added, fill, uses):
    _, change, old, new = step
    if old in members and new not in members:
        uses.add(change)
        done[old].insert(0, (members[old][0], members[old][1], json.dumps(new)))


def _copy(text, step, members, done, added, fill, uses):
    _, change, old, new = step
    if new in members and old not in members:
        _, _, start, end, inner = members[new]
        added.append(f"{json.dumps(old)}:{_edited(text, start, end, inner)}")


def _split(text, step, members, done, added, fill, uses):
    _, change, old, names, between = step
    if old not in members or any(name in members for name in names):
        return
    uses.add(change)
    start, _, value, end, _ = members[old]
    whole = json.loads(text[value:end])
    parts = fill[change](whole) if fill.get(change) else None
    if parts is None and between and isinstance(whole, str) and whole.count(between) == len(names) - 1:
        parts = dict(zip(names, whole.split(between)))
    if parts:
        made = ",".join(f"{json.dumps(name)}:{json.dumps(parts[name])}" for name in names if name in parts)
        done[old] = [(start, end, made)]


def _join(text, step, members, done, added, fill, uses):
    _, change, old, names, between = step
    held = {name: json.loads(text[members[name][2] : members[name][3]]) for name in names if name in members}
    if old in members or not held:
        return
    whole = None
    if fill.get(change):
        whole = fill[change](held)
    elif between and len(held) == len(names) and all(isinstance(one, str) for one in held.values()):
        whole = between.join(held[name] for name in names)
    if whole is not None:
        added.append(f"{json.dumps(old)}:{json.dumps(whole)}")


def _default(text, step, members, done, added, fill, uses):
    _, change, name, *known = step
    if name in members:
        return
    uses.add(change)
    value = known[0] if known else None
    if not known and fill.get(change):
        value = fill[change]({one: json.loads(text[held[2] : held[3]]) for one, held in members.items()})
    if known or value is not None:
        added.append(f"{json.dumps(name)}:{json.dumps(value)}")


_STEPS = {
    "rename": _rename,
    "copy": _copy,
    "split": _split,
    "join": _join,
    "default": _default,
    "value": lambda *_: None,
}


def _edited(text, start, end, edits):
    """A part of a text with the edits that are in it."""
    made, at = [], start
    for first, last, new in sorted(edits, key=lambda edit: edit[0]):
        made += [text[at:first], new]
        at = last
    return "".join([*made, text[at:end]])


def _skipped(text, at):
    """The end of a value that nothing is to be done in."""
    if text[at] == '"':
        return _STRING.match(text, at).end()
    if text[at] not in "[{":
        return _SCALAR.match(text, at).end()
    depth = 0
    for token in _TOKEN.finditer(text, at):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if not depth:
            return token.end()
    return len(text)


def _is_same(one, other):
    return one == other and isinstance(one, bool) is isinstance(other, bool)


# pages ----------------------------------------------------------------------------------------------------------------


def _page_of(start, body, paging, bound):
    """A page's text, how many items it has, and where the next one begins; None where it is no page."""
    if start.get("status") != 200 or not _is_plain_json(start.get("headers", []), bound):
        return None
    try:
        text = body.decode("utf-8")
        held = json.loads(text)
    except ValueError:
        return None
    items = held.get(paging["items"]) if isinstance(held, dict) else None
    if not isinstance(items, list):
        return None
    if paging["by"] == "cursor":
        following = held.get(paging["next"])
    elif paging["by"] == "last":
        last = items[-1] if items and held.get(paging["next"]) is True else None
        following = last.get("id") if isinstance(last, dict) else None
    else:
        following = len(items) if len(items) else None
    return text, len(items), following if following != "" else None


def _next_of(cursor, paging, call, count):
    if paging["by"] != "offset":
        return _plain(cursor)
    held = call._held("query", paging["cursor"])
    return str((int(held[0]) if held and held[0].isdigit() else 0) + count)


def _merged(first, pages, paging):
    """The first page with the items of all, and where the last one says that the next begins."""
    spans = [_members(text) for text, *_ in pages]
    found = [text[own[paging["items"]][0] + 1 : own[paging["items"]][1] - 1] for (text, *_), own in zip(pages, spans)]
    items = [one.strip() for one in found if one.strip()]
    edits = [(*spans[0][paging["items"]], f"[{','.join(items)}]")]
    end, last = paging.get("next"), spans[-1]
    if end in spans[0] and end in last:
        edits.append((*spans[0][end], pages[-1][0][last[end][0] : last[end][1]]))
    return _edited(first, 0, len(first), edits)


def _members(text):
    """Where the value of each member of an object is."""
    found, at = {}, _SPACE.match(text, _SPACE.match(text, 0).end() + 1).end()
    while text[at] != "}":
        key_end = _STRING.match(text, at).end()
        value = _SPACE.match(text, _SPACE.match(text, key_end).end() + 1).end()
        end = _skipped(text, value)
        found[json.loads(text[at:key_end])] = (value, end)
        at = _SPACE.match(text, end).end()
        if text[at] == ",":
            at = _SPACE.match(text, at + 1).end()
    return found
