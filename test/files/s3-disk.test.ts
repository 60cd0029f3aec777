import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer } from 'node:net'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { InvalidFileOptionError, type S3DiskOptions } from 'limber/files'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { passesTheContract } from './contract.ts'
import { type BucketServer, bucketOf, startBucketServer, withFiles } from './disks.ts'

let server: BucketServer
beforeAll(async () => {
  server = await startBucketServer()
})
afterAll(() => server.stop())

let opened = 0

/** A disk below a prefix of its own. */
async function openBucket(options: Partial<S3DiskOptions> = {}) {
  const { files, app } = await withFiles({
    files: bucketOf(server, { prefix: `of/test-${++opened}`, ...options }),
  })
  return { files, app, prefix: `of/test-${opened}` }
}

describe('a disk in a bucket', () => passesTheContract(async () => (await openBucket()).files))

test('keeps the type that a write names', async () => {
  const { files } = await openBucket()
  await files.write('letter', 'x', { contentType: 'text/x-letter' })
  expect((await files.metadata('letter')).contentType).toBe('text/x-letter')
})

test('leaves out what others have put there under keys that are none', async () => {
  const { files, prefix } = await openBucket()
  const client = new S3Client({ ...clientOptions(server.options) })
  onTestFinished(() => client.destroy())
  for (const Key of [`${prefix}/a\\b`, `${prefix}/ok`])
    await client.send(new PutObjectCommand({ Bucket: 'books', Key, Body: 'x' }))
  expect((await files.list('', { recursive: true })).files.map(({ key }) => key)).toEqual(['ok'])
})

function clientOptions({ region, endpoint = '', credentials }: S3DiskOptions) {
  return { region, endpoint, forcePathStyle: true, ...(credentials && { credentials: { ...credentials } }) }
}

test('signs URLs that open a file for a time', async () => {
  const { files } = await openBucket()
  await files.write('a b/%ü.html', '<b>hello</b>')
  const url = await files.signedUrl('a b/%ü.html', {
    expiresIn: 60_000,
    contentType: 'text/plain',
    download: 'ü".txt',
  })
  const reply = await fetch(url)
  expect([reply.status, await reply.text()]).toEqual([200, '<b>hello</b>'])
  expect(reply.headers.get('content-type')).toContain('text/plain')
  expect(reply.headers.get('content-disposition')).toBe(
    `attachment; filename="__.txt"; filename*=UTF-8''%C3%BC%22.txt`,
  )

  const short = await files.signedUrl('a b/%ü.html', { expiresIn: 1000 })
  await expect.poll(async () => (await fetch(short)).status, { timeout: 5000 }).toBe(403)
  await expect(files.signedUrl('a', { expiresIn: 8 * 24 * 60 * 60 * 1000 })).rejects.toBeInstanceOf(
    InvalidFileOptionError,
  )
})

test('signs URLs that take an upload', async () => {
  const { files } = await openBucket()
  const url = await files.signedUploadUrl('up/loaded.txt', { expiresIn: 60_000, contentType: 'text/plain' })
  const reply = await fetch(url, {
    method: 'PUT',
    body: 'from outside',
    headers: { 'content-type': 'text/plain' },
  })
  expect([reply.status, await files.readText('up/loaded.txt')]).toEqual([200, 'from outside'])
})

describe('what is wrong with a bucket is told', () => {
  const unavailable = (words: string) =>
    expect.objectContaining({
      code: 'LIMBER_DISK_UNAVAILABLE',
      kind: 'unavailable',
      message: expect.stringContaining(words),
    })

  test('when the server is away', async () => {
    const { files } = await openBucket({ endpoint: 'http://127.0.0.1:1', attempts: 1 })
    const calls = [
      files.read('a'),
      files.write('a', 'x'),
      files.exists('a'),
      files.metadata('a'),
      files.remove('a'),
      files.removeAll('a'),
      files.copy('a', 'b'),
      files.move('a', 'b'),
      files.list(),
    ]
    for (const result of await Promise.allSettled(calls))
      expect(result).toMatchObject({ reason: unavailable('The disk "bucket" does not work: ') })
  })

  test('when the server takes connections and does not answer', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as { port: number }
    const { files } = await openBucket({ endpoint: `http://127.0.0.1:${port}`, attempts: 1, timeout: 50 })
    await expect(files.read('a')).rejects.toEqual(unavailable('TimeoutError'))
    await expect(files.write('a', 'x')).rejects.toEqual(unavailable('TimeoutError'))
  })

  test('when the key is unknown, without its secret', async () => {
    const credentials = { accessKeyId: 'NOBODY', secretAccessKey: 'very-secret' }
    const { files } = await openBucket({ credentials })
    const error = await files.list().catch((error: unknown) => error)
    expect(error).toEqual(unavailable('InvalidAccessKeyId'))
    const words = JSON.stringify(error, (_name, value) =>
      value instanceof Error
        ? { ...value, message: value.message, cause: value.cause, stack: value.stack }
        : value,
    )
    expect(words).not.toContain('very-secret')
    expect(words).not.toContain('NOBODY')
  })

  test('when there is no such bucket, also by the health of the application', async () => {
    const { files, app } = await openBucket({ bucket: 'nowhere', health: true })
    await expect(files.list()).rejects.toEqual(unavailable('NoSuchBucket'))
    await expect(files.write('a', 'x')).rejects.toEqual(unavailable('NoSuchBucket'))
    expect(await app.make('health').report()).toMatchObject({ checks: { files: 'failing' } })
    const healthy = await openBucket({ health: true })
    expect(await healthy.app.make('health').report()).toMatchObject({ checks: { files: 'ok' } })
    const unasked = await openBucket({ bucket: 'nowhere' })
    expect(await unasked.app.make('health').report()).toMatchObject({ checks: { files: 'ok' } })
  })

  /** A server that answers as it likes, and a disk on it that waits 200 ms at most. */
  async function answering(listener: RequestListener) {
    const answers = createHttpServer(listener).listen(0, '127.0.0.1')
    onTestFinished(() => {
      answers.closeAllConnections()
      answers.close()
    })
    await once(answers, 'listening')
    const { port } = answers.address() as { port: number }
    return (await openBucket({ endpoint: `http://127.0.0.1:${port}`, attempts: 1, timeout: 200 })).files
  }

  test('when a file breaks off on its way, also before somebody reads it', async () => {
    const files = await answering((_request, reply) => {
      reply.writeHead(200, { 'content-length': 100 })
      reply.write('half', () => reply.destroy())
    })
    await expect(files.read('a')).rejects.toEqual(unavailable('aborted'))
    await expect(files.readText('a')).rejects.toEqual(unavailable('aborted'))
    const stream = await files.stream('a')
    await expect.poll(() => stream.errored).toEqual(unavailable('aborted'))
    await expect(stream.toArray()).rejects.toEqual(unavailable('aborted'))
  })

  test('when a file stands still on its way, and not when its reader does', async () => {
    const stuck = await answering((_request, reply) => {
      reply.writeHead(200, { 'content-length': 100 })
      reply.write('half')
    })
    await expect(stuck.read('a')).rejects.toEqual(unavailable('has sent nothing for 200 ms'))

    const sending = await answering((_request, reply) => void reply.end(Buffer.alloc(20_000_000)))
    const stream = await sending.stream('a')
    // Longer than the server may stand still.
    await once(AbortSignal.timeout(300), 'abort')
    expect((await stream.toArray()).reduce((size, { length }) => size + length, 0)).toBe(20_000_000)
  })

  test('when something else than a bucket answers', async () => {
    const files = await answering((request, reply) => {
      request.resume()
      reply.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome to our network!<br>')
    })
    await expect(files.write('a', 'x')).rejects.toEqual(unavailable('is no bucket'))
    await expect(files.list()).rejects.toEqual(unavailable('(status 200)'))
    const failing = await answering((_request, reply) => void reply.writeHead(500).end('no words\nat all'))
    await expect(failing.read('a')).rejects.toMatchObject({
      message: expect.stringMatching(/^The disk "bucket" does not work: .* \(status 500\)$/),
    })
  })
})
