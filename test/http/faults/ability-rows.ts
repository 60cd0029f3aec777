/** @module What is sent to uploads and static files, and the documented answer. */
import { request } from './fault-application.ts'
import type { Row } from './table.ts'

const UPLOAD = 'content-type: multipart/form-data; boundary=x'
const upload = (body: string, type = UPLOAD) => request('POST /upload', body, type)
const part = (disposition: string, content: string, ...headers: string[]) =>
  `--x\r\n${[`content-disposition: form-data; ${disposition}`, ...headers].join('\r\n')}\r\n\r\n${content}\r\n`
const form = (...parts: string[]) => upload(`${parts.join('')}--x--\r\n`)
const file = (content: string, name = 'a.txt') => part(`name="a"; filename="${name}"`, content)
const get = (path: string, ...headers: string[]) => request(`GET ${path}`, undefined, ...headers)

const BODY = '400 LIMBER_MALFORMED_BODY'
const LIMIT = '413 LIMBER_UPLOAD_LIMIT'
const MEDIA = '415 LIMBER_UNSUPPORTED_MEDIA_TYPE'
const NOTHING = '404 LIMBER_ROUTE_NOT_FOUND'
const URL = '400 LIMBER_MALFORMED_URL'
const REFUSED = '416 LIMBER_REQUEST_REFUSED'

const uploads: Row[] = [
  {
    fault: 'a form that is no multipart',
    sent: upload('a=1', 'content-type: application/x-www-form-urlencoded'),
    answer: MEDIA,
  },
  {
    fault: 'JSON, where an upload is read',
    sent: upload('{}', 'content-type: application/json'),
    answer: MEDIA,
  },
  {
    fault: 'an upload without a boundary',
    sent: upload('--x--\r\n', 'content-type: multipart/form-data'),
    answer: BODY,
  },
  { fault: 'an upload of nothing', sent: form(), answer: '200 []' },
  { fault: 'an empty body that is announced as an upload', sent: upload(''), answer: '200 []' },
  { fault: 'an upload without its last boundary', sent: upload(file('hello')), answer: BODY },
  { fault: 'the same in the middle of a header', sent: upload('--x\r\ncontent-dispo'), answer: BODY },
  { fault: 'an upload in which its boundary never comes', sent: upload('hello'), answer: BODY },
  { fault: 'a part without a name', sent: form(part('filename="a.txt"', 'hello')), answer: BODY },
  {
    fault: 'a part without a header',
    sent: upload('--x\r\n\r\nhello\r\n--x--\r\n'),
    answer: '200 []',
    note: 'it passes by',
  },
  {
    fault: 'a field called `__proto__`',
    sent: form(part('name="__proto__"', '{"polluted":1}', 'content-type: application/json')),
    answer: BODY,
  },
  {
    fault: 'the key `__proto__` in a field of JSON',
    sent: form(part('name="a"', '{"__proto__":{"polluted":1}}', 'content-type: application/json')),
    answer: BODY,
  },
  {
    fault: 'a file name that climbs out of its folder',
    sent: form(file('hello', '../../etc/passwd')),
    answer: '200 [["a","passwd",5]]',
  },
  {
    fault: 'a file name with a null byte',
    sent: form(file('hello', 'a.txt\0.png')),
    answer: '200 [["a","a.txt_.png",5]]',
  },
  {
    fault: 'an upload in an upload',
    sent: form(
      part(
        'name="a"',
        '--y\r\ncontent-disposition: file; filename="b"\r\n\r\nhello\r\n--y--',
        'content-type: multipart/mixed; boundary=y',
      ),
    ),
    answer: LIMIT,
  },
  { fault: 'a file as large as allowed', sent: form(file('1234567890')), answer: '200 [["a","a.txt",10]]' },
  { fault: 'a file one byte larger', sent: form(file('12345678901')), answer: LIMIT },
  {
    fault: 'a field one byte larger than allowed',
    sent: form(part('name="a"', '12345678901')),
    answer: LIMIT,
  },
  { fault: '1,000 files', sent: form(...Array(1_000).fill(file('a'))), answer: LIMIT },
  { fault: '1,000 fields', sent: form(...Array(1_000).fill(part('name="a"', '1'))), answer: LIMIT },
  {
    fault: 'an upload where nobody reads one',
    sent: request('POST /any', `${file('hello')}--x--\r\n`, UPLOAD),
    answer: '204',
  },
]

const files: Row[] = [
  ...[
    ['dots that climb out of the folder', '/files/../secret.txt'],
    ['the same encoded', '/files/%2e%2e/secret.txt'],
    ['the same with an encoded slash', '/files/..%2fsecret.txt'],
    ['the same with a backslash', '/files/..\\secret.txt'],
    ['the same with an encoded backslash', '/files/..%5csecret.txt'],
    ['the same encoded twice', '/files/%252e%252e%252fsecret.txt'],
    ['the same from a folder in it', '/files/folder/..%2f..%2fsecret.txt'],
    ['a path of the file system', '/files//etc/passwd'],
    ['the same encoded', '/files/%2fetc%2fpasswd'],
    ['a symbolic link that leads out', '/files/link.txt'],
    ['a file that begins with a dot', '/files/.env'],
    ['the same with its dot encoded', '/files/%2eenv'],
    ['a file in a folder that begins with a dot', '/files/folder/.git/config'],
    ['a null byte', '/files/a.txt%00.png'],
    ['a folder without an index', '/files/folder/'],
    ['a file as if it were a folder', '/files/a.txt/'],
  ].map(([fault = '', path = '']) => ({ fault, sent: get(path), answer: NOTHING })),
  {
    fault: 'another method than GET and HEAD',
    sent: request('POST /files/a.txt', '{}'),
    answer: NOTHING,
  },
  { fault: 'dots of bytes that are no UTF-8', sent: get('/files/%c0%ae%c0%ae/secret.txt'), answer: URL },
  {
    fault: 'a range behind the end',
    sent: get('/files/a.txt', 'range: bytes=10-'),
    answer: REFUSED,
  },
  {
    fault: 'a range that is none',
    sent: get('/files/a.txt', 'range: bytes=b-a'),
    answer: REFUSED,
  },
  {
    fault: '100 ranges',
    sent: get('/files/a.txt', `range: bytes=${Array(100).fill('0-5').join()}`),
    answer: '206 a file',
    note: 'as one',
  },
  {
    fault: 'a range of another version',
    sent: get('/files/a.txt', 'range: bytes=0-1', 'if-range: "old"'),
    answer: '200 a file',
  },
  {
    fault: 'another version than there is',
    sent: get('/files/a.txt', 'if-match: "old"'),
    answer: '412 LIMBER_REQUEST_REFUSED',
  },
]

export const OF_ABILITIES = { uploads, 'requests for files': files }
