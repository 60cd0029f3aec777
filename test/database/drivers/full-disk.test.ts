/** A disk that is really full, and a file that may not grow: SQLite then ends a transaction by itself. */
import { expect, it, test } from 'vitest'
import { FULL_DISKS } from '../../support/full-disk.ts'
import { Author } from '../fixtures/library.ts'
import { openLibrary } from '../support/library-application.ts'

if (FULL_DISKS.length === 0) test.skip('skipped: neither mount nor prlimit may be used', () => undefined)

const MOMENTS = [
  // What does not fit into the cache is written before the commit.
  { moment: 'in the middle of a flush', authors: 500 },
  { moment: 'at the commit', authors: 20 },
]

for (const { way, make } of FULL_DISKS) {
  it.each(MOMENTS)(
    `${way} that is met $moment is a named error, undoes everything, and is forgotten when there is room`,
    async ({ authors }) => {
      const disk = make('library.sqlite-wal')
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
