// Serves callers of the former version in front of the new one. Made by apidiff; a new plan writes it anew.
//
//   const shim = require('./apidiff-shim-express.js');
//   http.createServer(shim(app, {fill: {...}, log: 'uses.jsonl', secret: process.env.APIDIFF_KEY_SECRET})).listen(80);
//
// Around the whole application: Express, or any handler of Node's `http`. README.md beside it says what it serves, what
// `fill` needs, and what no shim can serve. What is not JSON, is compressed, is a stream or is larger than `bound` bytes
// passes as it is, and so does every byte of a body that nothing here is about.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');

const TABLE = JSON.parse("{}");

const DIGESTS = ['content-md5', 'digest', 'content-digest', 'repr-digest'];
const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^ \t\r\n,\]}]+/y;
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}]/g;
const IS_JSON = /^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i;
const SCHEME = /^(?:bearer|token|apikey|basic)\s+(.+)$/i;

module.exports = function apidiffShim(app, {fill = {}, old = null, log = null, secret = '', bound = 1000000} = {}) {
  const missing = TABLE.fill.filter((one) => !Object.hasOwn(fill, one));
  if (missing.length) throw new Error(`fill has no function for ${missing.join(', ')}: README.md says what each is for`);
  if (log !== null && !secret) throw new Error('the log needs a secret, under which keys are hashed');
  const write = typeof log === 'function' || log === null ? log : appended(log);
  const shim = {app, fill: new Map(Object.entries(fill)), old, secret, bound, write};
  return function apidiffShimmed(req, res) {
    const found = find(req.method, req.url.split('?')[0]);
    if (found) run(shim, new Call(shim, req, ...found), req, res);
    else app(req, res);
  };
};

class Call {
  constructor(shim, req, route, values, before) {
    Object.assign(this, {shim, req, route, values, before, uses: new Set(), fields: new Set(), query: []});
    const at = req.url.indexOf('?');
    this.pairs = pairsOf(at < 0 ? '' : req.url.slice(at + 1));
    this.isOld = shim.old === null || Boolean(shim.old(req.headers));
    this.key = shim.write ? this.keyOf() : '';
  }

  // what is sent ------------------------------------------------------------------------------------------------------

  parameters() {
    for (const step of this.route.parameters) {
      const [kind, change, place, name] = step;
      const held = this.held(place, name);
      this.note(place, name, step);
      if (!this.isOld) continue;
      if (kind === 'rename') this.renamed(change, place, name, step[4], step[5]);
      else if (kind === 'value') this.revalued(change, place, name, step);
      else if (kind === 'default' && !held.length) {
        const value = given(this.shim.fill, change, step.slice(4), null);
        if (value !== null) {
          this.add(place, name, plain(value));
          this.uses.add(change);
        }
      }
    }
  }

  // For the log: what of the table is in the query, a name, and a value only where the table has it.
  note(place, name, step) {
    if (place !== 'query') return;
    const names = [name, ...(step[0] === 'rename' && step[4] === 'query' ? [step[5]] : [])];
    for (const one of names) {
      for (const value of this.held(place, one)) {
        const said = `${encoded(one)}=${step[0] === 'value' && step[4] === value ? encoded(value) : ''}`;
        if (!this.query.includes(said)) this.query.push(said);
      }
    }
  }

  held(place, name) {
    if (place === 'query') {
      return this.pairs.filter(([key]) => key !== null && decoded(key) === name).map(([, value]) => decoded(value));
    }
    if (place === 'path') return [unquoted(this.values[name])];
    const value = this.req.headers[name.toLowerCase()];
    return value === undefined ? [] : [].concat(value);
  }

  add(place, name, text) {
    if (place === 'query') this.pairs.push([encoded(name), encoded(text)]);
    else this.req.headers[name.toLowerCase()] = text;
  }

  renamed(change, place, name, toPlace, toName) {
    const held = this.held(place, name);
    if (!held.length || this.held(toPlace, toName).length) return;
    this.uses.add(change);
    const isOld = ([key]) => key !== null && decoded(key) === name;
    if (place === 'query' && toPlace === 'query') {
      this.pairs = this.pairs.map((pair) => (isOld(pair) ? [encoded(toName), pair[1]] : pair));
      return;
    }
    if (place === 'query') this.pairs = this.pairs.filter((pair) => !isOld(pair));
    else delete this.req.headers[name.toLowerCase()];
    for (const text of held) this.add(toPlace, toName, text);
  }

  revalued(change, place, name, step) {
    const was = step[4];
    if (!this.held(place, name).includes(was)) return;
    this.uses.add(change);
    const value = given(this.shim.fill, change, step.slice(5), was);
    if (value === null) return;
    const text = plain(value);
    if (place === 'query') {
      const isOld = ([key, held]) => key !== null && decoded(key) === name && decoded(held) === was;
      this.pairs = this.pairs.map((pair) => (isOld(pair) ? [pair[0], encoded(text)] : pair));
    } else if (place === 'path') this.values[name] = encodeURIComponent(text);
    else this.req.headers[name.toLowerCase()] = text;
  }

  address() {
    if (this.route.change) this.uses.add(this.route.change);
    const own = this.route.to.map((one) => (typeof one === 'string' ? one : one[0] + this.values[one[2]] + one[1]));
    return [...this.before, ...own].map((one) => `/${one}`).join('') + queryOf(this.pairs);
  }

  // paging ------------------------------------------------------------------------------------------------------------

  paging() {
    for (const one of this.route.paging) {
      const held = this.held('query', one.limit);
      if (held.length === 1 && /^[0-9]{1,9}$/.test(held[0])) {
        const wanted = Number(held[0]);
        this.query.push(`${encoded(one.limit)}=${held[0]}`);
        if (one.most < wanted && wanted <= one.was) {
          this.uses.add(one.change);
          return {...one, wanted};
        }
      }
    }
    return null;
  }

  // The query of one page of several.
  page(paging, left, cursor, count) {
    const own = cursor === null ? [paging.limit] : [paging.limit, paging.cursor];
    const pairs = this.pairs.filter(([key]) => key === null || !own.includes(decoded(key)));
    pairs.push([encoded(paging.limit), String(Math.min(left, paging.most))]);
    if (cursor !== null) {
      const held = this.held('query', paging.cursor);
      const begun = held.length && /^[0-9]+$/.test(held[0]) ? Number(held[0]) : 0;
      pairs.push([encoded(paging.cursor), encoded(paging.by === 'offset' ? String(begun + count) : plain(cursor))]);
    }
    return queryOf(pairs);
  }

  shape(status) {
    const {answers} = this.route;
    const name = [String(status), `${String(status)[0]}XX`, 'default'].find((one) => Object.hasOwn(answers, one));
    return name === undefined ? null : answers[name];
  }

  // the log -----------------------------------------------------------------------------------------------------------

  // The key of the caller under the secret; nothing else of it is kept.
  keyOf() {
    for (const [place, name] of TABLE.keys) {
      const held = place === 'header' ? this.held('header', name)[0] : this.held('query', name)[0];
      if (held) {
        const scheme = SCHEME.exec(held);
        return crypto.createHmac('sha256', this.shim.secret).update(scheme ? scheme[1] : held).digest('hex');
      }
    }
    return '';
  }

  logged(status) {
    if (!this.shim.write) return;
    this.shim.write(JSON.stringify({
      time: new Date().toISOString(),
      method: this.req.method,
      path: this.route.path,
      status,
      api_key: this.key,
      query: this.query.join('&'),
      request_fields: [...this.fields].sort(),
      uses: [...this.uses].sort(),
    }));
  }
}

function run(shim, call, req, res) {
  if (!call.isOld && !shim.write) {
    shim.app(req, res);
    return;
  }
  call.parameters();
  withBody(shim, call, req, () => {
    const paging = call.paging();
    if (!call.isOld) {
      res.on('finish', () => call.logged(res.statusCode));
      shim.app(req, res);
      return;
    }
    const url = call.address();
    if (paging) {
      paged(shim, call, paging, url.split('?')[0], res);
      return;
    }
    req.url = url;
    answer(shim, call, res);
    shim.app(req, res);
  });
}

// Reads a JSON body that is small enough, and puts it back as it is to be.
function withBody(shim, call, req, next) {
  const shape = call.route.body;
  if (shape === null || !isPlainJson(req.headers, shim.bound)) {
    next();
    return;
  }
  const length = req.headers['content-length'] === undefined ? Infinity : Number(req.headers['content-length']);
  const parts = [];
  let size = 0;
  const read = () => {
    for (let part = req.read(); part !== null; part = req.read()) {
      parts.push(part);
      size += part.length;
    }
    if (size < length && size <= shim.bound && !req.complete) return;
    req.removeListener('readable', read);
    const body = Buffer.concat(parts);
    const tried = size > shim.bound ? null : rewritten(body, shape, shim.fill, call.uses, call.fields);
    const made = call.isOld ? tried : null;
    if (made !== null && !made.equals(body)) {
      for (const name of [...DIGESTS, 'transfer-encoding']) delete req.headers[name];
      req.headers['content-length'] = String(made.length);
    }
    if (size) req.unshift(made === null ? body : made);
    next();
  };
  req.on('readable', read);
}

// Holds an answer back until it is whole, and gives the former names back.
function answer(shim, call, res) {
  const {writeHead, write, end, flushHeaders} = res;
  const parts = [];
  let size = 0;
  let isOpen = false; // whether it passes as it comes

  const open = () => {
    if (isOpen) return;
    isOpen = true;
    Object.assign(res, {writeHead, write, end, flushHeaders});
    call.logged(res.statusCode);
    for (const part of parts.splice(0)) res.write(part);
  };
  const shaped = () => {
    const shape = call.req.method === 'HEAD' ? null : call.shape(res.statusCode);
    return shape !== null && isPlainJson(res.getHeaders(), shim.bound) ? shape : null;
  };
  res.writeHead = function (status, ...rest) {
    res.statusCode = status;
    if (typeof rest[0] === 'string') res.statusMessage = rest.shift();
    for (const [name, value] of headersOf(rest[0])) res.setHeader(name, value);
    return res;
  };
  res.flushHeaders = function () {
    open();
    res.flushHeaders();
  };
  res.write = function (chunk, encoding, ...rest) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8');
    size += part.length;
    if (shaped() === null || !res.hasHeader('content-length') || size > shim.bound) {
      open();
      return res.write(part, ...[encoding, ...rest].filter((one) => typeof one === 'function'));
    }
    parts.push(part);
    for (const done of [encoding, ...rest]) if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  res.end = function (chunk, encoding, ...rest) {
    const done = [chunk, encoding, ...rest].find((one) => typeof one === 'function');
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') {
      parts.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    }
    const body = Buffer.concat(parts.splice(0));
    const shape = body.length && body.length <= shim.bound ? shaped() : null;
    const made = shape === null ? null : rewritten(body, shape, shim.fill, new Set(), new Set());
    open();
    return finished(res, body, made, done);
  };
}

function finished(res, body, made, done) {
  if (made !== null && !made.equals(body)) {
    for (const name of DIGESTS) res.removeHeader(name);
    res.setHeader('Content-Length', made.length);
  }
  const sent = made === null ? body : made;
  return sent.length ? res.end(sent, done) : res.end(done);
}

function headersOf(given) {
  if (!given) return [];
  if (!Array.isArray(given)) return Object.entries(given);
  const pairs = Array.isArray(given[0]) ? given : given.flatMap((one, at) => (at % 2 ? [] : [[one, given[at + 1]]]));
  const held = new Map();
  for (const [name, value] of pairs) {
    const key = String(name).toLowerCase();
    held.set(key, held.has(key) ? [].concat(held.get(key), value) : value);
  }
  return [...held];
}

// requests --------------------------------------------------------------------------------------------------------------

function find(method, path) {
  const segments = path.slice(1).split('/');
  for (const [methods, pattern, route, before] of TABLE.routes) {
    if (!methods.includes(method) || pattern.length !== segments.length) continue;
    const values = [];
    const fits = pattern.every((piece, at) => {
      const text = segments[at];
      if (typeof piece === 'string') return unquoted(text) === piece;
      if (text.length <= piece[0].length + piece[1].length) return false;
      if (!text.startsWith(piece[0]) || !text.endsWith(piece[1])) return false;
      values.push(text.slice(piece[0].length, text.length - piece[1].length));
      return true;
    });
    if (fits) return route === null ? null : [TABLE.rules[route], values, segments.slice(0, before)];
  }
  return null;
}

function pairsOf(query) {
  if (!query) return [];
  return query.split('&').map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [null, part] : [part.slice(0, at), part.slice(at + 1)];
  });
}

function queryOf(pairs) {
  return pairs.length ? `?${pairs.map(([key, value]) => (key === null ? value : `${key}=${value}`)).join('&')}` : '';
}

function decoded(text) {
  return unquoted(text.replace(/\+/g, ' '));
}

function unquoted(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function encoded(text) {
  return encodeURIComponent(text).replace(/%20/g, '+').replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function isPlainJson(headers, bound) {
  const length = headers['content-length'] === undefined ? '0' : String(headers['content-length']);
  return (
    IS_JSON.test(String(headers['content-type'] || '').trim()) &&
    (headers['content-encoding'] || 'identity') === 'identity' &&
    /^[0-9]+$/.test(length) &&
    Number(length) <= bound
  );
}

function appended(path) {
  const file = fs.openSync(path, 'a');
  return (line) => fs.writeSync(file, `${line}\n`);
}

function plain(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

// The value that the table knows, else the one that a function gives; null where it gives none.
function given(fill, change, known, value) {
  if (known.length) return known[0];
  const make = fill.get(change);
  const made = make ? make(value) : null;
  return made === undefined ? null : made;
}

// bodies ----------------------------------------------------------------------------------------------------------------

// A JSON text with the steps of a shape done, every other byte as it was; null where it is no such text.
function rewritten(body, shape, fill, uses, fields) {
  let text;
  try {
    text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(body);
    JSON.parse(text);
  } catch {
    return null;
  }
  const edits = [];
  try {
    valueAt(text, space(text, 0), shape, {fill, uses, fields}, '', edits);
  } catch (error) {
    if (error instanceof RangeError) return null; // nested too deeply
    throw error;
  }
  return Buffer.from(edited(text, 0, text.length, edits), 'utf8');
}

function past(pattern, text, at) {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}

function space(text, at) {
  SPACE.lastIndex = at;
  return at + SPACE.exec(text)[0].length;
}

// The end of a value; what is to be done in it is added to the edits, in the order of the text.
function valueAt(text, at, number, how, above, edits) {
  if (number === null || number === undefined) return skipped(text, at);
  const shape = TABLE.shapes[number];
  if (text[at] === '{') return objectAt(text, at, shape, how, above, edits);
  if (text[at] === '[') {
    at = space(text, at + 1);
    while (text[at] !== ']') {
      at = space(text, valueAt(text, at, shape.i, how, `${above.slice(0, -1)}[].`, edits));
      if (text[at] === ',') at = space(text, at + 1);
    }
    return at + 1;
  }
  const end = skipped(text, at);
  for (const [kind, change, was, ...known] of shape.s || []) {
    if (kind === 'value' && JSON.parse(text.slice(at, end)) === was) {
      how.uses.add(change);
      const value = given(how.fill, change, known, was);
      if (value !== null) edits.push([at, end, JSON.stringify(value)]);
      break;
    }
  }
  return end;
}

function objectAt(text, at, shape, how, above, edits) {
  const start = at;
  const members = new Map();
  const done = new Map();
  at = space(text, at + 1);
  while (text[at] !== '}') {
    const keyEnd = past(STRING, text, at);
    const name = JSON.parse(text.slice(at, keyEnd));
    const value = space(text, space(text, keyEnd) + 1);
    const inner = [];
    if ((shape.n || []).includes(name)) how.fields.add(above + name);
    const named = shape.p && Object.hasOwn(shape.p, name) ? shape.p[name] : shape.v;
    const end = valueAt(text, value, named, how, `${above}${name}.`, inner);
    members.set(name, [at, keyEnd, value, end, inner]);
    done.set(name, [...inner]);
    at = space(text, end);
    if (text[at] === ',') at = space(text, at + 1);
  }
  const added = [];
  for (const step of shape.s || []) if (step[0] !== 'value') STEPS[step[0]](text, step, members, done, added, how);
  for (const inner of done.values()) edits.push(...inner);
  if (added.length) {
    const place = members.size ? Math.max(...[...members.values()].map((member) => member[3])) : start + 1;
    edits.push([place, place, (members.size ? ',' : '') + added.join(',')]);
  }
  return at + 1;
}

const STEPS = {
  rename(text, [, change, old, name], members, done, added, how) {
    if (!members.has(old) || members.has(name)) return;
    how.uses.add(change);
    const [start, end] = members.get(old);
    done.get(old).unshift([start, end, JSON.stringify(name)]);
  },

  copy(text, [, , old, name], members, done, added) {
    if (!members.has(name) || members.has(old)) return;
    const [, , start, end, inner] = members.get(name);
    added.push(`${JSON.stringify(old)}:${edited(text, start, end, inner)}`);
  },

  split(text, [, change, old, names, between], members, done, added, how) {
    if (!members.has(old) || names.some((name) => members.has(name))) return;
    how.uses.add(change);
    const [start, , value, end] = members.get(old);
    const whole = JSON.parse(text.slice(value, end));
    let parts = how.fill.get(change) ? how.fill.get(change)(whole) : null;
    if (!parts && between && typeof whole === 'string' && whole.split(between).length === names.length) {
      parts = Object.fromEntries(whole.split(between).map((part, index) => [names[index], part]));
    }
    if (!parts) return;
    const made = names.filter((name) => Object.hasOwn(parts, name));
    if (made.length) {
      done.set(old, [[start, end, made.map((name) => `${JSON.stringify(name)}:${JSON.stringify(parts[name])}`).join(',')]]);
    }
  },

  join(text, [, change, old, names, between], members, done, added, how) {
    const held = names.filter((name) => members.has(name));
    if (members.has(old) || !held.length) return;
    const values = held.map((name) => JSON.parse(text.slice(members.get(name)[2], members.get(name)[3])));
    let whole = null;
    if (how.fill.get(change)) whole = how.fill.get(change)(Object.fromEntries(held.map((name, at) => [name, values[at]])));
    else if (between && held.length === names.length && values.every((one) => typeof one === 'string')) {
      whole = values.join(between);
    }
    if (whole !== null && whole !== undefined) added.push(`${JSON.stringify(old)}:${JSON.stringify(whole)}`);
  },

  default(text, [, change, name, ...known], members, done, added, how) {
    if (members.has(name)) return;
    how.uses.add(change);
    let value = known.length ? known[0] : undefined;
    if (!known.length && how.fill.get(change)) {
      const held = [...members].map(([one, member]) => [one, JSON.parse(text.slice(member[2], member[3]))]);
      value = how.fill.get(change)(Object.fromEntries(held));
    }
    if (known.length || (value !== null && value !== undefined)) added.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  },
};

// A part of a text with the edits that are in it.
function edited(text, start, end, edits) {
  let made = '';
  let at = start;
  for (const [first, last, fresh] of [...edits].sort((one, other) => one[0] - other[0])) {
    made += text.slice(at, first) + fresh;
    at = last;
  }
  return made + text.slice(at, end);
}

// The end of a value that nothing is to be done in.
function skipped(text, at) {
  if (text[at] === '"') return past(STRING, text, at);
  if (text[at] !== '{' && text[at] !== '[') return past(SCALAR, text, at);
  let depth = 0;
  TOKEN.lastIndex = at;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    if (token[0] === '{' || token[0] === '[') depth += 1;
    else if (token[0] === '}' || token[0] === ']') depth -= 1;
    if (!depth) return TOKEN.lastIndex;
  }
  return text.length;
}

// pages -----------------------------------------------------------------------------------------------------------------

// Several calls whose pages are put together.
async function paged(shim, call, paging, path, res) {
  const pages = [];
  let first = null;
  let count = 0;
  let cursor = null;
  for (;;) {
    const answered = await one(shim, call, path + call.page(paging, paging.wanted - count, cursor, count));
    const page = pageOf(answered, paging, shim.bound);
    if (page === null) {
      sent(call, res, answered, answered.body, answered.body);
      return;
    }
    first = first || answered;
    pages.push(page);
    count += page.count;
    cursor = page.next;
    if (!page.count || count >= paging.wanted || cursor === null) break;
  }
  const merged = Buffer.from(mergedText(pages, paging), 'utf8');
  const shape = call.shape(first.status);
  const made = shape === null ? null : rewritten(merged, shape, shim.fill, new Set(), new Set());
  sent(call, res, first, first.body, made === null ? merged : made);
}

// One call of its own: an answer that goes nowhere.
function one(shim, call, url) {
  return new Promise((resolve) => {
    const {req} = call;
    const sub = new http.IncomingMessage(req.socket);
    Object.assign(sub, {
      httpVersion: req.httpVersion, httpVersionMajor: req.httpVersionMajor, httpVersionMinor: req.httpVersionMinor,
      method: req.method, url, headers: {...req.headers}, rawHeaders: req.rawHeaders, complete: true,
    });
    sub.push(null);
    const res = new http.ServerResponse(sub);
    const parts = [];
    const keep = (chunk, encoding) => {
      if (chunk === undefined || chunk === null || typeof chunk === 'function') return;
      parts.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    };
    res.writeHead = function (status, ...rest) {
      res.statusCode = status;
      if (typeof rest[0] === 'string') res.statusMessage = rest.shift();
      for (const [name, value] of headersOf(rest[0])) res.setHeader(name, value);
      return res;
    };
    res.flushHeaders = function () {};
    res.write = function (chunk, encoding) {
      keep(chunk, encoding);
      return true;
    };
    res.end = function (chunk, encoding) {
      keep(chunk, encoding);
      res.emit('finish');
      resolve({status: res.statusCode, message: res.statusMessage, headers: res.getHeaders(), body: Buffer.concat(parts)});
      return res;
    };
    shim.app(sub, res);
  });
}

function sent(call, res, {status, message, headers}, was, body) {
  res.statusCode = status;
  if (message) res.statusMessage = message;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  call.logged(status);
  finished(res, was, body);
}

function pageOf({status, headers, body}, paging, bound) {
  if (status !== 200 || !isPlainJson(headers, bound)) return null;
  let text;
  let held;
  try {
    text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(body);
    held = JSON.parse(text);
  } catch {
    return null;
  }
  const items = held && !Array.isArray(held) && typeof held === 'object' ? held[paging.items] : null;
  if (!Array.isArray(items)) return null;
  const last = items[items.length - 1];
  let next;
  if (paging.by === 'cursor') next = held[paging.next];
  else if (paging.by === 'last') next = held[paging.next] === true && last && typeof last === 'object' ? last.id : null;
  else next = items.length || null;
  return {text, count: items.length, next: next === undefined || next === '' ? null : next};
}

// The first page with the items of all, and where the last one says that the next begins.
function mergedText(pages, paging) {
  const spans = pages.map(({text}) => membersOf(text));
  const items = pages
    .map(({text}, at) => text.slice(spans[at].get(paging.items)[0] + 1, spans[at].get(paging.items)[1] - 1).trim())
    .filter(Boolean);
  const edits = [[...spans[0].get(paging.items), `[${items.join(',')}]`]];
  const last = spans[spans.length - 1];
  if (paging.next && spans[0].has(paging.next) && last.has(paging.next)) {
    edits.push([...spans[0].get(paging.next), pages[pages.length - 1].text.slice(...last.get(paging.next))]);
  }
  return edited(pages[0].text, 0, pages[0].text.length, edits);
}

function membersOf(text) {
  const found = new Map();
  let at = space(text, space(text, 0) + 1);
  while (text[at] !== '}') {
    const keyEnd = past(STRING, text, at);
    const value = space(text, space(text, keyEnd) + 1);
    const end = skipped(text, value);
    found.set(JSON.parse(text.slice(at, keyEnd)), [value, end]);
    at = space(text, end);
    if (text[at] === ',') at = space(text, at + 1);
  }
  return found;
}
