/** @module What is sent, and the documented answer: the test holds it, and docs/http.md shows it. */
import { gzipSync } from 'node:zlib'
import { OF_ABILITIES } from './ability-rows.ts'
import { request } from './fault-application.ts'

export interface Row {
  readonly fault: string
  readonly sent: string | Uint8Array
  /** The status and the code; the body where it is a success; `closed` where nothing is sent back. */
  readonly answer: string
  /** What the page says besides. */
  readonly note?: string
}

const raw = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const get = (path: string, ...headers: string[]) => request(`GET ${path}`, undefined, ...headers)
const post = (body: string | Uint8Array, ...headers: string[]) => request('POST /any', body, ...headers)
const note = (body: string) => request('POST /notes', body)
const chunked = (body: string) =>
  raw(
    'POST /any HTTP/1.1',
    'host: x',
    'connection: close',
    'content-type: application/json',
    'transfer-encoding: chunked',
  ) + body
const length = (value: string) =>
  raw('POST /any HTTP/1.1', 'host: x', 'content-type: application/json', `content-length: ${value}`)

const BODY = '400 LIMBER_MALFORMED_BODY'
const HTTP = '400 LIMBER_MALFORMED_REQUEST'
const URL = '400 LIMBER_MALFORMED_URL'
const LARGE = '413 LIMBER_BODY_TOO_LARGE'
const MEDIA = '415 LIMBER_UNSUPPORTED_MEDIA_TYPE'
const HEADERS = '431 LIMBER_HEADERS_TOO_LARGE'
const INVALID = '422 LIMBER_REQUEST_INVALID'

const bodies: Row[] = [
  { fault: 'JSON that breaks off', sent: post('{"a":'), answer: BODY },
  { fault: 'an empty body that is announced as JSON', sent: post(''), answer: BODY },
  { fault: 'a body of 10 MB', sent: post('1'.repeat(10_000_000)), answer: LARGE },
  {
    fault: 'a body of 10 MB in chunks',
    sent: chunked(`989680\r\n${'1'.repeat(10_000_000)}\r\n0\r\n\r\n`),
    answer: LARGE,
  },
  { fault: 'the key `__proto__` in JSON', sent: post('{"a":{"__proto__":{"polluted":1}}}'), answer: BODY },
  {
    fault: 'the same, written with an escape',
    sent: post('{"\\u005f_proto__":{"polluted":1}}'),
    answer: BODY,
  },
  {
    fault: 'the keys `constructor.prototype` in JSON',
    sent: post('{"constructor":{"prototype":{"polluted":1}}}'),
    answer: BODY,
  },
  {
    fault: 'a key twice in JSON',
    sent: post('{"a":1,"a":2}'),
    answer: '200 {"a":2}',
    note: 'the last one counts, as JSON.parse has it',
  },
  { fault: 'JSON nested 100,000 deep', sent: post('['.repeat(100_000) + ']'.repeat(100_000)), answer: BODY },
  { fault: 'a number too large for a double', sent: note('{"text":"x","year":1e999}'), answer: INVALID },
  {
    fault: 'a number that a double would round',
    sent: note('{"text":"x","year":9007199254740993}'),
    answer: INVALID,
  },
  { fault: 'bytes in JSON that are no UTF-8', sent: post(Buffer.from('"caf\xe9"', 'latin1')), answer: BODY },
  {
    fault: 'bytes in a text that are no UTF-8',
    sent: request('POST /text', Buffer.from('caf\xe9', 'latin1'), 'content-type: text/plain'),
    answer: BODY,
  },
  { fault: 'JSON with a byte order mark', sent: post('\ufeff{"a":1}'), answer: '200 {"a":1}' },
  {
    fault: 'JSON in another charset',
    sent: post(Buffer.from('{"a":1}', 'utf16le'), 'content-type: application/json; charset=utf-16'),
    answer: MEDIA,
  },
  {
    fault: 'a body compressed, where nothing decompresses',
    sent: post(gzipSync('{"a":1}'), 'content-encoding: gzip'),
    answer: MEDIA,
  },
  { fault: 'a content type that nobody reads', sent: post('<a/>', 'content-type: text/xml'), answer: MEDIA },
  { fault: 'a body without a content type', sent: post('{}', 'content-type:'), answer: MEDIA },
  {
    fault: 'GET with a body',
    sent: request('GET /ok', '{"a":1}'),
    answer: '200 {}',
    note: 'the body is not looked at',
  },
]

const urls: Row[] = [
  { fault: 'a URL of 100 KB', sent: get(`/${'x'.repeat(100_000)}`), answer: HEADERS },
  { fault: 'a percent sign that encodes nothing', sent: get('/notes/%zz'), answer: URL },
  { fault: 'a path whose bytes are no UTF-8', sent: get('/notes/%ff'), answer: URL },
  { fault: 'a query whose bytes are no UTF-8', sent: get('/ok?a=%ff'), answer: URL },
  { fault: 'a null byte in the URL', sent: get('/notes/a\0b'), answer: HTTP },
  {
    fault: 'an encoded null byte in a parameter',
    sent: get('/notes/a%00b'),
    answer: '200 {"text":"a\\u0000b"}',
    note: 'a schema decides',
  },
  {
    fault: 'the key `__proto__` in a query',
    sent: get('/ok?__proto__[a]=1&__proto__=2&constructor=3'),
    answer: '200 {"__proto__[a]":"1","__proto__":"2","constructor":"3"}',
    note: 'data like any other',
  },
  { fault: 'a key twice in a query', sent: get('/ok?a=1&a=2'), answer: '200 {"a":["1","2"]}' },
  { fault: 'a URL with scheme and host', sent: get('http://x/ok?a=1'), answer: '200 {"a":"1"}' },
  {
    fault: 'dots that climb out of a path',
    sent: get('/notes/../../../etc/passwd'),
    answer: '404 LIMBER_ROUTE_NOT_FOUND',
  },
]

const framing: Row[] = [
  { fault: 'bytes that are no HTTP', sent: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', answer: HTTP },
  { fault: 'a method that HTTP does not have', sent: raw('BREW /ok HTTP/1.1', 'host: x'), answer: HTTP },
  {
    fault: 'a method that no route has',
    sent: request('PROPFIND /ok'),
    answer: '405 LIMBER_METHOD_NOT_ALLOWED',
  },
  {
    fault: 'another method than the route has',
    sent: request('DELETE /ok'),
    answer: '405 LIMBER_METHOD_NOT_ALLOWED',
  },
  { fault: 'HTTP/1.0', sent: raw('GET /ok?a=1 HTTP/1.0'), answer: '200 {"a":"1"}' },
  { fault: 'HTTP/2 without TLS', sent: raw('PRI * HTTP/2.0', '', 'SM'), answer: HTTP },
  { fault: 'no host', sent: raw('GET /ok HTTP/1.1', 'connection: close'), answer: HTTP },
  { fault: 'two hosts', sent: get('/ok', 'host: y'), answer: HTTP },
  { fault: 'headers of 100 KB', sent: get('/ok', `x-a: ${'a'.repeat(100_000)}`), answer: HEADERS },
  {
    fault: '20,000 headers',
    sent: get('/ok', ...Array.from({ length: 20_000 }, (_, i) => `x${i}: a`)),
    answer: HEADERS,
  },
  { fault: 'a null byte in a header', sent: get('/ok', 'x-a: a\0b'), answer: HTTP },
  { fault: 'a blank before the colon of a header', sent: get('/ok', 'x-a : b'), answer: HTTP },
  { fault: 'a header that goes on in the next line', sent: get('/ok', 'x-a: b', ' c'), answer: HTTP },
  {
    fault: 'content-length and transfer-encoding',
    sent: `${raw('POST /any HTTP/1.1', 'host: x', 'content-length: 5', 'transfer-encoding: chunked')}0\r\n\r\n`,
    answer: HTTP,
  },
  {
    fault: 'two lengths',
    sent: `${raw('POST /any HTTP/1.1', 'host: x', 'content-length: 2', 'content-length: 3')}{} `,
    answer: HTTP,
  },
  { fault: 'a negative length', sent: length('-1'), answer: HTTP },
  { fault: 'a length of no number', sent: length('2x'), answer: HTTP },
  { fault: 'a length of 1 TB', sent: length('1000000000000'), answer: LARGE },
  { fault: 'a length that no computer counts to', sent: length('9'.repeat(30)), answer: HTTP },
  { fault: 'a chunk whose size is no number', sent: chunked('zz\r\n{}\r\n0\r\n\r\n'), answer: HTTP },
  { fault: 'a chunk longer than its size', sent: chunked('2\r\n{}{}\r\n0\r\n\r\n'), answer: HTTP },
  {
    fault: 'chunk extensions of 100 KB',
    sent: chunked(`2;${'a'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`),
    answer: LARGE,
  },
  {
    fault: 'a transfer coding that nobody knows',
    sent: `${raw('POST /any HTTP/1.1', 'host: x', 'transfer-encoding: chunked, magic')}0\r\n\r\n`,
    answer: HTTP,
  },
  {
    fault: '`expect: 100-continue`',
    sent: post('{"a":1}', 'expect: 100-continue'),
    answer: '100, 200 {"a":1}',
  },
  {
    fault: 'another expectation',
    sent: post('{"a":1}', 'expect: miracles'),
    answer: '417 LIMBER_EXPECTATION_FAILED',
  },
  { fault: 'CONNECT', sent: raw('CONNECT x:443 HTTP/1.1', 'host: x'), answer: 'closed' },
  {
    fault: 'an upgrade that nobody handles',
    sent: get('/ok?a=1', 'upgrade: websocket', 'connection: upgrade'),
    answer: '200 {"a":"1"}',
    note: 'the request is answered as if it had not asked',
  },
]

/** By what is wrong with it. */
export const FAULTS = { body: bodies, URL: urls, 'headers and framing': framing, ...OF_ABILITIES }
