import { SoftTruncateError } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Country, Note, Person, Tag, Translator } from './models.ts'
import { fillChapters, fillShelf, trash } from './shelf.ts'

await describePath('queryBuilder.truncate()', {
  async 'is refused, and says what to do'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await world.scope((session) => {
      expect(() => session.qb(Note).truncate()).toThrow(SoftTruncateError)
      expect(() => session.createQueryBuilder(Note).truncate()).toThrow(
        expect.objectContaining({ code: 'LIMBER_SOFT_TRUNCATE', hint: expect.stringContaining('force()') }),
      )
    })
    expect(await world.live('note')).toEqual([1, 2])
  },

  async 'is refused on a builder with an alias, and on a clone'(world) {
    await world.scope((session) => {
      expect(() => session.qb(Note, 'n').truncate()).toThrow(SoftTruncateError)
      expect(() => session.qb(Note).clone().truncate()).toThrow(SoftTruncateError)
    })
  },

  async 'is refused after withTrashed(), which forces nothing'(world) {
    await world.scope((session) => {
      expect(() => session.qb(Note).withTrashed().truncate()).toThrow(SoftTruncateError)
    })
  },

  async 'is refused for one kind of a table, and for all of them'(world) {
    await world.scope((session) => {
      expect(() => session.qb(Translator).truncate()).toThrow(SoftTruncateError)
      expect(() => session.qb(Person).truncate()).toThrow(SoftTruncateError)
    })
  },

  async 'is refused when the model is named afterwards'(world) {
    await world.sql("insert into tag (name) values ('classic')")
    await expect(
      world.scope(async (session) => {
        const builder = session.qb(Country)
        builder.truncate()
        builder.from(Tag)
        return builder.execute()
      }),
    ).rejects.toThrow()
    expect(await world.sql('select id from tag')).toHaveLength(1)
  },

  async 'empties the table with force(), also of its trash'(world) {
    // Nothing refers to notes; MySQL commits before it truncates.
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'note', 1)
    await using session = world.app.make('db').openSession()
    await session.qb(Note).force().truncate().execute()
    expect(await world.sql('select id from note')).toEqual([])
  },

  async 'empties the table of a hard model'(world) {
    if (world.dialect !== 'sqlite') return
    await world.sql("insert into country (name) values ('England')")
    await using session = world.app.make('db').openSession()
    await session.qb(Country).truncate().execute()
    expect(await world.sql('select id from country')).toEqual([])
  },
})
