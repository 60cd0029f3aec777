/** What a collection held when it was read in a transaction that is undone is not taken for the truth afterwards. */
import { describe, expect, test } from 'vitest'
import { Author, Book, Tag } from '../database/soft-delete/models.ts'
import { databases, openWorld } from '../database/soft-delete/world.ts'

const regret = new Error('regret')

for (const database of await databases()) {
  describe(database.title, () => {
    test('what was taken out of one that an upsert had met is linked as before, and can be read', async () => {
      await using world = await openWorld(database)
      await world.scope((session) => {
        const author = session.create(Author, { name: 'author' })
        session.create(Book, { title: 'book', author }).tags.add(session.create(Tag, { name: 'tag' }))
      })
      await world.scope(async (session) => {
        const undone = session.transaction(async () => {
          const tag = await session.upsert(Tag, { name: 'tag' })
          const book = await session.findOneOrFail(Book, 1, { populate: ['tags'] })
          book.tags.remove(tag)
          throw regret
        })
        await expect(undone).rejects.toBe(regret)
        await session.flush()
        const book = await session.findOneOrFail(Book, 1, { populate: ['tags'] })
        expect(book.tags.map(({ id, name }) => ({ id, name }))).toEqual([{ id: 1, name: 'tag' }])
      })
      expect(await world.sql('select book_id, tag_id from book_tags')).toEqual([{ book_id: 1, tag_id: 1 }])
      expect(await world.live('tag', 'name')).toEqual(['tag'])
    })
  })
}
