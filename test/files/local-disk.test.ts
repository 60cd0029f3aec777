import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { Readable } from 'node:stream'
import { type Disk, FileConflictError, FileUrlUnavailableError, localDisk } from 'limber/files'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listInPages, passesTheContract } from './contract.ts'
import { temporaryFolder, withFiles } from './disks.ts'

describe('a disk in a folder', () => passesTheContract(async () => (await withFiles()).files))

const refused = expect.objectContaining({ code: 'LIMBER_FILE_LINK', kind: 'forbidden' })

describe('a symbolic link below the root', () => {
  /** A disk, and a folder beside it with a secret that no key may reach. */
  async function besideSecret() {
    const { files, root } = await withFiles()
    const outside = temporaryFolder()
    writeFileSync(path.join(outside, 'secret.txt'), 'secret')
    mkdirSync(root, { recursive: true })
    return { files, root, outside }
  }

  const everyMethod = (disk: Disk, key: string): Promise<unknown>[] => [
    disk.read(key),
    disk.readText(key),
    disk.stream(key),
    disk.exists(key),
    disk.metadata(key),
    disk.copy(key, 'copy.txt'),
    disk.move(key, 'moved.txt'),
  ]

  test('to a file is not read, copied or moved, and not listed', async () => {
    const { files, root, outside } = await besideSecret()
    symlinkSync(path.join(outside, 'secret.txt'), path.join(root, 'link.txt'))
    for (const result of await Promise.allSettled(everyMethod(files, 'link.txt')))
      expect(result).toMatchObject({ reason: refused })
    expect((await files.list('', { recursive: true })).files).toEqual([])
  })

  test('to a folder is not walked through, by any method', async () => {
    const { files, root, outside } = await besideSecret()
    symlinkSync(outside, path.join(root, 'linked'))
    const calls = [
      ...everyMethod(files, 'linked/secret.txt'),
      files.write('linked/new.txt', 'x'),
      files.write('linked/deep/new.txt', 'x'),
      files.remove('linked/secret.txt'),
      files.removeAll('linked'),
      files.removeAll('linked/deep'),
      files.list('linked'),
      files.write('there.txt', 'x').then(() => files.copy('there.txt', 'linked/new.txt')),
      files.write('here.txt', 'x').then(() => files.move('here.txt', 'linked/new.txt')),
    ]
    for (const result of await Promise.allSettled(calls)) expect(result).toMatchObject({ reason: refused })
    expect(readdirSync(outside)).toEqual(['secret.txt'])
    const { files: listed, folders } = await files.list('')
    expect([listed.map(({ key }) => key), folders]).toEqual([['here.txt', 'there.txt'], []])
    expect((await files.list('', { recursive: true })).files.map(({ key }) => key)).toEqual([
      'here.txt',
      'there.txt',
    ])
  })

  test('is refused when it was made after the disk was used, and when it leads nowhere', async () => {
    const { files, root, outside } = await besideSecret()
    await files.write('later/a.txt', 'x')
    await files.removeAll('later')
    symlinkSync(path.join(outside, 'nothing'), path.join(root, 'later'))
    await expect(files.write('later/a.txt', 'x')).rejects.toEqual(refused)
    await expect(files.read('later/a.txt')).rejects.toEqual(refused)
    await expect(files.exists('later')).rejects.toEqual(refused)
    expect(existsSync(path.join(outside, 'nothing'))).toBe(false)
  })

  test('within the root is not followed either', async () => {
    const { files, root } = await besideSecret()
    await files.write('real/a.txt', 'x')
    symlinkSync('real', path.join(root, 'alias'))
    await expect(files.read('alias/a.txt')).rejects.toEqual(refused)
  })

  test('is replaced by a write and removed by a removal, and what it leads to stays', async () => {
    const { files, root, outside } = await besideSecret()
    const secret = path.join(outside, 'secret.txt')
    symlinkSync(secret, path.join(root, 'written.txt'))
    symlinkSync(secret, path.join(root, 'removed.txt'))
    mkdirSync(path.join(root, 'folder'))
    symlinkSync(outside, path.join(root, 'folder/linked'))
    await files.write('written.txt', 'new')
    await files.remove('removed.txt')
    await files.removeAll('folder')
    expect(await files.readText('written.txt')).toBe('new')
    expect(readdirSync(root).sort()).toEqual(['.limber-tmp', 'written.txt'])
    expect(readFileSync(secret, 'utf8')).toBe('secret')
  })

  test('in the place of the folder of temporary files is refused', async () => {
    const { files, root, outside } = await besideSecret()
    symlinkSync(outside, path.join(root, '.limber-tmp'))
    await expect(files.write('a.txt', 'x')).rejects.toEqual(refused)
    expect(readdirSync(outside)).toEqual(['secret.txt'])
  })

  test('may be the root itself', async () => {
    const { outside } = await besideSecret()
    const link = path.join(temporaryFolder(), 'link')
    symlinkSync(outside, link)
    const { files } = await withFiles({ files: { disks: { linked: localDisk({ root: link }) } } })
    expect(await files.readText('secret.txt')).toBe('secret')
    await files.write('deep/new.txt', 'x')
    expect((await files.list('', { recursive: true })).files.map(({ key }) => key)).toEqual([
      'deep/new.txt',
      'secret.txt',
    ])
  })
})

test('a pipe is no file, and nobody waits for it', async () => {
  const { files, root } = await withFiles()
  mkdirSync(root)
  execFileSync('mkfifo', [path.join(root, 'pipe')])
  await expect(files.read('pipe')).rejects.toMatchObject({ code: 'LIMBER_FILE_NOT_FOUND' })
  expect(await files.exists('pipe')).toBe(false)
})

test('a socket is no file either', async () => {
  const { files, root } = await withFiles()
  mkdirSync(root)
  const server = createServer().listen(path.join(root, 'socket'))
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  await expect(files.read('socket')).rejects.toMatchObject({ code: 'LIMBER_FILE_NOT_FOUND' })
  await expect(files.metadata('socket')).rejects.toMatchObject({ code: 'LIMBER_FILE_NOT_FOUND' })
})

test('a file is there as a whole, or as it was before', async () => {
  const { files, root } = await withFiles()
  await files.write('a/b.txt', 'before')
  const slow = new Readable({ read: () => undefined })
  const writing = files.write('a/b.txt', slow)
  slow.push('after')
  const temporary = path.join(root, '.limber-tmp')
  const half = () => readdirSync(temporary).some((name) => statSync(path.join(temporary, name)).size > 0)
  await expect.poll(half).toBe(true)
  expect(await files.readText('a/b.txt')).toBe('before')
  expect((await files.list('', { recursive: true })).files.map(({ key }) => key)).toEqual(['a/b.txt'])
  expect((await files.list()).folders).toEqual(['a'])
  slow.push(null)
  await writing
  expect(await files.readText('a/b.txt')).toBe('after')
  expect(readdirSync(temporary)).toEqual([])
})

test('a write that fails leaves no temporary file', async () => {
  const { files, root } = await withFiles()
  const failing = Readable.from(
    (async function* () {
      yield 'half'
      throw new Error('aborted')
    })(),
  )
  await expect(files.write('a.txt', failing)).rejects.toThrow('aborted')
  expect([readdirSync(root), readdirSync(path.join(root, '.limber-tmp'))]).toEqual([['.limber-tmp'], []])
})

test('what killed processes left is removed after a day, what is on its way stays', async () => {
  const { files, root } = await withFiles()
  const temporary = path.join(root, '.limber-tmp')
  mkdirSync(temporary, { recursive: true })
  for (const name of ['old', 'young']) writeFileSync(path.join(temporary, name), 'half')
  const yesterday = Date.now() / 1000 - 25 * 60 * 60
  utimesSync(path.join(temporary, 'old'), yesterday, yesterday)
  await files.write('a.txt', 'x')
  expect(readdirSync(temporary)).toEqual(['young'])
})

test('a folder among what was left keeps nobody from writing', async () => {
  const { files, root } = await withFiles()
  const left = path.join(root, '.limber-tmp/left')
  mkdirSync(left, { recursive: true })
  writeFileSync(path.join(left, 'half'), '')
  utimesSync(left, 0, 0)
  await files.write('a.txt', 'x')
  expect(readdirSync(path.join(root, '.limber-tmp'))).toEqual([])
})

test('of those who move one file at once, one does, and the others are told that it is gone', async () => {
  const { files } = await withFiles()
  for (let turn = 0; turn < 10; turn++) {
    await files.write('a', 'x')
    const moves = await Promise.allSettled(['b', 'c', 'd/e'].map((to) => files.move('a', to)))
    const refused = moves.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(2)
    for (const move of refused) expect(move).toMatchObject({ reason: { code: 'LIMBER_FILE_NOT_FOUND' } })
  }
})

test('a folder is removed as a whole, whoever writes into it meanwhile', async () => {
  const { files, root } = await withFiles()
  let isOver = false
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let turn = 0; !isOver; turn++) await files.write(`full/er/${writer}-${turn}`, 'x')
  })
  const removals = (async () => {
    for (let turn = 0; turn < 20; turn++) await files.removeAll('full')
    isOver = true
  })()
  await Promise.all([...writers, removals])
  await files.removeAll('full')
  expect([readdirSync(root), readdirSync(path.join(root, '.limber-tmp'))]).toEqual([['.limber-tmp'], []])
})

test('a folder that cannot be used is told, also by the health of the application', async () => {
  const { root } = await withFiles()
  writeFileSync(root, 'no folder')
  const below = localDisk({ root: path.join(root, 'below') })
  const { app, files } = await withFiles({ files: { disks: { below } } })
  await expect(files.write('a.txt', 'x')).rejects.toMatchObject({
    code: expect.stringMatching(/CONFLICT|UNAVAILABLE/),
  })
  expect(await app.make('health').report()).toMatchObject({ checks: { files: 'failing' } })
  const healthy = await withFiles()
  expect(await healthy.app.make('health').report()).toMatchObject({ checks: { files: 'ok' } })
})

test('a write beyond the largest file of the process is told, and leaves what was there', async () => {
  const { files, root } = await withFiles()
  await files.write('a.txt', 'before')
  const code = `
    import { registerTypeScript } from '${path.resolve('bin/typescript-hooks.js')}'
    registerTypeScript({ conditions: ['limber:source'] })
    const { localDisk } = await import('${path.resolve('src/files/index.ts')}')
    const store = localDisk({ root: '${root}' }).open({ disk: 'local', appRoot: '/', sign: undefined })
    process.on('SIGXFSZ', () => undefined)
    await store.write('a.txt', [Buffer.alloc(4_000_000)]).catch((error) => console.log(error.code, error.cause.code))`
  const limited = `ulimit -f 1000; exec '${process.execPath}' --input-type=module -e "$0"`
  const said = execFileSync('sh', ['-c', limited, code], { encoding: 'utf8' })
  expect(said.trim()).toBe('LIMBER_DISK_UNAVAILABLE EFBIG')
  expect(await files.readText('a.txt')).toBe('before')
  expect(readdirSync(path.join(root, '.limber-tmp'))).toEqual([])
})

test('a folder that may not be entered is told by the key, and one that may not be listed gives its files', async () => {
  const { root } = await withFiles()
  for (const folder of ['', 'a', 'a/closed', 'a/unlisted'])
    mkdirSync(path.join(root, folder), { recursive: true })
  writeFileSync(path.join(root, 'a/unlisted/b.txt'), 'x', { mode: 0o644 })
  for (const [folder, mode] of Object.entries({
    '..': 0o711,
    a: 0o755,
    'a/closed': 0o000,
    'a/unlisted': 0o111,
  }))
    chmodSync(path.join(root, folder), mode)
  const code = `
    import { registerTypeScript } from '${path.resolve('bin/typescript-hooks.js')}'
    registerTypeScript({ conditions: ['limber:source'] })
    const { localDisk } = await import('${path.resolve('src/files/index.ts')}')
    if (process.getuid() === 0) process.setuid(65534)
    const store = localDisk({ root: '${root}' }).open({ disk: 'local', appRoot: '/', sign: undefined })
    console.log(await store.exists('a/unlisted/b.txt'))
    await store.exists('a/closed/b.txt').catch((error) => console.log(error.message))`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  expect(said).toMatch(
    /^true\nThe disk "local" does not work: EACCES: permission denied, lstat .*"?a\/closed\/b.txt/,
  )
})

test('a file and a folder cannot have one name', async () => {
  const { files, root } = await withFiles()
  await files.write('a/b', 'x')
  await files.write('c', 'x')
  const calls = [
    files.write('a', 'y'),
    files.write('a/b/c', 'y'),
    files.copy('c', 'a'),
    files.move('c', 'a/b/d'),
  ]
  for (const result of await Promise.allSettled(calls))
    expect(result).toMatchObject({ reason: expect.any(FileConflictError) })
  expect(await files.readText('c')).toBe('x')
  expect(readdirSync(path.join(root, '.limber-tmp'))).toEqual([])
})

test('folders go with their last file, also while others write into them', async () => {
  const { files } = await withFiles()
  const turns = Array.from({ length: 8 }, async (_, worker) => {
    for (let turn = 0; turn < 25; turn++) {
      const key = `deep/er/${worker}.txt`
      await files.write(key, 'x')
      await (turn === 24 ? files.move(key, `kept/${worker}.txt`) : files.remove(key))
    }
  })
  await Promise.all(turns)
  const { files: kept, folders } = await files.list()
  expect([kept, folders]).toEqual([[], ['kept']])
  expect((await files.list('kept')).files).toHaveLength(8)
})

test('lists in the order of bytes, folders in pages as well', async () => {
  const { files } = await withFiles()
  const keys = ['l/B', 'l/a.txt', 'l/a/x', 'l/a/y/z', 'l/a0', 'l/é']
  for (const key of keys.toReversed()) await files.write(key, 'x')
  for (const limit of [1, 2, 3, 6, 7])
    expect(await listInPages(files, 'l', { recursive: true, limit })).toEqual(keys)
  await files.removeAll('l')
  for (const key of ['l/a.txt', 'l/a/x', 'l/a/y', 'l/a0', 'l/b/c/d']) await files.write(key, 'x')
  for (const limit of [1, 2, 3, 4, 5])
    expect((await listInPages(files, 'l', { limit })).sort()).toEqual(['l/a', 'l/a.txt', 'l/a0', 'l/b'])
})

test('files of other programs whose names are no keys are left out of lists', async () => {
  const { files, root } = await withFiles()
  mkdirSync(path.join(root, 'x\ny'), { recursive: true })
  writeFileSync(path.join(root, 'a\\b'), '')
  writeFileSync(path.join(root, 'ok'), '')
  expect((await files.list('', { recursive: true })).files.map(({ key }) => key)).toEqual(['ok'])
  expect((await files.list()).folders).toEqual([])
})

test('nobody but the owner and the group reads files', async () => {
  const { files, root } = await withFiles()
  await files.write('a/b.txt', 'x')
  expect(statSync(path.join(root, 'a/b.txt')).mode & 0o137).toBe(0)
  expect(statSync(path.join(root, 'a')).mode & 0o027).toBe(0)
})

test('URLs are there where the configuration has them', async () => {
  const { files } = await withFiles({
    files: { disks: { open: localDisk({ root: 'open', url: 'https://cdn.example/x/' }) } },
  })
  expect(files.url('a b/ü?#.png')).toBe('https://cdn.example/x/a%20b/%C3%BC%3F%23.png')
  await expect(files.signedUploadUrl('a', { expiresIn: 1 })).rejects.toBeInstanceOf(FileUrlUnavailableError)
  const closed = await withFiles({
    files: { disks: { local: localDisk({ root: 'closed' }) }, urls: undefined } as never,
  })
  expect(() => closed.files.url('a')).toThrow('The disk "local" has no public URLs.')
  await expect(closed.files.signedUrl('a', { expiresIn: 1 })).rejects.toThrow(
    'The disk "local" has no signed URLs.',
  )
})
