/** A loaded entity that an upsert has met shows its row again when the upsert is undone. */
import type { Session } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { Author } from '../database/soft-delete/models.ts'
import { databases, openWorld } from '../database/soft-delete/world.ts'

const regret = new Error('regret')
const second = { email: 'x', name: 'second' }

const upserts: [string, (session: Session) => Promise<unknown>][] = [
  ['upsert() by a unique property', (session) => session.upsert(Author, second)],
  ['upsert() by the primary key', (session) => session.upsert(Author, { id: 1, ...second })],
  ['upsert() that reads nothing back', (session) => session.upsert(Author, { ...second, country: null })],
  ['upsertMany()', (session) => session.upsertMany(Author, [{ email: 'y', name: 'other' }, second])],
]

for (const database of await databases()) {
  describe(`${database.title}: after`, () => {
    test.each(upserts)('%s in a transaction that is undone', async (_, upsert) => {
      await using world = await openWorld(database)
      await world.scope((session) => void session.create(Author, { name: 'first', email: 'x' }))
      await world.scope(async (session) => {
        const author = await session.findOneOrFail(Author, { email: 'x' })
        const undone = session.transaction(async () => {
          await upsert(session)
          expect(author.name).toBe('second')
          throw regret
        })
        await expect(undone).rejects.toBe(regret)
        expect(author.name).toBe('first')
        // What is written afterwards is what is changed afterwards.
        author.name = 'second'
      })
      expect(await world.live('author', 'name')).toEqual(['second'])
    })

    test.each(upserts)('%s in a scope that is undone', async (_, upsert) => {
      await using world = await openWorld(database)
      await world.scope((session) => void session.create(Author, { name: 'first', email: 'x' }))
      const seen: Author[] = []
      const scope = world.scope(async (session) => {
        seen.push(await session.findOneOrFail(Author, { email: 'x' }))
        await upsert(session)
        throw regret
      })
      await expect(scope).rejects.toBe(regret)
      expect(seen.map(({ name }) => name)).toEqual(['first'])
    })
  })
}
