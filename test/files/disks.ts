/** @module Applications with disks, and a bucket on a real server over HTTP, as these tests need them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Application, type Clock, HealthServiceProvider, ServiceProvider } from 'limber'
import { type FilesConfig, FilesServiceProvider, localDisk, type S3DiskOptions, s3Disk } from 'limber/files'
import { type HttpConfig, HttpServiceProvider, type Router } from 'limber/http'
import { pino } from 'pino'
import S3rver from 's3rver'
import { onTestFinished } from 'vitest'

export const SECRET = 'a secret of tests, 32 letters long'

export interface DiskTest {
  readonly files?: Partial<FilesConfig>
  readonly http?: HttpConfig
  readonly clock?: Clock
  readonly routes?: (router: Router) => void
}

class SilentLogServiceProvider extends ServiceProvider {
  override register() {
    this.app.instance('log', pino({ level: 'silent' }))
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An application with a disk in a folder of its own, booted; it ends with the test. */
export async function withFiles({ files: section, http, clock, routes }: DiskTest = {}) {
  const root = path.join(temporaryFolder(), 'files')
  const files = { disks: { local: localDisk({ root }) }, urls: { secret: SECRET }, ...section }
  const app = new Application({
    root: path.dirname(root),
    config: { files, http: { port: 0, ...http } },
    providers: [
      (app) => new SilentLogServiceProvider(app),
      (app) => new HealthServiceProvider(app),
      (app) => new HttpServiceProvider(app),
      (app) => new FilesServiceProvider(app),
    ],
  })
  onTestFinished(() => app.stop({ deadline: 0 }))
  await app.boot()
  if (clock) app.swap('clock', clock)
  routes?.(app.make('router'))
  return { app, files: app.make('files'), root }
}

/** The same, with its HTTP server listening. */
export async function servingFiles(options: DiskTest = {}) {
  const served = await withFiles(options)
  const http = served.app.make('http')
  await served.app.run(http)
  return { ...served, url: String(http.address) }
}

/** The cursors of this server are encrypted with DES, which OpenSSL has taken away; three times with one key is the same. */
const crypto: typeof import('node:crypto') = createRequire(import.meta.url)('node:crypto')
for (const name of ['createCipheriv', 'createDecipheriv'] as const) {
  const original = crypto[name]
  const tripled = (algorithm: string, key: Uint8Array, iv: Uint8Array, options?: object) =>
    algorithm === 'des'
      ? original('des-ede3-cbc', Buffer.concat([key, key, key]), iv)
      : original(algorithm, key, iv, options)
  Reflect.set(crypto, name, tripled)
}

export interface BucketServer {
  /** The options of a disk in its bucket. */
  readonly options: S3DiskOptions
  readonly folder: string
  stop(): Promise<void>
}

/**
 * A server that speaks the protocol of S3. It checks that the id of the key is known and that signed URLs have not expired, but
 * not the signature itself.
 */
export async function startBucketServer(): Promise<BucketServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-bucket-'))
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    vhostBuckets: false,
    configureBuckets: [{ name: 'books' }],
  })
  const { port } = await server.run()
  // The source of a copy is a part of a URL; this server decodes it as if it were a whole one, and finds no "#" or "?".
  server.httpServer.prependListener('request', ({ headers }) => {
    const source = headers['x-amz-copy-source']
    if (typeof source === 'string') headers['x-amz-copy-source'] = encodeURI(decodeURIComponent(source))
  })
  return {
    folder,
    options: {
      bucket: 'books',
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
      forcePathStyle: true,
      prefix: 'of/tests',
    },
    stop: async () => {
      server.httpServer.closeAllConnections()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function bucketOf(server: BucketServer, options: Partial<S3DiskOptions> = {}) {
  return { disks: { bucket: s3Disk({ ...server.options, ...options }) } }
}
