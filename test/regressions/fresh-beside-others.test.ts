import { describe, expect, it } from 'vitest'
import { execute, migration, places } from '../database/migrations/place.ts'
import { succeed } from '../database/support/library-application.ts'

const ROUTINES: Readonly<Record<string, readonly string[]>> = {
  postgres: [
    'create function one(a integer) returns integer language sql as $$ select 1 $$',
    'create procedure two() language sql as $$ select 1 $$',
  ],
  mysql: ['create function one() returns integer deterministic return 1', 'create procedure two() select 1'],
}

for (const kind of await places()) {
  describe(`${kind.title}: db fresh`, () => {
    it('runs again where migrations make routines', async () => {
      const place = await kind.create()
      const statements = ROUTINES[place.dialect] ?? []
      place.write({
        '20260101000001_a': migration('A', execute('create table a (id integer)', ...statements)),
      })
      const test = await place.open()
      for (const _ of [1, 2]) expect(await succeed(test, 'db', 'fresh')).toContain('Applied ')
    })

    it('does nothing where another schema would lose something', async () => {
      const place = await kind.create()
      place.write({
        '20260101000001_a': migration('A', execute('create table a (id integer primary key)')),
      })
      const test = await place.open()
      await succeed(test, 'db', 'migrate')
      if (place.dialect !== 'postgres') return
      await place.rows('insert into a values (1)')
      await place.rows('create schema other')
      await place.rows('create table other.b (a_id integer references public.a)')
      expect(await test.run('db', 'fresh')).toMatchObject({
        exitCode: 4,
        stderr: expect.stringMatching(/LIMBER_OUTSIDE_OF_SCHEMA.*other.b.b_a_id_fkey/),
      })
      expect(await place.rows('select id from a')).toEqual([{ id: 1 }])
      await place.rows('alter table other.b drop constraint b_a_id_fkey')
      await succeed(test, 'db', 'fresh')
    })
  })
}
