import { isTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, publish } from './house.ts'
import { Author, Book, Edition, Translator } from './models.ts'

await describePath('Model verbs', {
  async 'destroy trashes the row at once, with what follows'(world) {
    await publish(world)
    await world.scope(async () => {
      const author = await Author.getOrFail(1)
      expect(await author.destroy()).toBe(author)
      expect(isTrashed(author)).toBe(true)
      expect((await Book.all()).map(({ id }) => id)).toEqual([3, 4])
    })
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([1, 2, 4, 4])
  },

  async 'all, first, get and filter do not see what is in the trash'(world) {
    await publish(world)
    await world.scope(async () => {
      await (await Book.getOrFail(1)).destroy()
      expect((await Book.all()).map(({ id }) => id)).toEqual([2, 3, 4])
      expect((await Book.first())?.id).toBe(2)
      expect(await Book.get(1)).toBeNull()
      await expect(Book.getOrFail(1)).rejects.toMatchObject({ code: 'LIMBER_MODEL_NOT_FOUND' })
      expect(await Book.filter({ title: 'Mary First' })).toEqual([])
    })
  },

  async 'filter sees it when it is asked to'(world) {
    await publish(world)
    await world.scope(async () => {
      await (await Book.getOrFail(1)).destroy()
      expect(await Book.filter({ author: 1 }, { withTrashed: true })).toHaveLength(2)
      expect((await Book.filter({}, { onlyTrashed: true })).map(({ id }) => id)).toEqual([1])
      expect(await Book.filter({}, { onlyTrashed: true, limit: 1, page: 2 })).toEqual([])
    })
  },

  async 'restore brings it back, with what had followed'(world) {
    await publish(world)
    await world.scope(async () => {
      const author = await Author.getOrFail(1)
      await author.destroy()
      expect(await author.restore()).toBe(true)
      expect(await author.restore()).toBe(false)
      expect(await Author.get(1)).toBe(author)
    })
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([0, 0, 0, 0])
  },

  async 'restore of one that was found in the trash in another scope'(world) {
    await publish(world)
    await world.scope(async () => (await Author.getOrFail(2)).destroy())
    await world.scope(async () => {
      const [author] = await Author.filter({ name: 'Jane' }, { onlyTrashed: true })
      expect(await author?.restore()).toBe(true)
    })
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([0, 0, 0, 0])
  },

  async 'forceDestroy deletes the row, also when it is in the trash'(world) {
    await world.scope(async () => {
      const edition = await Edition.create({ isbn: '1', number: 1, publisher: 'L' })
      await edition.destroy()
      await edition.forceDestroy()
    })
    expect(await world.sql('select isbn from edition')).toEqual([])
  },

  async 'work on one model of a table'(world) {
    await world.scope(async () => {
      const translator = await Translator.create({ name: 'T', language: 'de' })
      await translator.destroy()
      expect(await Translator.all()).toEqual([])
      expect(await translator.restore()).toBe(true)
      expect(await Translator.all()).toEqual([translator])
    })
  },

  async 'take a session that is given, outside of a scope'(world) {
    await publish(world)
    await using session = world.app.make('db').openSession()
    const author = await Author.getOrFail(1, session)
    await author.destroy(session)
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([1, 2, 4, 4])
    expect(await author.restore(session)).toBe(true)
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([0, 0, 0, 0])
  },
})
