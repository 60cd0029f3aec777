import { Application } from 'limber'
import {
  Disk,
  DiskNotFoundError,
  defineFiles,
  FilesServiceProvider,
  InvalidFilesConfigError,
  localDisk,
  s3Disk,
} from 'limber/files'
import { expect, test } from 'vitest'
import { SECRET, temporaryFolder, withFiles } from './disks.ts'

async function faultsOf(files: unknown): Promise<string[]> {
  const app = new Application({
    root: temporaryFolder(),
    config: { files },
    providers: [(app) => new FilesServiceProvider(app)],
  })
  const error = await app.boot().catch((error: unknown) => error)
  await app.stop()
  // What the boot throws may carry the error of the provider.
  const found = error instanceof InvalidFilesConfigError ? error : (error as Error | undefined)?.cause
  return found instanceof InvalidFilesConfigError ? found.faults.map(({ path }) => path) : [String(error)]
}

test('all faults of the configuration are told at once, when the application boots', async () => {
  const credentials = { accessKeyId: '', secretAccessKey: '' }
  const files = {
    default: 'lokal',
    disks: {
      local: localDisk({ root: '', url: 'cdn.example' }),
      bucket: s3Disk({
        bucket: '',
        region: '',
        endpoint: 'ftp://x',
        credentials,
        prefix: '/x',
        timeout: 0,
        attempts: 1.5,
      }),
    },
    urls: { secret: ['short', SECRET], path: 'files', origin: 'books.example' },
  }
  expect(await faultsOf(files)).toEqual([
    'disks.local.root',
    'disks.local.url',
    'disks.bucket.bucket',
    'disks.bucket.region',
    'disks.bucket.credentials.accessKeyId',
    'disks.bucket.credentials.secretAccessKey',
    'disks.bucket.endpoint',
    'disks.bucket.prefix',
    'disks.bucket.timeout',
    'disks.bucket.attempts',
    'default',
    'urls.secret',
    'urls.path',
    'urls.origin',
  ])
})

test('a configuration without disks, or without a default among several, is refused', async () => {
  expect(await faultsOf(undefined)).toEqual(['disks'])
  expect(await faultsOf({ disks: {} })).toEqual(['disks'])
  const disks = { one: localDisk({ root: 'one' }), two: localDisk({ root: 'two' }) }
  expect(await faultsOf({ disks })).toEqual(['default'])
  expect(await faultsOf({ disks: { one: disks.one }, urls: { secret: [] } })).toEqual(['urls.secret'])
  expect(await faultsOf({ disks: { one: disks.one }, urls: { secret: undefined } })).toEqual(['urls.secret'])
})

test('the default disk is at hand, the others by name', async () => {
  const disks = { one: localDisk({ root: 'one' }), two: localDisk({ root: 'two' }) }
  const { files } = await withFiles({ files: defineFiles({ default: 'two', disks }) })
  await files.write('a.txt', 'in two')
  expect(files.name).toBe('two')
  expect(await files.disk().readText('a.txt')).toBe('in two')
  expect(await files.disk('two').readText('a.txt')).toBe('in two')
  expect(await files.disk('one').exists('a.txt')).toBe(false)
  const missing = () => files.disk('tow')
  expect(missing).toThrow(DiskNotFoundError)
  expect(missing).toThrow('There is no disk "tow" in config/files.ts; there is one, two.')
})

test('a disk of another root takes the place of the default in a test', async () => {
  const { app } = await withFiles()
  const other = await withFiles()
  {
    using _ = app.swap('files', other.files)
    await app.make('files').write('a.txt', 'x')
  }
  expect(await app.make('files').exists('a.txt')).toBe(false)
  expect(await other.files.exists('a.txt')).toBe(true)
  expect(other.files).toBeInstanceOf(Disk)
})
