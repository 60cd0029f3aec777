import { expect, it } from 'vitest'
import { execute, migration, places } from '../database/migrations/place.ts'
import { succeed } from '../database/support/library-application.ts'

/** Their order is not that of a database, for which an underline may come before a digit, or be nothing. */
const NAMES = ['a1', 'a_1', 'a_c', 'ab'].map((name) => `20260101000001_${name}`)

for (const kind of await places())
  it(`${kind.title}: migrations of the same second are taken back in the opposite of their order`, async () => {
    const place = await kind.create()
    const nothing = migration('Nothing', execute('select 1'), 'override async down() {}')
    place.write(Object.fromEntries(NAMES.map((name) => [name, nothing])))
    const test = await place.open()
    const names = async (command: string) =>
      JSON.parse(await succeed(test, 'db', command, '--json')).migrations as string[]
    expect(await names('migrate')).toEqual(NAMES)
    expect(await names('rollback')).toEqual(NAMES.toReversed())
  })
