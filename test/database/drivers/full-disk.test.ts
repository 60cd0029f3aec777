/** A disk that is really full, and a file that may not grow: SQLite then ends a transaction by itself. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished, test } from 'vitest'
import { findProgram } from '../../support/server-process.ts'
import { Author } from '../fixtures/library.ts'
import { openLibrary, tempFolder } from '../support/library-application.ts'

interface Disk {
  readonly folder: string
  fill(): void
  makeRoom(): void
}

const mount = (folder: string) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' })
const unmount = (folder: string) => execFileSync('umount', ['-l', folder])

/** A file system of 16 MB, and a file that fills it but for a few pages. */
function smallDisk(): Disk {
  const folder = tempFolder()
  mount(folder)
  onTestFinished(() => void unmount(folder))
  const ballast = path.join(folder, 'ballast')
  return {
    folder,
    fill() {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - 16 * 1024))
    },
    makeRoom: () => rmSync(ballast),
  }
}

/** The same for this process alone, by a limit on the size of the files that it writes. */
function limitedFiles(): Disk {
  const folder = tempFolder()
  const prlimit = (...argv: string[]) =>
    execFileSync('prlimit', ['--pid', String(process.pid), ...argv], { encoding: 'utf8' }).trim()
  const before = prlimit('--fsize', '--output=SOFT', '--noheadings', '--raw')
  const limit = (size: string | number) => void prlimit(`--fsize=${size}:`)
  onTestFinished(() => limit(before))
  return {
    folder,
    fill: () => limit(statSync(path.join(folder, 'library.sqlite-wal')).size + 16 * 1024),
    makeRoom: () => limit(before),
  }
}

function mayMount(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-mount-'))
  try {
    mount(folder)
    unmount(folder)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const WAYS = [
  ...(mayMount() ? [{ way: 'a full disk', make: smallDisk }] : []),
  ...(findProgram('prlimit') ? [{ way: 'a limit on the size of files', make: limitedFiles }] : []),
]

if (WAYS.length === 0) test.skip('skipped: neither mount nor prlimit may be used', () => undefined)

const MOMENTS = [
  // What does not fit into the cache is written before the commit.
  { moment: 'in the middle of a flush', authors: 500 },
  { moment: 'at the commit', authors: 20 },
]

for (const { way, make } of WAYS) {
  it.each(MOMENTS)(
    `${way} that is met $moment is a named error, undoes everything, and is forgotten when there is room`,
    async ({ authors }) => {
      const disk = make()
      const { app, rows, raw } = await openLibrary({ root: disk.folder })
      const names = () => rows('select name from author where id > 1').map(({ name }) => String(name).length)
      disk.fill()
      const lost: Author[] = []
      const seen: Author[] = []
      const scope = app.scope(async () => {
        const session = app.make('db.session')
        const mary = await session.findOneOrFail(Author, 1)
        mary.name = 'Mary'
        seen.push(mary)
        for (let i = 0; i < authors; i++) lost.push(session.create(Author, { name: 'x'.repeat(10_000) }))
        await session.flush()
      })
      await expect(scope).rejects.toMatchObject({
        code: 'LIMBER_DATABASE_UNAVAILABLE',
        kind: 'unavailable',
        hint: expect.stringContaining('Make room'),
      })
      expect(lost.map(({ id }) => id).filter((id) => id !== undefined)).toEqual([])
      expect(names()).toEqual([])
      expect(await app.scope(() => app.make('db.session').count(Author))).toBe(1)
      disk.makeRoom()
      await app.scope(() => void app.make('db.session').persist([...seen, ...lost.slice(0, 2)]))
      expect(names()).toEqual([10_000, 10_000])
      expect(rows('select name from author where id = 1')).toEqual([{ name: 'Mary Shelley' }])
      expect(raw.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    },
  )
}
