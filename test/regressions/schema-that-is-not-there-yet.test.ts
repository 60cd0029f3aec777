import { describe, expect, it } from 'vitest'
import { execute, migration } from '../database/migrations/place.ts'
import {
  bootLibrary,
  commandsIn,
  succeed,
  tempFolder,
  write,
} from '../database/support/library-application.ts'
import { emptyDatabase, isThere, POSTGRES } from '../database/support/servers.ts'

const NAME = '20260101000001_books'

async function twoApplications() {
  const database = await emptyDatabase(POSTGRES)
  const root = tempFolder()
  const down = `override async down() { ${execute('drop table book')} }`
  write(root, {
    [`database/migrations/${NAME}.ts`]: migration('Books', execute('create table book (id integer)'), down),
  })
  // They were copied from one another, so their migrations have the same names.
  const first = await commandsIn({ root, driver: POSTGRES.driver({ database }) })
  await succeed(first, 'db', 'migrate')
  const eyes = await bootLibrary({ driver: POSTGRES.driver({ database }), models: [] })
  await eyes.app.ready(['db'])
  const sql = (text: string) => eyes.app.make('db.connection').execute(text)
  await sql('insert into book values (1)')
  const second = await commandsIn({ root, driver: POSTGRES.driver({ database, schema: 'shop' }) })
  return { second, sql }
}

if (await isThere(POSTGRES)) {
  describe('an application whose schema is not there yet, beside one in "public"', () => {
    it('empties only its own with db fresh', async () => {
      const { second, sql } = await twoApplications()
      await succeed(second, 'db', 'fresh')
      expect(await sql('select id from public.book')).toEqual([{ id: 1 }])
      expect(await sql('select name from public.limber_migrations')).toEqual([{ name: NAME }])
      expect(await sql('select name from shop.limber_migrations')).toEqual([{ name: NAME }])
    })

    it('has applied nothing, and takes nothing back', async () => {
      const { second, sql } = await twoApplications()
      expect(JSON.parse(await succeed(second, 'db', 'status', '--json'))).toMatchObject([
        { state: 'pending' },
      ])
      expect(await succeed(second, 'db', 'rollback')).toBe('Nothing to roll back.\n')
      expect(await succeed(second, 'db', 'migrate')).toMatch(/^Applied /)
      expect(await sql('select id from public.book')).toEqual([{ id: 1 }])
      expect(await sql('select id from shop.book')).toEqual([])
    })
  })
}
