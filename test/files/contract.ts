/** @module What every disk does, wherever it keeps its files. */
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import {
  type Disk,
  FileNotFoundError,
  InvalidFileKeyError,
  InvalidFileOptionError,
  type ListOptions,
} from 'limber/files'
import { expect, test } from 'vitest'

const ODD_KEYS = [
  'with space/and more .txt',
  'hash#tag.txt',
  'what?.txt',
  '100%.txt',
  '%2e%2e/%2f',
  'a+b=c&d.txt',
  '.hidden/.file',
  'quote\'"(1)!*.txt',
  'colon:semi;.txt',
  'näïve/日本語/🎉.txt',
  'caf\u00e9.txt',
  'cafe\u0301.txt',
  '...',
  `${'deep-folder/'.repeat(74)}${'n'.repeat(12)}`,
]

const BAD_KEYS: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['an absolute path', '/etc/passwd'],
  ['the folder above', '..'],
  ['a way to the folder above', '../secret.txt'],
  ['a way up and down', 'a/../../secret.txt'],
  ['a way up at the end', 'a/..'],
  ['a dot', './a'],
  ['backslashes', '..\\secret.txt'],
  ['a folder of Windows', 'C:\\secret.txt'],
  ['NUL', 'a.txt\0.png'],
  ['a line break', 'a\nb'],
  ['an escape of a terminal', '\u001b[2J'],
  ['a control character of Latin-1', 'a\u0085b'],
  ['half of a character', 'a\ud800b'],
  ['an empty part', 'a//b'],
  ['a slash at the end', 'a/'],
  ['a name of 256 bytes', 'n'.repeat(256)],
  ['a name of 256 bytes in fewer letters', 'ä'.repeat(128)],
  ['more than 1,024 bytes', `${'f/'.repeat(512)}f`],
  ['the folder of temporary files', '.limber-tmp/a'],
  ['the same in capitals', '.LIMBER-TMP/a'],
]

/** The keys of all pages, one page after the other. */
export async function listInPages(disk: Disk, folder: string, options: ListOptions & { limit: number }) {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await disk.list(folder, { ...options, ...(cursor !== undefined && { cursor }) })
    expect(page.files.length + page.folders.length).toBeLessThanOrEqual(options.limit)
    seen.push(...page.files.map(({ key }) => key), ...page.folders)
    cursor = page.next
  } while (cursor !== undefined)
  return seen
}

export function passesTheContract(open: () => Promise<Disk>): void {
  test('gives back what was written, as bytes, as text and as a stream', async () => {
    const disk = await open()
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    await disk.write('a/bytes.bin', bytes)
    await disk.write('a/text.txt', 'Grüße, 世界')
    await disk.write('a/stream.txt', Readable.from(['one, ', 'two'], { objectMode: false }))
    await disk.write('a/empty.txt', '')
    expect(Buffer.from(await disk.read('a/bytes.bin'))).toEqual(Buffer.from(bytes))
    expect(await disk.readText('a/text.txt')).toBe('Grüße, 世界')
    expect(await buffer(await disk.stream('a/stream.txt'))).toEqual(Buffer.from('one, two'))
    expect(await disk.readText('a/empty.txt')).toBe('')
  })

  test('writes over what is there', async () => {
    const disk = await open()
    await disk.write('over.txt', 'a longer text')
    await disk.write('over.txt', 'short')
    expect(await disk.readText('over.txt')).toBe('short')
    expect((await disk.metadata('over.txt')).size).toBe(5)
  })

  test('takes 10 MB as a stream and gives them as one', async () => {
    const disk = await open()
    const piece = Buffer.alloc(64 * 1024, 'limber!')
    await disk.write('large.bin', Readable.from(Array.from({ length: 160 }, () => piece)))
    let size = 0
    for await (const bytes of await disk.stream('large.bin')) {
      const at = size % piece.length
      if (at + bytes.length <= piece.length && !piece.subarray(at, at + bytes.length).equals(bytes))
        throw new Error(`The bytes from ${size} on are other ones.`)
      size += bytes.length
    }
    expect(size).toBe(160 * piece.length)
    expect((await disk.metadata('large.bin')).size).toBe(160 * piece.length)
  })

  test('tells size, type, time and etag of a file', async () => {
    const disk = await open()
    await disk.write('cover.png', 'one')
    const { size, contentType, lastModified, etag } = await disk.metadata('cover.png')
    expect([size, contentType]).toEqual([3, 'image/png'])
    expect(Math.abs(lastModified.getTime() - Date.now())).toBeLessThan(60_000)
    await disk.write('cover.png', 'two')
    expect((await disk.metadata('cover.png')).etag).not.toBe(etag)
  })

  test('says which file is not there', async () => {
    const disk = await open()
    const missing = expect.objectContaining({
      code: 'LIMBER_FILE_NOT_FOUND',
      kind: 'not-found',
      message: `There is no file "no/file.txt" on the disk "${disk.name}".`,
    })
    await expect(disk.read('no/file.txt')).rejects.toEqual(missing)
    await expect(disk.readText('no/file.txt')).rejects.toEqual(missing)
    await expect(disk.stream('no/file.txt')).rejects.toEqual(missing)
    await expect(disk.metadata('no/file.txt')).rejects.toEqual(missing)
    await expect(disk.copy('no/file.txt', 'b')).rejects.toEqual(missing)
    await expect(disk.move('no/file.txt', 'b')).rejects.toEqual(missing)
    await expect(disk.move('no/file.txt', 'no/file.txt')).rejects.toBeInstanceOf(FileNotFoundError)
    expect(await disk.exists('no/file.txt')).toBe(false)
  })

  test('removes what is there, and has nothing against what is not', async () => {
    const disk = await open()
    await disk.write('gone/soon.txt', 'x')
    expect(await disk.exists('gone/soon.txt')).toBe(true)
    await disk.remove('gone/soon.txt')
    await disk.remove('gone/soon.txt')
    await disk.remove('never/was.txt')
    expect(await disk.exists('gone/soon.txt')).toBe(false)
    expect(await disk.list()).toEqual({ files: [], folders: [], next: undefined })
  })

  test('does not take a folder for a file', async () => {
    const disk = await open()
    await disk.write('folder/file.txt', 'x')
    expect(await disk.exists('folder')).toBe(false)
    await expect(disk.read('folder')).rejects.toBeInstanceOf(FileNotFoundError)
    await disk.remove('folder')
    expect(await disk.exists('folder/file.txt')).toBe(true)
  })

  test('copies and moves over what is there', async () => {
    const disk = await open()
    await disk.write('one.txt', 'one')
    await disk.write('x/two.txt', 'two')
    await disk.copy('one.txt', 'x/two.txt')
    expect([await disk.readText('one.txt'), await disk.readText('x/two.txt')]).toEqual(['one', 'one'])
    await disk.write('one.txt', 'one more')
    await disk.move('one.txt', 'x/two.txt')
    expect([await disk.exists('one.txt'), await disk.readText('x/two.txt')]).toEqual([false, 'one more'])
    await disk.move('x/two.txt', 'x/two.txt')
    await disk.copy('x/two.txt', 'x/two.txt')
    expect(await disk.readText('x/two.txt')).toBe('one more')
  })

  test('removes all of a folder, and nothing beside it', async () => {
    const disk = await open()
    for (const key of ['a/1', 'a/b/2', 'a/ü/%3', 'a-b/4', 'ab', 'c']) await disk.write(key, key)
    await disk.removeAll('a/')
    await disk.removeAll('nothing')
    const { files } = await disk.list('', { recursive: true })
    expect(files.map(({ key }) => key)).toEqual(['a-b/4', 'ab', 'c'])
    await expect(disk.removeAll('')).rejects.toBeInstanceOf(InvalidFileKeyError)
  })

  test('lists a folder, alone or with all that is below it, in pages', async () => {
    const disk = await open()
    const keys = ['l/a', 'l/b/c', 'l/b/d/e', 'l/c', 'l/é', 'l2']
    for (const key of keys) await disk.write(key, key)
    const { files, folders, next } = await disk.list('l/')
    expect(files.map(({ key, size }) => [key, size])).toEqual([
      ['l/a', 3],
      ['l/c', 3],
      ['l/é', 4],
    ])
    expect([folders, next]).toEqual([['l/b'], undefined])
    expect((await disk.list()).folders).toEqual(['l'])
    for (const limit of [1, 2, 4, 5, 6])
      expect(await listInPages(disk, 'l', { recursive: true, limit })).toEqual(keys.slice(0, 5))
    expect(await disk.list('l2')).toEqual({ files: [], folders: [], next: undefined })
    await expect(disk.list('l', { cursor: 'made up' })).rejects.toBeInstanceOf(InvalidFileOptionError)
    await expect(disk.list('', { limit: 0 })).rejects.toBeInstanceOf(InvalidFileOptionError)
    await expect(disk.list('', { limit: 1001 })).rejects.toBeInstanceOf(InvalidFileOptionError)
  })

  test.each(ODD_KEYS)('takes the key %j as it is', async (key) => {
    const disk = await open()
    await disk.write(key, key)
    await disk.copy(key, `copy/${key.slice(0, 900)}`)
    expect(await disk.readText(`copy/${key.slice(0, 900)}`)).toBe(key)
    await disk.removeAll('copy')
    const { files } = await disk.list('', { recursive: true })
    expect(files.map((file) => file.key)).toEqual([key])
    await disk.move(key, 'plain')
    await disk.move('plain', key)
    expect(await disk.exists(key)).toBe(true)
    await disk.remove(key)
    expect(await disk.exists(key)).toBe(false)
  })

  test.each(BAD_KEYS)('refuses %s as a key, in every method', async (_what, key) => {
    const disk = await open()
    await disk.write('there', 'x')
    const refusal = expect.objectContaining({ code: 'LIMBER_INVALID_FILE_KEY', kind: 'invalid' })
    const calls = [
      () => disk.read(key),
      () => disk.readText(key),
      () => disk.stream(key),
      () => disk.write(key, 'x'),
      () => disk.write(key, Readable.from(['x'])),
      () => disk.exists(key),
      () => disk.metadata(key),
      () => disk.remove(key),
      () => disk.copy(key, 'to'),
      () => disk.copy('there', key),
      () => disk.move(key, 'to'),
      () => disk.move('there', key),
      () => disk.signedUrl(key, { expiresIn: 1000 }),
      () => disk.signedUploadUrl(key, { expiresIn: 1000 }),
      async () => disk.url(key),
    ]
    for (const call of calls) await expect(call()).rejects.toEqual(refusal)
    const unread = new Readable({ read: () => undefined })
    await expect(disk.write(key, unread)).rejects.toEqual(refusal)
    expect(unread.destroyed).toBe(true)
    if (key !== '' && key !== 'a/') await expect(disk.list(key)).rejects.toEqual(refusal)
    if (key !== 'a/') await expect(disk.removeAll(key)).rejects.toEqual(refusal)
    expect(await disk.readText('there')).toBe('x')
  })

  test('writes nothing when the stream fails, and gives its error', async () => {
    const disk = await open()
    await disk.write('kept.txt', 'before')
    for (const size of [1, 9 * 1024 * 1024]) {
      const failing = Readable.from(
        (async function* () {
          yield Buffer.alloc(size)
          throw new Error('the client has gone')
        })(),
      )
      await expect(disk.write('kept.txt', failing)).rejects.toThrow('the client has gone')
      expect(failing.destroyed).toBe(true)
    }
    const cut = new Readable({ read: () => undefined })
    const writing = disk.write('kept.txt', cut)
    cut.push('half')
    cut.destroy()
    await expect(writing).rejects.toThrow()
    expect(await disk.readText('kept.txt')).toBe('before')
    const { files } = await disk.list('', { recursive: true })
    expect(files.map(({ key }) => key)).toEqual(['kept.txt'])
  })

  test('a stream that has failed before it is read ends nothing but the write', async () => {
    const disk = await open()
    const failed = new Readable({ read: () => undefined })
    const writing = disk.write('../up', failed)
    failed.destroy(new Error('too late'))
    await expect(writing).rejects.toBeInstanceOf(InvalidFileKeyError)
    const failing = new Readable({ read: () => undefined })
    const written = disk.write('early.txt', failing)
    failing.destroy(new Error('no power'))
    await expect(written).rejects.toThrow('no power')
    expect(await disk.exists('early.txt')).toBe(false)
  })

  test('many who write one file at once leave one of their files as a whole', async () => {
    const disk = await open()
    const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(50_000))
    await Promise.all(
      texts.map((text) => disk.write('shared/one.txt', Readable.from([text.slice(0, 9), text.slice(9)]))),
    )
    expect(texts).toContain(await disk.readText('shared/one.txt'))
  })

  test('refuses a type that is none, and takes an empty one for a type that nobody knows', async () => {
    const disk = await open()
    for (const contentType of ['a\r\nb: c', 'image', 'image/png, text/html', 'ü/x']) {
      const unread = new Readable({ read: () => undefined })
      await expect(disk.write('a', unread, { contentType })).rejects.toBeInstanceOf(InvalidFileOptionError)
      expect(unread.destroyed).toBe(true)
    }
    await disk.write('a.png', 'x', { contentType: '' })
    expect((await disk.metadata('a.png')).contentType).toBe('image/png')
  })

  test('refuses a time that is none for a signed URL', async () => {
    const disk = await open()
    for (const expiresIn of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      await expect(disk.signedUrl('a', { expiresIn })).rejects.toBeInstanceOf(InvalidFileOptionError)
    await expect(disk.signedUrl('a', { expiresIn: 1000, contentType: 'a\r\nb: c' })).rejects.toBeInstanceOf(
      InvalidFileOptionError,
    )
  })
}
