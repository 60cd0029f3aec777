import { appendFileSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { localDisk } from 'limber/files'
import { type Middleware, type Next, type RequestFacts, RouteConflictError } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { SECRET, servingFiles, temporaryFolder, withFiles } from './disks.ts'

const expiresIn = 60_000

async function get(url: string, init?: RequestInit) {
  const reply = await fetch(url, init)
  return { status: reply.status, headers: reply.headers, body: await reply.text() }
}

/** Sends a path as it is, which fetch would clean first. */
async function getRaw(url: string, target: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
  return (await socket.toArray()).join('')
}

describe('a signed URL of a local disk', () => {
  test('opens its file, under odd names as well', async () => {
    const { files, url } = await servingFiles()
    for (const key of ['a.txt', 'a b/ü?#%2e+&.txt', '%2e%2e/x', "q'(1)!*.txt", '日本/🎉']) {
      await files.write(key, `content of ${key}`)
      const reply = await get(url + (await files.signedUrl(key, { expiresIn })))
      expect([reply.status, reply.body]).toEqual([200, `content of ${key}`])
    }
  })

  test('says what is sent, and lets nothing run', async () => {
    const { files, url } = await servingFiles()
    await files.write('cover.png', 'png!')
    const { headers } = await get(url + (await files.signedUrl('cover.png', { expiresIn })))
    const { lastModified, etag } = await files.metadata('cover.png')
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '4',
      'content-disposition': 'inline',
      'last-modified': lastModified.toUTCString(),
      etag,
      'cache-control': 'private, no-cache',
      'accept-ranges': 'none',
      'x-content-type-options': 'nosniff',
    })
  })

  test.each(['page.html', 'image.svg', 'page.xhtml', 'feed.xml', 'code.js', 'unknown', 'x.HTML'])(
    'makes browsers save %s instead of showing it',
    async (key) => {
      const { files, url } = await servingFiles()
      await files.write(key, '<script>alert(1)</script>')
      const { headers } = await get(url + (await files.signedUrl(key, { expiresIn })))
      expect(headers.get('content-disposition')).toBe(
        `attachment; filename="${key}"; filename*=UTF-8''${key}`,
      )
    },
  )

  test.each(['image/x+xml', 'text/plain+xml', 'application/pdf+xml', 'image/svg', 'text/html'])(
    'makes browsers save what it calls %s',
    async (contentType) => {
      const { files, url } = await servingFiles()
      await files.write('a', 'x')
      const { headers } = await get(url + (await files.signedUrl('a', { expiresIn, contentType })))
      expect(headers.get('content-disposition')).toMatch(/^attachment; /)
    },
  )

  test('names one type, of which browsers do not make another one', async () => {
    const { files, url } = await servingFiles()
    for (const contentType of [
      'image/png, text/html',
      'image/png;,text/html',
      'image',
      'a b/c',
      ' image/png',
    ])
      await expect(files.signedUrl('a', { expiresIn, contentType })).rejects.toMatchObject({
        code: 'LIMBER_INVALID_FILE_OPTION',
        kind: 'invalid',
      })
    await files.write('a', 'x')
    for (const contentType of ['text/plain; charset=utf-8', 'video/mp4; codecs="avc1, mp4a"', 'image/png']) {
      const { headers } = await get(url + (await files.signedUrl('a', { expiresIn, contentType })))
      expect(headers.get('content-type')).toBe(contentType)
    }
  })

  test('sends nothing of what another program adds to an empty file', async () => {
    const { app, files, root } = await withFiles()
    await files.write('empty', '')
    const { size, content } = await app
      .make('files.served')
      .open(await files.signedUrl('empty', { expiresIn }))
    appendFileSync(path.join(root, 'empty'), 'HTTP/1.1 200 OK')
    expect([size, await text(content)]).toEqual([0, ''])
  })

  test('names the file as it was asked to, and no header comes in with the name', async () => {
    const { files, url } = await servingFiles()
    await files.write('a.txt', 'x')
    const download = 'Grüße "1"\r\nset-cookie: a=b\\.txt'
    const signed = await files.signedUrl('a.txt', { expiresIn, download, contentType: 'text/html' })
    const { headers } = await get(url + signed)
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="Gr__e _1___set-cookie: a=b_.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22%0D%0Aset-cookie%3A%20a%3Db%5C.txt`,
    )
    expect([headers.get('content-type'), headers.get('set-cookie')]).toEqual(['text/html', null])
    const own = await get(url + (await files.signedUrl('a.txt', { expiresIn, download: true })))
    expect(own.headers.get('content-disposition')).toBe(
      `attachment; filename="a.txt"; filename*=UTF-8''a.txt`,
    )
  })

  test('answers HEAD with the headers alone', async () => {
    const { files, url } = await servingFiles()
    await files.write('a.txt', 'hello')
    const reply = await get(url + (await files.signedUrl('a.txt', { expiresIn })), { method: 'HEAD' })
    expect([reply.status, reply.headers.get('content-length'), reply.body]).toEqual([200, '5', ''])
    const posted = await get(url + (await files.signedUrl('a.txt', { expiresIn })), { method: 'POST' })
    expect([404, 405]).toContain(posted.status)
  })

  test('opens empty and large files', async () => {
    const { files, url } = await servingFiles()
    await files.write('empty.txt', '')
    expect(await get(url + (await files.signedUrl('empty.txt', { expiresIn })))).toMatchObject({
      status: 200,
      body: '',
    })
    await files.write(
      'large.txt',
      Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(100_000, 'x'))),
    )
    const { body } = await get(url + (await files.signedUrl('large.txt', { expiresIn })))
    expect(body.length).toBe(10_000_000)
  })

  test('is over when its time is, and has no end before', async () => {
    let now = 1_700_000_000_000
    const { files, url } = await servingFiles({ clock: { now: () => now } })
    await files.write('a.txt', 'x')
    const signed = url + (await files.signedUrl('a.txt', { expiresIn }))
    now += expiresIn - 1
    expect((await get(signed)).status).toBe(200)
    now += 1
    const reply = await get(signed)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([403, 'application/problem+json'])
    expect(JSON.parse(reply.body).code).toBe('LIMBER_FILE_URL_EXPIRED')
  })

  test('opens its file by a clock that tells parts of a millisecond', async () => {
    const { files, url } = await servingFiles({ clock: { now: () => 1_700_000_000_000.25 } })
    await files.write('a.txt', 'x')
    expect((await get(url + (await files.signedUrl('a.txt', { expiresIn })))).status).toBe(200)
  })

  test('opens its file under a name with half a character, or a very long one', async () => {
    const { files, url } = await servingFiles()
    await files.write('a.txt', 'x')
    for (const [download, name] of [
      ['a\ud800b', 'a%EF%BF%BDb'],
      ['ü'.repeat(1000), '%C3%BC'.repeat(1000)],
      ['../../etc/passwd', '..%2F..%2Fetc%2Fpasswd'],
    ] as const) {
      const reply = await get(url + (await files.signedUrl('a.txt', { expiresIn, download })))
      expect([reply.status, reply.headers.get('content-disposition')]).toEqual([
        200,
        expect.stringMatching(new RegExp(`^attachment; filename="[^/"]+"; filename\\*=UTF-8''${name}$`)),
      ])
    }
  })

  test('opens nothing when any part of it was changed', async () => {
    const disks = { local: localDisk({ root: 'one' }), other: localDisk({ root: 'two' }) }
    const { files, url } = await servingFiles({ files: { disks, default: 'local' } })
    for (const disk of [files, files.disk('other')])
      for (const key of ['a.txt', 'b.txt']) await disk.write(key, 'secret')
    const signed = await files.signedUrl('a.txt', { expiresIn, contentType: 'text/plain', download: 'a' })
    expect((await get(url + signed)).status).toBe(200)
    const signature = new URLSearchParams(signed.split('?')[1]).get('signature') ?? ''
    const changed = [
      signed.replace('a.txt', 'b.txt'),
      signed.replace('/local/', '/other/'),
      signed.replace('/local/', '/nowhere/'),
      signed.replace(/expires=\d/, 'expires=2'),
      signed.replace(/expires=\d+/, 'expires='),
      signed.replace(/expires=\d+/, '$&0'),
      signed.replace('plain', 'html'),
      signed.replace('type=text%2Fplain&', ''),
      signed.replace('download=a', 'download=b'),
      signed.replace('download=a', 'download='),
      `${signed}&expires=9999999999999`,
      `${signed}&type=text%2Fhtml`,
      `${signed}&%65xpires=9999999999999`,
      `${signed}&signature=${signature}`,
      signed.replace(signature, signature.slice(1)),
      signed.replace(signature, 'A'.repeat(signature.length)),
      signed.replace(/signature=.*/, 'signature='),
      signed.replace(/&signature=.*/, ''),
      '/files/local/a.txt',
      '/files/local/',
      '/files/',
    ]
    for (const target of changed) {
      const reply = await get(url + target)
      expect([target, reply.status, reply.body.includes('secret')]).toEqual([target, 403, false])
      expect(JSON.parse(reply.body).code).toBe('LIMBER_INVALID_FILE_URL')
      expect(reply.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  test('never leads out of the root, however it is written', async () => {
    const { files, root, url } = await servingFiles()
    writeFileSync(path.join(path.dirname(root), 'secret.txt'), 'nobody may read it')
    await files.write('a/b.txt', 'public')
    const [, query] = (await files.signedUrl('a/b.txt', { expiresIn })).split('?')
    const ways = [
      '/files/local/../secret.txt',
      '/files/local/a/../../secret.txt',
      '/files/local/%2e%2e/secret.txt',
      '/files/local/%2e%2e%2fsecret.txt',
      '/files/local/%252e%252e%252fsecret.txt',
      '/files/local/..%5csecret.txt',
      '/files/local/..\\secret.txt',
      '/files/local/a/b.txt%00.png',
      '/files/local//etc/passwd',
      '/files/local/%2fetc%2fpasswd',
      '/files/local/%c0%ae%c0%ae/secret.txt',
      '/files/local/%',
      '/files/../secret.txt',
      '/files/%2e%2e/local/secret.txt',
    ]
    for (const way of ways) {
      const reply = await getRaw(url, `${way}?${query}`)
      expect([way, reply]).toEqual([way, expect.stringMatching(/^HTTP\/1.1 (400|403|404) /)])
      expect(reply).toContain('application/problem+json')
      expect(reply).not.toContain('nobody may read it')
    }
    expect(await getRaw(url, `/files/local/a/b.txt?${query}`)).toContain('public')
  })

  test('of a file that is gone is a 404', async () => {
    const { files, url } = await servingFiles()
    const reply = await get(url + (await files.signedUrl('gone.txt', { expiresIn })))
    expect([reply.status, JSON.parse(reply.body).code]).toEqual([404, 'LIMBER_FILE_NOT_FOUND'])
  })

  test('goes on to open when the secret is replaced, until the old one is taken away', async () => {
    const root = temporaryFolder()
    const disks = { local: localDisk({ root }) }
    const next = 'another secret, which is as long as it'
    const before = await withFiles({ files: { disks } })
    await before.files.write('a.txt', 'x')
    const signed = await before.files.signedUrl('a.txt', { expiresIn })
    const during = await servingFiles({ files: { disks, urls: { secret: [next, SECRET] } } })
    expect((await get(during.url + signed)).status).toBe(200)
    const fresh = await during.files.signedUrl('a.txt', { expiresIn })
    const after = await servingFiles({ files: { disks, urls: { secret: next } } })
    expect([(await get(after.url + signed)).status, (await get(after.url + fresh)).status]).toEqual([
      403, 200,
    ])
  })

  test('is served below another path and begins with the origin of the configuration', async () => {
    const urls = { secret: SECRET, path: '/-/down.loads', origin: 'https://books.example/' }
    const { files, url } = await servingFiles({ files: { urls } })
    await files.write('a.txt', 'x')
    const signed = await files.signedUrl('a.txt', { expiresIn })
    expect(signed).toMatch(/^https:\/\/books\.example\/-\/down\.loads\/local\/a\.txt\?expires=/)
    expect((await get(signed.replace('https://books.example', url))).status).toBe(200)
  })

  test('has its route to itself, and says so', async () => {
    const { app } = await withFiles({ routes: (router) => router.get('/files/*', () => 'mine') })
    const error = await app
      .make('http')
      .inject('/files/a')
      .catch((error: unknown) => error)
    expect(error).toBeInstanceOf(RouteConflictError)
    expect(error).toMatchObject({ hint: expect.stringContaining('config/files.ts') })
  })
})

describe('a reply that breaks off', () => {
  test('ends its scope and closes the file when the client goes away', async () => {
    const { app, files, url } = await servingFiles()
    await files.write('large.bin', Buffer.alloc(20_000_000))
    const opened = handlesOf()
    const abort = new AbortController()
    const signed = await files.signedUrl('large.bin', { expiresIn })
    const reply = await fetch(url + signed, { signal: abort.signal })
    await reply.body?.getReader().read()
    expect(handlesOf()).toBeGreaterThan(opened)
    abort.abort()
    await expect.poll(handlesOf).toBe(opened)
    await app.stop({ deadline: 1000 })
  })

  test.each([
    ['fails', Failing, 500],
    ['answers with something else', Answering, 200],
  ])('closes the file when a middleware %s', async (_what, middleware, status) => {
    const { files, url } = await servingFiles({ http: { middleware: [middleware] } })
    await files.write('large.bin', Buffer.alloc(1_000_000))
    const opened = handlesOf()
    const signed = await files.signedUrl('large.bin', { expiresIn })
    const replies = Array.from({ length: 10 }, () => get(url + signed))
    for (const reply of await Promise.all(replies)) expect(reply.status).toBe(status)
    await expect.poll(handlesOf).toBe(opened)
  })

  test('is cut when the file becomes shorter meanwhile', async () => {
    const { files, root, url } = await servingFiles()
    await files.write('large.bin', Buffer.alloc(20_000_000))
    const reply = await fetch(url + (await files.signedUrl('large.bin', { expiresIn })))
    const reader = reply.body?.getReader()
    await reader?.read()
    truncateSync(path.join(root, 'large.bin'), 1_000_000)
    const readAll = async () => {
      while (!(await reader?.read())?.done);
    }
    await expect(readAll()).rejects.toThrow()
  })
})

class Failing implements Middleware {
  async handle(_facts: RequestFacts, next: Next) {
    await next()
    throw new Error('too late')
  }
}

class Answering implements Middleware {
  async handle(_facts: RequestFacts, next: Next) {
    await next()
    return 'something else'
  }
}

/** How many times this process has a file of a disk open. */
function handlesOf(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).endsWith('/large.bin')
    } catch {
      // It was closed meanwhile.
      return false
    }
  }).length
}
